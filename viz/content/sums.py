"""The sum at a cut, dy/dx = Σ (dy/dhᵢ)(∂hᵢ/∂x): which terms it has, for all who write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_lite.cut import Cut, Term
from autograd_lite.node import Node
from viz.content import derivatives
from viz.content.roundoff import as_read
from viz.content.wording import plural
from viz.formulas.labels import ratio
from viz.formulas.numbers import as_factor, as_text
from viz.look import limits


@dataclass(frozen=True, eq=False)
class CutSum:
    """One sum at a cut, as it is shown.

    x        the variable that moves
    members  those of the cut's that x moves, in order of computation
    terms    theirs, where all factors are single numbers: the products of arrays fit no line
    value    dy/dx; None where it is too large to look at
    """

    cut: Cut
    x: Node
    members: tuple[Node, ...]
    terms: tuple[Term, ...]
    value: Any | None

    def symbols(self, write: Callable[[Node], str], dots: str) -> list[str]:
        """A term for each member as it is written; of many the first and the last few."""
        return limits.shortened(self.members, write, dots)

    def numbers(self, write: Callable[[Any], str], times: str, dots: str) -> list[str]:
        """The same with numbers for the factors; none of arrays."""

        def product(term: Term) -> str:
            return times.join(as_factor(write(x)) for x in self._factors(term))

        return limits.shortened(self.terms, product, dots)

    def _factors(self, term: Term) -> tuple[Any, Any]:
        """A term's two derivatives, 0 for one that is nothing but rounding."""
        h, y = term.variable, self.cut.flow.output
        others = [m for m in self.cut.members if m is not h]
        return as_read(term.total, y, h), as_read(term.partial, h, self.x, others)


def cut_sums(cut: Cut, wrt: Iterable[Node]) -> list[CutSum]:
    """The sums for those of the variables that lie in front of the cut."""
    return [_sum(cut, x) for x in in_front(cut, wrt)]


def in_front(cut: Cut, wrt: Iterable[Node]) -> list[Node]:
    """Those of the variables that lie in front of the cut."""
    near = set(cut.near)
    return [x for x in wrt if x in near]


def _sum(cut: Cut, x: Node) -> CutSum:
    y, members = cut.flow.output, members_moved(cut, x)
    is_small = all(derivatives.has_small_total(y, v) for v in (x, *members))
    is_scalar = all(np.size(v.value) == 1 for v in (y, x, *members))
    terms = [t for t in cut.terms(x) if t.variable in set(members)] if is_scalar else []
    value = as_read(cut.derivative(x), y, x) if is_small else None
    return CutSum(cut, x, tuple(members), tuple(terms), value)


def members_moved(cut: Cut, x: Node) -> list[Node]:
    """The members that x moves while the others are held, in order; if it moves none, the first."""
    on = reached([x], cut.flow.targets, set(cut.members))
    ends = {target for v in on for target in cut.flow.targets[v]}
    return [h for h in cut.members if h in ends] or list(cut.members[:1])


def reached(
    start: Iterable[Node], neighbours: Mapping[Node, Sequence[Node]], held: set[Node]
) -> set[Node]:
    """What can be reached without passing through the nodes held."""
    walk = list(start)
    seen = set(walk)
    for node in walk:
        fresh = [v for v in neighbours[node] if v not in seen and v not in held]
        seen.update(fresh)
        walk.extend(fresh)
    return seen


def sum_lines(cut: Cut, wrt: Iterable[Node], name: Callable[[Node], str]) -> list[str]:
    """The sums in numbers, a line of text each."""
    return [_line(found, name) for found in cut_sums(cut, wrt)]


def _line(found: CutSum, name: Callable[[Node], str]) -> str:
    middle = text_numbers(found) or f"sum over {plural(len(found.members), 'member')} of the cut"
    left = ratio(name(found.cut.flow.output), name(found.x))
    return " = ".join([left, middle, *([] if found.value is None else [as_text(found.value)])])


def text_numbers(found: CutSum) -> str:
    """The products in numbers, as text."""
    return " + ".join(found.numbers(as_text, "·", "…"))
