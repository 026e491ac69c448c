"""Calls with a preparation: what is the same in each run is done once, results go to given memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.rules.choosing import BITS, choose_into
from autograd_lite.rules.indexing import at_add, at_set, may_repeat, positions, scatter
from autograd_lite.rules.tails import ENOUGH
from autograd_lite.rules.windows import contiguous, fold, offsets, windows_of
from autograd_lite.source.looking import WITH_OUT, slope_of_sigmoid, slope_of_tanh

Ready: TypeAlias = Callable[[], object]

_MANY: Final = 1 << 12
"""From how many entries on a choice by bits pays for its calls."""


def _copied(out: Any, x: Any, order: str = "C") -> Ready:
    return partial(np.copyto, out, x)


def _reshaped(out: Any, x: Any, shape: Any) -> Ready | None:
    """A reshape that copies: entry by entry in the old shape, without an array in between."""
    return partial(np.copyto, out.reshape(x.shape), x) if out.flags.c_contiguous else None


def _padded(
    out: Any, x: Any, pad_width: Any, mode: str = "constant", constant_values: float = 0.0
) -> Ready | None:
    if mode != "constant" or np.ndim(constant_values):
        return None
    ends = [
        (int(b), n - int(a))
        for (b, a), n in zip(np.broadcast_to(pad_width, (x.ndim, 2)), out.shape, strict=True)
    ]
    inside = out[tuple(slice(*pair) for pair in ends)]
    border = [
        out[(slice(None),) * axis + (part,)]
        for axis, (begin, end) in enumerate(ends)
        for part in (slice(None, begin), slice(end, None))
    ]
    border = [part for part in border if part.size]

    def write() -> None:
        for part in border:  # others use the same memory in between
            part[...] = constant_values
        np.copyto(inside, x)

    return write


def _chosen(out: Any, *args: Any) -> Ready | None:
    if len(args) != 3 or out.dtype not in BITS or np.asarray(args[0]).dtype.kind != "b":
        return None
    condition, *ab = args
    a, b = (np.asarray(x, out.dtype) if isinstance(x, (int, float)) else x for x in ab)
    if not a.dtype == b.dtype == out.dtype or out.size < _MANY:
        return None
    return partial(choose_into, out, condition, a, b)


def _folded(out: Any, patches: Any, size: Any, kernel: Any, stride: Any, dilation: Any) -> Ready:
    places = offsets(kernel, stride, dilation, patches.shape[1:-2])
    pairs = [(out[place], patches[..., k, :]) for k, place in enumerate(places)]

    def write() -> None:
        out.fill(0.0)
        for so_far, part in pairs:
            np.add(so_far, part, so_far)

    return write


def _scattered(out: Any, v: Any, index: Any, shape: Any) -> Ready | None:
    return _written(out, 0.0, v, index, add=may_repeat(index))


def _with_entries(out: Any, x: Any, v: Any, index: Any, *, add: bool) -> Ready | None:
    return None if may_repeat(index) and not add else _written(out, x, v, index, add=add)


def is_constant(index: Any) -> bool:
    """Whether no array in an index is still to come: constants of a recording are read-only."""
    parts = index if isinstance(index, (tuple, list)) else (index,)
    return not any(isinstance(part, np.ndarray) and part.flags.writeable for part in parts)


def _written(out: Any, x: Any, v: Any, index: Any, *, add: bool) -> Ready | None:
    """Out = x with v in the entries at an index, or added to them; None for an index that is to come."""
    if not is_constant(index):
        return None
    v = np.broadcast_to(v, np.shape(out[index]))
    if not may_repeat(index):
        return _in_place(out, x, v, index, add)
    if not out.flags.c_contiguous:
        return None
    row, entries = out.reshape(-1), positions(out.shape, index).reshape(-1)

    def write() -> None:
        np.copyto(out, x)
        np.add.at(row, entries, v.reshape(-1))

    return write


def _in_place(out: Any, x: Any, v: Any, index: Any, add: bool) -> Ready:
    def write() -> None:
        np.copyto(out, x)
        if add:
            out[index] += v
        else:
            out[index] = v

    return write


def _slope_of_tanh(out: Any, y: Any, x: Any) -> Ready:
    """What `slope_of_tanh` computes, with all that it asks for looked up before."""
    one, item, least = np.ones((), out.dtype), out.item, out.argmin

    def write() -> None:
        np.multiply(y, y, out)
        np.subtract(one, out, out)
        if not item(least()) >= ENOUGH:
            slope_of_tanh(y, x, out)

    return write if out.size else partial(slope_of_tanh, y, x, out)


def _slope_of_sigmoid(out: Any, y: Any, x: Any) -> Ready:
    """What `slope_of_sigmoid` computes, likewise."""
    one, item, least = np.ones((), out.dtype), out.item, out.argmin

    def write() -> None:
        np.subtract(one, y, out)
        if item(least()) >= ENOUGH:
            np.multiply(y, out, out)
        else:
            slope_of_sigmoid(y, x, out)

    return write if out.size else partial(slope_of_sigmoid, y, x, out)


def _with_out(function: Any) -> Callable[..., Ready]:
    return lambda out, *args, **options: partial(function, *args, out=out, **options)


def _noted(function: Any) -> Any:
    """What a recording notes of a function that asks its argument: the function within."""
    return function.__wrapped__


PREPARED: Final[dict[Any, Callable[..., Ready | None]]] = {
    np.pad: _padded,
    np.copy: _copied,
    np.ascontiguousarray: _copied,
    np.reshape: _reshaped,
    np.where: _chosen,
    _noted(fold): _folded,
    scatter: _scattered,
    at_set: partial(_with_entries, add=False),
    at_add: partial(_with_entries, add=True),
    **{function: _with_out(function) for function in WITH_OUT},
    slope_of_tanh: _slope_of_tanh,
    slope_of_sigmoid: _slope_of_sigmoid,
}
"""By function: (out, *args, **options) -> what runs, or None where there is no shorter way."""
VIEWS: Final = {_noted(contiguous), _noted(windows_of)}
"""Functions whose result may lie in the memory of their first argument."""
