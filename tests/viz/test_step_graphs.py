"""The stepper in a real browser, with rules, graphs and names of every kind."""

import math

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, cos, elementwise, equations, exp, sin, tanh
from autograd_lite.arithmetics import FLOATS
from autograd_lite.rules import RULES
from autograd_lite.source import JAVASCRIPT
from autograd_lite.source.javascript import functions
from tests.viz.stepping import NEAR, as_shown, check, engine_of
from viz.stepper.page import _read

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
    code = f"""points => {{ {functions()} const rule = {JAVASCRIPT.record(rule)};
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


SYSTEMS = {
    "a square has two arrows": "y = x*x + u",
    "a diamond inside one equation": "y = sin(x)*cos(x) + x*(u + x)",
    "a variable used twice": "h = x*u\ny = h*h + exp(h)*h",
    "kinks": "a = maximum(x, u)\nb = relu(x - 1)\ny = a*absolute(u) + b*minimum(x, 2)",
    "powers": "a = x**3\nb = 2**u\ny = (a + b)**0.5",
}


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_any_equations_are_alive(system, visit):
    """Moved inputs give the numbers that Python gets when it computes again."""

    def flow_at(x, u):
        return FlowGraph(equations(system, x=x, u=u)["y"])

    first = flow_at(0.5, 1.25)
    page = visit(viz.step(first))
    page.end()
    assert page.page.evaluate("stepper.numbers().isLive")
    order = [v.name for v in first.variables]
    for x, u in ((0.5, 1.25), (2.0, -1.5), (3.5, 3.5), (1.0, 0.75)):
        page.set(order.index("x"), x)
        page.set(order.index("u"), u)
        flow = flow_at(x, u)
        assert [v.name for v in flow.variables] == order
        check(page, engine_of(flow))


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


def test_tensors_show_their_numbers_and_say_that_inputs_do_not_move(visit):
    W = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True, name="W")
    x = Tensor([0.5, -0.5], requires_grad=True, name="x")
    y = tanh((W @ x).named("h")).named("y")
    page = visit(viz.step((y * y).sum().named("L")))
    tags = page.page.locator(".tag.empty")
    assert tags.count() == 5
    page.end()
    assert tags.count() == 0
    assert page.page.locator("#result").text_content().count("0.3634") == 6
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


def chain(count):
    """Variables each of which is made from the one before and the fourth before."""
    h = [Value(0.5, name="x_0")]
    for k in range(1, count):
        before = h[k - 4] if k > 3 else Value(0.1, requires_grad=False)
        h.append(tanh(1.1 * h[-1] + 0.1 * before).named(f"h_{k}"))
    return FlowGraph(h[-1])


def test_a_thousand_steps_are_usable(visit):
    flow = chain(334)
    page = visit(viz.step(flow))
    assert page.count > 990
    page.end()
    totals = page.page.evaluate("stepper.numbers().totals")
    assert totals == pytest.approx([flow.total(v) for v in flow.variables], **NEAR)
    page.go(page.count // 2)
    page.page.wait_for_timeout(800)
    seen = page.page.locator(".node.active .body").bounding_box()
    assert 0 <= seen["x"] <= 1280, "the step's variable comes into view"


def test_the_work_of_a_step_grows_no_faster_than_the_graph(visit):
    def work(count):
        page = visit(viz.step(chain(count)))
        page.go(page.count // 2)
        before = page.said
        calls = page.calls_of(page.page.locator("#back").click)
        assert page.said != before
        return calls

    assert 0 < work(320) < 5 * work(80)


def test_numbers_have_the_digits_of_the_pictures(browser):
    """Ties to even, short decimals in full, powers of ten, what is no number."""
    rng = np.random.default_rng(4)
    numbers = [0.0, -0.0, 1.0, 0.1, 0.14641, 1.5625, 1.5635, -2.0625, 0.0625, 1125000.0, 1135000.0,
               1e6, 999999.9999, 1e-3, 0.000999999, 1e-300, -1e300, math.inf, -math.inf, math.nan,
               5e-324, *(rng.normal(size=200) * 10.0 ** rng.integers(-8, 9, 200))]  # fmt: skip
    page = browser.new_page()
    code = f"""xs => {{ {_read("numbers.js")}
        return xs.map(Number).map(shown); }}"""
    given = [repr(float(x)).replace("inf", "Infinity").replace("nan", "NaN") for x in numbers]
    for x, answer in zip(numbers, page.evaluate(code, given), strict=True):
        assert answer == as_shown(float(x)).replace(r"\mathrm{nan", "nan"), x
    page.close()


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
