"""A Picture shows itself in a notebook, saves itself by suffix, and never loses the old file."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

import viz
from autograd_lite import FlowGraph, Value, sin
from autograd_lite.errors import PictureError

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def picture(example):
    return viz.draw(example.flow, cut=[example.h0, example.h1])


@pytest.mark.parametrize("name", ["flow.pdf", "flow.svg", "flow.png", "flow.dot", "flow.TXT"])
def test_saving_writes_the_form_that_the_suffix_names(picture, tmp_path: Path, name: str) -> None:
    starts = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG", "dot": b"digraph", "txt": b"flow"}
    saved = picture.save(tmp_path / name)
    assert saved.read_bytes().startswith(starts[saved.suffix[1:].lower()])
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["flow.gif", "flow.jpeg", "flow", ".pdf"])
def test_an_unknown_suffix_is_refused_naming_those_that_work(picture, tmp_path, name) -> None:
    with pytest.raises(PictureError, match=r"\.pdf, \.svg, \.png, \.tex, \.dot"):
        picture.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_clear_error(picture, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot save"):
        picture.save(tmp_path / "missing" / "flow.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(PictureError, match="cannot save"):
        picture.save(tmp_path / "folder.svg")
    with pytest.raises(PictureError, match="cannot save"):
        picture.save(tmp_path / "nul\0.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_an_interrupted_save_keeps_the_old_file(picture, tmp_path, monkeypatch) -> None:
    target = tmp_path / "flow.svg"
    target.write_text("old")

    def fail(self: Path, other: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        picture.save(target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["flow.svg"]


def test_a_notebook_gets_svg_and_png_of_the_same_size(picture) -> None:
    data, metadata = picture._repr_mimebundle_()
    assert data["image/svg+xml"].startswith("<?xml")
    png = base64.b64decode(data["image/png"])
    width = int.from_bytes(png[16:20], "big")
    assert width == pytest.approx(metadata["image/png"]["width"] * 1.5, abs=2)
    assert data["text/plain"] == "Picture(ŷ, 4 variables)"
    assert metadata["image/png"]["alt"] == "flow graph of ŷ"


def test_of_a_wide_picture_a_notebook_gets_png_alone() -> None:
    """JupyterLab shrinks a PNG to the cell's width, and crops an SVG that is wider."""
    chain = [Value(0.5, name="x_0")]
    for k in range(1, 8):
        chain.append(sin(chain[-1]).named(f"x_{k}"))
    wide = viz.draw(FlowGraph(chain[-1]), layout="layered")
    data, metadata = wide._repr_mimebundle_()
    assert metadata["image/png"]["width"] > 1000
    assert set(data) == {"image/png", "text/plain"}


def test_dot_text_is_golden(picture) -> None:
    assert picture.dot() == (GOLDEN / "example.dot").read_text(encoding="utf-8")


def test_dot_text_of_hostile_names_is_golden() -> None:
    names = ['a"];evil[label="', "\\N\\G", "<b>&lt;", "x\ny", "$x$"]
    total = sum((2.0 * Value(1.0, name=name) for name in names), 0.0)
    found = viz.draw(FlowGraph(total.named("}{"))).dot()
    assert found == (GOLDEN / "hostile.dot").read_text(encoding="utf-8")


def test_graphviz_reads_a_hostile_name_back_as_one_label(hostile: str) -> None:
    graphviz = pytest.importorskip("graphviz")
    text = viz.draw((Value(2.0, name=hostile) * 2).named("y")).dot()
    try:
        read = graphviz.Source(text).pipe(format="plain", encoding="utf-8")
    except graphviz.ExecutableNotFound:
        pytest.skip("dot is not on PATH: apt install graphviz")
    kinds = [line.split()[0] for line in read.splitlines()]
    assert kinds.count("node") == 2
    assert kinds.count("edge") == 1


def test_text_of_hostile_names_cannot_move_the_cursor(hostile: str) -> None:
    text = viz.draw((Value(2.0, name=hostile) * 2).named("y")).text()
    assert all(line.isprintable() for line in text.splitlines())
    assert len(text.splitlines()) == 4


def test_a_notebook_with_a_picture_becomes_latex_without_inkscape(picture, monkeypatch, tmp_path):
    preprocessors = pytest.importorskip("nbconvert.preprocessors")
    nbformat = pytest.importorskip("nbformat")
    data, metadata = picture._repr_mimebundle_()
    assert base64.b64decode(data["application/pdf"]).startswith(b"%PDF")
    monkeypatch.setenv("PATH", str(tmp_path))  # no Inkscape

    def converted(data):
        output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        cell = nbformat.v4.new_code_cell("viz.draw(flow)", outputs=[output])
        notebook = nbformat.v4.new_notebook(cells=[cell])
        return preprocessors.SVG2PDFPreprocessor(enabled=True).preprocess(notebook, {})[0]

    assert converted(data).cells[0].outputs[0].data == data
    with pytest.raises(OSError):
        converted({"image/svg+xml": data["image/svg+xml"]})
