"""Every call of NumPy's names as an ONNX model: values and gradients at numbers other than the recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

from autograd_lite import Tensor
from autograd_lite.errors import SourceError, TraceError
from autograd_lite.interop import to_onnx
from tests.autograd_lite.interop.onnx_writing.runtimes import run
from tests.autograd_lite.numpy_names.calls import CALLS, Call

NOT_WRITTEN = r"ONNX has no operator for np\.linalg\.(svd|eigh|eigvalsh|pinv)"
DECIDED_BY_NUMBERS = "the function cannot be recorded as a program"
REFUSED = {
    "eigvalsh", "eigh", "eigh of a lower triangle", "eigh of an upper triangle", "svd", "svd, thin",
    "svd, values alone", "svdvals", "pinv", "lstsq", "cond None", "cond -2", "norm of vectors, -1",
    "norm of matrices, nuc", "norm of matrices, 2", "norm of matrices, -2", "norm of a matrix", "matrix_norm",
}  # fmt: skip
"""The calls of matrices that are refused: by eigenvalues and singular values, or as programs are."""
CASES = [(call, shape) for call in CALLS for shape in call.shapes]


def parts(y: Any) -> list[Any]:
    """All arrays of a result."""
    return [p for q in y for p in parts(q)] if isinstance(y, (tuple, list)) else [y]


def moves(y: Any) -> bool:
    return isinstance(y, Tensor) and y.requires_grad and y.dtype.kind == "f"


def moving(call: Call, leaf: Tensor) -> Any:
    """The call, of whose results those that move: truth values and signs have no derivative."""
    kept = [k for k, y in enumerate(parts(call.f(leaf))) if moves(y)]
    return lambda x: tuple(parts(call.f(x))[k] for k in kept)


def weighted(f: Any) -> Any:
    """One number, in which each entry has another weight."""
    return lambda x: sum((y * np.linspace(0.5, 1.5, y.size).reshape(y.shape)).sum() for y in f(x))


@pytest.mark.parametrize(
    ("call", "shape"), CASES, ids=[f"{call.name}-{shape}" for call, shape in CASES]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_values_and_gradients_are_the_engines(
    call: Call, shape: tuple[int, ...], record_property: Any
) -> None:
    x = call.operand(shape)
    new = np.random.default_rng([9, *shape]).uniform(call.low, call.high, shape)
    leaf = Tensor(new, requires_grad=True)
    f = moving(call, leaf)
    if not f(leaf):
        record_property("suite", ("NumPy's calls as ONNX models", {"without a derivative": 1}))
        return
    if call.name in REFUSED and len(shape) > 1:
        with pytest.raises((SourceError, TraceError), match=f"{NOT_WRITTEN}|{DECIDED_BY_NUMBERS}"):
            to_onnx(f, x)
        record_property("suite", ("NumPy's calls as ONNX models", {"refused": 1}))
        return
    outputs, who = run(to_onnx(f, x, batch=None), new)
    for got, want in zip(outputs.values(), f(leaf), strict=True):
        assert (got.shape, got.dtype) == (want.shape, want.dtype)
        np.testing.assert_allclose(got, want.value, rtol=1e-11, atol=1e-12)
    weighted(f)(leaf).backward()
    want = np.zeros(shape) if leaf.grad is None else leaf.grad
    slope = to_onnx(weighted(f), x, gradients=True, batch=None)
    np.testing.assert_allclose(run(slope, new)[0]["d_x"], want, rtol=1e-11, atol=1e-12)
    record_property("suite", ("NumPy's calls as ONNX models", {f"agree in {who}": 1}))
