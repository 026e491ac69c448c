"""Walks over the graph: what a node was computed from, in which order, and whether it has gone stale."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter

from autograd_lite.errors import StaleError
from autograd_lite.node import Node
from autograd_lite.origins import Latest, latest_origin, renew_if_changed


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
        renew_if_changed(leaf, known)
    if not leaves or not operations or max(leaf.number for leaf in leaves) < operations[0].number:
        return
    for node in operations:
        for x in node.parents:
            if x.number > node.number:
                refuse_changed_origins(x, node)
                raise StaleError(
                    f"{x.describe()} changed after {node.describe()} was computed from it, so the recorded "
                    f"numbers disagree; compute again, or call Tape(y).evaluate() to replay the graph"
                )


def refuse_changed_origins(x: Node, node: Node) -> None:
    """Raise when x is a constant of constants, unrecorded, of which one changed after `node` was computed."""
    if latest_origin(x) > node.number:
        raise StaleError(
            f"{x.describe()} was computed from constants that changed after {node.describe()} was computed "
            f"from it, and operations of constants are not recorded: compute both again"
        )
