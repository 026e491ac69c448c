"""A model's functions, and those that ONNX's schema says an operator is: their nodes are run in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from autograd_lite.errors import GraphError
from autograd_lite.interop.onnx_reading.environment import Environment, Frame, Result
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.tensors import CODES
from autograd_lite.interop.onnx_reading.values import NDArray, dtype_of


class Runner(Protocol):
    """What runs nodes: `running.Run`."""

    def initialisers(self, graph: Any) -> Mapping[str, NDArray]:
        """The arrays that a graph has in itself, read once."""

    def nodes(self, nodes: Iterable[Any], frame: Frame) -> None:
        """Run them in their order."""

    def inside(self) -> AbstractContextManager[None]:
        """One function or graph deeper."""


def called(
    run: Runner,
    body: Any,
    inputs: Sequence[Result],
    attributes: Mapping[str, Any],
    outputs: Sequence[str],
) -> list[Result]:
    """The outputs of a function that the caller gives names; nothing where a name is empty.

    Raises GraphError when inputs or outputs do not fit the function.
    """
    _check_call(body, len(inputs), len(outputs))
    values = Environment()
    left_out = [Result(None)] * (len(body.input) - len(inputs))
    for name, x in zip(body.input, [*inputs, *left_out], strict=True):
        values.write(name, x)
    bound = {
        **dict.fromkeys(body.attribute),
        **{a.name: a for a in body.attribute_proto},
        **attributes,
    }
    with run.inside():
        run.nodes(body.node, Frame(values, opsets_of(body), bound))
    asked = zip(outputs, body.output, strict=False)
    return [values.read(own) if name else Result(None) for name, own in asked]


def _check_call(body: Any, inputs: int, outputs: int) -> None:
    """Refuse a call with more inputs, or for more outputs, than the function has."""
    if inputs > len(body.input) or outputs > len(body.output):
        raise GraphError(
            f"the function takes {len(body.input)} inputs and gives {len(body.output)} outputs, and is "
            f"called with {inputs} for {outputs}"
        )


def opsets_of(proto: Any) -> dict[str, int]:
    """The versions of the operators' domains that a model or a function imports; "" is ONNX's own.

    Raises GraphError when a domain is named twice.
    """
    found: dict[str, int] = {}
    for opset in proto.opset_import:
        domain = "" if opset.domain == "ai.onnx" else opset.domain
        if domain in found:
            raise GraphError(f"the domain {shown(domain)} is imported twice")
        found[domain] = opset.version
    return found


def of_schema(
    schema: Any, node: Any, version: int, inputs: Sequence[Result], given: Mapping[str, Any]
) -> Any:
    """The function that ONNX's schema says an operator is, for inputs of these types and shapes."""
    from onnx import FunctionProto

    if schema.has_function:
        own = _latest(schema.function_opset_versions, version)
        raw = schema.get_function_with_opset_version(own)
    else:
        own = _latest(schema.context_dependent_function_opset_versions, version)
        types = [_type_of(x) for x in inputs]
        raw = schema.get_context_dependent_function_with_opset_version(
            own, _caller(node, inputs, given), types
        )
    return FunctionProto.FromString(raw)


def _caller(node: Any, inputs: Sequence[Result], given: Mapping[str, Any]) -> bytes:
    """The node as ONNX's schema is told of it, with all its attributes."""
    from onnx import NodeProto

    caller = NodeProto(
        op_type=node.op_type,
        input=[f"x{k}" if x.value is not None else "" for k, x in enumerate(inputs)],
        output=list(node.output),
        attribute=list(given.values()),
    )
    raw: bytes = caller.SerializeToString()
    return raw


def _latest(versions: Sequence[int], version: int) -> int:
    return max((v for v in versions if v <= version), default=min(versions))


def _type_of(x: Result) -> bytes:
    import onnx

    if x.value is None:
        return b""
    kind = onnx.helper.make_tensor_type_proto(CODES[str(dtype_of(x.value))], x.value.shape)
    raw: bytes = kind.SerializeToString()
    return raw
