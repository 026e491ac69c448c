"""FlowGraph.limit: right near kinks, poles and at any scale, and refused where there is no limit."""

import math

import numpy as np
import pytest

from autograd_lite import (
    FlowGraph,
    Tensor,
    Value,
    absolute,
    cos,
    exp,
    floor,
    log,
    maximum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tan,
    tanh,
)
from autograd_lite.errors import DerivativeError


def limit(f, at):
    x = Value(at, name="x")
    y = f(x).named("y")
    return FlowGraph(y, [x]).limit(y, x)


CASES = {
    "|x| close to its kink": (absolute, 5e-4, 1.0),
    "|x| closer": (absolute, 1e-9, 1.0),
    "|x| from the left": (absolute, -1e-7, -1.0),
    "log near 0": (log, 1e-4, 1e4),
    "1/x near 0": (lambda x: 1 / x, 1e-3, -1e6),
    "1/(x-5) near 5": (lambda x: 1 / (x - 5), 5 + 2.0**-20, -(2.0**40)),
    "steep": (lambda x: tanh(500 * (x - 3)), 3.0, 500.0),
    "tan near its pole": (tan, 1.57, 1 / math.cos(1.57) ** 2),
    "log at 1e-300": (log, 1e-300, 1e300),
    "log at 1e300": (log, 1e300, 1e-300),
    "x + 1 at 1e-300": (lambda x: x + 1, 1e-300, 1.0),
    "3x at 1e300": (lambda x: 3 * x, 1e300, 3.0),
    "2x at the smallest number": (lambda x: 2 * x, 5e-324, 2.0),
    "x² at 1e8": (lambda x: x * x, 1e8, 2e8),
    "sin at 1e8": (sin, 1e8, math.cos(1e8)),
    "√x at 1e16": (sqrt, 1e16, 5e-9),
    "√x at 1e-12": (sqrt, 1e-12, 5e5),
    "exp at 700": (exp, 700.0, math.exp(700)),
    "exp at -700": (exp, -700.0, math.exp(-700)),
    "relu just left of 0": (relu, -1e-9, 0.0),
    "relu just right of 0": (relu, 1e-9, 1.0),
    "rounding is not taken for a constant": (lambda x: (x + 1e8) - 1e8, 1e-9, 1.0),
    "an extremum": (cos, 0.0, 0.0),
    "a constant": (lambda x: 0 * x + 3, 1.0, 0.0),
    "flat between jumps": (lambda x: floor(x) * 3 + 1, 1.5, 0.0),
    "flat until its kink": (lambda x: relu(x) + 1, -3.0, 0.0),
    "a large constant": (lambda x: 1e8 + x, 1.0, 1.0),
    "near saturation": (sigmoid, 10.0, 4.5395807735951673e-05),
}


@pytest.mark.parametrize(("f", "at", "slope"), CASES.values(), ids=CASES)
def test_the_limit_is_right(f, at, slope):
    assert limit(f, at) == pytest.approx(slope, rel=1e-6, abs=0.0)


def test_what_is_held_does_not_move():
    """z = u·v with v = 2u at u = 3: 4u in all, and v with v held."""
    u = Value(3.0, name="u")
    v = (2 * u).named("v")
    flow = FlowGraph((u * v).named("z"))
    assert flow.limit("z", "u", hold=[]) == pytest.approx(12.0)
    assert flow.limit("z", "u", hold=["v"]) == pytest.approx(6.0)


KINKS = {
    "|x|": (absolute, 0.0, "slope -1 left and 1 right"),
    "|x - 3|": (lambda x: absolute(x - 3), 3.0, "slope -1 left and 1 right"),
    "relu": (relu, 0.0, "slope 0 left and 1 right"),
    "max(2, x)": (lambda x: maximum(2.0, x), 2.0, "slope 0 left and 1 right"),
    "a kink on a large number": (lambda x: 1e9 + absolute(x), 0.0, "slope -1 left and 1 right"),
    "1/x": (lambda x: 1 / x, 0.0, "is inf there"),
    "log": (log, 0.0, "is -inf there"),
    "√x": (sqrt, 0.0, "not defined on both sides"),
    "a cusp": (lambda x: sqrt(absolute(x)), 0.0, "grow as the steps become shorter"),
    "a pole between two floats": (tan, math.pi / 2, "grow as the steps become shorter"),
}


@pytest.mark.parametrize(("f", "at", "reason"), KINKS.values(), ids=KINKS)
def test_where_there_is_no_limit_it_is_refused_with_the_reason(f, at, reason):
    with pytest.raises(DerivativeError, match=f"no limit of y .* by x .*{reason}"):
        limit(f, at)


def test_float32_tensors_are_moved_in_float64():
    x = Tensor([0.5, -3.0, 1e-3], requires_grad=True, name="x", dtype="float32")
    y = (x * x * x).named("y")
    expected = np.diag(3 * x.numpy().astype(float) ** 2)
    np.testing.assert_allclose(FlowGraph(y).limit(y, x), expected, rtol=1e-9, atol=1e-12)


def test_a_kink_in_one_entry_of_a_tensor_says_which():
    x = Tensor([1.0, 0.0], requires_grad=True, name="x")
    y = absolute(x).sum().named("y")
    with pytest.raises(DerivativeError, match="at 0 in entry 1: .*slope -1 left and 1 right"):
        FlowGraph(y).limit(y, x)


def test_tensors_with_no_numbers_have_limits_of_their_shape():
    x = Tensor(np.zeros((0, 2)), requires_grad=True, name="x")
    y = (x * 2).named("y")
    assert FlowGraph(y).limit(y, x).shape == (0, 2, 0, 2)


SWALLOWED = {
    "1e16 + x": (lambda x: 1e16 + x, 1.0),
    "1e14 + x": (lambda x: 1e14 + x, 1.0),
    "within, and cancelled": (lambda x: (1e14 + x) - 1e14, 1.0),
    "1e15 + x²": (lambda x: 1e15 + x**2, 1.0),
    "1e15 + x² at 0": (lambda x: 1e15 + x**2, 0.0),
    "far below one rounding": (lambda x: 1e16 + x / 1e6, 1.0),
    "sigmoid at 36": (sigmoid, 36.0),
    "tanh at 18": (tanh, 18.0),
    "tanh at -18": (tanh, -18.0),
    "tanh at 40": (tanh, 40.0),
    "1 + x²⁰": (lambda x: 1 + x**20, 0.0),
    "1 + e^(-x²)": (lambda x: 1 + exp(-x * x), 10.0),
}


@pytest.mark.parametrize(("f", "at"), SWALLOWED.values(), ids=SWALLOWED)
def test_what_rounding_swallows_is_refused_and_not_taken_for_a_slope(f, at):
    with pytest.raises(DerivativeError, match="rounding swallows the difference"):
        limit(f, at)


@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf])
def test_where_no_number_lies_on_both_sides_there_is_no_limit(at):
    with pytest.raises(DerivativeError, match="no number lies on both sides"):
        limit(lambda x: 2.0 * x, at)
