"""Pictures as TikZ and as slides: they compile, are editable, and nothing a stranger wrote is obeyed."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograd_lite import FlowGraph, Tensor, Value, tanh
from autograd_lite.errors import PictureError
from tests.viz.conftest import HOSTILE
from viz import draw, slides
from viz.cli import main
from viz.formulas import escaping
from viz.formulas.labels import latex
from viz.render import tex
from viz.render.tikz_styles import styles
from viz.scene.check import faults


def compiled(pdflatex: str, source: str, folder: Path) -> int:
    """How many pages `flow.pdf` has, after a run without errors."""
    (folder / "flow.tex").write_text(source, encoding="utf-8")
    options = ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "flow.tex"]
    run = subprocess.run(
        [pdflatex, *options], cwd=folder, capture_output=True, timeout=240, check=False
    )
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    return int(re.search(r"flow\.pdf \((\d+) page", log)[1])


PREAMBLE = "\\usepackage{tikz}\\usetikzlibrary{arrows.meta,shapes.geometric}"


# --- TikZ ------------------------------------------------------------------------------------------


def test_every_bubble_is_a_node_with_a_name_a_reader_knows(example):
    source = draw(example.flow).tex()
    names = re.findall(r"\\node\[flow/(?:input|inner|output)[^\]]*\] \(([^)]*)\) at", source)
    assert names == ["x", "h-0", "h-1", "hat-y"]


def test_formulas_are_left_to_latex(example):
    source = draw(example.flow).tex()
    assert r"{$\hat{y} = \sqrt{h_{0}^{2} + h_{1}^{2}}$}" in source
    assert r"{$\dfrac{\partial h_{0}}{\partial x}=-\sin x$}" in source


def test_styles_stand_at_the_top_and_colours_are_defined_once(example):
    source = draw(example.flow, cut=["h_0", "h_1"]).tex()
    head, _, body = source.partition(r"\begin{tikzpicture}")
    defined = re.findall(r"\\definecolor\{(\w+)\}", head)
    assert len(defined) == len(set(defined))
    assert set(re.findall(r"(?:draw|text|fill)=(flow\w+)", source)) <= set(defined)
    assert {"flow/inner", "flow/edge", "flow/cut"} <= set(re.findall(r"flow/[\w ]+\w", head))
    assert set(re.findall(r"\[(flow/\w+)", body)) <= set(re.findall(r"(flow/\w+)/.style", head))
    assert "definecolor" not in body


def test_arrows_are_tied_to_their_nodes(example):
    for line in draw(example.flow).tex().splitlines():
        if line.strip().startswith(r"\draw[flow/"):
            assert (
                len(re.findall(r"\(\[shift=\{\([-\d.]+,[-\d.]+\)\}\][\w-]+\.center\)", line)) == 2
            )


def test_the_same_graph_gives_the_same_text(example):
    assert draw(example.flow).tex() == draw(example.flow).tex()


def test_save_writes_the_bare_picture_for_input(example, tmp_path):
    picture = draw(example.flow)
    path = picture.save(tmp_path / "flow.tex")
    assert path.read_text(encoding="utf-8") == picture.tex()
    assert r"\documentclass" not in picture.tex()
    assert r"\documentclass{article}" in picture.tex(standalone=True)


def test_standalone_has_the_size_of_the_picture(example, pdflatex, pdftoppm, tmp_path):
    picture = draw(example.flow, cut=["h_0", "h_1"])
    assert compiled(pdflatex, picture.tex(standalone=True), tmp_path) == 1
    command = [pdftoppm, "-r", "72", "-singlefile", "flow.pdf", "flow"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    width, height = map(int, (tmp_path / "flow.ppm").read_bytes().split(maxsplit=3)[1:3])
    assert width == pytest.approx(picture.scene.width, abs=1.1)
    assert height == pytest.approx(picture.scene.height, abs=1.1)


def test_it_is_read_by_input_into_a_document_twice(example, written, pdflatex, tmp_path):
    draw(example.flow, cut=["h_0", "h_1"]).save(tmp_path / "a.tex")
    draw(written.flow, cut=written.flow.cut(after=["u", "v"]), wrt=["u", "v"]).save(
        tmp_path / "b.tex"
    )
    body = "\n\n".join(rf"\begin{{figure}}\input{{{name}}}\end{{figure}}" for name in "aba")
    compiled(pdflatex, tex.document(body, PREAMBLE), tmp_path)


@pytest.mark.parametrize("style", ["structure", "values", "derivatives"])
def test_every_style_compiles(example, style, pdflatex, tmp_path):
    compiled(pdflatex, draw(example.flow, style=style).tex(standalone=True), tmp_path)


def test_arrays_compile(pdflatex, tmp_path):
    x = Tensor([[1.0, -2.0], [0.5, 3.0]], requires_grad=True, name="x")
    h = tanh(x @ x).named("h")
    compiled(pdflatex, draw((h * h).sum().named("y")).tex(standalone=True), tmp_path)


# --- strangers -------------------------------------------------------------------------------------


def test_hostile_names_compile_and_are_inert(pdflatex, tmp_path):
    """All in one document: none reads a file, opens a group, or runs anything."""
    (tmp_path / "secret.tex").write_text(r"\errmessage{obeyed}")
    names = [
        *HOSTILE,
        r"\input{secret}",
        r"\input secret",
        r"^^5cinput{secret}",
        r"\par",
        "%",
        "$$",
    ]
    graphs = [(tanh(x) * x).named("y") for x in (Value(0.5, name=name) for name in names)]
    body = "\n\n".join(draw(y).tex() for y in graphs)
    compiled(pdflatex, tex.document(body, PREAMBLE), tmp_path)


def test_names_of_many_shapes_that_are_formulas_compile(pdflatex, tmp_path):
    """Whatever mathtext may set, LaTeX must set too."""
    names = [r"\hat{h}_{t+1}", "c_{t-1}'", r"W_{hh}^{\top}", "x^{(2)}", "x'^{2}", "h_1'", "loss"]
    names += ["x_1_2", "enc.weight", "epsilon_u", r"\tilde{c}_t", "b1", "yhat", "ŷ", "a b", "W_hh"]
    graphs = [(tanh(x) * x * x).named("y") for x in (Value(0.5, name=name) for name in names)]
    body = "\n\n".join(draw(y).tex() for y in graphs)
    compiled(pdflatex, tex.document(body, PREAMBLE), tmp_path)


@pytest.mark.parametrize(
    "name", ["x^y'", "'_a'", "x^'", "_ a_ ", r"h_\hat{x}", "' ^1 {}", "x_{}'_a"]
)
def test_what_latex_refuses_is_no_formula(name):
    """mathtext sets some of these; LaTeX says double superscript, or missing brace."""
    assert latex(name) is None or "$" not in escaping.latex_text(name)
    assert r"\hat" not in (latex(name) or "")


def test_escaped_text_is_printed_letter_by_letter(pdflatex, tmp_path):
    every = "".join(map(chr, range(32, 127))) + "éüçñŝ αβΩ … – — ’ 中文 🙂 \u202e"
    compiled(pdflatex, tex.document(escaping.latex_text(every)), tmp_path)
    assert escaping.latex_text("\\") == r"$\backslash$"
    assert escaping.latex_text("^^5c") == r"\textasciicircum{}\textasciicircum{}5c"


# --- slides ----------------------------------------------------------------------------------------


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
    assert compiled(pdflatex, source, tmp_path) == len(steps)


def test_variables_that_are_not_asked_for_stay_pale_in_beamer_too(written, pdflatex, tmp_path):
    steps = slides(written.flow, wrt="w")
    assert compiled(pdflatex, steps.tex(standalone=True), tmp_path) == 4
    assert [bubble.role for bubble in steps[-1].scene.bubbles[:2]] == ["later", "later"]


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
    assert 2 < len(steps) <= 17
    assert any("of 201 variables are drawn" in c.texts[0].source for c in steps[-1].scene.captions)


def test_slides_of_hostile_names(hostile):
    x = Value(0.5, name=hostile)
    steps = slides((tanh(x) * x).named("y"))
    assert r"\input{" not in steps.tex()
    assert steps[-1].png()


def test_slides_are_saved_as_pdf_or_tex_only(example, tmp_path):
    with pytest.raises(PictureError, match="one of .pdf, .tex"):
        slides(example.flow).save(tmp_path / "steps.png")


def test_the_command_saves_slides(tmp_path):
    path = tmp_path / "steps.tex"
    run = CliRunner().invoke(main, ["slides", "three_step", "--wrt", "x", "-o", str(path)])
    assert run.exit_code == 0
    assert r"\begin{frame}" in path.read_text(encoding="utf-8")


def test_styles_follow_the_scene(example):
    scene = draw(example.flow).scene
    bubbles = tuple(replace(bubble, accent=True) for bubble in scene.bubbles)
    assert any("flow/accent" in line for line in styles(replace(scene, bubbles=bubbles)))
    assert not any("flow/accent" in line for line in styles(scene))
