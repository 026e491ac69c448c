"""Activations: values and derivatives against mpmath, saturation without overflow, kinks."""

import math

import mpmath
import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value
from autograd_lite.rules import RULES
from tests.autograd_lite.rules.references import gradient, of_mpmath, of_tensor, of_value

POINTS = [
    -1000.0,
    -700.0,
    -40.0,
    -10.0,
    -3.0,
    -1.0,
    -0.3,
    -1e-8,
    1e-8,
    0.5,
    1.0,
    3.0,
    10.0,
    40.0,
    700.0,
    1000.0,
]

SMOOTH = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),  # equation (2)
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
}


def leaky(x):
    return x if x > 0 else x * mpmath.mpf("0.01")


def elu(x):
    return x if x > 0 else mpmath.exp(x) - 1


REFERENCES = {**SMOOTH, "relu": lambda x: max(x, 0), "leaky_relu": leaky, "elu": elu}


@pytest.mark.parametrize("name", REFERENCES)
def test_values_are_those_of_mpmath_also_far_out(name):
    f, points = getattr(ag, name), [*POINTS, 0.0, *np.linspace(-20, 20, 101)]
    with mpmath.workdps(1000):  # enough to see 1 + e^(-1000)
        expected = [float(REFERENCES[name](mpmath.mpf(x))) for x in points]
    close = {"rtol": 4e-15, "atol": 1e-300}
    np.testing.assert_allclose(f(np.array(points)), expected, **close)
    np.testing.assert_allclose([f(x) for x in points], expected, **close)
    np.testing.assert_allclose([f(Value(x)).item() for x in points], expected, **close)
    np.testing.assert_allclose(f(Tensor(points)).numpy(), expected, **close)


@pytest.mark.parametrize("name", REFERENCES)
def test_derivatives_up_to_the_third_are_those_of_mpmath(name):
    points = [x for x in POINTS if abs(x) <= 40]
    expected = np.array([of_mpmath(REFERENCES[name], x) for x in points])
    close = {"rtol": 1e-11, "atol": 4e-15}
    np.testing.assert_allclose([of_value(getattr(ag, name), x) for x in points], expected, **close)
    np.testing.assert_allclose(
        np.transpose(of_tensor(getattr(ag, name), points)), expected, **close
    )


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_saturation_is_exact_and_quiet_in_both_dtypes(name, dtype):
    right = 1.0 if name == "sigmoid" else 1000.0
    left = {"elu": -1.0, "leaky_relu": -10.0}.get(name, 0.0)
    slope_right = 0.0 if name == "sigmoid" else 1.0
    slope_left = 0.01 if name == "leaky_relu" else 0.0
    x = np.array([-1000.0, 1000.0], dtype)
    np.testing.assert_allclose(getattr(ag, name)(x), [left, right], rtol=1e-6)
    np.testing.assert_allclose(gradient(getattr(ag, name), x), [slope_left, slope_right], rtol=1e-6)
    found = of_tensor(getattr(ag, name), x)
    assert all(y.dtype == dtype for y in found)
    np.testing.assert_allclose(found[2:], 0.0)


def test_the_sigmoids_derivative_is_equation_3():
    z = Value(0.7)
    phi = ag.sigmoid(z)
    phi.backward()
    assert z.grad == phi.item() * (1 - phi.item())


def test_the_sigmoid_keeps_its_relative_precision_in_the_tail():
    x = Tensor([-600.0], requires_grad=True)
    y = ag.log(ag.sigmoid(x))
    y.backward()
    assert (y.item(), x.grad[0]) == pytest.approx((-600.0, 1.0), rel=1e-15)


def test_the_rectifiers_derivative_is_equation_5_and_0_at_0():
    np.testing.assert_array_equal(gradient(ag.relu, [-1.0, 0.0, 1e-300, 2.0]), [0.0, 0.0, 1.0, 1.0])
    assert of_value(ag.relu, 0.0) == [0.0, 0.0, 0.0, 0.0]


def test_kinks_of_the_leaky_rectifier_and_of_elu():
    assert of_value(lambda x: ag.leaky_relu(x, 0.2), 0.0)[1] == 0.2
    assert of_value(lambda x: ag.elu(x, 0.5), 0.0)[1] == 0.5
    np.testing.assert_array_equal(gradient(lambda x: ag.elu(x, 0.5), [0.0]), [0.5])


@pytest.mark.parametrize(
    ("f", "by_parameter"),
    [(ag.leaky_relu, [-2.0, 0.0]), (ag.elu, [math.expm1(-2.0), 0.0])],
)
def test_slope_and_alpha_have_derivatives_too(f, by_parameter):
    for x, expected in zip((-2.0, 3.0), by_parameter, strict=True):
        parameter = Value(0.3)
        f(Value(x), parameter).backward()
        assert parameter.grad == pytest.approx(expected, rel=1e-15)
    parameter = Tensor(0.3, requires_grad=True)
    f(Tensor([-2.0, 3.0]), parameter).sum().backward()
    np.testing.assert_allclose(parameter.grad, sum(by_parameter), rtol=1e-15)


def test_defaults_of_slope_and_alpha():
    assert (ag.leaky_relu(-2.0), ag.elu(-2.0)) == (-0.02, math.expm1(-2.0))


def test_gelu_is_the_exact_form_in_a_table_of_the_normal_distribution():
    for x, phi in (
        (1.0, 0.8413447460685429),
        (1.959963984540054, 0.975),
        (-3.0, 0.0013498980316300946),
    ):
        assert ag.gelu(x) == pytest.approx(x * phi, rel=1e-12)


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "silu", "gelu", "elu", "leaky_relu"])
def test_the_formula_symbols_see_is_the_value(name):
    rule = RULES[name]
    formula = rule.formula or rule.value
    with mpmath.workdps(30):
        for x in (-2.5, 0.4):
            operands = (mpmath.mpf(x), 0.3)[: rule.arity]
            assert float(formula(Symbols, *operands)) == pytest.approx(
                rule(x, *operands[1:]), rel=1e-14
            )


class Symbols:
    """What a formula may use: operators and elementary functions."""

    exp, log, sqrt, erf = mpmath.exp, mpmath.log, mpmath.sqrt, mpmath.erf

    @staticmethod
    def where(condition, a, b):
        return a if condition else b


@pytest.mark.parametrize("name", REFERENCES)
def test_nan_and_infinity_are_answered(name):
    f = getattr(ag, name)
    assert math.isnan(f(math.nan))
    assert np.isnan(f(np.array([math.nan]))).all()
    x = Value(math.nan)
    y = f(x)
    Tape(y).backward()
    assert math.isnan(y.item())
