"""viz.slides: back-propagation picture by picture, the same in the PDF's pages and in Beamer's overlays."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from autograd_lite import FlowGraph, Tensor, Value, tanh
from autograd_lite.errors import PictureError
from tests.viz.latex import compiled, pages
from viz import slides
from viz.cli import main
from viz.scene.check import faults
from viz.scene.scene import Scene


def test_a_picture_for_the_forward_pass_and_one_for_each_variable(example):
    """Third lecture: First dŷ/dh_1, second dŷ/dh_0, third dŷ/dx."""
    steps = slides(example.flow, wrt=example.x)
    assert len(steps) == 4
    known = [[tag.key for tag in picture.scene.tags if tag.texts] for picture in steps]
    assert known == [
        [],
        ["tag-2", "tag-3"],
        ["tag-1", "tag-2", "tag-3"],
        ["tag-0", "tag-1", "tag-2", "tag-3"],
    ]


def test_the_cut_moves_left_and_the_sum_changes(example):
    steps = slides(example.flow, wrt=example.x)
    assert [len(picture.scene.cuts) for picture in steps] == [0, 1, 1, 1]
    at = [picture.scene.cuts[0].points[0].x for picture in steps[1:]]
    assert at == sorted(at, reverse=True)
    sums = [picture.scene.captions[0].texts[0].source for picture in steps[1:]]
    assert [s.rpartition("= ")[2] for s in sums] == ["0.794", "1.099", "-0.622"]


def test_what_is_to_come_is_pale_and_what_is_summed_is_coloured(example):
    second = slides(example.flow, wrt=example.x)[2].scene
    assert [bubble.role for bubble in second.bubbles] == ["later", "inner", "inner", "output"]
    now = {arrow.key for arrow in second.arrows if arrow.width > 1.1}
    assert now == {f"edge-{k}" for k, e in enumerate(example.flow.edges) if e.source is example.h0}
    assert {label.key.replace("label", "edge") for label in second.labels} >= now


def test_all_slides_have_one_size_and_no_faults(written):
    steps = slides(written.flow, wrt=["u", "v"])
    assert len({(picture.scene.width, picture.scene.height) for picture in steps}) == 1
    assert all(faults(picture.scene) == [] for picture in steps)


def test_a_page_for_each(example, tmp_path):
    steps = slides(example.flow)
    path = steps.save(tmp_path / "steps.pdf")
    assert b"/Count 4" in path.read_bytes()
    assert len(steps) == 4
    assert steps.pdf() == steps.pdf()


def test_an_overlay_for_each(example, pdflatex, tmp_path):
    steps = slides(example.flow, wrt="x")
    source = steps.tex(standalone=True)
    assert r"\documentclass[aspectratio=169]{beamer}" in source
    assert steps.tex().count(r"\begin{frame}") == 1
    assert pages(compiled(pdflatex, source, tmp_path)) == len(steps)


def test_variables_that_are_not_asked_for_stay_pale(example):
    assert [bubble.role for bubble in slides(example.flow, wrt="h_0")[-1].scene.bubbles[:2]] == [
        "later", "inner",
    ]  # fmt: skip


def frames_of(source: str) -> list[tuple[str, int]]:
    """Each page that Beamer makes: its frame, and which overlay of it."""
    frame = r"\\begin\{frame\}<(\d+)-(\d+)>\[plain\](.*?)\\end\{frame\}"
    found = re.findall(frame, source, re.DOTALL)
    return [(body, k) for first, last, body in found for k in range(int(first), int(last) + 1)]


def shown_on(overlay: int, specification: str | None) -> bool:
    """Whether Beamer shows on this overlay what stands behind <2->, <3,4> or nothing."""
    first, dash, _ = (specification or "1-").partition("-")
    return overlay >= int(first) if dash else str(overlay) in first.split(",")


def overlay_of(source: str, overlay: int) -> dict[str, list[object]]:
    """What one overlay of a frame has: formulas, how many cuts, what is worked out, what is new."""
    parts = re.findall(
        r"^ +\\(?:node|draw)(?:<([^>]*)>)?\[flow/(.*?)\] (.*);$", source, re.MULTILINE
    )
    seen = [(style, rest) for when, style, rest in parts if shown_on(overlay, when or None)]

    def since(kind: str, option: str) -> list[bool]:
        found = (re.search(rf"{option}=(\d+)", style) for style, _ in seen if re.match(kind, style))
        return [0 < int(number[1]) <= overlay for number in found]

    return {
        "formulas": sorted(
            re.findall(r"\{\$(?:\\displaystyle )?(.+)\$\}", "\n".join(r for _, r in seen))
        ),
        "cuts": [style for style, _ in seen].count("cut, draw=flowcutA"),
        "bubbles": since("input|inner|output", "from") if overlay > 1 else "all",
        "tags": since("tag", "slot"),
        "arrows now": [f"now={overlay}" in style for style, _ in seen if style.startswith("edge")],
    }


def as_on_an_overlay(scene: Scene, number: int) -> dict[str, list[object]]:
    """The same of a picture."""
    return {
        "formulas": sorted(text.source for _, text in scene.texts()),
        "cuts": len(scene.cuts),
        "bubbles": [b.role != "later" for b in scene.bubbles] if number else "all",
        "tags": [bool(tag.texts) for tag in scene.tags],
        "arrows now": [arrow.width > 1.1 for arrow in scene.arrows],
    }


@pytest.mark.parametrize("wrt", ["w", ["u", "v"]])
def test_beamer_shows_on_each_overlay_what_its_picture_has(written, wrt):
    """Overlay 1 of a frame is the forward pass, and page k of the PDF is page k of Beamer's."""
    steps = slides(written.flow, wrt=wrt)
    frames = frames_of(steps.tex())
    assert len(frames) == len(steps)
    new = 0
    for (frame, overlay), picture in zip(frames, steps, strict=True):
        seen = overlay_of(frame, overlay)
        assert seen == as_on_an_overlay(picture.scene, overlay - 1)
        new += seen["arrows now"].count(True)
    assert new == sum(arrow.width > 1.1 for picture in steps for arrow in picture.scene.arrows) > 0


