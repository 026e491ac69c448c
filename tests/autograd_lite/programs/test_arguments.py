"""What a program is called with is compared with its example; weights are read as they are at each call."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, Value, grad, jacobian, trace
from autograd_lite.errors import OperandError, ShapeError, TraceError
from autograd_lite.programs.arguments import checked, form_of
from autograd_lite.programs.graph import graph_of
from tests.work import calls_of

ROW = np.array([1.0, 2.0, 3.0])


def of_row(x):
    return (x * x).sum()


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (np.ones(4), ShapeError, r"x was recorded as an array of shape \(3,\) and dtype float64, and is now "
         r"an array of shape \(4,\) and dtype float64: trace again"),
        (np.ones((1, 3)), ShapeError, r"shape \(1, 3\)"),
        (2.0, ShapeError, r"shape \(\)"),
        (np.ones(3, np.float32), OperandError, "dtype float32: trace again"),
        ([1.0, 2.0, 3.0], ShapeError, r"a list of 3: write np.array"),
        ({"a": 1.0}, ShapeError, r"a dict with the keys \['a'\]"),
        (np.array([Value(1.0)] * 3), OperandError, "a list that holds"),
        (np.ma.masked_array(ROW, [True, False, False]), OperandError, "masked array"),
        ("abc", OperandError, "numbers and arrays, and x is 'abc'"),
        (None, OperandError, "x is None"),
        (np.array([True, False, True]), OperandError, "numbers and arrays"),
        (ROW * 1j, OperandError, "numbers and arrays"),
    ],
)  # fmt: skip
def test_an_array_of_another_kind_is_refused_with_both_shown(given, error, says):
    program = trace(of_row, ROW)
    with pytest.raises(error, match=says):
        program.value(given)


@pytest.mark.parametrize(
    "given",
    [
        np.array([3, 4, 5]), np.array([3.0, 4.0, 5.0], np.float16),
        Tensor([3.0, 4.0, 5.0]), Tensor([3.0, 4.0, 5.0], requires_grad=True),
        np.array([0.0, 3.0, 4.0, 5.0])[1:], np.array([3.0, 0.0, 4.0, 0.0, 5.0])[::2],
    ],
)  # fmt: skip
def test_numbers_of_another_class_are_taken_as_a_tensor_takes_them(given):
    assert trace(of_row, ROW).value(given) == 50.0


def test_nan_and_infinity_are_numbers():
    program = trace(of_row, ROW)
    assert np.isnan(program.value(np.array([np.nan, 1.0, 1.0])))
    assert program.value(np.array([np.inf, 1.0, 1.0])) == np.inf


def test_a_program_of_float32_takes_float32():
    program = trace(of_row, ROW.astype(np.float32))
    assert program.value(ROW.astype(np.float32)) == 14.0
    with pytest.raises(OperandError, match="dtype float64: trace again"):
        program.value(ROW)


def test_a_number_beside_arrays_has_no_dtype_of_its_own():
    program = trace(lambda x, s: (x * s).sum(), ROW.astype(np.float32), np.float32(2.0))
    assert program.value(ROW.astype(np.float32), 3.0) == 18.0
    with pytest.raises(OperandError, match="dtype float64"):
        program.value(ROW.astype(np.float32), np.float64(3.0))


@pytest.mark.parametrize(
    "given", [3, 3.0, np.float64(3.0), np.float32(3.0), np.int64(3), np.array(3.0), Value(3.0)]
)
def test_a_program_of_numbers_takes_numbers_of_every_class(given):
    program = trace(lambda x: x * x, 2)
    assert program.value(given) == 9.0
    assert type(program.value(given)) is float


@pytest.mark.parametrize(
    ("given", "error"),
    [(ROW, ShapeError), (np.array([3.0]), ShapeError), ([3.0], ShapeError), (True, OperandError),
     ("3", OperandError), (3j, OperandError), (None, OperandError), (Fraction(1, 3), OperandError)],
)  # fmt: skip
def test_a_program_of_numbers_refuses_what_is_none(given, error):
    with pytest.raises(error):
        trace(lambda x: x * x, 2.0).value(given)


def test_as_many_arguments_as_the_example_had():
    program = trace(lambda x, y: x * y, 2.0, 3.0)
    for given in ((), (1.0,), (1.0, 2.0, 3.0)):
        with pytest.raises(OperandError, match=f"with 2 arguments, and called with {len(given)}"):
            program.value(*given)


NESTED = {"a": [1.0, 2.0], "b": (ROW, {"c": 3.0})}


@pytest.mark.parametrize(
    "given",
    [
        {"a": [1.0, 2.0, 3.0], "b": (ROW, {"c": 3.0})},
        {"a": [1.0, 2.0]},
        {"a": 1.0, "b": (ROW, {"c": 3.0})},
        {"a": [1.0, 2.0], "b": (ROW, {"d": 3.0})},
        {"a": [1.0, 2.0], "b": (ROW, [3.0])},
        {"a": [1.0, 2.0], "b": ROW},
        [1.0],
    ],
)
def test_arguments_are_nested_as_the_example_is(given):
    program = trace(lambda t: t["a"][0] * t["b"][0].sum() + t["b"][1]["c"], NESTED)
    with pytest.raises(ShapeError, match="trace again"):
        program.value(given)


def test_a_dicts_order_and_a_list_for_a_tuple_do_not_matter():
    program = trace(lambda t: t["a"][0] * t["b"][0].sum() - t["b"][1]["c"], NESTED)
    assert program.value({"b": [2.0 * ROW, {"c": 1.0}], "a": (3.0, 2.0)}) == 35.0


def test_an_array_of_values_is_taken_as_a_list():
    program = trace(lambda a: np.sum(a * a), np.array([Value(1.0), Value(2.0)]))
    assert program.value(np.array([Value(3.0), Value(4.0)])) == 25.0
    with pytest.raises(ShapeError):
        program.value(np.array([Value(3.0)] * 3))


# --- derivatives around a program ----------------------------------------------------------------


@pytest.mark.parametrize("transform", [grad, jacobian])
def test_a_program_inside_a_derivative_is_refused(transform):
    program = trace(of_row, ROW)
    with pytest.raises(OperandError, match="call the function itself here"):
        transform(lambda x: program.value(x * 2.0))(ROW)


def test_a_program_beside_what_is_differentiated_by_is_fine():
    program = trace(of_row, ROW)
    assert grad(lambda x: x * x * program.value(ROW))(2.0) == 56.0


def test_a_program_inside_a_derivative_by_its_weight_is_refused():
    model = nn.Linear(3, 1, generator=0)
    program = trace(lambda x: model(x).sum(), np.ones((2, 3)))

    def loss(w):
        model.weight, before = w, model.weight
        try:
            return program.value(np.ones((2, 3))) * w.sum()
        finally:
            del model.weight
            model.weight = before

    with pytest.raises((TraceError, OperandError)):
        grad(loss)(np.ones((1, 3)))


# --- weights -----------------------------------------------------------------------------------------


def test_weights_are_read_at_each_call_however_they_were_set():
    model = nn.Linear(3, 1, bias=False, generator=0)
    program = trace(lambda x: model(x).sum(), np.ones((1, 3)))
    model.load_state_dict({"weight": [[1.0, 2.0, 3.0]]})
    assert program.value(np.ones((1, 3))) == 6.0
    model.weight.data = np.array([[2.0, 2.0, 2.0]])
    assert program.value(np.ones((1, 3))) == 6.0
    model.weight.data[0, 0] = 5.0
    assert program.value(np.ones((1, 3))) == 9.0
    model.weight.update_(lambda a: np.multiply(a, 2.0, out=a))
    assert program.value(np.ones((1, 3))) == 18.0


def test_weights_of_another_dtype_ask_for_another_program():
    model = nn.Linear(3, 1, generator=0)
    program = trace(lambda x: model(x).sum(), np.ones((1, 3)))
    model.astype("float32")
    with pytest.raises(TraceError, match="weight is no longer .*trace again"):
        program.value(np.ones((1, 3)))


def test_another_weight_in_a_weights_place_is_noticed():
    model = nn.Linear(3, 1, generator=0)
    program = trace(lambda x: model(x).sum(), np.ones((1, 3)))
    del model.weight
    model.weight = nn.Parameter(np.ones((1, 3)))
    with pytest.raises(TraceError, match="weight is no longer .*trace again"):
        program.value(np.ones((1, 3)))


def test_another_leaf_under_a_closed_over_name_is_noticed():
    w = Value(2.0, name="w")
    program = trace(lambda x: w * x, 3.0)
    w = Value(5.0)
    with pytest.raises(TraceError, match="no longer w"):
        program.value(1.0)


def test_another_leaf_in_a_list_is_noticed_and_so_is_a_shorter_one():
    ws = [Value(2.0), Value(3.0)]
    program = trace(lambda x: ws[0] * x + ws[1], 3.0)
    kept = ws[1]
    ws[1] = Value(3.0)
    with pytest.raises(TraceError, match="entry 1 of a list"):
        program.value(1.0)
    ws[1] = kept
    assert program.value(1.0) == 5.0
    ws.pop()
    with pytest.raises(TraceError, match="entry 1 of a list"):
        program.value(1.0)


# --- what a call costs -------------------------------------------------------------------------------


def test_a_leaf_costs_a_call_or_two():
    def work(n):
        weights = [Value(float(i)) for i in range(n)]
        graph = trace(lambda: sum(weights, Value(0.0)), *()).graph
        form = form_of(graph)
        return calls_of(lambda: checked(graph, form, ()))[1]

    assert work(1000) - work(500) <= 500 * 2


def test_an_array_costs_nothing_but_looking_at_it():
    def work(n):
        graph = graph_of(lambda *xs: sum(xs[1:], xs[0]), (ROW,) * n)
        form = form_of(graph)
        return calls_of(lambda: checked(graph, form, (ROW,) * n))[1]

    assert work(10) == work(20)
