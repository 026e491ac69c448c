"""An operation is one record: whatever it is called and however it is written, everything reads it.

Each record below is walked through numbers, arrays, Values, Tensors, derivatives, equations, formulas,
pictures, slides, pickles and the stepper's page in a browser.
"""

import math
import pickle
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest

import viz
from autograd_lite import (
    FlowGraph,
    Rule,
    Tensor,
    Value,
    elementwise,
    equations,
    exp,
    gradcheck,
    jvp,
)
from autograd_lite.errors import EquationError, OperandError
from tests.viz.stepping import check, engine_of
from viz.formulas import symbols


@elementwise(lambda xp, y, x: 1.0 / (x * xp.log(2.0)), latex=r"\log_2({0})")
def log2(xp, x):
    """y = log₂ x, by NumPy's function of the same name."""
    return xp.log2(x)


@elementwise(lambda xp, y, x: 1.0 / (3.0 * y * y))
def cbrt(xp, x):
    """y = ∛x, by NumPy's function of the same name."""
    return xp.cbrt(x)


@elementwise(lambda xp, y, a, b: a / y, lambda xp, y, a, b: b / y)
def hypot(xp, a, b):
    """y = √(a² + b²), by NumPy's function of the same name."""
    return xp.hypot(a, b)


@elementwise(lambda xp, y, x: -x * y, latex=r"\mathrm{{gauss}}({0})")
def my_gauss(xp, x):
    """y = e^(-x²/2), in terms of the project's operations."""
    return xp.exp(-0.5 * xp.square(x))


@elementwise(lambda xp, y, x: -2.0 * x * my_gauss(x) * y / my_gauss(x))
def gauss_squared(xp, x):
    """y = e^(-x²), in terms of another operation of one's own."""
    return my_gauss(x) * my_gauss(x)


@elementwise(lambda xp, y, x: xp.cos(x))
def sinc(xp, x):
    """y = sin x - 1: called like a function of NumPy's, but another one."""
    return xp.sin(x) - 1.0


@elementwise(lambda xp, y, x: 4.0 * x * x * x)
def square(xp, x):
    """y = x⁴: called like an operation of the project's, but another one."""
    return x * x * x * x


@elementwise(lambda xp, y, x, *, factor=2.0: factor)
def scaled(xp, x, *, factor=2.0):
    """y = factor·x, with a parameter that is no operand."""
    return factor * x


@elementwise(lambda xp, y, x: np.cosh(x), formula=lambda xp, x: xp.sinh(x))
def careful(xp, x):
    """y = sinh x, whose value looks at its numbers; the formula says what it is."""
    return math.sinh(x) if isinstance(x, float) else np.sinh(x)


@elementwise(
    lambda xp, y, x: 1.0 / xp.sqrt(x * x + 1.0),
    source={"javascript": "Math.asinh({0})"},
)
def area(xp, x):
    """y = arsinh x, computed by NumPy and written by a template in JavaScript."""
    return np.arcsinh(x)


@elementwise(lambda xp, y, x: slope_of_bessel(x))
def bessel(xp, x):
    """y = I₀(x), which only NumPy computes: no formula."""
    return np.i0(x) if np.ndim(x) else float(np.i0(x))


@elementwise(None)
def slope_of_bessel(xp, x):
    """I₁(x) by its series; nobody differentiates it."""
    return sum(
        (x / 2) ** (2 * k + 1) / (math.factorial(k) * math.factorial(k + 1)) for k in range(30)
    )


@dataclass
class Own:
    """A record with its reference from mpmath, operands, and what can be asked of it."""

    rule: Rule
    reference: Any
    xs: tuple[float, ...]
    order: int = 2
    is_live: bool = True

    def __str__(self):
        return self.rule.name


OWN = [
    Own(log2, lambda x: mpmath.log(x, 2), (5.0,)),
    Own(cbrt, lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), (-5.0,)),
    Own(hypot, mpmath.hypot, (0.75, -1.5)),
    Own(my_gauss, lambda x: mpmath.exp(-x * x / 2), (0.75,)),
    Own(gauss_squared, lambda x: mpmath.exp(-x * x), (0.75,)),
    Own(sinc, lambda x: mpmath.sin(x) - 1, (0.75,)),
    Own(square, lambda x: x**4, (0.75,)),
    Own(scaled, lambda x: 2 * x, (0.75,)),
    Own(scaled.fixed(factor=-3.0), lambda x: -3 * x, (0.75,)),
    Own(careful, mpmath.sinh, (0.75,), order=1),
    Own(area, mpmath.asinh, (0.75,)),
    Own(bessel, lambda x: mpmath.besseli(0, x), (0.75,), order=1, is_live=False),
]
each = pytest.mark.parametrize("own", OWN, ids=str)
NAMES = ["a", "b"]


