"""Graphs that answers are judged on, beside their derivatives worked out by hand."""

from math import cos, sin, sqrt

from autograd_lite import FlowGraph, Value, equations, example


def three_step():
    """h_0 = cos x, h_1 = (h_0³ + sin x)/√2, ŷ = √(h_0² + h_1²) at x = 1."""
    return FlowGraph(equations(example("three_step"))["yhat"])


def by_hand(x=1.0):
    """Its partial derivatives: ∂ŷ/∂h_0, ∂ŷ/∂h_1, ∂h_1/∂h_0, ∂h_0/∂x, ∂h_1/∂x."""
    h0 = cos(x)
    h1 = (h0**3 + sin(x)) / sqrt(2)
    y = sqrt(h0**2 + h1**2)
    return h0 / y, h1 / y, 3 * h0**2 / sqrt(2), -sin(x), cos(x) / sqrt(2)


def square(x=1.7):
    """y = x² + x."""
    x = Value(x, name="x")
    return FlowGraph((x * x + x).named("y"))
