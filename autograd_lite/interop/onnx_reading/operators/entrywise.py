"""Arithmetic and functions entry by entry."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.truths import truth
from autograd_lite.interop.onnx_reading.operators.versions import Function, Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    dtype_of,
    kind_of,
    moves,
    room_for,
    shortest,
)
from autograd_lite.rules.namespaces import plain


def entrywise(ours: Function, of_whole: Function | None = None) -> Function:
    """A function of this project on values that broadcast together; whole numbers stay whole.

    of_whole  NumPy's, for whole numbers; they are refused where there is none
    """

    def function(*xs: Given) -> Any:
        room_for(np.broadcast_shapes(*(x.shape for x in xs)))
        if all(kind_of(x) in "iub" for x in xs):
            return _of_whole(of_whole, xs)
        return ours(*map(shortest, xs)) if moves(*xs) else ours(*xs)

    return function


def _of_whole(function: Function | None, xs: tuple[Given, ...]) -> Any:
    if function is None:
        raise OperandError("it is not defined for whole numbers")
    with np.errstate(all="ignore"):  # whole numbers wrap around, as ONNX's do
        return function(*map(plain, xs))


def several(function: Function) -> Function:
    """A function of two values as one of any number of them."""

    def of_several(*xs: Given) -> Any:
        room_for(np.broadcast_shapes(*(x.shape for x in xs)))
        return reduce(function, xs)

    return of_several


def _mean(*xs: Given) -> Any:
    return several(f.add)(*xs) / float(len(xs))


def _quotient(a: Any, b: Any) -> Any:
    """Towards 0, as in C."""
    _refuse_zeros(b)
    return (a - np.fmod(a, b)) // b


def _refuse_zeros(b: Any) -> None:
    if not np.all(b):
        raise OperandError("a whole number is divided by 0")


def _remainder(a: Given, b: Given, *, fmod: int = 0) -> Any:
    room_for(np.broadcast_shapes(a.shape, b.shape))
    if kind_of(a) in "iu":
        _refuse_zeros(plain(b))
        return (np.fmod if fmod else np.remainder)(plain(a), plain(b))
    return (f.fmod if fmod else f.remainder)(a, b)


def _remainder_before_28(a: Given, b: Given, *, fmod: int = 0) -> Any:
    if kind_of(a) == "f" and not fmod:
        raise OperandError(
            "before version 28 floating numbers have the remainder with fmod=1 alone"
        )
    return _remainder(a, b, fmod=fmod)


def _power(a: Given, n: Given) -> Any:
    room_for(np.broadcast_shapes(a.shape, n.shape))
    if kind_of(a) == "f":
        n = n if isinstance(n, Tensor) else n.astype(dtype_of(a))
        return f.power(a, shortest(n) if moves(a, n) else n)
    exponent = plain(n)
    if kind_of(n) == "f":
        return (plain(a).astype(float) ** exponent).astype(dtype_of(a))
    return np.power(plain(a), exponent)


def _clipped(x: Given, low: Given | None = None, high: Given | None = None) -> Any:
    bounds = [None if bound is None else bound.reshape(()) for bound in (low, high)]
    if bounds == [None, None]:
        return x
    if kind_of(x) != "f":
        low, high = bounds
        y = plain(x) if low is None else np.maximum(plain(x), plain(low))
        return y if high is None else np.minimum(y, plain(high))
    if not moves(x, *bounds):
        return f.clip(x, *bounds)
    return f.clip(x, *(None if b is None else shortest(b) for b in bounds))


def _clipped_between(x: Given, *, min: float | None = None, max: float | None = None) -> Any:  # noqa: A002 - ONNX's names
    return f.clip(x, min, max) if (min, max) != (None, None) else x


def _chosen(condition: Given, a: Given, b: Given) -> Any:
    room_for(np.broadcast_shapes(condition.shape, a.shape, b.shape))
    if kind_of(a) == "f":
        return f.where(condition, a, b)
    if kind_of(a) == "b" and moves(condition, a, b):
        by_a, by_b = (
            truth("logical_and", condition, a),
            truth("logical_and", truth("logical_not", condition), b),
        )
        return truth("logical_or", by_a, by_b)
    return np.where(plain(condition), plain(a), plain(b))


def _swished(x: Given, *, alpha: float = 1.0) -> Any:
    return f.silu(x) if alpha == 1.0 else x * f.sigmoid(x * alpha)


OF_ONE: Table = {
    name: entrywise(getattr(f, ours))
    for name, ours in {
        "Acos": "arccos", "Acosh": "arccosh", "Asin": "arcsin", "Asinh": "arcsinh", "Atan": "arctan",
        "Atanh": "arctanh", "Ceil": "ceil", "Cos": "cos", "Cosh": "cosh", "Erf": "erf", "Exp": "exp",
        "Floor": "floor", "Log": "log", "Reciprocal": "reciprocal", "Round": "rint", "Sin": "sin",
        "Sinh": "sinh", "Sqrt": "sqrt", "Tan": "tan", "Tanh": "tanh",
    }.items()
}  # fmt: skip

OTHERS: Table = {
    "Add": entrywise(f.add, np.add),
    "Sub": entrywise(f.subtract, np.subtract),
    "Mul": entrywise(f.multiply, np.multiply),
    "Div": entrywise(f.divide, _quotient),
    "Mod": {10: _remainder_before_28, 28: _remainder},
    "Pow": _power,
    "Abs": entrywise(f.absolute, np.absolute),
    "Neg": entrywise(f.negative, np.negative),
    "Sign": entrywise(f.sign, np.sign),
    "Sum": several(f.add),
    "Mean": _mean,
    "Max": several(entrywise(f.maximum, np.maximum)),
    "Min": several(entrywise(f.minimum, np.minimum)),
    "Clip": {6: _clipped_between, 11: _clipped},
    "Where": _chosen,
    "Swish": _swished,
}

OPERATORS: Table = {**OF_ONE, **OTHERS}
