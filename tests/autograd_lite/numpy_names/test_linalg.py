"""Linear algebra against PyTorch, and where a derivative does not exist, a refusal that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, grad, hessian, jvp, linalg
from autograd_lite.errors import DerivativeError, MatrixError, OperandError, ShapeError
from tests.autograd_lite.rules.cases import numbers

torch = pytest.importorskip("torch")

X = numbers(2, 3, 3, seed=8)
WEIGHT = numbers(2, 3, 3, seed=9)


def definite(x: Any) -> Any:
    """Symmetric positive definite matrices, with eigenvalues that are apart."""
    eye = np.diag([1.0, 4.0, 9.0])
    return x @ x.swapaxes(-1, -2) + (eye if not isinstance(x, torch.Tensor) else torch.tensor(eye))


SAME: dict[str, Callable[[Any, Any], Any]] = {
    "inv": lambda la, x: la.inv(definite(x)),
    "det": lambda la, x: la.det(x),
    "logabsdet": lambda la, x: la.slogdet(x)[1],
    "solve": lambda la, x: la.solve(definite(x), x),
    "cholesky": lambda la, x: la.cholesky(definite(x)),
    "eigenvalues": lambda la, x: la.eigh(definite(x))[0],
    "projections": lambda la, x: la.eigh(definite(x))[1] ** 2,
    "eigvalsh": lambda la, x: la.eigvalsh(definite(x)),
    "svdvals": lambda la, x: la.svdvals(x),
    "singular vectors": lambda la, x: la.svd(x)[0] ** 2 * la.svd(x)[2] ** 2,
    "pinv": lambda la, x: la.pinv(x[..., :2]),
    "matrix_power": lambda la, x: la.matrix_power(x, 3),
    "multi_dot": lambda la, x: la.multi_dot([x[0], x[1], x[0]]),
    "cond": lambda la, x: la.cond(x),
    "nuclear norm": lambda la, x: la.matrix_norm(x, ord="nuc"),
    "largest singular value": lambda la, x: la.matrix_norm(x, ord=2),
    "vector_norm": lambda la, x: la.vector_norm(x, ord=3),
}


@pytest.mark.parametrize("name", SAME)
def test_values_gradients_and_hessian_products_are_torchs(name: str) -> None:
    def ours(x: Any) -> Any:
        y = SAME[name](linalg, x)
        return (y * WEIGHT.reshape(-1)[: y.size].reshape(y.shape)).sum()

    def theirs(x: Any) -> Any:
        y = SAME[name](torch.linalg, x)
        return (y * torch.tensor(WEIGHT).reshape(-1)[: y.numel()].reshape(y.shape)).sum()

    x, direction = torch.tensor(X, requires_grad=True), numbers(*X.shape, seed=10)
    (slope,) = torch.autograd.grad(theirs(x), x, create_graph=True)
    (bend,) = torch.autograd.grad((slope * torch.tensor(direction)).sum(), x)
    np.testing.assert_allclose(grad(ours)(X), slope.detach().numpy(), rtol=1e-9, atol=1e-9)
    _, tangent = jvp(grad(ours), (X,), (direction,))
    np.testing.assert_allclose(tangent, bend.numpy(), rtol=1e-7, atol=1e-7)


# --- where there is none -------------------------------------------------------------------------


def test_a_derivative_by_vectors_of_a_repeated_eigenvalue_is_refused() -> None:
    with pytest.raises(DerivativeError, match="eigenvectors have no derivative at a repeated"):
        grad(lambda a: linalg.eigh(a).eigenvectors[0, 0])(np.eye(2))
    with pytest.raises(DerivativeError, match="eigenvectors have no derivative at a repeated"):
        jvp(
            lambda a: linalg.eigh(a).eigenvectors,
            (np.eye(2),),
            (np.array([[0.0, 1.0], [1.0, 0.0]]),),
        )
    with pytest.raises(DerivativeError, match="singular vectors have no derivative at a repeated"):
        grad(lambda a: linalg.svd(a).U[0, 0])(np.eye(2))


def test_eigenvalues_have_a_derivative_where_they_are_repeated() -> None:
    """Their sum is the trace; its second derivative goes by way of the vectors."""
    np.testing.assert_allclose(grad(lambda a: linalg.eigvalsh(a).sum())(np.eye(3)), np.eye(3))
    with pytest.raises(DerivativeError, match="its values have one"):
        hessian(lambda a: linalg.eigvalsh(a).sum())(np.eye(2))


def test_vectors_of_other_eigenvalues_have_a_derivative() -> None:
    """a = diag(1, 1, 3): only the last vector is asked for; v̇₀ = ȧ₀₂/(3 - 1), half by either entry."""
    slope = grad(lambda a: linalg.eigh(a).eigenvectors[0, 2])(np.diag([1.0, 1.0, 3.0]))
    wanted = np.zeros((3, 3))
    wanted[0, 2] = wanted[2, 0] = 0.25
    np.testing.assert_allclose(abs(slope), wanted, atol=1e-12)


def test_vectors_beyond_the_singular_values_have_none() -> None:
    with pytest.raises(DerivativeError, match="full_matrices=False"):
        grad(lambda a: linalg.svd(a).U[0, 0])(numbers(3, 2))
    assert linalg.svd(Tensor(numbers(3, 2), requires_grad=True)).U.shape == (3, 3)


def test_a_determinant_of_a_singular_matrix_moves_with_its_cofactors() -> None:
    a = np.array([[1.0, 2.0], [2.0, 4.0]])
    np.testing.assert_allclose(grad(linalg.det)(a), [[4.0, -2.0], [-2.0, 1.0]])
    np.testing.assert_array_equal(grad(linalg.det)(np.zeros((3, 3))), np.zeros((3, 3)))


@pytest.mark.parametrize(
    "call", [linalg.inv, linalg.slogdet, lambda a: linalg.solve(a, np.ones(2))]
)
def test_a_singular_matrix_is_refused_as_numpy_refuses_it(call: Callable[..., Any]) -> None:
    with pytest.raises(np.linalg.LinAlgError, match="ingular") as caught:
        grad(lambda a: call(a)[1].sum())(np.ones((2, 2)))
    assert isinstance(caught.value, MatrixError)


def test_a_matrix_that_is_not_symmetric_or_not_definite_is_refused() -> None:
    skew = Tensor([[1.0, 2.0], [0.0, 1.0]], requires_grad=True)
    for call in (linalg.eigh, linalg.eigvalsh, linalg.cholesky):
        with pytest.raises(MatrixError, match=r"not symmetric: write \(a \+ a.T\)/2"):
            call(skew)
    with pytest.raises(MatrixError, match="positive definite"):
        linalg.cholesky(Tensor(-np.eye(2), requires_grad=True))
    with pytest.raises(MatrixError, match="square"):
        linalg.inv(Tensor(np.ones((2, 3)), requires_grad=True))


def test_other_arguments_that_do_not_fit_are_refused() -> None:
    a = Tensor(np.eye(2), requires_grad=True)
    with pytest.raises(ShapeError, match="UPLO='X' is neither"):
        linalg.eigh(a, "X")
    with pytest.raises(ShapeError, match="two names for one number"):
        linalg.pinv(a, 0.1, rtol=0.1)
    with pytest.raises(OperandError, match="whole number"):
        linalg.matrix_power(a, 0.5)
    with pytest.raises(OperandError, match="hermitian: leave it out"):
        np.linalg.svd(a, hermitian=True)


# --- repeated values -----------------------------------------------------------------------------

TURN = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])
TWICE = TURN @ np.diag([2.0, 2.0, 5.0]) @ TURN.T
VALUES = {"eigvalsh": linalg.eigvalsh, "svdvals": linalg.svdvals}
TOGETHER = {
    "sum": (lambda y: y.sum(), np.eye(3)),
    "sum of squares": (lambda y: (y * y).sum(), 2.0 * TWICE),
    "sum of logarithms": (lambda y: np.log(y).sum(), np.linalg.inv(TWICE)),
}


@pytest.mark.parametrize("name", VALUES)
def test_one_copy_of_a_repeated_value_has_no_derivative(name: str) -> None:
    f, first = VALUES[name], 0 if name == "eigvalsh" else 1
    for i in (first, first + 1):
        with pytest.raises(DerivativeError, match="one copy of a repeated"):
            grad(lambda a, i=i: f(a)[i])(TWICE)
    parting = TURN @ np.diag([1.0, -1.0, 0.0]) @ TURN.T
    with pytest.raises(DerivativeError, match="one copy of a repeated"):
        jvp(lambda a: f(a)[first], (TWICE,), (parting,))


@pytest.mark.parametrize("of", TOGETHER)
@pytest.mark.parametrize("name", VALUES)
def test_what_treats_copies_alike_has_the_matrix_functions_derivative(name: str, of: str) -> None:
    """Of f(a) = Σ h(yᵢ) it is h'(a), a function of the matrix."""
    h, wanted = TOGETHER[of]
    np.testing.assert_allclose(grad(lambda a: h(VALUES[name](a)))(TWICE), wanted, atol=1e-12)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_apart_from_repeated_ones_and_a_move_of_all_alike_have_derivatives(
    name: str,
) -> None:
    f, last = VALUES[name], 2 if name == "eigvalsh" else 0
    wanted = np.zeros((3, 3))
    wanted[2, 2] = 1.0
    np.testing.assert_allclose(grad(lambda a: f(a)[last])(TWICE), wanted, atol=1e-12)
    np.testing.assert_allclose(jvp(f, (TWICE,), (np.eye(3),))[1], np.ones(3), atol=1e-12)


