"""Rules of square matrices, alone or in stacks: inverse, linear systems, determinant, Cholesky factor."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.errors import MatrixError
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import Namespace, dispatched, plain
from autograd_lite.rules.rule import operation
from autograd_lite.rules.shape import shape_of


def transposed(xp: Namespace, a: Array) -> Any:
    """aᵀ of the last two axes."""
    return xp.swapaxes(a, -1, -2)


def _sandwich(xp: Namespace, a: Array, m: Array, b: Array) -> Any:
    return xp.matmul(a, xp.matmul(m, b))


def _inv_vjp(xp: Namespace, g: Array, y: Array, a: Array) -> Any:
    return -_sandwich(xp, transposed(xp, y), g, transposed(xp, y))


@operation(
    [_inv_vjp],
    [lambda xp, t, y, a: -_sandwich(xp, y, t, y)],
    latex="{{{0}}}^{{-1}}",
    kinks="a singular matrix has no inverse and is refused",
)
def inv(xp: Namespace, a: Array) -> Any:
    """The inverse of a matrix: a·y = 1, ẏ = -y·ȧ·y, Ā = -yᵀ·ȳ·yᵀ.

    a, y (…, n, n).

    >>> inv([[2.0, 0.0], [0.0, 4.0]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])

    Raises ValueError (NumPy's LinAlgError) when a is singular or not square.
    """
    return np.linalg.inv(a)


def _column(b: Array, x: Array) -> Any:
    """X as columns, where the right-hand side b is a vector."""
    return x[..., None] if len(shape_of(b)) == 1 else x


def _uncolumn(b: Array, x: Array) -> Any:
    return x[..., 0] if len(shape_of(b)) == 1 else x


def _solve_by_b(xp: Namespace, g: Array, y: Array, a: Array, b: Array) -> Any:
    return _uncolumn(b, xp.solve(transposed(xp, a), _column(b, g)))


def _solve_by_a(xp: Namespace, g: Array, y: Array, a: Array, b: Array) -> Any:
    w = xp.solve(transposed(xp, a), _column(b, g))
    return -xp.matmul(w, transposed(xp, _column(b, y)))


@operation(
    [_solve_by_a, _solve_by_b],
    [
        lambda xp, t, y, a, b: -_uncolumn(b, xp.solve(a, xp.matmul(t, _column(b, y)))),
        lambda xp, t, y, a, b: xp.solve(a, t),
    ],
    latex="{{{0}}}^{{-1}} {1}",
    kinks="a singular matrix has no solution and is refused",
)
def solve(xp: Namespace, a: Array, b: Array) -> Any:
    """The solution of linear systems: a·y = b; b̄ = a⁻ᵀ·ȳ, Ā = -b̄·yᵀ.

    a (…, n, n), b (n,) or (…, n, k), y as b.

    >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0])
    array([1. , 0.5])

    Raises ValueError (NumPy's LinAlgError) when a is singular or not square.
    """
    return np.linalg.solve(a, b)


REGULAR: Final = 1e8
"""Up to this condition number the cofactors are those of the inverse; beyond, those of the minors."""
FEW: Final = 4
"""Up to this many rows minors are cheap: they hold at every scale, of whatever order the derivative is."""


def _cofactors(xp: Namespace, y: Array, a: Array) -> Any:
    """∂det/∂a[i, j] = (-1)^(i+j)·det(a without row i and column j), exact for singular matrices too."""
    numbers = plain(a)
    regular = numbers.size == 0 or (np.linalg.cond(numbers) < REGULAR).all()
    if regular and _is_ordinary(plain(y)):
        return xp.expand_dims(y, (-2, -1)) * transposed(xp, xp.inv(a))
    if regular and numbers.shape[-1] > FEW:
        return _scaled_cofactors(xp, a)
    return _minors(xp, a)


def _is_ordinary(y: Array) -> bool:
    """Whether determinants are so far from 0 and from inf that their products with inverses are so too."""
    smallest = np.finfo(np.asarray(y).dtype).tiny ** (1 / 3)
    return bool(((abs(y) > smallest) & (abs(y) < 1.0 / smallest)).all())


def _scaled_cofactors(xp: Namespace, a: Array) -> Any:
    """The cofactors of a = 2ᵏ·b, 2ᵏ⁽ⁿ⁻¹⁾ times those of b, whose determinant is near 1."""
    n, numbers = shape_of(a)[-1], plain(a)
    k = np.rint(np.linalg.slogdet(numbers)[1] / (n * np.log(2.0)))[..., None, None]
    b = a * np.exp2(-k).astype(numbers.dtype)
    c = xp.expand_dims(xp.det(b), (-2, -1)) * transposed(xp, xp.inv(b))
    with np.errstate(over="ignore"):
        return c * np.exp2(k * (n - 1)).astype(numbers.dtype)


def _minors(xp: Namespace, a: Array) -> Any:
    n = shape_of(a)[-1]
    others = np.array([[j for j in range(n) if j != i] for i in range(n)], int).reshape(n, n - 1)
    minors = a[..., others[:, None, :, None], others[None, :, None, :]]
    signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
    return xp.det(minors) * signs.astype(plain(a).dtype)


@operation(
    [lambda xp, g, y, a: xp.expand_dims(g, (-2, -1)) * _cofactors(xp, y, a)],
    [lambda xp, t, y, a: xp.sum(t * _cofactors(xp, y, a), axis=(-2, -1))],
    latex=r"\det {0}",
)
def det(xp: Namespace, a: Array) -> Any:
    """The determinant: y = det a, ∂y/∂a = the cofactors y·a⁻ᵀ, also where a is singular.

    a (…, n, n), y (…).

    >>> round(float(det([[2.0, 1.0], [1.0, 4.0]])), 12)
    7.0

    Raises ValueError (NumPy's LinAlgError) when a is not square.
    """
    return np.linalg.det(a)


def _inverse_transposed(xp: Namespace, a: Array) -> Any:
    try:
        return transposed(xp, xp.inv(a))
    except np.linalg.LinAlgError as error:
        raise MatrixError(f"log|det a| has no derivative at a singular matrix ({error})") from None


@operation(
    [lambda xp, g, y, a: xp.expand_dims(g, (-2, -1)) * _inverse_transposed(xp, a)],
    [lambda xp, t, y, a: xp.sum(t * _inverse_transposed(xp, a), axis=(-2, -1))],
    latex=r"\log\left|\det {0}\right|",
    kinks="-inf at a singular matrix (a pole), whose derivative is refused",
)
def logabsdet(xp: Namespace, a: Array) -> Any:
    """The logarithm of the determinant's size: y = log|det a|, ∂y/∂a = a⁻ᵀ, without overflow.

    a (…, n, n), y (…).

    >>> float(logabsdet([[2.0, 0.0], [0.0, 0.5]]))
    0.0

    Raises ValueError (NumPy's LinAlgError) when a is not square.
    """
    return np.linalg.slogdet(a)[1]


ASYMMETRY: Final = 0.05
"""How far from symmetric, in parts of its largest entry, a matrix is still taken for a symmetric one."""


@dispatched
def symmetric_part(a: Array) -> Any:
    """(a + aᵀ)/2, where a is symmetric but for rounding or a small step away.

    Raises ValueError for a matrix that is clearly not symmetric.
    """
    a = np.asarray(a)
    other = np.swapaxes(a, -1, -2)
    if np.max(abs(a - other), initial=0.0) > ASYMMETRY * np.max(abs(a), initial=0.0):
        raise np.linalg.LinAlgError(
            "the matrix is not symmetric: write (a + a.T)/2 for its symmetric part, or tril(a) + "
            "tril(a, -1).T for what its lower triangle says"
        )
    return 0.5 * (a + other)


def _half(xp: Namespace, m: Array) -> Any:
    """The lower triangle with half the diagonal: Φ(s) + Φ(s)ᵀ = s for a symmetric s."""
    n, dtype = shape_of(m)[-1], plain(m).dtype
    return m * (np.tril(np.ones((n, n), dtype)) - 0.5 * np.eye(n, dtype=dtype))


def symmetrized(xp: Namespace, m: Array) -> Any:
    """(m + mᵀ)/2, recorded."""
    return 0.5 * (m + transposed(xp, m))


def _cholesky_vjp(xp: Namespace, g: Array, y: Array, a: Array) -> Any:
    inverse = xp.inv(y)
    middle = symmetrized(xp, _half(xp, xp.matmul(transposed(xp, y), xp.tril(g))))
    return _sandwich(xp, transposed(xp, inverse), middle, inverse)


def _cholesky_jvp(xp: Namespace, t: Array, y: Array, a: Array) -> Any:
    inverse = xp.inv(y)
    middle = _sandwich(xp, inverse, symmetrized(xp, t), transposed(xp, inverse))
    return xp.matmul(y, _half(xp, middle))


@operation(
    [_cholesky_vjp],
    [_cholesky_jvp],
    kinks="a is taken for symmetric: its derivative is, and a matrix that is not is refused",
)
def cholesky(xp: Namespace, a: Array) -> Any:
    """The Cholesky factor: the lower triangle y with y·yᵀ = a, for a symmetric positive definite.

    ẏ = y·Φ(y⁻¹·ȧ·y⁻ᵀ), where Φ takes the lower triangle with half the diagonal. a, y (…, n, n).

    >>> cholesky([[4.0, 2.0], [2.0, 5.0]])
    array([[2., 0.],
           [1., 2.]])

    Raises ValueError (NumPy's LinAlgError) when a is not positive definite.

    Source: I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
    """
    return np.linalg.cholesky(symmetric_part(a))


def _rest(xp: Namespace, p: Any) -> Any:
    """1 - p, for a square p."""
    return np.eye(shape_of(p)[-1], dtype=plain(p).dtype) - p


def _pinv_terms(xp: Namespace, m: Array, y: Array, a: Array, *, rcond: float | None = None) -> Any:
    """ẏ for ȧ = m, of a rank that does not change."""
    yt, mt = transposed(xp, y), transposed(xp, m)
    outside, inside = _rest(xp, xp.matmul(a, y)), _rest(xp, xp.matmul(y, a))
    by_rows = _sandwich(xp, xp.matmul(y, yt), mt, outside)
    by_columns = _sandwich(xp, inside, mt, xp.matmul(yt, y))
    return by_rows + by_columns - _sandwich(xp, y, m, y)


def _pinv_vjp(xp: Namespace, g: Array, y: Array, a: Array, *, rcond: float | None = None) -> Any:
    # the tangent map of the transposed matrix is the transpose of this one
    return _pinv_terms(xp, g, transposed(xp, y), transposed(xp, a))


@operation(
    [_pinv_vjp],
    [_pinv_terms],
    latex="{{{0}}}^{{+}}",
    kinks="where the rank changes y jumps; the derivative is that of a constant rank",
)
def pinv(xp: Namespace, a: Array, *, rcond: float | None = None) -> Any:
    """The pseudoinverse y: a·y·a = a, y·a·y = y, and a·y and y·a symmetric.

    ẏ = -y·ȧ·y + y·yᵀ·ȧᵀ·(1 - a·y) + (1 - y·a)·ȧᵀ·yᵀ·y. a (…, m, n), y (…, n, m); singular values
    below `rcond` times the largest count as 0.

    >>> pinv([[2.0], [0.0]])
    array([[0.5, 0. ]])

    Source: G. H. Golub and V. Pereyra, SIAM Journal on Numerical Analysis 10 (1973), page 413.
    """
    return np.linalg.pinv(a) if rcond is None else np.linalg.pinv(a, rcond)
