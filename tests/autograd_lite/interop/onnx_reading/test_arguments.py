"""Inputs are checked against what the model declares: how many, of which type, of which shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.interop import from_onnx
from tests.autograd_lite.interop.onnx_reading.building import model, node, value


def product(*shapes: Any, dtype: str = "float64") -> Any:
    declared = [value(f"x{k}", shape, dtype) for k, shape in enumerate(shapes)]
    return model([node("MatMul", "x0 x1", "y")], declared, [value("y", None, dtype)])


PRODUCT = product(["batch", 3], [3, "width"])


def test_lists_numbers_and_constant_tensors_are_taken() -> None:
    for x in ([[1, 2, 3]], np.array([[1.0, 2.0, 3.0]]), Tensor([[1.0, 2.0, 3.0]])):
        assert from_onnx(PRODUCT, x, np.ones((3, 1))).outputs[0].item() == 6.0


def test_leaves_are_copies() -> None:
    x = np.ones((1, 3))
    graph = from_onnx(PRODUCT, x, np.ones((3, 1)))
    x[:] = 7.0
    assert graph.inputs[0].numpy().tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize("given", [(), (np.ones((1, 3)),), (np.ones((1, 3)),) * 3])
def test_as_many_as_declared(given: Any) -> None:
    with pytest.raises(
        OperandError, match=rf"takes 2 inputs \('x0', 'x1'\), and {len(given)} are given"
    ):
        from_onnx(PRODUCT, *given)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((1, 4)), r"shape \[1, 4\], and is declared with \[batch, 3\]"),
        (np.ones(3), r"shape \[3\], and is declared with \[batch, 3\]"),
    ],
)
def test_shapes_are_those_that_are_declared(x: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=f"the input 'x0' has {message}"):
        from_onnx(PRODUCT, x, np.ones((3, 1)))


def test_one_name_is_one_length() -> None:
    same = product(["n", "n"], ["n", "m"])
    assert from_onnx(same, np.ones((2, 2)), np.ones((2, 5))).outputs[0].shape == (2, 5)
    with pytest.raises(ShapeError, match=r"'n' was 2 in the input 'x0'"):
        from_onnx(same, np.ones((2, 3)), np.ones((3, 5)))
    with pytest.raises(ShapeError, match=r"the input 'x1' .* 'n' was 2"):
        from_onnx(same, np.ones((2, 2)), np.ones((3, 5)))


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        (np.ones((1, 3), np.float32), "declared as float64, and float32 is given"),
        (np.ones((1, 3), int), "declared as float64, and int64 is given"),
        ([["a", "b", "c"]], "declared as float64"),
        ([[1.0], [2.0, 3.0]], "no array"),
        (None, "declared as float64"),
        (object(), "declared as float64"),
        ([[1j, 2.0, 3.0]], "declared as float64"),
        ([[True, False, True]], "declared as float64"),
    ],
)
def test_types_are_those_that_are_declared(x: Any, reason: str) -> None:
    with pytest.raises(OperandError, match=f"the input 'x0' is .*{reason}"):
        from_onnx(PRODUCT, x, np.ones((3, 1)))


@pytest.mark.parametrize(
    ("x", "fits"), [([1, 2], True), ([1.0, 2.0], True), ([1.5, 2.0], False), ([2**40], False)]
)
def test_pythons_numbers_become_whole_ones_where_none_is_lost(x: Any, fits: bool) -> None:
    m = model([node("Neg", "n", "m")], [value("n", None, "int32")], [value("m", None, "int32")])
    if fits:
        assert from_onnx(m, x).outputs[0].numpy().tolist() == [-1.0, -2.0]
    else:
        with pytest.raises(OperandError, match="declared as int32"):
            from_onnx(m, x)


def test_a_part_of_another_graph_is_refused() -> None:
    with pytest.raises(OperandError, match=r"x\.numpy\(\)"):
        from_onnx(PRODUCT, Tensor(np.ones((1, 3)), requires_grad=True), np.ones((3, 1)))


def test_types_that_are_not_read_are_refused_by_name() -> None:
    for dtype, told in (("float16", "float16"), ("string", "strings")):
        m = model([node("Identity", "x", "y")], [value("x", [1], dtype)], [value("y", [1], dtype)])
        with pytest.raises(OperandError, match=f"the input 'x': its type {told} is not read"):
            from_onnx(m, [1.0])


def test_sequences_are_refused() -> None:
    sequence = onnx.helper.make_tensor_sequence_value_info("s", 1, None)
    m = model([node("Identity", "s", "y")], [sequence], ["y"])
    with pytest.raises(OperandError, match="the input 's' is a sequence"):
        from_onnx(m, [1.0])


def test_an_initialiser_that_is_also_an_input_is_not_asked_for() -> None:
    m = model(
        [node("Add", "x b", "y")], [value("x", [1]), value("b", [1])], ["y"], {"b": np.array([2.0])}
    )
    graph = from_onnx(m, [1.0])
    assert graph.outputs[0].item() == 3.0
    assert list(graph.parameters) == ["b"]


def test_an_output_is_as_it_is_declared() -> None:
    wrong = model([node("Neg", "x", "y")], [value("x", [2])], [value("y", [3])])
    with pytest.raises(ShapeError, match=r"the output 'y' has shape \[2\]"):
        from_onnx(wrong, [1.0, 2.0])
    wrong = model([node("Neg", "x", "y")], [value("x", [2])], [value("y", [2], "float32")])
    with pytest.raises(ValueError, match="the output 'y' is declared otherwise"):
        from_onnx(wrong, [1.0, 2.0])


def test_what_is_neither_path_nor_model_is_refused() -> None:
    for source in (None, 3, b"bytes", ["a.onnx"]):
        with pytest.raises(OperandError, match="path to an .onnx file"):
            from_onnx(source)
