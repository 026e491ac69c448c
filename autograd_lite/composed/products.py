"""Products of vectors, matrices and arrays of more axes under NumPy's names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.composed.rearranging import moveaxis, ravel
from autograd_lite.operands import Numbers
from autograd_lite.rules.convolution import conv1d
from autograd_lite.rules.elementwise import multiply
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.joining import stack
from autograd_lite.rules.linalg import matmul
from autograd_lite.rules.reductions import sum_
from autograd_lite.rules.shape import flip, reshape, shape_of, swapaxes, transpose

__all__ = [
    "convolve", "correlate", "cross", "dot", "inner", "kron", "matrix_transpose", "matvec",
    "tensordot", "vdot", "vecdot", "vecmat",
]  # fmt: skip


@explained
def dot(a: Numbers, b: Numbers) -> Any:
    """The product of two vectors or matrices; with a number, that multiple; y = Σᵢ a[…, i]·b[…, i, k].

    Of more axes it sums over a's last and b's last but one, and keeps all others.

    >>> float(dot([1.0, 2.0], [3.0, 4.0]))
    11.0

    Raises ShapeError when the lengths differ.
    """
    n, m = len(shape_of(a)), len(shape_of(b))
    if not n or not m:
        return multiply(a, b)
    if n <= 2 and m <= 2:
        return matmul(a, b)
    return tensordot(a, b, ((-1,), (-1 if m == 1 else -2,)))


@explained
def inner(a: Numbers, b: Numbers) -> Any:
    """The sum over both last axes: y[i, k] = Σⱼ a[i, j]·b[k, j]; with a number, that multiple.

    >>> inner([1.0, 2.0], [[3.0, 4.0], [0.0, 1.0]])
    array([11.,  2.])

    Raises ShapeError when the last lengths differ.
    """
    if not shape_of(a) or not shape_of(b):
        return multiply(a, b)
    return tensordot(a, b, ((-1,), (-1,)))


@explained
def vdot(a: Numbers, b: Numbers) -> Any:
    """The sum of the products of all entries, each array as one row: y = Σᵢ aᵢ·bᵢ.

    >>> float(vdot([[1.0, 2.0]], [[3.0], [4.0]]))
    11.0

    Raises ShapeError when the counts differ.
    """
    return matmul(ravel(a), ravel(b))


@explained
def vecdot(a: Numbers, b: Numbers, axis: int = -1) -> Any:
    """The products of vectors along an axis, the other axes broadcast: y = Σᵢ a[…, i]·b[…, i].

    >>> vecdot([[1.0, 2.0], [0.0, 1.0]], [3.0, 4.0])
    array([11.,  4.])

    Raises ShapeError when the lengths differ.
    """
    first, second = shape_of(a), shape_of(b)
    if first[axis_of(axis, first)] != second[axis_of(axis, second)]:
        raise ValueError("the vectors are of different lengths")
    return sum_(multiply(moveaxis(a, axis, -1), moveaxis(b, axis, -1)), axis=-1)


@explained
def matvec(a: Numbers, x: Numbers) -> Any:
    """Matrices times vectors, the other axes broadcast: y[…, i] = Σⱼ a[…, i, j]·x[…, j].

    >>> matvec([[1.0, 2.0], [0.0, 1.0]], [3.0, 4.0])
    array([11.,  4.])

    Raises ShapeError when the lengths differ.
    """
    _refuse_other_axes(a, x)
    return getitem(matmul(a, getitem(x, (..., None))), (..., 0))


@explained
def vecmat(x: Numbers, a: Numbers) -> Any:
    """Vectors times matrices, the other axes broadcast: y[…, j] = Σᵢ x[…, i]·a[…, i, j].

    >>> vecmat([3.0, 4.0], [[1.0, 2.0], [0.0, 1.0]])
    array([ 3., 10.])

    Raises ShapeError when the lengths differ.
    """
    _refuse_other_axes(a, x)
    return getitem(matmul(getitem(x, (..., None, slice(None))), a), (..., 0, slice(None)))


def _refuse_other_axes(a: Numbers, x: Numbers) -> None:
    if len(shape_of(a)) < 2:
        raise ValueError(f"shape {shape_of(a)} is no matrix's")
    if not shape_of(x):
        raise ValueError("a number is no vector: write a * x for its multiple of the matrix")


@explained
def tensordot(a: Numbers, b: Numbers, axes: Any = 2) -> Any:
    """The sum of products over pairs of axes; the others stay, a's before b's.

    axes  a count (a's last axes with b's first), or (axes of a, axes of b)

    >>> tensordot([[1.0, 2.0]], [3.0, 4.0], 1)
    array([11.])

    Raises ShapeError when the lengths of a pair differ.
    """
    first, second = shape_of(a), shape_of(b)
    of_a, of_b = _pairs(axes, len(first), len(second))
    if [first[i] for i in of_a] != [second[i] for i in of_b]:
        raise ValueError(f"axes {of_a} of a and {of_b} of b have different lengths")
    rest_a = [i for i in range(len(first)) if i not in of_a]
    rest_b = [i for i in range(len(second)) if i not in of_b]
    lengths_a, lengths_b = [first[i] for i in rest_a], [second[i] for i in rest_b]
    k = math.prod(first[i] for i in of_a)
    rows = reshape(transpose(a, axes=(*rest_a, *of_a)), shape=(math.prod(lengths_a), k))
    columns = reshape(transpose(b, axes=(*of_b, *rest_b)), shape=(k, math.prod(lengths_b)))
    return reshape(matmul(rows, columns), shape=(*lengths_a, *lengths_b))


def _pairs(axes: Any, n: int, m: int) -> tuple[list[int], list[int]]:
    if np.ndim(axes) == 0:
        if not 0 <= axes <= n or axes > m:
            raise ValueError(f"arrays of {n} and {m} axes have no {axes} axes to sum over")
        return list(range(n - axes, n)), list(range(axes))
    of_a, of_b = (np.atleast_1d(part).tolist() for part in axes)
    if len(of_a) != len(of_b):
        raise ValueError("as many axes of a as of b are needed")
    return [_place(i, n) for i in of_a], [_place(i, m) for i in of_b]


def _place(axis: int, n: int) -> int:
    if not -n <= axis < n:
        raise np.exceptions.AxisError(axis, n)
    return axis % n


@explained
def kron(a: Numbers, b: Numbers) -> Any:
    """The Kronecker product: each entry of a times the whole of b, as blocks.

    >>> kron([1.0, 2.0], [1.0, 1.0])
    array([1., 1., 2., 2.])
    """
    n = max(len(shape_of(a)), len(shape_of(b)))
    first, second = ((1,) * (n - len(s)) + s for s in (shape_of(a), shape_of(b)))
    blocks = reshape(a, shape=tuple(k for length in first for k in (length, 1)))
    inside = reshape(b, shape=tuple(k for length in second for k in (1, length)))
    lengths = tuple(p * q for p, q in zip(first, second, strict=True))
    return reshape(multiply(blocks, inside), shape=lengths)


@explained
def cross(
    a: Numbers, b: Numbers, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:  # fmt: skip
    """The cross product of vectors with three entries along an axis: y₁ = a₂·b₃ - a₃·b₂, …

    axis  of both vectors and of the result, in place of axisa, axisb and axisc

    >>> cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    array([0., 0., 1.])

    Raises ShapeError for vectors of another length; fill up vectors in the plane with a zero.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(a, axisa, 0), moveaxis(b, axisb, 0)
    if shape_of(a)[0] != 3 or shape_of(b)[0] != 3:
        raise ValueError("a cross product takes vectors of 3 entries")
    a1, a2, a3 = (getitem(a, i) for i in range(3))
    b1, b2, b3 = (getitem(b, i) for i in range(3))
    return stack([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], axis=axisc)


