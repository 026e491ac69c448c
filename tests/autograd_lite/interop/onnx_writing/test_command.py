"""`flowgraph export`: a file of equations as a model, or nothing and a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

import onnx

from tests.autograd_lite.interop.onnx_writing.runtimes import run
from viz.cli import main


def export(*words: str) -> Any:
    return CliRunner().invoke(main, ["export", *words])


def test_the_command_writes_a_model_of_the_equations(tmp_path: Path) -> None:
    target = tmp_path / "model.onnx"
    assert export("three_step", "-o", str(target), "--gradients").exit_code == 0
    outputs, _ = run(onnx.load(target), np.array(1.0))
    assert [*outputs] == ["yhat", "d_x"]
    np.testing.assert_allclose([*outputs.values()], [0.88945292, -0.62160737], rtol=1e-8)


@pytest.mark.parametrize("path", ["missing/model.onnx", "model.txt", ""])
def test_a_file_that_cannot_be_written_is_said_and_nothing_is_there(
    tmp_path: Path, path: str
) -> None:
    ended = export("three_step", "-o", str(tmp_path / path) if path else str(tmp_path))
    assert ended.exit_code == 2
    assert "cannot save" in ended.output
    assert not any(tmp_path.iterdir())


def test_the_command_says_what_it_cannot_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model.onnx"
    assert "--gradients" in export("three_step", "-o", str(target), "--wrt", "x").output
    monkeypatch.setitem(sys.modules, "onnx", None)
    ended = export("three_step", "-o", str(target))
    assert ended.exit_code == 2
    assert "pip install" in ended.output
    assert not target.exists()
