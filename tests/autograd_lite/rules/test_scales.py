"""Lengths and spreads at any scale: no overflow and no underflow where the result has neither."""

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import jvp, value_and_grad

UNIT = np.array([3.0, -4.0, 0.0, 12.0])


@pytest.mark.parametrize(
    ("dtype", "exponent"),
    [("float64", k) for k in (-1060, -600, -500, 0, 500, 1018)]
    + [("float32", k) for k in (-120, -70, 0, 70, 122)],
)
@pytest.mark.parametrize("f", [ag.norm, ag.std])
def test_a_power_of_two_goes_through_a_length_and_leaves_its_gradient(f, dtype, exponent):
    unit = UNIT.astype(dtype)
    y, slope = value_and_grad(f)(unit)
    scaled, same = value_and_grad(f)(np.ldexp(unit, exponent))
    rtol = 2e-14 if exponent == -1060 else 4 * np.finfo(dtype).eps  # 2**-1060 has few digits
    np.testing.assert_allclose(np.float64(scaled), math.ldexp(float(y), exponent), rtol)
    np.testing.assert_allclose(same, slope, 1e-3 if exponent == -1060 else rtol)
    tangent = jvp(f, (np.ldexp(unit, exponent),), (unit,))[1]
    np.testing.assert_allclose(tangent, y, 1e-3 if exponent == -1060 else 2 * rtol)


def test_lengths_that_used_to_vanish_or_overflow():
    y, slope = value_and_grad(ag.norm)(np.array([3e-200, 4e-200]))
    assert y == pytest.approx(5e-200, rel=1e-15)
    np.testing.assert_allclose(slope, [0.6, 0.8], rtol=1e-15)
    y, slope = value_and_grad(ag.norm)(np.float32([1e20, 1, 1]))
    np.testing.assert_allclose(y, np.float32(1e20))
    np.testing.assert_allclose(slope, np.float32([1, 1e-20, 1e-20]))


def test_rows_of_any_scale_beside_each_other():
    x = np.array([[3e-200, 4e-200], [0.0, 0.0], [3.0, 4.0], [3e200, 4e200], [np.inf, 1.0]])
    np.testing.assert_allclose(ag.norm(x, axis=1), [5e-200, 0.0, 5.0, 5e200, np.inf], rtol=1e-15)
    np.testing.assert_allclose(ag.norm(x[:4], axis=1, keepdims=True)[:, 0], ag.norm(x[:4], axis=1))
    assert np.isnan(ag.norm([np.nan, 1e200]))


def test_means_and_variances_whose_sums_overflow():
    x = np.array([1.7e308, 1.7e308, 1.6e308])
    with np.errstate(over="ignore"):
        assert ag.mean(x) == pytest.approx(1.6666666666666667e308, rel=1e-15)
    with np.errstate(over="ignore"):
        y, slope = value_and_grad(ag.std)(x)
    assert y == pytest.approx(math.sqrt(2) / 3 * 1e307, rel=1e-12)
    np.testing.assert_allclose(slope * 3, np.array([1, 1, -2]) / math.sqrt(2), rtol=1e-12)
    four = np.array([1.2e154, -1.2e154, 0.0, 1e154])
    assert ag.var(four) == pytest.approx(9.075e307, rel=1e-14)


@pytest.mark.parametrize("f", [ag.norm, ag.std, ag.var])
def test_integers_and_empty_rows_are_measured_too(f):
    assert f([0, 0]) == 0.0
    assert f(np.zeros((0, 3)), axis=1).shape == (0,)
