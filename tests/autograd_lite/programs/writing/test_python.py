"""Python source gives the engine's numbers when it is run on its own, and time steps are loops in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd_lite import Value, elementwise, equations, example, examples, trace
from autograd_lite import functions as f
from autograd_lite.errors import NotAVariableError, OperandError, SourceError
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import source, source_of
from autograd_lite.rules import RULES
from tests.autograd_lite.programs.writing import examples as programs
from tests.autograd_lite.programs.writing.running import close, eager, run, same_numbers
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import CASES

EVERY = {**programs.ARRAYS, **programs.NUMBERS}
REFUSED = {"det", "eigenvectors", "eigvalsh", "singular_vectors", "svdvals"}
"""Rules whose derivatives look at their numbers."""


def written(name: str, **more: Any) -> Any:
    graph = graph_of(*EVERY[name]())
    return graph, source(graph, **more)


@pytest.mark.parametrize("name", EVERY)
def test_run_on_its_own_it_gives_the_engines_numbers(name: str) -> None:
    same_numbers(*written(name))


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_imported_but_numpy_and_every_line_is_needed(name: str) -> None:
    """What a line defines is used in a later one, or returned."""
    _, text = written(name)
    tree = ast.parse(str(text))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [ast.unparse(node) for node in imports] == ["import numpy as np"]
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "program")
    read = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    set_ = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    assert set_ <= read


@pytest.mark.parametrize("name", examples())
def test_the_lectures_examples_give_their_own_numbers(name: str) -> None:
    """Their gradients are those of central differences."""
    output = list(equations(example(name)).values())[-1]
    text = source_of(output)
    value, gradients = run(text)
    close(value, output.value)
    for (argument, number), got in zip(text.arguments.items(), gradients, strict=True):
        moved = [
            run_at(text, {**text.arguments, argument: number + step}) for step in (1e-6, -1e-6)
        ]
        assert got == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-7)


def run_at(text: Any, arguments: dict[str, Any]) -> Any:
    session: dict[str, Any] = {}
    exec(str(text), session)  # noqa: S102 - the source under test
    return session["program"](**arguments)[0]


# --- every rule -----------------------------------------------------------------------------------


def of_case(case: Case) -> Any:
    """The graph of a rule at a case's operands, by those that it can be differentiated by."""
    moving = [i for i, moves in enumerate(case.differentiable) if moves]

    def apply(*xs: Any) -> Any:
        operands = list(case.operands)
        for i, x in zip(moving, xs, strict=True):
            operands[i] = x
        return RULES[case.rule](*operands, **case.static)

    return graph_of(apply, tuple(np.asarray(case.operands[i], float) for i in moving))


BY_RULE = {
    name: [case for case in CASES if case.rule == name and any(case.differentiable)]
    for name in sorted({case.rule for case in CASES})
}


@pytest.mark.parametrize("name", [name for name, cases in BY_RULE.items() if cases])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_rule_is_written_or_refused_by_its_name(name: str) -> None:
    for case in BY_RULE[name]:
        graph = of_case(case)
        if not graph.operations:
            continue
        if name in REFUSED:
            with pytest.raises(SourceError, match=name):
                source(graph)
        else:
            same_numbers(graph, source(graph))


@elementwise(lambda xp, y, x: 2.0 * x if x > 0 else -x)
def branching(xp: Any, x: Any) -> Any:
    """It looks at its number."""
    return xp.multiply(x, x)


def test_an_operation_that_looks_at_its_numbers_is_refused() -> None:
    with pytest.raises(SourceError, match=r"xp\.where"):
        source(graph_of(branching, (2.0,)))


# --- random expressions ---------------------------------------------------------------------------

UNARY = [
    f.sin, f.cos, f.tanh, f.exp, f.sigmoid,
    lambda x: x**2, lambda x: -x, lambda x: f.sqrt(x * x + 1.0),
]  # fmt: skip
BINARY = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (2.0 + b * b),
]


@st.composite
def expressions(draw: Any) -> Callable[[Any, Any], Any]:
    steps = draw(
        st.lists(
            st.tuples(st.integers(0, 11), st.integers(0, 99), st.integers(0, 99), st.booleans()),
            min_size=1,
            max_size=25,
        )
    )

    def evaluate(x: Any, y: Any) -> Any:
        values = [x, y, 0.5]
        for k, (which, i, j, is_named) in enumerate(steps):
            a, b = values[i % len(values)], values[j % len(values)]
            made = UNARY[which](a) if which < 8 else BINARY[which - 8](a, b)
            made = f.tanh(made)  # nothing overflows
            if is_named and isinstance(made, Value):
                made.named(f"v_{k}" if which % 2 else "v")
            values.append(made)
        return values[-1] + x * y

    return evaluate


