"""Calls that need not be noted, since an array that is there already holds their result."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.source.recorded import Recorded, astype
from autograd_lite.source.recording import Call

Made = Mapping[Recorded, Call]
"""By array to come: the call that computes it."""


def shortcut(made: Made, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """What function(*args) is in terms of what has been noted; None where it has to be computed.

    made  the calls so far, by their results
    """
    way = _WAYS.get(function)
    if way is not None and (found := way(made, *args)) is not None:
        return found
    if isinstance(function, np.ufunc) and function.signature is None and len(args) == 2:
        return _without_spreading(made, function, args)
    return None


def _transpose(made: Made, x: Any, axes: Any = None) -> Any:
    """What was transposed twice in the same way as in (xᵀ)ᵀ."""
    call = made.get(x) if isinstance(x, Recorded) else None
    if call is None or call.function is not np.transpose or axes is not None or len(call.args) > 1:
        return None
    return call.args[0]


def _reshape(made: Made, x: Any, shape: Any) -> Any:
    return x if isinstance(x, Recorded) and tuple(np.atleast_1d(shape)) == x.shape else None


def _astype(made: Made, x: Any, dtype: Any) -> Any:
    return x if isinstance(x, Recorded) and x.dtype == dtype else None


def _multiply(made: Made, a: Any, b: Any) -> Any:
    """a·(b·x) as (a·b)·x for numbers a and b."""
    if isinstance(a, Recorded):
        a, b = b, a
    call = made.get(b) if isinstance(b, Recorded) else None
    if type(a) is not float or call is None or call.function is not np.multiply or call.options:
        return None
    inner = [x for x in call.args if type(x) is float]
    others = [x for x in call.args if isinstance(x, Recorded)]
    if len(inner) != 1 or len(others) != 1:
        return None
    if not all(_is_normal(number, b.dtype) for number in (a, inner[0], a * inner[0])):
        return None
    return np.multiply(a * inner[0], others[0])


def _is_normal(a: float, dtype: Any) -> bool:
    """Whether a number of this dtype has all its digits: it is no zero, subnormal, inf or nan."""
    return float(np.finfo(dtype).tiny) <= abs(a) <= float(np.finfo(dtype).max)


def _concatenate(made: Made, parts: Any, axis: int = 0) -> Any:
    """All rows x[0], x[1], … of one array below one another: its first two axes as one."""
    calls = [made.get(x) if isinstance(x, Recorded) else None for x in parts]
    if axis != 0 or any(c is None or c.function is not operator.getitem for c in calls):
        return None
    bases: Sequence[Any] = [call.args[0] for call in calls if call is not None]
    indices = [_place(call.args[1]) for call in calls if call is not None]
    x = bases[0]
    if any(base is not x for base in bases) or indices != [*range(len(x))] or x.ndim < 2:
        return None
    return np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def _place(index: Any) -> Any:
    """The row that an index picks, of 3 and of (3,)."""
    return index[0] if isinstance(index, tuple) and len(index) == 1 else index


def _without_spreading(made: Made, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """One number beside an array, in place of an array filled with it."""
    narrow = [_narrow(made, x) for x in args]
    for k, other in ((0, 1), (1, 0)):
        if narrow[k] is not args[k] and np.shape(args[other]) == np.shape(args[k]):
            return function(*(narrow[i] if i == k else x for i, x in enumerate(args)))
    return None


def _narrow(made: Made, x: Any) -> Any:
    call = made.get(x) if isinstance(x, Recorded) else None
    if call is None or call.function is not np.broadcast_to:
        return x
    return call.args[0] if np.size(call.args[0]) == 1 and np.ndim(call.args[0]) == 0 else x


_WAYS: Final[dict[Any, Callable[..., Any]]] = {
    np.transpose: _transpose,
    np.reshape: _reshape,
    astype: _astype,
    np.multiply: _multiply,
    np.concatenate: _concatenate,
}
