"""The steps of the chain rule: derivatives multiplied and added, as formulas and as numbers.

sympy makes the formulas, the engine the numbers; a formula that does not give the engine's number
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import sympy

from autograd_lite.cut import Cut
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.paths import Path
from viz.content import derivatives
from viz.content.sums import members_moved, reached
from viz.formulas import algebra, symbols
from viz.formulas.notation import TooLongError
from viz.look import limits

_LONGEST: Final = 32


@dataclass(frozen=True, eq=False)
class Factor:
    """One derivative, dy/dx or ∂y/∂x where `held`; formula or number is None where there is none.

    still  of a partial derivative: the variables held constant, in order
    """

    of: Node
    wrt: Node
    held: bool = False
    formula: sympy.Expr | None = None
    number: Any = None
    still: tuple[Node, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the number, whether or not that was computed."""
        return (*np.shape(self.of.value), *np.shape(self.wrt.value))


Term = tuple[Factor, ...]
"""Factors of one product."""


@dataclass(frozen=True, eq=False)
class Step:
    """A derivative and the products it is the sum of."""

    left: Factor
    terms: tuple[Term, ...]


def is_scalar(step: Step) -> bool:
    """Whether all its derivatives are numbers; the norms of arrays do not multiply."""
    factors = [step.left, *(factor for term in step.terms for factor in term)]
    return all(np.prod(factor.shape) == 1 for factor in factors)


class Chain:
    """Back-propagation from y to the variables in xs: dy/dv = Σ (dy/dt)(∂t/∂v) over what v makes.

    hold  variables that stay as they are: nothing passes through them, and dy/dv becomes ∂y/∂v
    """

    def __init__(
        self, flow: FlowGraph, y: Node, xs: Iterable[Node], hold: Iterable[Node] = ()
    ) -> None:
        self.flow, self.y, self.hold = flow, y, tuple(hold)
        starts = list(xs)
        still = {*self.hold} - {y, *starts}
        on = reached(starts, flow.targets, still) & reached([y], flow.sources, still)
        self.order = [v for v in reversed(flow.variables) if v in on and v is not y]
        self.targets = {v: [t for t in reversed(flow.targets[v]) if t in on] for v in self.order}
        self._lefts: dict[Node, Factor] = {}

    def step(self, v: Node) -> Step:
        """dy/dv with its terms; where dy/dt was worked out before, its formula is used."""
        targets = self.targets[v]
        shown = {t for part in limits.first_and_last(targets) for t in part}
        terms = [self._term(t, v) if t in shown else self._bare(t, v) for t in targets]
        step = Step(self.left(v), tuple(_evenly(terms)))
        left = replace(step.left, formula=_sum(self.flow, step))
        self._lefts[v] = left
        return replace(step, left=left)

    def still(self, x: Node) -> Step:
        """dy/dx where nothing leads from x to y: 0, or 1 for y itself."""
        return Step(self._factor(x, None, self._number(x)), ())

    def _factor(self, v: Node, formula: sympy.Expr | None = None, number: Any = None) -> Factor:
        still = tuple(h for h in self.hold if h is not v)
        return Factor(self.y, v, bool(self.hold), formula, number, still)

    def left(self, v: Node) -> Factor:
        """dy/dv."""
        if v not in self._lefts:
            makes = self.targets.get(v, [])
            direct = len(makes) == 1 and makes[0] is self.y  # known without a step of its own
            formula = partial(self.flow, self.y, v).formula if direct else None
            self._lefts[v] = self._factor(v, formula, self._number(v))
        return self._lefts[v]

    def _term(self, t: Node, v: Node) -> Term:
        last = partial(self.flow, t, v)
        return (last,) if t is self.y else (self.left(t), last)

    def _bare(self, t: Node, v: Node) -> Term:
        """A term that is not written down."""
        return self._factor(t), Factor(t, v, True, still=derivatives.others(self.flow, t, v))

    def _number(self, v: Node) -> Any:
        if v is self.y and derivatives.has_small_jacobian(v, v):  # a constant too
            return np.eye(np.size(v.value)).reshape(np.shape(v.value) * 2)
        if not self.hold:
            return derivatives.total(self.flow, v, self.y)
        return derivatives.held(self.flow, self.y, v, [h for h in self.hold if h is not v])


