"""viz.draw: the lectures' numbers and formulas, exact cuts, odd graphs, light import."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, equations, example, sin, tanh
from autograd_lite.errors import CutError, NotAVariableError, PictureError
from tests.processes import PATIENCE
from viz.look import palette
from viz.scene.check import faults


def sources(picture: viz.Picture, part: str) -> list[str]:
    return [text.source for key, text in picture.scene.texts() if key.startswith(part)]


def test_the_example_says_the_lectures_numbers(example) -> None:
    picture = viz.draw(example.flow, cut=[example.h0, example.h1])
    assert faults(picture.scene) == []
    tags = sources(picture, "tag")
    assert tags == [
        r"\dfrac{d\hat{y}}{dx}=-0.622",
        r"\dfrac{d\hat{y}}{dh_{0}}=1.099",
        r"\dfrac{d\hat{y}}{dh_{1}}=0.794",
        r"\dfrac{d\hat{y}}{d\hat{y}}=1",
    ]
    (caption,) = sources(picture, "caption")
    assert caption.endswith(r"=1.099\cdot (-0.841) +0.794\cdot 0.382 =-0.622")


def test_every_number_on_an_arrow_is_the_engines(example) -> None:
    picture = viz.draw(example.flow)
    for k, edge in enumerate(example.flow.edges):
        assert f"{edge.partial:.3f}" in sources(picture, f"label-{k}")[-1]


def test_the_written_example_says_both_readings_of_its_gradient(written) -> None:
    cut = written.flow.cut(after=[written.u, written.v])
    picture = viz.draw(written.flow, cut=cut, wrt=[written.u, written.v])
    assert faults(picture.scene) == []
    du, dv, held = sources(picture, "caption")
    assert du.endswith(r"=0.14641 \quad(v\ \mathrm{following}\ u)")
    assert dv.endswith("=0.1331")
    assert held.endswith(r"=[0.1331,\;0.1331]")
    assert len(picture.scene.cuts[0].crossings) == 8
    assert {bubble.box.center.y for bubble in picture.scene.bubbles} == {
        picture.scene.bubbles[0].box.center.y
    }


def test_three_cuts_in_one_picture_in_three_colours(written) -> None:
    cuts = [written.flow.cut(after=[written.flow.variables[k]]) for k in (4, 1, 2)]
    scene = viz.draw(written.flow, cut=cuts, style="structure").scene
    assert faults(scene) == []
    assert [len(line.crossings) for line in scene.cuts] == [8, 9, 5]
    assert len({line.color for line in scene.cuts}) == 3


def test_the_same_cut_given_twice_is_one(written) -> None:
    u = written.flow.cut(after=["u"])
    both = [u, written.flow.cut(after=["u", "v"]), written.flow.cut(list(u.members)), u]
    assert len(viz.draw(written.flow, cut=both).scene.cuts) == 2
    assert viz.draw(written.flow, cut=[u, u]).text() == viz.draw(written.flow, cut=u).text()


def colors_in_dot(picture: viz.Picture) -> dict[tuple[int, int], str]:
    """The colour of each arrow, by the numbers of its ends."""
    found = re.findall(r'n(\d) -> n(\d) \[.*color="(#\w+)"\]', picture.dot())
    return {(int(a), int(b)): color for a, b, color in found}


def test_an_arrow_that_two_cuts_cross_has_the_first_ones_colour_in_dot(written) -> None:
    """The written example at its cuts after u and after u, v: each arrow from u crosses both."""
    near, far = (written.flow.cut(after=names) for names in (["u"], ["u", "v"]))
    arrows = [(a, b) for a in range(5) for b in range(a + 1, 6)]
    first, second = palette.cut_color(0), palette.cut_color(1)
    assert colors_in_dot(viz.draw(written.flow, cut=[far, near])) == {
        (a, b): {0: first, 1: second}.get(a, palette.EDGE) for a, b in arrows
    }
    assert colors_in_dot(viz.draw(written.flow, cut=far)) == {
        (a, b): first if a < 2 <= b else palette.EDGE for a, b in arrows
    }


def test_the_sums_at_a_cut_have_its_colour(written) -> None:
    cuts = [written.flow.cut(after=names) for names in (["u"], ["u", "v"])]
    captions = viz.draw(written.flow, cut=cuts, wrt=["u"]).scene.captions
    assert [{text.color for text in caption.texts} for caption in captions] == [
        {palette.cut_color(0)}, {palette.cut_color(1)},
    ]  # fmt: skip


def captions(picture: viz.Picture) -> list[str]:
    return ["".join(text.source for text in part.texts) for part in picture.scene.captions]


def test_a_sum_runs_over_members_by_name_unless_all_are_of_one_family(example) -> None:
    (mixed,) = captions(viz.draw(example.flow, cut=["h_1", r"\hat{y}"], wrt="x"))
    assert r"\sum_{j\in\{h_{1},\hat{y}\}}\;\dfrac{d\hat{y}}{dj}" in mixed
    (family,) = captions(viz.draw(example.flow, cut=["h_0", "h_1"], wrt="x"))
    assert r"\sum_{\mathrm{cut}}\;\dfrac{d\hat{y}}{dh_i}" in family
    x = Value(2.0, name="x")
    h, h1 = (x * x).named("h"), (3 * x).named("h_1")
    assert r"j\in\{h,h_{1}\}" in captions(viz.draw((h * h1).named("y"), cut=[h, h1]))[0]


def test_by_default_the_sums_are_by_three_inputs_in_front_of_the_cut_or_one_of_several_cuts() -> (
    None
):
    late = [Value(2.0, name=name) for name in "abc"]
    x = Value(3.0, name="x")
    y = math.prod(late, start=(x * x).named("h")).named("y")
    flow = FlowGraph(y)
    (caption,) = captions(viz.draw(flow, cut=flow.cut(after=["x"])))
    assert caption.startswith(r"\dfrac{dy}{dx} =")
    early = [Value(2.0, name=name) for name in "abcd"]
    flow = FlowGraph((math.prod(early).named("h") * 3.0).named("y"))
    cut = flow.cut(["h"])
    assert [c.split(" ")[0] for c in captions(viz.draw(flow, cut=cut))] == [
        *(rf"\dfrac{{dy}}{{d{name}}}" for name in "abc"),
    ]  # fmt: skip
    both = captions(viz.draw(flow, cut=[cut, flow.cut(["y"])]))
    assert [c.split(" ")[0] for c in both] == [r"\dfrac{dy}{da}"] * 2


def test_more_than_three_that_follow_are_others(written) -> None:
    def ends(after: str) -> str:
        cut = written.flow.cut(after=list(after))
        return captions(viz.draw(written.flow, cut=cut, wrt="u"))[0].partition(r" \quad")[2]

    assert ends("u") == ""
    assert ends("uvw") == r"(v,\,w\ \mathrm{following}\ u)"
    assert ends("uvwxy") == r"(\mathrm{others}\ \mathrm{following}\ u)"


def test_a_gradient_with_the_others_held_stands_only_where_that_makes_a_difference() -> None:
    x, z = Value(2.0, name="x"), Value(3.0, name="z")
    h, g = (x * x).named("h"), (3 * z).named("g")
    assert len(captions(viz.draw((h * g).named("y"), cut=[h, g], wrt=[x, z]))) == 2


def test_there_is_a_sum_only_for_what_lies_in_front_of_the_cut(example) -> None:
    picture = viz.draw(example.flow, cut=["h_0", "h_1"], wrt=["x", "h_1"])
    assert len(picture.scene.captions) == 1
    assert picture.text().count(" = 1.09937·") == 1


def test_a_number_under_a_formula_is_what_the_formula_equals(example) -> None:
    assert sources(viz.draw(example.flow), "label-0") == [
        r"\dfrac{\partial h_{0}}{\partial x}=-\sin x", "= -0.841",
    ]  # fmt: skip
    numbers = viz.draw(example.flow, style=viz.Style(formulas=False))
    assert sources(numbers, "label-0") == ["-0.841"]


def test_each_arrow_leaves_room_for_its_own_label(example) -> None:
    scene = viz.draw(example.flow).scene
    labels = {label.key.replace("label", "edge"): label for label in scene.labels}
    for arrow in scene.arrows:
        seen = [part.at(k / 50) for piece in arrow.pieces for part in piece for k in range(51)]
        whole = [part.at(k / 50) for part in arrow.curve for k in range(51)]
        boxes = [text.box for text in labels[arrow.key].texts]
        assert any(box.contains(p) for box in boxes for p in whole), "it lies on its line"
        assert not any(box.contains(p) for box in boxes for p in seen)


def fan(count: int) -> list[Value]:
    """Multiples of one variable, and their sum at the end."""
    x = Value(1.0, name="x")
    names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"][:count]
    made = [(float(k) * x).named(name) for k, name in enumerate(names, 2)]
    return [*made, sum((0.123 * h for h in made[1:]), made[0]).named("y")]


def test_a_sum_that_is_too_wide_for_the_picture_is_wrapped() -> None:
    *made, y = fan(8)
    scene = viz.draw(y, cut=[h.name for h in made]).scene
    (caption,) = scene.captions
    assert len(caption.texts) > 1
    assert max(text.box.width for text in caption.texts) < scene.width < 500


def test_an_equation_that_is_too_wide_for_its_bubble_is_broken_before_a_sign() -> None:
    scene = viz.draw(fan(5)[-1]).scene
    rows = [text.source for text in scene.bubbles[-1].texts]
    assert rows[0].startswith(r"y = \alpha + ")
    assert len(rows) > 2, "a number, and at least two rows above it"
    assert all(row.startswith("+ ") for row in rows[1:-1])
    assert scene.bubbles[-1].box.width < 250


def test_in_text_a_cut_is_after_what_it_leaves_at_what_its_arrows_end_in(example, written) -> None:
    cut = written.flow.cut(after=["u", "v"])
    assert "\ncut after u, v, at w, x, y, z\n" in viz.draw(written.flow, cut=cut).text()
    assert "\ncut after x, at h_0, h_1\n" in viz.draw(example.flow, cut=["h_0", "h_1"]).text()


def test_a_parameter_is_a_box_and_any_other_variable_is_round() -> None:
    x, w = (Tensor([1.0], requires_grad=True, name=name) for name in "xw")
    w.scope = "net"
    picture = viz.draw((w * x).sum().named("y"))
    assert [bubble.round for bubble in picture.scene.bubbles] == [True, False, True]
    assert re.findall(r"^  n\d .*shape=(\w+)", picture.dot(), re.M) == ["ellipse", "box", "ellipse"]
    assert re.findall(r"\\node\[flow/(\w+), (\w+),", picture.tex()) == [
        ("input", "ellipse"), ("parameter", "rectangle"), ("output", "ellipse"),
    ]  # fmt: skip


def test_every_cut_of_every_variable_is_exact(example, written) -> None:
    for case in (example, written):
        for cut in case.flow.cuts():
            for layout in ("auto", "layered"):
                picture = viz.draw(case.flow, cut=cut, layout=layout)
                assert faults(picture.scene) == []
                assert len(picture.scene.cuts[0].crossings) == len(cut.edges)


def test_a_cut_alone_draws_its_flow_graph(example) -> None:
    picture = viz.draw(example.flow.cut([example.h0, example.h1]))
    assert len(picture.scene.cuts) == 1


def test_cuts_that_cross_are_refused_by_name() -> None:
    a, b = Value(1.0, name="a"), Value(2.0, name="b")
    c, d = (2 * a).named("c"), (3 * b).named("d")
    flow = FlowGraph((c * d).named("y"))
    where = "a lies before the first line only and b before the second only"
    with pytest.raises(PictureError, match=where):
        viz.draw(flow, cut=[flow.cut(after=[a]), flow.cut(after=[b])])


def test_bad_requests_say_what_to_write(example) -> None:
    with pytest.raises(PictureError, match="give a FlowGraph"):
        viz.draw(3.0)  # type: ignore[arg-type]
    with pytest.raises(PictureError, match="did you mean 'values'"):
        viz.draw(example.flow, style="value")
    with pytest.raises(CutError):
        viz.draw(example.flow, cut=[example.h0])
    with pytest.raises(NotAVariableError, match="did you mean"):
        viz.draw(example.flow, wrt="h0")
    other = FlowGraph((2 * Value(1.0, name="a")).named("b"))
    with pytest.raises(PictureError, match="another flow graph"):
        viz.draw(example.flow, cut=[other.cut(["b"])])


def test_styles_leave_out_what_they_say(example) -> None:
    structure = viz.draw(example.flow, style="structure")
    assert sources(structure, "label") == sources(structure, "tag") == []
    assert sources(structure, "node") == ["x", "h_{0}", "h_{1}", r"\hat{y}"]
    values = viz.draw(example.flow, style="values")
    assert "0.540" in sources(values, "node")
    assert sources(values, "tag") == sources(values, "label") == []
    four = viz.draw(example.flow, style=viz.Style(digits=4))
    assert r"\dfrac{d\hat{y}}{dh_{0}}=1.0994" in sources(four, "tag")


def test_odd_graphs_are_drawn() -> None:
    alone = Value(1.0)
    x, stranger = Value(2.0, name="x"), Value(3.0, name="s")
    square = (x * x).named("y")
    nan = (Value(float("nan"), name="n") * 2).named("m")
    for graph in (
        alone,
        Value(1.0, name="x"),
        FlowGraph(square, variables=[]),
        FlowGraph(square, variables=[stranger, x]),
        square,
        nan,
        (Value(1e300, name="a") * 1e-300).named("b"),
    ):
        assert faults(viz.draw(graph).scene) == []


def test_a_repeated_operand_is_one_arrow_with_the_whole_partial() -> None:
    x = Value(3.0, name="x")
    picture = viz.draw((x * x).named("y"))
    assert len(picture.scene.arrows) == 1
    assert sources(picture, "label")[-1].endswith("6")


@pytest.mark.parametrize("name", ["_", "a_", "h__0", r"\hat{h_0}"])
def test_the_sum_at_a_cut_takes_names_without_a_subscript_to_index(name: str) -> None:
    x = Value(1.0, name="x")
    h = (x * x).named(name)
    assert faults(viz.draw(FlowGraph((h * h).named("z")), cut=[h]).scene) == []


def test_hostile_names_are_drawn_as_text(hostile: str) -> None:
    picture = viz.draw((Value(2.0, name=hostile) * 2).named("y"))
    assert faults(picture.scene) == []
    assert picture.png().startswith(b"\x89PNG")


def test_two_hundred_variables_fold_with_a_note_and_stay_complete_as_text() -> None:
    nodes = [Value(0.5, name="v_0")]
    for k in range(1, 200):
        nodes.append((sin(nodes[-1]) + 0.1 * nodes[max(0, k - 7)]).named(f"v_{k}"))
    flow = FlowGraph(nodes[-1])
    cut = flow.cuts()[100]
    picture = viz.draw(flow, cut=cut)
    assert faults(picture.scene) == []
    assert len(picture.scene.bubbles) <= 40
    assert len(picture.scene.cuts[0].crossings) >= 1
    (note,) = [s for s in sources(picture, "caption") if "variables are drawn" in s]
    assert "of 200 variables" in note
    assert len(picture.listing.variables) == 200
    assert picture.dot().count(" -> ") == len(flow.edges)


def test_folded_arrows_carry_the_partials_of_what_is_shown() -> None:
    nodes = [Value(0.5, name="v_0")]
    for k in range(1, 60):
        nodes.append(sin(nodes[-1]).named(f"v_{k}"))
    picture = viz.draw(nodes[-1], style=viz.Style(max_variables=5, digits=5))
    shown = [int(s[3:-1]) for s in sources(picture, "node") if s.startswith("v_")]
    data = [float(node.data) for node in nodes]
    for k, (a, b) in enumerate(pairwise(shown)):
        chain = np.prod(np.cos(data[a:b]))
        assert float(sources(picture, f"label-{k}")[-1].lstrip("= ")) == pytest.approx(
            chain, abs=1e-5
        )


def powers(count: int) -> list[Value]:
    """v_k = c·v_{k-1}."""
    c, nodes = Value(1.1, name="c"), [Value(0.5, name="v_0")]
    for k in range(1, count):
        nodes.append((c * nodes[-1]).named(f"v_{k}"))
    return nodes


def test_the_note_names_five_of_the_variables_folded_away_and_counts_them_all() -> None:
    nodes = powers(12)
    picture = viz.draw(nodes[-1], style=viz.Style(max_variables=5))
    drawn = {s.replace("{", "").replace("}", "") for s in sources(picture, "node")}
    folded = [name for name in ["c", *(v.name for v in nodes)] if name not in drawn]
    assert len(folded) == 8
    (note,) = sources(picture, "caption")
    away = f"the others folded away: {', '.join(folded[:5])} and 3 more;"
    assert note == f"5 of 13 variables are drawn, {away} .text() and .dot() have all"
    (note,) = sources(viz.draw(powers(7)[-1], style=viz.Style(max_variables=5)), "caption")
    assert " more" not in note


def test_both_sides_of_a_cut_stay_when_variables_are_folded() -> None:
    nodes = powers(60)
    flow = FlowGraph(nodes[-1])
    cut = flow.cut(after=["c", *(v.name for v in nodes[:32])])
    picture = viz.draw(flow, cut=cut, style=viz.Style(max_variables=6))
    assert {"v_{31}", "v_{32}"} <= set(sources(picture, "node"))


def test_the_variables_that_stay_on_a_sheet_are_spread_evenly() -> None:
    """No two gaps between them differ by more than one."""
    picture = viz.draw(powers(24)[-1], style=viz.Style(max_variables=9))
    drawn = re.findall(r"v_\{(\d+)\}", " ".join(b.texts[0].source for b in picture.scene.bubbles))
    places = sorted({int(k) for k in drawn})
    gaps = [b - a for a, b in pairwise(places)]
    assert len(places) == 8
    assert max(gaps) - min(gaps) <= 1


def test_a_folded_arrow_has_its_number_alone() -> None:
    picture = viz.draw(powers(8)[-1], style=viz.Style(max_variables=5))
    assert all(len(sources(picture, f"label-{k}")) == 1 for k in range(len(picture.scene.arrows)))
    assert len(sources(viz.draw(powers(8)[-1]), "label-0")) == 2


def test_a_derivative_that_is_a_number_is_written_once() -> None:
    assert sources(viz.draw((2 * Value(3.0, name="x")).named("y")), "label") == ["2"]


def test_a_variable_that_is_asked_for_is_drawn_as_an_input(example) -> None:
    roles = [bubble.role for bubble in viz.draw(example.flow, wrt=["h_0"]).scene.bubbles]
    assert roles == ["input", "input", "inner", "output"]
    assert [bubble.role for bubble in viz.draw(example.flow).scene.bubbles][1] == "inner"


def test_a_name_that_cannot_be_typeset_stands_beside_the_symbol_of_the_formulas() -> None:
    picture = viz.draw((Value(2.0, name="日本") * 2).named("y"))
    (number, equation) = (s for s in sources(picture, "node") if "v_{1}" in s)
    assert number == "v_{1}=2"
    assert equation == r"y = v_{1} \cdot 2"


def test_beyond_a_thousand_arrows_the_text_says_that_their_derivatives_are_left_out() -> None:
    def text(count: int) -> str:
        x = Value(1.0, name="x")
        return viz.draw(sum((x * 1.0).named(f"h_{k}") for k in range(count)).named("y")).text()

    note = "partial derivatives are left out above 1000 arrows; flow.partial(b, a) gives one"
    assert text(501).endswith(f"{note}\n")
    assert "∂h_0/∂x" not in text(501)
    assert note not in text(500)
    assert "∂h_0/∂x = 1\n" in text(500)


def test_a_large_jacobian_is_told_by_its_shape_target_first() -> None:
    x = Tensor(np.ones((100, 2)), requires_grad=True, name="x")
    labels = sources(viz.draw((x @ np.ones((2, 50))).named("y")), "label")
    assert labels == [r"100{\times}50{\times}100{\times}2"]


def test_tensors_show_shape_and_norm() -> None:
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(5, 3)), requires_grad=True, name="x")
    w = Tensor(rng.normal(size=(3, 4)), requires_grad=True, name="W")
    h = tanh(x @ w).named("h")
    loss = (h * h).sum().named("L")
    picture = viz.draw(FlowGraph(loss), cut=[h], wrt=[w])
    assert faults(picture.scene) == []
    norm = np.linalg.norm(h.numpy())
    assert rf"5{{\times}}4,\;\Vert h\Vert={norm:.3f}" in sources(picture, "node")
    big = Tensor(np.ones((100, 100)), requires_grad=True, name="B")
    label = sources(viz.draw((big @ big).named("C")), "label")
    assert label == [r"100{\times}100{\times}100{\times}100"]


def test_a_hundred_thousand_variables_have_their_text() -> None:
    node = Value(0.5, name="v_0")
    for k in range(1, 100_000):
        node = (node * 1.0).named(f"v_{k}")
    picture = viz.draw(node)
    assert picture.text().count("\n") > 200_000
    assert picture.dot().count("->") == 99_999


def test_importing_viz_loads_nothing_heavy() -> None:
    code = "import viz, sys; sys.exit(any(m in sys.modules for m in ('matplotlib', 'sympy')))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)


def test_the_public_names_are_what_is_exported() -> None:
    assert set(viz.__all__) <= set(dir(viz))


@pytest.mark.parametrize("engine", ["with dot", "without dot"])
def test_the_shipped_written_example_lies_on_one_line_and_its_constants_stay_in_the_equations(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "without dot":
        monkeypatch.setenv("PATH", "")
    flow = FlowGraph(equations(example("written_example"))["z"])
    scene = viz.draw(flow, cut=flow.cut(after=["u", "v"]), wrt=["u", "v"]).scene
    middles = [(bubble.box.bottom + bubble.box.top) / 2 for bubble in scene.bubbles]
    assert len(middles) == 6  # u, v, w, x, y, z: no bubble for an ε
    assert max(middles) - min(middles) < 1.0
    drawn = "".join(text.source for bubble in scene.bubbles for text in bubble.texts)
    assert r"\epsilon_{w}" in drawn or r"\epsilon_w" in drawn


@pytest.mark.parametrize(
    "wrong",
    [
        {"digits": -1},
        {"digits": 99},
        {"digits": 2.5},
        {"max_variables": 0},
        {"max_variables": math.nan},
    ],
)
def test_a_style_out_of_range_is_refused(wrong):
    with pytest.raises(PictureError, match="is a whole number from"):
        viz.Style(**wrong)
