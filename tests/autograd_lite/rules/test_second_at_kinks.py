"""A second derivative is never invented: nan where there is none, 0 where pieces are straight."""

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Value, grad, hessian, hvp, jvp

ZERO = np.zeros(2)
SPREADS = {
    "norm": (ag.norm, ZERO),
    "std": (ag.std, np.ones(2)),
    "norm squared": (lambda a: ag.norm(a) ** 2, ZERO),
    "norm times a number": (lambda a: 3.0 * ag.norm(a), ZERO),
    "norm of order 2": (lambda a: ag.norm(a, ord=2, axis=0), ZERO),
}


@pytest.mark.parametrize("name", SPREADS)
def test_lengths_have_no_second_derivative_at_zero(name):
    f, x = SPREADS[name]
    np.testing.assert_array_equal(grad(f)(x), 0.0)  # the first is a convention
    assert np.isnan(hessian(f)(x)).all()
    for v in ([1.0, 0.0], [1.0, -1.0]):
        assert np.isnan(hvp(f, (x,), (np.array(v),))).all()


@pytest.mark.parametrize("name", ["norm", "std"])
def test_every_order_of_sweeps_says_so(name):
    f, x = SPREADS[name]
    v = np.array([1.0, -2.0])

    def slope(a):
        return jvp(f, (a,), (v,))[1]

    assert np.isnan(grad(slope)(x)).all()
    assert np.isnan(jvp(slope, (x,), (v,))[1])


def test_other_rows_keep_theirs():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    found = hessian(lambda a: ag.norm(a, axis=1).sum())(x)
    assert np.isnan(found[0, :, 0]).all()
    np.testing.assert_array_equal(found[0, :, 1], 0.0)
    expected = (np.eye(2) - np.outer([0.6, 0.8], [0.6, 0.8])) / 5
    np.testing.assert_allclose(found[1, :, 1], expected, rtol=1e-14)


def test_a_branch_not_taken_stays_0():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    masked = lambda a: ag.where([False, True], ag.norm(a, axis=1), 0.0).sum()
    np.testing.assert_array_equal(hessian(masked)(x)[0], 0.0)
    for outer in (ag.sum, lambda y: ag.sum(y * y)):
        f = lambda a, outer=outer: outer(ag.where(a > 0, ag.sqrt(a), 0.0))
        np.testing.assert_array_equal(hessian(f)(ZERO), 0.0)


ONE_SIDED = {
    "sqrt": (ag.sqrt, 0.0, -math.inf),
    "x**1.5": (lambda x: x**1.5, 0.0, math.inf),
    "x**0.5": (lambda x: x**0.5, 0.0, -math.inf),
    "log": (ag.log, 0.0, -math.inf),
    "log1p": (ag.log1p, -1.0, -math.inf),
    "1/x": (lambda x: 1.0 / x, 0.0, math.inf),
    "arcsin": (ag.arcsin, 1.0, math.inf),
    "arccos": (ag.arccos, 1.0, -math.inf),
    "elu": (ag.elu, 0.0, math.nan),
    "sqrt of a square": (lambda x: ag.sqrt(x * x), 0.0, math.nan),
}


@pytest.mark.parametrize("name", ONE_SIDED)
def test_roots_powers_and_poles_are_unbounded_or_nan(name):
    """inf where the one-sided limits say so, or nan; never a number."""
    f, x, limit = ONE_SIDED[name]
    with np.errstate(all="ignore"):
        several = grad(grad(f))(x), jvp(grad(f), (x,), (1.0,))[1], of_array(f, x)
    assert all(math.isnan(found) or found == limit for found in several)


def of_array(f, x):
    return hessian(lambda a: f(a).sum())(np.array([x]))[0, 0]


PIECES = {
    "relu": (ag.relu, 0.0),
    "abs": (ag.abs, 0.0),
    "sign": (ag.sign, 0.0),
    "leaky": (ag.leaky_relu, 0.0),
    "maximum": (lambda x: ag.maximum(x, 1.0), 1.0),
    "minimum": (lambda x: ag.minimum(x, 1.0), 1.0),
    "clip": (lambda x: ag.clip(x, -1.0, 1.0), 1.0),
}


@pytest.mark.parametrize("name", PIECES)
def test_straight_pieces_bend_nowhere(name):
    f, x = PIECES[name]
    assert grad(grad(f))(x) == 0.0
    assert of_array(f, x) == 0.0


@pytest.mark.parametrize("f", [ag.max, ag.min, lambda a: ag.norm(a, 1, axis=0)])
def test_extremes_of_ties_bend_nowhere(f):
    np.testing.assert_array_equal(hessian(f)(np.zeros(3)), 0.0)


def test_a_power_of_zero_has_no_mixed_derivative():
    """∂²(aⁿ)/∂a∂n is aⁿ⁻¹·(1 + n·log a), which is unbounded at a = 0, n = 1."""
    found = hessian(lambda x: x[0] ** x[1])(np.array([0.0, 1.0]))
    assert np.isnan(found[0, 1])
    assert np.isnan(found[1, 0])


@pytest.mark.parametrize("x", [0.0, -0.0])
def test_division_by_pythons_zero_is_numpys(x):
    with np.errstate(all="ignore"):
        a = ag.Tensor([1.0, 0.0], requires_grad=True)
        y = a / x
        y.sum().backward()
        np.testing.assert_array_equal(y.numpy(), np.array([1.0, 0.0]) / np.float64(x))
        np.testing.assert_array_equal(a.grad, 1.0 / np.full(2, x))
        tangent = jvp(lambda a: a / x, (np.ones(2),), (np.ones(2),))[1]
        np.testing.assert_array_equal(tangent, 1.0 / np.full(2, x))
    b = Value(1.0)
    y = b / x
    y.backward()
    assert y.item() == b.grad == math.copysign(math.inf, x)
    assert math.isnan((Value(0.0) / x).item())
