"""What comes back from a stranger's function is taken apart without trust: nan and empty arrays fail."""

import numpy as np
import pytest

from autograd_lite.errors import AnswerError
from grading.code.checking import check
from grading.code.returned import gradients

RIGHT = np.array([[1.0, -2.0, 3.0], [0.5, 0.25, -4.0]])


@pytest.mark.parametrize(
    ("returned", "status"),
    [
        (RIGHT, "right"),
        (RIGHT.tolist(), "right"),
        (RIGHT.astype(np.float32), "right"),
        (RIGHT * (1 + 1e-9), "right"),
        (np.array([[1, -2, 3], [4, 5, 6]]), "wrong"),
        (RIGHT * (1 + 1e-3), "wrong"),
        (np.zeros((2, 3)), "wrong"),
        (np.full((2, 3), 1e308), "wrong"),
        (np.full((2, 3), np.nan), "finite"),
        (np.where(RIGHT > 2, np.inf, RIGHT), "finite"),
        (RIGHT.T, "shape"),
        (RIGHT[None], "shape"),
        (np.array([]), "shape"),
        (np.zeros((0, 3)), "shape"),
        (1.0, "shape"),
        (float("nan"), "shape"),
        (10**399, "type"),
        ([[1.0], [2.0, 3.0]], "type"),
        ([[1.0, None, 2.0]] * 2, "type"),
        ([], "type"),
        ("1, 2", "type"),
        (None, "type"),
        (True, "type"),
        (np.array([[True, False, True]] * 2), "type"),
        ({}, "type"),
    ],
)
def test_type_then_shape_then_finiteness_then_closeness(returned, status):
    found = check(returned, RIGHT, "W")
    assert found.status == status
    assert bool(found.says) == (status in ("type", "shape", "finite"))


def test_a_transposed_gradient_is_asked_about():
    assert check(RIGHT.T, RIGHT, "W").says.endswith("Is it transposed?")


@pytest.mark.parametrize(
    "returned",
    [
        (1.0, 2.0),
        [1.0, 2.0],
        np.array([1.0, 2.0]),
        {"a": 1.0, "b": 2.0},
        {"da": 1.0, "grad_b": 2.0},
    ],
)
def test_gradients_come_in_order_or_by_name(returned):
    assert gradients(returned, ("a", "b"), "f") == {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize(
    "returned",
    [
        None,
        1.0,
        np.array(1.0),
        (1.0,),
        (1.0, 2.0, 3.0),
        [],
        "ab",
        {"a": 1.0},
        {},
        np.zeros((3, 2)),
        True,
    ],
)
def test_more_or_fewer_gradients_are_told(returned):
    with pytest.raises(AnswerError, match="f (has to return 2 gradients|returned a dict without)"):
        gradients(returned, ("a", "b"), "f")


def test_one_gradient_may_stand_in_a_tuple():
    assert gradients((RIGHT,), ("W",), "f")["W"] is RIGHT
    assert gradients(RIGHT, ("W",), "f")["W"] is RIGHT
    assert gradients([1.0], ("w",), "f")["w"] == [1.0]


SINGLE = (np.float32(1) / np.float32(3)) * np.float32(1.00001)


@pytest.mark.parametrize(
    "returned",
    [SINGLE, float(SINGLE), [float(SINGLE)], (SINGLE,), np.array(SINGLE), np.array([SINGLE])],
)
def test_single_precision_is_known_by_its_numbers(returned):
    found = check(returned, np.array(1 / 3), "x")
    assert (found.status, found.remark) == ("right", "It is computed in single precision.")


@pytest.mark.parametrize(
    "returned", [1 / 3 * 1.00001, [1 / 3 * 1.00001], 0.375, 0, np.float32(0.334)]
)
def test_other_numbers_that_are_off_are_wrong(returned):
    assert check(returned, np.array(1 / 3), "x").status == "wrong"
