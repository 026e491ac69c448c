"""What a malrule passes over an edge of the graph, backward or forward, in place of the derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.arithmetics import summed_axes
from autograd_lite.errors import AutogradError, OperandError, ShapeError
from autograd_lite.node import Node
from autograd_lite.record import Malrule, Partial
from autograd_lite.rules.namespaces import arrays, floats, graph, plain


def wrong_contribution(
    malrule: Malrule, node: Node, i: int, g: Any, to: Node, still: Any = None
) -> Any:
    """What goes with g to `to`, which is operand i or forward the node itself: a node where g is one.

    still  which entries of g are exact zeros, that mask a pole of the malrule as of a derivative

    Raises OperandError for a malrule of another kind than the node's operation, ShapeError when a wrong
    product of matrices does not exist, as most do unless these are square.
    """
    y, xs = (node, node.operands) if isinstance(g, Node) else _plainly(node)
    if node.rule.is_elementwise:
        slope = _masked(_slope(_given(malrule, node, "partial"), y, xs), still)
        # 0·inf: a sweep that ends in nan is repeated with masks
        with np.errstate(invalid="ignore"):
            return _like(g * slope, to)
    vjp = _given(malrule, node, "vjp")
    if still is not None and still.all():
        return np.zeros_like(plain(to))
    d = node.rule.transposed(i, vjp, "vjps") if to is node else vjp
    try:
        return d(graph if y is node else arrays, g, y, *xs, **node.static)
    except AutogradError:
        raise
    except ValueError as error:
        raise ShapeError(
            f"the malrule {malrule.identifier} of {node.describe()}, operand {i}, does not fit its shapes: "
            f"{error}"
        ) from None


def _given(malrule: Malrule, node: Node, kind: str) -> Any:
    if (d := getattr(malrule, kind)) is None:
        raise OperandError(
            f"the malrule {malrule.identifier} has no {kind}, and {node.describe()} needs one: "
            f"write Malrule(…, {kind}=…)"
        )
    return d


def _masked(slope: Any, still: Any) -> Any:
    if still is None or not np.any(still):
        return slope
    return (graph if isinstance(slope, Node) else arrays).where(still, 0.0, slope)


def _plainly(node: Node) -> tuple[Any, Any]:
    return node._data, [plain(x) for x in node.operands]


def _slope(partial: Partial, y: Any, xs: Any) -> Any:
    if not isinstance(y, float):
        return partial(graph if isinstance(y, Node) else arrays, y, *xs)
    try:
        return partial(floats, y, *xs)
    except (ArithmeticError, ValueError):  # a pole
        with np.errstate(all="ignore"):
            return partial(arrays, np.float64(y), *map(np.float64, xs))


def _like(c: Any, to: Node) -> Any:
    """A product of g and a partial in the form of `to`, with broadcasting undone, or forward done."""
    xp = graph if isinstance(c, Node) else arrays
    shape, wanted = np.shape(plain(c)), np.shape(plain(to))
    if shape != wanted and np.broadcast_shapes(shape, wanted) == wanted:
        c = xp.broadcast_to(c, wanted)
    elif shape != wanted:
        c = xp.reshape(xp.sum(c, axis=summed_axes(shape, wanted)), wanted)
    dtype = getattr(plain(to), "dtype", None)
    return c if getattr(plain(c), "dtype", dtype) == dtype or dtype is None else xp.astype(c, dtype)
