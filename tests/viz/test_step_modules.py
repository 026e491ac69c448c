"""The stepper by modules: closed ones are bubbles, a click opens one, each picture steps both ways."""

import json
import re

import numpy as np
import pytest

import nn
import viz
from autograd_lite import FlowGraph, Tensor, Value, scope, sin
from autograd_lite.errors import PictureError
from viz.stepper.products import product
from viz.stepper.views import MOST_BUBBLES, views


def numbers(*shape):
    return np.random.default_rng(3).normal(size=shape)


def sequential():
    model = nn.Sequential(nn.Linear(3, 4, generator=0), nn.Tanh(), nn.Linear(4, 2, generator=1))
    return ((model(Tensor(numbers(1, 3))) - 1) ** 2).sum().named("L")


def lstm():
    output, _ = nn.LSTM(2, 3, generator=0)(Tensor(numbers(3, 1, 2)))
    return (output * output).sum().named("L")


def autoencoder():
    x = Tensor(numbers(1, 1, 8, 8))
    return ((nn.ConvAutoencoder((1, 2, 3), generator=0)(x) - x) ** 2).mean().named("L")


def vae():
    model = nn.VAE.dense((4, 3, 2), generator=0)
    return (-model(1 / (1 + np.exp(-numbers(2, 4)))).mean()).named("L")


MODELS = {"Sequential": sequential, "LSTM": lstm, "ConvAutoencoder": autoencoder, "VAE": vae}


def steps_through(page):
    """Every step, forward and back again; what is said of each."""
    page.page.keyboard.press("Home")
    said = [page.said]
    while not page.page.locator("#next").is_disabled():
        page.page.keyboard.press("ArrowRight")
        said.append(page.said)
    assert len(said) == page.count
    for text in said[-2::-1]:
        page.page.keyboard.press("ArrowLeft")
        assert page.said == text
    return said


@pytest.mark.parametrize("made", MODELS.values(), ids=MODELS)
def test_every_module_opens_on_the_same_page_and_steps_both_ways(made, visit):
    page = visit(viz.step(made(), level="modules"))
    address, modules = page.page.url, page.page.evaluate("stepper.modules()")
    assert len(modules) > 1
    for module in modules:
        page.page.evaluate("stepper.open", module)
        said = steps_through(page)
        assert (
            sum(text.startswith("forward") for text in said) == page.page.locator(".node").count()
        )
        assert said[-1].startswith("backward")
        page.end()
        assert page.page.locator(".tag.empty").count() == 0
    assert page.page.url == address


def test_a_click_opens_one_module_and_the_others_stay_closed(visit):
    page = visit(viz.step(autoencoder()))
    names = page.page.evaluate("stepper.variables()")
    assert names == ["encoder (z)", "decoder (x̂)", "L"]
    page.page.locator("#node-0 .body").click(position={"x": 14, "y": 10})
    inside = page.page.evaluate("stepper.variables()")
    assert [name.split(" ")[0] for name in inside] == [
        "encoder.0", "encoder.1", "encoder.2", "encoder.3", "decoder", "L"
    ]  # fmt: skip
    here = page.page.locator("#modules [aria-current]")
    assert here.text_content() == "ConvAutoencoder.encoder"
    page.page.locator("#node-4 .body").click(position={"x": 14, "y": 10})
    inside = [name.split(" ")[0] for name in page.page.evaluate("stepper.variables()")]
    assert inside[0] == "encoder", "one at a time"
    assert inside[1].startswith("decoder.0")
    page.page.keyboard.press("Escape")
    assert page.page.locator(".node").count() == 3


def test_a_module_opens_by_keyboard_and_says_that_it_can(visit):
    page = visit(viz.step(sequential()))
    box = page.page.locator("#node-0")
    assert "a module to open" in box.get_attribute("aria-label")
    box.focus()
    page.page.keyboard.press("Enter")
    here = page.page.locator("#modules [aria-current]")
    assert here.text_content() == "Sequential.0"
    assert here.evaluate("part => part === document.activeElement")
    page.page.locator("#modules button").first.click()
    assert here.text_content() == "all modules closed"


@pytest.mark.parametrize("made", MODELS.values(), ids=MODELS)
def test_a_picture_by_modules_has_the_numbers_of_the_engine(made):
    """Value, total derivative and contribution of what leaves each module, by grad and vjp of the engine."""
    output = made()
    for page in views(output, None, ()):
        flow = page.flow
        for v, bubble in enumerate(page.sheet.bubbles):
            assert page.place[bubble.node] == v
            for node in bubble.variables:
                np.testing.assert_allclose(page.total(node), flow.total(node))
        ends = {bubble.node for bubble in page.sheet.bubbles} - {flow.output}
        for x in ends:  # what arrives along the edges is the whole
            parts = [product(flow, edge) for edge in flow.edges if edge.source is x]
            np.testing.assert_allclose(sum(parts), flow.total(x), rtol=1e-10, atol=1e-15)


