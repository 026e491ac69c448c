"""Running sums and products along an axis, and the linear recurrence behind their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import linear, operation
from autograd_lite.rules.shape import shape_of


def _along(x: Array, axis: int, part: slice) -> tuple[Any, ...]:
    return (*[slice(None)] * (axis % len(shape_of(x))), part)


def _before(xp: Namespace, x: Array, axis: int, first: float) -> Any:
    """Each entry's predecessor along an axis: first, x[0], …, x[n-2]."""
    shape = shape_of(x)
    if not shape[axis]:
        return x
    width = [(1, 0) if i == axis % len(shape) else (0, 0) for i in range(len(shape))]
    return xp.pad(x[_along(x, axis, slice(-1))], pad_width=tuple(width), constant_values=first)


def _backwards(xp: Namespace, a: Array, g: Array, axis: int) -> Any:
    """The transpose of a recurrence: r[k] = g[k] + a[k+1]·r[k+1]."""
    a = _before(xp, xp.flip(a, axis), axis, 0.0)
    return xp.flip(xp.recurrence(a, xp.flip(g, axis), axis=axis), axis)


@operation(
    [
        lambda xp, g, y, a, b, *, axis: _backwards(xp, a, g, axis) * _before(xp, y, axis, 0.0),
        lambda xp, g, y, a, b, *, axis: _backwards(xp, a, g, axis),
    ],
    [
        lambda xp, t, y, a, b, *, axis: xp.recurrence(a, t * _before(xp, y, axis, 0.0), axis=axis),
        lambda xp, t, y, a, b, *, axis: xp.recurrence(a, t, axis=axis),
    ],
    linear_in=[0, 1],
    source={"numpy": "recurrence({0}, {1}, {axis})"},
)
def recurrence(xp: Namespace, a: Array, b: Array, *, axis: int) -> Any:
    """The linear recurrence along an axis: y[k] = a[k]·y[k-1] + b[k], from y[-1] = 0.

    a, b and y have one shape. Its transpose runs backwards: b̄[k] = ȳ[k] + a[k+1]·b̄[k+1], and
    ā[k] = b̄[k]·y[k-1].

    >>> recurrence([0.0, 2.0, 2.0], [1.0, 1.0, 1.0], axis=0)
    array([1., 3., 7.])
    """
    a, b = np.asarray(plain(a)), np.asarray(plain(b))
    y = np.zeros(b.shape, np.result_type(a, b))
    factor, term, out = (np.moveaxis(x, axis, 0) for x in (a, b, y))
    for k in range(len(out)):
        out[k] = factor[k] * out[k - 1] + term[k] if k else term[k]
    return y


@linear(
    lambda xp, g, y, x, *, axis: xp.flip(xp.cumsum(xp.flip(g, axis), axis=axis), axis),
)
def cumsum(xp: Namespace, x: Array, *, axis: int) -> Any:
    """The running sum along an axis: y[k] = Σ x[i] over i ≤ k; x̄[k] = Σ ȳ[i] over i ≥ k.

    >>> cumsum([1.0, 2.0, 3.0], axis=0)
    array([1., 3., 6.])

    Raises ValueError when x has no such axis.
    """
    return xp.cumsum(x, axis=axis)


# nothing is divided by, so zeros among the factors do no harm
@operation(
    [lambda xp, g, y, x, *, axis: _before(xp, y, axis, 1.0) * _backwards(xp, x, g, axis)],
    [lambda xp, t, y, x, *, axis: xp.recurrence(x, t * _before(xp, y, axis, 1.0), axis=axis)],
    linear_in=[0],
)
def cumprod(xp: Namespace, x: Array, *, axis: int) -> Any:
    """The running product along an axis: y[k] = Π x[i] over i ≤ k.

    ẏ[k] = x[k]·ẏ[k-1] + ẋ[k]·y[k-1], also where factors are zero.

    >>> cumprod([1.0, 2.0, 3.0], axis=0)
    array([1., 2., 6.])

    Raises ValueError when x has no such axis.
    """
    return xp.cumprod(x, axis=axis)
