"""Questions at K points at once; every candidate has a sentence, and none tells the answer."""

import re

import numpy as np
import pytest

from autograd_lite import FlowGraph, Value, equations, example
from autograd_lite.errors import GraphError, OperandError
from autograd_lite.rules import RULES
from grading.catalogue import ON_SCALARS, ON_VALUES
from grading.scalars import ScalarAsked
from tests.grading.scalars.test_families import TEXT
from tests.grading.scalars.test_question import dag

THREE = example("three_step")
NET = "h = tanh(w*x + b)\no = v*h + c\nE = 0.5*(o - t)**2"
QUESTIONS = [
    (THREE, "yhat", "x", {}),
    (example("written_example"), "z", "u", {}),
    (NET, "E", "w", {"w": 0.7, "x": 1.2, "b": 0.1, "v": -0.6, "c": 0.2, "t": 0.3}),
    (TEXT, "L", "w", {"w": 0.7, "u": 0.4, "b": 0.1, "s": 0.25}),
    ("y = relu(x) + log(x)/x - 2**x", "y", "x", {"x": 0.8}),
]


@pytest.mark.parametrize(("text", "of", "wrt", "values"), QUESTIONS, ids=[q[1] for q in QUESTIONS])
def test_points_at_once_are_points_one_by_one(text, of, wrt, values):
    """The right answer and every candidate, at five points."""
    graph = equations(text, **values)
    moved = wrt if graph[wrt].is_leaf else "epsilon_v"
    points = np.linspace(0.4, 1.3, 5)
    many = ScalarAsked(FlowGraph(graph[of]), wrt, values={moved: points})
    for k, point in enumerate(points):
        one = ScalarAsked(FlowGraph(graph[of]), wrt, values={moved: [point]})
        assert many.right[k] == pytest.approx(one.right[0])
        assert [c.identifier for c in many.candidates] == [c.identifier for c in one.candidates]
        for a, b in zip(many.candidates, one.candidates, strict=True):
            assert a.value[k] == pytest.approx(b.value[0], nan_ok=True), a.identifier


@pytest.mark.parametrize(("text", "of", "wrt", "values"), QUESTIONS, ids=[q[1] for q in QUESTIONS])
def test_every_candidate_has_a_sentence_without_a_number_but_the_equations_own(
    text, of, wrt, values
):
    graph = equations(text, **values)
    for asked in (ScalarAsked(FlowGraph(graph[of]), wrt), ScalarAsked(FlowGraph(graph[of]), None)):
        for c in asked.candidates:
            assert c.value.shape == (1,)
            assert re.fullmatch(r"[A-Z].*\.", c.says), c.identifier
            assert not re.search(r"\{|\}", c.says), c.says
            assert all(number in text for number in re.findall(r"\d+\.\d+", c.says)), c.says
            assert "  " not in c.says
            assert c.identifier.split(":")[0] == c.mistake.identifier


def test_every_row_says_something_of_its_own_kind():
    for mistake in (*ON_SCALARS, *ON_VALUES):
        assert re.fullmatch(r"[A-Z]\d*[a-z]?", mistake.identifier)
        assert 1 <= mistake.prior <= 5
        assert mistake.name


def test_values_are_taken_by_name_as_typed_or_as_printed():
    graph = equations("y = epsilon**2", epsilon=2.0)
    for name in ("epsilon", "ε"):
        asked = ScalarAsked(FlowGraph(graph["y"]), "epsilon", values={name: [1.0, 5.0]})
        assert asked.right.tolist() == [2.0, 10.0]


def test_named_constants_are_varied_too():
    graph = equations("a: constant = 3.0\ny = a*x", x=2.0)
    asked = ScalarAsked(FlowGraph(graph["y"]), "x", values={"a": [1.0, 7.0]})
    assert asked.right.tolist() == [1.0, 7.0]


def test_numbers_of_an_input_that_the_answer_does_not_depend_on_are_left_unused():
    flow = FlowGraph(equations("a = x**2\ny = a*w", x=0.7, w=1.3)["y"])
    for given in ({"x": [1.0, 2.0], "w": [3.0, 4.0]}, {"w": [3.0, 4.0]}):
        asked = ScalarAsked(flow, "x", of="a", values=given)
        x = np.broadcast_to(given.get("x", 0.7), 2)
        assert asked.k == 2
        assert asked.right.tolist() == (2 * x).tolist()


