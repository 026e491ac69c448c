"""trace_nan: the operation that made the first inf or nan is named, forward and backward."""

from __future__ import annotations

import dataclasses
import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd_lite import (
    Rule,
    Tensor,
    Value,
    absolute,
    cos,
    divide,
    exp,
    log,
    logsumexp,
    matmul,
    maximum,
    multiply,
    power,
    prod,
    sin,
    softmax,
    sqrt,
    subtract,
    where,
)
from autograd_lite import sum as sum_of
from autograd_lite.checks.nans import INSTEAD, NanReport, trace_nan
from autograd_lite.errors import OperandError
from autograd_lite.modes import record_lines
from autograd_lite.rules import RULES

INF, NAN = np.inf, np.nan


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """NumPy's own warnings are for those who compute, and these tests compute poles on purpose."""
    with np.errstate(all="ignore"):
        yield


def found(root: Any, *inputs: Any, **options: Any) -> NanReport:
    report = trace_nan(root, *inputs, **options)
    assert report is not None
    return report


def here() -> int:
    """The line this is called from."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


# --- forward -------------------------------------------------------------------------------------

FORWARD = {
    "log of 0": (lambda x: log(x - 1.0), [1.0, 2.0], "log"),
    "log of a negative number": (lambda x: log(-x), [1.0, 2.0], "log"),
    "0/0": (lambda x: (x - x) / (x - x), [1.0, 2.0], "divide"),
    "1/0": (lambda x: 1.0 / (x - 1.0), [1.0, 2.0], "divide"),
    "sqrt of a negative number": (lambda x: sqrt(x - 3.0), [1.0, 2.0], "sqrt"),
    "overflow of exp": (lambda x: exp(1000.0 * x), [1.0, 2.0], "exp"),
    "power of a negative base": (lambda x: (-x) ** 0.5, [1.0, 2.0], "power"),
    "overflow of a product": (lambda x: (1e200 * x) * (1e200 * x), [1.0, 2.0], "multiply"),
    "overflow of a matrix product": (lambda x: matmul(1e200 * x, 1e200 * x), [1.0, 2.0], "matmul"),
    "overflow of a sum": (lambda x: sum_of(1e308 * x), [1.0, 1.5], "sum"),
    "overflow of a product along an axis": (lambda x: prod(1e200 * x), [1.0, 2.0], "prod"),
}


@pytest.mark.parametrize(("f", "x", "operation"), FORWARD.values(), ids=FORWARD)
def test_the_producer_is_named_and_no_propagator(f: Any, x: Any, operation: str) -> None:
    """Operations behind it turn inf into nan and pass it on; operations before it are innocent."""

    def propagated(x: Any) -> Any:
        y = f(cos(x) / cos(x) * x)
        return sum_of(sin(y) * 0.0 + (y - y)) + sum_of(exp(x))

    report = found(propagated, np.array(x))
    assert (report.operation, report.direction) == (operation, "forward")
    assert all(np.isfinite(operand).all() for operand in report.operands)
    assert not np.isfinite(report.node.data).all()


def test_of_several_producers_the_first_in_order_of_evaluation_is_named() -> None:
    x = Tensor([0.0], requires_grad=True)
    second, first = sqrt(x - 1.0), None
    first, y = second, log(x)
    assert found(y + first).node is first


def test_inf_minus_inf_is_blamed_on_what_made_inf() -> None:
    report = found(lambda x: exp(1000.0 * x) - exp(1000.0 * x), 1.0)
    assert report.operation == "exp"


@pytest.mark.parametrize("variable", [Value, lambda x: Tensor(x, requires_grad=True)])
def test_values_and_tensors_alike(variable: Any) -> None:
    x = variable(0.0)
    report = found((log(x) * 2.0 + 1.0) * variable(3.0))
    assert report.operation == "log"
    assert [float(operand) for operand in report.operands] == [0.0]


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
def test_a_variable_that_is_not_finite_is_itself_the_producer(bad: float) -> None:
    report = found(lambda a, b: sum_of(sin(a) * b), np.array([1.0, 2.0]), np.array([1.0, bad]))
    assert report.node.is_leaf
    assert report.index == (1,)
    assert "before anything was computed" in str(report)


def test_a_constant_nan_is_the_producer_wherever_it_stands() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert found(sin(x * np.array([1.0, NAN]))).operation == "multiply"
    assert "operand 1" in str(found(sin(x * np.array([1.0, NAN]))))
    assert found(sin(x * Tensor([1.0, NAN]))).node.is_leaf


# --- what is legitimate --------------------------------------------------------------------------


def test_inf_that_a_mask_drops_is_left_alone() -> None:
    x = np.array([0.0, 2.0])
    assert trace_nan(lambda x: sum_of(where(x > 0, log(x), 0.0)), x) is None
    assert trace_nan(lambda x: sum_of(maximum(log(x), -5.0)), x) is None
    assert trace_nan(lambda x: 1.0 / (1.0 + exp(-1000.0 * x)), -1.0) is None


def test_a_mask_of_inf_is_left_alone() -> None:
    """Scores of attention are masked by adding -inf, and softmax makes zeros of it."""
    scores, mask = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, -INF], [0.0, 0.0]])
    assert trace_nan(lambda s: softmax(s + mask, axis=1), scores) is None
    assert trace_nan(lambda s: sum_of(logsumexp(s + Tensor(mask), axis=1)), scores) is None


def test_a_mask_of_inf_is_not_blamed_for_the_nan_made_from_it() -> None:
    """A row masked wholly: the softmax is 0/0."""
    scores, mask = np.array([[1.0, 2.0]]), np.array([[-INF, -INF]])

    def naive(s: Any) -> Any:
        raised = exp((s + mask) * 1.0)
        return sum_of(raised / sum_of(raised, axis=1, keepdims=True))

    assert found(naive, scores).operation == "divide"


def test_inf_by_choice_that_reaches_the_root_is_traced_to_where_it_entered() -> None:
    x = Tensor([1.0], requires_grad=True)
    assert found((x + np.array([INF])) * 2.0).operation == "add"


def test_nothing_is_reported_where_all_is_finite() -> None:
    assert trace_nan(lambda x: sum_of(sin(x) * x), np.ones((2, 3))) is None
    assert trace_nan(exp, np.zeros((0, 3))) is None
    assert trace_nan(Value(1.0)) is None
    assert trace_nan(Tensor(1.0) * 2.0) is None


# --- backward ------------------------------------------------------------------------------------

BACKWARD = {
    "sqrt at 0": (sqrt, [0.0, 1.0], "sqrt", 0),
    "norm by hand at 0": (lambda x: sqrt(sum_of(x * x)), [0.0, 0.0], "sqrt", 0),
    "power at 0": (lambda x: x**0.5, [0.0, 1.0], "power", 0),
    "a quotient of tiny numbers": (lambda x: 1.0 / (1e-200 * x), [1.0, 2.0], "divide", 1),
    "overflow of an adjoint": (lambda x: sin(1e200 * x) * 1e200, [1.0, 2.0], "multiply", 1),
}


@pytest.mark.parametrize(("f", "x", "operation", "operand"), BACKWARD.values(), ids=BACKWARD)
def test_the_producer_of_a_gradient_that_is_not_finite_is_named(
    f: Any, x: Any, operation: str, operand: int
) -> None:
    """The value is finite throughout, and so is the adjoint the contribution is made from."""
    report = found(lambda x: sum_of(3.0 * f(x * 1.0)), np.array(x))
    assert (report.operation, report.direction) == (operation, "backward")
    assert report.operand == operand
    assert np.isfinite(report.adjoint).all()
    assert np.isfinite(report.node.data).all()
    assert not np.isfinite(report.result).all()


def test_the_first_contribution_in_the_reverse_sweep_is_named() -> None:
    """sqrt'(0) is inf; what lies behind it turns inf into nan and is innocent."""
    x = Value(0.0)
    outer = sqrt(x * x)
    report = found(sin(outer))
    assert (report.node, report.operand) == (outer, 0)
    assert report.result == INF


