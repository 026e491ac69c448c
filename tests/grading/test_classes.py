"""Classes of mistakes: equal to the digits asked for, the likeliest first, one name for one mistake."""

import numpy as np
import pytest

from grading.catalogue.classes import classes, significant
from grading.catalogue.mistake import Candidate, Mistake


def candidate(identifier, value, prior=3, synonym=-1):
    row = Mistake(identifier, identifier, f"You did {identifier}.", prior, lambda q: ())
    return Candidate(row, (), np.array([value]), (), {}, synonym)


def test_values_that_round_alike_are_one_class():
    found = classes(
        [candidate("A1", 0.49191), candidate("A2", 0.49194), candidate("A3", 0.49196)],
        np.array([2.0]),
    )
    assert [c.all_ids for c in found] == [("A1", "A2"), ("A3",)]
    finer = classes([candidate("A1", 0.49191), candidate("A2", 0.49194)], np.array([2.0]), digits=5)
    assert [c.ids for c in finer] == [("A1",), ("A2",)]


def test_the_likeliest_comes_first_and_lends_its_prior():
    (found,) = classes([candidate("A1", 1.0, 2), candidate("A2", 1.0, 5)], np.array([2.0]))
    assert found.candidates[0].identifier == "A2"
    assert found.prior == 5


def test_one_mistake_under_two_names_is_said_once_and_a_coincidence_twice():
    (found,) = classes(
        [
            candidate("A4", 0.5, 5, synonym=1),
            candidate("A3", 0.5, 4, synonym=1),
            candidate("B1", 0.50001, 3, synonym=2),
        ],
        np.array([2.0]),
    )
    assert found.ids == ("A4", "B1")
    assert found.all_ids == ("A4", "A3", "B1")
    assert found.says == ("You did A4.", "You did B1.")


def test_arrays_are_classes_entry_by_entry():
    one, other = np.array([1.0, 2.0]), np.array([1.0, 2.1])
    found = classes(
        [candidate("C1", one), candidate("C2", one.copy()), candidate("C3", other)],
        np.array([[0.0, 0.0]]),
    )
    assert [c.all_ids for c in found] == [("C1", "C2"), ("C3",)]
    assert [c.ids for c in found] == [("C1",), ("C3",)]  # equal arrays are one mistake


def test_what_looks_right_is_told_apart_and_what_nobody_types_is_left_out():
    found = classes(
        [candidate("A1", 2.00001), candidate("A2", np.nan), candidate("A3", np.inf), candidate("A4", -0.0)],
        np.array([2.0]),
    )  # fmt: skip
    assert [(c.ids, c.looks_right) for c in found] == [(("A4",), False), (("A1",), True)]


def test_the_other_points_have_classes_of_their_own():
    row = Mistake("A1", "a", "A.", 3, lambda q: ())
    many = [
        Candidate(row, ("x",), np.array([1.0, 5.0])),
        Candidate(row, ("y",), np.array([1.0, 6.0])),
    ]
    right = np.array([0.0, 0.0])
    assert len(classes(many, right, 0)) == 1
    assert [c.value for c in classes(many, right, 1)] == [5.0, 6.0]


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (0.49186, 4, 0.4919),
        (-1234.56, 3, -1230.0),
        (0.0, 4, 0.0),
        (9.9996, 4, 10.0),
        (1e-30, 2, 1e-30),
    ],
)
def test_significant_digits(value, digits, rounded):
    assert significant(value, digits) == pytest.approx(rounded, rel=1e-12)


def test_infinity_stays_what_it_is():
    assert significant(np.inf, 4) == np.inf
    assert np.isnan(significant(np.nan, 4))
