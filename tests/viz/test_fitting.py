"""`viz.draw(fit=…)`: type that can be read; words fold and pages are added before it shrinks."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import viz
from autograd_lite import FlowGraph, Tensor, Value, equations, example
from autograd_lite.errors import PictureError
from examples import graphs
from viz.scene.check import faults
from viz.scene.scaled import on_page, smallest_type
from viz.scene.scene import Scene

SIZES = {"slide": (960, 540, 12.0), "page": (728, 481, 9.0), "cell": (750, 750, 9.0)}
LECTURES = [("one_step", "yhat"), ("three_step", "yhat"), ("written_example", "z")]
MODELS = ["lstm", "gru", "rnn_module", "unrolled_cell", "vae", "conv_autoencoder", "blocks"]


def scenes(picture: viz.Picture) -> list[Scene]:
    return [page.scene for page in picture.pages]


def lecture(name: str, of: str) -> FlowGraph:
    return FlowGraph(equations(example(name))[of])


@pytest.mark.parametrize("fit", SIZES)
@pytest.mark.parametrize(("name", "of"), LECTURES)
def test_a_lectures_graph_fits_one_page_with_type_that_can_be_read(
    name: str, of: str, fit: str
) -> None:
    flow = lecture(name, of)
    picture = viz.draw(flow, cut=flow.cut(after=flow.inputs), fit=fit)
    (scene,) = scenes(picture)
    width, height, least = SIZES[fit]
    assert (scene.width, scene.height) == (width, height)
    assert smallest_type(scene) >= least
    assert not faults(scene)


@pytest.mark.parametrize("name", MODELS)
def test_every_page_of_a_models_graph_has_type_of_12_points(name: str) -> None:
    picture = viz.draw(getattr(graphs, name)(), fit="slide", form="graph")
    for scene in scenes(picture):
        assert (scene.width, scene.height) == (960, 540)
        assert smallest_type(scene) >= 12.0
        assert not faults(scene)


def test_without_fit_the_page_is_as_large_as_the_picture() -> None:
    flow = lecture("three_step", "yhat")
    assert viz.draw(flow).png() == viz.draw(flow, fit=None, form="graph").png()


def chain(count: int) -> FlowGraph:
    x = Value(0.5, name="x")
    y = x
    for k in range(count):
        y = (y.sin() + x * 0.01).named(f"h_{k}") if k % 5 == 4 else y.sin().named(f"h_{k}")
    return FlowGraph(y)


def test_a_wide_graph_goes_on_on_further_pages_and_its_seams_are_cuts() -> None:
    """What stands on the pages before a seam is the near side of a cut, which every arrow crosses once."""
    flow = chain(24)
    picture = viz.draw(flow, fit="slide", layout="layered")
    pages = scenes(picture)
    assert len(pages) > 1
    bubbles = [{bubble.key for bubble in page.bubbles} for page in pages]
    assert sum(map(len, bubbles)) == len(flow.variables) == len(set().union(*bubbles))
    edges = [(flow.variables.index(e.source), flow.variables.index(e.target)) for e in flow.edges]
    near: set[str] = set()
    for page, after in pairwise(pages):
        near |= {bubble.key for bubble in page.bubbles}
        crossing = [(a, b) for a, b in edges if f"node-{a}" in near and f"node-{b}" not in near]
        assert not [(a, b) for a, b in edges if f"node-{a}" not in near and f"node-{b}" in near]
        right = next(cut for cut in page.cuts if cut.key == "seam-right")
        left = next(cut for cut in after.cuts if cut.key == "seam-left")
        assert len(right.crossings) == len(left.crossings) == len(crossing)


def test_what_leaves_a_page_says_where_it_goes_and_what_arrives_where_it_comes_from() -> None:
    pages = scenes(viz.draw(chain(24), fit="slide", layout="layered"))
    leaving = {t.source for label in pages[0].labels if "-out-" in label.key for t in label.texts}
    arriving = {t.source for label in pages[1].labels if "-in-" in label.key for t in label.texts}
    first = {b.texts[0].source.partition(" =")[0] for b in pages[0].bubbles}
    later = {b.texts[0].source.partition(" =")[0] for p in pages[1:] for b in p.bubbles}
    assert leaving
    assert leaving <= later
    assert arriving
    assert arriving <= first


def test_pdf_has_all_pages_and_png_and_svg_are_numbered(tmp_path: Path) -> None:
    picture = viz.draw(chain(24), fit="slide", layout="layered")
    count = len(picture.pages)
    assert picture.pdf().count(b"/Type /Page ") + picture.pdf().count(b"/Type /Page\n") == count
    for suffix in ("png", "svg", "tex"):
        picture.save(tmp_path / f"chain.{suffix}")
        names = {path.name for path in tmp_path.glob(f"*.{suffix}")}
        more = {f"chain-{k}.{suffix}" for k in range(2, count + 1)}
        assert names == {f"chain.{suffix}", *more}
    assert (tmp_path / "chain-2.png").read_bytes() == picture.pages[1].png()


def test_words_are_left_out_before_variables_are() -> None:
    """All variables of the written example stay, and its numbers; the formulas on its arrows may go."""
    flow = lecture("written_example", "z")
    (scene,) = scenes(viz.draw(flow, fit="slide"))
    assert len(scene.bubbles) == len(flow.variables)
    shown = " ".join(text.source for _, text in scene.texts())
    for v in flow.variables:
        assert f"{flow.total(v):.4g}".rstrip("0") in shown


def test_a_scene_on_a_page_is_the_same_scene_larger() -> None:
    scene = viz.draw(lecture("three_step", "yhat")).scene
    page = on_page(scene, 960, 540)
    by = min(960 / scene.width, 540 / scene.height, 1.5)
    assert [t.size for _, t in page.texts()] == pytest.approx(
        [by * t.size for _, t in scene.texts()]
    )
    assert [b.box.width for b in page.bubbles] == pytest.approx(
        [by * b.box.width for b in scene.bubbles]
    )
    assert page.page.center.x == pytest.approx(480)
    assert not faults(page)


@pytest.mark.parametrize("fit", ["slides", "", 3, "SLIDE"])
def test_another_fit_is_refused_with_those_there_are(fit: object) -> None:
    with pytest.raises(PictureError, match=r"nothing is called fit=.*slide"):
        viz.draw(Value(1.0, name="x").exp().named("y"), fit=fit)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["chains", "", 3])
def test_another_form_is_refused_with_those_there_are(name: object) -> None:
    with pytest.raises(PictureError, match=r"no form is called"):
        viz.draw(Value(1.0, name="x").exp().named("y"), form=name)  # type: ignore[arg-type]


def test_a_form_that_a_graph_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(PictureError, match=r"has not the form 'chain'; it has: graph"):
        viz.draw(Value(1.0, name="x").exp().named("y"), form="chain")


def test_a_huge_name_and_a_lone_leaf_still_fit() -> None:
    for y in (
        Value(1.0, name="a" * 300).exp().named("b" * 300),
        Tensor(np.ones(3), name="x", requires_grad=True),
    ):
        for scene in scenes(viz.draw(y, fit="slide")):
            assert (scene.width, scene.height) == (960, 540)
