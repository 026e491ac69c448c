"""Slides of the lectures' models: type that can be read, cuts as seams, every sum whole on its page."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from autograd_lite import FlowGraph, Value, sin
from tests.viz.latex import compiled, overfull, pages
from tests.viz.lecture_models import MODELS
from viz import slides
from viz._slides import Slides
from viz.choose.seams import Part, parts
from viz.scene.check import faults


@cache
def of_model(name: str) -> tuple[FlowGraph, Slides]:
    """Made once for all tests that look at them."""
    flow = MODELS[name]()
    return flow, slides(flow)


SLIDE = (960, 540)
READABLE = 12.0  # points of the smallest base size on such a slide


@pytest.mark.parametrize("name", MODELS)
def test_every_page_is_a_slide_whose_smallest_type_can_be_read(name):
    for picture in of_model(name)[1]:
        scene = picture.scene
        assert (scene.width, scene.height) == SLIDE
        assert min(text.size for _, text in scene.texts()) >= READABLE
        assert faults(scene) == []
        assert all(scene.page.holds(text.box) for _, text in scene.texts())
        assert all(scene.page.holds(part.box) for part in scene.heats)


@pytest.mark.parametrize("name", MODELS)
def test_every_derivative_asked_for_is_worked_out_once_and_after_what_it_needs(name):
    """Back-propagation: when dy/dv is on its page, so are all dy/dt of what is computed from v."""
    flow, steps = of_model(name)
    count = 0
    for picture in steps:
        new = [arrow for arrow in picture.scene.arrows if arrow.width > 1.1]
        tags = {tag.key for tag in picture.scene.tags if tag.texts}
        count += bool(new)
        sources = {arrow.source for arrow in new}
        assert len(sources) <= 1
        for arrow in new:
            assert arrow.target.replace("node", "tag") in tags
    reached = [v for v in flow.variables if v is not flow.output and flow.depends(v)]
    assert count == len(reached)


def test_the_sum_at_a_seam_has_all_members_of_the_cut():
    """dL/dW_hh on one page, with every h_t that is computed from it."""
    steps = of_model("RNN")[1]
    caption = r"\dfrac{dL}{dW_{hh}}"
    last = next(p.scene for p in steps if any(
        c.texts[0].source.startswith(caption) for c in p.scene.captions))  # fmt: skip
    assert [b.texts[0].source for b in last.bubbles if b.texts[0].source.startswith("h_")] == [
        "h_{1}", "h_{2}", "h_{3}",
    ]  # fmt: skip
    assert sum(arrow.width > 1.1 for arrow in last.arrows) == 3


def test_captions_of_arrays_have_formula_and_number():
    """Third lecture: dE/dW = δ xᵀ; the number is the engine's."""
    flow, steps = of_model("Sequential")
    captions = [c.texts[-1].source for p in steps for c in p.scene.captions]
    shown = next(c for c in captions if r"d\xi_{2}}=" in c.replace(" ", ""))
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", shown.rpartition("[")[2])]
    np.testing.assert_allclose(numbers, flow.total("xi_2"), atol=5e-4)


def test_a_small_graph_is_one_page_in_larger_type():
    x = Value(1.0, name="x")
    steps = slides(sin(x).named("y"))
    assert len(steps) == 2
    assert min(text.size for _, text in steps[0].scene.texts()) > READABLE * 1.25


@pytest.mark.parametrize(
    "name", ["LSTM", "ConvAutoencoder", "VAE", "IIRFilter", "Sequential, batch"]
)
def test_beamer_has_the_same_pages_and_no_overfull_boxes(name, pdflatex, tmp_path):
    steps = of_model(name)[1]
    path = steps.save(tmp_path / "flow.tex")
    log = compiled(pdflatex, path.read_text(encoding="utf-8"), tmp_path)
    assert pages(log) == len(steps)
    assert overfull(log) == []


def test_type_in_beamer_keeps_the_size_of_the_slide(pdflatex, tmp_path):
    """A line there is so much of the paper that 12.5 points of the picture stay above 12."""
    steps = of_model("RNN")[1]
    source = steps.tex(standalone=True)
    probe = r"\begin{frame}\message{line=\the\linewidth;paper=\the\paperwidth;}\end{frame}"
    log = compiled(
        pdflatex, source.replace(r"\end{document}", rf"{probe}\end{{document}}"), tmp_path
    )
    line, paper = (float(x) for x in re.search(r"line=([\d.]+)pt;paper=([\d.]+)pt", log).groups())
    smallest = min(text.size for p in steps for _, text in p.scene.texts())
    assert smallest * line / paper >= READABLE


def test_frames_are_put_into_a_deck_that_exists(pdflatex, tmp_path):
    steps = slides(MODELS["RBM, energy"]())
    steps.save(tmp_path / "steps.tex", standalone=False)
    text = (tmp_path / "steps.tex").read_text(encoding="utf-8")
    needs = re.findall(r"^%   (.+)$", text, re.MULTILINE)
    deck = "\n".join([*needs, r"\begin{document}", r"\input{steps}", r"\end{document}"])
    log = compiled(pdflatex, deck, tmp_path)
    assert pages(log) == len(steps)
    assert overfull(log) == []


# --- the seams themselves --------------------------------------------------------------------------


def chain(count: int) -> FlowGraph:
    h = [Value(1.0, name="x")]
    for k in range(count):
        h.append(sin(h[-1]).named(f"h_{k}"))
    return FlowGraph(h[-1])


@pytest.mark.parametrize("name", [*MODELS, "chain"])
@pytest.mark.parametrize("room", [3, 6, 12])
def test_a_seam_is_a_cut(name, room):
    """Every variable is on one page, every arrow on that of its source, and no arrow leads back."""
    flow = chain(9) if name == "chain" else MODELS[name]()
    found = parts(flow.variables, flow.targets, lambda part: len(part.variables) <= room)
    own = [v for part in found for v in part.own]
    assert sorted(map(id, own)) == sorted(map(id, flow.variables))
    seen: set[int] = set()
    for part in reversed([p for p in found if not p.is_shared]):
        ends = {id(t) for v in part.own for t in flow.targets.get(v, ())} - {
            id(v) for v in part.own
        }
        seam = {id(v) for v in part.seam}
        too_many = len(part.own) == 1 and 1 + len(ends) > room
        assert seam < ends if too_many and len(ends) > 4 else seam == ends
        assert ends <= seen  # worked out before
        seen |= {id(v) for v in part.own}


def test_pages_are_as_full_as_there_is_room():
    flow = chain(20)
    found = parts(flow.variables, flow.targets, lambda part: len(part.variables) <= 7)
    assert [len(part.variables) for part in found[1:-1]] == [7] * len(found[1:-1])
    assert all(len(part.variables) <= 7 for part in found)


def test_of_too_many_members_the_first_and_last_stand_on_the_page():
    x = Value(1.0, name="x")
    many = [sin(x * k).named(f"h_{k}") for k in range(1, 30)]
    flow = FlowGraph(sum(many[1:], many[0]).named("y"))

    def fits(part: Part) -> bool:
        return len(part.variables) <= 8

    found = next(p for p in parts(flow.variables, flow.targets, fits) if x in set(p.own))
    assert [v.name for v in found.seam] == ["h_1", "h_2", "h_3", "h_4", "h_5", "h_28", "h_29"]
