"""Source is text that prints itself: plain in a terminal, coloured in a notebook, typeset as LaTeX."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import Source, source
from tests.autograd_lite.programs.writing.examples import ARRAYS, NUMBERS


@pytest.fixture
def text() -> Source:
    return source(graph_of(*NUMBERS["three steps"]()))


def test_a_terminal_shows_the_text_itself(text: Source) -> None:
    assert repr(text) == str(text)
    assert "\\n" not in repr(text)


def test_a_notebook_shows_colours(text: Source) -> None:
    pytest.importorskip("pygments")
    shown = text._repr_html_() or ""
    assert "<span style=" in shown
    assert "yhat" in shown


def test_without_pygments_it_is_plain(text: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygments", None)
    assert (text._repr_html_() or "").startswith("<pre>import numpy as np")


def test_equations_are_typeset() -> None:
    text = source(graph_of(*NUMBERS["three steps"]()), "latex")
    assert text._repr_html_() is None
    assert (text._repr_latex_() or "").startswith("$$\\begin{aligned}")


def test_it_knows_its_arguments() -> None:
    text = source(graph_of(*ARRAYS["mlp"]()))
    assert [*text.arguments] == ["x", "y", "W_1", "b_1", "W_2", "b_2"]
    assert text.arguments["W_1"].shape == (4, 3)


def test_it_can_be_pickled(text: Source) -> None:
    again = pickle.loads(pickle.dumps(text))  # noqa: S301 - of this process
    assert (again, again.language) == (text, "python")


def test_nothing_that_colours_is_loaded_before_a_notebook_asks() -> None:
    code = "import sys, autograd_lite.programs.writing; sys.exit('pygments' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
