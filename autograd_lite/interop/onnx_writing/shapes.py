"""NumPy's functions that rearrange entries, and those that choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import (
    concatenate,
    expand,
    flipped,
    gather,
    pad,
    reduced,
    reshape,
    sliced,
    squeeze,
    transpose,
    truth,
    unsqueeze,
    where,
)
from autograd_lite.interop.onnx_writing.wires import Wire, as_wire, cast, common_dtype
from autograd_lite.source.recorded import astype

Axes = int | Sequence[int] | None


def axes_of(axis: Axes, ndim: int) -> list[int]:
    """An axis, several, or None for all, counted from the front."""
    given = range(ndim) if axis is None else [axis] if isinstance(axis, (int, np.integer)) else axis
    return [int(k) % max(ndim, 1) for k in given]


def _transpose(x: Wire, axes: Axes = None) -> Wire:
    order = range(x.ndim)[::-1] if axes is None else axes_of(axes, x.ndim)
    return transpose(x, order)


def _swapaxes(x: Wire, a: int, b: int) -> Wire:
    order = list(range(x.ndim))
    order[a], order[b] = order[b], order[a]
    return transpose(x, order)


def _moveaxis(x: Wire, source: int, destination: int) -> Wire:
    order = [k for k in range(x.ndim) if k != source % x.ndim]
    order.insert(destination % x.ndim, source % x.ndim)
    return transpose(x, order)


def _reshape(x: Wire, shape: Any) -> Wire:
    return reshape(x, np.atleast_1d(shape).tolist())


def _ravel(x: Wire) -> Wire:
    return reshape(x, (-1,))


def _expand_dims(x: Wire, axis: Axes) -> Wire:
    count = 1 if isinstance(axis, (int, np.integer)) else len(axis)  # type: ignore[arg-type]
    return unsqueeze(x, axes_of(axis, x.ndim + count))


def _squeeze(x: Wire, axis: Axes = None) -> Wire:
    lone = [k for k, n in enumerate(x.shape) if n == 1]
    return squeeze(x, lone if axis is None else axes_of(axis, x.ndim))


def _broadcast_to(x: Any, shape: Any) -> Any:
    return expand(x, np.atleast_1d(shape).tolist())


def joinable(xs: Sequence[Any]) -> list[Wire]:
    """Arrays of which some are still to come, all of one dtype."""
    draft = next(x.draft for x in xs if isinstance(x, Wire))
    kind = common_dtype(*xs)
    return [as_wire(draft, x, kind) for x in xs]


def _concatenate(xs: Sequence[Any], axis: int | None = 0) -> Wire:
    if axis is None:
        return concatenate([reshape(x, (-1,)) for x in joinable(xs)], 0)
    return concatenate(joinable(xs), axis)


def _stack(xs: Sequence[Any], axis: int = 0) -> Wire:
    return concatenate([unsqueeze(x, [axis]) for x in joinable(xs)], axis)


def _flip(x: Wire, axis: Axes = None) -> Wire:
    return flipped(x, axes_of(axis, x.ndim))


def _roll(x: Wire, shift: Any, axis: Axes = None) -> Wire:
    if axis is None:
        return reshape(_roll(reshape(x, (-1,)), shift, 0), x.shape)
    axes = axes_of(axis, x.ndim)
    for k, places in zip(axes, np.broadcast_to(shift, len(axes)), strict=True):
        if by := int(places) % max(x.shape[k], 1):
            parts = sliced(x, {k: slice(-by, None)}), sliced(x, {k: slice(None, -by)})
            x = concatenate(parts, k)
    return x


def _tile(x: Wire, counts: Any) -> Wire:
    counts = [int(n) for n in np.atleast_1d(counts)]
    x = unsqueeze(x, range(len(counts) - x.ndim))
    counts = [1] * (x.ndim - len(counts)) + counts
    shape = tuple(n * k for n, k in zip(x.shape, counts, strict=True))
    times = x.draft.fixed(np.array(counts))
    return x.draft.node("Tile", x, times, dtype=x.dtype, shape=shape)


def _repeat(x: Wire, counts: Any, axis: int | None = None) -> Wire:
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    n = x.shape[axis]
    return gather(x, np.repeat(np.arange(n), counts), axis)


def _pad(x: Wire, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Wire:
    width = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2))
    if mode != "constant" or np.size(constant_values) != 1:
        return _pad_by_places(x, width, mode, constant_values)
    value = np.ravel(constant_values)[0]
    return pad(x, width[:, 0].tolist(), width[:, 1].tolist(), value)


_REPEATING: Final = ("edge", "reflect", "symmetric", "wrap")


def _pad_by_places(x: Wire, width: Any, mode: Any, constant_values: Any) -> Wire:
    """Repeated entries by their places; different numbers at the ends axis by axis."""
    if mode not in ("constant", *_REPEATING):
        raise SourceError(f"ONNX pads with numbers or with entries again, not with mode={mode!r}")
    if mode != "constant":
        for axis, (before, after) in enumerate(width.tolist()):
            x = gather(x, np.pad(np.arange(x.shape[axis]), (before, after), mode=mode), axis)
        return x
    values = np.broadcast_to(np.asarray(constant_values), (x.ndim, 2))
    for axis, ends in enumerate(width.tolist()):
        for first, (count, value) in enumerate(zip(ends, values[axis], strict=True)):
            at = [count if k == axis else 0 for k in range(x.ndim)]
            none = [0] * x.ndim
            x = pad(x, none, at, value) if first else pad(x, at, none, value)
    return x


def _triangle(upper: int) -> Translation:
    def of(x: Wire, k: int = 0) -> Wire:
        draft = x.draft
        if x.ndim == 1:
            x = expand(x, (*x.shape, *x.shape))
        return draft.node("Trilu", x, draft.number(k, np.int64), like=x, upper=upper)

    return of


def diagonal(x: Wire, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Wire:
    """The entries x[i, i + offset] of two axes, as the last axis."""
    rows, columns = x.shape[axis1], x.shape[axis2]
    rest = [k for k in range(x.ndim) if k not in (axis1 % x.ndim, axis2 % x.ndim)]
    i = np.arange(max(0, -offset), min(rows, columns - offset))
    shape = tuple(x.shape[k] for k in rest)
    row = reshape(transpose(x, [*rest, axis1, axis2]), (*shape, rows * columns))
    return gather(row, i * columns + i + offset, -1)


def _diag(x: Wire, offset: int = 0) -> Wire:
    """The diagonal of a matrix, or a matrix with this diagonal."""
    if x.ndim == 2:
        return diagonal(x, offset)
    n = x.shape[0] + abs(offset)
    below = max(0, -offset)
    column = pad(unsqueeze(x, [1]), [below, 0], [n - below - x.shape[0], 0])
    mask = np.eye(n, n, offset, dtype=bool)
    return where(x.draft.fixed(mask), column, 0.0)


def _trace(x: Wire, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Wire:
    return reduced("ReduceSum", diagonal(x, offset, axis1, axis2), [-1])


def _where(condition: Any, a: Any, b: Any) -> Wire:
    draft = next(x.draft for x in (condition, a, b) if isinstance(x, Wire))
    return where(truth(as_wire(draft, condition)), a, b)


def _astype(x: Wire, dtype: Any) -> Wire:
    return cast(x, dtype) if x.dtype != np.dtype(dtype) else x


def _same(x: Wire) -> Wire:
    return x


SHAPES: Final[dict[Any, Translation]] = {
    np.transpose: _transpose, np.swapaxes: _swapaxes, np.moveaxis: _moveaxis, np.reshape: _reshape,
    np.ravel: _ravel, np.expand_dims: _expand_dims, np.squeeze: _squeeze, np.broadcast_to: _broadcast_to,
    np.concatenate: _concatenate, np.stack: _stack, np.flip: _flip, np.roll: _roll, np.tile: _tile,
    np.repeat: _repeat, np.pad: _pad, np.tril: _triangle(0), np.triu: _triangle(1), np.diag: _diag,
    np.diagonal: diagonal, np.trace: _trace, np.where: _where, astype: _astype,
    np.ascontiguousarray: _same, np.copy: _same,
}  # fmt: skip
