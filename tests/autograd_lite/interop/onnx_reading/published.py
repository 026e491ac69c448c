"""ONNX's own cases of its nodes, and which of them are of operators and types that are read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from autograd_lite.interop.onnx_reading.operators.table import supported
from autograd_lite.interop.onnx_reading.tensors import CODES

onnx = pytest.importorskip("onnx", reason="no cases: pip install onnx")


@cache
def cases() -> list[Any]:
    """All of ONNX's cases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases

        return list(collect_testcases(None))


def nodes_in(graph: Any) -> Iterator[Any]:
    """The nodes of a graph and of the graphs inside."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from nodes_in(attribute.g)


def readable(case: Any) -> bool:
    """Whether the operators are read here, and the types of all that goes in and out."""
    known = set(supported())
    graph = case.model.graph
    if not all(n.domain == "" and n.op_type in known for n in nodes_in(graph)):
        return False
    kinds = [x.type for x in (*graph.input, *graph.output)]
    return all(
        k.WhichOneof("value") == "tensor_type" and k.tensor_type.elem_type in CODES.values()
        for k in kinds
    )


def in_double(model: Any) -> Any:
    """A model of one node with float64 in the place of float32, where the operator takes it there."""
    found = type(model)()
    found.CopyFrom(model)
    (node,) = found.graph.node
    schema = onnx.defs.get_schema(node.op_type, found.opset_import[0].version, "")
    places = {
        name: schema.inputs[min(k, len(schema.inputs) - 1)] for k, name in enumerate(node.input)
    }
    for value in found.graph.input:
        kind = value.type.tensor_type
        if kind.elem_type == onnx.TensorProto.FLOAT and not places[value.name].type_str.startswith(
            "tensor("
        ):
            kind.elem_type = onnx.TensorProto.DOUBLE
    for value in found.graph.output:
        value.ClearField("type")
    return found
