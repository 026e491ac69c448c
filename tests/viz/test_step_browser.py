"""The stepper in a real browser: every step, every number, every control, against the engine."""

import math
import re
from pathlib import Path

import pytest

import viz
from autograd_lite import FlowGraph, Value, sin, sqrt
from tests.viz.stepping import EXAMPLES, NEAR, as_shown, check, engine_of, flow_of

ROOT = Path(__file__).parents[2]

# --- every step of the lecture's examples --------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_every_step_is_the_engines(name, visit):
    """Forward, then dŷ/da += dŷ/db · ∂b/∂a, one contribution at a time."""
    flow = flow_of(name)
    page, engine = visit(viz.step(flow)), engine_of(flow)
    count = len(flow.variables)
    assert page.count == count + 1 + len(flow.edges)
    for step in range(1, count + 2):
        assert f"step {step} of {page.count}" in page.said
        check(page, engine)
        page.page.locator("#next").click()
    known = {flow.output: 1.0}
    for step, (v, e, running, is_last) in enumerate(engine.sums(), count + 2):
        place = {u: k for k, u in enumerate(flow.variables)}[v]
        what = f"{'total' if is_last else 'sum'}-{place}"
        check(page, engine)
        assert f"backward {step}/{page.count}" == page.page.locator("#count").text_content()
        assert page.number(f"product-{e}") == pytest.approx(engine.product(e), **NEAR)
        assert page.page.locator(f"#node-{place} .tag .number").text_content() == as_shown(running)
        assert page.number(what) == pytest.approx(running, **NEAR)
        if is_last:
            known[v] = running
            assert running == pytest.approx(flow.total(v), **NEAR)
        tags = page.page.locator(".tag:not(.empty):not(.growing)")
        assert tags.count() == len(known)
        page.page.locator("#next").click(force=True)


def test_the_step_of_the_lecture_is_read_out_and_seen(visit):
    """dŷ/dh_0 += dŷ/dh_1 · ∂h_1/∂h_0 = 0.794 · 0.619 = 0.492, and the running sum."""
    page = visit(viz.step(flow_of("three_step")))
    page.go(8)
    assert page.said == (
        "backward, step 8 of 10: dŷ/dh_0 += dŷ/dh_1 · ∂h_1/∂h_0 = 0.794 · 0.619 = 0.492; "
        "total: 1.099"
    )
    chain = page.page.locator("#chain").text_content()
    assert "0.7940.6190.492" in chain
    assert page.page.locator("#edge-2.active").count() == 1  # h_0 → h_1
    page.go(3)
    assert page.said == "forward, step 3 of 10: h_1 = 0.707, from x, h_0"


def test_before_a_variable_is_reached_its_total_is_a_dash_and_no_zero(visit):
    page = visit(viz.step(flow_of("three_step")))
    tags = page.page.locator(".tag .number")
    assert tags.all_text_contents() == ["—"] * 4
    page.go(6)
    assert tags.all_text_contents() == ["—", "—", "0.794", "1"]


def test_the_cut_moves_left_and_its_sum_stays_the_same(visit):
    """dŷ/dx = Σ (dŷ/dh)·(∂h/∂x) over the edges the line crosses: the engine's cuts, in their order."""
    flow = flow_of("three_step")
    page = visit(viz.step(flow))
    seen = []
    for step in range(5, 11):
        page.go(step)
        crossed = page.page.eval_on_selector_all(".edge.crossed", "all => all.map(e => e.id)")
        assert page.page.locator(".cut.on").count() == 1
        assert page.number("cut") == pytest.approx(flow.total("x"), **NEAR)
        if crossed not in seen:
            seen.append(crossed)
    edges = flow.edges
    assert seen == [
        [f"edge-{edges.index(e)}" for e in sorted(cut.edges, key=edges.index)]
        for cut in flow.cuts()
    ]


def test_a_running_sum_has_one_more_term_at_each_step(visit):
    """Backward: ŷ to h_1; ŷ and h_1 to h_0; h_1 and h_0 to x."""
    page = visit(viz.step(flow_of("three_step")))
    terms = []
    for step in range(6, 11):
        page.go(step)
        terms.append(page.page.locator("#chain p").last.locator(".term").count())
    assert terms == [1, 1, 2, 1, 2]


def test_a_lecture_example_opens_with_little_work(visit):
    page = visit(viz.step(flow_of("written_example")))
    assert 0 < page.calls_of(page.page.reload) < 10_000


# --- what a student can set ----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "v"), [("one_step", "x"), ("three_step", "x")])
def test_a_moved_input_gives_the_numbers_of_python(name, v, visit):
    page = visit(viz.step(flow_of(name)))
    page.end()
    assert page.page.evaluate("stepper.numbers().isLive")
    for x in (0.3, -2.0, 1e-7, 12.5, 0.0, 3.0e5):
        page.set(0, x)
        check(page, engine_of(flow_of(name, **{v: x})))


