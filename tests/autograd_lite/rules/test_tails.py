"""Far out every digit stays: values, first and second derivatives against mpmath, relative to themselves."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import autograd_lite as ag
from autograd_lite import Tape, Tensor, hessian, jacobian, jvp, vjp
from nn.losses import bce_with_logits
from tests.autograd_lite.rules.references import gradient, of_tensor, of_value


def sigma(x):
    return 1 / (1 + mpmath.exp(-x))


def density(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def below(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def bell(x):
    return 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x)


CLOSED_FORMS = {
    "sigmoid": (
        sigma,
        lambda x: sigma(x) * sigma(-x),
        lambda x: -sigma(x) * sigma(-x) * mpmath.tanh(x / 2),
    ),
    "tanh": (
        mpmath.tanh,
        lambda x: mpmath.sech(x) ** 2,
        lambda x: -2 * mpmath.tanh(x) * mpmath.sech(x) ** 2,
    ),
    "softplus": (
        lambda x: mpmath.log1p(mpmath.exp(x)),
        sigma,
        lambda x: sigma(x) * sigma(-x),
    ),
    "silu": (
        lambda x: x * sigma(x),
        lambda x: sigma(x) * (1 + x * sigma(-x)),
        lambda x: sigma(x) * sigma(-x) * (2 - x * mpmath.tanh(x / 2)),
    ),
    "gelu": (
        lambda x: x * below(x),
        lambda x: below(x) + x * density(x),
        lambda x: density(x) * (2 - x * x),
    ),
    "elu": (
        lambda x: x if x > 0 else mpmath.expm1(x),
        lambda x: mpf(1) if x > 0 else mpmath.exp(x),
        lambda x: mpf(0) if x > 0 else mpmath.exp(x),
    ),
    "erf": (mpmath.erf, bell, lambda x: -2 * x * bell(x)),
    "arctan": (
        mpmath.atan,
        lambda x: 1 / (1 + x * x),
        lambda x: -2 * x / (1 + x * x) ** 2,
    ),
}
GRID = np.unique([*np.linspace(-1000, 1000, 40), *np.linspace(-41.5, 41.5, 84), 1e-8, -1e-30])
# 0, where elu has no second derivative, is not among them
ULPS = 32  # silu and gelu cross 0 near -1.3 and -0.75, where each neighbour of x has another value


@pytest.mark.parametrize("name", CLOSED_FORMS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_arrays_are_exact_from_minus_to_plus_a_thousand(name, dtype):
    x = np.unique(GRID.astype(dtype))
    found = [*of_tensor(getattr(ag, name), x, 2), gradient(getattr(ag, name), x)]
    for order, y in enumerate(found):
        assert y.dtype == dtype
        assert_close(y, CLOSED_FORMS[name][order % 3 if order < 3 else 1], x, dtype)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_values_are_exact_from_minus_to_plus_a_thousand(name):
    found = np.transpose([of_value(getattr(ag, name), float(x), 2) for x in GRID])
    for y, closed in zip(found, CLOSED_FORMS[name], strict=True):
        assert_close(y, closed, GRID, "float64")


def assert_close(found, closed, xs, dtype):
    limits = np.finfo(dtype)
    for x, y in zip(xs, found, strict=True):
        with mpmath.workdps(1000 if abs(x) > 45 else 60):
            exact = closed(mpf(float(x)))
            if abs(exact) < 4 * limits.tiny:  # too small for all its digits
                assert abs(float(y)) <= 8 * limits.tiny
            else:
                assert abs(mpf(float(y)) - exact) <= ULPS * limits.eps * abs(exact), x


def test_the_derivatives_that_used_to_vanish():
    assert ag.grad(ag.sigmoid)(40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14)
    assert ag.grad(ag.tanh)(20.0) == pytest.approx(1.6993417021166355e-17, rel=1e-14)
    nine = gradient(ag.tanh, np.float32([9.0]))
    np.testing.assert_allclose(nine, [6.0919e-8], rtol=1e-4)


TINY = 4.248354255291589e-18  # e^-40/(1 + e^-40)


def test_a_logarithm_of_a_share_near_1_keeps_its_digits():
    x = np.array([40.0, 0.0])
    np.testing.assert_allclose(ag.log_softmax(x), [-TINY, -40.0], rtol=1e-14)
    np.testing.assert_allclose(ag.logsumexp(x - 40.0), TINY, rtol=1e-14)
    slopes = [[TINY, -TINY], [-1.0, 1.0]]
    np.testing.assert_allclose(jacobian(ag.log_softmax)(x), slopes, rtol=1e-14)
    for i in range(2):
        forward = jvp(ag.log_softmax, (x,), (np.eye(2)[i],))[1]
        np.testing.assert_allclose(forward, np.transpose(slopes)[i], rtol=1e-14)


def test_second_derivatives_of_saturated_shares_keep_their_digits():
    x, bent = np.array([40.0, 0.0]), TINY * np.array([[1.0, -1.0], [-1.0, 1.0]])
    np.testing.assert_allclose(jacobian(ag.softmax)(x), bent, rtol=1e-14)
    np.testing.assert_allclose(hessian(ag.logsumexp)(x), bent, rtol=1e-14)
    np.testing.assert_allclose(hessian(lambda x: ag.log_softmax(x)[0])(x), -bent, rtol=1e-14)
    np.testing.assert_allclose(vjp(ag.softmax, x)[1](np.array([0.0, 1.0]))[0], bent[1], rtol=1e-14)


def test_saturated_shares_of_several_rows_and_axes():
    x = np.array([[40.0, 0.0], [0.0, 0.0], [-3.0, 50.0]])
    for axis in (1, (1,), -1):
        y = ag.log_softmax(Tensor(x, requires_grad=True), axis=axis)
        assert y.numpy()[0, 0] == pytest.approx(-TINY, rel=1e-14)
    leaf = Tensor(x, requires_grad=True)
    y = ag.softmax(leaf, axis=None)
    tangent = Tape(y).tangents({leaf: np.ones(x.shape)})[y]
    np.testing.assert_array_equal(tangent, 0.0)  # a common shift moves no share


@pytest.mark.parametrize(("t", "loss", "slope"), [(1.0, TINY, -TINY), (0.0, 40.0, 1.0)])
def test_the_entropy_of_a_logit_keeps_its_digits(t, loss, slope):
    x = Tensor([40.0], requires_grad=True)
    y = bce_with_logits(x, [t])
    y.backward()
    assert (y.item(), x.grad[0]) == (
        pytest.approx(loss, rel=1e-14),
        pytest.approx(slope, rel=1e-14),
    )


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("t", [0.0, 1.0])
def test_the_entropy_of_an_infinite_logit(sign, t):
    right = (sign > 0) == (t == 1.0)
    x = Tensor([sign * np.inf], requires_grad=True)
    y = bce_with_logits(x, [t])
    y.backward()
    assert y.item() == (0.0 if right else np.inf)
    assert x.grad[0] == (0.0 if right else sign)


@pytest.mark.parametrize(
    ("dtype", "points"),
    [("float32", (-80.0, -90.0, -100.0)), ("float64", (-700.0, -715.0, -740.0))],
)
def test_silu_is_a_number_also_where_the_sigmoid_is_none(dtype, points):
    """x·e^x and its slope e^x·(1 + x), as far down as they are floats."""
    with mpmath.workdps(40):
        for point in points:
            x = Tensor(point, requires_grad=True, dtype=dtype)
            y = ag.silu(x)
            y.backward()
            smallest = float(np.finfo(dtype).smallest_subnormal)
            for got, expected in (
                (y.item(), point * mpmath.exp(point)),
                (x.grad.item(), mpmath.exp(point) * (1 + point)),
            ):
                assert abs(got - float(expected)) <= 1e-5 * abs(float(expected)) + 4 * smallest
