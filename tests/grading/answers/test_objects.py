"""Numbers and arrays of a program: how exactly each says what it says."""

import numpy as np
import pytest

from grading.answers import read


@pytest.mark.parametrize(
    ("number", "digits", "unit"),
    [(12000.0, 4, 5.0), (12340.0, 4, 5.0), (12345.0, 5, 0.5), (1200.0, 4, 0.5), (0.5, 1, 0.05)],
)
def test_zeros_before_the_point_may_only_hold_the_place(number, digits, unit):
    """Rounded to four digits 12,341.6 is 12,340: the same as a float, and as text without a point."""
    for answer in (number, f"{number:.0f}" if number > 1 else str(number)):
        typed = read(answer)
        assert (typed.digits, typed.unit) == (digits, pytest.approx(unit))


def test_entries_of_any_size_are_rounded_alike():
    exact = np.array([24.1345, 12001.2, 0.031416])
    rounded = np.array([float(f"{x:.4g}") for x in exact])
    typed = read(rounded)
    assert typed.digits == 4
    assert np.all(np.abs(typed.value - exact) <= typed.unit * (1 + 1e-9))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_the_largest_number_of_a_precision_is_not_anything(kind):
    """Beyond it is infinity, which is no distance that an answer may be off by."""
    most = np.finfo(kind).max
    for answer in (most, -most, np.array([most]), np.array([[most, 1.0]], kind)):
        assert np.all(read(answer).unit <= 1e-3 * np.abs(np.asarray(answer, float)))