def number(own, xs=None):
    return pytest.approx(float(own.reference(*map(mpmath.mpf, xs or own.xs))), rel=1e-14)


def slopes(own, xs=None):
    """The reference's partial derivatives."""
    xs = [mpmath.mpf(x) for x in xs or own.xs]
    orders = [tuple(int(i == j) for j in range(len(xs))) for i in range(len(xs))]
    found = (mpmath.diff(own.reference, tuple(xs), order) for order in orders)
    return [pytest.approx(float(d), rel=1e-12) for d in found]


def flow_of(own, xs=None):
    """y = exp(h)·a with h the operation of a, b."""
    nodes = [Value(x, name=name) for x, name in zip(xs or own.xs, NAMES, strict=False)]
    h = own.rule(*nodes).named("h")
    return FlowGraph((exp(h * 0.1) * nodes[0]).named("y"))


@each
def test_on_numbers_arrays_values_and_tensors_it_is_the_reference(own):
    rule, xs = own.rule, own.xs
    assert rule(*xs) == number(own)
    assert type(rule(*xs)) is float
    assert rule(*map(np.float64, xs)) == number(own)
    assert rule(*map(Value, xs)).data == number(own)
    for kind in (np.asarray, Tensor):
        y = rule(*(kind(np.full((2, 3), x)) for x in xs))
        assert np.shape(y) == (2, 3)
        assert [*np.ravel(y.numpy() if kind is Tensor else y)] == [number(own)] * 6


@each
def test_its_derivatives_are_the_references_in_both_sweeps_and_orders(own):
    nodes = [Value(x) for x in own.xs]
    own.rule(*nodes).backward()
    assert [x.grad for x in nodes] == slopes(own)
    tensors = [Tensor([x, x], requires_grad=True) for x in own.xs]
    own.rule(*tensors).sum().backward()
    assert [x.grad[1] for x in tensors] == slopes(own)
    tangents = [1.0] + [0.0] * (len(own.xs) - 1)
    assert jvp(own.rule, own.xs, tuple(tangents))[1] == slopes(own)[0]
    assert gradcheck(own.rule, *own.xs, order=own.order)


@each
def test_it_is_a_function_of_equations(own):
    operands = ", ".join(NAMES[: len(own.xs)])
    values = dict(zip(NAMES, own.xs, strict=False))
    graph = equations(f"y = f({operands})", functions={"f": own.rule}, **values)
    assert graph["y"].data == number(own)
    graph = equations(
        f"y = {own.rule.name}({operands})", functions={own.rule.name: own.rule}, **values
    )
    assert FlowGraph(graph["y"]).total("a") == slopes(own)[0]


@each
def test_formulas_say_it_by_its_name_and_give_the_engines_numbers(own):
    flow = flow_of(own)
    text = viz.derive(flow).text()
    assert f"{own.rule.name}(a" in text or f"{own.rule.name} a" in text
    latex = viz.derive(flow).latex()
    assert "h" in latex
    for edge in flow.edges:
        found = symbols.partial_expression(flow, edge)
        if found is not None:
            at = {s: symbols.nodes(flow, found)[s].data for s in found.free_symbols}
            assert float(found.evalf(subs=at)) == pytest.approx(edge.partial, rel=1e-9)
    assert own.rule.name in viz.table(flow) or own.rule.name in viz.draw(flow).text()


def test_a_partial_derivative_is_a_formula_also_of_ones_own_operation():
    found = [symbols.partial(flow_of(own), flow_of(own).edges[0]) for own in OWN[:9]]
    assert found == [
        r"\frac{1}{a \log 2}", r"\frac{1}{3 h^{2}}", r"\frac{a}{h}", "-a h", "-2 a h", r"\cos a",
        "4 a^{3}", "2", "-3",
    ]  # fmt: skip


