"""The right answer in another form: shapes that are only conventions are right, entries elsewhere are not."""

import math

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tensor
from grading import diagnose
from grading.recognizers.form import readings_of
from tests.grading.graphs import by_hand, three_step

D0, D1, E, A, B = by_hand()
RIGHT = D0 + D1 * E


def cube(array):
    t = Tensor(np.asarray(array, float), requires_grad=True, name="W")
    return FlowGraph((t * t * t).sum().named("L")), 3 * np.asarray(array, float) ** 2


@pytest.mark.parametrize(
    ("factor", "row"), [(100, "J5"), (0.01, "J5"), (180 / math.pi, "J6"), (math.pi / 180, "J6")]
)
def test_percent_and_degrees(factor, row):
    assert diagnose(three_step(), "h_0", f"{RIGHT * factor:.5g}").ids == (row,)


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (np.transpose, "J1"), (np.flipud, "J2"), (np.fliplr, "J2"), (lambda a: np.roll(a, 1, 0), "J3"),
        (lambda a: np.roll(a, -1, 1), "J3"), (lambda a: a[::-1, ::-1], "J2"),
    ],
)  # fmt: skip
def test_square_arrays_with_entries_elsewhere_are_named(change, row):
    flow, right = cube(np.arange(1, 10).reshape(3, 3) / 7)
    d = diagnose(flow, "W", change(right).round(5))
    assert any(i.startswith((row, "C1")) for i in d.synonyms), d


def test_shapes_that_are_conventions_are_right():
    flow, right = cube(np.arange(1, 7).reshape(2, 3) / 7)
    for other in (right.T, right[None], right.reshape(6), right.T[..., None]):
        assert diagnose(flow, "W", other).status == "right"
    flow, right = cube([0.1, 0.2, 0.7])
    for other in (right[:, None], right[None], right.tolist()):
        assert diagnose(flow, "W", other).status == "right"


def test_shapes_that_do_not_fit_are_told():
    flow, right = cube(np.arange(1, 7).reshape(2, 3) / 7)
    d = diagnose(flow, "W", right[:, :2])
    assert d.status == "format"
    assert "(2, 3)" in str(d)
    assert "(2, 2)" in str(d)


def test_readings_keep_the_entries():
    array = np.arange(6.0).reshape(3, 2)
    (first, remark), *_ = readings_of(array, (2, 3))
    assert np.array_equal(first, array.T)
    assert "transposed" in remark
    assert list(readings_of(array, (5,))) == []
