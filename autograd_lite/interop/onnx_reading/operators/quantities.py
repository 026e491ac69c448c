"""Constants, and what is known of a value without its numbers: computed once, not recorded."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    NDArray,
    dtype_of,
    moves,
    room_for,
    single,
    whole,
)


def _constant(**value: Any) -> Any:
    if len(value) != 1:
        raise OperandError(f"a Constant has one value, not {len(value)}")
    ((kind, number),) = value.items()
    if kind == "value":
        return number
    types = {
        "value_float": np.float32, "value_floats": np.float32, "value_int": np.int64,
        "value_ints": np.int64,
    }  # fmt: skip
    if kind not in types:
        raise OperandError(f"{kind} is not read: numbers alone are")
    return np.array(number, types[kind])


def _filled(shape: Given, *, value: NDArray | None = None) -> Any:
    lengths = room_for(whole(shape, "the shape"))
    if value is not None and value.size != 1:
        raise OperandError(f"value is one number, not {list(value.shape)}")
    return np.zeros(lengths, np.float32) if value is None else np.full(lengths, value.reshape(()))


def _range(start: Given, limit: Given, delta: Given) -> Any:
    first, last, step = (single(x, "a bound of the range") for x in (start, limit, delta))
    if step == 0 or not all(map(math.isfinite, (first, last, step))):
        raise OperandError(f"from {first} to {last} in steps of {step} is no range")
    (n,) = room_for((max(0, math.ceil((last - first) / step)),))
    places = np.arange(n)
    if moves(start, delta):
        return start.reshape(()) + places.astype(dtype_of(start)) * delta.reshape(())
    return (first + places * step).astype(dtype_of(start))


def _shape(x: Given, *, start: int = 0, end: int | None = None) -> Any:
    return np.array(x.shape[start:end], np.int64)


def _size(x: Given) -> Any:
    return np.array(math.prod(x.shape), np.int64)


def _identity_like(x: Given, *, dtype: str | None = None, k: int = 0) -> Any:
    if x.ndim != 2:
        raise OperandError(f"an identity matrix is not of shape {list(x.shape)}")
    rows, columns = room_for(x.shape)
    return np.eye(rows, columns, k, dtype=dtype or dtype_of(x))


OPERATORS: Table = {
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Range": _range,
    "Shape": _shape,
    "Size": _size,
    "EyeLike": _identity_like,
}

OF_SHAPES = frozenset({"Shape", "Size", "EyeLike"})
"""Operators that ask how large a value is, not for its numbers."""
