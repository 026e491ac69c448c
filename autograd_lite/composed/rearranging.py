"""Other orders and shapes of the same numbers under NumPy's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.operands import DType, Numbers
from autograd_lite.rules import linalg
from autograd_lite.rules import shape as moves
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.powers import positive
from autograd_lite.rules.shape import flip, shape_of, swapaxes, transpose

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "copy", "diagonal", "fliplr",
    "flipud", "moveaxis", "permute_dims", "ravel", "reshape", "rollaxis",
    "rot90", "unstack",
]  # fmt: skip


@explained
def reshape(x: Numbers, shape: Any, order: str = "C") -> Any:
    """The same numbers in another shape; one length may be -1.

    order  "C" counts the last axis fastest, "F" the first

    >>> reshape([1.0, 2.0, 3.0, 4.0], (2, 2), order="F")
    array([[1., 3.],
           [2., 4.]])

    Raises ShapeError when the shapes hold different counts.
    """
    if not _is_fortran(order, x):
        return _reshaped(x, shape)
    lengths = (shape,) if np.ndim(shape) == 0 else tuple(shape)
    return transpose(_reshaped(transpose(x), lengths[::-1]))


def _reshaped(x: Numbers, lengths: Any) -> Any:
    return moves.reshape(x, shape=lengths)


def _is_fortran(order: str, x: Numbers) -> bool:
    if order not in ("C", "F", "A", "K"):
        raise ValueError(f"order {order!r} is none of 'C', 'F', 'A', 'K'")
    # "A" and "K" ask how the numbers lie in memory, which nodes do not say: they are in C order
    return order == "F"


@explained
def ravel(x: Numbers, order: str = "C") -> Any:
    """All numbers as one row.

    >>> ravel([[1.0, 2.0], [3.0, 4.0]])
    array([1., 2., 3., 4.])
    """
    return reshape(x, (-1,), order)


@explained
def copy(x: Numbers, order: str = "K") -> Any:
    """The same numbers as a node of its own: y = x, ∂y/∂x = 1.

    >>> copy([1.0, 2.0])
    array([1., 2.])
    """
    _is_fortran(order, x)
    return positive(x)


@explained
def moveaxis(x: Numbers, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Axes moved to other places; the others keep their order.

    >>> moveaxis([[[1.0, 2.0, 3.0]]], 2, 0).shape
    (3, 1, 1)

    Raises ShapeError for an axis that x does not have, or named twice.
    """
    # NumPy says the order, of axes that stand for themselves
    n = len(shape_of(x))
    numbered = np.broadcast_to(0, tuple(range(n)))
    return transpose(x, axes=np.moveaxis(numbered, source, destination).shape)


@explained
def rollaxis(x: Numbers, axis: int, start: int = 0) -> Any:
    """One axis moved in front of the axis `start`; `moveaxis` says the same more plainly.

    >>> rollaxis([[[1.0, 2.0, 3.0]]], 2).shape
    (3, 1, 1)

    Raises ShapeError for an axis that x does not have.
    """
    n = len(shape_of(x))
    axis, start = axis_of(axis, shape_of(x)) % n, start + n if start < 0 else start
    return moveaxis(x, axis, start - 1 if axis < start else start)


@explained
def permute_dims(x: Numbers, axes: Any = None) -> Any:
    """The axes in another order, reversed when None: another name for `transpose`.

    >>> permute_dims([[1.0, 2.0]], (1, 0)).shape
    (2, 1)

    Raises ShapeError when `axes` is no permutation of x's axes.
    """
    return transpose(x, axes=axes)


@explained
def fliplr(x: Numbers) -> Any:
    """Each row reversed: y[i, j] = x[i, n-1-j].

    >>> fliplr([[1.0, 2.0], [3.0, 4.0]])
    array([[2., 1.],
           [4., 3.]])

    Raises ShapeError when x has fewer than two axes.
    """
    return flip(x, axis=1)


