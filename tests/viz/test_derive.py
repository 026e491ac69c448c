"""viz.derive: what it writes is what the lecture writes, and every number and formula is right."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from click.testing import CliRunner

import viz
from autograd_lite import FlowGraph, Tensor, Value, cos, exp, log, sigmoid, sin, sqrt, tanh
from autograd_lite.errors import GraphError, NotAVariableError, PictureError
from autograd_lite.value import Value as Node
from tests.viz.latex import compiled
from viz import derive
from viz.chainrule.derivation import Derivation
from viz.chainrule.steps import Step
from viz.cli import main
from viz.render import tex

# --- the lecture's example -------------------------------------------------------------------------


def test_first_second_third_as_in_the_lecture(example):
    """Third lecture, back-prop example: the three slides."""
    assert derive(example.flow, wrt=example.x).text().splitlines()[4:] == [
        "First, dŷ/dh_1 = ∂ŷ/∂h_1 = h_1/√(h_0² + h_1²) = 0.794",
        "Second, dŷ/dh_0 = ∂ŷ/∂h_0 + dŷ/dh_1·∂h_1/∂h_0",
        "                = h_0/√(h_0² + h_1²) + (h_1/√(h_0² + h_1²))·(3·h_0²/√2)",
        "                = h_0·(3·h_0·h_1/√2 + 1)/√(h_0² + h_1²) = 0.607 + 0.794·0.619 = 1.099",
        "Third, dŷ/dx = dŷ/dh_1·∂h_1/∂x + dŷ/dh_0·∂h_0/∂x",
        "             = (h_1/√(h_0² + h_1²))·((cos x)/√2)",
        "               + (h_0·(3·h_0·h_1/√2 + 1)/√(h_0² + h_1²))·(-sin x)"
        " = 0.794·0.382 + 1.099·(-0.841)",
        "             = -0.622",
    ]


def test_the_system_of_equations_stands_in_front(example):
    assert derive(example.flow, wrt="x").text().splitlines()[:4] == [
        "x = 1",
        "h_0 = cos x = 0.540",
        "h_1 = (h_0³ + sin x)/√2 = 0.707",
        "ŷ = √(h_0² + h_1²) = 0.889",
    ]


def test_the_same_in_latex(example):
    written = derive(example.flow, wrt="x").latex()
    assert r"\text{First,}\quad \frac{d\hat{y}}{dh_{1}} &= \frac{\partial \hat{y}}" in written
    assert written.count(r"\begin{align*}") == written.count(r"\end{align*}") == 1


def test_the_same_in_markdown_for_notebooks(example):
    found = derive(example.flow, wrt="x")
    assert found.markdown().startswith("$$\n\\begin{aligned}\n")
    bundle = found._repr_mimebundle_()
    assert set(bundle) == {"text/markdown", "text/latex", "text/plain"}
    assert bundle["text/plain"] == str(found) == found.text().rstrip("\n")
    assert found._repr_latex_() == found.latex()


def test_digits_may_be_chosen(example):
    assert "= -0.62161\n" in derive(example.flow, wrt="x").text(digits=5)


def test_the_written_example_has_both_gradients(written):
    """Third lecture, written example: 0.14641 in total, 0.1331 with v held."""
    total = derive(written.flow, wrt=["u", "v"]).text()
    assert "= 0.14641\n" in total
    held = derive(written.flow, wrt="u", hold=["v"])
    assert held.text().splitlines()[-2].endswith("= 0.1331")
    assert held.text().splitlines()[-1] == "Held constant: v"
    assert "∂z/∂u" in held.text()


# --- other questions -------------------------------------------------------------------------------


def test_one_partial_derivative(example):
    edge = next(e for e in example.flow.edges if e.source is example.h0 and e.target is example.h1)
    lines = derive(edge).text().splitlines()
    assert lines[-2:] == ["∂h_1/∂h_0 = 3·h_0²/√2 = 0.619", "Held constant: x"]


def test_a_partial_derivative_by_what_is_held(example):
    found = derive(example.flow, wrt="h_0", of="h_1", hold="x")
    assert "∂h_1/∂h_0 = 3·h_0²/√2 = 0.619" in found.text()


def test_the_sum_at_a_cut(example):
    for found in (
        derive(example.flow, wrt="x", cut=["h_0", "h_1"]),
        derive(example.flow.cut(["h_0", "h_1"]), wrt="x"),
        derive(example.flow.cut(after=["x"])),
    ):
        assert "dŷ/dx = dŷ/dh_1·∂h_1/∂x + dŷ/dh_0·∂h_0/∂x" in found.text()
        assert "= 0.794·0.382 + 1.099·(-0.841) = -0.622" in found.text()


def test_at_a_later_cut_the_variables_between_follow(example):
    """∂ŷ/∂x there holds h_1 and lets h_0 follow x."""
    text = derive(example.flow, wrt="x", cut=["h_1", "\\hat{y}"]).text()
    assert "-(h_0·sin x)/√(h_0² + h_1²)" in text
    assert "(cos x - 3·h_0²·sin x)/√2" in text
    assert "= -0.511 + 0.794·(-0.139) = -0.622" in text


def test_the_sum_over_paths(example):
    text = derive(example.flow, wrt="x", paths=True).text()
    assert "∂ŷ/∂h_1·∂h_1/∂h_0·∂h_0/∂x + ∂ŷ/∂h_0·∂h_0/∂x + ∂ŷ/∂h_1·∂h_1/∂x" in text
    assert text.rstrip().endswith("= -0.622")


def test_the_output_by_itself_and_what_it_does_not_depend_on():
    x, u = Value(2.0, name="x"), Value(3.0, name="u")
    y = (x * x).named("y")
    flow = FlowGraph(y, variables=[x, u])
    assert "dy/dy = 1\n" in derive(flow, wrt="y").text()
    text = derive(flow, wrt=["u", "x"]).text()
    assert "dy/du = 0\n" in text
    assert "y does not depend on u" in text


def test_a_leaf_without_a_name_may_be_asked_for():
    x = Value(2.0)
    y = (x * x).named("y")
    assert "dy/dv_1 = ∂y/∂v_1 = 2·v_1 = 4" in derive(y, wrt=x).text()


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"wrt": "nope"}, NotAVariableError, "no variable is called 'nope'"),
        ({"wrt": "x", "paths": True, "hold": ["h_0"]}, GraphError, "ask for one at a time"),
        ({"wrt": "x", "cut": ["h_0"]}, GraphError, "leaks past it"),
        ({"wrt": "h_1", "cut": ["h_0", "h_1"]}, GraphError, "before it: x"),
        ({"wrt": 3}, NotAVariableError, "no variable is called 3"),
    ],
)
def test_questions_that_make_no_sense_are_refused(example, asked, error, words):
    with pytest.raises(error, match=words):
        derive(example.flow, **asked)


def test_what_is_no_graph_is_refused():
    with pytest.raises(PictureError, match="give a FlowGraph"):
        derive(3.0)


# --- random graphs: engine, sympy and what is written agree ----------------------------------------


def _random_graph(seed: int) -> FlowGraph:
    """A few inputs, then variables made from earlier ones by smooth functions."""
    rng = random.Random(seed)  # noqa: S311  (a test draws no secrets)
    nodes = [Value(rng.uniform(0.3, 1.5), name=f"x_{k}") for k in range(2)]
    shapes = (sin, tanh, exp, sigmoid, lambda a: sqrt(1 + a * a), lambda a: log(2 + a * a))
    for k in range(4):
        a, b, c = (rng.choice(nodes) for _ in range(3))
        nodes.append((rng.choice(shapes)(a * b * 0.5) + rng.uniform(-1, 1) * c).named(f"h_{k}"))
    return FlowGraph(sum(nodes[2:], Value(0.0)).named("y"))


def _steps(found: Derivation) -> list[Step]:
    return [step for run in found.steps for step in run]


@pytest.mark.parametrize("seed", range(12))
def test_every_number_is_the_limit_and_every_formula_gives_it(seed):
    """dy/dv against the difference quotient; terms add up; formulas by sympy at the same point."""
    flow = _random_graph(seed)
    point = {v.name: v.data for v in flow.variables}
    steps = _steps(derive(flow))
    assert {step.left.wrt for step in steps} >= set(flow.inputs)
    for step in steps:
        limit = flow.limit(flow.output, step.left.wrt, hold=[])
        assert step.left.number == pytest.approx(limit, rel=1e-7, abs=1e-8)
        products = (np.prod([factor.number for factor in term]) for term in step.terms)
        assert sum(products) == pytest.approx(step.left.number, rel=1e-12)
        for factor in [step.left, *(f for term in step.terms for f in term)]:
            if factor.formula is not None:
                values = {s: point[str(s)] for s in factor.formula.free_symbols}
                assert float(factor.formula.subs(values)) == pytest.approx(factor.number, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_cuts_and_paths_give_the_same_derivative(seed):
    flow = _random_graph(seed)
    for x in flow.inputs:
        limit = flow.limit(flow.output, x, hold=[])
        for found in [derive(flow, x, paths=True), *(derive(c, x) for c in flow.cuts())]:
            (step,) = _steps(found)
            products = [np.prod([factor.number for factor in term]) for term in step.terms]
            assert sum(products) == pytest.approx(limit, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_a_partial_derivative_is_the_limit_with_others_held(seed):
    flow = _random_graph(seed)
    x, h = flow.inputs[0], flow.variables[3]
    step = _steps(derive(flow, x, hold=[h]))[-1]
    limit = flow.limit(flow.output, x, hold=[h])
    assert step.left.held
    assert step.left.number == pytest.approx(limit, rel=1e-7, abs=1e-8)


_SMALL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _evaluated(side: str, values: dict[str, float]) -> float:
    """The number of a side made of names, numbers, signs, brackets, products and powers."""
    python = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"**({m[0].translate(_SMALL)})", side)
    assert re.fullmatch(r"[A-Za-z0-9_ .*()+/-]+", python.replace("·", "*")), side
    return float(eval(python.replace("·", "*"), {"__builtins__": {}}, values))  # noqa: S307


@pytest.mark.parametrize("seed", range(12))
def test_every_side_as_it_is_written_gives_the_number(seed):
    """Polynomials: each side between equal signs is read back as Python and evaluated."""
    rng = random.Random(seed)  # noqa: S311  (a test draws no secrets)
    nodes = [Value(rng.uniform(0.5, 1.5), name=c) for c in "ab"]
    for c in "pqrs":
        u, v, w = (rng.choice(nodes) for _ in range(3))
        nodes.append((u * v - rng.randint(2, 5) * w ** rng.randint(1, 3)).named(c))
    values = {v.name: v.data for v in nodes}
    flow = FlowGraph((nodes[-1] * nodes[-2] - nodes[-3]).named("y"))
    text = re.sub(r"\n +", " ", derive(flow).text(digits=12))
    checked = 0
    for line in text.splitlines():
        found = re.search(r"dy/d(\w) = (.*)", line)
        for side in found[2].split(" = ") if found else []:
            if "/d" not in side and "/∂" not in side:
                assert _evaluated(side, values) == pytest.approx(flow.total(found[1]), rel=1e-9)
                checked += 1
    assert checked >= 6


# --- recursions ------------------------------------------------------------------------------------


def _rnn(steps: int) -> FlowGraph:
    """h_t = tanh(w h_{t-1} + u x_t + b), ℓ_t = (h_t - y_t)²/2, L = Σ ℓ_t."""
    w, u, b = Value(0.7, name="w"), Value(0.3, name="u"), Value(0.1, name="b")
    h, loss = Value(0.2, name="h_0"), Value(0.0)
    for t in range(1, steps + 1):
        x, y = Value(0.5 * (-1) ** t, name=f"x_{t}"), Value(0.3 * t, name=f"y_{t}")
        h = tanh(w * h + u * x + b).named(f"h_{t}")
        loss = loss + (0.5 * (h - y) ** 2).named(f"l_{t}")
    return FlowGraph(loss.named("L"))


def test_bptt_is_one_recursion_with_the_numbers_beside_it():
    """First lecture: δ_t = ∂ℓ_t/∂h_t + (∂h_{t+1}/∂h_t)ᵀ δ_{t+1}, dL/dw = Σ_t (dL/dh_t)(∂h_t/∂w)."""
    flow = _rnn(4)
    text = derive(flow, wrt="w").text()
    assert "⋮" not in text
    assert "h_t = tanh(w·h_{t-1} + u·x_t + b) = " in text
    assert "δ_t = dL/dh_t = δ_{t+1}·∂h_{t+1}/∂h_t + dL/dl_t·∂l_t/∂h_t\n" in text
    assert "= δ_{t+1}·w·(1 - h_{t+1}²) + h_t - y_t\n" in text
    assert "Σ dL/dh_t·∂h_t/∂w  (t = 1 … 4) = Σ dL/dh_t·h_{t-1}·(1 - h_t²)" in text
    for t in (1, 2, 3):
        line = next(row for row in text.splitlines() if row.startswith(f"  δ_{t} = "))
        number = float(line.rpartition("= ")[2])
        assert number == pytest.approx(flow.total(f"h_{t}"), abs=5e-4)


def test_the_recursion_is_derived_by_hand():
    """δ_4 = h_4 - y_4 and δ_t = h_t - y_t + w (1 - h_{t+1}²) δ_{t+1}, in plain Python."""
    flow = _rnn(4)
    h = {t: flow.variable(f"h_{t}").data for t in range(5)}
    delta, total = 0.0, 0.0
    for t in (4, 3, 2, 1):
        onward = 0.7 * (1 - h[t + 1] ** 2) * delta if t < 4 else 0.0
        delta = h[t] - 0.3 * t + onward
        total += delta * h[t - 1] * (1 - h[t] ** 2)
    step = _steps(derive(flow, wrt="w"))[-1]
    assert step.left.number == pytest.approx(total, rel=1e-12)


def test_a_long_recursion_shows_its_ends():
    text = derive(_rnn(200), wrt="w").text()
    assert "  ⋮\n" in text
    assert "δ_199 = " in text
    assert "δ_1 = " in text
    assert len(text.splitlines()) < 60


def test_where_a_variable_is_called_delta_no_other_derivative_is():
    h = Value(0.5, name="h_0")
    delta = Value(2.0, name="delta")
    for t in (1, 2, 3, 4):
        h = sin(delta * h).named(f"h_{t}")
    text = derive(FlowGraph((h * h).named("y")), wrt="delta").text()
    assert "Second, dy/dh_t = dy/dh_{t+1}·∂h_{t+1}/∂h_t" in text
    assert "δ_" not in text
    assert " - 0.987·(-0.402) + 0.799·(-0.0942) - 0.179·0.270 = -0.178\n" in text


def test_a_line_holds_for_the_indices_that_it_names_and_no_others():
    """h_1, h_3, h_5, h_7 are sines and the others cosines: neither is said of "1, …, 7"."""
    h = Value(0.5, name="h_0")
    for t in range(1, 9):
        h = (sin if t % 2 else cos)(h).named(f"h_{t}")
    text = derive((h * h).named("y")).text()
    assert re.findall(r"^h_t = (\w+) .*\(t = (.*)\)$", text, re.MULTILINE) == [
        ("sin", "1, 3, 5, 7"), ("cos", "2, 4, 6, 8"),
    ]  # fmt: skip


def test_a_sum_over_some_of_a_family_is_written_term_by_term():
    x = Value(0.5, name="x")
    a, b, c = (sin(x).named(f"h_{k}") for k in (1, 3, 4))
    text = derive((a * a + b * b + c * c).named("y")).text()
    assert "Σ" not in text
    assert "(t = 4, 3, 1)" in text


def test_a_factor_that_ends_in_an_argument_stands_in_brackets_before_another():
    """cos t·x would be read as the cosine of t·x."""
    x, u = Value(0.5, name="x"), Value(2.0, name="u")
    text = derive(sin((x * u).named("t")).named("y")).text()
    assert "dy/du = dy/dt·∂t/∂u = (cos t)·x = 0.540·0.5 = 0.270\n" in text
    assert "dy/dx = dy/dt·∂t/∂x = (cos t)·u = 0.540·2 = 1.081\n" in text


def test_a_recursion_whose_steps_differ_has_no_formula_for_all():
    h = Value(0.5, name="h_0")
    for t in (1, 2, 3, 4):
        h = (sin if t % 2 else cos)(h).named(f"h_{t}")
    text = derive((h * h).named("y")).text()
    assert "h_t = cos h_{t-1} = 0.887, 0.714   (t = 2, 4)\n" in text
    assert "Second, δ_t = dy/dh_t = δ_{t+1}·∂h_{t+1}/∂h_t\n  δ_3 = 1.428·(-0.700)" in text


def test_the_index_is_a_letter_that_is_no_variable():
    h, t = Value(0.5, name="h_0"), Value(2.0, name="t")
    for k in (1, 2, 3, 4):
        h = sin(t * h).named(f"h_{k}")
    assert "h_{k+1}" in derive(FlowGraph((h * h).named("y")), wrt="t").text()


# --- size, arrays, names ---------------------------------------------------------------------------


def test_a_thousand_variables_are_no_crash_but_a_note():
    x = Value(1.0, name="x")
    y = x
    for k in range(1000):
        y = sin(y).named("v" + "abcdefghij"[k % 10] * (1 + k // 10))
    text = derive(FlowGraph(y.named("y")), wrt="x").text()
    words = "First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Next".split()
    told = [line for line in text.splitlines() if line.partition(",")[0] in words]
    assert f"\n{1000 - len(told)} steps in the middle are left out.\n" in text
    assert len(text.splitlines()) < 120


def test_of_many_terms_the_first_four_and_the_last_two_are_written():
    x = Value(1.0, name="x")
    made = [(k * sin(x)).named(name) for k, name in enumerate("abcdefghij", 2)]
    text = re.sub(r"\n +", " ", derive(sum(made[1:], made[0]).named("y")).text())
    first = " + ".join(f"dy/d{name}·∂{name}/∂x" for name in "jihg")
    assert f"Next, dy/dx = {first} + … + dy/db·∂b/∂x + dy/da·∂a/∂x = 11·cos x + " in text
    assert " + 8·cos x + … + 3·cos x + 2·cos x = " in text
    assert " = 5.943 + 5.403 + 4.863 + 4.322 + … + 1.621 + 1.081 = " in text


def test_where_one_total_is_too_long_for_a_formula_all_keep_their_symbols():
    x = Value(0.5, name="x")
    t, u = (x * x).named("t"), (x * 3).named("u")
    w = t
    for _ in range(300):
        w = sin(w) + 0.1
    text = derive(((w.named("w") * t).named("v") * u).named("y")).text()
    assert "dy/dx = dy/du·∂u/∂x + dy/dt·∂t/∂x = dy/du·3 + dy/dt·2·x = " in text
    assert "Third, dy/du = ∂y/∂u = v = " in text


def test_more_paths_than_anybody_reads_are_a_note():
    x = Value(1.0, name="x")
    y = x
    for k in range(60):
        a, b = sin(y).named(f"a_{k}"), cos(y).named(f"b_{k}")
        y = (a + b).named(f"c_{k}")
    text = derive(FlowGraph(y), wrt="x", paths=True).text()
    assert "paths lead from x to c_59" in text


def test_a_formula_beyond_reading_keeps_its_symbols():
    x = Value(0.1, name="x")
    y = x
    for _ in range(300):
        y = sin(y) + 0.1
    h = y.named("h")
    text = derive(FlowGraph((h * h).named("z")), wrt="x").text()
    assert "dz/dx = dz/dh·∂h/∂x" in text


def test_a_value_that_is_not_a_number_is_shown_as_such():
    x = Value(float("inf"), name="x")
    text = derive((x * x).named("y")).text()
    assert "∞" in text


def test_arrays_by_shapes_and_norms():
    """First lecture: δ_t = ∂ℓ_t/∂h_t + (∂h_{t+1}/∂h_t)ᵀ δ_{t+1}, and ∂h_{t+1}/∂h_t = diag(φ')·W."""
    w, h, loss = Tensor(np.eye(3) / 2, requires_grad=True, name="W"), Tensor(np.ones(3) / 10), 0.0
    for t in (1, 2, 3):
        h = tanh(w @ h + 0.1 * t).named(f"h_{t}")
        loss = loss + (h * h).sum()
    flow = FlowGraph(loss.named("L"))
    text = derive(flow, wrt=w).text()
    assert "δ_t = dL/dh_t = ∂L/∂h_t + (∂h_{t+1}/∂h_t)ᵀ·δ_{t+1}" in text
    assert "∂h_{t+1}/∂h_t = diag(1 - h_{t+1}²)·W\n" in text
    norm = float(re.search(r"→ \[3×3\], norm ([\d.]+)", text)[1])
    assert norm == pytest.approx(np.linalg.norm(flow.total(w)), abs=5e-4)


def test_arrays_too_large_for_their_jacobian_have_shapes():
    x = Tensor(np.ones((100, 100)), requires_grad=True, name="x")
    h = (2.0 * x).named("h")
    text = derive(FlowGraph((h * h).sum().named("y")), wrt="x").text()
    assert "[100×100]·[100×100×100×100]" in text


def test_hostile_names_are_numbers_with_a_legend(hostile):
    x = Node(0.5, name=hostile)
    found = derive((tanh(x) * x).named("y"), wrt=x)
    for text in (found.text(), found.latex(), found.markdown()):
        assert all(c == "\n" or c.isprintable() for c in text)
    assert r"\input{" not in found.latex()
    assert "<script" not in found.markdown().replace(r"\<script", "")
    assert repr(found)


def test_names_that_are_the_same_do_not_mix_up_the_numbers():
    a, b = Value(2.0, name="a"), Value(3.0, name="a")
    steps = _steps(derive((a * a * b).named("y")))
    assert sorted(step.left.number for step in steps) == [4.0, 12.0]


# --- LaTeX, files, command -------------------------------------------------------------------------


def test_latex_compiles_and_fits_the_page(example, written, pdflatex, tmp_path):
    founds = [
        derive(example.flow),
        derive(example.flow, paths=True),
        *(derive(cut) for cut in example.flow.cuts()),
        derive(written.flow),
        derive(_rnn(30), wrt=["w", "u", "b"]),
        *(derive(_random_graph(seed)) for seed in range(4)),
    ]
    body = "\n\n".join(found.latex() for found in founds)
    log = compiled(pdflatex, tex.document(body), tmp_path)
    assert [x for x in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(x) > 40] == []


def test_hostile_names_compile_to_themselves(pdflatex, tmp_path):
    from tests.viz.conftest import HOSTILE  # all in one document

    graphs = [(tanh(x) * x).named("y") for x in (Node(0.5, name=name) for name in HOSTILE)]
    body = "\n\n".join(derive(y).latex() for y in graphs)
    compiled(pdflatex, tex.document(body), tmp_path)


def test_standalone_is_a_document_of_its_own(example, pdflatex, tmp_path):
    compiled(pdflatex, derive(example.flow).latex(standalone=True), tmp_path)


def test_save_by_suffix(example, tmp_path):
    found = derive(example.flow, wrt="x")
    for suffix, text in (
        ("tex", found.latex(standalone=True)),
        ("md", found.markdown()),
        ("txt", found.text()),
    ):
        path = found.save(tmp_path / f"d.{suffix}")
        assert path.read_text(encoding="utf-8") == text
    part = found.save(tmp_path / "d.tex", standalone=False).read_text(encoding="utf-8")
    assert found.latex() in part
    with pytest.raises(PictureError, match="one of .tex, .md, .txt"):
        found.save(tmp_path / "d.pdf")
    with pytest.raises(PictureError, match="cannot save the derivation"):
        found.save(tmp_path / "nowhere" / "d.tex")


def test_the_command_prints_or_saves(tmp_path):
    run = CliRunner().invoke(main, ["derive", "three_step", "--of", "yhat", "--wrt", "x"])
    assert run.exit_code == 0
    assert "Third, dŷ/dx = dŷ/dh_1·∂h_1/∂x + dŷ/dh_0·∂h_0/∂x" in run.output
    path = tmp_path / "d.tex"
    run = CliRunner().invoke(main, ["derive", "three_step", "--paths", "-o", str(path)])
    assert run.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("% A document of its own")
    run = CliRunner().invoke(main, ["derive", "three_step", "--as-part", "-o", str(path)])
    assert run.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("% A part of another document")
    run = CliRunner().invoke(main, ["derive", "three_step", "--hold", "h_0", "--paths"])
    assert run.exit_code == 2
    assert "ask for one at a time" in run.output


def test_derive_is_public():
    assert "derive" in viz.__all__
