"""Names and formulas as a mathematician writes them: `notation.txt` is the table, written by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import viz
from autograd_lite import FlowGraph, Value, equations
from autograd_lite.expressions import functions
from autograd_lite.rules import RULES
from viz.formulas import symbols
from viz.formulas.labels import latex
from viz.formulas.mathtext import mathtext, measure, parses
from viz.formulas.text import TEXT

_NAMES, _EQUATIONS = (
    [line for line in part.splitlines() if " = " in line]
    for part in (Path(__file__).parent / "notation.txt")
    .read_text(encoding="utf-8")
    .split("\nEquations, ")
)
_KNOWN = {"pi", *functions()}


def plain(tex: str) -> str:
    r"""LaTeX without what makes no difference: blanks, braces around one sign, \text for \mathrm.

    >>> plain(r"\frac1x \, \hat\mu_{1}") == plain(r"\frac{1}{x} \hat{\mu}_1")
    True
    """
    tex = tex.replace(r"\text", r"\mathrm").replace(r"\,", " ")
    tex = re.sub(r"\\(frac|hat|bar|tilde|dot|ddot|vec|sqrt) *(\\[A-Za-z]+|\w)", r"\\\1{\2}", tex)
    tex = re.sub(r"(\\frac\{(?:[^{}]|\{[^{}]*\})*\}) *(\\[A-Za-z]+|\w)", r"\1{\2}", tex)
    tex = re.sub(r"([_^]) *\{(\\[A-Za-z]+|[A-Za-z0-9])\}", r"\1\2 ", tex)
    tex = re.sub(r"(\\[A-Za-z]+) +(?=[A-Za-z])", r"\1~", tex)
    return re.sub(r"(\\[A-Za-z]+)~(?![A-Za-z])", r"\1", tex.replace(" ", ""))


def test_the_table_has_two_hundred_rows() -> None:
    assert len(_NAMES) + len(_EQUATIONS) >= 200
    assert len(set(_NAMES + _EQUATIONS)) == len(_NAMES) + len(_EQUATIONS)


@pytest.mark.parametrize("row", _NAMES)
def test_a_name_is_written(row: str) -> None:
    name, tex = row.split(" = ")
    found = latex(name)
    assert found is not None
    assert parses(found)
    assert plain(found) == plain(tex)


@pytest.mark.parametrize("row", _EQUATIONS)
def test_node_and_edge_are_written(row: str) -> None:
    """One formula one way: the edge has the node's own habits."""
    text, by, right, slope = row.split(" ; ")
    inputs = set(re.findall(r"[A-Za-z_]\w*", text)) - _KNOWN - {"y"}
    values = {name: 0.3 + 0.1 * k for k, name in enumerate(sorted(inputs))}
    flow = FlowGraph(equations(text, **values)["y"])
    edge = next(e for e in flow.edges if e.source.name == by)
    assert plain(symbols.equation(flow, "y") or "") == plain(f"y = {right}")
    assert plain(symbols.partial(flow, edge) or "") == plain(slope)


# --- which variables there are ------------------------------------------------------------------------


def derived(text: str, wrt: str | None = None) -> str:
    return viz.derive(FlowGraph(list(equations(text).values())[-1]), wrt=wrt).text()


def test_two_digits_are_two_indices_and_no_range():
    text = "w_11 = 0.1\nw_12 = -0.2\nw_21 = 0.4\nw_22 = 0.3\ny = w_11*w_12*w_21*w_22"
    said = derived(text)
    assert "w_11 = 0.1\nw_12 = -0.2\nw_21 = 0.4\nw_22 = 0.3\n" in said
    assert "…" not in said.split("First")[0]


def test_a_family_that_counts_to_twelve_has_numbers_of_two_digits():
    lines = [f"h_{k} = tanh(h_{k - 1} + 1)" for k in range(1, 13)]
    said = derived("\n".join(["h_0 = 0.5", *lines, "y = h_12"]))
    assert "(t = 1, …, 12)" in said


def test_the_index_is_a_letter_that_the_graph_does_not_use():
    """Neither a variable's, nor an index', nor a constant's."""
    said = derived(
        "t: constant = 2\nx_1 = 0.1\nx_2 = 0.2\nk = 0.7\nb_n = 1.5\ny = x_1**2 + x_2**2 + k*t + b_n"
    )
    assert "x_i = 0.1, 0.2   (i = 1, 2)" in said.replace("  (i", "   (i").replace("    (", "   (")


def test_the_index_of_a_sum_at_a_cut_is_free_too():
    i = Value(0.5, name="i")
    h = [(i * k).named(f"h_{k}") for k in (1, 2)]
    picture = viz.draw(FlowGraph((h[0] * h[1]).named("y")), cut=h)
    caption = "".join(t.source for block in picture.scene.captions for t in block.texts)
    assert r"\dfrac{dy}{dh_k}" in caption
    assert "h_i" not in caption