def test_contributions_whose_sum_overflows_are_found() -> None:
    x = Value(1.0)
    report = found(1e308 * x - 1e308 / x)
    assert (report.direction, report.result) == ("backward", INF)


def test_a_gradient_to_start_from_may_be_given() -> None:
    x = Tensor([0.0, 1.0], requires_grad=True)
    assert trace_nan(sqrt(x), gradient=np.array([0.0, 1.0])) is None
    assert found(sqrt(x), gradient=np.array([1.0, 0.0])).index == (0,)
    assert trace_nan(sqrt(Value(4.0)), gradient=2.0) is None


def test_a_masked_pole_has_a_finite_gradient() -> None:
    """∇ where(x > 0, √x, 0) at 0 is 0 on the masked path."""
    assert trace_nan(lambda x: sum_of(where(x > 0, sqrt(x), 0.0)), np.array([0.0, 4.0])) is None


def test_constants_have_no_gradient_to_look_at() -> None:
    x = Tensor([1.0], requires_grad=True)
    assert trace_nan(x * sqrt(Tensor([0.0]))) is None


# --- the report ----------------------------------------------------------------------------------


def test_the_report_carries_the_users_line() -> None:
    def loss(x: Any) -> Any:
        y = x - 1.0
        lines.append(here() + 1)
        z = log(y)
        return sum_of(z * 2.0)

    lines: list[int] = []
    report = found(loss, np.array([2.0, 1.0]))
    assert report.line == f"{__file__}, line {lines[0]}"
    assert report.line in str(report)


def test_backward_too_the_line_is_the_one_of_the_operation() -> None:
    def loss(x: Any) -> Any:
        lines.append(here() + 1)
        return sum_of(sqrt(x))

    lines: list[int] = []
    assert str(found(loss, np.array([0.0, 1.0])).line).endswith(f", line {lines[0]}")


def test_a_graph_built_under_record_lines_has_lines() -> None:
    with record_lines():
        y = log(Value(0.0)) * 0.0
    assert str(found(y).line).startswith(__file__)


