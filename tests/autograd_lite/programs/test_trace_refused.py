"""What would leave a stale number in a program is refused, with the line of the user's that does it.

Each function here is right as a function and wrong as a program. The line to be named ends in `# here`.
"""

from __future__ import annotations

import builtins
import inspect
import math
import operator
import random
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import nn
from autograd_lite import Tape, Tensor, Value, elementwise, grad, no_grad, norm, trace, where
from autograd_lite import functions as f
from autograd_lite.errors import AutogradError, TraceError

Function = Callable[..., Any]
CASES: list[Any] = []
ROW = np.array([0.5, -1.5, 2.0])
W = Tensor([1.0, -2.0, 3.0], requires_grad=True, name="W")
V = Value(2.0, name="V")
CLASSES = 3


def wrong(*example: Any, says: str) -> Callable[[Function], Function]:
    def noted(function: Function) -> Function:
        CASES.append(pytest.param(function, example, says, id=function.__name__))
        return function

    return noted


# --- branches ----------------------------------------------------------------------------------------


@wrong(2.0, says="where(c, a, b)")
def if_statement(x: Any) -> Any:
    if x > 0:  # here
        return x * x
    return x


@wrong(2.0, says="where(c, a, b)")
def conditional(x: Any) -> Any:
    return x if x == 2.0 else -x  # here


@wrong(3.0, says="a fixed number of steps")
def while_loop(x: Any) -> Any:
    while x > 1:  # here
        x = x / 2
    return x


@wrong(3.0, says="decides by")
def truth(x: Any) -> Any:
    return x * x if x else x  # here


@wrong(3.0, says="& and | for and and or")
def both(x: Any) -> Any:
    return where(x > 0 and x < 5, x, 0.0)  # here


@wrong(3.0, says="decides by")
def chained(x: Any) -> Any:
    return where(0 < x < 5, x, 0.0)  # here


@wrong(3.0, says="maximum and minimum")
def builtin_max(x: Any) -> Any:
    return builtins.max(x, 2.0)  # here


@wrong([3.0, 1.0], says="decides by")
def builtin_sorted(xs: Any) -> Any:
    return sorted(xs)[0]  # here


@wrong([3.0, 1.0], says="decides by")
def membership(xs: Any) -> Any:
    return xs[0] * (2.0 if 3.0 in xs else 1.0)  # here


@wrong(ROW, says="answer")
def any_of(x: Any) -> Any:
    return x if np.any(x > 10) else -x  # here


@wrong(ROW, says="answer")
def all_of(x: Any) -> Any:
    return x if (x > -10).all() else -x  # here


@wrong(ROW, says="answer")
def allclose(x: Any) -> Any:
    return x if np.allclose(x, 0.0) else -x  # here


@wrong(ROW, says="answer")
def finite(x: Any) -> Any:
    return where(np.isfinite(x), x, 0.0)  # here


@wrong(2.0, says="decides by")
def by_a_parameter(x: Any) -> Any:
    return x * V if V > 1 else x  # here


@wrong(ROW, says="decides by")
def by_a_weight(x: Any) -> Any:
    return x * W if W.sum() > 0 else x  # here


@wrong(0.3, says="decides by")
def newton(x: Any) -> Any:
    y = x
    while abs(y * y - x) > 1e-6:  # here
        y = (y + x / y) / 2
    return y


# --- numbers that leave ------------------------------------------------------------------------------


@wrong(2.0, says="compute with the node itself")
def item(x: Any) -> Any:
    return x * x.item()  # here


@wrong(2.0, says="compute with the node itself")
def data(x: Any) -> Any:
    return x * x.data  # here


@wrong(ROW, says="compute with the node itself")
def value(x: Any) -> Any:
    return x * x.value.sum()  # here


@wrong(ROW, says="compute with the node itself")
def numpys(x: Any) -> Any:
    return x - np.mean(x.numpy())  # here


@wrong(
    2.0, says="where the number is only shown, or a function of autograd_lite to stay on the graph"
)
def as_float(x: Any) -> Any:
    return x * float(x)  # here


@wrong(2.0, says="floor(x) or rint(x)")
def as_int(x: Any) -> Any:
    return x ** int(x)  # here


@wrong(2.5, says="floor(x) or rint(x)")
def rounded(x: Any) -> Any:
    return x * round(x)  # here


@wrong(2.0, says="sin(x) of autograd_lite for math.sin(x)")
def math_function(x: Any) -> Any:
    return x * math.sin(x)  # here


