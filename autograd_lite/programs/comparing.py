"""Two recordings of one function: where they differ, something beside the graph decided.

In two calls with the same input that is randomness; in a call with another input, a number that was computed
from it outside of the graph, or a way that the function went because of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd_lite.modes import source_line
from autograd_lite.node import Node
from autograd_lite.programs.graph import Graph
from autograd_lite.rules.leaves import constant

Twins = dict[Node, Node]
"""For each node of the first graph the one in its place in the second."""


class Difference(NamedTuple):
    """Where two graphs differ.

    kind   "operation", another rule or other operands; "rule", another record of its name;
           "static", another parameter of it; "constant", another number or array beside its operands;
           "result", another form or number returned
    node   of the first graph; None where one of them returned something else
    other  of the second, or None where that has fewer operations
    what   the parameter's name, or the operand's place
    """

    kind: str
    node: Node | None = None
    other: Node | None = None
    what: Any = None


def differences(a: Graph, b: Graph) -> Iterator[Difference]:
    """Where b's operations, parameters and constants are not a's; after another operation, none further."""
    twins: Twins = dict(zip(a.inputs, b.inputs, strict=True))
    twin = twins.get
    for p, q in zip(a.operations, b.operations, strict=False):
        if p.rule is not q.rule and not _is_same_rule(p, q):
            yield Difference("rule" if p.rule.name == q.rule.name else "operation", p, q)
            return
        if p.static is not q.static:
            yield from _statics(p, q)
        # left and right by hand, and most are alike: operands are compared as often as there are edges
        x, y, u, v, kind = p.left, q.left, p.right, q.right, type(p)
        if (
            (x is not y and (type(x) is not kind or twin(x) is not y))
            or (u is not v and (type(u) is not kind or twin(u) is not v))
            or p.rest
        ):
            yield from _operands(p, q, twins)
        twins[p] = q
    if len(a.operations) != len(b.operations):
        yield _longer(a, b)
        return
    yield from _results(a.result, b.result, twins)


def line_and_module(node: Node | None) -> str:
    """Where a node was made, as a message says it; its graph was recorded under `record_lines`."""
    line = (source_line(node) if node is not None else None) or "what the function returns"
    scope = node.scope if node is not None else None
    return line if scope is None else f"{line}, in {scope}"


def _is_same_rule(p: Node, q: Node) -> bool:
    """Whether two records, not one, are of one rule with equal parameters."""
    return (
        p.rule.base is not None
        and p.rule.base is q.rule.base
        and same_numbers(dict(p.rule.static), dict(q.rule.static))
    )


def _statics(p: Node, q: Node) -> Iterator[Difference]:
    for name in p.static.keys() | q.static.keys():
        if not same_numbers(p.static.get(name), q.static.get(name)):
            yield Difference("static", p, q, name)


def _operands(p: Node, q: Node, twins: Twins) -> Iterator[Difference]:
    xs, ys = p.operands, q.operands
    if len(xs) != len(ys):
        yield Difference("operation", p, q)
        return
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        if not _is_twin(x, y, twins):
            moves = isinstance(x, Node) and not x.is_leaf
            yield Difference("operation" if moves else "constant", p, q, i)


def _is_twin(x: Any, y: Any, twins: Twins) -> bool:
    """Whether y stands in the second graph where x does in the first; a leaf may be made by the call."""
    if x is y or (type(x) is float and x == y and type(y) is float):
        return True
    if not isinstance(x, Node):
        return not isinstance(y, Node) and same_numbers(x, y)
    if x in twins:
        return twins[x] is y
    if not (isinstance(y, Node) and x.is_leaf and y.is_leaf and x.rule is y.rule):
        return False
    if same_numbers(x._data, y._data):
        twins[x] = y
        return True
    return False


def _longer(a: Graph, b: Graph) -> Difference:
    n = min(len(a.operations), len(b.operations))
    if len(a.operations) > n:
        return Difference("operation", a.operations[n], None)
    return Difference("operation", None, b.operations[n])


def _results(u: Any, v: Any, twins: Twins) -> Iterator[Difference]:
    if isinstance(u, Node) or isinstance(v, Node):
        if not _is_twin(u, v, twins):
            yield Difference("result", _computed(u), _computed(v))
    elif isinstance(u, dict) and isinstance(v, dict) and u.keys() == v.keys():
        for key in u:
            yield from _results(u[key], v[key], twins)
    elif isinstance(u, (list, tuple)) and type(u) is type(v) and len(u) == len(v):
        for x, y in zip(u, v, strict=True):
            yield from _results(x, y, twins)
    elif not same_numbers(u, v):
        yield Difference("result")


def _computed(x: Any) -> Node | None:
    return x if isinstance(x, Node) and x.rule is not constant else None


def same_numbers(x: Any, y: Any) -> bool:
    """Whether two plain things are alike, nan being like nan: numbers, arrays, slices, nested.

    >>> same_numbers((slice(2), np.array([np.nan])), (slice(2), np.array([np.nan])))
    True
    >>> same_numbers(1, 1.0)
    False
    """
    if x is y:
        return True
    if isinstance(x, np.ndarray) or isinstance(y, np.ndarray):
        return _are_same_arrays(x, y)
    if type(x) is not type(y):
        return False
    if isinstance(x, dict):
        return x.keys() == y.keys() and all(same_numbers(x[k], y[k]) for k in x)
    if isinstance(x, (list, tuple)):
        return len(x) == len(y) and all(map(same_numbers, x, y))
    if isinstance(x, slice):
        return same_numbers((x.start, x.stop, x.step), (y.start, y.stop, y.step))
    if isinstance(x, Node):
        return x.rule is y.rule and x.is_leaf and same_numbers(x._data, y._data)
    return bool(x == y) or (x != x and y != y)


def _are_same_arrays(x: Any, y: Any) -> bool:
    if not (isinstance(x, np.ndarray) and isinstance(y, np.ndarray)):
        return False
    if x.dtype != y.dtype or x.shape != y.shape:
        return False
    if x.dtype.kind == "O":
        return all(map(same_numbers, x.flat, y.flat))
    return bool(np.array_equal(x, y, equal_nan=x.dtype.kind == "f"))
