"""Truth values: comparisons, what combines them, and the bits of whole numbers.

A comparison of numbers that may change is recorded, so that a graph is evaluated again with the right truth
values when a leaf of it has changed. It has no derivative: truth values move in jumps only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Function, Table
from autograd_lite.interop.onnx_reading.values import Given, dtype_of, moves, room_for, shortest
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import COMPARISONS


def truth(name: str, *xs: Given) -> Any:
    """A comparison, or truth values combined, by the name of NumPy's ufunc; recorded where a value moves."""
    room_for(np.broadcast_shapes(*(x.shape for x in xs)))
    if moves(*xs):
        return Tensor.record(COMPARISONS[name], tuple(map(shortest, xs)), {})
    return getattr(np, name)(*map(plain, xs))


def _comparison(name: str) -> Function:
    return lambda *xs: truth(name, *xs)


def _differing(a: Given, b: Given) -> Any:
    return truth("not_equal", a, b)


def _infinite(x: Given, *, detect_negative: int = 1, detect_positive: int = 1) -> Any:
    if detect_negative and detect_positive:
        return truth("equal", f.absolute(x), np.array(np.inf))
    if not (detect_negative or detect_positive):
        return np.zeros(x.shape, bool)
    return truth("equal", x, np.array(np.inf if detect_positive else -np.inf))


def _shifted(a: Given, b: Given, *, direction: str) -> Any:
    room_for(np.broadcast_shapes(a.shape, b.shape))
    if direction not in ("LEFT", "RIGHT"):
        raise OperandError(f"direction is LEFT or RIGHT, not {direction!r}")
    shift = np.left_shift if direction == "LEFT" else np.right_shift
    beyond = plain(b) >= 8 * dtype_of(a).itemsize
    last = 8 * dtype_of(a).itemsize - 1  # every bit then is the sign's, or 0
    shifted = shift(plain(a), np.where(beyond, last, plain(b)).astype(dtype_of(a)))
    return np.where(beyond & (direction == "LEFT" or dtype_of(a).kind == "u"), 0, shifted)


def _of_bits(function: Function) -> Function:
    def of_bits(*xs: Given) -> Any:
        room_for(np.broadcast_shapes(*(x.shape for x in xs)))
        return function(*map(plain, xs))

    return of_bits


OPERATORS: Table = {
    "Equal": _comparison("equal"),
    "Greater": _comparison("greater"),
    "GreaterOrEqual": _comparison("greater_equal"),
    "Less": _comparison("less"),
    "LessOrEqual": _comparison("less_equal"),
    "And": _comparison("logical_and"),
    "Or": _comparison("logical_or"),
    "Xor": _differing,
    "Not": _comparison("logical_not"),
    "IsNaN": lambda x: truth("not_equal", x, x),
    "IsInf": _infinite,
    "BitwiseAnd": _of_bits(np.bitwise_and),
    "BitwiseOr": _of_bits(np.bitwise_or),
    "BitwiseXor": _of_bits(np.bitwise_xor),
    "BitwiseNot": _of_bits(np.invert),
    "BitShift": _shifted,
}
