"""What a malrule passes over an edge of the graph, backward or forward, in place of the derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.arithmetics import summed_axes
from autograd_lite.errors import AutogradError, ShapeError
from autograd_lite.node import Node
from autograd_lite.record import Malrule, Partial
from autograd_lite.rules.namespaces import arrays, floats, graph, plain


def wrong_contribution(malrule: Malrule, node: Node, i: int, g: Any, to: Node) -> Any:
    """What goes with g to `to`, which is operand i or forward the node itself: a node where g is one.

    Raises ShapeError when a wrong product of matrices does not exist, as most do unless these are square.
    """
    y, xs = (node, node.operands) if isinstance(g, Node) else _plainly(node)
    if malrule.partial is not None:
        return _like(g * _slope(malrule.partial, y, xs), to)
    vjp: Any = malrule.vjp
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
