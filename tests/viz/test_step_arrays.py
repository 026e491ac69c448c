"""Arrays in the stepper: up to twelve numbers are written; more are shape and norm. Rounding reads 0."""

import re

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, equations
from tests.viz.stepping import check, engine_of

NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


def written(page, place):
    """The numbers that stand at a place, in order."""
    texts = page.page.locator(f"{place} .digits").all_text_contents()
    return [float(x.replace("−", "-")) for text in texts for x in NUMBER.findall(text)]


@pytest.mark.parametrize(
    "shape", [(2,), (12,), (3, 4), (4, 3), (1, 12), (12, 1), (2, 2, 3), (1, 5)]
)
def test_every_number_of_a_small_array_stands_in_its_bubble_and_total(shape, visit):
    data = np.random.default_rng(1).uniform(0.1, 1.0, shape).round(3)
    x = Tensor(data, requires_grad=True, name="x")
    flow = FlowGraph(((x * x).named("h") * 3.0).sum().named("y"))
    page = visit(viz.step(flow))
    page.end()
    total = written(page, "#node-0 .tag")
    assert written(page, "#node-0") == pytest.approx([*data.ravel(), *total], abs=1e-12)
    assert total == pytest.approx(np.ravel(flow.total(x)), abs=6e-4)
    shown = NUMBER.findall(page.page.locator("#result .words").text_content())
    assert [float(n.replace("−", "-")) for n in shown] == pytest.approx(
        np.ravel(flow.total(x)), rel=1e-3
    )


@pytest.mark.parametrize("shape", [(13,), (4, 4), (2, 3, 3)])
def test_a_larger_array_is_its_shape_and_norm(shape, visit):
    data = np.random.default_rng(2).normal(size=shape)
    x = Tensor(data, requires_grad=True, name="x")
    page = visit(viz.step((x * x).sum().named("y")))
    page.end()
    assert page.page.locator("#node-0 .digits").count() == 0
    text = page.page.locator("#result .words").text_content()
    assert text == f"{'×'.join(map(str, shape))}, norm {np.linalg.norm(2 * data):.6g}"


def test_numbers_of_an_array_stay_inside_their_bubble(visit):
    x = Tensor(np.linspace(-1, 1, 12).reshape(3, 4) / 7, requires_grad=True, name="x")
    page = visit(viz.step((x * x).sum().named("y")))
    page.end()
    body = page.page.locator("#node-0 .body").bounding_box()
    for text in page.page.locator("#node-0 > .digits").all():
        box = text.bounding_box()
        assert box["x"] >= body["x"] - 1
        assert box["x"] + box["width"] <= body["x"] + body["width"] + 1


@pytest.mark.parametrize(
    "data",
    [
        np.ones((0,)),
        np.ones((0, 3)),
        np.array(2.0),
        np.array([np.nan, np.inf, -np.inf]),
        np.array([1e300, -1e-300, 0.0]),
    ],
)
def test_empty_single_and_extreme_arrays_open_and_step(data, visit):
    x = Tensor(data, requires_grad=True, name="x")
    page = visit(viz.step((x * 2.0).sum().named("y")))
    for step in range(1, page.count + 1):
        page.go(step)
    page.end()
    page.page.keyboard.press("Home")


def test_no_zero_has_a_minus(visit):
    x = Tensor([-1.0, 2.0], requires_grad=True, name="x")
    page = visit(viz.step((x * Tensor([-0.0, 1.0])).sum().named("y")))
    page.end()
    assert "−0" not in page.page.locator("main").text_content().replace("−0.", "")


# --- rounding reads 0 ----------------------------------------------------------------------------

NOISY = "h = 0.4*u + 0.3*v + 0.1*w\nk = 2*h\ny = 0.1*h + 0.2*h - 0.3*h + (k - h - h)"


@pytest.mark.parametrize(
    "system", [NOISY, "a = x*x\nb = 2*a\ny = b - a - a", "a = 0.1*x\nb = 0.2*x\ny = a + b - 0.3*x"]
)
def test_what_is_but_rounding_reads_0_wherever_it_stands(system, visit):
    """By hand: 0.4·0.5 + 0.3·(-1) + 0.1 is 0, and so are y and its derivatives."""
    points = {"u": 0.5, "v": -1.0, "w": 1.0} if "u" in system else {"x": 0.7}
    flow = FlowGraph(equations(system, **points)["y"])
    page = visit(viz.step(flow))
    page.end()
    assert page.page.evaluate("stepper.numbers().isLive")
    numbers = page.numbers()
    assert {text for what, _, text in numbers if what == "result"} == {"0"}
    for what, value, _ in numbers:
        assert value is None or value == 0 or abs(value) > 1e-9, what
    check(page, engine_of(flow))


def test_a_small_number_that_is_meant_is_shown(visit):
    x = Value(1e-17, name="x")
    page = visit(viz.step((x * x + 1e-17 * x).named("y")))
    page.end()
    assert page.number("value-0") == 1e-17
    assert page.number("result") == pytest.approx(3e-17, rel=1e-12, abs=0)
