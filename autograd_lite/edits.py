"""What goes over an edge of the graph: what the node's record says, or what an edit says instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from autograd_lite.arithmetics import Arithmetic, RecordedArithmetic
from autograd_lite.errors import OperandError, ShapeError, brief, did_you_mean
from autograd_lite.malrules import wrong_contribution
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import graph, plain
from autograd_lite.rules.zeros import exact_zeros

Edit: TypeAlias = Callable[[Node, int, Any], Any]
"""(node, i, g) -> what a sweep carries over the edge between a node and its operand i; x·x has two of them.

Backward g is the node's adjoint, and the answer has the operand's shape; forward g is the operand's tangent,
and the answer has the node's shape. NotImplemented leaves an edge to the record, 0.0 passes nothing on, and a
Malrule has its wrong derivative taken, in either direction.
"""


def with_malrule(identifier: str, *nodes: Node, operand: int | None = None) -> Edit:
    """The edit that takes the wrong derivative of this identifier at nodes whose records carry it.

    operand  at which of their operands; None is at all for which the record has one

    Somebody who forgets to square in tanh' = 1 - tanh², at one node or at every one:

    >>> from autograd_lite import Tape, Value, tanh
    >>> x = Value(0.0)
    >>> h = tanh(x + 1.0)
    >>> y = tanh(h)
    >>> right, wrong = (Tape(y).adjoints(edit=e)[x] for e in (None, with_malrule("B10a", h)))
    >>> round(right, 4), round(wrong, 4)
    (0.2469, 0.1401)

    Raises OperandError when no node is given, or a node's record has no such malrule.
    """
    if not nodes:
        raise OperandError(
            f"with_malrule({identifier!r}, …) takes the nodes at which it is applied"
        )
    chosen = {node: _malrules(identifier, node, operand) for node in nodes}
    return lambda node, i, g: (
        chosen[node].get(i, NotImplemented) if node in chosen else NotImplemented
    )


def _malrules(identifier: str, node: Node, operand: int | None) -> dict[int, Malrule]:
    if not isinstance(node, Node):
        raise OperandError(f"a malrule is applied at a Value or Tensor, not at {brief(node)}")
    found = {m.operand: m for m in node.rule.malrules if m.identifier == identifier}
    if not found:
        known = {m.identifier for m in node.rule.malrules}
        raise OperandError(
            f"{node.describe()} is made by {node.rule.name}, whose record has no malrule {identifier!r}: "
            f"{did_you_mean(str(identifier), known)}"
        )
    if operand is None:
        return found
    if operand not in found:
        raise OperandError(
            f"the malrule {identifier} of {node.rule.name} is for operand "
            f"{' or '.join(map(str, found))}, not {brief(operand)}"
        )
    return {operand: found[operand]}


def carried(arithmetic: Arithmetic, edit: Edit | None, node: Node, i: int, g: Any, to: Node) -> Any:
    """What goes over an edge with g to the node `to`, which is the operand, or forward the node itself.

    Raises OperandError or ShapeError when an edit's answer does not fit there.
    """
    if edit is not None:
        c = _edited(arithmetic, edit, node, i, g, to)
        if c is not NotImplemented:
            return c
    return (arithmetic.push if to is node else arithmetic.pull)(node, i, g)


def _edited(arithmetic: Arithmetic, edit: Edit, node: Node, i: int, g: Any, to: Node) -> Any:
    if not isinstance(arithmetic, RecordedArithmetic):
        c = _answer(edit, node, i, g, to)
        return _fitting(number_of(c, to), node, i, to) if isinstance(c, Node) else c
    still = exact_zeros(g, arithmetic.zeros) if arithmetic.careful else None
    # a sweep of numbers that is repeated on the graph goes on showing numbers
    c = _answer(edit, node, i, g if arithmetic.further else number_of(g, node), to, still)
    is_number = c is not None and c is not NotImplemented and not isinstance(c, Node)
    return constant_like(c, to) if is_number else c


def _answer(edit: Edit, node: Node, i: int, g: Any, to: Node, still: Any = None) -> Any:
    c = edit(node, i, g)
    if isinstance(c, Malrule):
        c = wrong_contribution(c, node, i, g, to, still)
    return _fitting(c, node, i, to)


def _fitting(c: Any, node: Node, i: int, to: Node) -> Any:
    """An edit's answer as a sweep adds it up, None where it passes nothing on."""
    if c is NotImplemented:
        return c
    refuse_masked(c)
    if not isinstance(c, Node) and np.asarray(c).dtype.kind not in "fiu":
        raise OperandError(
            f"the edit of {node.describe()}, operand {i}, gave {brief(c)}: return the contribution, "
            f"NotImplemented for what the record says, or 0.0 to pass nothing on"
        )
    if isinstance(c, (int, float)) and c == 0:
        return None
    shape, wanted = np.shape(plain(c)), np.shape(plain(to))
    if shape != wanted:
        raise ShapeError(
            f"the edit of {node.describe()}, operand {i}, gave shape {shape}, and {to.describe()} "
            f"has {wanted}"
        )
    if isinstance(c, Node):
        dtype = getattr(to._data, "dtype", None)
        return c if getattr(c._data, "dtype", None) == dtype else graph.astype(c, dtype=dtype)
    return float(c) if isinstance(to._data, float) else np.asarray(c, to._data.dtype)


def constant_like(g: Any, x: Node) -> Node:
    """Numbers as a constant of x's class."""
    kind: Any = type(x)
    return kind(g, requires_grad=False)  # type: ignore[no-any-return]


def number_of(g: Any, x: Node) -> Any:
    """The numbers of a node: an array of their own where x has one, else a float."""
    data = plain(g)
    return np.array(data) if isinstance(x._data, np.ndarray) else float(data)
