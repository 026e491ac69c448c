"""Numbers whose squares are no floats: a program answers as the engine, which knows a way round."""

from __future__ import annotations

import numpy as np
import pytest

from autograd_lite import norm, std, trace, value_and_grad, var

X = np.array([1.0, 2.0, -3.0])


@pytest.mark.parametrize("measure", [norm, std, var])
@pytest.mark.parametrize("size", [1e200, 1e155, 1.0, 1e-155, 1e-200])
def test_a_length_or_spread_is_the_engines_where_its_squares_are_no_floats(measure, size):
    program = trace(measure, X)
    (y, g), (expected, gradient) = (
        program.value_and_grad(size * X),
        value_and_grad(measure)(size * X),
    )
    np.testing.assert_allclose(y, expected, rtol=1e-14)
    np.testing.assert_allclose(g, gradient, rtol=1e-14)


def test_the_length_of_large_numbers_is_known_in_closed_form():
    """√(3² + 4²) = 5, and the gradient is the direction."""
    y, g = trace(norm, np.array([1.0, 1.0])).value_and_grad(np.array([3e200, 4e200]))
    np.testing.assert_allclose(y, 5e200, rtol=1e-15)
    np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-15)


def test_rows_of_float32_are_measured_each_by_itself():
    x = np.array([[3.0, 4.0], [3e30, 4e30], [3e-30, 4e-30]], np.float32)
    y = trace(lambda x: norm(x, axis=1), np.ones_like(x)).value(x)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, np.array([5.0, 5e30, 5e-30], np.float32), rtol=1e-6)


def test_an_input_that_is_infinite_or_nan_stays_so():
    program = trace(norm, X)
    assert program.value(np.array([np.inf, 1.0, 2.0])) == np.inf
    assert np.isnan(program.value(np.array([np.nan, 1.0, 2.0])))
