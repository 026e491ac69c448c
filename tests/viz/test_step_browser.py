"""The stepper in a real browser: every step, every number, every control, against the engine."""

import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, cos, elementwise, exp, partial, sin, sqrt, tanh
from autograd_lite.arithmetics import FLOATS
from autograd_lite.equations import equations, example
from autograd_lite.rules import RULES
from viz.labels import number
from viz.stepper.javascript import written
from viz.stepper.page import _read

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no browser tests: pip install playwright"
)

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync""".split()
EXAMPLES = {"one_step": "yhat", "three_step": "yhat", "written_example": "z"}
NEAR = {"rel": 1e-12, "abs": 1e-12}


# --- the browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium for all tests here, with a profile of its own."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("no browser tests: install chromium (apt install chromium)")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


class Visit:
    """A page of a stepper that is open in the browser, and everything it said or asked for."""

    def __init__(self, page, path):
        self.page, self.path, self.heard, self.asked = page, path, [], []
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())

    def go(self, step):
        self.page.locator("#steps").fill(str(step))

    @property
    def count(self):
        return int(self.page.locator("#steps").get_attribute("max"))

    @property
    def said(self):
        return self.page.locator("#said").text_content()

    def end(self):
        self.page.keyboard.press("End")

    def numbers(self):
        """Every number shown: what it is of, all its digits, and its text."""
        found = self.page.eval_on_selector_all(
            "[data-of]", "all => all.map(e => [e.dataset.of, e.dataset.value, e.textContent])"
        )
        return [(what, float(value.replace("Infinity", "inf")) if value else None, text)
                for what, value, text in found]  # fmt: skip

    def number(self, what):
        return next(value for name, value, _ in self.numbers() if name == what)

    def set(self, v, x):
        self.page.locator(f"#box-{v}").fill(repr(x))


@pytest.fixture
def visit(browser, tmp_path) -> Iterator[object]:
    """Open steppers; at the end nobody has complained and nothing was asked of a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visits = []

    def opened(stepper) -> Visit:
        path = stepper.save(tmp_path / f"step-{len(visits)}.html")
        visits.append(Visit(context.new_page(), path))
        return visits[-1]

    yield opened
    for one in visits:
        assert one.heard == []
        assert {url for url in one.asked if not url.startswith("data:")} == {one.path.as_uri()}
    context.close()


# --- the engine, asked the same questions --------------------------------------------------------


@dataclass
class Engine:
    """What every number of the page has to be, from the engine alone."""

    flow: FlowGraph
    output: Value
    by: Value
    held: tuple[Value, ...] = ()

    def expected(self, what):
        kind, _, place = what.partition("-")
        return getattr(self, kind)(int(place)) if place else self.total_by(self.by)

    def across(self, v, members):
        """∂h/∂x with the other members of the cut held."""
        h = self.flow.variables[v]
        if any(h is other for other in self.held):
            return 0.0
        others = {*self.held, *(self.flow.variables[m] for m in members)} - {h}
        return partial(h, self.by, hold=others)

    def value(self, v):
        return self.flow.variables[v].data

    def partial(self, e):
        return self.flow.edges[e].partial

    def total(self, v):
        return self.total_by(self.flow.variables[v])

    def product(self, e):
        target = self.flow.edges[e].target
        stopped = any(target is h for h in self.held) and target is not self.output
        return 0.0 if stopped else self.total_by(target) * self.partial(e)

    def total_by(self, x):
        if x is self.output:
            return 1.0
        return partial(self.output, x, hold=[h for h in self.held if h is not x])

    def sums(self):
        """For each backward step, the variable and its running sum."""
        order = [v for v in self.flow.variables if self.flow.depends(v, of=self.output)
                 or v is self.output]  # fmt: skip
        for v in reversed(order[:-1]):
            running, edges = 0.0, self.flow.edges
            into = [
                e for e in range(len(edges)) if edges[e].source is v and edges[e].target in order
            ]
            for e in reversed(into):
                running += self.product(e)
                yield v, e, running, e == into[0]


def as_shown(x, exact=True):
    """The text of a number, from what viz writes into pictures."""
    text = number(x, exact=exact).replace("-", "−").replace(r"\times 10^{", "×10^").rstrip("}")
    raised = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    head, mark, tail = text.partition("^")
    return head + tail.translate(raised) if mark else text.replace(r"\infty", "∞")


