"""Rules of linear algebra: matrix products and the like, linear in each operand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.record import Malrule, Use, Vjp
from autograd_lite.rules.namespaces import Namespace, arrays
from autograd_lite.rules.rule import linear
from autograd_lite.rules.shape import shape_of


def product(xp: Namespace, a: Array, b: Array) -> Any:
    """The matrix product; of two matrices by `dot`, a third of the price of `@` on small ones."""
    if type(a) is np.ndarray and type(b) is np.ndarray and a.ndim == b.ndim == 2:
        return a.dot(b)
    return xp.matmul(a, b)


def _matmul_by_a(xp: Namespace, g: Array, y: Array, a: Array, b: Array) -> Any:
    if b.ndim == 1:
        return xp.multiply(g[..., None], b)
    if a.ndim == 1:
        return xp.matmul(b, g[..., None])[..., 0]
    return product(xp, g, _matrix_transpose(xp, b))


def _matmul_by_b(xp: Namespace, g: Array, y: Array, a: Array, b: Array) -> Any:
    if a.ndim == 1:
        return xp.multiply(a, g) if b.ndim == 1 else xp.multiply(a[:, None], g[..., None, :])
    if b.ndim == 1:
        return xp.matmul(xp.reshape(g, (-1,)), rows(xp, a))
    if b.ndim == 2:
        # one product over all leading axes of a, instead of one for each and then their sum
        return product(xp, rows(xp, a).T, rows(xp, g))
    return xp.matmul(_matrix_transpose(xp, a), g)


def _matrix_transpose(xp: Namespace, a: Array) -> Any:
    return a.T if a.ndim == 2 else xp.swapaxes(a, -1, -2)


def rows(xp: Namespace, a: Array) -> Any:
    """The array as one matrix: all leading axes in one."""
    return a if a.ndim == 2 else xp.reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))


def below(parts: Iterable[Array]) -> Any:
    """Arrays below one another, as one matrix."""
    return np.concatenate([rows(arrays, part) for part in parts])


def _weight_gradient(uses: list[Use]) -> Any:
    """B̄ = Σ aᵀ·ȳ over several uses of one matrix, as one product of all rows below one another."""
    if uses[0].operands[1].ndim != 2:
        return None
    return (below(use.operands[0] for use in uses).T.dot(below(use.g for use in uses)),)


def _turned(vjp: Vjp) -> Vjp:
    return lambda xp, g, y, a, b: xp.swapaxes(vjp(xp, g, y, a, b), -1, -2)


@linear(
    _matmul_by_a,
    _matmul_by_b,
    latex="{0} {1}",
    gathered=(1,),
    gather=_weight_gradient,
    malrules=(
        Malrule("C1", 0, vjp=_turned(_matmul_by_a)),
        Malrule("C1", 1, vjp=_turned(_matmul_by_b)),
        Malrule("C2", 0, vjp=lambda xp, g, y, a, b: xp.matmul(g, b)),  # not transposed
        Malrule("C2", 1, vjp=lambda xp, g, y, a, b: xp.matmul(a, g)),
    ),
)
def matmul(xp: Namespace, a: Array, b: Array) -> Any:
    """The matrix product: y = a @ b, Ā = ȳ·bᵀ, B̄ = aᵀ·ȳ.

    a (…, n, k), b (…, k, m), y (…, n, m); leading axes broadcast, and a 1-d operand is a row or a
    column whose axis the result drops.

    >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
    array([[11.]])

    Raises ValueError when the inner lengths k differ, or for a 0-d operand.
    """
    return product(xp, a, b)


@linear(
    lambda xp, g, y, a, b: xp.reshape(xp.matmul(g, xp.reshape(b, (-1,))), shape_of(a)),
    lambda xp, g, y, a, b: xp.reshape(xp.matmul(xp.reshape(a, (-1,)), g), shape_of(b)),
    latex=r"{0} {1}^{{\top}}",
)
def outer(xp: Namespace, a: Array, b: Array) -> Any:
    """The outer product: y[i, j] = a[i]·b[j], ā = ȳ·b, b̄ = ȳᵀ·a.

    a and b of any shape count as one row each.

    >>> outer([1.0, 2.0], [3.0, 4.0])
    array([[3., 4.],
           [6., 8.]])
    """
    return xp.outer(a, b)


def _untraced(xp: Namespace, g: Array, y: Array, x: Array, **diagonal: int) -> Any:
    n = x.ndim
    rows, columns = diagonal.get("axis1", 0) % n, diagonal.get("axis2", 1) % n
    here = np.ogrid[tuple(slice(length) for length in x.shape)]
    on_it = here[columns] - here[rows] == diagonal.get("offset", 0)
    return xp.where(on_it, xp.expand_dims(g, (rows, columns)), 0.0)


@linear(_untraced, latex=r"\mathrm{{tr}}\,{0}")
def trace(xp: Namespace, x: Array, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum along a diagonal: y = Σᵢ x[i, i + offset].

    Of more axes, `axis1` and `axis2` are those of the matrices: y has the other axes.

    >>> trace([[1.0, 2.0], [3.0, 4.0]])
    np.float64(5.0)

    Raises ValueError when x has fewer than two axes.
    """
    return xp.trace(x, offset, axis1, axis2)


def _undiagonal(xp: Namespace, g: Array, y: Array, x: Array, *, k: int = 0) -> Any:
    if len(shape_of(x)) == 1:
        return xp.diag(g, k)
    rows = np.arange(shape_of(g)[0]) + max(0, -k)
    return xp.scatter(g, index=(rows, rows + k), shape=shape_of(x))


@linear(_undiagonal)
def diag(xp: Namespace, x: Array, *, k: int = 0) -> Any:
    """The diagonal of a matrix: y[i] = x[i, i + k]; of a 1-d x, the matrix with that diagonal.

    >>> diag([[1.0, 2.0], [3.0, 4.0]])
    array([1., 4.])
    >>> diag([1.0, 2.0])
    array([[1., 0.],
           [0., 2.]])

    Raises ValueError when x has neither one axis nor two.
    """
    return xp.diag(x, k)


@linear(lambda xp, g, y, x, *, k=0: xp.tril(g, k))
def tril(xp: Namespace, x: Array, *, k: int = 0) -> Any:
    """The lower triangle: y[…, i, j] = x[…, i, j] where j ≤ i + k, else 0.

    >>> tril([[1.0, 2.0], [3.0, 4.0]])
    array([[1., 0.],
           [3., 4.]])
    """
    return xp.tril(x, k)


@linear(lambda xp, g, y, x, *, k=0: xp.triu(g, k))
def triu(xp: Namespace, x: Array, *, k: int = 0) -> Any:
    """The upper triangle: y[…, i, j] = x[…, i, j] where j ≥ i + k, else 0.

    >>> triu([[1.0, 2.0], [3.0, 4.0]])
    array([[1., 2.],
           [0., 4.]])
    """
    return xp.triu(x, k)
