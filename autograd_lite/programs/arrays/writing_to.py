"""A call made ready: a function without arguments that computes it into given memory."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from autograd_lite.programs.arrays.prepared import PREPARED, Ready, is_constant
from autograd_lite.source.recorded import astype

_WITH_OUT: Final = {
    np.concatenate, np.stack, np.mean, np.var, np.std, np.cumsum, np.cumprod, np.clip, np.einsum, np.argmax,
    np.argmin, np.trace, np.outer, np.round, np.sum, np.prod, np.max, np.min, np.any, np.all,
}  # fmt: skip
_BY_KEYWORD: Final = {np.maximum, np.minimum}
"""Functions that take `out` by its name alone; by place it costs less."""
_POWERS: Final[dict[float, np.ufunc]] = {
    2: np.square,
    0.5: np.sqrt,
    -1: np.reciprocal,
    1: np.positive,
}
"""Exponents for which a ** n is another function, as NumPy's operator knows too."""


def writing_to(
    out: Any, function: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]
) -> Ready:
    """What computes out[...] = function(*args, **options), without an array in between where it can.

    >>> out = np.empty(2)
    >>> write = writing_to(out, np.add, (np.array([1.0, 2.0]), 1.0), {})
    >>> _ = write()
    >>> out
    array([2., 3.])
    """
    if (special := _SPECIAL.get(function)) is not None:
        ready = special(out, *args, **options)
        if ready is not None:
            return ready
    if isinstance(function, np.ufunc) and function.nout == 1:
        xs = _as_arrays(out, args)
        if function in _BY_KEYWORD:
            return partial(function, *xs, out=out, **options)
        return partial(function, *xs, out, **options)
    reduces = getattr(function, "__name__", "") in {"reduce", "accumulate"}
    if function in _WITH_OUT or (
        reduces and isinstance(getattr(function, "__self__", None), np.ufunc)
    ):
        return partial(function, *args, out=out, **options)
    return lambda: np.copyto(out, function(*args, **options))


def _as_arrays(out: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Python's floats as arrays without axes: NumPy need not make them at each call."""
    floating = [x.dtype for x in args if isinstance(x, np.ndarray) and x.dtype.kind == "f"]
    if len(floating) == 0 or len(floating) + sum(type(x) is float for x in args) < len(args):
        return args
    return tuple(np.array(x, floating[0]) if type(x) is float else x for x in args)


def _matmul(out: Any, a: Any, b: Any) -> Ready | None:
    if a.ndim == b.ndim == 2 and _fits(out, a, b):
        return partial(a.dot, b, out)
    if a.ndim > 2 and b.ndim == 2 and a.flags.c_contiguous and _fits(out, a, b):
        # one product over all leading axes instead of one for each
        rows = math.prod(a.shape[:-1])
        return partial(a.reshape(rows, -1).dot, b, out.reshape(rows, -1)) if out.size else None
    return None


def _fits(out: Any, a: Any, b: Any) -> bool:
    """Whether `dot` takes this memory: it converts nothing."""
    return bool(out.flags.c_contiguous and a.dtype == b.dtype == out.dtype)


def _dot(out: Any, a: Any, b: Any) -> Ready | None:
    return partial(a.dot, b, out) if a.ndim and b.ndim and _fits(out, a, b) else None


def _where(out: Any, *args: Any) -> Ready | None:
    if len(args) != 3 or np.asarray(args[0]).dtype != bool:
        return None
    c, a, b = args

    def write() -> None:
        np.copyto(out, b)
        np.copyto(out, a, where=c)

    return write


def _power(out: Any, a: Any, n: Any) -> Ready:
    if isinstance(n, (int, float)) and n in _POWERS and a.dtype.kind == "f":
        return partial(_POWERS[n], a, out)
    return partial(np.power, a, n, out)


def _astype(out: Any, x: Any, dtype: Any) -> Ready:
    return partial(np.copyto, out, x, "unsafe")


def _getitem(out: Any, x: Any, index: Any) -> Ready | None:
    """Entries picked by constant places; what lies inside needs no check at each call."""
    places = index if isinstance(index, tuple) else (index,)
    if not x.flags.c_contiguous or not is_constant(index) or not all(map(_are_places, places)):
        return None
    k = len(places)
    rows = x.reshape(math.prod(x.shape[:k]), *x.shape[k:])
    wrapped = [np.where(i < 0, i + n, i) for i, n in zip(places, x.shape, strict=False)]
    picked = np.ravel_multi_index(tuple(np.broadcast_arrays(*wrapped)), x.shape[:k])
    return partial(np.take, rows, picked, 0, out, "clip")


def _are_places(index: Any) -> bool:
    return type(index) is np.ndarray and index.dtype.kind in "iu" and index.size > 0


_SPECIAL: Final[dict[Any, Callable[..., Ready | None]]] = {
    np.matmul: _matmul,
    np.dot: _dot,
    operator.pow: _power,
    astype: _astype,
    operator.getitem: _getitem,
    **PREPARED,
    np.where: lambda out, *args: PREPARED[np.where](out, *args) or _where(out, *args),
}
"""Functions that have a shorter way than NumPy's own, or none with `out`; None where it does not apply."""
