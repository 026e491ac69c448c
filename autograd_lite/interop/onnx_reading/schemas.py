"""What ONNX says of an operator in a version: its inputs and outputs, their types, its attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.errors import GraphError, OperandError, did_you_mean
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.operators.table import supported
from autograd_lite.interop.onnx_reading.operators.versions import LATEST
from autograd_lite.interop.onnx_reading.values import DTYPES, Given, dtype_of, kind_of

_NAMES: Final = {name: known for known, name in DTYPES.items()}


OLDEST: Final = 7
"""Operators are read as they are since this version: many broadcast otherwise before."""


def _changed(name: str, since: int) -> bool:
    from onnx import defs

    return bool(defs.get_schema(name, OLDEST, "").since_version != since)


@lru_cache(maxsize=1024)
def schema_of(name: str, version: int) -> Any:
    """ONNX's schema of an operator in a version of the standard ones.

    Raises GraphError when there is none, or only one that is newer than what is known here.
    """
    from onnx import defs

    if not version:
        raise GraphError("it stands where no version of ONNX's operators is said")
    try:
        schema = defs.get_schema(name, version, "")
    except defs.SchemaError:
        raise GraphError(
            f"ONNX has no operator {shown(name)} in version {version}; {did_you_mean(name, supported())}"
        ) from None
    _refuse_others(schema, name, version)
    return schema


def _refuse_others(schema: Any, name: str, version: int) -> None:
    """Refuse what is older or newer than what is read, or has been given up."""
    if schema.deprecated:
        raise GraphError(f"ONNX has given the operator {shown(name)} up in version {version}")
    if version < OLDEST and _changed(name, schema.since_version):
        raise GraphError(
            f"{name} of version {version} means something else than since version {OLDEST}, and is not "
            f"read; onnx.version_converter.convert_version makes a newer model"
        )
    if schema.since_version > LATEST:
        raise GraphError(
            f"{name} of version {schema.since_version} is newer than what is read here, {LATEST}"
        )


def check_inputs(schema: Any, inputs: Sequence[Given | None]) -> dict[str, str]:
    """The types that the schema's letters stand for, by the inputs: {"T": "tensor(float)"}.

    Raises OperandError when there are too few or too many inputs, or one is of a type it may not have.
    """
    if not schema.min_input <= len(inputs) <= schema.max_input:
        raise OperandError(
            f"it has {len(inputs)} inputs, and takes {schema.min_input} to {schema.max_input}"
        )
    allowed = {c.type_param_str: set(c.allowed_type_strs) for c in schema.type_constraints}
    bound: dict[str, str] = {}
    for k, x in enumerate(inputs):
        formal = schema.inputs[min(k, len(schema.inputs) - 1)]
        if x is None:
            if formal.option.name != "Optional":
                raise OperandError(f"its input {formal.name} is left out")
            continue
        _bind(formal, x, allowed, bound)
    return bound


def _bind(
    formal: Any, x: Given, allowed: Mapping[str, Collection[str]], bound: dict[str, str]
) -> None:
    """Let the letter of an input stand for the type of its value."""
    letter, kind = formal.type_str, _NAMES[str(dtype_of(x))]
    if kind not in allowed.get(letter, {letter}):
        raise OperandError(f"its input {formal.name} is not of {dtype_of(x)} in ONNX")
    if formal.is_homogeneous and bound.setdefault(letter, kind) != kind:
        raise OperandError(
            f"its inputs are of {DTYPES[bound[letter]]} and {dtype_of(x)}, and must be of one type"
        )


def check_attributes(schema: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a node, with what ONNX says of those that are left out.

    Raises OperandError when one is unknown, of another kind, or missing.
    """
    known = schema.attributes
    for name, attribute in given.items():
        if name not in known:
            raise OperandError(f"it has no attribute {shown(name)}; {did_you_mean(name, known)}")
        if attribute.type != int(known[name].type.value):
            kind = known[name].type.name
            raise OperandError(f"its attribute {shown(name)} is not of kind {kind}")
    found = dict(given)
    for name, formal in known.items():
        if name not in found:
            if formal.required:
                raise OperandError(f"its attribute {name} is missing")
            if formal.default_value.type:
                found[name] = formal.default_value
    return found


def conformed(schema: Any, k: int, y: Any, bound: Mapping[str, str]) -> Any:
    """An output as an array or a Tensor of the type that the schema says.

    Raises OperandError when it is of another kind of numbers.
    """
    y = y if isinstance(y, Tensor) else np.asarray(y)
    formal = schema.outputs[min(k, len(schema.outputs) - 1)]
    wanted = DTYPES.get(bound.get(formal.type_str, formal.type_str))
    if wanted is None or dtype_of(y) == wanted:
        return y
    if kind_of(y) == "f" and wanted.startswith("float"):
        return f.astype(y, wanted)
    if kind_of(y) in "iu" and np.dtype(wanted).kind in "iu":
        return y.astype(wanted)
    raise OperandError(f"{dtype_of(y)} came out where ONNX has {wanted}")
