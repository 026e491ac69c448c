"""Attributes of a node, as Python's numbers, texts and arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    bound  the attributes that the function was called with; None for what it was called without

    Raises GraphError when one is given twice, or is that of a function which has none of its name.
    """
    found: dict[str, Any] = {}
    for attribute in node.attribute:
        name = attribute.name
        if name in found:
            raise GraphError(f"the attribute {shown(name)} is given twice")
        referred = attribute.ref_attr_name
        if referred and referred not in bound:
            raise GraphError(
                f"its attribute {shown(name)} is to be {shown(referred)} of the function that it stands in, "
                f"which has none"
            )
        meant = bound[referred] if referred else attribute
        if meant is not None:
            found[name] = meant
    return found


def as_python(name: str, attribute: Any) -> Any:
    """What an attribute says.

    Raises OperandError for kinds of attributes that are not read.
    """
    if attribute.type not in _READERS:
        raise OperandError(f"the attribute {shown(name)} is of a kind that is not read")
    if attribute.type == _INT and name in _TYPES_OF_NUMBERS:
        return dtype_named(int(attribute.i))
    return _READERS[attribute.type](attribute)


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


_READERS: Final[dict[int, Callable[[Any], Any]]] = {
    _FLOAT: lambda a: _decimal(a.f),
    _INT: lambda a: int(a.i),
    _STRING: lambda a: _text(a.s),
    _TENSOR: lambda a: array_of(a.t),
    _GRAPH: lambda a: a.g,
    _FLOATS: lambda a: tuple(map(_decimal, a.floats)),
    _INTS: lambda a: tuple(map(int, a.ints)),
    _STRINGS: lambda a: tuple(map(_text, a.strings)),
}
