"""An equation with another number in the place of one variable, against the formula on paper."""

import numpy as np

from autograd_lite import FlowGraph, Value, exp, sin
from grading.scalars.question import Question


def test_the_equation_and_its_slope_at_other_numbers_for_one_variable_at_a_time():
    x = Value(0.7, name="x")
    a, b = (x * x).named("a"), exp(x).named("b")
    y = (sin(a * b) + a / b).named("y")
    flow = FlowGraph(y)
    q = Question(y, x, flow.variables, None, None)
    points = np.array([[0.3] * q.k, [1.1] * q.k, [2.0] * q.k])
    values, slopes = q.equation(y).at([a, b, a], points)
    u, v = q.value(a), q.value(b)
    assert np.allclose(
        values, [np.sin(0.3 * v) + 0.3 / v, np.sin(u * 1.1) + u / 1.1, np.sin(2 * v) + 2 / v]
    )
    by_a = [np.cos(at * v) * v + 1 / v for at in (0.3, 2.0)]
    assert np.allclose(slopes, [by_a[0], np.cos(u * 1.1) * u - u / 1.1**2, by_a[1]])


def test_a_variable_that_stands_at_both_ends_of_an_operation_counts_twice():
    x = Value(0.9, name="x")
    a = (x + 1.0).named("a")
    y = (a * a * 3.0).named("y")
    q = Question(y, x, FlowGraph(y).variables, None, None)
    values, slopes = q.equation(y).at([a], [np.full(q.k, 0.5)])
    factor = values[0] / 0.25  # 3, and a little different elsewhere
    assert np.isclose(factor[0], 3.0)
    assert np.allclose(slopes[0], factor)


def test_a_slip_in_the_forward_pass_leaves_what_does_not_depend_on_it():
    x = Value(0.9, name="x")
    a, b = sin(x).named("a"), (x * x).named("b")
    y = (a + b).named("y")
    q = Question(y, None, FlowGraph(y).variables, None, None)
    found = q.graph.revalued(lambda node, xs: -node.rule.value(np, *xs) if node is a else None)
    assert np.allclose(found[y], q.value(b) - q.value(a))
    assert found[b] is q.graph.values[b]
