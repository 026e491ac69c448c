"""What a first step needs is seen without scrolling; nothing that is done to the page breaks it."""

import pytest

import viz
from autograd_lite import FlowGraph, Value, cos, sin
from tests.viz.stepping import EXAMPLES, check, engine_of, flow_of

FIRST_STEP = [
    "#help",
    "#inputs",
    "#reset",
    "#output",
    "#input",
    "#result",
    "#next",
    "#steps",
    "#find",
    "#chain",
    "#cut",
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_first_step_needs_no_scrolling(name, visit):
    page = visit(viz.step(flow_of(name)))
    page.page.set_viewport_size({"width": 1100, "height": 700})
    for step in (1, page.count // 2, page.count):
        page.go(step)
        for place in FIRST_STEP:
            box = page.page.locator(place).bounding_box()
            assert box["y"] >= 0, place
            assert box["y"] + box["height"] <= 700, place
        body = page.page.locator(".node.active .body").bounding_box()
        assert body["y"] + body["height"] <= 700
    assert page.page.evaluate("scrollY") == 0


def test_one_line_names_keys_padlocks_and_the_cut(visit):
    page = visit(viz.step(flow_of("three_step")))
    said = page.page.locator("#help").text_content()
    for word in ("→", "←", "padlock", "drag the dashed cut", "finds a variable"):
        assert word in said
    assert "module" not in page.page.locator("#help").inner_text(), "there is none to open"


@pytest.mark.parametrize(("width", "height"), [(1100, 700), (1920, 1080), (390, 844)])
def test_nothing_runs_out_of_the_window_sideways(width, height, visit):
    page = visit(viz.step(flow_of("written_example")))
    page.page.set_viewport_size({"width": width, "height": height})
    page.end()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    for place in ("#inputs", "#derivative-head", "#result", "#find"):
        box = page.page.locator(place).bounding_box()
        assert box["x"] + box["width"] <= width


def test_in_print_the_whole_picture_is_there_without_controls(visit):
    page = visit(viz.step(flow_of("written_example"))).page
    page.emulate_media(media="print")
    assert page.locator("#next").is_hidden()
    assert page.locator("#find").is_hidden()
    stage, graph = (page.locator(p).bounding_box() for p in ("#stage", "#graph"))
    assert graph["height"] <= stage["height"] + 1
    assert graph["width"] <= stage["width"] + 1


# --- what hands do -------------------------------------------------------------------------------


def test_rapid_keys_count_each_press(visit):
    page = visit(viz.step(flow_of("written_example")))
    for _ in range(9):
        page.page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.page.keyboard.press("ArrowLeft")
    assert page.page.locator("#steps").input_value() == "6"
    for key in ["End", "Home", "ArrowRight", " ", " ", "Escape", "/", "Escape"] * 3:
        page.page.keyboard.press(key)
    assert page.page.locator("#play").get_attribute("aria-pressed") == "false"


def test_a_cut_dragged_beyond_the_page_stays_a_cut(visit):
    flow = flow_of("written_example")
    page = visit(viz.step(flow))
    page.end()
    box = page.page.locator(".cut.on .line").bounding_box()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12)
    page.page.mouse.down()
    for x, y in ((-400, -300), (5000, 4000), (-10, 10), (9000, -9000)):
        page.page.mouse.move(x, y)
        assert page.page.locator(".cut.on").count() == 1
        assert page.number("cut") == pytest.approx(flow.total("u"))
    page.page.mouse.up()


def test_with_everything_held_nothing_passes(visit):
    flow = flow_of("written_example")
    held = tuple(v for v in flow.variables[1:-1])
    page = visit(viz.step(flow, hold=held))
    page.end()
    check(page, engine_of(flow, held=held))
    page.page.locator("#reset").click()
    check(page, engine_of(flow))


@pytest.mark.parametrize("x", [1e300, -1e308, 1.7e308, 5e-324, -0.0])
def test_an_extreme_input_can_be_moved(x, visit):
    def flow_at(x):
        v = Value(x, name="x")
        return FlowGraph(((0.5 * v).named("h") + cos(v)).named("y"))

    page = visit(viz.step(flow_at(x)))
    page.end()
    span = page.page.locator("#slider-0")
    assert "Infinity" not in span.get_attribute("min") + span.get_attribute("max")
    check(page, engine_of(flow_at(x)))
    page.set(0, 0.25)
    check(page, engine_of(flow_at(0.25)))


@pytest.mark.parametrize("x", [float("nan"), float("inf"), float("-inf")])
def test_an_input_that_is_no_number_opens_and_can_be_given_one(x, visit):
    def flow_at(x):
        v = Value(x, name="x")
        return FlowGraph((v * v).named("y"))

    page = visit(viz.step(flow_at(x)))
    page.end()
    page.set(0, 2.0)
    check(page, engine_of(flow_at(2.0)))


def test_very_long_names_stay_inside_the_page(visit):
    x = Value(0.5, name="a" * 3000)
    page = visit(viz.step(FlowGraph(sin(x).named("b c " * 500))))
    for step in range(1, page.count + 1):
        page.go(step)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 1280