# --- determinants far from 1 ---------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-308, 1e-200, 1e-155, 1e-100, 1e100, 1e150, 1e300])
def test_a_determinant_beyond_the_floats_has_its_cofactors(scale: float) -> None:
    a = scale * np.array([[3.0, 1.0], [2.0, 4.0]])
    cofactors = scale * np.array([[4.0, -2.0], [-1.0, 3.0]])
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(grad(linalg.det)(a), cofactors, rtol=1e-12)
        pushed = jvp(linalg.det, (a,), (np.array([[0.5, 0.0], [0.0, 0.25]]),))[1]
        curvature = hessian(linalg.det)(a).reshape(4, 4)
    np.testing.assert_allclose(pushed, 2.75 * scale, rtol=1e-12)
    np.testing.assert_allclose(curvature, np.fliplr(np.diag([1.0, -1.0, -1.0, 1.0])), atol=1e-12)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_a_determinant_beyond_float32_has_its_cofactors(scale: float) -> None:
    a = np.diag([3.0, 4.0]).astype("f") * np.float32(scale)
    with np.errstate(over="ignore"):
        found = grad(linalg.det)(a)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, scale * np.diag([4.0, 3.0]), rtol=1e-6)


@pytest.mark.parametrize(
    ("n", "scale"), [(3, 1e-100), (6, 1e-60), (6, 1e55), (5, 1e70), (30, 1e-9)]
)
def test_large_and_small_determinants_have_mpmaths_cofactors(n: int, scale: float) -> None:
    mpmath = pytest.importorskip("mpmath")
    a = numbers(n, n) * scale
    with mpmath.workdps(60), np.errstate(over="ignore"):
        exact = mpmath.matrix(a.tolist())
        cofactors = mpmath.det(exact) * mpmath.inverse(exact).T
        wanted = np.array(cofactors.tolist(), dtype=float)
        np.testing.assert_allclose(grad(linalg.det)(a), wanted, rtol=1e-9)
        rest = np.delete(np.delete(a, [0, 1], 0), [0, 1], 1)  # ∂²det/∂a₀₀∂a₁₁
        minor = float(mpmath.det(mpmath.matrix(rest.tolist())))
        np.testing.assert_allclose(hessian(linalg.det)(a)[0, 0, 1, 1], minor, rtol=1e-9)
