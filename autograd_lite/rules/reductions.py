"""Rules that reduce along axes: axis None (all of them), an integer or several; keepdims leaves length 1.

For most, ∂y/∂x is an array of x's shape once y is stretched back over the axes: `reduction` makes the
transposes from that one partial.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lite.rules.rule import Partial, Rule, Value, operation
from autograd_lite.rules.shape import shape_of


def reduction(partial: Partial | None = None, **written: Any) -> Callable[[Value], Rule]:
    """Make the function below a rule whose derivative is `partial`, (xp, y, x) -> array of x's shape.

    y reaches the partial with its reduced axes kept as length 1; None stands for a partial of 1.
    """

    def vjp(xp: Any, g: Any, y: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
        g = kept(xp, g, x, axis, keepdims)
        if partial is None:
            return xp.broadcast_to(g, shape_of(x))
        return xp.multiply(g, partial(xp, kept(xp, y, x, axis, keepdims), x, axis=axis))

    def jvp(xp: Any, t: Any, y: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
        if partial is not None:
            t = xp.multiply(t, partial(xp, kept(xp, y, x, axis, keepdims), x, axis=axis))
        return xp.sum(t, axis=axis, keepdims=keepdims)

    return operation([vjp], [jvp], **written)


def kept(xp: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduced array with its reduced axes put back as length 1."""
    shape = kept_shape(shape_of(x), axis)
    return y if keepdims or shape_of(y) == shape else xp.reshape(y, shape)


def kept_shape(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """The shape after reducing with keepdims.

    >>> kept_shape((2, 3, 4), (0, -1))
    (1, 3, 1)
    """
    axes = {i % len(shape) for i in axes_of(shape, axis)} if shape else set()
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def axes_of(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """The axis argument of a reduction as a tuple of axes."""
    return tuple(range(len(shape))) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)


@reduction()
def sum_(xp: Any, x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum along axes: y = Σ x, ∂y/∂x = 1.

    >>> sum_([[1.0, 2.0], [3.0, 4.0]], axis=0)
    array([4., 6.])
    """
    return xp.sum(x, axis=axis, keepdims=keepdims)