INPUTS = "x_10 = 3\nx_2 = 2\nx_1: constant = 0.25\nt: constant = 1\nw_2 = 5\nw_1 = 4\n"


def test_inputs_stand_in_the_order_of_their_index():
    flow = FlowGraph(equations(f"{INPUTS}y = w_1*x_1 + w_2*x_2 - t + x_10")["y"])
    rows = [line.split(" = ")[0].strip() for line in viz.draw(flow).text().splitlines()[1:6]]
    assert rows == ["x_10", "x_2", "w_1", "w_2", "y"]
    for layout in ("layered", "auto"):
        bubbles = viz.draw(flow, layout=layout).scene.bubbles
        height = {b.texts[0].source: b.box.center.y for b in bubbles}
        assert height["w_{1}"] > height["w_{2}"]
    assert viz.table(flow).index("w_1 ") < viz.table(flow).index("w_2 ")
    assert derived(f"{INPUTS}y = w_1*x_1 + w_2*x_2 - t + x_10").index("dy/dw_1") > 0


def test_constants_show_their_numbers():
    flow = FlowGraph(equations(f"{INPUTS}y = w_1*x_1 + w_2*x_2 - t + x_10")["y"])
    picture = viz.draw(flow)
    caption = "".join(t.source for block in picture.scene.captions for t in block.texts)
    assert "x_{1}=0.25, t=1" in caption
    assert "constant: x_1 = 0.25, t = 1" in picture.text()
    assert "constant: x_1 = 0.25, t = 1" in viz.table(flow)
    assert "x_k = 0.25, 2   (k = 1, 2)\nt = 1\n" in viz.derive(flow).text()
    assert "Constant: x_1 = 0.25, t = 1." in viz.step(flow).html()
    assert "constant" not in viz.draw(flow, style="structure").scene.captions


def test_integers_and_decimals_are_written_alike_in_nodes_and_on_edges():
    flow = FlowGraph(equations("x = 2\ny = 0.5*x + x**2/3")["y"])
    picture = viz.draw(flow)
    shown = [t.source for b in picture.scene.bubbles for t in b.texts]
    edge = [t.source for block in picture.scene.labels for t in block.texts]
    assert "2" in shown
    assert "= 1.833" in edge
    assert symbols.partial(flow, flow.edges[0]) == r"0.5 + \frac{2 x}{3}"


# --- the sigmoid, and its author ---------------------------------------------------------------------


def test_the_sigmoid_is_sigma_in_text_too_and_whatever_its_author_says():
    phi = replace(RULES["sigmoid"], latex=r"\phi({0})")
    lines = equations("y = phi(2*x)", functions={"phi": phi}, x=0.3)
    flow = FlowGraph(lines["y"])
    assert symbols.equation(flow, "y") == r"y = \phi(2 x)"
    assert symbols.equation(flow, "y", TEXT) == "y = φ(2·x)"
    assert symbols.partial(flow, flow.edges[0]) == "2 y (1 - y)"
    assert "y = σ(x)" in derived("x = 0.3\ny = sigmoid(x)")
    assert "y = sigmoid(σ)" in derived("sigma = 0.3\ny = sigmoid(sigma)")


# --- spaces --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "thin"),
    [
        (r"t \log \hat{y}", 1), (r"(1 - t) \log(1 - \hat{y})", 1), (r"\mu \sin x \cos x", 2),
        (r"2 \tanh h_{1}", 1), (r"e^{-t/10} \cos(\omega t)", 1), (r"-\log x", 0), (r"a \cdot \log b", 0),
        (r"|\log x|", 0), (r"\frac{\cos x}{2}", 0), (r"a + \sin b", 0), (r"\left(\sin x\right)", 0),
        (r"\mathrm{if} \ \log x", 0),
    ],
)  # fmt: skip
def test_mathtext_sets_thin_spaces_where_tex_does(tex, thin):
    """TeX sets one between an ordinary or closing sign and a function; mathtext does not by itself."""
    assert mathtext(tex).count(r"\,") == thin
    width, bare = (measure(source, True, 100.0)[0] for source in (tex, tex.replace("log", "ln")))
    assert parses(tex)
    assert width >= bare or "log" not in tex


def test_a_thin_space_is_a_sixth_of_an_em_wide():
    apart = measure(r"t \log x", True, 60.0)[0]
    parts = measure("t", True, 60.0)[0] + measure(r"\log x", True, 60.0)[0]
    assert apart - parts == pytest.approx(10.0, abs=3.0)