def test_slides_of_arrays_multiply_no_norms():
    x = Tensor([[1.0, -2.0], [0.5, 3.0]], requires_grad=True, name="x")
    h = tanh(x @ x).named("h")
    last = slides((h * h).sum().named("y"), wrt=x)[-1].scene.captions[0].texts[0].source
    assert r"\to [2{\times}2]" in last
    assert r"\cdot 2" not in last


def test_slides_are_a_sequence(example):
    steps = slides(example.flow)
    assert steps[-1].scene == steps[3].scene
    assert [p.scene for p in steps[1:3]] == [steps[1].scene, steps[2].scene]
    with pytest.raises(IndexError):
        steps[4]
    assert repr(steps) == "Slides(4 pictures)"


def test_slides_of_a_graph_with_nothing_to_derive():
    x, u = Value(2.0, name="x"), Value(1.0, name="u")
    flow = FlowGraph((x * x).named("y"), variables=[x, u])
    assert len(slides(flow, wrt="u")) == 1


def test_slides_of_a_large_graph_show_as_much_as_fits():
    x = Value(1.0, name="x")
    y = x
    for k in range(200):
        y = tanh(y).named(f"h_{k}")
    steps = slides(y, wrt=x)
    assert 20 < len(steps) <= 80
    assert any("of 201 variables are drawn" in c.texts[0].source for c in steps[-1].scene.captions)


def test_slides_of_hostile_names(hostile):
    x = Value(0.5, name=hostile)
    steps = slides((tanh(x) * x).named("y"))
    assert r"\input{" not in steps.tex()
    assert steps[-1].png()


def test_slides_are_saved_as_pages_or_as_a_film_only(example, tmp_path):
    with pytest.raises(PictureError, match="one of .pdf, .tex, .gif, .mp4"):
        slides(example.flow).save(tmp_path / "steps.png")


def test_the_command_saves_slides(tmp_path):
    path = tmp_path / "steps.tex"
    run = CliRunner().invoke(main, ["slides", "three_step", "--wrt", "x", "-o", str(path)])
    assert run.exit_code == 0
    assert r"\begin{frame}" in path.read_text(encoding="utf-8")