def _evenly(terms: list[Term]) -> Iterable[Term]:
    """Formulas for all totals, or for none that is not a mere number: no mixture of both."""
    totals = [f for term in terms for f in term if not f.held]
    if all(f.formula is not None for f in totals):
        return terms
    return [tuple(f if f.held or _is_number(f) else replace(f, formula=None) for f in term)
            for term in terms]  # fmt: skip


def _is_number(factor: Factor) -> bool:
    return factor.formula is not None and not factor.formula.free_symbols


def partial(flow: FlowGraph, y: Node, x: Node) -> Factor:
    """∂y/∂x along an edge, every other variable held."""
    edge = Edge(flow, x, y)
    scalar = np.size(y.value) * np.size(x.value) == 1
    formula = symbols.explicit_partial(flow, edge) if scalar else None
    return Factor(y, x, True, formula, derivatives.partial(edge), derivatives.others(flow, y, x))


def origin(flow: FlowGraph, factor: Factor) -> tuple[Iterable[Node], Node | None]:
    """From which equations a formula comes, and by what the first of them is differentiated."""
    y, x = factor.of, factor.wrt
    if x in flow.sources.get(y, ()):
        return (y,), x
    few = len(flow.variables) <= limits.VARIABLES_ON_A_SLIDE
    return (flow.variables if few else (y,)), None


def at_cut(cut: Cut, x: Node) -> Step:
    """The sum at a cut: dy/dx = Σ (dy/dhᵢ)(∂hᵢ/∂x), each ∂hᵢ/∂x with the other members held."""
    flow, y = cut.flow, cut.flow.output
    if x not in set(cut.near):
        cut.terms(x)  # says why not
    totals = Chain(flow, y, cut.members)
    lefts = {v: totals.step(v).left for v in totals.order[:_LONGEST]}
    terms = []
    for h in reversed(members_moved(cut, x)):  # as back-propagation reaches them
        last = _held(flow, h, x, cut.members)
        terms.append((last,) if h is y else (lefts.get(h) or totals.left(h), last))
    left = Factor(y, x, False, None, derivatives.total(flow, x))
    return _closed(flow, Step(left, tuple(terms)))


def _held(flow: FlowGraph, h: Node, x: Node, members: Iterable[Node]) -> Factor:
    """∂h/∂x with the other members held and everything before the cut following x."""
    others = tuple(m for m in members if m is not h)
    chain = Chain(flow, h, [x], others)
    steps = [chain.step(v) for v in chain.order[:_LONGEST]]
    found = steps[-1].left if steps and steps[-1].left.wrt is x else chain.left(x)
    return replace(found, held=True, still=others)


def along_paths(flow: FlowGraph, x: Node, paths: Sequence[Path]) -> Step:
    """dy/dx as the sum over paths of the product of partial derivatives along each."""
    terms = [
        tuple(partial(flow, b, a) for a, b in reversed(list(pairwise(path.variables))))
        for path in paths
        if len(path.variables) > 1  # from a variable to itself there is nothing to multiply
    ]
    left = Factor(flow.output, x, False, None, derivatives.total(flow, x))
    return _closed(flow, Step(left, tuple(terms)))


def _closed(flow: FlowGraph, step: Step) -> Step:
    return replace(step, left=replace(step.left, formula=_sum(flow, step)))


def _sum(flow: FlowGraph, step: Step) -> sympy.Expr | None:
    """The terms' formulas multiplied out and added, if that stays short and gives the number."""
    formulas = [[factor.formula for factor in term] for term in step.terms]
    if any(f is None for term in formulas for f in term) or step.left.number is None:
        return None
    try:
        found = algebra.shortest(sympy.Add(*(sympy.Mul(*term) for term in formulas)))
        fits = algebra.size(found) <= _LONGEST and symbols.gives(flow, found, step.left.number)
    except (TooLongError, ArithmeticError, TypeError, ValueError, RecursionError):
        return None
    return found if fits else None
