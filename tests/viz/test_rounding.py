"""A number that is nothing but rounding reads 0 on a picture; a small number reads as it is."""

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, functions
from viz.formulas.numbers import shown_value


def rounding():
    a, b = Value(0.4, name="a"), Value(0.3, name="b")
    return (a * 0.5 + b * -1.0 + 0.1).named("y")


def test_rounding_reads_0_and_stays_in_the_graph():
    y = rounding()
    picture = viz.draw(FlowGraph(y)).text()
    assert "y = 0 " in picture
    assert "e-17" not in picture
    assert y.data == 0.4 * 0.5 + 0.3 * -1.0 + 0.1 != 0.0


@pytest.mark.parametrize(
    "y",
    [
        Value(1e-17),
        Value(1e-9) * 1e-9,
        Value(1e-17) + 2e-17,
        Value(1.0) - (1.0 - 1e-14),
        Value(1e-300) - 0.0,
        Value(1e8) * 1e-8 - (1 - 1e-9),
        functions.multiply_add(Value(1e8), 1e-8, -(1 - 1e-9)),
    ],
)
def test_a_small_number_reads_as_it_is(y):
    assert shown_value(y) == y.data != 0.0


def test_each_entry_of_an_array_is_judged_by_its_own_terms():
    x = Tensor([0.1, 1e-17], requires_grad=True)
    y = x + np.array([0.2, 0.0]) - np.array([0.3, 0.0])
    np.testing.assert_array_equal(shown_value(y), [0.0, 1e-17])
    assert y.numpy()[0] != 0.0


def test_a_sum_doubled_many_times_is_read_at_once():
    y = Value(1.0)
    for _ in range(200):
        y = y + y
    assert shown_value(y) == 2.0**200
