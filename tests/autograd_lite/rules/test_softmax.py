"""Softmax and its relatives: against SciPy, at ±1000, with entries of -inf, in every order."""

import math

import mpmath
import numpy as np
import pytest
from scipy import special

import autograd_lite as ag
from autograd_lite import Tape, Tensor
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.references import gradient, of_tensor, tangent

X = numbers(2, 3, 4, low=-5.0, high=5.0)
LARGE = np.array([[1000.0, -1000.0, 999.0], [-1000.0, -1000.0, -1000.0], [1000.0, 1000.0, 1000.0]])


@pytest.mark.parametrize(
    "x", [X, LARGE, LARGE - 5000, LARGE * 1e5], ids=["usual", "1000", "-4000", "1e8"]
)
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)], ids=str)
def test_values_are_those_of_scipy(x, axis):
    for f, scipys in (
        (ag.logsumexp, special.logsumexp),
        (ag.softmax, special.softmax),
        (ag.log_softmax, special.log_softmax),
    ):
        expected = scipys(x, axis=axis)
        # near 0 SciPy's log_softmax is a difference of larger numbers
        close = {"rtol": 1e-14, "atol": 1e-15 if f is ag.log_softmax else 1e-300}
        np.testing.assert_allclose(f(x, axis=axis), expected, **close)
        np.testing.assert_allclose(f(Tensor(x), axis=axis).numpy(), expected, **close)
    expected = special.logsumexp(x, axis=axis, keepdims=True)
    np.testing.assert_allclose(ag.logsumexp(x, axis=axis, keepdims=True), expected, rtol=1e-14)


def test_the_axis_is_the_last_one_for_shares_and_all_for_the_sum():
    np.testing.assert_array_equal(ag.softmax(X), ag.softmax(X, -1))
    np.testing.assert_array_equal(ag.log_softmax(X), ag.log_softmax(X, 2))
    assert ag.logsumexp(X).shape == ()


def jacobian(f, x):
    leaf = Tensor(x, requires_grad=True)
    y = f(leaf)
    return np.array([Tape(y).adjoints(row)[leaf] for row in np.eye(y.size)])


def forward_jacobian(f, x):
    return np.transpose([tangent(f, x, column) for column in np.eye(len(x))])


@pytest.mark.parametrize("sweep", [jacobian, forward_jacobian])
def test_jacobians_are_their_closed_forms(sweep):
    x = X[0, 0]
    p = special.softmax(x)
    np.testing.assert_allclose(sweep(ag.softmax, x), np.diag(p) - np.outer(p, p), atol=1e-15)
    np.testing.assert_allclose(sweep(ag.log_softmax, x), np.eye(4) - p, atol=1e-15)


def test_the_gradient_of_logsumexp_is_softmax_and_its_hessian_softmaxs_jacobian():
    x = Tensor(X[0, 0], requires_grad=True)
    first = Tape(ag.logsumexp(x)).adjoints(graph=True)[x]
    p = special.softmax(X[0, 0])
    np.testing.assert_allclose(first.numpy(), p, rtol=1e-14)
    hessian = [Tape(first[i]).adjoints()[x] for i in range(4)]
    np.testing.assert_allclose(hessian, np.diag(p) - np.outer(p, p), atol=1e-15)


@pytest.mark.parametrize(
    ("f", "entry"),
    [(ag.softmax, lambda e, s: e / s), (ag.log_softmax, lambda e, s: mpmath.log(e / s))],
)
def test_derivatives_of_an_entry_along_a_line_up_to_the_third(f, entry):
    x, direction = [0.3, -1.0, 0.8], [1.0, 2.0, -0.5]

    def reference(s):
        exps = [mpmath.exp(v + s * d) for v, d in zip(x, direction, strict=True)]
        return entry(exps[1], sum(exps))

    with mpmath.workdps(60):
        expected = [float(mpmath.diff(reference, mpmath.mpf("0.3"), n)) for n in range(4)]
    found = of_tensor(lambda s: f(s * np.array(direction) + np.array(x))[1], 0.3)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gradients_at_1000_are_exact_and_quiet(dtype):
    x = LARGE.astype(dtype)
    thirds = [1 / 3] * 3
    e = math.exp(-1)
    shares = [[1 / (1 + e), 0.0, e / (1 + e)], thirds, thirds]
    for f in (lambda t: ag.logsumexp(t, axis=1), lambda t: -ag.log_softmax(t)[:, 1] + t[:, 1]):
        found = gradient(f, x)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, shares, rtol=1e-6, atol=1e-30)
    assert all(np.isfinite(y).all() for f in (ag.softmax, ag.log_softmax) for y in of_tensor(f, x))


def test_entries_of_minus_infinity_take_no_part():
    x = np.array([[-math.inf, 0.0, 0.0], [-math.inf, -math.inf, 2.0]])
    np.testing.assert_allclose(ag.logsumexp(x, axis=1), [math.log(2), 2.0], rtol=1e-15)
    np.testing.assert_array_equal(ag.softmax(x), [[0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
    np.testing.assert_array_equal(ag.log_softmax(x)[1], [-math.inf, -math.inf, 0.0])
    np.testing.assert_allclose(
        gradient(lambda t: ag.logsumexp(t, axis=1), x), [[0, 0.5, 0.5], [0, 0, 1]]
    )
    np.testing.assert_allclose(gradient(lambda t: ag.log_softmax(t)[0, 1], x)[0], [0.0, 0.5, -0.5])
    for f in (ag.logsumexp, ag.softmax):
        assert all(np.isfinite(y).all() for y in of_tensor(lambda t, f=f: f(t, axis=1), x))


def test_where_every_entry_is_minus_infinity():
    x = np.full((2, 2), -math.inf)
    x[1] = 0.0
    np.testing.assert_allclose(ag.logsumexp(x, axis=1), [-math.inf, math.log(2)])
    np.testing.assert_allclose(gradient(lambda t: ag.logsumexp(t, axis=1), x), [[0, 0], [0.5, 0.5]])


def test_plus_infinity_is_the_sum():
    assert ag.logsumexp([math.inf, 0.0]) == math.inf
    assert ag.logsumexp([math.inf, -math.inf]) == math.inf


def test_integers_are_numbers_too():
    np.testing.assert_allclose(ag.softmax([1, 2, 3]), special.softmax([1.0, 2.0, 3.0]))
    assert ag.logsumexp([1, 2]) == pytest.approx(special.logsumexp([1.0, 2.0]))
