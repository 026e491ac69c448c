"""Programs as they were looked at by eye: a change here is a change of what students read."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.writing import source
from tests.autograd_lite.programs.writing.examples import ARRAYS, NUMBERS

GOLDEN = Path(__file__).parent / "golden"
LOOKED_AT = {
    "mlp.py": ("mlp", "python"),
    "lstm.py": ("lstm", "python"),
    "rnn.py": ("rnn's last state", "python"),
    "vae.py": ("vae", "python"),
    "attention.py": ("attention", "python"),
    "squares.py": ("squares", "python"),
    "rnn.tex": ("rnn", "latex"),
    "three_steps.tex": ("three steps", "latex"),
    "squares.js": ("squares", "javascript"),
}


@pytest.mark.parametrize("file", LOOKED_AT)
def test_a_program_reads_as_it_did(file: str) -> None:
    name, language = LOOKED_AT[file]
    text = source(graph_of(*{**ARRAYS, **NUMBERS}[name]()), language)
    # .txt, so that no tool takes them for this project's own code
    assert str(text) == (GOLDEN / f"{file}.txt").read_text(encoding="utf-8")


def test_a_perceptron_is_about_fifteen_lines() -> None:
    text = source(graph_of(*ARRAYS["mlp"]()), wanted=graph_of(*ARRAYS["mlp"]()).parameters)
    body = [line for line in text.splitlines() if line.strip() and "#" not in line]
    assert len(body) <= 15
