"""The gallery: every picture free of faults, every number the engine's, every formula its derivative.

Formulas are checked on the sympy expressions that they are written from, by evaluating them at the
recorded point and against the limit of difference quotients, which uses no derivative; LaTeX is not
parsed back, as sympy's parser needs a package of its own and does not know all of the notation.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import viz
from autograd_lite import FlowGraph, equations, example
from examples import graphs
from examples.charts import CHARTS
from examples.gallery import DRAWN, hang, slide
from examples.models import MODELS
from examples.pictures import PICTURES
from examples.type_sizes import LEAST, is_fixed, on_slide, row
from tests.processes import PATIENCE
from tests.viz.reading import last_number
from viz.choose import levels
from viz.formulas import algebra, symbols
from viz.scene.check import faults

TABLE = Path(__file__).parents[2] / "docs" / "type_sizes.md"
LECTURE = {"one_step": "yhat", "three_step": "yhat", "written_example": "z"}
TRAINED = {"history", "reconstructions", "latent_plane", "manifold", "subspaces"}


def lecture(name: str) -> FlowGraph:
    return FlowGraph(equations(example(name))[LECTURE[name]])


def said(picture: viz.Picture, key: str) -> list[str]:
    return [text.source for own, text in picture.scene.texts() if own == key]


@pytest.mark.parametrize("name", PICTURES)
def test_no_box_overlaps_and_every_arrow_ends_on_its_bubble(name: str) -> None:
    picture = PICTURES[name]()
    assert faults(picture.scene) == []
    assert picture.text().isprintable() or "\n" in picture.text()
    for part in picture.scene.heats:
        assert picture.scene.page.holds(part.box)


@pytest.mark.parametrize("name", MODELS)
def test_a_models_picture_can_be_read_on_a_slide(name: str) -> None:
    """Every page is free of faults, its smallest type 12 points and more, as the table of the docs says."""
    picture = MODELS[name]()
    for page in picture.pages:
        assert is_fixed(page.scene)
        assert faults(page.scene) == []
        assert on_slide(page.scene) >= LEAST
    assert row(name, picture) in TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_of_type_sizes_has_every_picture_of_the_gallery() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    named = [line.split(" | ")[0].strip("| ") for line in lines if line.startswith("| ")][1:]
    assert named == list(DRAWN)
    assert len(DRAWN) + len(CHARTS) == len({*PICTURES, *MODELS, *CHARTS})


def flow_of(name: str) -> FlowGraph:
    if name == "operations":
        return levels.operations(lecture("three_step").output).flow
    return lecture(name)


@pytest.mark.parametrize("name", [*LECTURE, "operations"])
def test_every_number_is_the_engines_at_the_digits_shown(name: str) -> None:
    flow = flow_of(name)
    picture = viz.draw(flow)
    for k, v in enumerate(flow.variables):
        value, half = last_number(said(picture, f"node-{k}")[-1])
        assert value == pytest.approx(v.value, abs=half * 1.001)
        total, half = last_number(said(picture, f"tag-{k}")[-1])
        assert total == pytest.approx(flow.total(v), abs=half * 1.001)
    for k, edge in enumerate(flow.edges):
        partial, half = last_number(said(picture, f"label-{k}")[-1])
        assert partial == pytest.approx(edge.partial, abs=half * 1.001)


@pytest.mark.parametrize("make", [graphs.lstm, graphs.gru, graphs.rnn_module])
def test_every_norm_of_a_models_picture_is_the_engines(make) -> None:
    flow = make()
    picture = viz.draw(flow)
    for k, v in enumerate(flow.variables):
        (tag,) = said(picture, f"tag-{k}")
        shown, half = last_number(tag.replace("]", "").split(r",\,")[-1])
        total = np.ravel(flow.total(v))
        wanted = np.linalg.norm(total) if "Vert" in tag else total[-1]
        assert shown == pytest.approx(wanted, abs=half * 1.001)


@pytest.mark.parametrize("name", [*LECTURE, "operations"])
def test_every_formula_is_the_derivative_it_claims(name: str) -> None:
    flow = flow_of(name)
    picture, checked = viz.draw(flow), 0
    for k, edge in enumerate(flow.edges):
        found = symbols.partial_expression(flow, edge)
        if found is None:
            continue
        point = {s: float(node.value) for s, node in symbols.nodes(flow, found).items()}
        number = float(algebra.value(found, point))
        limit = flow.limit(edge.target, edge.source)
        assert number == pytest.approx(limit, rel=1e-6, abs=1e-7)
        shown = said(picture, f"label-{k}")
        if len(shown) > 1:  # a formula above its number
            written = symbols.partial(flow, edge)
            assert written is not None
            assert shown[0].replace(r"\dfrac", r"\frac").endswith(f"={written}")
        checked += 1
    assert checked == len(flow.edges)


def test_the_parts_of_bptt_add_up_to_the_gradient_of_the_weights() -> None:
    flow = graphs.unrolled_cell()
    picture = PICTURES["rnn_unrolled"]()
    captions = [text.source for key, text in picture.scene.texts() if key.startswith("caption")]
    for name, latex in (("W_xh", "W_{xh}"), ("W_hh", "W_{hh}"), ("W_hy", "W_{hy}")):
        (caption,) = [c for c in captions if rf"d{latex}^{{(k)}}" in c]
        total, half = last_number(caption)
        assert total == pytest.approx(np.linalg.norm(flow.total(name)), abs=half * 1.001)
    deltas = [text.source for key, text in picture.scene.texts() if r"\delta_" in text.source]
    assert len(deltas) == 5
    assert len(picture.scene.cuts[0].crossings) == 3  # ℓ_1, ℓ_2 and h_2 → h_3, as in the lecture


def test_the_lstms_forget_gate_is_the_partial_between_its_cells() -> None:
    flow = graphs.lstm(2)
    forget = flow.variable("f_2").numpy().ravel()
    partial = np.reshape(flow.partial("c_2", "c_1"), (forget.size, -1))
    assert np.allclose(partial, np.diag(forget), atol=1e-12)
    picture = PICTURES["lstm_cell"]()
    accents = [a for a in picture.scene.arrows if a.width > 2]
    assert len(accents) == 1  # the path of the cell's state


def test_the_arrows_into_a_gate_come_from_its_own_weights() -> None:
    scene = PICTURES["lstm_cell_weights"]().scene
    names = {b.key: re.sub(r"_\{(\w)\}", r"_\1", b.texts[0].source) for b in scene.bubbles}
    sources: dict[str, set[str]] = {}
    for arrow in scene.arrows:
        sources.setdefault(names[arrow.target], set()).add(names[arrow.source])
    for gate, letter in {"i_1": "i", "f_1": "f", r"\tilde{c}_1": "c", "o_1": "o"}.items():
        assert sources[gate] == {"x_1", "h_0", f"W_{letter}", f"U_{letter}", f"b_{letter}"}


def test_the_noise_of_a_vae_is_held() -> None:
    picture = PICTURES["vae"]()
    held = [b for b in picture.scene.bubbles if b.role == "held"]
    assert [b.texts[0].source for b in held] == ["x", r"\varepsilon"]
    (z,) = [b for b in picture.scene.bubbles if r"\odot \varepsilon" in b.texts[0].source]
    assert (held[1].key, z.key) in {(a.source, a.target) for a in picture.scene.arrows}


def test_feature_maps_have_their_sizes_on_the_arrows() -> None:
    picture = PICTURES["conv_autoencoder"]()
    sizes = [label.texts[0].source.replace(r"{\times}", "×") for label in picture.scene.labels]
    down = ["2×1×16×16", "2×4×8×8", "2×4×8×8", "2×8×4×4", "2×8×4×4"]
    up = ["2×4×8×8", "2×4×8×8", "2×1×16×16", "2×1×16×16"]
    assert sizes == [*down, *up]


def test_a_slide_holds_the_whole_picture() -> None:
    figure = slide(PICTURES["one_step"]())
    assert isinstance(figure, Figure)
    assert tuple(figure.get_size_inches()) == (13.33, 7.5)


def test_one_picture_is_saved_in_every_form(tmp_path: Path) -> None:
    (tmp_path / "slides").mkdir()
    for name in ("one_step", "poles_and_zeros"):
        assert list(hang(name, tmp_path)) == []
        for path in (
            *(tmp_path / f"{name}.{s}" for s in ("png", "svg", "pdf")),
            tmp_path / "slides" / f"{name}.png",
        ):
            assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", [name for name in CHARTS if name not in TRAINED])
def test_every_plot_that_needs_no_training_is_drawn(name: str) -> None:
    assert isinstance(CHARTS[name](), Figure)


def test_the_command_says_what_it_draws() -> None:
    command = [sys.executable, "-m", "examples.gallery", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert "NAMES" in done.stdout
