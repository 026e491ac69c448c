"""What to_onnx refuses, and what it says then."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")

import nn
from autograd_lite import Tensor, Value
from autograd_lite.errors import DerivativeError, OperandError, SourceError, TraceError
from autograd_lite.interop import ImportedGraph, to_onnx
from autograd_lite.interop.onnx_writing import drafting


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).normal(size=shape)


def test_random_draws_and_decisions_are_refused_with_the_line() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(TraceError, match="give what is drawn as an input"):
        to_onnx(lambda x: x * rng.normal(), 1.0)
    with pytest.raises(TraceError, match="where"):
        to_onnx(lambda x: x if x > 0 else -x, 1.0)
    with pytest.raises(OperandError, match="eval"):
        to_onnx(nn.Dropout(0.5), normal(3))


def test_gradients_of_many_numbers_are_refused() -> None:
    with pytest.raises(DerivativeError):
        to_onnx(lambda x: x * 2.0, normal(3), gradients=True)


@pytest.mark.parametrize("example", ["text", None, np.array(["a"]), {1, 2}])
def test_an_example_of_the_wrong_kind_is_refused(example: Any) -> None:
    with pytest.raises(OperandError):
        to_onnx(lambda x: x, example)


@pytest.mark.parametrize("batch", ["x", -1, 1.0, True, (0, None)])
def test_a_batch_that_is_no_axis_is_refused(batch: Any) -> None:
    with pytest.raises(OperandError, match="batch is an axis"):
        to_onnx(lambda x: x * 1.0, normal(3), batch=batch)


def test_constants_and_examples_beside_a_node_are_refused() -> None:
    with pytest.raises(OperandError, match="constant"):
        to_onnx(Value(1.0, requires_grad=False))
    with pytest.raises(OperandError, match="leave the example away"):
        to_onnx(Value(1.0) * 2.0, 1.0)


def test_a_function_that_returns_nothing_is_refused() -> None:
    with pytest.raises(OperandError, match=r"at least one number or array, and f returned \(\)"):
        to_onnx(lambda x: (), normal(3))


def test_more_than_a_file_holds_is_refused_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "_LARGEST", 100)
    monkeypatch.setattr(drafting, "lower", None)
    with pytest.raises(OperandError, match="an ONNX file holds 2 GB at most"):
        to_onnx(nn.MLP((2, 3, 1), generator=0), normal(4, 2))


def test_an_imported_graph_of_constants_is_refused() -> None:
    x = Tensor(normal(3), name="x")
    with pytest.raises(OperandError, match="constants alone: a model is of what moves"):
        to_onnx(ImportedGraph((x,), (x * 2.0,), {}))


def test_a_matrix_of_too_many_rows_is_refused_with_its_size() -> None:
    with pytest.raises(SourceError, match="up to 64 rows, not of 65"):
        to_onnx(lambda a: np.linalg.inv(a) * 2.0, np.eye(65), batch=None)


def test_without_onnx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(SourceError, match=r"pip install 'autograd_lite\[onnx\]'"):
        to_onnx(lambda x: x, 1.0)
