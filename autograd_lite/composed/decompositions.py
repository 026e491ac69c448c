"""Decompositions of matrices under NumPy's names: Cholesky, eigenvalues, singular values.

Matrices stand in the last two axes; all others are a stack of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograd_lite.arguments import explained
from autograd_lite.composed.products import matrix_transpose
from autograd_lite.operands import Numbers
from autograd_lite.rules import linear_solvers, selection, spectral
from autograd_lite.rules.linalg import tril, triu
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import moves_in_program


@cache
def _results() -> tuple[Any, Any]:
    """NumPy's own classes of what `eigh` and `svd` return."""
    one = np.eye(1)
    return type(np.linalg.eigh(one)), type(np.linalg.svd(one))


@explained
def slogdet(a: Numbers) -> Any:
    """Sign and logarithm of the size of the determinant; the sign is a plain number, on no graph.

    >>> [float(part) for part in slogdet([[-1.0, 0.0], [0.0, 1.0]])]
    [-1.0, 0.0]

    Raises MatrixError when a is not square.
    """
    found = np.linalg.slogdet(plain(a))._replace(logabsdet=linear_solvers.logabsdet(a))
    return (
        found._replace(sign=selection.sign(linear_solvers.det(a))) if moves_in_program(a) else found
    )


@explained
def cholesky(a: Numbers, *, upper: bool = False) -> Any:
    """The Cholesky factor L of symmetric positive definite matrices: a = L·Lᵀ; `upper` gives Lᵀ.

    The derivative takes a for symmetric, and is symmetric itself.

    >>> cholesky([[4.0, 2.0], [2.0, 5.0]])
    array([[2., 0.],
           [1., 2.]])

    Raises MatrixError when a is not positive definite, or not symmetric.
    """
    factor = linear_solvers.cholesky(a)
    return matrix_transpose(factor) if upper else factor


def _symmetric(a: Numbers, UPLO: str | None) -> Any:
    """What one triangle of a says; without UPLO all of a, which must then be symmetric."""
    if UPLO is None:
        return a
    if UPLO not in ("L", "U", "l", "u"):
        raise ValueError(f"UPLO={UPLO!r} is neither 'L' nor 'U'")
    lower = UPLO in "Ll"
    half, rest = (tril(a), tril(a, k=-1)) if lower else (triu(a), triu(a, k=1))
    return half + matrix_transpose(rest)


@explained
def eigh(a: Numbers, UPLO: str | None = None) -> Any:
    """Eigenvalues, ascending, and eigenvectors, as columns, of symmetric matrices.

    UPLO  "L" or "U" to read that triangle alone; None reads all of a, and the derivative is symmetric

    >>> w, v = eigh([[2.0, 0.0], [0.0, 1.0]])
    >>> w
    array([1., 2.])

    Raises MatrixError when a is not symmetric; DerivativeError when a derivative by way of the vectors is
    asked for where an eigenvalue is repeated.
    """
    a = _symmetric(a, UPLO)
    return _results()[0](spectral.eigvalsh(a), spectral.eigenvectors(a))


@explained
def eigvalsh(a: Numbers, UPLO: str | None = None) -> Any:
    """The eigenvalues of symmetric matrices, ascending; UPLO is that of `eigh`.

    >>> eigvalsh([[2.0, 0.0], [0.0, 1.0]])
    array([1., 2.])

    Raises MatrixError when a is not symmetric.
    """
    return spectral.eigvalsh(_symmetric(a, UPLO))


@explained
def svd(a: Numbers, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """The singular value decomposition a = U·diag(S)·Vh, S descending; S alone without compute_uv.

    full_matrices  whether U and Vh are square; the vectors beyond S have no derivative

    >>> svd([[0.0, 2.0], [1.0, 0.0]]).S
    array([2., 1.])

    Raises DerivativeError when a derivative by way of the vectors is asked for where a singular value is
    repeated, or by way of vectors beyond S.
    """
    values = spectral.svdvals(a)
    if not compute_uv:
        return values
    left = spectral.singular_vectors(a, side="left", full=full_matrices)
    right = spectral.singular_vectors(a, side="right", full=full_matrices)
    return _results()[1](left, values, matrix_transpose(right))


@explained
def svdvals(a: Numbers) -> Any:
    """The singular values of matrices, descending.

    >>> svdvals([[0.0, 2.0], [1.0, 0.0]])
    array([2., 1.])
    """
    return spectral.svdvals(a)
