"""ONNX's own vectors of its operators: the same arrays in, the same arrays out."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no vectors: pip install onnx")

from autograd_lite import Tensor
from autograd_lite.errors import AutogradError
from tests.peers.onnx_calls import OPERATORS

FLOATING = (np.float32, np.float64)


def vectors() -> list[Any]:
    """Models of one node whose operator is known here and whose first input holds floats."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases

        cases = collect_testcases(None)
    return [
        case
        for case in cases
        if len(case.model.graph.node) == 1
        and case.model.graph.node[0].op_type in OPERATORS
        and case.model.graph.node[0].domain == ""
        and all(np.asarray(y).dtype in FLOATING for _, ys in case.data_sets for y in ys)
        and all(isinstance(x, np.ndarray | np.generic) for xs, _ in case.data_sets for x in xs)
    ]


VECTORS = vectors()


def operands(case: Any, given: list[Any]) -> list[Any]:
    """The inputs by the node's places; what is left out is None."""
    left = iter(given)
    return [next(left) if name else None for name in case.model.graph.node[0].input]


def as_given(x: Any) -> Any:
    return Tensor(x, requires_grad=True) if x is not None and np.asarray(x).dtype in FLOATING else x


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of poles
def test_the_arrays_are_onnxs(case: Any, record_property: Any) -> None:
    outcomes = Counter(agrees(case, operands(case, xs), ys) for xs, ys in case.data_sets)
    record_property("suite", ("ONNX's vectors", dict(outcomes)))


def agrees(case: Any, xs: list[Any], expected: list[Any]) -> str:
    """Whether the arrays agree or are refused; fails when they do neither."""
    node = case.model.graph.node[0]
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in attributes.items()}
    if node.op_type == "Split":
        attributes.setdefault("num_outputs", len(node.output))
    try:
        y = OPERATORS[node.op_type](*map(as_given, xs), **attributes)
    except AutogradError:
        return "refused"
    for mine, theirs in zip(y if isinstance(y, (list, tuple)) else [y], expected, strict=True):
        assert mine.shape == theirs.shape
        close = max(case.rtol, 1e-6), max(case.atol, 1e-7)
        np.testing.assert_allclose(mine.numpy(), theirs, *close)
    return "agree"