@settings(max_examples=150, deadline=None)
@given(expressions(), st.floats(-2, 2), st.floats(-2, 2))
def test_random_expressions_of_numbers(function: Any, x: float, y: float) -> None:
    graph = graph_of(function, (x, y))
    same_numbers(graph, source(graph))


# --- loops ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("form", [programs.recurrent, programs.last_state])
def test_time_steps_are_one_loop_forward_and_one_backward_however_many(
    form: Any, kind: Any
) -> None:
    texts = {}
    for steps in (7, 20, 41):
        graph = graph_of(*form(kind, steps))
        texts[steps] = source(graph)
        same_numbers(graph, texts[steps])
    assert len({text.count("\n") for text in texts.values()}) == 1
    assert texts[20].count("for t in range") - texts[20].count("[t] for t in range") == 2


@pytest.mark.parametrize("name", ["squares", "logistic map", "two steps back", "list of arrays"])
def test_loops_of_ones_own_are_loops(name: str) -> None:
    graph, text = written(name)
    loops = re.findall(r"^    for t in range", text, re.MULTILINE)
    assert len(loops) == 2
    same_numbers(graph, text)


def test_blocks_that_differ_stay_straight_lines() -> None:
    def last(x: Any) -> Any:
        for k in range(6):
            x = f.tanh(x) if k % 3 == 0 else f.sin(x) * (k + 0.5)
        return x

    graph = graph_of(last, (0.3,))
    text = source(graph)
    assert "for t" not in text
    same_numbers(graph, text)


def test_steps_of_other_names_are_no_loop() -> None:
    def last(x: Any) -> Any:
        for name in "abcdef":
            x = f.tanh(x).named(name)
        return x

    text = source(graph_of(last, (0.3,)))
    assert "for t" not in text
    assert "c = np.tanh(b)" in text


def test_a_state_that_is_overwritten_too_early_is_kept() -> None:
    """Two states, each of which reads the other's old value."""

    def last(a: Any, b: Any) -> Any:
        for _ in range(8):
            a, b = f.tanh(a + b), f.sin(a - b)
        return a * b

    graph = graph_of(last, (0.3, 0.5))
    same_numbers(graph, source(graph))


# --- what is asked for ----------------------------------------------------------------------------


def test_only_the_wanted_derivatives_are_written() -> None:
    graph = graph_of(*programs.mlp())
    text = source(graph, wanted=graph.parameters)
    _, gradients = run(text)
    assert len(gradients) == 4
    assert not re.search(r"\bd_x\b", text)
    for got, want in zip(gradients, eager(graph)[2:], strict=True):
        close(got, want)


def test_without_wanted_derivatives_there_is_the_value_alone() -> None:
    graph = graph_of(*programs.mlp())
    text = source(graph, wanted=())
    assert "backward" not in text
    session: dict[str, Any] = {}
    exec(str(text), session)  # noqa: S102
    close(session["program"](**text.arguments), graph.result.value)


def test_another_language_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(OperandError, match="python, latex, javascript"):
        source(graph_of(*programs.three_steps()), language="fortran")


def test_a_name_that_no_input_has_is_refused() -> None:
    with pytest.raises(NotAVariableError, match="did you mean 'x'"):
        source_of(equations("x = 1.0\ny = cos(x)")["y"], by=["xx"])


def test_float32_stays_float32() -> None:
    graph = graph_of(lambda x, w: f.tanh(x * w).mean(), (np.ones((2, 3), np.float32),) * 2)
    value, gradients = run(source(graph))
    assert value.dtype == np.float32
    assert {g.dtype for g in gradients} == {np.dtype(np.float32)}


def test_arguments_are_never_written_to() -> None:
    """`+=` is for arrays of the function's own: not for an argument, nor for a view of one."""
    graph = graph_of(lambda x: (x * x + x.T @ x + x).sum(), (np.arange(9.0).reshape(3, 3),))
    text = source(graph)
    session: dict[str, Any] = {}
    exec(str(text), session)  # noqa: S102
    x = np.arange(9.0).reshape(3, 3)
    x.setflags(write=False)
    first = session["program"](x)[1][0]
    np.testing.assert_array_equal(session["program"](x)[1][0], first)


def test_an_argument_of_a_function_has_no_brackets_of_its_own() -> None:
    text = str(trace(lambda x: f.erf(2.0 * x).sum() + f.gelu(-x).sum(), np.ones(3)).source())
    assert "erf(2 * x)" in text
    assert "((" not in text[text.index("# forward") : text.index("# backward")]
