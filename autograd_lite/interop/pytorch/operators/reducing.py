"""ATen's reductions, cumulative sums, softmax and orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.comparing import compared
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Array, Numbers
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of

Dims = Sequence[int] | int | None


def _axes(dim: Dims) -> int | tuple[int, ...] | None:
    """None and no axis mean all of them."""
    return dim if dim is None or isinstance(dim, int) else (tuple(dim) or None)


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(x: Numbers, dim: Dims = None, keepdim: bool = False) -> Any:
        return function(x, axis=_axes(dim), keepdims=keepdim)

    return call


def _summed(x: Array, dim: Dims = None, keepdim: bool = False) -> Any:
    return f.sum(x, axis=_axes(dim), keepdims=keepdim)


def _variance(x: Array, dim: Dims = None, unbiased: bool = True, keepdim: bool = False,
              *, correction: float | None = None) -> Any:  # fmt: skip
    ddof = int(unbiased) if correction is None else correction
    return f.var(x, axis=_axes(dim), ddof=ddof, keepdims=keepdim)


def _deviation(x: Array, dim: Dims = None, unbiased: bool = True, keepdim: bool = False,
               *, correction: float | None = None) -> Any:  # fmt: skip
    return f.sqrt(_variance(x, dim, unbiased, keepdim, correction=correction))


def _with_mean(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function's result, and the mean along the same axes."""

    def call(x: Array, dim: Dims = None, unbiased: bool = True, keepdim: bool = False,
             *, correction: float | None = None) -> tuple[Any, Any]:  # fmt: skip
        y = function(x, dim, unbiased, keepdim, correction=correction)
        return y, f.mean(x, axis=_axes(dim), keepdims=keepdim)

    return call


def _of_all(function: Callable[..., Any]) -> Callable[..., Any]:
    """Over all entries: there torch's second operand is no axis, but whether n − 1 divides."""
    return lambda x, unbiased=True: function(x, None, unbiased)


def _extreme(function: Callable[..., Any], place: Callable[..., Any]) -> Callable[..., Any]:
    """The largest or smallest along an axis, and where it is: the first place, in plain numbers."""

    def call(x: Array, dim: int = 0, keepdim: bool = False) -> tuple[Any, Any]:
        if not shape_of(x):
            return x, np.zeros((), np.int64)
        where = place(plain(x), axis=dim, keepdims=keepdim)
        return function(x, axis=dim, keepdims=keepdim), where

    return call


def _place(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dim=None, keepdim=False: function(plain(x), axis=dim, keepdims=keepdim)


def _cumulative(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dim: function(x, axis=dim) if shape_of(x) else x


def along(x: Array, places: Array, dim: int) -> Any:
    """One entry picked along an axis at each place."""
    return f.take_along_axis(x, np.asarray(plain(places)), axis=dim) if shape_of(x) else x


def _sorted(x: Array, dim: int = -1, descending: bool = False) -> tuple[Any, Any]:
    places = order(plain(x), dim, descending)
    return along(x, places, dim), places


def _sorted_stably(
    x: Array, *, stable: bool | None = None, dim: int = -1, descending: bool = False
) -> tuple[Any, Any]:
    return _sorted(x, dim, descending)


def order(x: Any, dim: int, descending: bool) -> Any:
    """The places of the entries in order; equal ones keep theirs."""
    if not x.ndim:
        return np.zeros((), np.int64)
    return np.argsort(-x if descending else x, axis=dim, kind="stable")


def _order_of(x: Array, dim: int = -1, descending: bool = False) -> Any:
    return order(plain(x), dim, descending)


def _order_of_stably(
    x: Array, *, stable: bool = True, dim: int = -1, descending: bool = False
) -> Any:
    return order(plain(x), dim, descending)


def _top(x: Array, k: int, dim: int = -1, largest: bool = True, *_: object) -> Any:
    places = order(plain(x), dim, largest)
    chosen = np.take(places, np.arange(k), axis=dim) if shape_of(x) else places
    return along(x, chosen, dim), chosen


def _median(x: Array, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the middle entries, and where it is."""
    flat = f.reshape(x, (-1,)) if dim is None else x
    axis = 0 if dim is None else dim
    places = order(plain(flat), axis, False)
    middle = np.take(places, [(np.shape(places)[axis] - 1) // 2], axis=axis)
    y = along(flat, middle, axis)
    if dim is None:
        return f.reshape(y, ())
    return (y, middle) if keepdim else (f.squeeze(y, axis=dim), np.squeeze(middle, dim))


def softmax(x: Array, dim: int = -1, half_to_float: bool = False) -> Any:
    """exp(x)/Σ exp(x) along an axis."""
    return f.softmax(x, axis=dim) if shape_of(x) else f.exp(f.subtract(x, x))


def safe_softmax(x: Array, dim: int = -1, dtype: object = None) -> Any:
    """softmax; a row of which every entry is masked by -inf is 0, not nan."""
    if not (np.isneginf(plain(x)).all(axis=dim)).any():
        return softmax(x, dim)
    masked = compared("equal", f.max(x, axis=dim, keepdims=True), -np.inf)
    return f.where(masked, 0.0, softmax(f.where(masked, 0.0, x), dim))


def _log_softmax(x: Array, dim: int = -1, half_to_float: bool = False) -> Any:
    return f.log_softmax(x, axis=dim) if shape_of(x) else f.subtract(x, x)


REDUCING: Final[Operators] = {
    "sum": _summed,
    "mean": _reduced(f.mean),
    "amax": _reduced(f.max),
    "amin": _reduced(f.min),
    "max": _extreme(f.max, np.argmax),
    "min": _extreme(f.min, np.argmin),
    "max.default": f.max,
    "min.default": f.min,
    "median": _median,
    "prod": _reduced(f.prod),
    "var": _variance,
    "std": _deviation,
    "var_mean": _with_mean(_variance),
    "std_mean": _with_mean(_deviation),
    "var.default": _of_all(_variance),
    "std.default": _of_all(_deviation),
    "var_mean.default": _of_all(_with_mean(_variance)),
    "std_mean.default": _of_all(_with_mean(_deviation)),
    "argmax": _place(np.argmax),
    "argmin": _place(np.argmin),
    "logsumexp": _reduced(f.logsumexp),
    "cumsum": _cumulative(f.cumsum),
    "cumprod": _cumulative(f.cumprod),
    "sort": _sorted,
    "sort.stable": _sorted_stably,
    "argsort": _order_of,
    "argsort.stable": _order_of_stably,
    "topk": _top,
    "_softmax": softmax,
    "_log_softmax": _log_softmax,
    "_safe_softmax": safe_softmax,
}
