"""How near is near enough: as the digits that were given say."""

import numpy as np
import pytest

from grading.answers import read
from grading.closeness import close, half_width, nearly, truncated
from grading.recognizers.given import extended


def fits(text, value, hand=False):
    typed = read(text)
    return bool(close(value, typed.value, half_width(typed, hand=hand)))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("0.4919", 0.49194, True), ("0.4919", 0.49196, False), ("0.4919", float("nan"), False),
        ("3/7", 3 / 7, True), ("3/7", 3 / 7 + 1e-7, False), ("2", 2.0, True), ("2", 2.3, False),
        ("0", 0.0, True),
    ],
)  # fmt: skip
def test_half_a_unit_in_the_last_place(text, value, expected):
    assert fits(text, value) is expected


def test_work_by_hand_has_one_and_a_half_units():
    assert fits("0.4919", 0.49204, hand=True)
    assert not fits("0.4919", 0.49207, hand=True)


def test_numbers_that_were_cut_off():
    typed = read("0.4919")
    width = half_width(typed)
    assert truncated(0.49199, typed.value, width)
    assert not truncated(0.49201, typed.value, width)
    assert not truncated(-0.49199, typed.value, width)
    assert not truncated(0.49185, typed.value, width)


def test_single_precision_and_differences_are_told_from_mistakes():
    right = 0.123456789012
    assert "single" in nearly(right, read(float(np.float32(right))))
    assert "numerical" in nearly(right, read(right * (1 + 1e-5)))
    assert nearly(right, read(right * 1.001)) == ""
    assert nearly(right, read("0.1235")) == ""


def test_zeros_at_the_end_are_filled_in():
    assert extended(read("0.5"), 4).digits == 4
    assert float(extended(read("0.5"), 4).unit) == 5e-5
    assert extended(read("3/7"), 4).digits is None
    assert extended(read("0.49188"), 4).digits == 5


@pytest.mark.parametrize(
    "text", ["0", "0.0", "0.000", "0.0000", "-0.000", "0.000e3", "0.00 %", "[0.000]"]
)
def test_zero_has_no_digits_that_a_small_number_could_hide_in(text):
    assert not fits(text, 3e-4)
    assert not fits(text, 1e-9)
    assert not fits(text, 3e-4, hand=True)
    assert fits(text, 0.0)


def test_what_a_program_prints_for_zero_is_zero():
    assert fits("0", np.cos(np.pi / 2))
    assert fits("6.1e-17", 0.0)
    assert not fits("1e-9", 0.0)


def test_small_entries_beside_large_ones_are_judged_by_their_own_size():
    assert close([1e12, 0.5], [1e12, 0.5], 0.0, 1e12).all()
    assert list(close([1e12, 0.5], [1e12, 1.4], 0.0, 1e12)) == [True, False]


@pytest.mark.parametrize("small", [0.0, -5e-5, 6e-5])
def test_a_numerical_derivative_is_near_in_every_entry(small):
    right = np.array([1.0, 5e-5])
    assert nearly(right, read(np.array([1.00000001, 5.00000001e-5])))
    assert nearly(right, read(np.array([1.00000001, small]))) == ""