def check(visit, engine):
    """Every number on the page that is there is the engine's, in all digits and in those shown."""
    found = visit.numbers()
    members = [int(what.split("-")[1]) for what, _, _ in found if what.startswith("across")]
    assert found
    for what, value, text in found:
        if value is None:
            assert text == "—"
            continue
        if what.startswith("across"):
            place = int(what.split("-")[1])
            assert value == pytest.approx(engine.across(place, members), **NEAR), what
        elif not what.startswith("sum-"):
            assert value == pytest.approx(engine.expected(what), **NEAR), what
        shown = as_shown(value, exact=not what.startswith("value"))
        assert text.strip("()") == shown, what


def flow_of(name, **values):
    return FlowGraph(equations(example(name), **values)[EXAMPLES[name]])


def engine_of(flow, **other):
    return Engine(flow, **{"output": flow.output, "by": flow.inputs[0], **other})


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
        place = flow.variables.index(v)
        what = f"total-{place}"
        check(page, engine) if is_last else None
        assert f"backward {step}/{page.count}" == page.page.locator("#count").text_content()
        assert page.number(f"product-{e}") == pytest.approx(engine.product(e), **NEAR)
        assert page.page.locator(f"#node-{place} .tag .number").text_content() == as_shown(running)
        if is_last:
            known[v] = running
            assert page.number(what) == pytest.approx(flow.total(v), **NEAR)
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


# --- what a student can set ----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "v"), [("one_step", "x"), ("three_step", "x")])
def test_a_moved_input_gives_the_numbers_of_python(name, v, visit):
    page = visit(viz.step(flow_of(name)))
    page.end()
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


# --- operations and graphs of every kind ---------------------------------------------------------

POINTS = [-2.5, -1.0, -0.3, 0.0, 0.4, 1.0, 3.7]
SCALAR = [rule for rule in RULES.values() if rule.is_elementwise]


@pytest.mark.parametrize("rule", SCALAR, ids=lambda rule: rule.name)
def test_a_rule_in_javascript_gives_the_numbers_of_its_record(rule, browser):
    """Value and partial derivatives at every combination of points, kinks, ties and poles included."""
    page = browser.new_page()
    points = [[x] for x in POINTS]
    for _ in range(rule.arity - 1):
        points = [[*xs, x] for xs in points for x in POINTS]
    code = f"""points => {{ {_read("functions.js")} const rule = {written(rule)};
        return points.map(xs => [rule.value(...xs), ...rule.partials.map(
            d => d && d(rule.value(...xs), ...xs))].map(String)); }}"""
    for xs, answers in zip(points, page.evaluate(code, points), strict=True):
        node = rule(*map(Value, xs))
        expected = [node.data, *(FLOATS.partial(node, i) for i in range(rule.arity))]
        for got, want in zip(answers, expected, strict=True):
            assert (got == "null") == (want is None)
            if want is not None:
                number_ = float(got.replace("Infinity", "inf"))
                assert number_ == pytest.approx(want, rel=1e-12, abs=1e-15, nan_ok=True), xs
    page.close()


def test_a_rule_of_ones_own_travels_too(visit):
    @elementwise(lambda xp, y, x: 3 * x * x + xp.where(x > 1, 1.0, 0.0))
    def bent(xp, x):
        """y = x³ + max(x - 1, 0)."""
        return x * x * x + xp.maximum(x - 1, 0.0)

    def system(number):
        x = Value(number, name="x")
        return FlowGraph(bent(exp(x).named("h")).named("y"))

    page = visit(viz.step(system(0.5)))
    page.end()
    for x in (0.5, -0.5, 0.25):
        page.set(0, x)
        check(page, engine_of(system(x)))


def test_a_rule_that_looks_at_its_numbers_keeps_the_recorded_ones(visit):
    @elementwise(lambda xp, y, x: 1.0 if x > 0 else 0.25)
    def iffy(xp, x):
        """y = x or x/4."""
        return x if x > 0 else x / 4

    x = Value(0.7, name="x")
    flow = FlowGraph((iffy(cos(x).named("h")) * x).named("y"))
    page = visit(viz.step(flow))
    page.end()
    check(page, engine_of(flow))
    assert page.page.locator("#box-0").count() == 0
    assert (
        "the rule iffy cannot be written in JavaScript"
        in page.page.locator("#inputs").text_content()
    )


