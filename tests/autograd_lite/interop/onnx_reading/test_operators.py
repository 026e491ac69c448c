"""Operators where ONNX's own cases leave something open: against onnxruntime, and as versions differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="no models: pip install onnx")
pytest.importorskip("onnxruntime", reason="no peer: pip install onnxruntime")

from autograd_lite.errors import AutogradError, OperandError
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import one
from tests.autograd_lite.interop.onnx_reading.runtime import run

RNG = np.random.default_rng(0)
F = np.float32


def numbers(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    return RNG.uniform(low, high, shape).astype(F)


def whole(*values: int, dtype: Any = np.int64) -> Any:
    return np.array(values, dtype)


X, IMAGE, LINE, CUBE = (
    numbers(2, 3, 4),
    numbers(2, 4, 7, 6),
    numbers(2, 4, 9),
    numbers(1, 2, 5, 4, 6),
)
ROWS = RNG.integers(0, 3, (2, 2, 4))
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Conv", (LINE, numbers(6, 2, 3)), {"group": 2, "pads": [2, 1], "strides": [2]}),
    ("Conv", (IMAGE, numbers(3, 4, 3, 2), numbers(3)), {"pads": [1, 0, 2, 1], "dilations": [2, 1]}),
    ("Conv", (IMAGE, numbers(3, 4, 3, 2)), {"auto_pad": "SAME_LOWER", "strides": [2, 3]}),
    ("Conv", (CUBE, numbers(3, 2, 2, 3, 2), numbers(3)), {"pads": [1, 0, 0, 0, 1, 1]}),
    ("ConvTranspose", (LINE, numbers(4, 3, 3)), {"strides": [2], "pads": [0, 1], "group": 2}),
    ("ConvTranspose", (IMAGE, numbers(4, 3, 3, 2), numbers(3)),
     {"strides": [2, 3], "output_padding": [1, 2], "dilations": [2, 1], "pads": [1, 0, 2, 1]}),
    ("ConvTranspose", (CUBE, numbers(2, 3, 2, 2, 2)), {"strides": [2, 1, 1]}),
    ("MaxPool", (LINE,), {"kernel_shape": [3], "pads": [2, 2], "strides": [2]}),
    ("MaxPool", (IMAGE,), {"kernel_shape": [3, 2], "pads": [1, 1, 0, 1], "ceil_mode": 1, "strides": [2, 2]}),
    ("MaxPool", (IMAGE,), {"kernel_shape": [2, 2], "dilations": [2, 3]}),
    ("MaxPool", (CUBE,), {"kernel_shape": [2, 2, 2], "strides": [2, 1, 2]}),
    ("AveragePool", (LINE,), {"kernel_shape": [3], "pads": [1, 1], "count_include_pad": 1}),
    ("AveragePool", (IMAGE,), {"kernel_shape": [3, 2], "pads": [1, 1, 0, 1], "strides": [2, 2]}),
    ("AveragePool", (CUBE,), {"kernel_shape": [2, 2, 2]}),
    ("LpPool", (IMAGE,), {"kernel_shape": [2, 2], "p": 3}),
    ("GlobalLpPool", (IMAGE,), {"p": 3}),
    ("LRN", (IMAGE,), {"size": 3, "alpha": 0.1, "beta": 0.6, "bias": 1.5}),
    ("BatchNormalization",
     (IMAGE, numbers(4), numbers(4), numbers(4), numbers(4, low=0.5)), {"epsilon": 0.01}),
    ("InstanceNormalization", (LINE, numbers(4), numbers(4)), {}),
    ("Gemm", (numbers(4, 3), numbers(4, 5), numbers(5)), {"transA": 1, "alpha": 0.5, "beta": 2.0}),
    ("Einsum", (numbers(2, 3, 4), numbers(2, 4, 5)), {"equation": "bij,bjk->bik"}),
    ("Einsum", (numbers(2, 3, 4),), {"equation": "...ij->...ji"}),
    ("Gather", (X, whole(0, -1, 2)), {"axis": 1}),
    ("GatherElements", (X, RNG.integers(-3, 3, (1, 3, 2))), {"axis": 1}),
    ("GatherND", (X, RNG.integers(-2, 2, (2, 5, 1))), {"batch_dims": 1}),
    ("ScatterElements", (X, ROWS, numbers(2, 2, 4)), {"axis": 1, "reduction": "mul"}),
    ("ScatterElements", (X, ROWS, numbers(2, 2, 4)), {"axis": 1, "reduction": "max"}),
    ("ScatterND", (X, RNG.integers(0, 2, (5, 1)), numbers(5, 3, 4)), {"reduction": "add"}),
    ("ScatterND", (X, RNG.integers(0, 2, (5, 2)), numbers(5, 4)), {"reduction": "min"}),
    ("OneHot", (whole(0, 2, -1, 7), np.array(3), numbers(2)), {"axis": 0}),
    ("TopK", (X, whole(2)), {"axis": 1, "largest": 0}),
    ("Pad", (X, whole(1, 0, -1, 0, 2, 1), np.array(3.0, F)), {}),
    ("Pad", (X, whole(0, 1, 1, 0, 1, 2)), {"mode": "reflect"}),
    ("Pad", (X, whole(2, 1), None, whole(-1)), {"mode": "edge"}),
    ("Pad", (X, whole(2, 3), None, whole(1)), {"mode": "wrap"}),
    ("Slice", (X, whole(-1, 3), whole(-100, 0), whole(1, 2), whole(-1, -2)), {}),
    ("Resize", (IMAGE, None, np.array([1, 1, 1.7, 0.6], F)), {"mode": "linear"}),
    ("Resize", (IMAGE, None, None, whole(2, 4, 9, 4)),
     {"mode": "cubic", "coordinate_transformation_mode": "align_corners", "cubic_coeff_a": -0.5}),
    ("Resize", (IMAGE, None, None, whole(2, 4, 9, 4)), {"mode": "cubic", "exclude_outside": 1}),
    ("Resize", (IMAGE, None, None, whole(2, 4, 3, 4)), {"mode": "linear", "antialias": 1}),
    ("Resize", (IMAGE, None, None, whole(2, 4, 11, 3)),
     {"nearest_mode": "ceil", "coordinate_transformation_mode": "asymmetric"}),
    ("Resize", (IMAGE, None, None, whole(2, 4, 11, 3)),
     {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}),
    ("CumSum", (X, np.array(1)), {"exclusive": 1, "reverse": 1}),
    ("CumSum", (numbers(2, 0), np.array(1)), {"exclusive": 1}),
    ("Hardmax", (numbers(4, 0, 2),), {"axis": 1}),
    ("ReduceL2", (X, whole(0, 2)), {"keepdims": 0}),
    ("ReduceLogSumExp", (X, whole(1)), {}),
    ("ReduceProd", (X, whole(-1)), {"keepdims": 0}),
    ("ArgMax", (np.array([[1, 3, 3], [2, 2, 1]], F),), {"axis": 1, "select_last_index": 1}),
    ("Mod", (whole(5, -5, 7, -7), whole(3, 3, -4, -4)), {}),
    ("Mod", (numbers(6), numbers(6, low=0.5)), {"fmod": 1}),
    ("Div", (whole(5, -5, 7, -7), whole(3, 3, -4, -4)), {}),
    ("Pow", (numbers(5, low=0.1), whole(2, 3, 0, -1, 1)), {}),
    ("Pow", (whole(2, 3, 4), np.array([2.0, 0.5, 1.5], F)), {}),
    ("BitShift", (whole(1, 200, 3, dtype=np.uint8), whole(3, 2, 1, dtype=np.uint8)), {"direction": "LEFT"}),
    ("Gelu", (X,), {"approximate": "tanh"}),
    ("Celu", (X,), {"alpha": 0.7}),
    ("Selu", (X,), {}),
    ("Shrink", (X,), {"lambd": 0.7, "bias": 0.2}),
    ("HardSwish", (X,), {}),
    ("Mish", (X,), {}),
    ("ThresholdedRelu", (X,), {"alpha": 0.3}),
    ("LpNormalization", (X,), {"axis": 1, "p": 1}),
    ("LayerNormalization", (X, numbers(3, 4), numbers(4)), {"axis": 1}),
    ("DepthToSpace", (numbers(1, 8, 2, 3),), {"blocksize": 2, "mode": "CRD"}),
    ("Trilu", (X, np.array(-1)), {"upper": 0}),
    ("ReverseSequence", (X, whole(1, 3)), {"batch_axis": 0, "time_axis": 1}),
    ("Range", (np.array(3.0, F), np.array(-1.0, F), np.array(-0.7, F)), {}),
    ("Clip", (X, np.array(1.0, F), np.array(-1.0, F)), {}),
    ("PRelu", (X, numbers(3, 1)), {}),
    ("IsInf", (np.array([1, np.inf, -np.inf, np.nan], F),), {"detect_positive": 0}),
    ("Cast", (np.array([1.5, -2.7, 0.0], F),), {"to": 7}),
    ("Cast", (np.array([1.5, -2.7, 0.0], F),), {"to": 9}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "given", "options"), CALLS, ids=[f"{k}-{call[0]}" for k, call in enumerate(CALLS)]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_onnxruntime_gives_the_same(op: str, given: Any, options: Any) -> None:
    opset = {"Pad": 19, "Mod": 20}.get(op, 20)
    outputs = {"TopK": 2}.get(op, 1)
    written = one(op, *given, opset=opset, outputs=outputs, **options)
    here = [x for x in given if x is not None]
    ours = from_onnx(written, *here).outputs
    for mine, theirs in zip(ours, run(written, *here), strict=True):
        assert mine.shape == theirs.shape
        np.testing.assert_allclose(mine.numpy(), theirs, rtol=3e-5, atol=3e-6)


VERSIONS: list[tuple[str, int, tuple[Any, ...], dict[str, Any]]] = [
    ("Softmax", 12, (X,), {"axis": 1}),
    ("Softmax", 12, (X,), {}),
    ("Softmax", 13, (X,), {"axis": 1}),
    ("Softmax", 13, (X,), {}),
    ("LogSoftmax", 11, (X,), {"axis": -2}),
    ("Hardmax", 11, (X,), {}),
    ("ReduceSum", 11, (X,), {"axes": [0, -1], "keepdims": 0}),
    ("ReduceSum", 13, (X, whole(0, -1)), {"keepdims": 0}),
    ("ReduceMean", 17, (X,), {"axes": [1]}),
    ("ReduceMean", 18, (X, whole(1)), {}),
    ("ReduceMax", 18, (X,), {"noop_with_empty_axes": 1}),
    ("Squeeze", 11, (numbers(1, 3, 1),), {"axes": [0]}),
    ("Squeeze", 13, (numbers(1, 3, 1), whole(0)), {}),
    ("Unsqueeze", 11, (X,), {"axes": [0, -1]}),
    ("Unsqueeze", 13, (X, whole(0, -1)), {}),
    ("Split", 11, (X,), {"axis": 2, "split": [1, 3]}),
    ("Split", 13, (X, whole(1, 3)), {"axis": 2}),
    ("Split", 18, (numbers(5, 2),), {"num_outputs": 2}),
    ("Clip", 10, (X,), {"min": -0.5, "max": 0.5}),
    ("Clip", 11, (X, np.array(-0.5, F)), {}),
    ("Pad", 10, (X,), {"pads": [0, 1, 0, 0, 0, 2], "value": 1.5}),
    ("Slice", 9, (X,), {"starts": [1, -2], "ends": [9, -1], "axes": [1, 2]}),
    ("TopK", 9, (X,), {"k": 2}),
    ("Upsample", 9, (IMAGE, np.array([1, 1, 2, 3], F)), {"mode": "nearest"}),
    ("Resize", 10, (IMAGE, np.array([1, 1, 2, 1.5], F)), {"mode": "linear"}),
    ("Dropout", 11, (X,), {"ratio": 0.9}),
    ("Dropout", 13, (X, np.array(0.9, F)), {}),
    ("BatchNormalization", 9, (IMAGE, numbers(4), numbers(4), numbers(4), numbers(4, low=0.5)), {}),
    ("BatchNormalization", 15, (IMAGE, numbers(4), numbers(4), numbers(4), numbers(4, low=0.5)), {}),
    ("GroupNormalization", 21, (IMAGE, numbers(4), numbers(4)), {"num_groups": 2}),
    ("Gelu", 20, (X,), {}),
    ("HardSwish", 14, (X,), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "opset", "given", "options"),
    VERSIONS,
    ids=[f"{v[0]}-{v[1]}-{k}" for k, v in enumerate(VERSIONS)],
)
def test_an_operator_means_what_its_version_says(
    op: str, opset: int, given: Any, options: Any
) -> None:
    outputs = 2 if op in ("Split", "TopK") else 1
    written = one(op, *given, opset=opset, outputs=outputs, **options)
    ours = from_onnx(written, *given).outputs
    for mine, theirs in zip(ours, run(written, *given), strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs, rtol=3e-5, atol=3e-6)


REFUSED: list[tuple[str, int, tuple[Any, ...], dict[str, Any], str]] = [
    ("Add", 20, (X,), {}, "1 inputs"),
    ("Add", 20, (X, whole(1)), {}, "one type"),
    ("Relu", 20, (X,), {"colour": 1}, "no attribute 'colour'"),
    ("Elu", 20, (X,), {"alpha": "x"}, "not of kind FLOAT"),
    ("Concat", 20, (X, X), {}, "axis is missing"),
    ("Softmax", 13, (X,), {"axis": 3}, "axis 3"),
    ("ReduceSum", 11, (X, whole(0)), {}, "2 inputs"),
    ("Add", 6, (X, X), {"broadcast": 1}, "means something else"),
    ("Reshape", 20, (X, whole(5, 5)), {}, "reshape"),
    ("Transpose", 20, (X,), {"perm": [0, 1]}, "perm"),
    ("Expand", 20, (X, whole(2, 2)), {}, "broadcast"),
    ("Gather", 20, (X, whole(9)), {}, "place 9"),
    ("Conv", 20, (IMAGE, numbers(3, 3, 2, 2)), {}, "channels"),
    ("Conv", 20, (IMAGE, numbers(3, 4, 2, 2)), {"strides": [0, 1]}, "strides"),
    ("MaxPool", 20, (IMAGE,), {"kernel_shape": [9, 9]}, "do not fit"),
    ("Resize", 20, (IMAGE, None, np.array([1, 1, -1, 1], F)), {}, "scales"),
    ("Resize", 20, (IMAGE, None, np.array([1, 1, 2, 2], F)), {"mode": "magic"}, "mode"),
    ("Pad", 20, (X, whole(0, 0, 0, 0, 0, 0)), {"mode": "magic"}, "mode"),
    ("Einsum", 20, (X,), {"equation": "ij,jk->ik"}, "does not fit"),
    ("Mod", 20, (X, X), {}, "fmod=1"),
    ("Div", 20, (whole(1), whole(0)), {}, "divided by 0"),
    ("Cast", 20, (np.array([np.nan], F),), {"to": 7}, "no number of type int64"),
    ("Cast", 20, (X,), {"to": 10}, "float16"),
    ("LayerNormalization", 20, (X, numbers(4)), {"stash_type": 11}, "stash_type"),
    ("LpPool", 20, (IMAGE,), {"kernel_shape": [2, 2], "p": 0}, "p is"),
    ("GridSample", 20, (IMAGE, numbers(2, 3, 3, 2)), {}, "GridSample is not read"),
    ("NoSuchOperator", 20, (X,), {}, "no operator 'NoSuchOperator'"),
    ("ConstantOfShape", 20, (whole(-1),), {}, "negative"),
    ("Dropout", 13, (X, np.array(0.5, F), np.array(True)), {}, "training_mode"),
    ("Scatter", 20, (X, whole(0), X), {}, "given the operator 'Scatter' up"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("op", "opset", "given", "options", "reason"),
    REFUSED,
    ids=[f"{k}-{r[0]}" for k, r in enumerate(REFUSED)],
)
def test_what_is_not_read_is_refused_with_node_and_reason(
    op: str, opset: int, given: Any, options: Any, reason: str
) -> None:
    written = one(op, *given, opset=opset, **options)
    with pytest.raises(AutogradError, match=rf"^node 0 \({op}\): .*{reason}"):
        from_onnx(written, *(x for x in given if x is not None))


def test_an_output_that_is_not_computed_is_refused_by_name() -> None:
    with pytest.raises(OperandError, match="'y1' is not computed"):
        from_onnx(one("BatchNormalization", *[IMAGE, *[numbers(4)] * 4], outputs=2, opset=9),
                  IMAGE, *[numbers(4, low=0.5)] * 4)  # fmt: skip
