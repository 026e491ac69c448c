"""Reductions that measure spread and length: variance, standard deviation, norm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Array, Axis
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.reductions import count, kept, kept_shape, mean, reduction
from autograd_lite.rules.scales import measured
from autograd_lite.rules.shape import shape_of


def _centred(xp: Namespace, x: Array, axis: Axis) -> Any:
    return x - mean(x, axis=axis, keepdims=True)


def _or_one(xp: Namespace, y: Array) -> Any:
    """What to divide by where 0/0 shall be 0: a length that is 0 does not move."""
    return xp.where(plain(y) == 0, 1.0, y)


def _freedom(x: Array, axis: Axis, ddof: float) -> float:
    n = count(x, axis)
    if n <= ddof and 0 not in kept_shape(shape_of(x), axis):
        raise ValueError(f"a variance with ddof={ddof} takes more than {ddof} entries, not {n}")
    return n - ddof


def _var_by_x(xp: Namespace, y: Array, x: Array, axis: Axis, ddof: float = 0) -> Any:
    return 2.0 * _centred(xp, x, axis) / _freedom(x, axis, ddof)


@reduction(_var_by_x, latex=r"\mathrm{{var}}({0})")
def var(
    xp: Namespace, x: Array, *, axis: Axis = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    """The variance along axes: y = Σ (x - m)²/(n - ddof), ∂y/∂x = 2(x - m)/(n - ddof).

    m is the mean of the n entries; ddof 1 makes it the unbiased estimate.

    >>> var([[1.0, 3.0], [2.0, 2.0]], axis=1)
    array([1., 0.])
    >>> var([[1.0, 3.0], [2.0, 2.0]], axis=1, ddof=1)
    array([2., 0.])

    Raises ValueError when there are no more than ddof entries.
    """
    freedom = _freedom(x, axis, ddof)

    def squares(x: Array) -> Any:
        d = x - mean.value(xp, x, axis=axis, keepdims=True)
        return xp.add.reduce(d * d, axis=axis, keepdims=keepdims) / freedom

    return measured(squares, x, axis, degree=2)


def _std_by_x(xp: Namespace, y: Array, x: Array, axis: Axis, ddof: float = 0) -> Any:
    return _centred(xp, x, axis) / _or_one(xp, y) / _freedom(x, axis, ddof)


@reduction(
    _std_by_x,
    still=lambda y, x, axis, **ddof: (y == 0) & (count(x, axis) > 1),
    latex=r"\mathrm{{std}}({0})",
    kinks="the derivative where y = 0 is 0, and there is no second one (nan)",
)
def std(
    xp: Namespace, x: Array, *, axis: Axis = None, ddof: float = 0, keepdims: bool = False
) -> Any:
    """The standard deviation along axes: y = √var x, ∂y/∂x = (x - m)/((n - ddof)·y).

    >>> std([[1.0, 3.0], [2.0, 2.0]], axis=1)
    array([1., 0.])

    Raises ValueError when there are no more than ddof entries.
    """
    freedom = _freedom(x, axis, ddof)

    def length(x: Array) -> Any:
        d = x - mean.value(xp, x, axis=axis, keepdims=True)
        return xp.sqrt(xp.add.reduce(d * d, axis=axis, keepdims=keepdims) / freedom)

    return measured(length, x, axis)


# ruff: noqa: A002 - ord is NumPy's name for which norm
def _norm_by_x(xp: Namespace, y: Array, x: Array, axis: Axis, ord: Any = None) -> Any:
    if ord is None or ord == 2:
        return x / _or_one(xp, y)
    signs = np.sign(plain(x))
    if ord == 1:
        return signs
    reached = np.abs(plain(x)) == plain(y)
    return signs * reached / reached.sum(axis=axis, keepdims=True, dtype=signs.dtype)


def _at_zero(y: Array, x: Array, axis: Axis, ord: Any = None) -> Any:
    """Where a length has a corner; sums of |x| and largest entries have straight pieces."""
    return np.equal(y, 0) & (ord is None or ord == 2)


def _as_of_the_square(factor: float) -> Any:
    """Of the sum of squares in place of its root."""

    def vjp(
        xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = None, keepdims: bool = False,
        **_: object
    ) -> Any:  # fmt: skip
        return kept(xp, g, x, axis, keepdims) * (factor * x)

    return vjp


_LENGTHS: Final[dict[Any, Callable[..., Any]]] = {
    2: lambda xp, x, **along: xp.sqrt(xp.add.reduce(x * x, **along)),
    1: lambda xp, x, **along: xp.add.reduce(xp.absolute(x), **along),
    np.inf: lambda xp, x, **along: xp.maximum.reduce(xp.absolute(x), **along),
}


@reduction(
    _norm_by_x,
    still=_at_zero,
    latex=r"\left\|{0}\right\|",
    kinks="the derivative at the zero vector is 0, and there is no second one (nan); that of |x| at 0 is 0; "
    "the k entries of a tie for the largest get 1/k each",
    malrules=[
        Malrule("B16a", 0, vjp=_as_of_the_square(2.0)),
        Malrule("B16b", 0, vjp=_as_of_the_square(1.0)),
    ],
)
def norm(
    xp: Namespace, x: Array, *, ord: Any = None, axis: Axis = None, keepdims: bool = False
) -> Any:
    """The length of the vectors along axes: y = √Σ x², ∂y/∂x = x/y.

    ord 1 is Σ |x|, with derivative sign x, and ord inf is max |x|; both are for vectors, along
    one axis. Without ord, y is the root of the sum of the squares along any axes (of a matrix: the
    Frobenius norm).

    >>> norm([[3.0, -4.0], [0.0, 0.0]], axis=1)
    array([5., 0.])
    >>> norm([[3.0, -4.0], [0.0, 0.0]], ord=1, axis=1)
    array([7., 0.])

    Raises ValueError for another ord, and for the norms of a matrix that are no sum of squares.
    """
    along_one = np.ndim(x) <= 1 if axis is None else not isinstance(axis, tuple)
    if ord is not None and not along_one:
        raise ValueError(f"ord={ord} is for vectors: name one axis, or leave ord out")
    if ord is not None and ord not in _LENGTHS:
        raise ValueError(f"ord={ord!r} is none of None, 1, 2, inf")
    length = _LENGTHS[2 if ord is None else ord]
    return measured(lambda x: length(xp, x, axis=axis, keepdims=keepdims), x, axis)