def test_numbers_that_are_none_stay_what_they_are(visit):
    x = Value(0.0, name="x")
    h = (1.0 / x).named("h")
    flow = FlowGraph((h * 0.0 + x).named("y"))
    page = visit(viz.step(flow))
    page.end()
    assert page.number("value-1") == math.inf
    assert math.isnan(page.number("value-2"))
    page.set(0, 2.0)
    assert page.number("value-2") == 2.0


def test_tensors_show_shapes_and_norms_and_say_that_inputs_do_not_move(visit):
    W = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True, name="W")
    x = Tensor([0.5, -0.5], requires_grad=True, name="x")
    y = tanh((W @ x).named("h")).named("y")
    page = visit(viz.step((y * y).sum().named("L")))
    tags = page.page.locator(".tag.empty")
    assert tags.count() == 5
    page.end()
    assert tags.count() == 0
    assert "3×2, norm" in page.page.locator("#result").text_content()
    assert page.page.locator("input[type=number]").count() == 0
    assert "the numbers are arrays" in page.page.locator("#inputs").text_content()
    for step in range(1, page.count + 1):
        page.go(step)


@pytest.mark.parametrize("y", ["one variable", "a constant", "a vector", "unnamed"])
def test_the_smallest_graphs_and_those_without_derivatives_open_too(y, visit):
    x = Value(2.0)
    made = {
        "one variable": Value(1.0, name="x"),
        "a constant": Value(1.0, name="c", requires_grad=False),
        "a vector": (Tensor([1.0, 2.0], requires_grad=True, name="x") * 2.0).named("y"),
        "unnamed": x * x,
    }
    page = visit(viz.step(made[y]))
    page.end()
    page.page.keyboard.press("Home")


def test_a_thousand_steps_are_usable(visit):
    h = [Value(0.5, name="x_0")]
    for k in range(1, 334):
        before = h[k - 4] if k > 3 else Value(0.1, requires_grad=False)
        h.append(tanh(1.1 * h[-1] + 0.1 * before).named(f"h_{k}"))
    flow = FlowGraph(h[-1])
    page = visit(viz.step(flow))
    assert page.count > 990
    page.end()
    totals = page.page.evaluate("stepper.numbers().totals")
    assert totals == pytest.approx([flow.total(v) for v in flow.variables], **NEAR)
    one_step = """async () => {
        const start = performance.now();
        for (let k = 0; k < 10; k += 1) {
            document.getElementById("back").click();
            await new Promise(drawn => requestAnimationFrame(drawn));
        }
        return (performance.now() - start) / 10;
    }"""
    assert page.page.evaluate(one_step) < 1000
    page.go(page.count // 2)
    page.page.wait_for_timeout(800)
    seen = page.page.locator(".node.active .body").bounding_box()
    assert 0 <= seen["x"] <= 1280, "the step's variable comes into view"


# --- strangers' names ----------------------------------------------------------------------------


def test_hostile_names_are_names(visit, hostile_names):
    """Nothing a name contains runs, breaks the page, or asks for anything."""
    x = Value(0.5, name=hostile_names[0])
    for name in hostile_names[1:]:
        x = sin(x + 0.1).named(name)
    page = visit(viz.step(FlowGraph(x)))
    page.end()
    page.go(page.count // 2)
    assert page.page.locator("script").count() == 2
    assert page.page.locator("img, iframe, object, embed, link, foreignObject").count() == 0
    assert page.page.locator("#output option").count() == len(hostile_names)
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    names = set(page.page.evaluate(f"{handlers}.filter(n => n.startsWith('on'))"))
    assert names == set()


@pytest.fixture
def hostile_names() -> list[str]:
    """Names that try to leave the place they are written in."""
    return [
        "</script><script>document.title='broken'</script>", "<!--<script>", "-->", "]]>",
        "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</style>", "</title>", "</svg>",
        '"><b>', "'-alert(1)-'", "`${alert(1)}`", "\\u003cscript>", "&lt;b&gt;", "&#60;", "&",
        "javascript:alert(1)", "http://example.invalid/x.png", "url(http://example.invalid)",
        "\\input{x}", "$x$", "}{", "%s", "{0}", "$title", "${data}", "__proto__", "constructor",
        "\u2028", "\u2029", "\x00", "\x1b[31m", "\u202egnp.exe", "\ud800", "🙂", "中文", "e" * 500,
        "a\nb", " ", "\\", "toString",
    ]  # fmt: skip
