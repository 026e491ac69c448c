"""Copying and pickling whole graphs without recursion: the nodes as one flat list, in order of evaluation."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from autograd_lite.errors import StaleError
from autograd_lite.node import Node, next_number


class _Row(NamedTuple):
    """One operation of a flattened graph; operands: (True, a node's place) or (False, a constant)."""

    kind: type[Node]
    rule: Any
    data: Any
    operands: tuple[tuple[bool, Any], ...]
    static: Any
    labels: tuple[Any, Any, Any]


def flatten(root: Node) -> Any:
    """What pickle stores for `root`: its class and labels for a leaf, else rows for the whole graph."""
    if root.is_leaf:
        return _leaf, (type(root), root.rule, root._data, (root.name, root.scope, root.grad))
    leaves, operations, order = _whole(root)
    place = {node: i for i, node in enumerate([*leaves, *operations])}
    rows = [_row(node, place) for node in operations]
    return _rebuild, (leaves, rows, place[root], order)


def deep_copy(root: Node, memo: dict[int, Any]) -> Any:
    """A copy of the whole graph of `root`; nodes copied before (in `memo`) are used again."""
    leaves, operations, order = _whole(root)
    for node in (*leaves, *operations):
        if id(node) not in memo:
            operands = tuple(
                memo[id(x)] if isinstance(x, Node) else copy.deepcopy(x, memo)
                for x in node.operands
            )
            labels = (node.name, node.scope, copy.copy(node.grad))
            memo[id(node)] = _node(
                type(node), node.rule, copy.copy(node._data), operands, node.static, labels
            )
    _renumber([memo[id(node)] for node in (*leaves, *operations)], order)
    return memo[id(root)]


def shallow_copy(node: Node) -> Any:
    """A second node with the same rule, operands and number; its data is its own."""
    labels = (node.name, node.scope, node.grad)
    twin = _node(type(node), node.rule, copy.copy(node._data), node.operands, node.static, labels)
    twin.number = node.number
    return twin


def _whole(root: Node) -> tuple[list[Node], list[Node], list[int] | None]:
    """The leaves and operations upstream in order of evaluation; and, where they are stale, by number.

    A copy of stale numbers must be stale too.
    """
    from autograd_lite.sweeps import evaluation_order, reachable, refuse_stale

    leaves, operations = reachable(root)
    try:
        refuse_stale(leaves, operations)
    except StaleError:
        operations = evaluation_order(root)
        nodes = [*leaves, *operations]
        return leaves, operations, sorted(range(len(nodes)), key=lambda i: nodes[i].number)
    return leaves, operations, None


def _renumber(nodes: list[Any], order: list[int] | None) -> None:
    for i in order or ():
        nodes[i].number = next_number()


def _row(node: Node, place: dict[Node, int]) -> _Row:
    operands = tuple((True, place[x]) if isinstance(x, Node) else (False, x) for x in node.operands)
    return _Row(
        type(node),
        node.rule,
        node._data,
        operands,
        dict(node.static),
        (node.name, node.scope, node.grad),
    )


def _leaf(kind: type[Node], rule: Any, data: Any, labels: tuple[Any, Any, Any]) -> Any:
    return _node(kind, rule, data, (), {}, labels)


def _rebuild(leaves: list[Node], rows: list[_Row], root: int, order: list[int] | None) -> Any:
    nodes: list[Any] = list(leaves)
    for row in rows:
        operands = tuple(nodes[x] if is_node else x for is_node, x in row.operands)
        nodes.append(_node(row.kind, row.rule, row.data, operands, row.static, row.labels))
    _renumber(nodes, order)
    return nodes[root]


def _node(
    kind: type[Node],
    rule: Any,
    data: Any,
    operands: tuple[Any, ...],
    static: Any,
    labels: tuple[Any, Any, Any],
) -> Any:
    node = object.__new__(kind)
    node._data, node.rule, node.operands, node.number = data, rule, operands, next_number()
    node.name, node.scope, node.grad = labels
    if hasattr(kind, "_print"):
        node.static, node._print = static, None  # type: ignore[misc, attr-defined]
    return node
