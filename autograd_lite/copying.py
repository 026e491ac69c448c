"""Copying and pickling whole graphs without recursion: the nodes as one flat list, in order of evaluation."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from autograd_lite.node import Node, next_number


class _Row(NamedTuple):
    """One operation of a flattened graph; operands are ('node', i) into leaves + operations, or ('plain', x)."""

    kind: type[Node]
    rule: Any
    data: Any
    operands: tuple[tuple[bool, Any], ...]
    static: Any
    labels: tuple[Any, Any, Any]


def flatten(root: Node) -> Any:
    """What pickle stores for `root`: its class and labels for a leaf, else rows for the whole graph."""
    from autograd_lite.sweeps import reachable

    if root.is_leaf:
        return _leaf, (type(root), root.rule, root._data, (root.name, root.scope, root.grad))
    leaves, operations = reachable(root)
    place = {node: i for i, node in enumerate([*leaves, *operations])}
    rows = [_row(node, place) for node in operations]
    return _rebuild, (leaves, rows, place[root])


def deep_copy(root: Node, memo: dict[int, Any]) -> Any:
    """A copy of the whole graph of `root`; nodes copied before (in `memo`) are used again."""
    from autograd_lite.sweeps import reachable

    leaves, operations = reachable(root)
    for node in (*leaves, *operations):
        if id(node) not in memo:
            operands = tuple(memo[id(x)] if isinstance(x, Node) else copy.deepcopy(x, memo) for x in node.operands)
            labels = (node.name, node.scope, copy.copy(node.grad))
            memo[id(node)] = _node(type(node), node.rule, copy.copy(node._data), operands, node.static, labels)
    return memo[id(root)]


def shallow_copy(node: Node) -> Any:
    """A second node with the same rule, operands and number."""
    labels = (node.name, node.scope, node.grad)
    return _node(type(node), node.rule, node._data, node.operands, node.static, labels)


def _row(node: Node, place: dict[Node, int]) -> _Row:
    operands = tuple((True, place[x]) if isinstance(x, Node) else (False, x) for x in node.operands)
    return _Row(type(node), node.rule, node._data, operands, dict(node.static), (node.name, node.scope, node.grad))


def _leaf(kind: type[Node], rule: Any, data: Any, labels: tuple[Any, Any, Any]) -> Any:
    return _node(kind, rule, data, (), {}, labels)


def _rebuild(leaves: list[Node], rows: list[_Row], root: int) -> Any:
    nodes: list[Any] = list(leaves)
    for row in rows:
        operands = tuple(nodes[x] if is_node else x for is_node, x in row.operands)
        nodes.append(_node(row.kind, row.rule, row.data, operands, row.static, row.labels))
    return nodes[root]


def _node(
    kind: type[Node], rule: Any, data: Any, operands: tuple[Any, ...], static: Any, labels: tuple[Any, Any, Any]
) -> Any:
    node = object.__new__(kind)
    node._data, node.rule, node.operands, node.number = data, rule, operands, next_number()
    node.name, node.scope, node.grad = labels
    if hasattr(kind, "_print"):
        node.static, node._print = static, None  # type: ignore[misc, attr-defined]
    return node
