"""Small models of ONNX, written down: nodes, inputs, outputs, initialisers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="no models: pip install onnx")
helper, TensorProto = onnx.helper, onnx.TensorProto

CODES = {
    "float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "int64": TensorProto.INT64,
    "int32": TensorProto.INT32, "bool": TensorProto.BOOL, "float16": TensorProto.FLOAT16,
    "uint8": TensorProto.UINT8, "string": TensorProto.STRING,
}  # fmt: skip


def value(name: str, shape: Sequence[Any] | None, dtype: str = "float64") -> Any:
    """The declaration of an input or output; None for a shape that is not said."""
    return helper.make_tensor_value_info(name, CODES[dtype], shape)


def node(op: str, inputs: str, outputs: str, name: str = "", **attributes: Any) -> Any:
    """A node; names are separated by blanks, and "_" is one that is left out."""
    given, made = (["" if n == "_" else n for n in names.split()] for names in (inputs, outputs))
    return helper.make_node(op, given, made, name=name, **attributes)


def model(
    nodes: Sequence[Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    initialisers: dict[str, Any] | None = None,
    opset: int = 20,
    functions: Sequence[Any] = (),
) -> Any:
    """A model whose inputs and outputs are declarations, or names of numbers in float64 of any shape."""
    declared = [
        [value(x, None) if isinstance(x, str) else x for x in some] for some in (inputs, outputs)
    ]
    tensors = [
        onnx.numpy_helper.from_array(np.asarray(array), name)
        for name, array in (initialisers or {}).items()
    ]
    graph = helper.make_graph(list(nodes), "graph", *declared, tensors)
    imports = [helper.make_opsetid("", opset)]
    imports += [helper.make_opsetid(d, 1) for d in sorted({f.domain for f in functions})]
    return helper.make_model(graph, opset_imports=imports, functions=list(functions), ir_version=10)


def one(op: str, *given: Any, opset: int = 20, outputs: int = 1, **attributes: Any) -> Any:
    """A model of one operator for inputs like these; None is one that is left out."""
    names = [f"x{k}" if x is not None else "_" for k, x in enumerate(given)]
    made = [f"y{k}" for k in range(outputs)]
    declared = [
        value(name, list(np.shape(x)), str(np.asarray(x).dtype))
        for name, x in zip(names, given, strict=True)
        if x is not None
    ]
    only = node(op, " ".join(names), " ".join(made), **attributes)
    return model(
        [only], declared, [helper.make_empty_tensor_value_info(y) for y in made], opset=opset
    )
