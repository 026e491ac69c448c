"""The sum at a cut has the same terms wherever it is written: table, caption, text, derivation."""

from __future__ import annotations

import re

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, cos, sin


def _table_sum(flow: FlowGraph, cut: list[str], wrt: str) -> str:
    (line,) = re.findall(r"^    (d\S+ = .*)$", viz.table(flow, cut=cut, wrt=wrt), re.MULTILINE)
    return line


def test_a_member_that_x_does_not_move_has_no_term():
    x, z = Value(2.0, name="x"), Value(3.0, name="z")
    a, b = (x * x).named("a"), (z * z).named("b")
    flow = FlowGraph((a * b).named("y"))
    assert _table_sum(flow, ["a", "b"], "x") == "dy/dx = dy/da·∂a/∂x = 9·4 = 36"
    picture = viz.draw(flow, cut=["a", "b"], wrt="x")
    assert picture.text().splitlines()[-1] == "dy/dx = 9·4 = 36"
    assert r"\sum" not in picture.scene.captions[0].texts[0].source
    assert (
        "dy/dx = dy/da·∂a/∂x = b·2·x = 9·4 = 36\n" in viz.derive(flow, "x", cut=["a", "b"]).text()
    )


def test_a_term_that_is_zero_at_this_point_alone_stays():
    """∂a/∂x = 2x is 0 at 0, but dy/dx = dy/db·∂b/∂x would be no rule."""
    x = Value(0.0, name="x")
    a, b = (x * x).named("a"), sin(x).named("b")
    flow = FlowGraph((a + b).named("y"))
    assert _table_sum(flow, ["a", "b"], "x") == "dy/dx = dy/da·∂a/∂x + dy/db·∂b/∂x = 1·0 + 1·1 = 1"
    assert viz.draw(flow, cut=["a", "b"], wrt="x").text().endswith("dy/dx = 1·0 + 1·1 = 1\n")
    assert "dy/db·∂b/∂x + dy/da·∂a/∂x" in viz.derive(flow, "x", cut=["a", "b"]).text()


def test_a_variable_that_moves_no_member_has_one_term_which_is_zero():
    x, u = Value(2.0, name="x"), Value(3.0, name="u")
    h, g = (x * x).named("h"), (3 * x).named("g")
    flow = FlowGraph((h * g).named("y"), variables=[x, u, h, g])
    assert _table_sum(flow, ["h", "g"], "u") == "dy/du = dy/dh·∂h/∂u = 6·0 = 0"
    assert viz.draw(flow, cut=["h", "g"], wrt="u").text().endswith("\ndy/du = 6·0 = 0\n")


@pytest.mark.parametrize("count", [6, 7, 8, 9, 20])
def test_of_many_terms_everybody_writes_the_first_and_the_last(count):
    """All of eight; of more the first four and the last two."""
    x = Value(0.5, name="x")
    members = [sin(x * k).named(f"h_{k}") for k in range(1, count + 1)]
    flow = FlowGraph((sum(members, Value(0.0))).named("y"))
    names = [f"h_{k}" for k in range(1, count + 1)]
    shown = names if count <= 8 else [*names[:4], "…", *names[-2:]]
    terms = [n if n == "…" else f"dy/d{n}·∂{n}/∂x" for n in shown]
    symbols, numbers = _table_sum(flow, names, "x").split(" = ")[1:3]
    assert symbols.split(" + ") == terms
    slopes = [k * np.cos(0.5 * k) for k in range(1, count + 1)]
    for term, name in zip(numbers.split(" + "), shown, strict=True):
        if name != "…":
            factor = term.removeprefix("1·").strip("()")
            assert float(factor) == pytest.approx(slopes[int(name[2:]) - 1], rel=1e-5)
    picture = viz.draw(flow, cut=names, wrt="x")
    assert f" = {numbers} = " in picture.text()
    caption = " ".join(text.source for text in picture.scene.captions[0].texts)
    assert caption.count(r"\cdot ") == len(shown) - ("…" in shown)
    assert (r"\cdots" in caption) == ("…" in shown)


def test_of_arrays_too_large_to_look_at_the_sum_stands_in_symbols():
    Z = Tensor(np.ones((70, 70)), requires_grad=True, name="Z")
    flow = FlowGraph((Z * Z).named("Q"))
    assert _table_sum(flow, ["Q"], "Z") == "dQ/dZ = dQ/dQ·∂Q/∂Z = 70×70×70×70"
    assert viz.draw(flow, cut=["Q"], wrt="Z").text().endswith("sum over 1 member of the cut\n")


def test_a_sum_of_arrays_is_said_without_products():
    W = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, name="W")
    h = cos(W).named("H")
    flow = FlowGraph(h.sum().named("L"))
    assert _table_sum(flow, ["H"], "W").startswith("dL/dW = dL/dH·∂H/∂W = 2×2, norm ")


def test_the_caption_of_a_cut_writes_its_totals_with_d_and_its_partials_with_a_round_one() -> None:
    """Third lecture: dy/dx = Σ (dy/dh_i)(∂h_i/∂x)."""
    x = Value(1.0, name="x")
    h_0, h_1 = sin(x).named("h_0"), cos(x).named("h_1")
    flow = FlowGraph((h_0 * h_1).named("y"))
    caption = viz.draw(flow, cut=flow.cut([h_0, h_1]), wrt=x).scene.captions[0]
    written = " ".join(text.source for text in caption.texts).replace(" ", "")
    assert r"\dfrac{dy}{dx}" in written
    assert r"\dfrac{dy}{dh_i}\,\dfrac{\partialh_i}{\partialx}" in written