@wrong(
    [2.0, 3.0],
    says="where the number is only shown, or a function of autograd_lite to stay on the graph",
)
def library(xs: Any) -> Any:
    return xs[0] * statistics.fmean(xs)  # here


@wrong(2.0, says="floor(x) or rint(x)")
def loop_count(x: Any) -> Any:
    y = x
    for _ in range(int(x)):  # here
        y = y * x
    return y


@wrong(ROW, says="compute with the node itself")
def of_a_parameter(x: Any) -> Any:
    return x * W.numpy()  # here


@wrong(ROW, says="compute with the node itself")
def an_array_of_weights(x: Any) -> Any:
    return x * (W.data > 0)  # here


@wrong(ROW, says="compute with the node itself")
def standardized(x: Any) -> Any:
    return x / x.max().item()  # here


@wrong(ROW, says="outside of the graph")
def text(x: Any) -> Any:
    return x * float(f"{x.sum():.2f}")  # here


@wrong(2.0, says="x.detach(), which a program records")
def without_grad(x: Any) -> Any:
    with no_grad():
        scale = x * 2  # here
    return x * scale


@wrong(ROW, says="x.detach(), which a program records")
def arrays_without_grad(x: Any) -> Any:
    with no_grad():
        scale = x.sum(axis=0)  # here
    return x * scale


@wrong(
    2.0, says="where the number is only shown, or a function of autograd_lite to stay on the graph"
)
def a_leaf_of_its_number(x: Any) -> Any:
    w = Value(1.0)
    w.data = float(x)  # here
    return w * x


# --- masks and places --------------------------------------------------------------------------------


@wrong(ROW, says="where(mask, x, 0.0)")
def picked_by_mask(x: Any) -> Any:
    return x[x > 0].sum()  # here


@wrong(ROW, says="where(mask, v, x)")
def written_by_mask(x: Any) -> Any:
    return x.at[x < 0].set(0.0)  # here


@wrong(ROW, says="softmax(x) or a mask")
def argmax(x: Any) -> Any:
    return x[np.argmax(x)]  # here


@wrong(ROW, says="softmax(x) or a mask")
def argmax_method(x: Any) -> Any:
    return x[x.argmax()]  # here


@wrong(ROW, says="softmax(x) or a mask")
def argsort(x: Any) -> Any:
    return x[x.argsort()[-2:]].sum()  # here


@wrong(ROW, says="softmax(x) or a mask")
def nonzero(x: Any) -> Any:
    return x[(x > 0).nonzero()].sum()  # here


@wrong(ROW, says="floor(x) or rint(x)")
def an_input_as_index(x: Any) -> Any:
    return x[int(x[2])]  # here


@wrong(ROW, [0.0, 2.0, 1.0], says="close over the index")
def table(x: Any, i: Any) -> Any:
    return x[i[1]]  # here


EMBEDDING = nn.Embedding(4, 2, generator=0)


@wrong(np.array([2, 0, 1]), says="close over these integers")
def rows_of_a_table(index: Any) -> Any:
    return EMBEDDING(index).sum()  # here


# --- randomness, counters, order ---------------------------------------------------------------------

GENERATOR = np.random.default_rng(0)
CALLS: list[int] = []


@wrong(2.0, says="give what is drawn as an input")
def drawn(x: Any) -> Any:
    return x * GENERATOR.normal()  # here


@wrong(ROW, says="give what is drawn as an input")
def drawn_globally(x: Any) -> Any:
    return x * np.random.rand(3)  # noqa: NPY002  # here


@wrong(2.0, says="give what is drawn as an input")
def drawn_by_python(x: Any) -> Any:
    return x + random.random()  # noqa: S311  # here


@wrong(ROW, says="give what is drawn as an input")
def drawn_code(x: Any) -> Any:
    return nn.reparameterize(x, x, generator=GENERATOR).sum()  # here


@wrong(ROW, says="two calls with the same input")
def drawn_way(x: Any) -> Any:
    CALLS.append(1)
    return f.sin(x) if len(CALLS) % 2 else f.cos(x)  # here


@wrong(2.0, says="two calls with the same input")
def counted(x: Any) -> Any:
    CALLS.append(1)
    return x * len(CALLS)  # here


@wrong(ROW, says="two calls with the same input")
def drawn_places(x: Any) -> Any:
    return x[GENERATOR.permutation(3)]  # here


