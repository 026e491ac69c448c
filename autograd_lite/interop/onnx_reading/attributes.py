"""Attributes of a node, as Python's numbers, texts and arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from autograd_lite.errors import GraphError, OperandError
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.tensors import array_of, dtype_named

_FLOAT, _INT, _STRING, _TENSOR, _GRAPH, _FLOATS, _INTS, _STRINGS = 1, 2, 3, 4, 5, 6, 7, 8
_TYPES_OF_NUMBERS: Final = ("to", "dtype")
"""Attributes whose whole number is the code of a type."""


def own_attributes(node: Any, bound: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a node as ONNX's messages, those of the function it stands in put in their place.

    bound  the attributes that the function was called with

    Raises GraphError when one is given twice.
    """
    found: dict[str, Any] = {}
    for attribute in node.attribute:
        name = attribute.name
        if name in found:
            raise GraphError(f"the attribute {shown(name)} is given twice")
        if not attribute.ref_attr_name:
            found[name] = attribute
        elif attribute.ref_attr_name in bound:
            found[name] = bound[attribute.ref_attr_name]
    return found


def as_python(name: str, attribute: Any) -> Any:
    """What an attribute says.

    Raises OperandError for kinds of attributes that are not read.
    """
    kind = attribute.type
    if kind == _FLOAT:
        return _decimal(attribute.f)
    if kind == _INT:
        number = int(attribute.i)
        return dtype_named(number) if name in _TYPES_OF_NUMBERS else number
    if kind == _STRING:
        return _text(attribute.s)
    if kind == _TENSOR:
        return array_of(attribute.t)
    if kind == _FLOATS:
        return tuple(map(_decimal, attribute.floats))
    if kind == _INTS:
        return tuple(map(int, attribute.ints))
    if kind == _STRINGS:
        return tuple(map(_text, attribute.strings))
    if kind == _GRAPH:
        return attribute.g
    raise OperandError(f"the attribute {shown(name)} is of a kind that is not read")


def _decimal(number: float) -> float:
    """A float32 as the decimal that was meant: the shortest one that rounds to it.

    >>> _decimal(float(np.float32(0.1)))
    0.1
    """
    return float(str(np.float32(number)))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise GraphError(f"a text among the attributes is none: {raw[:40]!r}") from None
