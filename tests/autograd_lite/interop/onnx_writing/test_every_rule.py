"""Every rule as an ONNX model: its value and its gradient, at numbers at which it was not recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the models are ONNX's: pip install onnx")
pytest.importorskip("onnxruntime", reason="no oracle: pip install onnxruntime")

from autograd_lite import Tensor
from autograd_lite.errors import SourceError
from autograd_lite.interop import to_onnx
from autograd_lite.rules import RULES
from tests.autograd_lite.interop.onnx_writing.runtimes import run
from tests.autograd_lite.rules.cases import Case
from tests.autograd_lite.rules.examples import CASES, applied, as_dtype, moving

REFUSED = {
    "eigenvectors": "np.linalg.eigh",
    "singular_vectors": "np.linalg.svd",
    "eigvalsh": "np.linalg.eigvalsh",
    "svdvals": "np.linalg.svd",
    "pinv": "np.linalg.pinv",
}
"""What is not written in ONNX, and what its message names."""
CLOSE = {"float64": (1e-12, 1e-13), "float32": (2e-5, 2e-6)}
"""Relative and absolute, by dtype."""
BY_NAME = {
    name: [as_dtype(case, dtype) for dtype in CLOSE for case in CASES if case.rule == name]
    for name in sorted({case.rule for case in CASES})
}


def dtype_of(case: Case) -> str:
    kinds = {str(x.dtype) for x in case.operands if isinstance(x, np.ndarray)}
    return "float32" if "float32" in kinds else "float64"


def recorded_at(case: Case) -> list[Any]:
    """Floating operands as arrays: the inputs of the model."""
    return [np.asarray(x, dtype_of(case)) for x in moving(case)]


def others(inputs: list[Any]) -> list[Any]:
    """Other numbers of the same form, where the cases' functions are smooth too."""
    return [np.asarray(x * 0.875, x.dtype) for x in inputs]


def weighted(case: Case) -> Any:
    """One number of the case, which asks for all entries of the result, each with another weight."""
    f = applied(case)

    def g(*xs: Any) -> Any:
        y = f(*xs)
        weights = np.linspace(0.5, 1.5, int(np.prod(y.shape, dtype=int))).reshape(y.shape)
        return (y * weights.astype(y.dtype)).sum()

    return g


def compare(case: Case, got: Any, want: Any) -> None:
    rtol, atol = CLOSE[dtype_of(case)]
    assert (got.shape, got.dtype) == (np.shape(want), want.dtype), str(case)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol, err_msg=str(case))


def values(case: Case) -> str:
    """Who has computed the same value as the engine."""
    inputs = recorded_at(case)
    model = to_onnx(applied(case), *inputs, batch=None)
    outputs, who = run(model, *others(inputs))
    compare(
        case, outputs[model.graph.output[0].name], applied(case)(*map(Tensor, others(inputs))).value
    )
    return who


def gradients(case: Case) -> Iterator[str]:
    """Who has computed the same gradient as the engine's backward pass, by each operand."""
    inputs = recorded_at(case)
    model = to_onnx(weighted(case), *inputs, gradients=True, batch=None)
    outputs, who = run(model, *others(inputs))
    xs = [Tensor(x, requires_grad=True) for x in others(inputs)]
    weighted(case)(*xs).backward()
    for x, info in zip(xs, model.graph.input, strict=True):
        compare(
            case, outputs[f"d_{info.name}"], np.zeros_like(x.value) if x.grad is None else x.grad
        )
        yield who


@pytest.mark.parametrize("name", [n for n in BY_NAME if n not in REFUSED])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the reference, at poles that are masked
def test_value_and_gradient_are_the_engines(name: str, record_property: Any) -> None:
    found: Counter[str] = Counter()
    for case in BY_NAME[name]:
        if not any(case.differentiable):
            continue
        found[f"values by {values(case)}"] += 1
        found.update(f"gradients by {who}" for who in gradients(case))
    record_property("suite", ("Rules as ONNX models", dict(found)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_written_is_refused_by_name(name: str, record_property: Any) -> None:
    case = BY_NAME[name][0]
    with pytest.raises(SourceError, match=f"ONNX has no operator for {REFUSED[name]}"):
        to_onnx(applied(case), *recorded_at(case))
    record_property("suite", ("Rules as ONNX models", {"rules refused": 1}))


def test_the_rules_that_have_a_derivative_are_all_here() -> None:
    """But for leaves, which are no operations, and those without any derivative."""
    without = {name for name, rule in RULES.items() if name not in BY_NAME}
    assert without <= {"constant", "variable"}