def test_without_lines_the_report_says_how_to_get_them() -> None:
    report = found(log(Value(0.0)))
    assert report.line is None
    assert "trace_nan(f, *inputs)" in str(report)
    assert "record_lines()" in str(report)


def test_the_report_says_what_where_why_and_what_to_write_instead() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 0.0]], requires_grad=True)
    node = log(x).named("log_p")
    text = str(found(sum_of(node)))
    assert f"log_p (node {node.number}) gives -inf at index (1, 1), of 0" in text
    assert RULES["log"].kinks in text
    assert INSTEAD["log"] in text


def test_the_backward_report_names_operand_and_adjoint() -> None:
    text = str(found(3.0 * sqrt(Value(0.0))))
    assert "its operand 0 a gradient of inf, from an adjoint of 3" in text


def test_a_custom_rule_without_advice_is_named_all_the_same() -> None:
    bad = Rule("bad", lambda xp, x: x * NAN, [lambda xp, y, x: 1.0])
    text = str(found(bad(Value(1.0))))
    assert "bad (node" in text
    assert "instead" not in text


def test_each_report_can_be_printed_whatever_the_shapes() -> None:
    for f in (
        lambda x: matmul(1e200 * x, 1e200 * x.T),
        lambda x: sum_of(1e308 * x, axis=0),
        lambda x: divide(x, x[:1] - x[:1]),
        lambda x: power(x - 9.0, 0.5),
        lambda x: sqrt(absolute(x[:1]) * 0.0) * x,
        lambda x: multiply(x, 1e308) * np.float64(10.0),
        lambda x: subtract(x, INF) * 0.0,
    ):
        assert "why: " in str(found(f, np.arange(1.0, 7.0).reshape(2, 3)))


def test_advice_is_for_operations_there_are() -> None:
    assert set(INSTEAD) <= set(RULES)


def test_untrusted_names_cannot_break_the_report() -> None:
    text = str(found(log(Value(0.0)).named("a\x1b[31m\nline: forged")))
    assert "\x1b" not in text
    assert text.count("\nline: ") == 1


def test_a_report_is_frozen() -> None:
    report = found(log(Value(0.0)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.direction = "sideways"  # type: ignore[misc]


def test_no_gradient_is_left_behind_and_no_warning_raised() -> None:
    x = Tensor([0.0, 1.0], requires_grad=True)
    y = sum_of(sqrt(x))
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        trace_nan(y)
        trace_nan(lambda x: sum_of(log(x)), np.array([0.0]))
    assert x.grad is None
    assert y.grad is None


# --- what may be asked ---------------------------------------------------------------------------


def test_functions_take_nested_arguments_and_may_return_several_nodes() -> None:
    report = found(lambda p: {"a": sin(p["w"]), "b": [log(p["v"][0])]}, {"w": 1.0, "v": [0.0]})
    assert report.operation == "log"


def test_nodes_given_to_a_function_stay_the_nodes_they_are() -> None:
    x = Value(0.0, name="x")
    assert found(log, x).node.parents == (x,)


def test_a_function_without_inputs_is_run() -> None:
    x = Value(0.0)
    assert found(lambda: log(x)).line is not None


@pytest.mark.parametrize("root", [1.0, np.ones(3), None, "x", [Value(1.0)]])
def test_what_is_no_graph_is_refused(root: Any) -> None:
    with pytest.raises(OperandError, match="trace_nan"):
        trace_nan(root)


def test_a_function_that_returns_no_node_is_refused() -> None:
    with pytest.raises(OperandError, match="float"):
        trace_nan(lambda x: 1.0, 2.0)


def test_inputs_beside_a_node_are_refused() -> None:
    with pytest.raises(OperandError, match="function"):
        trace_nan(Value(1.0), 2.0)


@pytest.mark.parametrize("gradient", [np.ones(3), NAN, [1.0, INF]])
def test_a_gradient_that_does_not_fit_is_refused(gradient: Any) -> None:
    with pytest.raises(OperandError, match="gradient"):
        trace_nan(sqrt(Tensor([1.0, 2.0], requires_grad=True)), gradient=gradient)


# --- size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where_", ["first", "last", "backward"])
def test_a_graph_of_100_000_nodes(where_: str) -> None:
    """Iterative: no recursion limit, whichever end the nan is at."""
    x = Value(0.0)
    y = first = log(x) if where_ == "first" else sqrt(x) if where_ == "backward" else x
    for _ in range(100_000):
        y = y * 1.0 + 0.1
    y = log(y - y) if where_ == "last" else y
    report = found(y)
    assert report.node is (y if where_ == "last" else first)


def test_every_operation_is_looked_at_a_few_times_at_most() -> None:
    """Linear time, counted in partial derivatives taken, on a graph with 2^40 paths."""
    taken = {"n": 0}

    def partial(xp: Any, y: Any, x: Any) -> float:
        taken["n"] += 1
        return 1.0

    step = Rule("step", lambda xp, x: x, [partial])
    x = y = Value(0.0)
    for _ in range(40):
        y = step(y) * 0.5 + step(y) * 0.5
    assert trace_nan(y) is None
    assert taken["n"] == 80
    assert x.grad is None
