"""Eigenvalues and singular values of matrices, alone or in stacks, and their vectors.

Values and vectors are operations of their own, so each derivative is asked for by itself. Vectors have one
only where the values are apart: at a repeated value any basis of its space would do.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.errors import DerivativeError
from autograd_lite.operands import Array
from autograd_lite.rules.kinks import unsmooth_along
from autograd_lite.rules.linear_solvers import symmetric_part, symmetrized, transposed
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import operation
from autograd_lite.rules.shape import shape_of
from autograd_lite.rules.zeros import moves

APART: Final = 1e3
"""Values nearer than this many roundings of the largest count as one repeated value."""


def _spread(xp: Namespace, values: Array) -> Any:
    """Numbers for the columns of a matrix."""
    return values[..., None, :]


def _same(values: Array) -> Any:
    """Which values count as one, as plain truth values [i, j]."""
    numbers = plain(values)
    gaps = numbers[..., None, :] - numbers[..., :, None]
    largest = np.max(abs(numbers), axis=-1, initial=0.0)[..., None, None]
    return abs(gaps) <= APART * np.finfo(numbers.dtype).eps * largest


def _refuse_apart(what: str, values: Array, differ: Any) -> None:
    """Raise DerivativeError where copies of one value are asked for apart: where they `differ` [i, j]."""
    if (_same(values) & differ).any():
        raise DerivativeError(
            f"one copy of a repeated {what} has no derivative, since the copies part as the matrix moves: "
            f"ask by grad for what treats them alike, as their sum, or move away from it"
        )


def _differ(c: Array) -> Any:
    """Which numbers of a vector differ by more than rounding, as truth values [i, j]."""
    c = plain(c)
    largest = np.max(abs(c), axis=-1, initial=0.0)[..., None, None]
    return abs(c[..., None, :] - c[..., :, None]) > np.sqrt(np.finfo(c.dtype).eps) * largest


def _turned(m: Array) -> Any:
    """Where a tangent between the vectors is no multiple of 1: there the copies of a value part."""
    m = np.asarray(0.5 * (plain(m) + np.swapaxes(plain(m), -1, -2)))
    largest = np.max(abs(m), axis=(-2, -1), initial=0.0)[..., None, None]
    off = (abs(m) > np.sqrt(np.finfo(m.dtype).eps) * largest) & ~np.eye(m.shape[-1], dtype=bool)
    return off | _differ(np.diagonal(m, axis1=-2, axis2=-1))


def _inverse_gaps(xp: Namespace, values: Array) -> tuple[Any, Any]:
    """1/(values[j] - values[i]) with 0 where they count as one, and where that is."""
    gaps = values[..., None, :] - values[..., :, None]
    same = _same(values)
    return xp.where(same, 0.0, 1.0 / xp.where(same, 1.0, gaps)), same


def _divided(xp: Namespace, what: str, turning: Any, values: Array, asked: Any) -> Any:
    """How far each vector turns towards each other: turning[i, j]/(values[j] - values[i]).

    asked  for which vectors, as plain truth values

    Raises DerivativeError where one of them belongs to a repeated value.
    """
    factors, same = _inverse_gaps(xp, values)
    if ((same.sum(axis=-1) > 1) & asked).any():
        raise DerivativeError(
            f"{what} have no derivative at a repeated value, where any basis of its space would do; "
            f"its values have one together"
        )
    return turning * factors


def _columns_of(g: Array) -> Any:
    """Which columns an adjoint asks for."""
    return (plain(g) != 0).any(axis=-2)


def _all_of(t: Array) -> Any:
    """A tangent asks for all vectors of the matrices that it moves."""
    return (plain(t) != 0).any(axis=(-2, -1))[..., None]


EIGENVECTORS: Final = "eigenvectors"


def _eigenvalues_vjp(xp: Namespace, g: Array, y: Array, a: Array) -> Any:
    _refuse_apart("eigenvalue", y, _differ(g))
    v = xp.eigenvectors(a)
    return xp.matmul(v * _spread(xp, g), transposed(xp, v))


def _eigenvalues_jvp(xp: Namespace, t: Array, y: Array, a: Array) -> Any:
    v = xp.eigenvectors(a)
    moved = xp.matmul(symmetrized(xp, t), v)
    _refuse_apart("eigenvalue", y, _turned(np.swapaxes(plain(v), -1, -2) @ plain(moved)))
    return xp.sum(v * moved, axis=-2)


@operation(
    [_eigenvalues_vjp],
    [_eigenvalues_jvp],
    kinks="a is taken for symmetric: its derivative is, and a matrix that is not is refused; of a "
    "repeated value one copy apart from the others has no derivative and is refused, their sum has one",
)
def eigvalsh(xp: Namespace, a: Array) -> Any:
    """The eigenvalues of a symmetric matrix, ascending: a·vᵢ = yᵢ·vᵢ, ẏᵢ = vᵢᵀ·ȧ·vᵢ.

    a (…, n, n), y (…, n).

    >>> eigvalsh([[2.0, 0.0], [0.0, 1.0]])
    array([1., 2.])

    Raises ValueError (NumPy's LinAlgError) when a is not symmetric.
    """
    return np.linalg.eigvalsh(symmetric_part(a))


def _eigenvectors_vjp(xp: Namespace, g: Array, y: Array, a: Array) -> Any:
    turning = xp.matmul(transposed(xp, y), g)
    middle = _divided(xp, EIGENVECTORS, turning, xp.eigvalsh(a), _columns_of(g))
    return symmetrized(xp, xp.matmul(y, xp.matmul(middle, transposed(xp, y))))


def _eigenvectors_jvp(xp: Namespace, t: Array, y: Array, a: Array) -> Any:
    turning = xp.matmul(transposed(xp, y), xp.matmul(symmetrized(xp, t), y))
    return xp.matmul(y, _divided(xp, EIGENVECTORS, turning, xp.eigvalsh(a), _all_of(t)))


@operation(
    [_eigenvectors_vjp],
    [_eigenvectors_jvp],
    kinks="each vector's sign is NumPy's; at a repeated eigenvalue the derivative is refused",
)
def eigenvectors(xp: Namespace, a: Array) -> Any:
    """The eigenvectors of a symmetric matrix as columns, of length 1: v̇ⱼ = Σᵢ vᵢ·(vᵢᵀ·ȧ·vⱼ)/(yⱼ - yᵢ).

    The sum leaves out i = j; y are the eigenvalues, ascending. a, v (…, n, n).

    >>> abs(eigenvectors([[2.0, 0.0], [0.0, 1.0]]))
    array([[0., 1.],
           [1., 0.]])

    Raises ValueError (NumPy's LinAlgError) when a is not symmetric.
    """
    return np.linalg.eigh(symmetric_part(a))[1]


def _both_sides(xp: Namespace, a: Array) -> tuple[Any, Any]:
    return xp.singular_vectors(a, side="left"), xp.singular_vectors(a, side="right")


def _is_zero(values: Array) -> Any:
    """Which singular values count as 0."""
    numbers = plain(values)
    largest = numbers.max(axis=-1, keepdims=True, initial=0.0)
    return numbers <= APART * np.finfo(numbers.dtype).eps * largest


def _unsmooth_in(a: Array, at: Any) -> Any:
    return unsmooth_along(a, at.any(axis=-1)[..., None, None], axis=(-2, -1))


def _singular_values_vjp(xp: Namespace, g: Array, y: Array, a: Array) -> Any:
    _refuse_apart("singular value", y, _differ(g))
    u, v = _both_sides(xp, a)
    c = xp.matmul(u * _spread(xp, g), transposed(xp, v))
    at = _is_zero(y) & (moves(g) | (plain(g) != 0))
    return c + _unsmooth_in(a, at) if moves(a) and at.any() else c


def _singular_values_jvp(xp: Namespace, t: Array, y: Array, a: Array) -> Any:
    u, v = _both_sides(xp, a)
    moved = xp.matmul(t, v)
    _refuse_apart("singular value", y, _turned(np.swapaxes(plain(u), -1, -2) @ plain(moved)))
    c = xp.sum(u * moved, axis=-2)
    at = _is_zero(y) & (moves(t) | _all_of(t))
    if not moves(a) or not at.any():
        return c
    return c + xp.where(at, xp.sum(_unsmooth_in(a, at), axis=(-2, -1))[..., None], 0.0)


@operation(
    [_singular_values_vjp],
    [_singular_values_jvp],
    kinks="of a repeated value one copy apart from the others has no derivative and is refused; a value "
    "of 0 moves with the vectors that NumPy gave it, and there is no second derivative (nan)",
)
def svdvals(xp: Namespace, a: Array) -> Any:
    """The singular values, descending: a·vᵢ = yᵢ·uᵢ, ẏᵢ = uᵢᵀ·ȧ·vᵢ.

    a (…, m, n), y (…, min(m, n)).

    >>> svdvals([[0.0, 2.0], [1.0, 0.0]])
    array([2., 1.])
    """
    return np.linalg.svd(a, compute_uv=False)


def _sides(xp: Namespace, y: Array, a: Array, side: str, full: bool) -> tuple[Any, Any, Any]:
    """The values, the vectors of the other side, and a as a matrix whose left side is meant.

    Raises DerivativeError for vectors beyond min(m, n), and where they depend on a value that is 0.
    """
    m, n = shape_of(a)[-2:]
    if full and m != n:
        raise DerivativeError(
            "the vectors beyond the singular values are any basis of the rest and have no "
            "derivative: write svd(a, full_matrices=False)"
        )
    other = xp.singular_vectors(a, side="right" if side == "left" else "left")
    return xp.svdvals(a), other, a if side == "left" else transposed(xp, a)


def _outside(xp: Namespace, u: Array, m: Array, values: Array) -> Any:
    """What of m's columns lies outside those of u, divided by the singular values."""
    rows, columns = shape_of(u)[-2:]
    if rows == columns:
        return 0.0 * m
    if _is_zero(values).any():
        raise DerivativeError("singular vectors have no derivative where a singular value is 0")
    return (m - xp.matmul(u, xp.matmul(transposed(xp, u), m))) / _spread(xp, values)


SINGULAR: Final = "singular vectors"


def _vectors_vjp(
    xp: Namespace, g: Array, y: Array, a: Array, *, side: str = "left", full: bool = False
) -> Any:
    values, other, _ = _sides(xp, y, a, side, full)
    turning = xp.matmul(transposed(xp, y), g)
    middle = _divided(xp, SINGULAR, turning, values * values, _columns_of(g))
    inside = xp.matmul(y, (middle + transposed(xp, middle)) * _spread(xp, values))
    slope = xp.matmul(inside + _outside(xp, y, g, values), transposed(xp, other))
    return slope if side == "left" else transposed(xp, slope)


def _vectors_jvp(
    xp: Namespace, t: Array, y: Array, a: Array, *, side: str = "left", full: bool = False
) -> Any:
    values, other, _ = _sides(xp, y, a, side, full)
    moved = xp.matmul(t if side == "left" else transposed(xp, t), other)
    scaled = xp.matmul(transposed(xp, y), moved) * _spread(xp, values)
    turning = _divided(xp, SINGULAR, scaled + transposed(xp, scaled), values * values, _all_of(t))
    return xp.matmul(y, turning) + _outside(xp, y, moved, values)


@operation(
    [_vectors_vjp],
    [_vectors_jvp],
    kinks="each pair's sign is NumPy's; at a repeated value, and at 0 of a matrix that is not "
    "square, the derivative is refused",
)
def singular_vectors(xp: Namespace, a: Array, *, side: str = "left", full: bool = False) -> Any:
    """The singular vectors of one side as columns: a = Σᵢ sᵢ·uᵢ·vᵢᵀ; u is the left side, v the right.

    a (…, m, n), u (…, m, k), v (…, n, k) with k = min(m, n); with `full`, all m or n columns.

    >>> abs(singular_vectors([[0.0, 2.0], [1.0, 0.0]], side="right"))
    array([[0., 1.],
           [1., 0.]])

    Source: J. Townsend, "Differentiating the singular value decomposition" (2016).
    """
    u, _, vh = np.linalg.svd(a, full_matrices=full)
    return u if side == "left" else np.swapaxes(vh, -1, -2)
