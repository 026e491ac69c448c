"""Variance, standard deviation, norm: degrees of freedom, zero vectors, the norms of a vector."""

import math

import mpmath
import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor
from autograd_lite.errors import ShapeError
from tests.autograd_lite.rules.references import gradient, of_mpmath, of_tensor, tangent

X = np.array([[1.0, 4.0, -2.0], [0.5, 3.0, 3.0]])


@pytest.mark.parametrize("ddof", [0, 1, 2])
@pytest.mark.parametrize(("f", "numpys"), [(ag.var, np.var), (ag.std, np.std)])
def test_degrees_of_freedom_are_numpys(f, numpys, ddof):
    for axis in (None, 1):
        np.testing.assert_allclose(
            f(Tensor(X), axis=axis, ddof=ddof).numpy(), numpys(X, axis=axis, ddof=ddof), rtol=1e-14
        )


def test_the_gradient_of_a_variance_is_its_closed_form():
    for ddof in (0, 1):
        centred = X - X.mean(1, keepdims=True)
        expected = 2 * centred / (3 - ddof)
        found = gradient(lambda x, d=ddof: ag.var(x, axis=1, ddof=d), X)
        np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_the_hessian_of_a_variance_is_twice_the_centring_matrix():
    x = Tensor([1.0, 4.0, -2.0], requires_grad=True)
    first = Tape(ag.var(x)).adjoints(graph=True)[x]
    hessian = [Tape(first[i]).adjoints()[x] for i in range(3)]
    np.testing.assert_allclose(hessian, 2 / 3 * (np.eye(3) - 1 / 3), atol=1e-15)


def along(f, x, direction):
    """s ↦ f(x + s·direction), a function of one number."""
    return lambda s: f(s * np.array(direction) + np.array(x))


DIRECTION = [0.5, -1.0, 2.0]
MPMATHS = {
    "var": lambda x: sum((v - sum(x) / 3) ** 2 for v in x) / 3,
    "std": lambda x: mpmath.sqrt(sum((v - sum(x) / 3) ** 2 for v in x) / 3),
    "norm": lambda x: mpmath.sqrt(sum(v * v for v in x)),
    "logsumexp": lambda x: mpmath.log(sum(map(mpmath.exp, x))),
    "prod": lambda x: x[0] * x[1] * x[2],
    "mean": lambda x: sum(x) / 3,
}


@pytest.mark.parametrize("name", MPMATHS)
def test_derivatives_along_a_line_up_to_the_third_are_those_of_mpmath(name):
    for row in X:
        expected = of_mpmath(along(MPMATHS[name], list(map(mpmath.mpf, row)), DIRECTION), 0.3)
        found = of_tensor(along(getattr(ag, name), row, DIRECTION), 0.3)
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_a_length_does_not_move_at_zero():
    """norm'(0) = 0, and so for a standard deviation of equal entries; nan in many engines."""
    zero = np.zeros((2, 3))
    for f in (ag.norm, ag.std):
        np.testing.assert_array_equal(gradient(lambda x, f=f: f(x, axis=1), zero), zero)
        np.testing.assert_array_equal(tangent(f, zero, np.ones((2, 3))), 0.0)
    for order in (1, np.inf):
        np.testing.assert_array_equal(
            gradient(lambda x, o=order: ag.norm(x, o, axis=1), zero), zero
        )


def test_one_zero_vector_among_others_disturbs_nobody():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(gradient(lambda t: ag.norm(t, axis=1), x), [[0.0, 0.0], [0.6, 0.8]])


def test_one_entry_has_no_spread():
    np.testing.assert_array_equal(gradient(ag.var, [5.0]), [0.0])
    np.testing.assert_array_equal(gradient(ag.std, [5.0]), [0.0])


@pytest.mark.parametrize("order", [None, 1, 2, np.inf])
@pytest.mark.parametrize("axis", [0, -1])
def test_norms_of_vectors_are_numpys(order, axis):
    expected = np.linalg.norm(X, order, axis, keepdims=True)
    np.testing.assert_allclose(ag.norm(X, order, axis, True), expected, rtol=1e-15)
    np.testing.assert_allclose(
        np.linalg.norm(Tensor(X), order, axis, True).numpy(), expected, rtol=1e-15
    )


def test_without_an_order_the_norm_of_a_matrix_is_frobenius():
    assert ag.norm(X) == pytest.approx(np.linalg.norm(X), rel=1e-15)
    np.testing.assert_allclose(gradient(ag.norm, X), X / np.linalg.norm(X), rtol=1e-15)


def test_gradients_of_the_other_norms():
    x = [[3.0, -4.0, 0.0], [2.0, -2.0, 1.0]]
    by_one = gradient(lambda t: ag.norm(t, 1, axis=1), x)
    np.testing.assert_array_equal(by_one, [[1.0, -1.0, 0.0], [1.0, -1.0, 1.0]])
    by_largest = gradient(lambda t: ag.norm(t, math.inf, axis=1), x)
    np.testing.assert_array_equal(by_largest, [[0.0, -1.0, 0.0], [0.5, -0.5, 0.0]])


def test_what_is_no_norm_of_a_vector_is_refused():
    matrix = Tensor(np.ones((2, 2)), name="A")
    for order, axis in ((3, None), (0, None), (3, (0, 1))):
        with pytest.raises(ShapeError, match=r"norm\(.*is for vectors.*A \(node"):
            ag.norm(matrix, order, axis)
    for order in ("fro", "nuc"):
        with pytest.raises(ShapeError, match=r"norm\(.*is for matrices"):
            ag.norm(matrix, order, axis=0)


@pytest.mark.parametrize("f", [ag.var, ag.std])
def test_too_few_entries_for_the_degrees_of_freedom_are_refused(f):
    with pytest.raises(ShapeError, match="ddof=1 takes more than 1 entries, not 1"):
        f(Tensor([[1.0], [2.0]]), axis=1, ddof=1)
