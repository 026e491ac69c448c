"""Finding a variable on the stepper's page: by keyboard, by its name as typed or read, whatever it is."""

import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value, sin, tanh
from tests.viz.stepping import flow_of


def looked_at(page):
    return page.page.locator("#look").input_value()


def test_a_slash_begins_and_enter_takes_the_first(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.page.keyboard.press("/")
    page.page.keyboard.type("h_1")
    found = page.page.locator("#found button")
    assert found.all_text_contents() == ["h_1"]
    page.page.keyboard.press("Enter")
    assert looked_at(page) == "node-2"
    assert page.page.locator("#node-2").evaluate("part => part === document.activeElement")
    page.page.keyboard.press("ArrowRight")
    assert page.said.startswith("forward, step 2"), "the keys move the steps again"


@pytest.mark.parametrize("typed", ["ŷ", "y", "Y", "yhat", " yhat "])
def test_a_name_is_found_as_it_is_read_and_as_it_was_typed(typed, visit):
    page = visit(viz.step(flow_of("three_step")))
    page.page.locator("#find").fill(typed)
    page.page.keyboard.press("Enter")
    assert looked_at(page) == "node-3"


def test_the_whole_name_comes_before_names_that_contain_it(visit):
    h = Value(0.5, name="h")
    for k in range(20):
        h = tanh(h).named(f"h_{k}")
    page = visit(viz.step(h))
    page.page.locator("#find").fill("h_1")
    found = page.page.locator("#found button").all_text_contents()
    assert found[:3] == ["h_1", "h_10", "h_11"]
    assert len(found) == 8
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    assert looked_at(page) == "node-11"


def test_what_is_not_there_is_said_and_escape_leaves(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.page.keyboard.press("/")
    page.page.keyboard.type("nothing")
    assert page.page.locator("#found").text_content() == "no variable has this in its name"
    before = looked_at(page)
    page.page.keyboard.press("Enter")
    assert looked_at(page) == before
    page.page.keyboard.press("Escape")
    assert page.page.locator("#found").is_hidden()
    page.page.keyboard.press("ArrowRight")
    assert page.said.startswith("forward, step 2")


def test_a_slash_in_a_field_is_a_slash(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.page.locator("#find").focus()
    page.page.keyboard.type("a/b")
    assert page.page.locator("#find").input_value() == "a/b"


def test_among_a_thousand_steps_it_comes_into_view(visit):
    h = Value(0.5, name="x")
    for k in range(333):
        h = tanh(1.1 * h).named(f"h_{k}")
    page = visit(viz.step(FlowGraph(h)))
    page.page.locator("#find").fill("h_200")
    page.page.keyboard.press("Enter")
    page.page.wait_for_timeout(800)
    box = page.page.locator("#node-201 .body").bounding_box()
    assert 0 <= box["x"] <= 1280


def test_a_variable_of_a_closed_module_opens_it(visit):
    model = nn.Sequential(nn.Linear(3, 4, generator=0), nn.Tanh(), nn.Linear(4, 2, generator=1))
    page = visit(viz.step((model(Tensor([[1.0, 2.0, 3.0]])) ** 2).sum().named("L")))
    page.page.locator("#find").fill("2.weight")
    first = page.page.locator("#found button").first
    assert first.text_content().endswith("in Sequential.2")
    first.click()
    here = page.page.locator("#modules [aria-current]").text_content()
    assert here == "Sequential.2"
    seen = page.page.evaluate("stepper.variables()")
    place = int(looked_at(page).removeprefix("node-"))
    assert page.page.locator(f"#node-{place}").evaluate("p => p === document.activeElement")
    assert "W" in seen[place] or "weight" in seen[place]


def test_hostile_names_are_found_and_are_names(visit):
    names = [
        "</script><b>",
        "<img src=x onerror=alert(1)>",
        "$&",
        "\\w+",
        "__proto__",
        "a" * 5000,
        ".*",
    ]
    x = Value(0.5, name="x")
    for name in names:
        x = sin(x).named(name)
    page = visit(viz.step(FlowGraph(x)))
    for k, name in enumerate(names, 1):
        page.page.locator("#find").fill(name[:30])
        page.page.keyboard.press("Enter")
        assert looked_at(page) == f"node-{k}"
    page.page.locator("#find").fill("<")
    assert page.page.locator("#found img, #found b").count() == 0
    width = page.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280, "a long name widens nothing"
