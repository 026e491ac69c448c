"""Every formula shown in nodes, on edges, in derivations and at cuts, read as LaTeX, gives its number."""

from __future__ import annotations

import math
import random
import re

import pytest

import viz
from autograd_lite import FlowGraph, Value, equations
from autograd_lite.cut import Cut
from tests.viz.reading_latex import value
from viz.content.captions import captions
from viz.formulas import symbols
from viz.formulas.naming import names_of

NAMES = (
    "x b_1 mu_hat theta_dot w_11 h_enc x_prime L_KL yhat_2 lambda_max sigma_1 Sigma_xx z'".split()
)
FORMS = [
    "sin({a})*{b}", "{a}*{b} - 0.5", "tanh({a} + {b})", "{a}/(2 + {b}**2)", "exp(-{a}/10)*cos({b}*{a})",
    "sqrt(1 + {a}**2 + {b}**2)", "({a} - {b})**3/3", "sigmoid({a})*{b}", "log(2 + {a}**2)/{b}",
    "relu({a}) + 0.3*{b}", "maximum({a}, {b})", "cos(2*{a})/sqrt(2)", "-{a}*pi + {b}/7", "0.1*{a} + {b}/10",
    "-0.3*log({a}**2 + 0.1) - (1 - 0.3)*log(1.1 + {b}**2)", "exp(-({a} - {b})**2/(2*0.7**2))",
    "softplus({a}) - arctan({b})", "({a} + {b})*({b} - {a})", "{b}*{a}*{b}", "-(1 - {a})*(1 - {b})",
    "{a}**2/(1 + {b}**2)",
    "({a} + {b})/({a}**2 + 1) - {a}/2*{b}", "sin({a})**2*cos({b})", "sin({a}/{b})/{a}**2",
]  # fmt: skip


def random_flow(seed: int) -> FlowGraph:
    """Six equations with names of all kinds, each computed from earlier ones, and their sum."""
    rng = random.Random(seed)  # noqa: S311  (not for secrets)
    names = rng.sample(NAMES, 8)
    typed = {name: re.sub(r"\W", "p", name) for name in names}
    lines = [f"{typed[name]} = {rng.uniform(0.2, 0.9)!r}" for name in names[:2]]
    for k in range(2, len(names)):
        a, b = rng.sample(names[max(0, k - 4) : k], 2)
        lines.append(f"{typed[names[k]]} = {rng.choice(FORMS).format(a=typed[a], b=typed[b])}")
    made = equations("\n".join([*lines, f"y = {' + '.join(typed[name] for name in names[-3:])}"]))
    for name, line in typed.items():
        made[line].named(name)
    return FlowGraph(made["y"])


def numbers(flow: FlowGraph) -> dict[str, float]:
    called = names_of(flow)
    return {called.latex(v): float(v.value) for v in flow.variables}


def derivatives(flow: FlowGraph, cut: Cut | None = None) -> dict[str, float]:
    """Every derivative by its LaTeX; at a cut the partial ones hold its other members."""
    name, y = names_of(flow).latex, flow.output
    found = {rf"\frac{{d{name(y)}}}{{d{name(v)}}}": flow.total(v) for v in flow.variables}
    for edge in flow.edges if cut is None else ():
        found[_partial(name(edge.target), name(edge.source))] = edge.partial
    for x in cut.near if cut else ():
        for term in cut.terms(x):
            found[_partial(name(term.variable), name(x))] = term.partial
    return {key: float(number) for key, number in found.items()}


def _partial(y: str, x: str) -> str:
    return rf"\frac{{\partial {y}}}{{\partial {x}}}"


def sides(tex: str) -> list[list[str]]:
    """The equations of a derivation, each as the sides that are equal; rows that go on are joined."""
    found: list[str] = []
    for row in re.split(r"\\\\\n|\\begin\{align\*\}|\\end\{align\*\}", tex):
        row = re.sub(r"\\text\{[^{}]*\}\\quad", "", row)  # noqa: PLW2901  (the word in front)
        left, is_row, right = row.partition("&")
        if is_row and left.strip():
            found.append(left + right)
        elif is_row:
            found[-1] += right
    return [[side.strip() for side in equation.split("=")] for equation in found]


def near(side: str, number: float) -> object:
    """What numbers give that are rounded to three digits; what symbols give with coefficients of six."""
    symbols_in = re.search(r"(?<![A-Za-z\\])[A-Za-z]|\\(?!cdot|times|left|right)[a-zA-Z]", side)
    return (
        pytest.approx(number, rel=1e-5, abs=1e-7)
        if symbols_in
        else pytest.approx(number, rel=6e-3, abs=6e-3)
    )


@pytest.mark.parametrize("seed", range(24))
def test_nodes_and_edges(seed):
    flow = random_flow(seed)
    known = numbers(flow)
    for v in flow.variables:
        left, _, right = (symbols.equation(flow, v) or "").partition(" = ")
        assert known[left] == v.value
        assert (value(right, known) if right else v.value) == near(right or left, v.value), right
    shown = [(edge, symbols.partial(flow, edge)) for edge in flow.edges]
    for edge, formula in shown:
        assert formula is not None
        assert value(formula, known) == near(f"x{formula}", edge.partial), (formula, edge)


@pytest.mark.parametrize("seed", range(24, 32))
def test_derivations(seed):
    flow = random_flow(seed)
    known = {**numbers(flow), **derivatives(flow)}
    found = sides(viz.derive(flow).latex())
    assert len(found) >= len(flow.variables)
    for left, *rights in found:
        for right in rights:
            assert value(right, known) == near(right, known[left]), (left, right)


@pytest.mark.parametrize("seed", range(32, 37))
def test_sums_at_cuts_in_derivations_and_under_pictures(seed):
    flow = random_flow(seed)
    for cut in flow.cuts()[1:]:
        x = cut.near[0]
        known = {**numbers(flow), **derivatives(flow, cut)}
        for left, *rights in sides(viz.derive(flow, wrt=x, cut=cut).latex()):
            for right in rights:
                assert value(right, known) == near(right, known[left]), (left, right)
        ratio, _, *rest = captions(cut, [x], names_of(flow).latex, 3)[0]
        sum_of_products = "".join(p for p in rest if "quad" not in p)
        for side in sum_of_products.lstrip("=").split("="):
            assert value(side, {}) == near(side, known[ratio.replace("dfrac", "frac")]), rest


@pytest.mark.parametrize(
    "tex",
    [
        r"\sin x y",
        r"\frac{1}{x} (x + 1) + y^{-x/2} \cdot 2",
        r"[x > y] \sqrt{x} |",
        r"x + * y",
        "x_{1} y",
    ],
)
def test_the_reader_reads_as_one_reads_or_refuses(tex):
    expected = {
        r"\sin x y": math.sin(0.5) * 2,
        r"\frac{1}{x} (x + 1) + y^{-x/2} \cdot 2": 3 + 2 * 2**-0.25,
    }
    if tex in expected:
        assert value(tex, {"x": 0.5, "y": 2.0}) == pytest.approx(expected[tex])
    else:
        with pytest.raises(AssertionError):
            value(tex, {"x": 0.5, "y": 2.0})


def test_a_wrong_formula_is_noticed():
    x = Value(0.7, name="x")
    flow = FlowGraph((x * x * 3).named("y"))
    right = symbols.partial(flow, flow.edges[0])
    assert right == "6 x"
    assert value(right, numbers(flow)) == near(right, flow.edges[0].partial)
    assert value("6 x + 0.001", numbers(flow)) != near(right, flow.edges[0].partial)
