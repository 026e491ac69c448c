"""Equations in LaTeX: they compile, names stay as they were typed, and no name breaks out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from autograd_lite import Tensor, tanh
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import source
from autograd_lite.programs.writing.symbols import is_harmless
from tests.autograd_lite.programs.writing.examples import ARRAYS, NUMBERS
from tests.autograd_lite.programs.writing.hostile import NAMES

_PAGE = r"""\documentclass{article}\usepackage{amsmath,amssymb}
\usepackage[paperwidth=90cm,paperheight=120cm,margin=1cm]{geometry}\begin{document}
%s\end{document}"""


def compiled(texts: list[str], folder: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    page = _PAGE % "\n".join(rf"\[{text}\]\newpage" for text in texts)
    (folder / "page.tex").write_text(page, encoding="utf-8")
    command = [
        "pdflatex",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-no-shell-escape",
        "page.tex",
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-1500:]


def test_every_programs_equations_compile(tmp_path: Path) -> None:
    compiled(
        [source(graph_of(*make()), "latex") for make in {**ARRAYS, **NUMBERS}.values()], tmp_path
    )


def test_the_lectures_total_derivatives() -> None:
    text = source(graph_of(*NUMBERS["three steps"]()), "latex")
    assert r"\hat{y} &= \sqrt{a_{3}}" in text
    assert r"\frac{d \hat{y}}{d h_{1}} &= 2 \, \frac{d \hat{y}}{d a_{3}} \, h_{1}" in text
    assert r"h_{1} &= \frac{a_{2}}{\sqrt{2}}" in text


def test_time_steps_are_indices() -> None:
    text = source(graph_of(*ARRAYS["lstm"]()), "latex")
    assert r"c_{t} &= f_{t} \odot c_{t - 1} + i_{t} \odot \tilde{c}_{t}" in text
    assert r"\text{for } t = 20, 19, \dots, 1" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_not_written_as_it_is(name: str) -> None:
    assert not is_harmless(name)


def test_hostile_names_compile_to_letters(tmp_path: Path) -> None:
    texts = []
    for name in NAMES:
        x = Tensor([1.0, 2.0], requires_grad=True, name=name)
        graph = graph_of(lambda w, x=x, name=name: tanh(w * x).named(name).sum(), (np.ones(2),))
        texts.append(source(graph, "latex"))
        commands = set(re.findall(r"\\([A-Za-z]+)", texts[-1]))
        assert commands.isdisjoint(
            {"input", "write", "immediate", "def", "catcode", "csname", "end{document}"}
        )
    compiled(texts, tmp_path)


@pytest.mark.parametrize(
    "name", [r"\hat{y}", "h_{12}", r"\epsilon_u", r"\mathbf{W}_{xh}^{(2)}", "loss", "h_1^{(1')}"]
)
def test_the_lectures_names_are_harmless(name: str) -> None:
    assert is_harmless(name)
