"""A model as it is read from a file, from bytes or from an object: its graph, its functions, its versions."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from autograd_lite.errors import GraphError, OperandError, brief
from autograd_lite.interop.onnx_reading.budget import MOST_STEPS
from autograd_lite.interop.onnx_reading.functions import opsets_of
from autograd_lite.interop.onnx_reading.names import checked, shown
from autograd_lite.interop.onnx_reading.structure import check_graph, check_nodes, check_texts

_LARGEST: Final = 2**31
"""How many bytes a message of Protocol Buffers may have."""


@dataclass(frozen=True)
class Model:
    """A model whose structure has been checked.

    graph      ONNX's GraphProto
    functions  the model's own, by domain, name and overload
    opsets     the versions of the operators' domains; "" is ONNX's own
    """

    graph: Any
    functions: dict[tuple[str, str, str], Any]
    opsets: dict[str, int]


def load(source: object) -> Model:
    """The model at a path, or the ModelProto itself.

    Raises GraphError when it is no model, or one that is broken; OperandError for what is neither a path
    nor a model; ImportError without the library onnx.
    """
    proto = _proto(source)
    if len(proto.graph.node) > MOST_STEPS:
        raise GraphError(f"the model has more than the {MOST_STEPS:,} nodes that are run")
    check_texts(proto)
    if not proto.HasField("graph") or not proto.graph.output:
        raise GraphError("this is no ONNX model: it has no graph, or one without outputs")
    opsets = opsets_of(proto)
    check_version(opsets, needed=bool(proto.graph.node))
    functions = _functions(proto)
    check_graph(proto.graph)
    return Model(proto.graph, functions, opsets)


def _proto(source: object) -> Any:
    try:
        import onnx
    except ImportError:
        raise ImportError(
            "reading ONNX needs its library: pip install 'autograd_lite[onnx]'"
        ) from None
    if isinstance(source, onnx.ModelProto):
        return source
    if not isinstance(source, (str, PathLike)):
        raise OperandError(
            f"a model is a path to an .onnx file or an onnx.ModelProto, not {brief(source)}"
        )
    return _parsed(Path(fspath(source)))


def _parsed(path: Path) -> Any:
    """The message in a file."""
    from onnx import ModelProto

    if "\0" in str(path) or (path.exists() and not path.is_file()):
        raise GraphError(f"{shown(str(path))} is no file")  # a device or a pipe may have no end
    if path.is_file() and path.stat().st_size >= _LARGEST:
        raise GraphError(f"{shown(path.name)} is larger than a model in one file can be")
    try:
        return ModelProto.FromString(path.read_bytes())
    except _decode_errors():
        raise GraphError(
            f"{shown(path.name)} is no ONNX model: it is damaged or another kind of file"
        ) from None


def _decode_errors() -> tuple[type[Exception], ...]:
    from google.protobuf.message import DecodeError

    return (DecodeError,)


def check_version(opsets: dict[str, int], needed: bool) -> None:
    """Raise GraphError when a version of ONNX's own operators is not said, or is none."""
    from onnx.defs import onnx_opset_version

    version = opsets.get("")
    if version is None:
        if needed and not opsets:
            raise GraphError(
                "the model does not say which version of ONNX's operators it is written in"
            )
        return
    if not 1 <= version <= onnx_opset_version():
        raise GraphError(
            f"the model is written in version {version} of ONNX's operators, and the library onnx here "
            f"knows versions 1 to {onnx_opset_version()}"
        )


def _functions(proto: Any) -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = {}
    for function in proto.functions:
        key = function.domain, checked(function.name, "a function's name"), function.overload
        if key in found:
            raise GraphError(f"two functions are called {shown(function.name)}")
        found[key] = function
        check_version(opsets_of(function), needed=False)
        names = {checked(name, "an input's name") for name in function.input}
        check_nodes(function.node, names)
        for name in function.output:
            if name not in names:
                raise GraphError(
                    f"the function {shown(function.name)} does not compute {shown(name)}"
                )
    return found