@explained
def convolve(a: Numbers, v: Numbers, mode: str = "full") -> Any:
    """The convolution of two rows: y[n] = Σₘ a[m]·v[n - m].

    mode  "full" keeps every place where they overlap, "valid" those where the shorter lies inside the
          longer, "same" as many as the longer has, in the middle

    >>> convolve([1.0, 2.0, 3.0], [0.0, 1.0])
    array([0., 1., 2., 3.])

    Raises ShapeError for arrays that are no rows, or empty.
    """
    if len(shape_of(a)) != 1 or len(shape_of(v)) != 1 or 0 in shape_of(a) + shape_of(v):
        raise ValueError("a convolution takes two rows of at least one entry")
    if shape_of(a) < shape_of(v):
        a, v = v, a
    n, k = shape_of(a)[0], shape_of(v)[0]
    image, window = reshape(a, shape=(1, 1, n)), reshape(flip(v), shape=(1, 1, k))
    full = getitem(conv1d(image, window, padding=k - 1), (0, 0))
    start, length = {
        "full": (0, n + k - 1),
        "same": ((k - 1) // 2, n),
        "valid": (k - 1, n - k + 1),
    }[_known(mode)]
    return getitem(full, slice(start, start + length))


def _known(mode: str) -> str:
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"mode {mode!r} is none of 'full', 'same', 'valid'")
    return mode


@explained
def correlate(a: Numbers, v: Numbers, mode: str = "valid") -> Any:
    """The cross-correlation of two rows: y[k] = Σₙ a[n + k]·v[n]; the modes are those of `convolve`.

    >>> correlate([1.0, 2.0, 3.0], [0.0, 1.0])
    array([2., 3.])

    Raises ShapeError for arrays that are no rows, or empty.
    """
    if len(shape_of(a)) != 1 or len(shape_of(v)) != 1:
        raise ValueError("a correlation takes two rows")
    if shape_of(a) < shape_of(v):
        return flip(correlate(v, a, mode))
    return convolve(a, flip(v), _known(mode))


@explained
def multi_dot(arrays: Sequence[Any]) -> Any:
    """The product of several matrices, the first and last of which may be vectors: y = a·b·c·…

    >>> multi_dot([[1.0, 2.0], [[3.0], [4.0]], [2.0]])
    np.float64(22.0)

    Raises ShapeError when the lengths differ, or for fewer than two.
    """
    if len(arrays) < 2:
        raise ValueError("a product takes at least two arrays")
    if len(arrays) == 2:
        return dot(*arrays)
    if wrong := [s for i, s in enumerate(map(shape_of, arrays)) if not _in_a_chain(s, i, arrays)]:
        raise ValueError(f"a product of several takes matrices, not an array of shape {wrong[0]}")
    # from the end that is a vector, so that every product has one in it
    if len(shape_of(arrays[-1])) == 1 and len(shape_of(arrays[0])) != 1:
        return reduce(lambda y, a: matmul(a, y), arrays[::-1])
    return reduce(matmul, arrays)


def _in_a_chain(shape: tuple[int, ...], i: int, arrays: Sequence[Any]) -> bool:
    return len(shape) == 2 or (len(shape) == 1 and i in {0, len(arrays) - 1})


@explained
def matrix_transpose(x: Numbers) -> Any:
    """The last two axes exchanged: y[…, i, j] = x[…, j, i].

    >>> matrix_transpose([[1.0, 2.0]])
    array([[1.],
           [2.]])

    Raises ShapeError when x has fewer than two axes.
    """
    return swapaxes(x, -1, -2)