def test_a_slider_moves_an_input(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.end()
    page.page.locator("#slider-0").focus()
    page.page.keyboard.press("ArrowRight")
    x = float(page.page.locator("#box-0").input_value())
    assert x != 1.0
    check(page, engine_of(flow_of("three_step", x=x)))
    page.page.locator("#reset").click()
    check(page, engine_of(flow_of("three_step")))


def test_any_output_by_any_input(visit):
    flow = flow_of("written_example")
    page = visit(viz.step(flow))
    page.end()
    for o, y in enumerate(flow.variables):
        page.page.locator("#output").select_option(str(o))
        for i, x in enumerate(flow.variables):
            page.page.locator("#input").select_option(str(i))
            page.end()
            assert page.number("result") == pytest.approx(flow.total(x, of=y), **NEAR)


def test_a_click_holds_a_variable_and_the_derivative_becomes_a_partial(visit):
    flow = flow_of("three_step")
    h0 = flow.variable("h_0")
    page = visit(viz.step(flow))
    page.end()
    page.page.locator("#node-1").hover()
    page.page.locator("#node-1 .lock").click()
    assert page.number("result") == pytest.approx(
        flow.partial(r"\hat{y}", "x", hold=["h_0"]), **NEAR
    )
    assert page.page.locator("#result .ratio").get_attribute("aria-label") == "∂ŷ/∂x"
    check(page, engine_of(flow, held=(h0,)))
    page.go(10)
    assert "h_0 is held, so nothing passes back to x through it" in page.said
    page.page.locator("#result button").click()
    assert page.page.locator("#result .ratio").get_attribute("aria-label") == "dŷ/dx"
    assert page.number("result") == pytest.approx(flow.total("x"), **NEAR)


def test_what_holds_a_variable_is_called_no_total(visit):
    """With h_1 held: the sum is a partial derivative, and the cut has no term for what is held."""
    flow = flow_of("three_step")
    page = visit(viz.step(flow, hold=["h_1"]))
    page.end()
    chain = page.page.locator("#chain").text_content()
    assert "partial, with h_1 held:" in chain
    assert "total" not in chain + page.said
    assert "holding" not in page.page.locator("#chain").inner_html(), "∂ŷ/∂h_0 is the arrow's own"
    page.page.locator("#cut").fill("1")
    total = page.page.locator("#sum .term .number").all_text_contents()
    assert len(total) == 2, "one product: of h_1 there is none"
    assert page.number("cut") == pytest.approx(flow.partial("yhat", "x", hold=["h_1"]), **NEAR)
    assert "∂h_1/∂x" not in page.page.locator("#sum").inner_html()
    page.page.locator("#reset").click()
    assert "total:" in page.page.locator("#chain").text_content()


def test_two_derivatives_of_one_pair_have_two_symbols(visit):
    """(∂z/∂u) with v held beside the arrow's own ∂z/∂u, which holds w, x and y too."""
    page = visit(viz.step(flow_of("written_example"), wrt="u", hold=["v"]))
    page.end()
    ratios = page.page.locator("#result .ratio").first
    assert ratios.get_attribute("aria-label") == "(∂z/∂u) holding v"
    assert page.number("result") == pytest.approx(0.1331, **NEAR)
    assert "(∂z/∂u) holding v = 0.133" in page.page.locator("#node-0").get_attribute("aria-label")
    page.page.locator("#back").click()
    assert "(∂z/∂u) holding v += " in page.said
    page.page.locator("#reset").click()
    assert ratios.get_attribute("aria-label") == "dz/du"


@pytest.mark.parametrize(("typed", "last"), [("", 0.5), ("-", 0.5), ("1e", 1.0), ("1e400", 1e40)])
def test_what_is_no_number_is_refused_in_words_and_changes_nothing(typed, last, visit):
    """While it is typed, 1e400 is 1, 1e4 and 1e40: then it stays at that."""
    page = visit(viz.step(flow_of("three_step")))
    page.end()
    page.set(0, 0.5)
    box = page.page.locator("#box-0")
    box.focus()
    page.page.keyboard.press("ControlOrMeta+a")
    page.page.keyboard.press("Delete")
    page.page.keyboard.type(typed)
    refusal = page.page.locator("#refusal-0")
    assert refusal.text_content().startswith("That is no finite number: x stays ")
    assert box.get_attribute("aria-invalid") == "true"
    assert page.number("value-0") == last
    box.blur()
    assert float(box.input_value()) == last, "the last number is back"
    page.set(0, 1.5)
    assert refusal.text_content() == ""
    assert box.get_attribute("aria-invalid") is None


def test_the_written_example_has_both_readings_of_its_gradient(visit):
    """dz/du = 0.14641, and ∂z/∂u = 0.1331 with v held."""
    page = visit(viz.step(flow_of("written_example"), wrt="u"))
    page.end()
    assert page.number("result") == pytest.approx(0.14641, **NEAR)
    page.page.locator("#look").select_option("node-1")
    page.page.locator("#hold").click()
    assert page.number("result") == pytest.approx(0.1331, **NEAR)


def test_a_held_variable_keeps_its_value_while_an_input_moves(visit):
    flow = flow_of("three_step")
    page = visit(viz.step(flow, hold=["h_0"]))
    page.end()
    page.set(0, 1.7)
    x, h0 = Value(1.7, name="x"), Value(math.cos(1.0), name="h_0")
    h1 = ((h0**3 + sin(x)) / sqrt(2)).named("h_1")
    yhat = sqrt(h0**2 + h1**2).named("yhat")
    assert page.number("value-1") == h0.data
    assert page.number("value-3") == pytest.approx(yhat.data, **NEAR)
    assert page.number("result") == pytest.approx(FlowGraph(yhat).total(x), **NEAR)


def test_a_variable_is_held_at_the_value_it_has_by_then(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.end()
    page.set(0, 0.25)
    page.page.locator("#look").select_option("node-1")
    page.page.locator("#hold").click()
    page.set(0, 2.0)
    assert page.number("value-1") == pytest.approx(math.cos(0.25), **NEAR)


def test_a_dragged_cut_crosses_other_edges_and_keeps_the_sum(visit):
    flow = flow_of("written_example")
    page = visit(viz.step(flow))
    page.end()
    before, sums = page.page.locator(".cut.on").get_attribute("id"), []
    box = page.page.locator(".cut.on .line").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for further in (220, 420, 640, 860):
        page.page.mouse.move(x + further, y, steps=3)
        sums.append(page.number("cut"))
    page.page.mouse.up()
    assert page.page.locator(".cut.on").get_attribute("id") != before
    assert sums == pytest.approx([flow.total("u")] * 4, **NEAR)
    page.page.mouse.move(x, y)
    assert page.page.locator(".cut.on").get_attribute("id") != before, "let go, it stays"
    page.page.locator("#back").click()
    assert page.page.locator(".cut.on").get_attribute("id") == before, "a step takes it back"


@pytest.mark.parametrize("name", ["three_step", "written_example"])
def test_the_terms_at_every_cut_are_the_engines(name, visit):
    flow = flow_of(name)
    page = visit(viz.step(flow))
    page.end()
    for place, cut in enumerate(reversed(flow.cuts())):
        page.page.locator("#cut").fill(str(place))
        terms = cut.terms(flow.inputs[0])
        shown = [as_shown(f).replace("−", "-") for t in terms for f in (t.total, t.partial)]
        found = page.page.locator("#sum .term .number").all_text_contents()
        assert [text.strip("()").replace("−", "-") for text in found] == shown
        assert page.number("cut") == pytest.approx(cut.derivative(flow.inputs[0]), **NEAR)


def test_a_click_shows_a_variable_or_an_edge_more_closely(visit):
    flow = flow_of("three_step")
    page = visit(viz.step(flow))
    page.end()
    page.page.locator("#node-1").click(position={"x": 30, "y": 30})
    closer = page.page.locator("#closer")
    assert closer.locator("h3").all_text_contents() == [
        "partial derivatives in", "partial derivatives out"
    ]  # fmt: skip
    assert closer.locator(".number").all_text_contents() == [
        "0.540", "1.099", "−0.841", "0.619", "0.607"
    ]  # fmt: skip
    page.page.locator("#edge-3 .label").click()
    assert page.page.locator("#look").input_value() == "edge-3"
    assert closer.locator(".number").first.text_content() == "0.607"
    check(page, engine_of(flow))


# --- without a mouse, without sight --------------------------------------------------------------


def test_the_keyboard_moves_the_steps(visit):
    page = visit(viz.step(flow_of("three_step")))
    count = page.page.locator("#count")
    for key, expected in [
        ("ArrowRight", "forward 2/10"), ("ArrowRight", "forward 3/10"),
        ("ArrowLeft", "forward 2/10"), ("End", "backward 10/10"),
        ("ArrowRight", "backward 10/10"), ("Home", "forward 1/10"),
    ]:  # fmt: skip
        page.page.keyboard.press(key)
        assert count.text_content() == expected
    page.page.locator("#box-0").focus()
    page.page.keyboard.press("ArrowRight")
    assert count.text_content() == "forward 1/10", "a field keeps its own keys"


def test_a_variable_is_looked_at_by_keyboard(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.page.locator("#node-0").focus()
    page.page.keyboard.press("Enter")
    assert page.page.locator("#look").input_value() == "node-0"


def test_it_plays_and_pauses(visit, browser):
    page = visit(viz.step(flow_of("one_step")))
    page.page.clock.install()
    page.page.keyboard.press(" ")
    page.page.clock.run_for(2 * 1600 + 100)
    assert page.page.locator("#count").text_content() == "forward 3/6"
    assert page.page.locator("#play").get_attribute("aria-pressed") == "true"
    page.page.locator("#play").click()
    page.page.clock.run_for(5000)
    assert page.page.locator("#count").text_content() == "forward 3/6"
    page.page.locator("#play").click()
    page.page.clock.run_for(10 * 1600)
    assert page.page.locator("#count").text_content() == "backward 6/6"
    assert page.page.locator("#play").get_attribute("aria-pressed") == "false", "it ends by itself"


def test_everything_that_can_be_used_has_a_name_for_the_screen_reader(visit):
    page = visit(viz.step(flow_of("three_step")))
    page.go(8)
    for role, name in [
        ("button", "back"), ("button", "next"), ("button", "play"), ("button", "first step"),
        ("button", "last step"), ("slider", "step"), ("slider", "cut"), ("slider", "x"),
        ("spinbutton", "x, as a number"), ("combobox", "of"), ("combobox", "by"),
        ("combobox", "Look closer"), ("group", "flow graph of ŷ"), ("toolbar", "steps"),
        ("button", "h_0: 0.540; dŷ/dh_0 = 1.099"),
        ("button", "edge from h_0 to h_1: ∂h_1/∂h_0 = 0.619"),
    ]:  # fmt: skip
        assert page.page.get_by_role(role, name=name, exact=True).count() == 1, (role, name)
    nameless = """[...document.querySelectorAll("button, input, select, [role=button], [role=img]")]
        .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length))"""
    assert page.page.evaluate(f"{nameless}.map(e => e.outerHTML)") == []
    assert page.page.locator("#said").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_type_stands_out_from_what_it_is_written_on(scheme, visit):
    """WCAG's contrast of 4.5:1, in the light and in the dark."""
    page = visit(viz.step(flow_of("three_step"))).page
    page.emulate_media(color_scheme=scheme)
    pairs = [("ink", f"{role}-fill") for role in ("input", "inner", "output", "parameter")]
    pairs += [("value", fill) for _, fill in pairs] + [("total", "tag-fill")]
    pairs += [(type_, ground) for type_ in ("ink", "value", "note", "cut") for ground in
              ("page", "panel", "strip")]  # fmt: skip
    read = "name => getComputedStyle(document.documentElement).getPropertyValue('--' + name)"
    for names in pairs:
        a, b = (luminance(page.evaluate(read, name)) for name in names)
        assert (max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, names


def luminance(color):
    parts = [int(color.strip()[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("width", [1280, 800, 420])
def test_nothing_is_wider_than_the_window(width, visit):
    page = visit(viz.step(flow_of("written_example"))).page
    page.set_viewport_size({"width": width, "height": 900})
    page.keyboard.press("End")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_padlocks_stand_at_their_variables_in_a_frame_that_loads_out_of_sight(visit):
    """JupyterLab may load a notebook's frame before it shows it."""
    stepper = viz.step(flow_of("three_step"))
    page = visit(stepper).page
    places = "locks => locks.map(lock => lock.getAttribute('transform'))"
    seen = page.locator(".lock").evaluate_all(places)
    page.evaluate(
        "html => document.body.append(Object.assign(document.createElement('iframe'), "
        "{ hidden: true, srcdoc: html }))",
        stepper.html(),
    )
    unseen = page.frame_locator("iframe").locator(".lock")
    unseen.last.wait_for(state="attached")
    assert unseen.evaluate_all(places) == seen
    assert len(set(seen)) == len(seen) == 2  # h_0 and h_1


def test_a_control_is_added_as_the_recipe_says(visit, monkeypatch):
    """docs/recipes.md: its element, its action, what calls it; each put where the recipe says."""
    from viz.stepper import page as pages

    recipe = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    recipe = recipe.partition("## A control of the stepper")[2].partition("\n## ")[0]
    element, action, call = re.findall(r"```(?:html|js)\n(.*?)```", recipe, re.DOTALL)
    places = {
        '<input type="range" id="steps"': element,
        "  reset() {": action,
        '  on("reset"': call,
    }
    read = pages._read

    def with_the_control(name):
        text = read(name)
        for place, added in places.items():
            text = text.replace(place, added + place)
        return text

    monkeypatch.setattr(pages, "_read", with_the_control)
    page = visit(viz.step(flow_of("three_step")))
    page.page.locator("#turn").click()
    assert page.said.startswith("backward, step 5 of 10")
