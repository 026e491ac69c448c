"""Rows are one where they agree at every point but for rounding errors."""

import numpy as np

from grading.scalars.synonyms import numbered


def test_rounding_errors_make_no_difference_and_anything_else_does():
    rows = [[1.0, 2.0], [1.0 + 1e-15, 2.0], [1.0, 2.0 + 1e-7], [-1.0, -2.0]]
    assert numbered([np.array(r) for r in rows]) == [0, 0, 1, 2]


def test_what_is_left_of_a_difference_is_zero():
    rows = [[0.0, 1.0], [5e-17, 1.0], [-0.0, 1.0], [1.0, 1.0], [1.2, 1.0], [0.9, 1.0], [2.0, 1.0]]
    assert numbered([np.array(r) for r in rows])[:3] == [0, 0, 0]


def test_poles_are_like_one_another_only():
    rows = [[np.inf, 1.0], [np.nan, 1.0], [np.inf, 1.0], [1.0, 1.0]]
    assert numbered([np.array(r) for r in rows]) == [0, 1, 0, 2]


def test_nothing_has_no_numbers():
    assert numbered([]) == []
