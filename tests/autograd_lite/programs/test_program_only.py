"""Comparisons and detach as operations of programs: NumPy's answers, no derivative, source."""

from __future__ import annotations

import numpy as np
import pytest

from autograd_lite import Tape, Tensor, Value, trace, where
from autograd_lite.rules import RULES
from autograd_lite.rules.program_only import COMPARISONS, asked, detach, is_truth
from autograd_lite.source import CALLS, JAVASCRIPT, PYTHON, Recording, lines

A, B = np.array([-1.0, 0.0, 1.0, np.nan, np.inf]), np.array([0.0, 0.0, 0.5, 1.0, np.inf])


@pytest.mark.parametrize("name", COMPARISONS)
def test_values_are_numpys(name):
    rule = COMPARISONS[name]
    xs = (A, B)[: rule.arity]
    np.testing.assert_array_equal(rule(*xs), getattr(np, name)(*xs))
    for numbers in zip(*xs, strict=True):
        assert bool(rule(*map(float, numbers))) == bool(getattr(np, name)(*numbers))


@pytest.mark.parametrize("name", COMPARISONS)
def test_nodes_give_the_same_and_have_no_derivative(name):
    rule = COMPARISONS[name]
    xs = [Tensor(x, requires_grad=True) for x in (A, B)[: rule.arity]]
    y = rule(*xs)
    np.testing.assert_array_equal(y.value, getattr(np, name)(*(x.value for x in xs)))
    assert is_truth(y)
    adjoints = Tape((y * np.ones(5)).sum()).adjoints()
    assert not any(x in adjoints for x in xs)


@pytest.mark.parametrize("name", COMPARISONS)
def test_source_computes_the_same(name):
    rule = COMPARISONS[name]
    names = ["a", "b"][: rule.arity]
    for a, b in zip(A, B, strict=True):
        text = PYTHON.value(rule, *names)
        assert bool(eval(text, {"a": a, "b": b})) == bool(getattr(np, name)(*(a, b)[: rule.arity]))  # noqa: S307
    assert JAVASCRIPT.value(rule, *names)


@pytest.mark.parametrize("name", COMPARISONS)
def test_noted_calls_compute_the_same(name):
    rule, recording = COMPARISONS[name], Recording()
    xs = [recording.input(key, x) for key, x in list({"a": A, "b": B}.items())[: rule.arity]]
    y = rule.value(CALLS, *xs)
    source, names = lines(y)
    session = {"np": np, **names, "a": A, "b": B}
    exec(source, session)  # noqa: S102
    np.testing.assert_array_equal(session[y.name], getattr(np, name)(*(A, B)[: rule.arity]))


def test_they_are_no_operations_elsewhere():
    assert not COMPARISONS.keys() & RULES.keys()
    assert "detach" not in RULES
    assert asked("less", 1.0, 2.0) is True
    np.testing.assert_array_equal(asked("equal", Tensor(A, requires_grad=True), 0.0), A == 0.0)


def test_detach_keeps_the_number_and_no_derivative():
    x = Value(2.0)
    y = detach(x) * x
    assert Tape(y).adjoints()[x] == 2.0


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (lambda x: x > 0, "greater"), (lambda x: x >= 0, "greater_equal"), (lambda x: x < 0, "less"),
        (lambda x: x <= 0, "less_equal"), (lambda x: x == 0, "equal"), (lambda x: x != 0, "not_equal"),
        (lambda x: np.float64(0) < x, "greater"),
        (lambda x: x > x, "greater"), (lambda x: np.zeros(()) == x, "equal"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("example", [1.0, np.ones(2)])
def test_a_programs_comparison_is_recorded_however_it_is_written(f, name, example):
    program = trace(lambda x: where(f(x), 2.0 * x, x), example)
    assert program.graph.operations[0].rule.name in {name, "less"}
    x = -1.0 * example
    np.testing.assert_array_equal(program.value(x), np.where(f(x), 2.0 * x, x))


@pytest.mark.parametrize("other", [None, "text", (1, 2), object()])
def test_what_is_no_number_is_compared_as_before(other):
    program = trace(lambda x: x * 2.0 if x is not other else x, 1.0)
    assert program.value(2.0) == 4.0


def test_bits_of_truths_alone():
    with pytest.raises(TypeError, match="& works on bits"):
        trace(lambda x: x & (x > 0), 1.0)
    with pytest.raises(TypeError, match="~ works on bits"):
        trace(lambda x: ~x, 1.0)
    with pytest.raises(TypeError, match="x <= 0 for the opposite"):
        trace(lambda x: x * ~(x > 0), 1.0)  # Python's ~True is -2