def test_what_is_fixed_is_said():
    flow = FlowGraph(scaled(Value(2.0, name="x"), factor=-3.0).named("y"))
    assert symbols.equation(flow, "y") == r"y = \mathrm{scaled}(x, \mathrm{factor} = -3)"
    assert "y = scaled(x, factor = -3)" in viz.derive(flow).text()


def test_an_operation_called_like_the_projects_is_not_written_with_its_sign():
    x = Value(0.5, name="x")
    assert symbols.equation(FlowGraph(square(x).named("y")), "y") == r"y = \mathrm{square}(x)"


@each
def test_pictures_tikz_and_slides_are_made(own, tmp_path):
    flow = flow_of(own)
    picture = viz.draw(flow)
    assert "tikzpicture" in picture.tex()
    assert picture.svg().endswith("</svg>\n")
    assert "tikzpicture" in viz.slides(flow).save(tmp_path / "s.tex").read_text(encoding="utf-8")


@pytest.mark.parametrize("own", [own for own in OWN if own.is_live], ids=str)
def test_the_page_computes_it_at_other_inputs(own, visit):
    page = visit(viz.step(flow_of(own)))
    page.end()
    assert page.page.evaluate("stepper.numbers().isLive")
    for x in (own.xs[0], 0.3125, 2.5):
        moved = (x, *own.xs[1:])
        flow = flow_of(own, moved)
        page.set(0, x)
        check(page, engine_of(flow))
        assert page.number("value-" + str([v.name for v in flow.variables].index("h"))) == number(
            own, moved
        )


@pytest.mark.parametrize("own", [own for own in OWN if not own.is_live], ids=str)
def test_a_page_that_cannot_compute_it_says_so_and_keeps_the_recorded_numbers(own, visit):
    flow = flow_of(own)
    page = visit(viz.step(flow))
    page.end()
    check(page, engine_of(flow))
    assert page.page.locator("input[type=number]").count() == 0
    said = page.page.locator("#inputs").text_content()
    assert f"the rule {own.rule.name} cannot be written in JavaScript" in said
    assert "Source" not in said


@each
def test_a_graph_with_it_is_pickled(own):
    flow = flow_of(own)
    again = pickle.loads(pickle.dumps(flow.output))  # noqa: S301 - its own
    assert again.data == flow.output.data
    assert FlowGraph(again).total("a") == flow.total("a")
    node = own.rule(*map(Value, own.xs))
    assert pickle.loads(pickle.dumps(node)).rule is node.rule  # noqa: S301 - its own


# --- bad input -----------------------------------------------------------------------------------


@elementwise(lambda xp, y, x, *, n: n)
def needy(xp, x, *, n):
    """y = n·x, with a parameter that has no default."""
    return n * x


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        ({"f": math.exp}, "f is given as a function but is no elementwise operation"),
        ({"f": 3.0}, "no elementwise operation"),
        ({"f g": log2}, "one word"),
        ({3: log2}, "one word"),
        ({"f": needy}, r"needs n, .* needy.fixed\(n=…\)"),
        (3.0, "an input variable needs another name"),
        ({"f": hypot}, "f takes 2 operands, not 1"),
    ],
)
def test_what_is_no_function_of_equations_is_refused(functions, message):
    with pytest.raises(EquationError, match=message):
        equations("y = f(x)", functions=functions, x=1.0)


def test_a_function_of_the_packages_may_get_another_name():
    graph = equations("y = e_to(x)", functions={"e_to": exp}, x=1.0)
    assert graph["y"].data == math.e


def test_a_python_function_of_a_known_name_is_not_taken_for_it():
    def sin(x):
        return x

    with pytest.raises(EquationError, match="no elementwise operation"):
        equations("y = sin(x)", functions={"sin": sin}, x=1.0)


def test_a_parameter_that_is_none_is_refused():
    with pytest.raises(OperandError, match="did you mean 'factor'"):
        scaled(Value(1.0), facto=3.0)
    with pytest.raises(OperandError, match="has no parameter"):
        log2.fixed(base=3.0)


def test_a_template_with_single_braces_is_refused_where_it_is_written():
    with pytest.raises(OperandError, match="write every other brace twice"):
        elementwise(lambda xp, y, x: 1.0, latex=r"\mathrm{same}({0})")(lambda xp, x: x)
