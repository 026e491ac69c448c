"""What a program answers: the forms of arguments, results and gradients, and what it says to other forms."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from autograd_lite import Tensor, Value, exp, grad, log, sin, sqrt, stack, trace, where
from autograd_lite.errors import DerivativeError, OperandError, ShapeError
from autograd_lite.programs.forgetting import forgetting
from autograd_lite.programs.graph import graph_of

A, B = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])

# --- forms -------------------------------------------------------------------------------------------


def test_a_result_has_the_form_in_which_the_function_returns_it():
    program = trace(lambda x: {"twice": 2.0 * x, "all": [x * x, (x, 7.0)]}, 1.0)
    assert program.value(3.0) == {"twice": 6.0, "all": [9.0, (3.0, 7.0)]}


def test_an_argument_may_be_nested_and_its_gradient_is_so_too():
    program = trace(lambda p: p["a"] * p["b"][0] + p["b"][1], {"a": 1.0, "b": [1.0, 1.0]})
    value, gradient = program.value_and_grad({"a": 2.0, "b": [3.0, 4.0]})
    assert (value, gradient) == (10.0, {"a": 3.0, "b": [2.0, 1.0]})


@pytest.mark.parametrize(
    ("argnums", "expected"), [(0, B), (1, A), (-1, A), ((1,), (A,)), ((0, 1), (B, A)), ([1, 0], (A, B))]
)  # fmt: skip
def test_gradients_are_by_the_arguments_that_were_named(argnums, expected):
    _, gradient = trace(lambda a, b: (a * b).sum(), A, B, argnums=argnums).value_and_grad(A, B)
    assert type(gradient) is (tuple if isinstance(argnums, (tuple, list)) else np.ndarray)
    np.testing.assert_array_equal(np.array(gradient), np.array(expected))


def test_what_is_returned_is_the_callers_and_changes_with_no_later_call():
    program = trace(lambda a: (a, 2.0 * a), A)
    first = program.value(A)
    first[0][:] = 0.0
    second = program.value(B)
    np.testing.assert_array_equal(first[1], 2.0 * A)
    np.testing.assert_array_equal(second[0], B)
    np.testing.assert_array_equal(A, [1.0, 2.0, 3.0])


def test_what_does_not_move_is_returned_as_it_is_and_has_tangent_0():
    program = trace(lambda x: (x, np.array([5.0]), 2.0), 1.0)
    (x, array, number), (dx, d_array, d_number) = program.jvp((3.0,), (1.0,))
    assert (x, number, dx, d_number) == (3.0, 2.0, 1.0, 0.0)
    np.testing.assert_array_equal([array, d_array], [[5.0], [0.0]])


# --- numbers, of closed forms ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [float, lambda x: np.array([x])])
def test_derivatives_are_those_of_the_closed_form(kind):
    """(eˣ·sin x)' = eˣ·(sin x + cos x)."""
    program, x = trace(lambda x: exp(x) * sin(x), kind(0.3)), 1.1
    slope = np.exp(x) * (np.sin(x) + np.cos(x))
    value, pull = program.vjp(kind(x))
    np.testing.assert_allclose(value, np.exp(x) * np.sin(x), rtol=1e-14)
    np.testing.assert_allclose(program.value_and_grad(kind(x))[1], slope, rtol=1e-14)
    np.testing.assert_allclose(pull(kind(2.0))[0], 2.0 * slope, rtol=1e-14)
    np.testing.assert_allclose(program.jvp((kind(x),), (kind(3.0),))[1], 3.0 * slope, rtol=1e-14)


def test_pulled_back_is_what_was_computed_then_also_when_the_array_changes_later():
    a = A.copy()
    _, pull = trace(lambda a: (a * a).sum(), A).vjp(a)
    a[:] = 0.0
    np.testing.assert_array_equal(pull(1.0)[0], 2.0 * A)


def test_a_branch_that_is_not_taken_masks_its_pole():
    """0·inf: docs/no_derivative.md."""
    program = trace(lambda x: where(x > 0, sqrt(x), 0.0), 4.0)
    assert program.value_and_grad(0.0) == (0.0, 0.0)
    assert program.jvp((0.0,), (1.0,)) == (0.0, 0.0)
    assert program.vjp(0.0)[1](1.0) == (0.0,)


@pytest.mark.parametrize(
    ("leaf", "number"),
    [(Value, float), (lambda x: Tensor([x], requires_grad=True), lambda x: np.array([x]))],
)
def test_backward_adds_up_on_the_parameters_and_reads_their_numbers_of_now(leaf, number):
    w = leaf(3.0)
    program = trace(lambda x: w * w * x, number(1.0))
    assert program.backward(number(2.0)) == 18.0
    assert program.backward(number(2.0)) == 18.0
    np.testing.assert_array_equal(w.grad, number(24.0))  # twice 2·w·x
    w.data, w.grad = number(10.0), None
    assert program.backward(number(2.0)) == 200.0
    np.testing.assert_array_equal(w.grad, number(40.0))


def test_backward_masks_a_pole_too():
    w = Value(0.0)
    program = trace(lambda x: x * where(w > 0, log(w), 0.0), 1.0)
    program.backward(1.0)
    assert w.grad == 0.0


# --- many points -------------------------------------------------------------------------------------


def test_map_gives_the_value_at_each_row():
    program = trace(lambda a, x: (a * x).sum(), A, 1.0)
    rows, xs = np.arange(12.0).reshape(4, 3), np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(program.map(rows, xs), rows.sum(1) * xs)


def test_map_of_a_nested_result_has_its_form():
    found = trace(lambda x: {"a": x, "b": [x * x]}, 1.0).map(np.array([2.0, 3.0]))
    np.testing.assert_array_equal(found["a"], [2.0, 3.0])
    np.testing.assert_array_equal(found["b"][0], [4.0, 9.0])


