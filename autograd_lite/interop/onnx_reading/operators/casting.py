"""Numbers of another type, or only under another name."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.truths import truth
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import Given, dtype_of, kind_of, moves
from autograd_lite.rules.namespaces import plain


def _identity(x: Given) -> Any:
    return x


def _cast(x: Given, dtype: str) -> Any:
    """Numbers of another type; what moves keeps its derivative where the new ones are floating."""
    if kind_of(x) == "f" and dtype.startswith("float"):
        return x if dtype_of(x) == dtype else f.astype(x, dtype)
    if moves(x) and kind_of(x) == "b":
        if dtype == "bool":
            return x
        if dtype.startswith("float"):
            one, nothing = np.ones((), dtype), np.zeros((), dtype)
            return f.where(x, one, nothing)
    if moves(x) and dtype == "bool":
        return truth("not_equal", x, np.zeros((), dtype_of(x)))
    return _cast_array(plain(x), dtype)


def _cast_array(x: Any, dtype: str) -> Any:
    if x.dtype.kind == "f" and dtype != "bool":
        limits = np.iinfo(dtype)
        inside = np.isfinite(x) & (np.trunc(x) >= limits.min) & (np.trunc(x) <= limits.max)
        if not inside.all():
            raise OperandError(f"{x[~inside].ravel()[0]} is no number of type {dtype}")
    return x.astype(dtype)


def cast_like(x: Given, like: Given, **of_others: object) -> Any:
    """Numbers of the type of another value's; the options are of types that are not read here."""
    return _cast(x, str(dtype_of(like)))


def cast_to(x: Given, *, to: str, **of_others: object) -> Any:
    """Numbers of a type by NumPy's name; the options are of types that are not read here."""
    return _cast(x, to)


OPERATORS: Table = {"Identity": _identity, "Cast": cast_to, "CastLike": cast_like}
