"""A question on a graph is prepared once, for all students' numbers."""

import numpy as np
import pytest

from autograd_lite import FlowGraph, GraphError, Tensor
from grading.asking import prepare
from tests.grading.graphs import by_hand, three_step


def test_right_answers_at_many_points():
    points = np.array([0.5, 0.8, 1.2])
    asked = prepare(three_step(), "x", values={"x": points})
    for right, x in zip(asked.right, points, strict=True):
        d0, d1, e, a, b = by_hand(x)
        assert np.isclose(right, a * (d0 + d1 * e) + b * d1)
    assert asked.numbers.shape == (len(asked.candidates), 3)
    assert sorted(asked.ranks) == list(range(len(asked.candidates)))
    assert np.allclose(sum(value for _, value in asked.contributions), asked.right)


def test_arrays_and_numbers_are_told_apart():
    w = Tensor([1.0, 2.0], requires_grad=True, name="W")
    asked = prepare(FlowGraph((w * w).sum().named("L")), "W")
    assert asked.is_array
    assert asked.right.tolist() == [[2.0, 4.0]]
    assert not prepare(three_step(), "x").is_array


def test_what_is_worked_out_is_kept():
    asked, made = prepare(three_step(), "x"), []
    for _ in range(3):
        assert asked.remember("key", lambda: made.append(1) or 7) == 7
    assert made == [1]
    assert asked.candidates is asked.candidates


def test_unknown_variables_are_refused():
    with pytest.raises(GraphError):
        prepare(three_step(), "nobody")
