"""Reductions: sums, means, extremes and norms along axes, and sums that run along one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.onnx_reading.operators.versions import Function, Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    at_axis,
    axes_of,
    axis_of,
    dtype_of,
    kind_of,
    moves,
    single,
)
from autograd_lite.rules.namespaces import plain

Along = Callable[..., Any]
"""A function of a value, `axis` and `keepdims`."""

_OF_NOTHING: Final = {"max": -math.inf, "min": math.inf, "prod": 1.0}


def _by_input(along: Along) -> Function:
    """A reduction whose axes are an input: what ONNX means since version 13 (ReduceSum) or 18."""

    def reduced(
        x: Given, axes: Given | None = None, *, keepdims: int = 1, noop_with_empty_axes: int = 0
    ) -> Any:
        if axes is not None and axes.size == 0:
            axes = None
        if axes is None and noop_with_empty_axes:
            return along(x, axis=(), keepdims=True)
        return along(x, axis=axes_of(axes, x.ndim), keepdims=bool(keepdims))

    return reduced


def _by_attribute(along: Along) -> Function:
    """A reduction whose axes are an attribute."""

    def reduced(x: Given, *, axes: Sequence[int] | None = None, keepdims: int = 1) -> Any:
        found = axes_of(None if axes is None else np.array(axes, int), x.ndim)
        return along(x, axis=found, keepdims=bool(keepdims))

    return reduced


def _floating(function: Along) -> Along:
    """A reduction of floating numbers; whole ones are reduced as such, and cut off afterwards."""

    def along(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
        if kind_of(x) == "f":
            return function(x, axis=axis, keepdims=keepdims)
        y = function(plain(x).astype(np.float64), axis=axis, keepdims=keepdims)
        return np.trunc(y).astype(dtype_of(x))

    return along


def _extreme(name: str) -> Along:
    """NumPy's reduction of this name, which has an answer for no entries too."""

    def along(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
        if 0 in x.shape and any(x.shape[i] == 0 for i in axis):
            lengths = [
                1 if i in axis else n for i, n in enumerate(x.shape) if keepdims or i not in axis
            ]
            return np.full(lengths, _of_nothing(name, dtype_of(x)))
        if axis == ():
            return x
        return getattr(f if kind_of(x) == "f" else np, name)(
            x if kind_of(x) == "f" else plain(x), axis=axis, keepdims=keepdims
        )

    return along


def _of_nothing(name: str, dtype: np.dtype[Any]) -> Any:
    number = _OF_NOTHING[name]
    if dtype.kind in "iu" and math.isinf(number):
        return dtype.type(np.iinfo(dtype).min if number < 0 else np.iinfo(dtype).max)
    return dtype.type(number) if dtype.kind != "b" else number > 0


def _sum(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
    if axis == ():
        return x
    if kind_of(x) == "f":
        return f.sum(x, axis=axis, keepdims=keepdims)
    return np.sum(plain(x), axis=axis, keepdims=keepdims, dtype=dtype_of(x))


def _length(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
    """√Σx²; with no axes |x|."""
    if len(axis) == 1:
        return f.norm(x, axis=axis, keepdims=keepdims)
    others = [i for i in range(x.ndim) if i not in axis]
    kept = [x.shape[i] for i in others]
    rows = f.transpose(x, (*others, *axis)).reshape((*kept, math.prod(x.shape[i] for i in axis)))
    shape = [1 if i in axis else n for i, n in enumerate(x.shape)] if keepdims else kept
    return f.norm(rows, axis=-1).reshape(tuple(shape))


def _log_of_exponentials(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
    if axis == ():
        return x
    if x.size == 0:
        return np.log(np.sum(plain(x), axis=axis, keepdims=keepdims))
    return f.logsumexp(x, axis=axis, keepdims=keepdims)


def _mean(x: Given, *, axis: tuple[int, ...], keepdims: bool) -> Any:
    return f.mean(x, axis=axis, keepdims=keepdims) if axis else x


def _of_sum(before: Function, after: Function) -> Along:
    return lambda x, **along: after(_sum(before(x), **along))


def _same(x: Given) -> Any:
    return x


_REDUCTIONS: Final[dict[str, Along]] = {
    "ReduceMax": _extreme("max"),
    "ReduceMin": _extreme("min"),
    "ReduceProd": _extreme("prod"),
    "ReduceSum": _sum,
    "ReduceMean": _floating(_mean),
    "ReduceL1": _floating(_of_sum(f.absolute, _same)),
    "ReduceL2": _floating(_length),
    "ReduceLogSum": _floating(_of_sum(_same, f.log)),
    "ReduceLogSumExp": _floating(_log_of_exponentials),
    "ReduceSumSquare": _floating(_of_sum(f.square, _same)),
}


def _place(name: str) -> Function:
    """Where the largest or smallest entry is: the first of equals, or the last."""

    def placed(x: Given, *, axis: int = 0, keepdims: int = 1, select_last_index: int = 0) -> Any:
        numbers, k = plain(x), axis_of(axis, x.ndim)
        if select_last_index:
            last = numbers.shape[k] - 1
            places = last - getattr(np, name)(np.flip(numbers, k), axis=k, keepdims=bool(keepdims))
        else:
            places = getattr(np, name)(numbers, axis=k, keepdims=bool(keepdims))
        return places.astype(np.int64)

    return placed


def _running(name: str, neutral: float) -> Function:
    """A sum or product that runs along an axis."""

    def running(x: Given, axis: Given, *, exclusive: int = 0, reverse: int = 0) -> Any:
        k = axis_of(int(single(axis, "the axis")), x.ndim)
        functions: Any = f if moves(x) else np
        x = functions.flip(x, axis=k) if reverse else x
        if exclusive and x.shape[k]:  # of what comes before: nothing for the first
            lengths = [1 if i == k else n for i, n in enumerate(x.shape)]
            first = np.full(lengths, neutral, dtype_of(x))
            x = functions.concatenate([first, x[at_axis(k, slice(0, -1))]], axis=k)
        y = getattr(functions, name)(x, axis=k)
        return functions.flip(y, axis=k) if reverse else y

    return running


OPERATORS: Table = {
    **{
        name: {1: _by_attribute(along), 13 if name == "ReduceSum" else 18: _by_input(along)}
        for name, along in _REDUCTIONS.items()
    },
    "ArgMax": _place("argmax"),
    "ArgMin": _place("argmin"),
    "CumSum": _running("cumsum", 0.0),
    "CumProd": _running("cumprod", 1.0),
}
