"""Second derivatives at the smallest and largest numbers, against their closed forms."""

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import grad

TINY_TWICE = {
    "x**x": (lambda x: x**x, 1e-200, 1e200),
    "x**x at 1e-20": (lambda x: x**x, 1e-20, 1e20),
    "x**0.5": (lambda x: x**0.5, 1e-200, -0.25e300),
    "x**1e-200": (lambda x: x**1e-200, 1e-200, -1e200),
    "arcsin": (ag.arcsin, 1e-20, 1e-20),
    "arccos": (ag.arccos, 1e-20, -1e-20),
    "arctanh": (ag.arctanh, 1e-20, 2e-20),
    "arcsin near 1": (ag.arcsin, 1 - 2.0**-40, (1 - 2.0**-40) / (2.0**-39 - 2.0**-80) ** 1.5),
    "arctan": (ag.arctan, 1e100, -2e-300),
    "arctan far below": (ag.arctan, -1e100, 2e-300),
    "erf at 1e200": (ag.erf, 1e200, 0.0),
    "erf at 1e308": (ag.erf, 1e308, 0.0),
    "erf at -1e308": (ag.erf, -1e308, 0.0),
    "erf at 20": (ag.erf, 20.0, -40 * 2 / math.sqrt(math.pi) * math.exp(-400)),
    "sinc at 1e308": (ag.sinc, 1e308, 0.0),
}


@pytest.mark.parametrize("kind", ["Value", "Tensor"])
@pytest.mark.parametrize("case", TINY_TWICE)
def test_the_second_derivative_is_its_closed_form(case, kind):
    f, at, wanted = TINY_TWICE[case]
    if kind == "Value":
        found = grad(grad(f))(at)
    else:
        found = grad(lambda x: grad(lambda x: f(x).sum())(x).sum())(np.array([at])).item()
    assert found == pytest.approx(wanted, rel=1e-10, abs=0.0)


SINGLE = {
    "x**x": (lambda x: x**x, 1e-20, 1e20),
    "arcsin": (ag.arcsin, 1e-8, 1e-8),
    "arccos": (ag.arccos, 1e-8, -1e-8),
    "arctanh": (ag.arctanh, 1e-8, 2e-8),
    "arctan": (ag.arctan, 1e12, -2e-36),
}


@pytest.mark.parametrize("case", SINGLE)
def test_the_second_derivative_in_single_precision(case):
    f, at, wanted = SINGLE[case]
    found = grad(lambda x: grad(lambda x: f(x).sum())(x).sum())(np.array([at], "f"))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_the_slope_of_the_cardinal_sine_at_the_largest_numbers():
    # sin πx = 0 and cos πx = 1 at an even number: ∂y/∂x = 1/x
    assert ag.sinc(1e308) == 0.0
    assert grad(ag.sinc)(1e308) == 1e-308


def test_a_root_near_the_smallest_number_has_a_slope():
    assert grad(lambda x: x**1e-10)(1e-310) == pytest.approx(1e300, rel=1e-6)
