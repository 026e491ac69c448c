"""Mistakes with constants, rates and degrees: numbers that stand in the graph, or should not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import pi
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays
from grading.catalogue.makers.each import Row, Swept, at
from grading.catalogue.mistake import Found, Generator

RATES: Final = (0.1, 0.01, 0.5, 1.0)
"""Learning rates that homework has, where the graph holds none of its own."""
_RATE_NAMES: Final = frozenset({"η", "eta", "lr", "α", "alpha", "learning_rate"})
_PER_DEGREE: Final = pi / 180.0
_TRIGONOMETRIC: Final = frozenset({"sin", "cos", "tan"})
_SUMS: Final = frozenset({"add", "subtract"})


# --- constants -------------------------------------------------------------------------------------


def constants(q: Any) -> Iterator[tuple[Node, int, Any]]:
    """Each constant that an operation is applied to: this operation, which operand, and what it is."""
    for node in q.graph.operations:
        for i, c in enumerate(node.operands):
            if not isinstance(c, Node) or not c.requires_grad:
                yield node, i, c


def differentiated(q: Any) -> Iterator[Found]:
    """A constant taken for something that moves as x does: at one place, a named one at all, or every one."""
    changes: list[Row] = []
    of_leaf: dict[Node, Row] = {}
    for node, i, c in constants(q):
        if node.rule.name != "power":
            changes.append(q.slope_of(node, i) * q.total(node))
            yield Found(_constant(q, node, c), q.right + changes[-1], (node,), at(q, node))
            if isinstance(c, Node):
                of_leaf[c] = of_leaf.get(c, q.zero) + changes[-1]
    for c, change in of_leaf.items():
        yield Found((q.name(c),), q.right + change, (c,), at(q, c))
    if len(changes) > 1:
        yield Found(
            (), q.right + np.sum(changes, axis=0), (), {**q.ends, "at": "several equations"}
        )


def leaves_differentiated(q: Any) -> Iterator[Found]:
    """Another input, a target or a state at the start, taken for something that moves as x does."""
    for v in q.graph.variables:
        if v.is_leaf and v is not q.x:
            yield Found((q.name(v),), q.right + q.total(v), (v,), at(q, v))


def kept_in_sums(q: Any) -> Iterator[Found]:
    """(c + f(x))' = c + f'(x): in one sum, by each variable of its equation and by x, or in all sums."""
    edit: dict[int, Row] = {}
    for node, i, c in constants(q):
        if node.rule.name not in _SUMS or node not in q.on:
            continue
        kept = q.operands(node)[i] * q.slope_of(node, i)
        for moved in [q.zero + 1.0, *map(q.moves, q.sources(node))]:
            value = q.right + q.total(node) * kept * moved
            yield Found(_constant(q, node, c), value, (node,), at(q, node))
        _keep(q, node, kept, edit)
    if len(edit) > 1:
        (value,) = q.relinked([edit])
        yield Found((), value, (), {**q.ends, "at": "several equations"})


def _keep(q: Any, node: Node, kept: Row, edit: dict[int, Row]) -> None:
    b = q.graph.owner[node]
    sources = q.sources(node)
    for link in q.links:
        if link.target is b and link.source in sources:
            change = q.within(b)[q.graph.number[node]] * kept
            edit[link.edge] = edit.get(link.edge, link.weight) + change


def _constant(q: Any, node: Node, c: Any) -> tuple[str, ...]:
    place = q.name(node)
    return (q.name(c), place) if isinstance(c, Node) and c.name is not None else (place,)


# --- steps of an optimiser -------------------------------------------------------------------------


def rates(q: Any) -> list[Row]:
    """Learning rates that the graph names, and the usual ones."""
    own = [q.value(v) for v in q.graph.order if v.is_leaf and v.name and q.name(v) in _RATE_NAMES]
    return own + [q.zero + eta for eta in RATES]


def with_rate(value: Callable[[Any, Row], Row]) -> Generator:
    """A step of gradient descent, for each learning rate; at rate 1 the change is a wrong sign."""

    def generate(q: Any) -> Iterator[Found]:
        for eta in rates(q):
            found = value(q, eta)
            if not np.array_equal(found, -q.right):
                yield Found((), found, (), q.ends)

    return generate


def with_updated_weights(q: Any) -> list[Swept]:
    """A sweep back through updated weights, one of them or all, the activations old."""
    parameters = [v for v in q.graph.variables if v.is_leaf and v is not q.x]
    edits = []
    for eta in rates(q):
        each = [(v, _updated(q, v, eta)) for v in parameters]
        each = [(v, edit) for v, edit in each if edit]
        edits += [Swept((q.name(v),), (v,), edit) for v, edit in each]
        if len(each) > 1:
            joint = {e: w for _, edit in each for e, w in edit.items()}
            edits.append(Swept((), tuple(v for v, _ in each), joint))
    return edits


def _updated(q: Any, v: Node, eta: Row) -> dict[int, Row]:
    """The factors that are v, as they are after its own step."""
    return {
        s.edge: q.value(v) - eta * q.total(v)
        for s in q.steps
        if s.target.rule.name == "multiply" and s.target.operands[1 - s.operand] is v
    }


# --- degrees ---------------------------------------------------------------------------------------


def in_degrees(q: Any) -> Iterator[Found]:
    """A calculator set to degrees, in the values as in the derivatives; with and without π/180 there."""
    if any(node.rule.name in _TRIGONOMETRIC for node in q.graph.operations):
        for derivative in q.again(_of_degrees, [_slopes(1.0), _slopes(_PER_DEGREE)]):
            yield Found((), derivative, (), q.ends)


def value_in_degrees(q: Any) -> Iterator[Found]:
    """A calculator set to degrees."""
    if any(node.rule.name in _TRIGONOMETRIC for node in q.graph.operations):
        yield Found((), q.revalued(_of_degrees), (), q.ends)


def _of_degrees(node: Node, xs: Any) -> Row | None:
    if node.rule.name not in _TRIGONOMETRIC:
        return None
    return node.rule.value(arrays, _PER_DEGREE * xs[0])


def _slopes(per_degree: float) -> Callable[[Node, int, Any], Row | None]:
    def slope(node: Node, i: int, xs: Any) -> Row | None:
        if node.rule.name not in _TRIGONOMETRIC:
            return None
        u = _PER_DEGREE * xs[0]
        partial: Any = (node.rule.partials or ())[0]
        return per_degree * partial(arrays, node.rule.value(arrays, u), u)

    return slope
