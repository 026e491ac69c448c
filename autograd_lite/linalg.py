"""Linear algebra under NumPy's names: `np.linalg.inv(t)` comes here too.

Matrices stand in the last two axes; all others are a stack of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.arguments import explained
from autograd_lite.composed import products, rearranging
from autograd_lite.composed.decompositions import cholesky, eigh, eigvalsh, slogdet, svd, svdvals
from autograd_lite.composed.norms import matrix_norm, norm, vector_norm
from autograd_lite.composed.products import matrix_transpose, multi_dot, tensordot, vecdot
from autograd_lite.composed.reducing import sum
from autograd_lite.operands import DType, Numbers
from autograd_lite.rules import linear_solvers, spectral
from autograd_lite.rules.elementwise import divide, multiply
from autograd_lite.rules.linalg import matmul
from autograd_lite.rules.linalg import outer as outer_of_rows
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of
from autograd_lite.watches import read


@explained
def inv(a: Numbers) -> Any:
    """The inverse of square matrices: a·y = 1, ẏ = -y·ȧ·y.

    >>> inv([[2.0, 0.0], [0.0, 4.0]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])

    Raises MatrixError when a is singular or not square.
    """
    return linear_solvers.inv(a)


@explained
def solve(a: Numbers, b: Numbers) -> Any:
    """The solution y of a·y = b, for a vector b or the columns of a matrix.

    >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0])
    array([1. , 0.5])

    Raises MatrixError when a is singular or not square, ShapeError when b does not fit.
    """
    return linear_solvers.solve(a, b)


@explained
def det(a: Numbers) -> Any:
    """The determinant of square matrices; its derivative is exact where a is singular too.

    >>> round(float(det([[2.0, 0.0], [0.0, 4.0]])), 12)
    8.0

    Raises MatrixError when a is not square.
    """
    return linear_solvers.det(a)


@explained
def pinv(a: Numbers, rcond: float | None = None, *, rtol: float | None = None) -> Any:
    """The pseudoinverse; singular values below `rcond` (or `rtol`) times the largest count as 0.

    >>> pinv([[2.0], [0.0]])
    array([[0.5, 0. ]])

    Raises ShapeError when both names of the bound are given.
    """
    if rcond is not None and rtol is not None:
        raise ValueError("rcond and rtol are two names for one number: give one of them")
    return linear_solvers.pinv(a, rcond=rtol if rcond is None else rcond)


@explained
def lstsq(a: Numbers, b: Numbers, rcond: float | None = None) -> tuple[Any, Any, Any, Any]:
    """The least squares solution y of a·y = b: (y, squared residuals, rank of a, singular values).

    Residuals are given where a has more rows than columns and full rank, else an empty array.

    >>> round(float(lstsq([[1.0], [1.0]], [1.0, 3.0])[0][0]), 12)
    2.0

    Raises ShapeError when b does not fit.
    """
    m, n = shape_of(a)
    values = spectral.svdvals(a)
    cutoff = np.finfo(plain(values).dtype).eps * max(m, n) if rcond is None else rcond
    numbers = read(values, "rank")
    rank = int((numbers > cutoff * np.max(numbers, initial=0.0)).sum())
    y = matmul(linear_solvers.pinv(a, rcond=cutoff), b)
    misfit = matmul(a, y) - b
    squares = sum(misfit * misfit, 0, keepdims=len(shape_of(b)) == 1)
    return y, squares if rank == n < m else np.zeros(0), rank, values


@explained
def matrix_power(a: Numbers, n: int) -> Any:
    """The n-th power of square matrices, by repeated squaring; a negative n is one of the inverse.

    >>> matrix_power([[1.0, 1.0], [0.0, 1.0]], 3)
    array([[1., 3.],
           [0., 1.]])

    Raises MatrixError when a is not square, or singular and n negative.
    """
    lengths = shape_of(a)
    if len(lengths) < 2 or lengths[-1] != lengths[-2]:
        raise np.linalg.LinAlgError("the matrices are not square")
    if not isinstance(n, (int, np.integer)):
        raise TypeError(f"n is a whole number, not {n!r}")
    if n == 0:
        return multiply(a, 0.0) + np.eye(lengths[-1], dtype=getattr(plain(a), "dtype", float))
    if n < 0:
        return matrix_power(inv(a), -n)
    if n == 1:
        return matmul(a, np.eye(lengths[-1], dtype=getattr(plain(a), "dtype", float)))
    half = a if n // 2 == 1 else matrix_power(a, n // 2)
    square = matmul(half, half)
    return matmul(square, a) if n % 2 else square


@explained
def cond(a: Numbers, p: Any = None) -> Any:
    """The condition number: the largest singular value by the smallest; with p, |a|ₚ·|a⁻¹|ₚ.

    >>> float(cond([[2.0, 0.0], [0.0, 4.0]]))
    2.0

    Raises MatrixError when a is singular and p another norm than 2.
    """
    if p in (None, 2, -2):
        values = spectral.svdvals(a)
        largest, smallest = values[..., 0], values[..., -1]
        return divide(smallest, largest) if p == -2 else divide(largest, smallest)
    return norm(a, p, (-2, -1)) * norm(inv(a), p, (-2, -1))


@explained
def trace(x: Numbers, *, offset: int = 0, dtype: DType = None) -> Any:
    """The sum along the diagonal of the matrices in the last two axes: y = Σᵢ x[…, i, i + offset].

    >>> trace([[1.0, 2.0], [3.0, 4.0]])
    np.float64(5.0)

    Raises ShapeError when x has fewer than two axes.
    """
    return rearranging.trace(x, offset, -2, -1, dtype)


@explained
def diagonal(x: Numbers, *, offset: int = 0) -> Any:
    """The diagonal of the matrices in the last two axes: y[…, i] = x[…, i, i + offset].

    >>> diagonal([[1.0, 2.0], [3.0, 4.0]])
    array([1., 4.])

    Raises ShapeError when x has fewer than two axes.
    """
    return rearranging.diagonal(x, offset, -2, -1)


@explained
def cross(a: Numbers, b: Numbers, *, axis: int = -1) -> Any:
    """The cross product of vectors with three entries along an axis.

    >>> cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    array([0., 0., 1.])

    Raises ShapeError for vectors of another length.
    """
    return products.cross(a, b, axis=axis)


@explained
def outer(a: Numbers, b: Numbers) -> Any:
    """The outer product of two vectors: y[i, j] = a[i]·b[j].

    >>> outer([1.0, 2.0], [3.0, 4.0])
    array([[3., 4.],
           [6., 8.]])

    Raises ShapeError when a or b is no vector.
    """
    if len(shape_of(a)) != 1 or len(shape_of(b)) != 1:
        raise ValueError(
            "an outer product is of two vectors; write numpy.outer for rows of all entries"
        )
    return outer_of_rows(a, b)


__all__ = [
    "cholesky", "cond", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "lstsq", "matmul",
    "matrix_norm", "matrix_power", "matrix_transpose", "multi_dot", "norm", "outer", "pinv", "slogdet",
    "solve", "svd", "svdvals", "tensordot", "trace", "vecdot", "vector_norm",
]  # fmt: skip