def test_what_cannot_be_given_is_refused_in_words():
    flow = FlowGraph(equations(THREE)["yhat"])
    with pytest.raises(OperandError, match="'z', which no input is called"):
        ScalarAsked(flow, "x", values={"z": [1.0]})
    with pytest.raises(OperandError, match="points"):
        ScalarAsked(
            FlowGraph(equations("y = a*b", a=1.0, b=2.0)["y"]), "a", values={"a": [1, 2], "b": [1, 2, 3]}
        )  # fmt: skip
    with pytest.raises(GraphError, match="no variable is called"):
        ScalarAsked(flow, "q")


def test_poles_leave_the_right_answer_and_the_other_candidates_alone():
    asked = ScalarAsked(FlowGraph(equations("y = x**2 + sqrt(x)*0", x=0.0)["y"]), "x")
    assert len(asked.candidates) > 10
    masked = ScalarAsked(FlowGraph(equations("y = relu(-sqrt(x) - 1) + 3*x", x=0.0)["y"]), "x")
    assert masked.right.tolist() == [3.0]


def test_synonyms_are_equal_everywhere_and_coincidences_here_alone():
    """At x = 2 the values x² and 2x coincide, and the row A3 of one path is A4 of the other whatever x is."""
    asked = ScalarAsked(FlowGraph(equations("h = x**2\ny = h + x", x=2.0)["y"]), "x")
    by_id = {c.identifier: c for c in asked.candidates}
    assert by_id["A3:x>y"].synonym == by_id["A4:x>h>y"].synonym
    value, derivative = by_id["A24b:h"], by_id["A4:x>h>y"]
    assert value.value[0] == derivative.value[0] == 4.0
    assert value.synonym != derivative.synonym


def test_one_step_back_from_the_students_own_numbers():
    """dŷ/dx from a wrong dŷ/dh_0: ∂h_0/∂x·own + ∂h_1/∂x·right."""
    flow = FlowGraph(equations(THREE)["yhat"])
    asked = ScalarAsked(flow, "x")
    by_h0, by_h1 = flow.partial("h_0", "x"), flow.partial("h_1", "x")
    own = {"h_0": 0.5, flow.variable("h_1"): 0.9, "yhat": 1.0}
    assert asked.follow("x", own)[0] == pytest.approx(0.5 * by_h0 + 0.9 * by_h1)
    assert asked.follow("x", {"h_0": 0.5})[0] == pytest.approx(
        0.5 * by_h0 + flow.total("h_1") * by_h1
    )
    assert asked.follow("yhat", {}).tolist() == [1.0]
    assert asked.follow("h_0", {})[0] == pytest.approx(flow.total("h_0"))


def test_graphs_with_very_many_paths_are_asked_about_all_the_same():
    graph = equations(
        "\n".join(f"v_{i + 1} = v_{i}**2 + sin(v_{i})*v_{i}" for i in range(40)), v_0=0.3
    )
    asked = ScalarAsked(FlowGraph(graph["v_40"]), "v_0")
    assert np.isfinite(asked.right).all()
    assert len(asked.candidates) < 20_000
    wide = dag(2, size=15)
    assert len(ScalarAsked(wide, wide.variables[0]).candidates) < 3000


def test_a_sum_of_itself_again_and_again_is_no_sum_of_very_many_terms():
    graph = equations("\n".join(f"v_{i + 1} = v_{i} + v_{i}" for i in range(60)), v_0=0.3)
    asked = ScalarAsked(FlowGraph(graph["v_60"]), "v_0")
    assert asked.right.tolist() == [2.0**60]
    assert asked.candidates


POINTS = (0.3, 0.4, 0.8)


@pytest.mark.parametrize("name", sorted(n for n, r in RULES.items() if r.is_elementwise))
def test_every_operation_of_values_is_asked_about(name):
    """y = f(2x, …)²: the engine's derivative, and candidates with sentences."""
    rule = RULES[name]
    xs = [Value(p, name=f"x_{i}") for i, p in enumerate(POINTS[: rule.arity])]
    if not rule.arity:
        return
    y = (rule(2.0 * xs[0], *xs[1:]) ** 2).named("y")
    flow = FlowGraph(y, variables=xs)
    asked = ScalarAsked(flow, xs[0])
    if not np.isnan(flow.total(xs[0])):  # of an operation without a derivative
        assert asked.right[0] == pytest.approx(flow.total(xs[0]), rel=1e-12)
    assert all(c.says for c in asked.candidates)
