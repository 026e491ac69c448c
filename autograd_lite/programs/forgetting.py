"""A graph without the numbers of the call that it was recorded in: a program computes its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.trees import tree_map


def forgetting(graph: Graph) -> Graph:
    """The same graph, in which an operation knows its array's shape and dtype, and nan for its numbers.

    Its nodes are copies: those that the function made keep their numbers, for whoever else has them. A graph
    of Values is returned as it is; a number takes no more memory than its absence.

    >>> from autograd_lite.programs.graph import graph_of
    >>> graph = forgetting(graph_of(lambda x: x * x, (np.array([1.0, 2.0]),)))
    >>> graph.result.shape, graph.result.value
    ((2,), array([nan, nan]))
    """
    if graph.is_of_numbers:
        return graph
    twins: dict[Node, Node] = {}
    for node in graph.operations:
        twins[node] = _copy(node, twins)
    result = tree_map(lambda x: twins.get(x, x) if isinstance(x, Node) else x, graph.result)
    return replace(graph, result=result, operations=tuple(twins.values()))


def _copy(node: Any, twins: dict[Node, Node]) -> Any:
    copy: Any = object.__new__(type(node))
    for name in ("number", "rule", "scope", "static", "_name", "_watched_hash"):
        setattr(copy, name, getattr(node, name))
    copy.operands = tuple(twins.get(x, x) if isinstance(x, Node) else x for x in node.operands)
    copy._grad, copy._data = None, _unknown(node._data)
    return copy


def _unknown(array: Any) -> Any:
    """An array of the same form that takes no memory."""
    kind: Any = np.nan if array.dtype.kind == "f" else 0
    return np.broadcast_to(np.array(kind, array.dtype), array.shape)