def test_several_variables_that_leave_a_module_are_one_bubble(visit):
    h, c = nn.LSTMCell(2, 3, generator=0)(Tensor(numbers(1, 2)))
    page = visit(viz.step(((h * h).sum() + c.sum()).named("L"), level="modules"))
    page.page.evaluate("stepper.open('')")
    assert page.page.locator(".node.module").count() == 1
    page.end()
    total = page.page.evaluate("stepper.numbers().totals[0]")
    assert total.count(";") == 1, "one total for h, one for c"


def test_what_goes_by_module():
    chosen = FlowGraph(sequential())
    assert "bubbles" in repr(viz.step(sequential()))
    assert "variables" in repr(viz.step(chosen)), (
        "whoever makes a flow graph has chosen its variables"
    )
    assert "bubbles" in repr(viz.step(chosen, level="modules"))
    assert "variables" in repr(viz.step(sequential(), level="variables"))
    weight = next(v for v in chosen.variables if v.is_leaf)
    data = views(sequential(), None, ())
    assert data[0].module == ""
    opened = viz.step(sequential(), opened="0")
    assert opened._pages[opened._start].module == "Sequential.0"
    wrt = viz.step(chosen, wrt=weight, level="modules")
    assert weight in wrt._pages[wrt._start].flow.variables, "it opens where what was asked for is"


def test_what_cannot_be_opened_is_refused_in_words():
    x = Value(1.0, name="x")
    with pytest.raises(PictureError, match="no module"):
        viz.step(sin(x).named("y"), level="modules")
    with pytest.raises(PictureError, match="no module is called 'nothing'"):
        viz.step(sequential(), opened="nothing")
    with pytest.raises(PictureError, match="no level of a page"):
        viz.step(sequential(), level="operations")
    with pytest.raises(PictureError, match='level="modules"'):
        viz.step(sequential(), level="variables", opened="0")


def test_a_model_of_numbers_is_alive_in_each_of_its_pictures(visit):
    x = Value(0.5, name="x")
    with scope("net.first"):
        h = sin(2 * x).named("h")
    with scope("net.second"):
        y = (h * h + 1).named("y")
    page = visit(viz.step((y * x).named("L")))
    assert page.page.locator(".node.module").count() == 2
    page.set(0, 0.25)
    for module in page.page.evaluate("stepper.modules()"):
        page.page.evaluate("stepper.open", module)
        page.go(page.count)
        expected = 0.25 * (np.sin(0.5) ** 2 + 1)
        assert page.page.evaluate("stepper.numbers().values.at(-1)") == pytest.approx(expected)
        derivative = np.sin(0.5) ** 2 + 1 + 0.25 * 2 * np.sin(0.5) * np.cos(0.5) * 2
        assert page.number("result") == pytest.approx(derivative)


def test_a_page_does_not_grow_without_end():
    model = nn.Sequential(*(nn.Linear(2, 2, generator=k) for k in range(60)))
    pages = views((model(Tensor(numbers(1, 2))) ** 2).sum().named("L"), None, ())
    assert sum(len(page.sheet.bubbles) for page in pages) <= MOST_BUBBLES
    lost = [note for page in pages for note in page.notes]
    drawn = {page.module for page in pages}
    assert all(module in drawn for page in pages for module in page.opens.values())
    assert lost == [] or "cannot be opened" in lost[0]


def test_hostile_modules_are_names(visit):
    x = Tensor(numbers(2), requires_grad=True, name="x")
    bad = "</script><img src=x onerror=alert(1)>"
    with scope(bad):
        h = (x * 2.0).named("</template><b>")
    with scope("b"):
        y = (h * h).named("y")
    page = visit(viz.step(y.sum().named("L")))
    page.page.locator("#node-1 .body").click(position={"x": 14, "y": 10})
    assert page.page.locator("img, b").count() == 0
    assert page.page.locator("script").count() == 2


def test_scripts_and_tape_stand_once_however_many_pictures_there_are():
    one, many = viz.step(sequential(), level="variables").html(), viz.step(sequential()).html()
    assert one.count("class Model") == many.count("class Model") == 1
    data = json.loads(re.search(r'id="data">(.*?)</script>', many, re.DOTALL)[1])
    assert len(data["views"]) == many.count("<template") + 1
