"""From sympy: its matrices and the entries of arrays, with its own algebra on plain symbols as reference."""

import numpy as np
import pytest

from autograd_lite import (
    OperandError,
    ShapeError,
    Tensor,
    Value,
    jacobian,
)
from tests.viz.sympy_formulas import XYZ, S, k, x, y, z
from viz.symbols import lambdify

A, B = S.MatrixSymbol("A", 2, 2), S.MatrixSymbol("B", 2, 2)
u = S.MatrixSymbol("u", 2, 1)
OF_MATRICES = [
    A + B, 2 * A - B, A * B, x * A * B.T + B, A.inv(), A.inv() * B, A**3, A**-2, S.HadamardProduct(A, B),
    A + S.Identity(2), A + S.ones(2, 2), A * S.OneMatrix(2, 2) + S.ZeroMatrix(2, 2), A * u, u.T * A * u,
    S.Matrix([[x, y], [x * y, 1]]), S.Matrix([[x, 2], [y, x]]) * A, S.SparseMatrix(2, 2, {(0, 1): x}),
    S.Array([[x, y, 1], [x * y, x + y, 0]]),
]  # fmt: skip
NUMBERS_OF_MATRICES = [
    S.Trace(A * B), S.Determinant(A) * x, A[0, 1] * B[1, 0] + y, (u.T * A * u)[0, 0],
    S.Matrix([[x, y], [y, 2]]).det(), S.Trace(A.inv()) ** 2,
]  # fmt: skip
a_, b_ = np.array([[1.5, 0.4], [-0.3, 2.0]]), np.array([[0.5, -1.0], [2.5, 1.0]])
u_ = np.array([[0.7], [-0.2]])
GIVEN = (0.6, 1.1, a_, b_, u_)
NAMES = [x, y, A, B, u]


LETTERS = {s: S.Matrix(*s.shape, lambda i, j, s=s: S.Symbol(f"{s}_{i}{j}")) for s in (A, B, u)}
SCALARS = [x, y, *(letter for matrix in LETTERS.values() for letter in matrix)]
AT = dict(zip(SCALARS, (float(n) for g in GIVEN for n in np.ravel(g)), strict=True))


def entries_by_sympy(formula):
    """The same as sympy works it out for matrices of plain symbols, entry by entry."""
    found = S.sympify(formula).subs(LETTERS).doit()
    found = found.as_explicit() if isinstance(found, S.MatrixExpr) else found
    return found if hasattr(found, "shape") else S.Array(found)


def number(formula):
    return float(S.sympify(formula).subs(AT).evalf(30))


@pytest.mark.parametrize("formula", OF_MATRICES + NUMBERS_OF_MATRICES, ids=str)
def test_matrices_have_sympys_entries_and_right_derivatives(formula):
    f, entries = lambdify(NAMES, formula), entries_by_sympy(formula)
    shape = tuple(map(int, entries.shape))
    flat = S.flatten(entries) if shape else [entries[()]]
    right = np.reshape([number(entry) for entry in flat], shape)
    np.testing.assert_allclose(f(*GIVEN), right, rtol=1e-13, atol=1e-14)
    tensors = [Tensor(g, requires_grad=True) for g in GIVEN]
    result = f(*tensors)
    np.testing.assert_allclose(result.numpy(), right, rtol=1e-13, atol=1e-14)
    weights = np.cos(np.arange(1, right.size + 1)).reshape(shape)
    (result * weights).sum().backward()
    total = sum(
        (S.Float(w, 30) * e for w, e in zip(weights.ravel(), flat, strict=True)), S.Integer(0)
    )
    slopes = [number(total.diff(s)) for s in SCALARS]
    found = [np.zeros(t.shape) if t.grad is None else t.grad for t in tensors]
    np.testing.assert_allclose(
        np.concatenate([np.ravel(g) for g in found]), slopes, rtol=1e-12, atol=1e-13
    )


def test_a_matrix_of_values_is_a_list_of_nodes():
    a, b = Value(2.0), Value(3.0)
    found = lambdify([x, y], S.Matrix([[x, y], [x * y, 1]]))(a, b)
    assert found.shape == (2, 2)
    assert found[0, 0] is a
    found[1, 0].backward()
    assert (a.grad, b.grad) == (3.0, 2.0)
    product = lambdify([x, y], S.Matrix([[x, y]]) * S.Matrix([y, x]))(a, b)
    a.zero_grad()
    product[0, 0].backward()
    assert a.grad == 6.0
    with pytest.raises(OperandError, match="not both"):
        lambdify([x, y], S.Matrix([x, y]))(a, Tensor(1.0))


def test_sympys_jacobian_and_hessian_become_functions():
    """sympy's Jacobian matrix of f as a Tensor is the engine's own jacobian of f."""
    f = S.Matrix([x * S.sin(y), S.exp(x * y) + z])
    ours = jacobian(lambda v: lambdify(XYZ, f)(*v).reshape(2))(np.array([0.3, 0.7, 1.1]))
    theirs = lambdify(XYZ, f.jacobian(XYZ))(0.3, 0.7, 1.1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_a_sum_over_entries_of_an_array():
    v, w = S.IndexedBase("v"), S.IndexedBase("w", shape=(4,))
    f = lambdify([v, w], S.Sum(v[k] * w[k] ** 2, (k, 0, 3)))
    numbers = np.array([1.0, -2.0, 0.5, 3.0])
    t = Tensor(numbers, requires_grad=True)
    y_ = f(Tensor(numbers), t)
    assert y_.item() == pytest.approx((numbers**3).sum(), rel=1e-15)
    y_.backward()
    np.testing.assert_allclose(t.grad, 2 * numbers**2)
    assert f([1, 2, 3, 4], [1, 1, 1, 1]) == 10
    with pytest.raises(ShapeError, match=r"w has shape \(4,\).*\(3,\)"):
        f(numbers, numbers[:3])
