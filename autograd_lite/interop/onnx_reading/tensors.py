"""Numbers that stand in a model's file: read from its own bytes, never from another file."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite.errors import GraphError, OperandError
from autograd_lite.interop.onnx_reading.names import shown
from autograd_lite.interop.onnx_reading.values import NDArray, room_for

_TYPES: Final = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool",
    11: "float64", 12: "uint32", 13: "uint64",
}  # fmt: skip
_UNREAD: Final = {
    0: "undefined", 8: "strings", 10: "float16", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4",
    22: "int4", 23: "float4e2m1", 24: "float8e8m0", 25: "uint2", 26: "int2",
}  # fmt: skip
CODES: Final = {name: code for code, name in _TYPES.items()}
"""ONNX's numbers of the types that are read, by NumPy's names."""
_FIELDS: Final = {
    "float32": "float_data", "float64": "double_data", "int64": "int64_data", "uint32": "uint64_data",
    "uint64": "uint64_data",
}  # fmt: skip


def dtype_named(code: int) -> str:
    """NumPy's name of the type that ONNX gives a number: 1 is float32.

    >>> dtype_named(1), dtype_named(7)
    ('float32', 'int64')

    Raises OperandError for types that are not read.
    """
    if code not in _TYPES:
        raise OperandError(
            f"its type {_UNREAD.get(code, code)} is not read: derivatives here are of float32 and "
            f"float64, beside which stand whole numbers and truth values"
        )
    return _TYPES[code]


def array_of(tensor: Any) -> NDArray:
    """The array of a TensorProto, read-only.

    Raises GraphError when its numbers stand in another file, or are not as many as its shape says, and
    OperandError for a type that is not read.
    """
    what = f"the tensor {shown(tensor.name)}" if tensor.name else "a tensor"
    _refuse_elsewhere(tensor, what)
    try:
        dtype = np.dtype(dtype_named(tensor.data_type))
    except OperandError as error:
        raise OperandError(f"{what}: {error}") from None
    dims = tuple(tensor.dims)
    if any(n < 0 for n in dims) or len(dims) > 32:
        raise GraphError(f"{what} has no shape, but {list(dims)[:40]}")
    if 0 in dims:
        room_for(dims)
    numbers = _numbers(tensor, dtype)
    if math.prod(dims) != numbers.size:
        raise GraphError(f"{what} of shape {list(dims)} has {numbers.size} numbers in the file")
    found = numbers.reshape(dims)
    found.flags.writeable = False
    return found


def _refuse_elsewhere(tensor: Any, what: str) -> None:
    """Refuse numbers that stand in another file."""
    if tensor.data_location or tensor.external_data or tensor.HasField("segment"):
        raise GraphError(
            f"{what} has its numbers outside the model's own bytes, and no other file is opened: load the "
            f"model with onnx.load(path), which reads them, and pass what it gives"
        )


def _numbers(tensor: Any, dtype: np.dtype[Any]) -> NDArray:
    if tensor.HasField("raw_data"):
        raw = tensor.raw_data
        if len(raw) % dtype.itemsize:
            raise GraphError(f"{len(raw)} bytes are no numbers of type {dtype}")
        if dtype == np.bool_:
            return np.asarray(np.frombuffer(raw, np.uint8) != 0)
        numbers: NDArray = np.frombuffer(raw, dtype.newbyteorder("<")).astype(dtype)
        return numbers
    field = getattr(tensor, _FIELDS.get(str(dtype), "int32_data"))
    given = np.array(field, np.uint64 if dtype.kind == "u" and dtype.itemsize > 2 else None)
    found = given.astype(dtype)
    if dtype.kind in "iu" and not np.array_equal(found, given):
        raise GraphError(f"numbers in the file are none of type {dtype}")
    return found
