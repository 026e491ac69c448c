"""Sums, means, extremes and variances with all of NumPy's arguments.

axis      None (all of them), one axis or a tuple of axes
dtype     float32 or float64, in which the numbers are taken; None is their own
keepdims  whether the reduced axes stay, with length 1
initial   what the reduction starts from
where     which entries count: truth values that broadcast to x
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.operands import Axis, DType, Numbers
from autograd_lite.rules import reductions, selection, statistics
from autograd_lite.rules.elementwise import add, divide, multiply, sqrt, square, subtract
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import moves_in_program
from autograd_lite.rules.shape import astype, broadcast_to, reshape, shape_of, transpose

__all__ = [
    "average", "max", "mean", "min", "prod", "ptp", "std", "sum", "var",
]  # fmt: skip


Where: TypeAlias = Numbers | bool
"""Truth values that broadcast to x."""


def _counted(x: Numbers, dtype: DType, where: Where, neutral: float) -> Any:
    """X in `dtype`, with the neutral number for the entries that do not count."""
    x = x if dtype is None else astype(x, dtype=dtype)
    where = where if moves_in_program(where) else plain(where)
    return x if where is True else selection.where(where, x, neutral)


def _flags(dtype: DType, keepdims: bool) -> tuple[Any, bool]:
    """PyTorch's third place is keepdim, NumPy's is dtype; a truth value is no dtype."""
    return (None, dtype) if isinstance(dtype, bool) else (dtype, keepdims)


@explained
def sum(
    x: Numbers, axis: Axis = None, dtype: DType = None, *, keepdims: bool = False,
    initial: Numbers | None = None, where: Where = True
) -> Any:  # fmt: skip
    """The sum along axes: y = initial + Σ x, ∂y/∂x = 1 where x counts.

    >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
    array([4., 6.])
    >>> float(sum([1.0, 2.0, 3.0], where=[True, False, True], initial=10.0))
    14.0

    Raises ShapeError for an axis that x does not have.
    """
    dtype, keepdims = _flags(dtype, keepdims)
    y = reductions.sum_(_counted(x, dtype, where, 0.0), axis=axis, keepdims=keepdims)
    return y if initial is None else add(y, initial)


@explained
def prod(
    x: Numbers, axis: Axis = None, dtype: DType = None, *, keepdims: bool = False,
    initial: Numbers | None = None, where: Where = True
) -> Any:  # fmt: skip
    """The product along axes: y = initial·Π x, ∂y/∂xᵢ = the product of all others.

    >>> prod([[2.0, 3.0], [4.0, 0.0]], axis=1)
    array([6., 0.])

    Raises ShapeError for an axis that x does not have.
    """
    dtype, keepdims = _flags(dtype, keepdims)
    y = reductions.prod(_counted(x, dtype, where, 1.0), axis=axis, keepdims=keepdims)
    return y if initial is None else multiply(y, initial)


def _count(x: Numbers, axis: Axis, where: Where, keepdims: bool) -> Any:
    if moves_in_program(where):
        return reductions.sum_(broadcast_to(where, shape_of(x)), axis=axis, keepdims=keepdims)
    return np.broadcast_to(plain(where), shape_of(x)).sum(axis=axis, keepdims=keepdims)


@explained
def mean(
    x: Numbers, axis: Axis = None, dtype: DType = None, *, keepdims: bool = False, where: Where = True
) -> Any:  # fmt: skip
    """The mean along axes: y = Σ x/n, ∂y/∂x = 1/n, over the n entries that count.

    >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=0)
    array([2., 3.])

    Raises ShapeError for an axis that x does not have, or when there is no entry.
    """
    dtype, keepdims = _flags(dtype, keepdims)
    y = _counted(x, dtype, where, 0.0)
    axis_of(axis, shape_of(x))
    if where is True:
        return reductions.mean(y, axis=axis, keepdims=keepdims)
    n = np.asarray(_count(x, axis, where, keepdims), plain(y).dtype)
    return divide(reductions.sum_(y, axis=axis, keepdims=keepdims), n)


@explained
def max(
    x: Numbers, axis: Axis = None, *, keepdims: bool = False, initial: Numbers | None = None,
    where: Where = True
) -> Any:  # fmt: skip
    """The largest entry along axes: y = max x, ∂y/∂x = 1 at that entry; a tie shares equally.

    `initial` is one more number that y is the largest of; with `where` it must be given.

    >>> max([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([2., 4.])

    Raises ShapeError for an axis that x does not have, or when there is no entry.
    """
    return _extreme(x, axis, keepdims, initial, where, largest=True)


@explained
def min(
    x: Numbers, axis: Axis = None, *, keepdims: bool = False, initial: Numbers | None = None,
    where: Where = True
) -> Any:  # fmt: skip
    """The smallest entry along axes: y = min x, ∂y/∂x = 1 at that entry; a tie shares equally.

    `initial` is one more number that y is the smallest of; with `where` it must be given.

    >>> min([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([1., 3.])

    Raises ShapeError for an axis that x does not have, or when there is no entry.
    """
    return _extreme(x, axis, keepdims, initial, where, largest=False)


def _extreme(
    x: Numbers, axis: Axis, keepdims: bool, initial: Numbers | None, where: Where, *, largest: bool
) -> Any:
    rule = reductions.max_ if largest else reductions.min_
    if initial is None:
        if where is not True:
            raise ValueError("with where= some entries may be left out: say initial= too")
        return rule(x, axis=axis, keepdims=keepdims)
    if not shape_of(x) or reductions.count(x, axis):
        x = _counted(x, None, where, -np.inf if largest else np.inf)
        y = rule(x, axis=axis, keepdims=keepdims)
        return (selection.maximum if largest else selection.minimum)(y, initial)
    return add(reductions.sum_(x, axis=axis, keepdims=keepdims), initial)


@explained
def ptp(x: Numbers, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The range along axes: y = max x - min x.

    >>> ptp([[1.0, 2.0], [4.0, 7.0]], axis=1)
    array([1., 3.])

    Raises ShapeError for an axis that x does not have, or when there is no entry.
    """
    return subtract(max(x, axis, keepdims=keepdims), min(x, axis, keepdims=keepdims))


@explained
def var(  # noqa: PLR0913 - NumPy's own arguments
    x: Numbers, axis: Axis = None, dtype: DType = None, *, ddof: float = 0, keepdims: bool = False,
    where: Where = True, mean: Numbers | None = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """The variance along axes: y = Σ (x - m)²/(n - ddof), ∂y/∂x = 2(x - m)/(n - ddof).

    ddof  1 makes it the unbiased estimate; `correction` is another name for it
    mean  m, if you have it already, in a shape that broadcasts to x

    >>> var([[1.0, 3.0], [2.0, 2.0]], axis=1, ddof=1)
    array([2., 0.])

    Raises ShapeError for an axis that x does not have, or when there are no more than ddof entries.
    """
    ddof, axis = _freedom(ddof, correction), axis_of(axis, shape_of(x))
    x = x if dtype is None else astype(x, dtype=dtype)
    if where is True and mean is None:
        return statistics.var(x, axis=axis, ddof=ddof, keepdims=keepdims)
    return _var_of_some(x, axis, ddof, keepdims, where, mean)


@explained
def std(  # noqa: PLR0913 - NumPy's own arguments
    x: Numbers, axis: Axis = None, dtype: DType = None, *, ddof: float = 0, keepdims: bool = False,
    where: Where = True, mean: Numbers | None = None, correction: float | None = None,
) -> Any:  # fmt: skip
    """The standard deviation along axes: y = √var x, ∂y/∂x = (x - m)/((n - ddof)·y).

    The arguments are those of `var`.

    >>> std([[1.0, 3.0], [2.0, 2.0]], axis=1)
    array([1., 0.])

    Raises ShapeError for an axis that x does not have, or when there are no more than ddof entries.
    """
    ddof, axis = _freedom(ddof, correction), axis_of(axis, shape_of(x))
    x = x if dtype is None else astype(x, dtype=dtype)
    if where is True and mean is None:
        return statistics.std(x, axis=axis, ddof=ddof, keepdims=keepdims)
    return sqrt(_var_of_some(x, axis, ddof, keepdims, where, mean))


def _freedom(ddof: float, correction: float | None) -> float:
    if correction is not None and ddof != 0:
        raise ValueError("ddof and correction are two names for one number: give one of them")
    return ddof if correction is None else correction


def _var_of_some(
    x: Numbers, axis: Axis, ddof: float, keepdims: bool, where: Where, centre: Numbers | None
) -> Any:
    if centre is None:
        centre = mean(x, axis, keepdims=True, where=where)
    squares = _counted(square(subtract(x, centre)), None, where, 0.0)
    n = _count(x, axis, where, keepdims) - ddof
    total = reductions.sum_(squares, axis=axis, keepdims=keepdims)
    return divide(total, np.maximum(n, 0).astype(plain(total).dtype))


@explained
def average(
    x: Numbers, axis: Axis = None, weights: Numbers | None = None, returned: bool = False, *,
    keepdims: bool = False
) -> Any:  # fmt: skip
    """The weighted mean along axes: y = Σ w·x/Σ w. The weights may be a node too.

    weights   None (all 1), x's shape, or the lengths of x along `axis` alone
    returned  whether Σ w is returned too: (y, Σ w)

    >>> float(average([1.0, 4.0], weights=[3.0, 1.0]))
    1.75

    Raises ShapeError for weights of another shape.
    """
    if weights is None:
        y = mean(x, axis, keepdims=keepdims)
        return (y, np.full(shape_of(y), float(reductions.count(x, axis)))) if returned else y
    weights = _spread_weights(weights, shape_of(x), axis)
    total = sum(broadcast_to(weights, shape=shape_of(x)), axis, keepdims=keepdims)
    y = divide(sum(multiply(x, weights), axis, keepdims=keepdims), total)
    return (y, total) if returned else y


def _spread_weights(weights: Numbers, shape: tuple[int, ...], axis: Axis) -> Any:
    given = shape_of(weights)
    if given == shape:
        return weights
    axes = () if axis is None else tuple(axis) if isinstance(axis, tuple) else (axis,)
    axes = tuple(i % len(shape) for i in axes)
    if given != tuple(shape[i] for i in axes):
        raise ValueError(
            f"weights of shape {given} are neither x's shape nor that along axis={axis}"
        )
    order = tuple(sorted(range(len(axes)), key=axes.__getitem__))
    there = tuple(shape[i] if i in axes else 1 for i in range(len(shape)))
    return reshape(transpose(weights, axes=order), shape=there)
