"""Lengths of vectors and sizes of matrices, of every order that NumPy knows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.composed.rearranging import moveaxis
from autograd_lite.composed.reducing import max, min, sum
from autograd_lite.operands import Axis, Numbers
from autograd_lite.rules import statistics
from autograd_lite.rules.elementwise import absolute, power
from autograd_lite.rules.kinks import corner
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program
from autograd_lite.rules.shape import reshape, shape_of
from autograd_lite.rules.spectral import svdvals
from autograd_lite.rules.zeros import moves

__all__ = ["norm"]

# ruff: noqa: A002 - ord is NumPy's name for which norm


@explained
def norm(x: Numbers, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """The length of vectors, or the size of matrices: y = √Σ x² unless `ord` says another.

    ord       of vectors: p for (Σ |x|ᵖ)^(1/p), inf and -inf for the largest and smallest |x|, 0 for how
              many entries are not 0. Of matrices: "fro" for √Σ x², "nuc" for the sum of the singular
              values, 2 and -2 for the largest and smallest of them, 1 and -1 for the largest and smallest
              sum of a column's |x|, inf and -inf for those of rows
    axis      one axis of vectors, or a pair of matrices' rows and columns. None: all axes without `ord`,
              else those of a vector or a matrix

    >>> norm([[3.0, -4.0], [0.0, 0.0]], axis=1)
    array([5., 0.])
    >>> float(norm([[3.0, -4.0], [0.0, 0.0]], "nuc"))
    5.0

    Raises ShapeError for an order or axis that does not fit.
    """
    n, along = len(shape_of(x)), axis_of(axis, shape_of(x))
    if ord is None and (along is None or np.ndim(along) == 0):
        return statistics.norm(x, axis=along, keepdims=keepdims)
    axes = tuple(range(n)) if along is None else (along,) if np.ndim(along) == 0 else tuple(along)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ValueError(f"{len(axes)} axes are neither a vector's one nor a matrix's two")


def _vector_norm(x: Numbers, ord: Any, axis: int, keepdims: bool) -> Any:
    if ord is None or (not isinstance(ord, str) and ord in (1, 2, np.inf)):
        return statistics.norm(x, ord=ord, axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"ord={ord!r} is for matrices")
    if ord == -np.inf:
        return min(absolute(x), axis, keepdims=keepdims)
    if ord == 0:
        return _count_of_nonzero(x, axis, keepdims)
    return _power_norm(x, ord, axis, keepdims)


def _count_of_nonzero(x: Numbers, axis: int, keepdims: bool) -> Any:
    numbers = np.asarray(plain(x))
    dtype = numbers.dtype if numbers.dtype.kind == "f" else float
    counts = asked("not_equal", x, 0) if moves_in_program(x) else (numbers != 0).astype(dtype)
    return sum(absolute(x) * 0.0 + counts, axis, keepdims=keepdims)


def _power_norm(x: Numbers, p: float, axis: int, keepdims: bool) -> Any:
    """(Σ |x|ᵖ)^(1/p), of numbers so scaled by powers of two that no power leaves the floats."""
    k = _exponents(np.asarray(plain(x)), p, axis)
    scaled = _times_power_of_two(x, -k) if k.any() else x
    total = sum(power(absolute(scaled), p), axis, keepdims=keepdims)
    y = power(total, 1.0 / p)
    if k.any():
        y = _times_power_of_two(y, k.reshape(shape_of(y)))
    return y + sum(_corners(x, p, axis), axis, keepdims=keepdims) if moves(x) else y


def _exponents(numbers: Any, p: float, axis: int) -> Any:
    """How many powers of two each vector's decisive entry is away from where its p-th power is safe."""
    sizes = np.abs(numbers).astype(numbers.dtype if numbers.dtype.kind == "f" else np.float64)
    if not sizes.size:
        return np.zeros((), int)
    decisive = (np.max if p > 0 else np.min)(sizes, axis=axis, keepdims=True)
    exponent = np.frexp(np.where(np.isfinite(decisive), decisive, 0.0))[1]
    # half of the range, so that the products of a derivative are safe too; for p < 0 they add to the scale
    room = np.finfo(sizes.dtype).maxexp / (2.0 * p) if p > 0 else 0.0
    return np.trunc(exponent - np.clip(exponent, -room, room)).astype(int)


def _times_power_of_two(x: Numbers, k: Any) -> Any:
    """x·2ᵏ in two steps, since 2ᵏ itself may leave the floats."""
    dtype = np.asarray(plain(x)).dtype
    one = np.ones((), dtype if dtype.kind == "f" else np.float64)
    half = k // 2
    return x * np.ldexp(one, half) * np.ldexp(one, k - half)


def _corners(x: Numbers, p: float, axis: int) -> Any:
    """Where a p-norm has no second derivative: at the zero vector, below p = 2 at each 0."""
    zeros = plain(x) == 0
    edge = (np.any if p < 1 else np.all)(zeros, axis=axis, keepdims=True)
    return corner(x, edge, axis=axis) + corner(x, zeros & (p < 2), axis=())


def _matrix_norm(x: Numbers, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    if ord is None or ord == "fro":
        return statistics.norm(x, axis=axes, keepdims=keepdims)
    if ord not in (1, -1, 2, -2, np.inf, -np.inf, "nuc"):
        raise ValueError(f"ord={ord!r} is for vectors, or no norm at all")
    matrices = moveaxis(x, axes, (-2, -1))
    y = _of_matrices(matrices, ord)
    if not keepdims:
        return y
    kept = {axis % len(shape_of(x)) for axis in axes}
    return reshape(y, shape=tuple(1 if i in kept else k for i, k in enumerate(shape_of(x))))


def _of_matrices(x: Numbers, ord: Any) -> Any:
    if ord == "nuc":
        return sum(svdvals(x), -1)
    if ord in (2, -2):
        return (max if ord == 2 else min)(svdvals(x), -1)
    sums = sum(absolute(x), -2 if abs(ord) == 1 else -1)
    return (max if ord > 0 else min)(sums, -1)


@explained
def vector_norm(x: Numbers, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The length of the vectors along axes, which count as one axis; the orders are those of `norm`.

    >>> float(vector_norm([[3.0, 0.0], [0.0, 4.0]]))
    5.0

    Raises ShapeError for an axis that x does not have.
    """
    lengths = shape_of(x)
    axes = tuple(range(len(lengths))) if axis is None else axis
    axes = axes if isinstance(axes, tuple) else (axes,)
    last = moveaxis(x, axes, tuple(range(-len(axes), 0)))
    rest = len(lengths) - len(axes)
    count = math.prod(shape_of(last)[rest:])
    rows = reshape(last, shape=(*shape_of(last)[:rest], count))
    y = _vector_norm(rows, ord, -1, False)
    if not keepdims:
        return y
    kept = {i % len(lengths) for i in axes}
    return reshape(y, shape=tuple(1 if i in kept else k for i, k in enumerate(lengths)))


@explained
def matrix_norm(x: Numbers, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The size of the matrices in the last two axes; the orders are those of `norm`.

    >>> float(matrix_norm([[3.0, 0.0], [0.0, 4.0]], ord="nuc"))
    7.0

    Raises ShapeError when x has fewer than two axes.
    """
    return _matrix_norm(x, ord, (-2, -1), keepdims)
