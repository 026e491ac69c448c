"""Levels, modules collapsed and opened, copies, held constants, heat maps and styles by node."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, scope, sin
from autograd_lite import functions as f
from autograd_lite.errors import PictureError
from autograd_lite.tape import Tape
from tests.work import calls_of
from viz.choose import levels
from viz.choose.sheet import sheet
from viz.look import heat as heating
from viz.scene.check import faults


def sources(picture: viz.Picture, part: str) -> list[str]:
    """All type on a kind of part ("tag"), or on one part ("tag-3")."""
    found = picture.scene.texts()
    return [text.source for key, text in found if part in (key, key.partition("-")[0])]


def leaf(data, name: str | None = None) -> Tensor:
    return Tensor(np.asarray(data, dtype=float), requires_grad=True, name=name)


def parameter(data, name: str, owner: str) -> Tensor:
    made = leaf(data, name)
    made.scope = owner
    return made


def layer(x: Tensor, name: str, width: int = 3, activation=f.tanh) -> Tensor:
    """A dense layer in a scope, with a weight that belongs to it."""
    W = parameter(np.full((width, x.shape[-1]), 0.3), "W", f"net.{name}")
    with scope("net"), scope(name):
        return activation(f.affine(x, W, np.zeros(width)))


def chain(count: int, **options) -> Tensor:
    x = leaf([[0.1, 0.2, 0.3]], "x")
    for number in range(count):
        x = layer(x, f"layers.{number}", **options)
    return f.sum(x * x).named("L")


# --- levels --------------------------------------------------------------------------------------


def test_variables_are_the_named_nodes_and_operations_are_all_of_them(example) -> None:
    variables = viz.draw(example.flow, level="variables")
    assert len(variables.scene.bubbles) == 4
    operations = viz.draw(example.flow, level="operations")
    assert len(operations.scene.bubbles) == sum(n.requires_grad for n in Tape(example.yhat).nodes)
    assert faults(operations.scene) == []


def test_every_operations_partial_is_the_engines(example) -> None:
    flow = levels.operations(example.yhat).flow
    picture = viz.draw(example.flow, level="operations")
    for k, edge in enumerate(flow.edges):
        shown = float(sources(picture, f"label-{k}")[-1].lstrip("= "))
        assert shown == pytest.approx(edge.partial, abs=5e-4)
        # the limit uses no derivative: an independent reference
        held = [v for v in flow.variables if v not in (edge.source, edge.target)]
        assert edge.partial == pytest.approx(flow.limit(edge.target, edge.source, held), abs=1e-6)


def test_unknown_levels_and_modules_are_named_with_the_nearest_known(example) -> None:
    with pytest.raises(PictureError, match="did you mean 'modules'"):
        viz.draw(example.flow, level="module")  # type: ignore[arg-type]
    with pytest.raises(PictureError, match="no node of this graph was made by a module"):
        viz.draw(example.flow, level="modules")
    with pytest.raises(PictureError, match="did you mean 'net.layers'"):
        viz.draw(chain(2), level="modules", opened={"layer"})
    with pytest.raises(PictureError, match='write level="modules"'):
        viz.draw(chain(2), level="variables", opened={"net"})


def test_a_budget_chooses_the_modules_and_says_so() -> None:
    x = leaf([[0.5]], "x")
    for number in range(30):
        x = layer(x, f"block{number % 2}", width=1, activation=f.tanh if number % 3 else f.sin)
        x.named(f"h_{number}")
    picture = viz.draw(f.sum(x).named("L"))
    (note,) = sources(picture, "caption")
    assert note.startswith("drawn by module, since 62 variables are too many for a sheet")
    assert {b.role for b in picture.scene.bubbles} == {"input", "module", "output"}
    plain = viz.draw(f.sum(x).named("L"), level="variables")
    assert "of 62 variables are drawn" in sources(plain, "caption")[-1]


def test_a_graph_without_names_is_drawn_operation_by_operation() -> None:
    x = Value(2.0)
    picture = viz.draw(x * x + sin(x))
    assert len(picture.scene.bubbles) == 4
    assert "since no other variable has a name" in sources(picture, "caption")[-1]
    # but variables that somebody chose stay chosen
    assert len(viz.draw(FlowGraph(x * x, variables=[])).scene.bubbles) == 1


def collapsed(layers: int) -> Any:
    values = [Value(0.1 * k, name=f"x_{k}") for k in range(8)]
    for number in range(layers):
        with scope(f"layer{number}"):
            values = [sum((0.1 * v for v in values), Value(0.1)).tanh() for _ in range(8)]
    loss = sum(values[1:], values[0]).named("L")
    return loss, viz.draw(loss, level="modules")


def test_five_thousand_nodes_collapse_in_work_that_grows_with_them() -> None:
    collapsed(2)  # matplotlib and its fonts are loaded
    _, some = calls_of(lambda: collapsed(20))
    (loss, picture), more = calls_of(lambda: collapsed(40))
    assert len(Tape(loss).nodes) > 5000
    assert more < 2.5 * some
    assert [b for b in picture.listing.variables if "×" in b] == ["layer0 … layer39  × 40"]


# --- modules -------------------------------------------------------------------------------------


def test_a_chain_of_modules_that_are_alike_is_one_bubble_with_its_count() -> None:
    picture = viz.draw(chain(5), level="modules", opened={"net.layers"})
    assert picture.listing.variables == ("x", "layers.0 … layers.4  × 5", "L")
    assert picture.listing.values[1] == "10 nodes"
    assert faults(picture.scene) == []


@pytest.mark.parametrize("change", ["shape", "operation", "tap", "skip"])
def test_what_is_not_alike_or_not_a_chain_is_not_merged(change: str) -> None:
    x = h = leaf([[0.1, 0.2, 0.3]], "x")
    tapped: list[Tensor] = []
    for number in range(4):
        width = 4 if change == "shape" and number == 2 else 3
        activation = f.sin if change == "operation" and number == 2 else f.tanh
        h = layer(h, f"layers.{number}", width, activation)
        if change == "skip" and number == 1:
            h = h + x  # a node in no module stands between
        tapped += [h] if change == "tap" and number == 1 else []
    loss = f.sum(h * h)
    loss = (loss + sum(map(f.sum, tapped), leaf(0.0, "z"))).named("L")
    names = viz.draw(loss, level="modules", opened={"net.layers"}).listing.variables
    assert "layers.0 … layers.3  × 4" not in names
    assert sum("layers" in name for name in names) == {"shape": 3, "operation": 3}.get(change, 2)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda x: f.softmax(x, axis=0), lambda x: f.softmax(x, axis=1)),
        (lambda x: x[np.array([0, 1, 2])], lambda x: x[np.array([0, 1])]),
    ],
    ids=["setting", "shape"],
)
def test_calls_with_other_settings_or_shapes_are_not_alike(first, second) -> None:
    h = leaf(np.eye(3), "x")
    for name, call in (("a", first), ("b", first), ("c", second)):
        with scope(name):
            h = call(h)
    names = viz.draw(f.sum(h).named("L"), level="modules").listing.variables
    assert names == ("x", "a … b  × 2", "c", "L")


def test_two_calls_of_one_module_stay_two_and_make_no_loop() -> None:
    W = parameter([[0.5]], "W", "cell")
    h = leaf([[0.1]], "h_0")
    for t in range(3):
        x = leaf([[1.0]], f"x_{t}")
        with scope("cell"):
            h = f.tanh(f.affine(h, W, np.zeros(1)) + x)
        h = h * 1.0
    picture = viz.draw(f.sum(h).named("L"), level="modules")
    assert picture.listing.variables.count("cell") == 3
    assert all(a < b for a, b, _ in picture.listing.arrows)


@pytest.mark.parametrize("seed", range(30))
def test_collapsing_random_graphs_makes_no_cycle_and_loses_no_node(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    nodes = [Value(1.0, name="a"), Value(2.0, name="b")]
    names = ["m", "m.p", "m.q", "n", None]
    for k in range(40):
        a, b = rng.choice(nodes), rng.choice(nodes[-6:])
        name = rng.choice(names)
        if name is None:
            nodes.append((a + b).named(f"v_{k}") if rng.random() < 0.5 else a * b)
        else:
            with scope(name):
                nodes.append(a * 0.5 + b)
    root = sum(nodes[-5:], nodes[0]).named("y")
    if not any(n.scope for n in Tape(root).nodes):
        return
    level = levels.modules(root)
    page = sheet(level, level.flow)
    assert all(arrow.source < arrow.target for arrow in page.arrows)
    inside = {n for n in Tape(root).operations if n.scope and not n.scope.startswith("m.none")}
    drawn = sum(b.module.nodes for b in page.bubbles if b.module)
    assert drawn <= len(inside)
    assert drawn + sum(b.module is None for b in page.bubbles) <= len(Tape(root).nodes)
    assert faults(viz.draw(root, level="modules", style="structure").scene) == []


def test_a_modules_tag_is_the_norm_of_the_total_of_all_that_leaves_it() -> None:
    x = Value(0.3, name="x")
    with scope("two"):
        a, b = sin(x), x * x
    y = (a * b + b).named("y")
    picture = viz.draw(y, level="modules")
    norm = np.hypot(FlowGraph(y).total(a), FlowGraph(y).total(b))
    (tag,) = sources(picture, "tag-1")
    assert float(tag.split("=")[-1]) == pytest.approx(norm, abs=5e-4)
    assert sources(picture, "label-1") == [r"\times 2"]


def test_one_operation_is_one_node_and_one_number_needs_no_count() -> None:
    x = Value(0.3, name="x")
    with scope("one"):
        h = x * x
    picture = viz.draw(sin(h).named("y"), level="modules")
    assert picture.listing.values[1] == "1 node"
    assert r"\mathrm{1\ node}" in sources(picture, "node-1")
    assert sources(picture, "label") == []
    assert r"\mathrm{2\ nodes}" in sources(viz.draw(chain(1), level="modules"), "node-1")


def test_an_arrow_to_a_module_says_the_shape_of_the_array_that_goes_in() -> None:
    assert sources(viz.draw(chain(2), level="modules"), "label") == [r"1{\times}3"] * 2


def test_an_opened_module_shows_its_variables_and_the_rest_stays_collapsed() -> None:
    x = leaf([[0.1, 0.2]], "x")
    with scope("net"):
        with scope("enc"):
            z = f.tanh(x).named("z")
        with scope("dec"):
            y = f.exp(f.sin(z))
    loss = f.sum(y).named("L")
    shut = viz.draw(loss, level="modules").listing.variables
    assert shut == ("x", "enc", "dec", "L")  # net holds everything, so it is opened
    assert viz.draw(loss, opened={"enc"}).listing.variables == ("x", "z", "dec", "L")
    opened = viz.draw(loss, opened={"net.dec"}).listing.variables
    assert len(opened) == 5  # no variable inside: both of its operations
    assert opened[:2] == ("x", "enc")


def test_a_weight_used_outside_of_its_module_is_drawn() -> None:
    x, W = leaf([[1.0, 2.0]], "x"), parameter([[0.5, 0.1]], "W", "enc")
    with scope("enc"):
        z = f.affine(x, W, np.zeros(1))
    y = f.matmul(z, W).named("y")
    names = viz.draw(f.sum(y).named("L"), level="modules").listing.variables
    assert "W" in names
    names = viz.draw(f.sum(z).named("L"), level="modules").listing.variables
    assert "W" not in names


def test_hostile_module_names_are_drawn_as_text(hostile: str) -> None:
    x = Value(0.3, name="x")
    with scope(hostile or "m"):
        h = sin(x)
    picture = viz.draw((h * h).named("y"), level="modules")
    assert faults(picture.scene) == []
    assert picture.svg().count("<svg") == 1


def test_a_cut_is_drawn_between_modules() -> None:
    loss = chain(3, activation=f.tanh)
    level = levels.modules(loss, opened={"net.layers"})
    picture = viz.draw(
        loss, level="modules", opened={"net.layers"}, cut=level.flow.cut(after=["x"])
    )
    assert faults(picture.scene) == []
    assert len(picture.scene.cuts[0].crossings) == 1


# --- fold ----------------------------------------------------------------------------------------


def test_folded_variables_leave_their_influence_in_the_arrows(example) -> None:
    cut = example.flow.cut(after=[example.x])
    picture = viz.draw(example.flow, fold=lambda v: v.name == "h_1", cut=cut)
    assert sources(picture, "node")[0] == "x"
    folded = FlowGraph(example.yhat, variables=[example.x, example.h0])
    shown = sorted(
        float(t[-1].lstrip("= ")) for k in range(3) if (t := sources(picture, f"label-{k}"))
    )
    assert shown == pytest.approx(sorted(e.partial for e in folded.edges), abs=5e-4)
    assert faults(picture.scene) == []


def test_the_output_cannot_be_folded_away(example) -> None:
    assert len(viz.draw(example.flow, fold=lambda v: True).scene.bubbles) == 1


# --- copies, constants ---------------------------------------------------------------------------


def shared_weight() -> tuple[Tensor, FlowGraph]:
    W, h = leaf([[0.5, -0.2], [0.1, 0.7]], "W"), leaf([[0.3, 0.4]], "h_0")
    for t in range(1, 4):
        h = f.tanh(f.matmul(h, W)).named(f"h_{t}")
    return W, FlowGraph(f.sum(h).named("L"))


def test_a_shared_leaf_is_drawn_once_for_each_use_and_the_parts_add_up() -> None:
    W, flow = shared_weight()
    picture = viz.draw(flow, style=viz.Style(copies=True, heat=False))
    assert faults(picture.scene) == []
    copies = [s for s in sources(picture, "node") if s.startswith("W^")]
    assert copies == ["W^{(1)}", "W^{(2)}", "W^{(3)}"]
    (caption,) = sources(picture, "caption")
    assert caption.startswith(r"\dfrac{dL}{dW} =\,\sum_{k=1}^{3}\;\dfrac{dL}{dW^{(k)}}")
    # the reference makes three weights of one, so that each total belongs to one use
    apart = [leaf(W.numpy(), f"W_{t}") for t in range(3)]
    h = leaf([[0.3, 0.4]])
    for weight in apart:
        h = f.tanh(f.matmul(h, weight))
    f.sum(h).backward()
    tags = [t for t in sources(picture, "tag") if "W^" in t]
    for tag, weight in zip(tags, apart, strict=True):
        assert float(tag.split("=")[-1]) == pytest.approx(np.linalg.norm(weight.grad), abs=5e-4)
    total = sum(weight.grad for weight in apart)
    assert np.allclose(flow.total(W), total, atol=1e-12)
    assert float(caption.split("=")[-1]) == pytest.approx(np.linalg.norm(total), abs=5e-4)


def test_copies_stand_on_the_side_where_they_are_used() -> None:
    _, flow = shared_weight()
    style = viz.Style(copies=True, heat=False)
    picture = viz.draw(flow, cut=flow.cut(after=["h_1"]), wrt="h_1", style=style)
    assert len(picture.scene.cuts[0].crossings) == 1
    by_weight = viz.draw(flow, cut=flow.cut(after=["h_1"]), wrt="W", style=style)
    assert len(by_weight.scene.cuts[0].crossings) == 3


def test_a_named_constant_array_is_drawn_as_held_and_has_no_derivative() -> None:
    mu = leaf([[0.5, 1.0]], "mu")
    eps = Tensor([[0.1, -0.3]], name="epsilon")
    z = (mu + leaf([[2.0, 3.0]]) * eps).named("z")
    picture = viz.draw(f.sum(z * z).named("L"))
    assert faults(picture.scene) == []
    (held,) = [b for b in picture.scene.bubbles if b.role == "held"]
    assert [t.source for t in held.texts][-1] == r"\mathrm{held}"
    number = held.key.split("-")[1]
    assert not [tag for tag in picture.scene.tags if tag.key == f"tag-{number}"]
    arrows = [a for a in picture.scene.arrows if a.source == held.key]
    assert [a.target for a in arrows] == [picture.scene.bubbles[2].key]
    assert "epsilon" not in [v.name for v in FlowGraph(z).variables]


def test_a_constant_has_no_total_that_a_backward_pass_could_leave() -> None:
    x, c = leaf([[0.5, 1.0]], "x"), Tensor([[0.1, -0.3]], name="c")
    picture = viz.draw(f.sum(x * c).named("L"), style=viz.Style(totals_from_grad=True))
    (held,) = [b.key for b in picture.scene.bubbles if b.role == "held"]
    assert len(picture.scene.tags) == 2
    assert held.replace("node", "tag") not in [tag.key for tag in picture.scene.tags]


def test_an_equation_speaks_only_of_what_the_picture_shows() -> None:
    x = Value(3.0, name="x")
    with scope("m"):
        h = x * x
    y = (h * 2).named("y")
    assert sources(viz.draw(y, level="modules"), "node-2") == ["y", "18"]
    assert sources(viz.draw(y, level="variables"), "node-1") == [r"y = x x \cdot 2", "18"]


def test_a_constant_number_stands_in_the_equations_only() -> None:
    eps = Value(0.3, name="eps").detach().named("eps")
    y = (Value(2.0, name="x") * eps).named("y")
    assert {b.role for b in viz.draw(y).scene.bubbles} == {"input", "output"}


# --- tensors -------------------------------------------------------------------------------------


def test_heat_maps_have_a_cell_for_each_number() -> None:
    data = np.arange(-6.0, 6.0).reshape(3, 4)
    x = leaf(data, "x")
    scene = viz.draw(f.sum(x * x).named("L")).scene
    (part,) = scene.heats
    assert np.allclose(part.heat.rows, data / 6.0)
    assert scene.bubbles[0].box.holds(part.box)
    assert viz.draw(f.sum(x * x).named("L"), style="structure").scene.heats == ()


def test_few_numbers_are_written_out() -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.5]], "x")
    picture = viz.draw(f.sum(x * x).named("L"))
    assert sources(picture, "node")[2:4] == [r"[1,\,2]", r"[3,\,4.5]"]
    assert picture.scene.heats == ()


def test_a_jacobian_is_a_heat_map_on_request() -> None:
    x = leaf([0.1, 0.2, 0.3, 0.4], "x")
    y = f.softmax(x).named("y")
    scene = viz.draw(f.sum(y * y).named("L"), style=viz.Style(jacobians=True)).scene
    assert faults(scene) == []
    (shown,) = [part for part in scene.heats if part.key == "jacobian-0"]
    p = y.numpy()
    jacobian = np.diag(p) - np.outer(p, p)
    assert np.allclose(shown.heat.rows, jacobian / np.abs(jacobian).max())
    (label,) = [label for label in scene.labels if label.key == "label-0"]
    assert label.box.holds(shown.box)


def test_a_jacobian_has_a_row_for_each_number_of_its_target() -> None:
    W = np.arange(20.0).reshape(5, 4)
    y = f.matmul(W, leaf([0.1, 0.2, 0.3, 0.4], "x")).named("y")
    scene = viz.draw(f.sum(y * y).named("L"), style=viz.Style(jacobians=True)).scene
    (shown,) = [part for part in scene.heats if part.key == "jacobian-0"]
    assert np.allclose(shown.heat.rows, W / 19)


def test_a_vector_is_one_row_of_its_heat_map() -> None:
    assert heating.heat([1.0, -2.0, 0.0, 4.0]).rows == ((0.25, -0.5, 0.0, 1.0),)


def test_orange_is_below_zero_and_blue_above_and_more_of_it_farther_out() -> None:
    def channels(x: float) -> tuple[int, ...]:
        return tuple(int(heating.color(x)[k : k + 2], 16) for k in (1, 3, 5))

    red, green, blue = channels(-1.0)
    assert red > green > blue
    red, green, blue = channels(1.0)
    assert red < green < blue
    for sign in (-1, 1):
        light = [sum(channels(sign * x)) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
        assert light == sorted(set(light), reverse=True)
        assert light[0] == 3 * 255


def test_numbers_that_are_not_finite_have_a_colour_of_their_own() -> None:
    made = heating.heat([[np.nan, np.inf, 1.0, -2.0]])
    assert made is not None
    assert [heating.color(x) for x in made.rows[0]][:2] == ["#1b2430"] * 2
    assert made.rows[0][2:] == (0.5, -1.0)
    assert heating.heat(np.zeros((2, 2, 2))) is heating.heat(np.zeros((0, 3))) is None
    assert heating.heat(np.zeros((1, 33))) is None


# --- styles --------------------------------------------------------------------------------------


def test_before_a_backward_pass_recorded_totals_are_a_dash_and_afterwards_numbers(example) -> None:
    style = viz.Style(totals_from_grad=True)
    assert all(
        tag.endswith(r"{-}\!\!{-}") for tag in sources(viz.draw(example.flow, style=style), "tag")
    )
    example.yhat.backward()
    tags = sources(viz.draw(example.flow, style=style), "tag")
    assert r"\dfrac{d\hat{y}}{dh_{0}}=1.099" in tags
    example.x.zero_grad()
    assert sources(viz.draw(example.flow, style=style), "tag-0")[0].endswith(r"{-}\!\!{-}")


def test_a_style_may_differ_from_node_to_node(example) -> None:
    bare = replace(viz.STRUCTURE, accent=True)
    picture = viz.draw(example.flow, style=lambda v: bare if v.name in ("x", "h_0") else None)
    assert [b.accent for b in picture.scene.bubbles] == [True, True, False, False]
    assert [a.width > 2 for a in picture.scene.arrows] == [True, False, False, False, False]
    both = viz.draw(example.flow, style=lambda v: bare if v.name in ("h_0", "h_1") else None)
    assert [a.width > 2 for a in both.scene.arrows] == [False, False, True, False, False]
    assert len(picture.scene.tags) == 2
    named = viz.draw(example.flow, style=viz.Style(total_symbol=r"\delta"))
    assert sources(named, "tag-1") == [r"\delta=\dfrac{d\hat{y}}{dh_{0}}=1.099"]
    hostile = viz.draw(example.flow, style=viz.Style(total_symbol=r"$\input{x}"))
    assert sources(hostile, "tag-1") == [r"\dfrac{d\hat{y}}{dh_{0}}=1.099"]
