"""Inputs are drawn within their range, with their decimals, and from every number there is."""

import numpy as np
import pytest

from autograd_lite.errors import AssignmentError
from grading.assignments.design_keys import Input, read_design
from grading.assignments.toml_file import TomlFile

FILE = TomlFile("a.toml", "design = 1\n")


def the(value):
    (found,) = read_design(FILE, ("design",), {"x": value})
    return found


def test_a_number_is_fixed():
    found = the(3)
    assert found.is_fixed
    assert list(found.draw(np.random.default_rng(0), 3)) == [3.0, 3.0, 3.0]


def test_a_range_gives_every_number_in_it_and_no_other():
    found = the({"from": 0.25, "to": 0.81, "decimals": 1})
    drawn = found.draw(np.random.default_rng(0), 500)
    assert set(drawn) == {0.3, 0.4, 0.5, 0.6, 0.7, 0.8}
    assert found.numbers == 6


def test_a_range_across_zero_reaches_both_ends():
    drawn = the({"from": -0.2, "to": 0.1, "decimals": 1}).draw(np.random.default_rng(0), 300)
    assert set(np.round(drawn, 1)) == {-0.2, -0.1, 0.0, 0.1}


def test_a_choice_gives_its_numbers():
    found = the([1, 2.5])
    assert set(found.draw(np.random.default_rng(0), 50)) == {1.0, 2.5}
    assert found.numbers == 2


def test_what_is_drawn_has_few_decimals_when_printed():
    drawn = Input("x", 0.0, 2.0, 3).draw(np.random.default_rng(0), 1000)
    assert max(len(repr(float(x)).partition(".")[2]) for x in drawn) <= 3


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1.0", "expected a number"),
        (True, "expected a number"),
        (float("nan"), "expected a number"),
        ([1], "at least two"),
        ([1, 1], "each of them once"),
        ([1, "a"], "expected a number"),
        ({"from": 1, "to": 0}, "'from' is below 'to'"),
        ({"from": 1, "to": 1}, "'from' is below 'to'"),
        ({"from": 0.21, "to": 0.29, "decimals": 1}, "more decimals"),
        ({"from": 0, "to": 1, "decimals": 9}, "whole number from 0 to 6"),
        ({"from": 0}, "'to' is missing"),
        ({"form": 0, "to": 1}, "did you mean 'from'"),
        (None, "expected a number"),
    ],
)
def test_what_is_no_input_is_refused(value, said):
    with pytest.raises(AssignmentError, match=said) as caught:
        the(value)
    assert "a.toml, line 1, design, x" in str(caught.value)
