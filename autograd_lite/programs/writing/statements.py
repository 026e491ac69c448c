"""A program as statements: which values get a line of their own, and in which order the lines stand."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import Lowered
from autograd_lite.programs.writing.arithmetic import calls
from autograd_lite.programs.writing.graph_terms import GraphTerms, is_small
from autograd_lite.programs.writing.names import name_of
from autograd_lite.programs.writing.terms import Term, constant
from autograd_lite.rules import RULES as OPERATIONS

LONGEST: Final = 6
"""How many operations one line computes at most."""
_LONGEST_SUM: Final = 10
_FEW: Final = 3
_HEAVY: Final = {"pad": 6, "windows_of": 3, "fold": 3, "where": 2, "einsum": 2}
"""Functions with so many arguments that they fill a line."""
_VIEWS: Final = {
    np.transpose,
    np.reshape,
    np.broadcast_to,
    np.swapaxes,
    np.squeeze,
    operator.getitem,
}
_SCATTER: Final = OPERATIONS["scatter"]


@dataclass(eq=False)
class Statement:
    """target = the sum of the parts; or target += that, at an index or at all entries.

    target  the term that the line defines or adds to
    parts   terms and constants; none for the zeros that a sum starts with
    adds    whether it adds to the target; at: the index at which it does so
    scope   the module that the target belongs to
    once    whether it belongs to no time step
    """

    target: Any
    parts: list[Any]
    adds: bool = False
    at: Any = None
    scope: str | None = None
    place: float = 0.0
    once: bool = False


class Draft(GraphTerms):
    """The lines of a lowered graph."""

    def __init__(
        self, lowered: Lowered, wanted: Collection[Node], numbers: Mapping[int, float]
    ) -> None:
        super().__init__(lowered, wanted, numbers)
        self.shown: set[Term] = set()
        self.inner: set[Term] = set()
        self.weight: dict[Term, int] = {}
        self._choose()

    # --- which get a line -------------------------------------------------------------------------

    def _choose(self) -> None:
        roots = set(self.roots)
        for term in self.reachable:
            if self.is_sum(term):
                self._note_inner(term)
            is_needed = term in roots or self.is_named(term) or term.function is constant
            if term.function and (is_needed or (self.uses[term] > 1 and not is_small(term))):
                self.shown.add(term)
        self._show_long_sums()
        self._show_across_modules()
        self._show_with_adjoints()
        for term in self.reachable:
            if term.function and term not in self.inner:
                self._weigh(term)
        self._show_with_adjoints()
        self.shown -= {*self.leaves.values(), *self.seeds, *self.inner}

    def _note_inner(self, term: Term) -> None:
        """The partial sums inside an adjoint's, which have no lines."""
        for _ in range(len(self.contributions(term)) - 2):
            term = term.args[0]
            self.inner.add(term)

    def _show_with_adjoints(self) -> None:
        """A value and its adjoint have lines of their own both, or neither has."""
        for term, owned in self.owner.items():
            if not owned.is_adjoint or term not in self.uses:
                continue
            value = self.values[owned.node]
            if not isinstance(value, Term) or value not in self.uses or value.function is None:
                continue
            both = {term, value}
            if both & self.shown:
                self.shown |= {x for x in both if x.function is not None and not is_small(x)}

    def _show_long_sums(self) -> None:
        """Of values added up one by one, each partial sum has a line: they may become a loop."""
        links: dict[Term, int] = {}
        for term in self.reachable:
            if term.function is np.add and term.is_value:
                left = term.args[0]
                is_link = self.uses.get(left) == 1 and self.uses.get(term.args[1]) == 1
                links[term] = 1 + (links.get(left, 0) if is_link else 0)
        for term in reversed(links):
            if links[term] > _FEW:
                self.shown.add(term)
                if term.args[0] in links:
                    links[term.args[0]] = _FEW + 1

    def _show_across_modules(self) -> None:
        """A module's result that another one uses has a line of its own."""
        scope: dict[Term, str | None] = {}
        for term in reversed(self.reachable):
            owned = self.owner.get(term)
            if owned is not None and not owned.is_adjoint:
                own = owned.node.scope
                if own is not None and scope.get(term, own) != own and not is_small(term):
                    self.shown.add(term)
                scope[term] = own
            for part in term.parts:
                scope.setdefault(part, scope.get(term))

    def is_named(self, term: Term) -> bool:
        """Whether a term is a named node's value or adjoint."""
        owned = self.owner.get(term)
        return owned is not None and name_of(owned.node) is not None

    def _weigh(self, term: Term) -> None:
        """Count what a line computes; what makes it too long gets a line of its own."""
        if self.is_sum(term):
            for part in self.contributions(term):
                if isinstance(part, Term) and part.function is not None and part not in self.weight:
                    self._weigh(part)
            self.weight[term] = 1 + sum(map(self._inside, set(self.contributions(term))))
            return
        inside = [part for part in dict.fromkeys(term.parts) if self._inside(part)]
        if term.function in (np.matmul, np.transpose, operator.getitem):
            self._show(inside)
            inside = []
        inside.sort(key=self._inside)
        while inside and sum(map(self._inside, inside)) >= LONGEST:
            self._show([inside.pop()])
        own = 0 if is_small(term) else _HEAVY.get(getattr(term.function, "__name__", ""), 1)
        self.weight[term] = own + sum(map(self._inside, inside))

    def _show(self, terms: Iterable[Term]) -> None:
        for term in list(terms):
            inner = term
            while is_small(inner) and inner.function is not None:
                inner = inner.parts[0]
            self.shown.add(inner)

    def _inside(self, term: Any) -> int:
        """How many operations a term adds to the line that uses it."""
        if not isinstance(term, Term) or term in self.shown or term.function is None:
            return 0
        if is_small(term):
            return self._inside(term.parts[0])
        return self.weight[term]

    # --- lines ------------------------------------------------------------------------------------

    def statements(self) -> tuple[list[Statement], list[Statement]]:
        """The lines forward and backward."""
        self.first_use: dict[Term, int] = {}
        for term in self.reachable:
            for part in term.parts:
                self.first_use.setdefault(part, term.place)
        found: list[Statement] = []
        for term in self.reachable:
            if term in self.shown:
                found += self._lines_of(term, self.first_use.get(term))
        leaves = {self.adjoints.get(node): k for k, node in enumerate(self.wanted)}
        found.sort(key=lambda line: (line.place, leaves[line.target] if line.once else len(leaves)))
        forward = [s for s in found if s.place <= self.last_value]
        return forward, [s for s in found if s.place > self.last_value]

    def _lines_of(self, term: Term, used: int | None) -> list[Statement]:
        owned = self.owner.get(term)
        scope = owned.node.scope if owned is not None else None
        if owned is None or not owned.is_adjoint:
            is_late = term.function is constant and used is not None and used > self.last_value
            place = self.last_value + 0.4 if is_late else term.place
            return [Statement(term, [_body(term)], place=place, scope=scope)]
        place = term.place if used is None else used - 0.5
        parts = self.contributions(term)
        fits = self.weight[term] <= _LONGEST_SUM and (used is not None or len(parts) <= _FEW)
        if fits and not any(self._is_placed(part, term) for part in parts):
            parts = [_body(part) if part is term else part for part in parts]
            return [Statement(term, parts, place=place, scope=scope)]
        return self._added_up(term, parts, place, used is None, scope)

    def _added_up(
        self, term: Term, parts: list[Any], place: float, is_leaf: bool, scope: str | None
    ) -> list[Statement]:
        """A sum that is too long for one line: a line for each part; for a leaf, where the part is known."""
        lines, start = [], self.last_value + 0.5
        placed = [self._is_placed(part, term) for part in parts]
        is_fresh = len(parts) <= _FEW and not any(placed) and _is_fresh(parts[0])
        if not is_fresh:
            begin = start if is_leaf else place
            lines.append(Statement(term, [], place=begin, scope=scope, once=is_leaf))
        for k, part in enumerate(parts):
            at, value = (part.options["index"], part.args[0]) if placed[k] else (None, part)
            if calls(value, np.full) and lines:
                value = value.args[1]
            here = place
            if is_leaf:
                noted = part.place if isinstance(part, Term) and at is None else 0
                here = max(self._known_at(part), noted, start)
            lines.append(Statement(term, [value], k > 0 or not is_fresh, at, scope, here))
        return lines

    def _is_placed(self, part: Any, whole: Term) -> bool:
        """Whether a contribution concerns some entries alone: then it is added there."""
        is_scattered = isinstance(part, Term) and part.function is _SCATTER
        return is_scattered and (part is whole or part not in self.shown)

    def _known_at(self, x: Any) -> float:
        """When a contribution has been computed."""
        if not isinstance(x, Term):
            return 0.0
        if x in self.shown and x in self.first_use:
            is_adjoint = x in self.owner and self.owner[x].is_adjoint
            return (self.first_use[x] - 0.5 if is_adjoint else x.place) + 0.25
        if x.function is None:
            return 0.0
        return max((self._known_at(part) for part in x.parts), default=0.0)


def _body(term: Term) -> Term:
    """What a line computes, apart from the term that it defines."""
    return term.of(term.args, term.options)


def _is_fresh(x: Any) -> bool:
    """Whether a term is an array of its own, which may be added to in place."""
    return isinstance(x, Term) and x.function is not None and x.function not in _VIEWS
