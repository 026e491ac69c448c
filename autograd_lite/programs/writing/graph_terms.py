"""A lowered graph as terms: of which node each is the value or the adjoint, and how often it is used."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import Lowered
from autograd_lite.programs.writing.arithmetic import calls, is_number
from autograd_lite.programs.writing.names import name_of
from autograd_lite.programs.writing.simplify import RULES
from autograd_lite.programs.writing.terms import Term, Terms
from autograd_lite.source.recorded import recorded_in


@dataclass(eq=False)
class Owned:
    """What a term is in the graph: a node's value, or its adjoint."""

    node: Node
    is_adjoint: bool


class GraphTerms:
    """The terms of a lowered graph, and what they are in it.

    values, adjoints  by node, its term or constant
    owner             by term, which node's value or adjoint it is
    """

    def __init__(
        self, lowered: Lowered, wanted: Collection[Node], numbers: Mapping[int, float]
    ) -> None:
        self.lowered, self.wanted = lowered, wanted
        known = {*map(id, lowered.values.values()), *_shared_adjoints(lowered)}
        named = {id(g) for node, g in lowered.adjoints.items() if name_of(node) is not None}
        self.terms = Terms(RULES, known, named - {*numbers})
        self.terms.of.update(numbers)
        self.leaves = {node: self.terms.leaf(x) for node, x in lowered.leaves.items()}
        self.seeds: list[Term] = []
        for x in lowered.recording.inputs:
            if id(x) not in self.terms.of:
                self.seeds.append(self.terms.leaf(x))
        for call in lowered.recording.calls:
            self.terms.note(call)
        self.values = {node: self.terms.term(x) for node, x in lowered.values.items()}
        self.adjoints = {node: self.terms.term(x) for node, x in lowered.adjoints.items()}
        self.owner = self._owners()
        self._find_cheap()
        self.reachable = self._reachable()
        self.last_value = max((t.place for t in self._value_terms()), default=0)
        self.uses = self._uses()

    # --- what a term is ---------------------------------------------------------------------------

    def _value_terms(self) -> list[Term]:
        return [t for t in self.values.values() if isinstance(t, Term)]

    def _owners(self) -> dict[Term, Owned]:
        owner = {term: Owned(node, False) for node, term in self.leaves.items()}
        operations = self.lowered.graph.operations
        for node in sorted(operations, key=lambda node: name_of(node) is None):
            if isinstance(term := self.values[node], Term):
                owner.setdefault(term, Owned(node, False))
        leaves = set(self.leaves.values())
        for node in sorted(operations, key=lambda node: (name_of(node) is None, -node.number)):
            is_leaf = self.values[node] in leaves  # a copy, or in another form that is the same
            if isinstance(term := self.adjoints.get(node), Term) and not is_leaf:
                owner.setdefault(term, Owned(node, True))
        for node in self.wanted:
            if isinstance(term := self.adjoints.get(node), Term):
                owner.setdefault(term, Owned(node, True))
        return owner

    def _find_cheap(self) -> None:
        """0.1·u is written again wherever it is used, as a person would."""
        for term, owned in self.owner.items():
            if (
                not owned.is_adjoint
                and name_of(owned.node) is None
                and term.function is np.multiply
            ):
                of = self.owner.get(term.args[1])
                is_named = of is not None and not of.is_adjoint and name_of(of.node) is not None
                term.is_cheap = is_number(term.args[0]) and is_named

    @property
    def roots(self) -> list[Term]:
        """What is returned."""
        found = [self.values[node] for node in self.lowered.graph.results]
        found += [self.adjoints[node] for node in self.wanted if node in self.adjoints]
        return [term for term in found if isinstance(term, Term)]

    def _reachable(self) -> list[Term]:
        found = dict.fromkeys(self.roots)
        walk = list(found)
        for term in walk:
            fresh = dict.fromkeys(part for part in term.parts if part not in found)
            found.update(fresh)
            walk.extend(fresh)
        return sorted(found, key=lambda term: term.place)

    def _uses(self) -> dict[Term, int]:
        uses = dict.fromkeys(self.reachable, 0)
        for term in reversed(self.reachable):
            for part in term.parts:
                uses[part] += max(uses[term], 1) if is_small(term) and part.function else 1
        return uses

    def is_sum(self, term: Term) -> bool:
        """Whether a term is an adjoint to which several contribute."""
        owned = self.owner.get(term)
        return owned is not None and owned.is_adjoint and len(self.contributions(term)) > 1

    def contributions(self, term: Term) -> list[Any]:
        """The summands of an adjoint."""
        found: list[Any] = []
        while True:
            is_own = not found or (
                isinstance(term, Term) and term not in self.owner and self.uses[term] == 1
            )
            if not is_own or term.function not in (np.add, np.subtract):
                return _with_numbers([term, *found[::-1]])
            left, right = term.args
            if term.function is np.subtract:
                form = np.empty(term.shape, term.dtype)
                right = self.terms.make(np.negative, (right,), {}, form)
            found.append(right)
            term = left

    def seed_owner(self, node: Node) -> Owned:
        """A given adjoint is its result's."""
        return Owned(node, True)


def _with_numbers(parts: list[Any]) -> list[Any]:
    """Summands, with a number in place of an array of one number where another part has its shape."""
    if all(calls(part, np.full) or not isinstance(part, Term) for part in parts):
        return parts
    return [part.args[1] if calls(part, np.full) else part for part in parts]


def _shared_adjoints(lowered: Lowered) -> set[int]:
    """The recorded adjoints that will have lines: named, or used more than once."""
    uses = Counter(id(x) for call in lowered.recording.calls for x in recorded_in(call.args))
    adjoints = lowered.adjoints.items()
    return {id(g) for node, g in adjoints if name_of(node) is not None or uses[id(g)] > 1}


def is_small(term: Term) -> bool:
    """What stands in a line without making it longer: a transpose, an entry, a sign."""
    if not term.parts:
        return False
    if term.is_cheap:
        return True
    if term.function in (np.transpose, np.negative):
        return len(term.args) == 1
    if term.function is np.swapaxes:
        return set(term.args[1:]) == {-1, -2}
    if term.function is operator.pow:
        return type(term.args[1]) is int
    return term.function is operator.getitem and not list(_terms_of_index(term))


def _terms_of_index(term: Term) -> list[Term]:
    return term.parts[1:]