@pytest.mark.parametrize(
    ("batches", "said"), [((np.ones(4), np.ones(5)), r"\(4,\), \(5,\)"), ((np.ones(4), 1.0), r"\(4,\), \(\)")]
)  # fmt: skip
def test_map_refuses_batches_of_different_lengths(batches, said):
    with pytest.raises(ShapeError, match=said):
        trace(lambda x, y: x * y, 1.0, 1.0).map(*batches)


# --- bad input ---------------------------------------------------------------------------------------


def test_only_of_one_number_is_there_a_gradient():
    program = trace(lambda a: 2.0 * a, A)
    with pytest.raises(DerivativeError, match=r"returned shape \(3,\)"):
        program.value_and_grad(A)
    with pytest.raises(DerivativeError, match=r"returned shape \(3,\)"):
        program.backward(A)


def test_backward_without_parameters_says_what_to_call():
    with pytest.raises(DerivativeError, match="value_and_grad"):
        trace(lambda a: a.sum(), A).backward(A)


def test_a_pulled_gradient_has_the_results_shape():
    _, pull = trace(lambda a: 2.0 * a, A).vjp(A)
    with pytest.raises(ShapeError, match=r"\(2,\).*\(3,\)"):
        pull(np.ones(2))


def test_as_many_tangents_as_arguments():
    with pytest.raises(ShapeError, match="2, not 1"):
        trace(lambda x, y: x * y, 1.0, 2.0).jvp((1.0, 2.0), (1.0,))


def test_a_program_over_its_memory_is_refused_with_both_numbers():
    with pytest.raises(OperandError, match=r"24 MB.*1 MB"):
        trace(lambda x: (x @ x.T).sum(), np.ones((1000, 1000)), memory=1_000_000)


# --- memory ------------------------------------------------------------------------------------------


def test_memory_counts_at_least_an_array_that_has_to_be_kept():
    assert trace(lambda x: exp(x).sum(), np.ones(10_000)).memory() >= 80_000


def test_a_program_keeps_no_numbers_of_the_call_that_it_was_recorded_in():
    graph = graph_of(lambda a: exp(a).sum(), (np.zeros(1000),))
    kept = forgetting(graph)
    assert all(node.value.base is not None for node in kept.operations if node.shape)
    assert [node.rule for node in kept.operations] == [node.rule for node in graph.operations]
    assert graph.operations[0].value.sum() == 1000.0  # the function's own nodes keep theirs


# --- results that are there twice, bad gradients, copies --------------------------------------------


@pytest.mark.parametrize("a", [3.0, A])
def test_a_result_that_is_there_twice_takes_both_gradients(a):
    _, pull = trace(lambda x: [y := x * x, (y, x)], a).vjp(a)
    one, two, three = (k * np.ones(np.shape(a)) for k in (1.0, 2.0, 3.0))
    np.testing.assert_allclose(pull([one, (two, three)])[0], 6.0 * a + 3.0)


def test_each_of_two_equal_results_is_an_array_of_its_own():
    first, second = trace(lambda x: (y := exp(x), y), A).value(A)
    first[:] = 0.0
    np.testing.assert_array_equal(second, np.exp(A))


@pytest.mark.parametrize(
    "gradient",
    [
        np.ones(3, complex), np.ones(3, object), np.array(list("abc")), None, "abc", {"a": 1.0}, 1j,
        np.ma.masked_array(A, A > 2.0), [Tensor(1.0, requires_grad=True)] * 3, np.datetime64("2026-01-01"),
    ],
    ids=lambda g: type(g).__name__,
)  # fmt: skip
def test_a_gradient_is_made_of_numbers(gradient):
    _, pull = trace(lambda a: 2.0 * a, A).vjp(A)
    with pytest.raises(OperandError, match=r"a gradient is made of|masked array|is no array"):
        pull(gradient)


def test_a_gradient_may_be_whole_numbers_of_any_kind():
    _, pull = trace(lambda a: 2.0 * a, A).vjp(A)
    for gradient in ([1, 1, 1], np.ones(3, bool), np.ones(3, "float32"), Tensor(np.ones(3))):
        np.testing.assert_array_equal(pull(gradient)[0], [2.0, 2.0, 2.0])


def test_under_grad_a_pull_is_refused_since_numbers_alone_come_back():
    _, pull = trace(lambda a: 2.0 * a, A).vjp(A)
    with pytest.raises(OperandError, match="would have derivative 0"):
        grad(lambda g: (pull(g)[0] * g).sum())(A)


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_program_is_neither_copied_nor_pickled(copied):
    with pytest.raises(OperandError, match="trace the function again"):
        copied(trace(exp, A))


def test_map_of_no_rows_has_none():
    assert trace(lambda a: (a.sum(), 2.0 * a), A).map(np.empty((0, 3)))[1].shape == (0, 3)
    for nothing in (None, "abc", 1.0):
        with pytest.raises((OperandError, ShapeError)):
            trace(exp, A).map(nothing)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_masked_pole_changes_no_form(dtype):
    """Where the engine takes over, arguments reach the function as arrays, and derivatives have one form."""
    one, pole = np.ones((), dtype), np.zeros((), dtype)
    program = trace(lambda x: stack([where(x > 0, sqrt(x), 0.0), x]).sum(), one)
    assert program.value_and_grad(one) == (2.0, 1.5)
    assert program.value_and_grad(pole) == program.value_and_grad(0.0) == (0.0, 1.0)
    assert type(program.value_and_grad(pole)[1]) is float
    assert program.vjp(pole)[1](1.0) == (1.0,)
    assert program.jvp((0.0,), (1.0,)) == (0.0, 1.0)
