"""Designed numbers tell mistakes apart, and say what they cannot."""

import pytest

from autograd_lite import FlowGraph, Tensor, Value, cos, log, sin
from autograd_lite.errors import GraphError, OperandError
from grading import design, diagnose
from grading._design import designs, scored, tied
from grading.asking import prepare
from tests.grading.graphs import three_step


def build(x, w):
    x, w = Value(x, name="x"), Value(w, name="w")
    h = sin(w * x).named("h")
    return FlowGraph((h * h + w * cos(x)).named("y"))


RANGES = {"x": (0.4, 1.4), "w": (0.5, 2.5)}


def test_designed_numbers_are_in_their_ranges_with_the_decimals_asked_for():
    found = design(build, wrt="w", inputs=RANGES, decimals=1)
    for name, (low, high) in RANGES.items():
        assert low <= found.values[name] <= high
        assert round(found.values[name], 1) == found.values[name]
    assert {v.name: v.value for v in found.flow.inputs} == dict(found.values)


def test_one_input_alone_has_two_decimals():
    found = design(three_step(), wrt="x")
    assert round(found.values["x"], 2) == found.values["x"]
    assert round(found.values["x"], 1) != found.values["x"] or not found.collisions


def test_designed_numbers_are_better_than_others():
    found = design(build, wrt="w", inputs=RANGES)
    designed = scored(prepare(found.flow, "w"), 4)[0]
    drawn = [
        scored(prepare(build(x, w), "w"), 4)[0] for x, w in ((1.0, 1.0), (0.5, 2.0), (1.0, 2.0))
    ]
    assert designed <= min(drawn)
    assert found.looks_right == ()
    # where factors are 1, leaving one out is no mistake
    assert tied(prepare(build(1.0, 1.0), "w"), 4)


def test_mistakes_at_designed_numbers_are_named():
    found = design(build, wrt="w", inputs=RANGES)
    asked = prepare(found.flow, "w")
    right = float(asked.right[0])
    for c in asked.candidates:
        wrong = float(c.value[0])
        if c.prior >= 3 and abs(wrong - right) > 1e-9:
            d = diagnose(found.flow, "w", f"{wrong:#.4g}")
            assert c.identifier in d.synonyms or d.status == "unknown", (c.identifier, d)
            assert not d.is_right


def test_an_inner_variable_may_be_asked_though_it_does_not_depend_on_every_input():
    def inner(x, w):
        a = sin(Value(x, name="x")).named("a")
        return FlowGraph((a * Value(w, name="w")).named("y"))

    found = design(inner, wrt="x", of="a", inputs={"x": (0.2, 1.4), "w": (1.0, 2.0)}, draws=20)
    assert {*found.values} == {"x", "w"}


def test_the_graph_that_was_given_is_left_alone():
    flow = three_step()
    found = design(flow, wrt="x", seed=3)
    assert flow.inputs[0].value == 1.0
    assert found.flow.inputs[0].value == found.values["x"]
    assert [v.name for v in found.flow.variables] == [v.name for v in flow.variables]


def test_variants_differ_and_are_reproducible():
    many = designs(build, 30, wrt=["w", "x"], inputs=RANGES, seed=5)
    assert len(many) == 30
    assert many == designs(build, 30, wrt=["w", "x"], inputs=RANGES, seed=5)
    assert len({tuple(d.values.items()) for d in many}) > 25


def test_what_stays_tied_is_said():
    """In x + x each of the two terms alone gives the same."""

    def twice(x):
        x = Value(x, name="x")
        return FlowGraph(((2.0 * x).named("a") + (2.0 * x).named("b")).named("y"))

    found = design(twice, wrt="x", inputs={"x": (0.5, 2.0)})
    assert any(len(tie) > 1 for tie in found.collisions)
    assert "Tied: " in str(found)


@pytest.mark.parametrize(
    "inputs",
    [
        {"x": (1.0, 1.0)},
        {"x": (2.0, 1.0)},
        {"x": "ab"},
        {"x": 3.0},
        {"z": (0.0, 1.0)},
        {"x": (float("nan"), 1.0)},
    ],
)
def test_ranges_that_are_none_are_refused(inputs):
    with pytest.raises(OperandError):
        design(three_step(), wrt="x", inputs=inputs)


def test_what_cannot_be_designed_is_refused():
    with pytest.raises(OperandError, match="inputs="):
        design(build, wrt="w")
    t = Tensor([1.0], requires_grad=True, name="t")
    with pytest.raises(OperandError, match="Values"):
        design(FlowGraph((t * t).sum().named("y")), wrt="t")
    x = Value(1.0, name="x")
    with pytest.raises(GraphError, match="other ranges"):
        design(FlowGraph(log(x).named("y")), wrt="x", inputs={"x": (-2.0, -1.0)})
