"""Models run by others: onnxruntime, or ONNX's reference where onnxruntime has no kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import onnx

Outputs = dict[str, Any]


def run(model: onnx.ModelProto, *inputs: Any) -> tuple[Outputs, str]:
    """The outputs by name, and who computed them; the model has been checked, shapes inferred."""
    import onnx  # not above: the examples of all files are collected, also without it
    import onnxruntime
    from onnx.reference import ReferenceEvaluator

    onnxruntime.set_default_logger_severity(4)  # it logs that a kernel is missing before it raises
    onnx.checker.check_model(model, full_check=True)
    feed = {x.name: value for x, value in zip(model.graph.input, inputs, strict=True)}
    names = [y.name for y in model.graph.output]
    try:
        session: Any = onnxruntime.InferenceSession(model.SerializeToString())
        who = "onnxruntime"
    except Exception as error:
        if "NOT_IMPLEMENTED" not in str(error):
            raise
        assert "Erf" not in {node.op_type for node in model.graph.node}, "its erf has 8 digits"
        session, who = ReferenceEvaluator(model), "reference"
    return dict(zip(names, session.run(None, feed), strict=True)), who


def props(model: onnx.ModelProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in model.metadata_props}


def dims(info: onnx.ValueInfoProto) -> list[int | str]:
    return [d.dim_param or d.dim_value for d in info.type.tensor_type.shape.dim]
