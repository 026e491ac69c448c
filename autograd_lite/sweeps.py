"""The two sweeps every derivative comes from: adjoints backward, tangents forward, with nodes held.

A *held* node keeps its adjoint and passes nothing further back (forward: it keeps tangent 0). Total
derivative: hold nothing. Partial derivative: hold the other variables. Everything else is bookkeeping.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from autograd_lite.arithmetics import Arithmetic, RecordedArithmetic
from autograd_lite.errors import StaleError
from autograd_lite.modes import recording
from autograd_lite.node import Node
from autograd_lite.origins import Latest, latest_origin, notice
from autograd_lite.rules.namespaces import plain

Adjoints = dict[Node, Any]


def upstream(root: Node) -> tuple[list[Node], list[Node]]:
    """The leaves and the operations `root` was computed from, each in order of creation.

    >>> from autograd_lite import Value
    >>> x = Value(1.0)
    >>> leaves, operations = upstream(x * x + x)
    >>> [node.rule.name for node in leaves], [node.rule.name for node in operations]
    (['variable'], ['multiply', 'add'])

    Raises StaleError when a leaf's data was set after something here was computed from it.
    """
    leaves, operations = reachable(root)
    refuse_stale(leaves, operations)
    return leaves, operations


def reachable(root: Node, hold: Collection[Node] = ()) -> tuple[list[Node], list[Node]]:
    """`upstream` without the check for stale values, and without what is in `hold` or behind it."""
    seen = {root, *hold}
    leaves = [root] if root.is_leaf else []
    operations = [] if root.is_leaf else [root]
    for node in operations:  # grows while it is walked: no recursion, each node once
        # left and right by hand: one and two operands are the usual case of the most visited loop
        x = node.left
        if isinstance(x, Node) and x not in seen:
            seen.add(x)
            (leaves if x.left is None else operations).append(x)
        x = node.right
        if isinstance(x, Node) and x not in seen:
            seen.add(x)
            (leaves if x.left is None else operations).append(x)
        for x in node.rest:
            if isinstance(x, Node) and x not in seen:
                seen.add(x)
                (leaves if x.left is None else operations).append(x)
    by_number = attrgetter("number")
    leaves.sort(key=by_number)
    operations.sort(key=by_number)
    return leaves, operations


def evaluation_order(root: Node) -> list[Node]:
    """The operations upstream of `root`, operands first, whatever their numbers: for graphs gone stale."""
    order, done, walk = [], set(), [root] if root.operands else []
    while walk:
        missing = [x for x in walk[-1].parents if x.operands and x not in done]
        if missing:
            walk.extend(missing)
        elif (node := walk.pop()) not in done:
            done.add(node)
            order.append(node)
    return order


def refuse_stale(leaves: Sequence[Node], operations: Sequence[Node]) -> None:
    """Raise when a node is older than the data of one of its operands."""
    known: Latest = {}
    for leaf in leaves:
        notice(leaf, known)
    if not leaves or not operations or max(leaf.number for leaf in leaves) < operations[0].number:
        return
    for node in operations:
        for x in node.parents:
            if x.number > node.number:
                refuse_overtaken(x, node)
                raise StaleError(
                    f"{x.describe()} changed after {node.describe()} was computed from it, so the recorded "
                    f"numbers disagree; compute again, or call Tape(y).evaluate() to replay the graph"
                )


def refuse_overtaken(x: Node, node: Node) -> None:
    """Raise when x is a constant of constants, unrecorded, of which one changed after `node` was computed."""
    if latest_origin(x) > node.number:
        raise StaleError(
            f"{x.describe()} was computed from constants that changed after {node.describe()} was computed "
            f"from it, and operations of constants are not recorded: compute both again"
        )


def reverse(
    operations: Sequence[Node],
    adjoint: Adjoints,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
    keep: bool = True,
) -> Adjoints:
    """Carry adjoints from later nodes to earlier ones: x̄ᵢ = Σ ȳ·∂y/∂xᵢ over the nodes y computed from xᵢ.

    operations  in order of creation
    adjoint     the seeds, filled in and returned
    hold        nodes that pass nothing on
    keep        False forgets each operation's adjoint as soon as it is passed on, which saves memory
    """
    if hold:
        operations = [node for node in operations if node not in hold]
    seeds = dict(adjoint)
    _pull_back(operations, adjoint, arithmetic, keep)
    if arithmetic.met_masks(adjoint, hold):
        adjoint.clear()
        adjoint.update(_carefully(_pull_back, operations, seeds, arithmetic, keep))
    return adjoint


def _carefully(
    sweep: Callable[..., None],
    operations: Sequence[Node],
    seeds: Adjoints,
    arithmetic: Arithmetic,
    *more: Any,
) -> Adjoints:
    """The sweep again on the graph, where it shows which zeros are exact: they mask the poles behind them."""
    if isinstance(arithmetic, RecordedArithmetic):
        sweep(operations, seeds, RecordedArithmetic(careful=True), *more)
        return seeds
    found = {x: _constant(g, x) for x, g in seeds.items()}
    with recording():
        sweep(operations, found, RecordedArithmetic(careful=True, further=False), *more)
    return {x: _number_of(g, x) for x, g in found.items()}


def _constant(g: Any, x: Node) -> Node:
    kind: Any = type(x)
    return kind(g, requires_grad=False)  # type: ignore[no-any-return]


def _number_of(g: Any, x: Node) -> Any:
    data = plain(g)
    return np.array(data) if isinstance(x._data, np.ndarray) else float(data)


def _pull_back(
    operations: Sequence[Node], adjoint: Adjoints, arithmetic: Arithmetic, keep: bool
) -> None:
    pull_all, recall = arithmetic.pull_all, adjoint.get if keep else adjoint.pop
    waiting = arithmetic.waiting
    with arithmetic.errstate():
        for node in reversed(operations):
            if waiting and node in waiting:
                arithmetic.gather(adjoint, node)
            if (g := recall(node, None)) is not None:
                pull_all(node, g, adjoint)
        for node in list(waiting):
            arithmetic.gather(adjoint, node)


class Contribution(NamedTuple):
    """What `node`, with adjoint g, sends to its operand i, and what that operand has got so far."""

    node: Node
    i: int
    g: Any
    c: Any
    so_far: Any


def contributions(
    operations: Sequence[Node],
    root: Node,
    seed: Any,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
) -> Iterator[Contribution]:
    """The reverse sweep one contribution at a time; its numbers are those of `reverse`."""
    raw = {root: seed}
    _pull_back([node for node in operations if node not in hold], raw, arithmetic, True)
    masked = arithmetic.met_masks(raw, raw)
    if masked:
        arithmetic, seed = (
            RecordedArithmetic(careful=True, further=False),
            _constant(seed, root),
        )
    totals = {root: seed}
    for node in reversed(operations):
        if node not in totals or node in hold:
            continue
        for i, x in enumerate(node.operands):
            if not isinstance(x, Node):
                continue
            with arithmetic.errstate(), recording():
                c = arithmetic.pull(node, i, totals[node])
                if c is None:
                    continue
                totals[x] = totals[x] + c if x in totals else c
            three = (totals[node], c, totals[x])
            yield Contribution(node, i, *((_number_of(t, x) for t in three) if masked else three))


def forward(
    operations: Sequence[Node],
    tangent: Adjoints,
    arithmetic: Arithmetic,
    hold: Collection[Node] = (),
) -> Adjoints:
    """Carry tangents from earlier nodes to later ones: ẏ = Σ ∂y/∂xᵢ·ẋᵢ over the operands of y.

    operations  in order of creation; tangent  the seeds, filled in and returned; hold  nodes that stay still
    """
    seeds = dict(tangent)
    _push_on(operations, tangent, arithmetic, hold)
    used = {x for node in operations for x in node.parents}
    ends = {node: t for node, t in tangent.items() if node not in used}
    if arithmetic.met_masks(ends, ends):
        tangent.clear()
        tangent.update(_carefully(_push_on, operations, seeds, arithmetic, hold))
    return tangent


def _push_on(
    operations: Sequence[Node], tangent: Adjoints, arithmetic: Arithmetic, hold: Collection[Node]
) -> None:
    with arithmetic.errstate():
        for node in operations:
            if node not in tangent and node not in hold:
                parts = _pushed(node, tangent, arithmetic)
                if parts:
                    tangent[node] = sum(parts[1:], parts[0])


def _pushed(node: Node, tangent: Adjoints, arithmetic: Arithmetic) -> list[Any]:
    moving = (
        (i, tangent[x]) for i, x in enumerate(node.operands) if isinstance(x, Node) and x in tangent
    )
    return [part for i, t in moving if (part := arithmetic.push(node, i, t)) is not None]