@wrong(ROW, says="two calls with the same input")
def drawn_result(x: Any) -> Any:
    return {"y": x.sum(), "n": GENERATOR.normal()}


DROPOUT = nn.Dropout(0.5, generator=0)


@wrong(ROW, says="model.eval()")
def dropout(x: Any) -> Any:
    return DROPOUT(x)  # here


BATCH_NORM = nn.Sequential(nn.Linear(3, 3, generator=0), nn.BatchNorm1d(3))
INSTANCE_NORM = nn.InstanceNorm1d(3, track_running_stats=True)


@wrong(np.eye(3), says="model.eval()")
def batch_norm(x: Any) -> Any:
    return BATCH_NORM(x)  # here


@wrong(np.ones((2, 3, 4)) + np.arange(4.0), says="model.eval()")
def instance_norm(x: Any) -> Any:
    return INSTANCE_NORM(x)  # here


# --- derivatives and changes inside ------------------------------------------------------------------


@wrong(2.0, says="grad, jacobian or jvp")
def backward_inside(x: Any) -> Any:
    y = x * x
    y.backward()
    return y * x.grad


@wrong(ROW, says="the numbers of W")
def a_weight_is_written_to(x: Any) -> Any:
    W.data = [1.0, 2.0, 3.0]  # here
    return W * x


@wrong(2.0, says="the numbers of V")
def a_value_is_written_to(x: Any) -> Any:
    V.data = 3.0  # here
    return V * x


@wrong(ROW, says="the numbers of x")
def an_array_given_is_written_to(x: Any) -> Any:
    x.data = [1.0, 2.0, 3.0]  # here
    return W * x


@wrong(ROW, says="the numbers of x")
def an_array_given_is_updated(x: Any) -> Any:
    x.update_(lambda array: np.negative(array, out=array))  # here
    return W * x


@wrong(2.0, says="the numbers of x")
def a_number_given_is_written_to(x: Any) -> Any:
    x.data = 3.0  # here
    return V * x


@wrong(ROW, says="a smooth operation for further ones")
def derivative_of_a_choice(x: Any) -> Any:
    return (x * grad(lambda u: norm(u, ord=1))(x)).sum()  # here


@wrong(2.0, says="outside of the function")
def an_operation_made_inside(x: Any) -> Any:
    factor = 3.0

    @elementwise(lambda xp, y, x: factor)
    def times(xp: Any, x: Any) -> Any:
        return factor * x

    return times(x)  # here


PROGRAM = trace(lambda x: x * x, 2.0)


@wrong(2.0, says="call the function itself")
def a_program_inside(x: Any) -> Any:
    return x * PROGRAM.value(x)  # here


@wrong(2.0, says="compute with the node itself")
def a_trace_inside(x: Any) -> Any:
    return x * trace(lambda u: u * u, x).value(3.0)  # here


def _decided(x: Any) -> Any:
    return x if x > 0 else -x


@wrong(2.0, says="where(c, a, b)")
def in_a_thread(x: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: x * 2 if operator.gt(x, 0) else x).result()  # here


@wrong(ROW, says="is part of a program that is being recorded")
def derivatives_by_a_weight(x: Any) -> Any:
    y = (W * W).sum()
    return x * Tape(y).adjoints()[W]


def line_of(function: Function) -> int | None:
    lines, first = inspect.getsourcelines(function)
    return next((first + i for i, line in enumerate(lines) if line.endswith("# here\n")), None)


@pytest.mark.parametrize(("function", "example", "says"), CASES)
def test_a_function_that_would_go_stale_is_refused_with_its_line(function, example, says):
    with pytest.raises(AutogradError) as caught:
        trace(function, *example)
    message = str(caught.value)
    assert says in message
    if line := line_of(function):
        assert f"{__file__}, line {line}:" in message


def test_all_lines_are_named_at_once():
    def f(x):
        scale = float(x)
        if x > 0:
            return x * scale
        return x

    with pytest.raises(TraceError) as caught:
        trace(f, 2.0)
    assert str(caught.value).count(f"{__file__}, line") == 2


def test_the_lines_come_before_an_error_that_f_raised_because_of_them():
    def f(x):
        if x.item() > 0:
            raise ValueError("too large")
        return x

    with pytest.raises(TraceError, match="compute with the node itself") as caught:
        trace(f, 2.0)
    assert isinstance(caught.value.__cause__, ValueError)


def test_an_error_of_f_is_its_own():
    def f(x):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        trace(f, 2.0)
