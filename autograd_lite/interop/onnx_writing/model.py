"""A draft as an ONNX model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.drafting import Drafted, refuse_large
from autograd_lite.interop.onnx_writing.tidying import tidied
from autograd_lite.interop.onnx_writing.wires import Step, Wire

if TYPE_CHECKING:
    import onnx

OPSET: Final = 21
"""The version of ONNX's operators; runtimes of 2024 and later have it."""
IR_VERSION: Final = 10


def loaded() -> Any:
    """The package onnx.

    Raises SourceError when it is not installed.
    """
    try:
        import onnx
    except ImportError:
        raise SourceError(
            "an ONNX model needs the package onnx: pip install 'autograd_lite[onnx]'"
        ) from None
    return onnx


def model_of(
    drafted: Drafted,
    name: str,
    dims: Mapping[str, tuple[int | str, ...]],
    said: Mapping[str, str],
) -> onnx.ModelProto:
    """The model of a draft; checked as ONNX's own checker does, types and shapes inferred.

    dims  by name of an input or output: its lengths, where they are not the example's
    said  what the model says of itself, by key

    Raises OperandError for more numbers than one file holds.
    """
    onnx = loaded()
    drafted = tidied(drafted)
    parameters, constants = drafted.parameters, drafted.draft.constants
    refuse_large((*parameters.values(), *constants.values()))
    graph = onnx.helper.make_graph(
        [_constant(onnx, *item) for item in constants.items()]
        + [_node(onnx, step) for step in drafted.draft.steps],
        name,
        [_info(onnx, x, dims) for x in drafted.inputs],
        [_info(onnx, x, dims) for x in drafted.outputs],
        [onnx.numpy_helper.from_array(x, key) for key, x in parameters.items()],
    )
    model = onnx.helper.make_model(
        graph,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="autograd_lite",
        doc_string=" ".join(said.values()),
    )
    onnx.helper.set_model_props(model, dict(said))
    onnx.checker.check_model(model, full_check=True)
    return model  # type: ignore[no-any-return]


def _constant(onnx: Any, name: str, x: Any) -> Any:
    """A node, not an initializer: these are the parameters, for whoever reads the file."""
    value = onnx.numpy_helper.from_array(x, name)
    return onnx.helper.make_node("Constant", [], [name], name, value=value)


def _node(onnx: Any, step: Step) -> Any:
    attributes = {
        key: onnx.helper.np_dtype_to_tensor_dtype(np.dtype(x)) if key == "to" else x
        for key, x in step.attributes.items()
    }
    return onnx.helper.make_node(step.operator, step.inputs, step.outputs, step.name, **attributes)


def _info(onnx: Any, x: Wire, dims: Mapping[str, tuple[int | str, ...]]) -> Any:
    kind = onnx.helper.np_dtype_to_tensor_dtype(x.dtype)
    return onnx.helper.make_tensor_value_info(x.name, kind, dims.get(x.name, x.shape))
