"""Numbers as students type them, and the published matching rule."""

from decimal import Decimal

import numpy as np
import pytest

from grading.platforms.bank import half_a_unit, matching, rounded
from tests.grading.platforms.banks import BESIDE, PATH, RIGHT


@pytest.mark.parametrize("digits", [3, 4, 5, 6])
def test_a_rounded_number_is_within_half_a_unit_of_the_number_and_has_the_asked_digits(digits):
    rng = np.random.default_rng(digits)
    for x in rng.normal(size=300) * 10.0 ** rng.integers(-12, 18, 300):
        text = rounded(x, digits)
        half = half_a_unit(text, digits) * (10 if set(text) <= set("-0.1e+") else 1)
        assert abs(Decimal(text) - Decimal(x)) <= half
        written = Decimal(text).normalize().as_tuple()
        assert len(written.digits) <= digits
        assert float(f"{x:.{digits - 1}e}") == float(text)


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        (0.4919, RIGHT), (0.49194, RIGHT), (0.49195, RIGHT), (0.49196, BESIDE), (0.49184, None),
        (-0.1106, PATH),
    ],
)  # fmt: skip
def test_the_first_row_whose_interval_holds_the_number_wins(typed, row):
    assert matching((RIGHT, BESIDE, PATH), typed) is row


@pytest.mark.parametrize("typed", [float("nan"), float("inf"), 1e300])
def test_what_is_no_number_matches_nothing(typed):
    assert matching((RIGHT, PATH), typed) is None
