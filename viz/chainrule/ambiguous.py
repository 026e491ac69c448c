"""Partial derivatives of one pair that hold different variables: a line must say which it means."""

from __future__ import annotations

from collections.abc import Iterable

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import reachable_from
from viz.chainrule.steps import Factor, Step

Pair = tuple[Node, Node]


def ambiguous(flow: FlowGraph, steps: Iterable[Step]) -> frozenset[Pair]:
    """The pairs (y, x) of which the steps have two different ∂y/∂x.

    Holding what no path from x to y passes changes nothing, so it makes no difference here.
    """
    held: dict[Pair, set[tuple[Node, ...]]] = {}
    for factor in _factors(steps):
        if factor.held:
            held.setdefault((factor.of, factor.wrt), set()).add(factor.still)
    return frozenset(
        (y, x) for (y, x), stills in held.items()
        if len(stills) > 1 and len({_between(flow, y, x, still) for still in stills}) > 1
    )  # fmt: skip


def holding(flow: FlowGraph, factor: Factor) -> list[Node]:
    """Which of the variables held there are to hold, those that y is made from."""
    moving = reachable_from([factor.of], flow.sources)
    return [v for v in factor.still if v in moving]


def _factors(steps: Iterable[Step]) -> Iterable[Factor]:
    return (f for step in steps for term in (*step.terms, (step.left,)) for f in term)


def _between(flow: FlowGraph, y: Node, x: Node, still: Iterable[Node]) -> frozenset[Node]:
    """Those of the variables held that x would move and that move y."""
    moved, moving = reachable_from([x], flow.targets), reachable_from([y], flow.sources)
    return frozenset(v for v in still if v in moved and v in moving) - {x, y}