@explained
def flipud(x: Numbers) -> Any:
    """The rows in reversed order: y[i] = x[n-1-i].

    >>> flipud([[1.0, 2.0], [3.0, 4.0]])
    array([[3., 4.],
           [1., 2.]])

    Raises ShapeError when x has no axis.
    """
    return flip(x, axis=0)


@explained
def rot90(x: Numbers, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """The matrix turned k times by a right angle, from the first of `axes` towards the second.

    >>> rot90([[1.0, 2.0], [3.0, 4.0]])
    array([[2., 4.],
           [1., 3.]])

    Raises ShapeError for axes that x does not have, or that are the same.
    """
    n = len(shape_of(x))
    first, second = (axis % n for axis in axis_of(tuple(axes), shape_of(x)))
    if first == second:
        raise ValueError("the two axes must differ")
    if k % 4 == 2:
        return flip(x, axis=(first, second))
    if k % 4 == 0:
        return positive(x)
    turned = swapaxes(x, first, second)
    return flip(turned, axis=first if k % 4 == 1 else second)


@explained
def atleast_1d(*xs: Numbers) -> Any:
    """Each with at least one axis; several arrays come back as a tuple.

    >>> atleast_1d(2.0)
    array([2.])
    """
    return _each(xs, lambda x: _reshaped(x, (1,)) if not shape_of(x) else _as_given(x))


@explained
def atleast_2d(*xs: Numbers) -> Any:
    """Each with at least two axes, a row as one row of a matrix; several come back as a tuple.

    >>> atleast_2d([1.0, 2.0])
    array([[1., 2.]])
    """
    return _each(xs, lambda x: _reshaped(x, (1,) * (2 - len(shape_of(x))) + shape_of(x)))


@explained
def atleast_3d(*xs: Numbers) -> Any:
    """Each with at least three axes: a row becomes (1, n, 1), a matrix (m, n, 1).

    >>> atleast_3d([1.0, 2.0]).shape
    (1, 2, 1)
    """

    def with_three(x: Numbers) -> Any:
        n = shape_of(x)
        return _reshaped(x, {0: (1, 1, 1), 1: (1, *n, 1), 2: (*n, 1)}.get(len(n), n))

    return _each(xs, with_three)


def _each(xs: tuple[Any, ...], change: Any) -> Any:
    return change(xs[0]) if len(xs) == 1 else tuple(map(change, xs))


def _as_given(x: Numbers) -> Any:
    return _reshaped(x, shape_of(x))


@explained
def diagonal(x: Numbers, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The entries on a diagonal: y[i] = x[i, i + offset]; of more axes, along the last axis of y.

    >>> diagonal([[1.0, 2.0], [3.0, 4.0]])
    array([1., 4.])

    Raises ShapeError when x has fewer than two axes.
    """
    if len(shape_of(x)) < 2:
        raise ValueError("a diagonal takes at least two axes")
    x = moveaxis(x, (axis1, axis2), (-2, -1))
    rows, columns = shape_of(x)[-2:]
    start = max(0, -offset)
    here = np.arange(start, max(start, min(rows, columns - offset)))
    return getitem(x, (..., here, here + offset))


@explained
def trace(x: Numbers, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: DType = None) -> Any:
    """The sum along a diagonal: y = Σᵢ x[i, i + offset]; np.trace(t) and t.trace().

    >>> trace([[1.0, 2.0], [3.0, 4.0]])
    np.float64(5.0)

    Raises ShapeError when x has fewer than two axes.
    """
    x = x if dtype is None else moves.astype(x, dtype=dtype)
    return linalg.trace(x, offset=offset, axis1=axis1, axis2=axis2)


@explained
def unstack(x: Numbers, *, axis: int = 0) -> tuple[Any, ...]:
    """The layers along an axis, one array each: the inverse of `stack`.

    >>> unstack([[1.0, 2.0], [3.0, 4.0]])
    (array([1., 2.]), array([3., 4.]))

    Raises ShapeError for an axis that x does not have.
    """
    x = moveaxis(x, axis, 0)
    return tuple(getitem(x, i) for i in range(shape_of(x)[0]))
