"""Pictures as TikZ: they compile, are editable, and nothing a stranger wrote is obeyed."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest

from autograd_lite import Tensor, Value, tanh
from autograd_lite.errors import PictureError
from tests.viz.conftest import HOSTILE
from tests.viz.latex import compiled, overfull, pages
from viz import draw
from viz.formulas import escaping
from viz.formulas.labels import latex
from viz.render import tex
from viz.render.tikz_styles import styles

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


def test_an_arrow_that_crosses_the_cut_has_its_colour(example):
    source = draw(example.flow, cut=["h_0", "h_1"]).tex()
    styles = re.findall(r"\\draw\[(flow/(?:crossing )?edge.*?)\] \(", source)
    assert styles == ["flow/crossing edge, draw=flowcutA"] * 2 + ["flow/edge"] * 3


def test_a_cut_has_a_circle_where_it_crosses_and_its_sum_is_displayed(example):
    picture = draw(example.flow, cut=["h_0", "h_1"])
    circles = re.findall(
        r"\\draw\[flow/crossing, .*\] \(([-\d.]+),([-\d.]+)\) circle", picture.tex()
    )
    assert circles == [(f"{p.x:.1f}", f"{p.y:.1f}") for p in picture.scene.cuts[0].crossings]
    assert len(circles) == 2
    assert r"{$\displaystyle \dfrac{d\hat{y}}{dx}" in picture.tex()


def test_a_constants_outline_is_dashed():
    c = Tensor([[0.1, -0.3]], name="c")
    source = draw((Tensor([[2.0, 3.0]], requires_grad=True, name="x") * c).sum().named("y")).tex()
    assert re.search(r"flow/held/.style=\{.*dash pattern=on", source)
    assert not re.search(r"flow/input/.style=\{.*dash pattern=on", source)
    assert r"\node[flow/held, " in source


def test_bubbles_whose_names_have_the_same_letters_are_two_nodes():
    x, prime = Value(2.0, name="x"), Value(3.0, name="x'")
    names = re.findall(r"\] \(([^)]*)\) at \([-\d]", draw((x * prime).named("y")).tex())
    assert len(set(names)) == 3
    assert {"x", "y"} <= set(names)


def test_the_same_graph_gives_the_same_text(example):
    assert draw(example.flow).tex() == draw(example.flow).tex()


def test_save_writes_a_document_and_on_request_the_bare_picture_for_input(example, tmp_path):
    picture = draw(example.flow)
    path = picture.save(tmp_path / "flow.tex")
    assert path.read_text(encoding="utf-8") == picture.tex(standalone=True)
    assert path.read_text(encoding="utf-8").startswith("% A document of its own")
    picture.save(path, standalone=False)
    assert path.read_text(encoding="utf-8") == picture.tex()
    assert path.read_text(encoding="utf-8").startswith("% A part of another document")
    with pytest.raises(PictureError, match="standalone=False is for a .tex file"):
        picture.save(tmp_path / "flow.svg", standalone=False)
    assert r"\documentclass" not in picture.tex()
    assert r"\documentclass{article}" in picture.tex(standalone=True)


def test_standalone_has_the_size_of_the_picture(example, pdflatex, pdftoppm, tmp_path):
    picture = draw(example.flow, cut=["h_0", "h_1"])
    assert pages(compiled(pdflatex, picture.tex(standalone=True), tmp_path)) == 1
    command = [pdftoppm, "-r", "72", "-singlefile", "flow.pdf", "flow"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    width, height = map(int, (tmp_path / "flow.ppm").read_bytes().split(maxsplit=3)[1:3])
    assert width == pytest.approx(picture.scene.width, abs=1.1)
    assert height == pytest.approx(picture.scene.height, abs=1.1)


def test_it_is_read_by_input_into_a_document_twice(example, written, pdflatex, tmp_path):
    draw(example.flow, cut=["h_0", "h_1"]).save(tmp_path / "a.tex", standalone=False)
    cut = written.flow.cut(after=["u", "v"])
    wide = draw(written.flow, cut=cut, wrt=["u", "v"])
    wide.save(tmp_path / "b.tex", standalone=False)
    body = "\n\n".join(rf"\begin{{figure}}\input{{{name}}}\end{{figure}}" for name in "aba")
    log = compiled(pdflatex, tex.document(body, PREAMBLE), tmp_path)
    assert wide.scene.width > 345  # more than a line of article's, and yet
    assert overfull(log) == []


def test_a_picture_narrower_than_a_line_keeps_its_size(pdflatex, tmp_path):
    x = Value(2.0, name="x")
    picture = draw((x * x).named("y"))
    picture.save(tmp_path / "a.tex", standalone=False)
    body = r"\setbox1=\hbox{\input{a}}\message{width=\the\wd1;}\box1"
    log = compiled(pdflatex, tex.document(body, PREAMBLE), tmp_path)
    width = float(re.search(r"width=([\d.]+)pt", log)[1]) * 72 / 72.27
    assert width == pytest.approx(min(picture.scene.width, 345 * 72 / 72.27), abs=0.5)


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
    "name",
    ["x^y'", "'_a'", "x^'", r"h_\hat{x}", "' ^1 {}", "x_{}'_a", "x^{2}'", "x^{2}^{3}", "{x}_1_{2}"],
)
def test_what_latex_refuses_is_no_formula(name):
    """mathtext sets some of these; LaTeX says double superscript, or missing brace."""
    assert latex(name) is None


def test_escaped_text_is_printed_letter_by_letter(pdflatex, tmp_path):
    every = "".join(map(chr, range(32, 127))) + "éüçñŝ αβΩ … – — ’ 中文 🙂 \u202e"
    compiled(pdflatex, tex.document(escaping.latex_text(every)), tmp_path)
    assert escaping.latex_text("\\") == r"$\backslash$"
    assert escaping.latex_text("^^5c") == r"\textasciicircum{}\textasciicircum{}5c"


def test_styles_follow_the_scene(example):
    scene = draw(example.flow).scene
    bubbles = tuple(replace(bubble, accent=True) for bubble in scene.bubbles)
    assert any("flow/accent" in line for line in styles(replace(scene, bubbles=bubbles)))
    assert not any("flow/accent" in line for line in styles(scene))
