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


NORMS = [
    (3, [1e-310, 2e-310]),
    (3, [1e300, 2e300]),
    (1.5, [1e-308, 3e-308, 1e-320]),
    (20, [1e-100, 2e-100]),
    (0.5, [1e-20, 1e20]),
    (0.5, [1e-200, 1e200]),
    (-2, [1e-200, 3e-200]),
    (-3, [1e200, 3e200]),
]


@pytest.mark.parametrize(("p", "x"), NORMS, ids=str)
def test_the_slope_of_a_p_norm_is_mpmaths_at_every_scale(p, x):
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(50):
        length = mpmath.mpf(0)
        for u in x:
            length += mpmath.mpf(u) ** p
        length **= mpmath.mpf(1) / p
        wanted = [float((mpmath.mpf(u) / length) ** (p - 1)) for u in x]
    norm = np.linalg.norm
    assert norm(ag.Tensor(x), p).item() == pytest.approx(float(length), rel=1e-11)
    np.testing.assert_allclose(grad(lambda x: norm(x, p))(np.array(x)), wanted, rtol=1e-10)
    pushed = ag.jvp(lambda x: norm(x, p), (np.array(x),), (np.ones(len(x)),))[1]
    np.testing.assert_allclose(pushed, sum(wanted), rtol=1e-10)


def test_p_norms_in_single_precision_and_of_vectors_of_different_sizes():
    x = np.array([1e-20, 1e20], "f")
    np.testing.assert_allclose(grad(lambda x: np.linalg.norm(x, 0.5))(x), [1e20, 1.0], rtol=1e-5)
    rows = np.array([[1e-200, 2e-200], [1.0, 2.0], [1e200, 2e200]])
    slope = grad(lambda x: np.linalg.norm(x, 3, axis=1).sum())(rows)
    np.testing.assert_allclose(slope, np.outer(np.ones(3), [1, 4]) / 9 ** (2 / 3), rtol=1e-12)
