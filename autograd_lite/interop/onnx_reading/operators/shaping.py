"""The same entries in another shape or order, and arrays put together or taken apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    at_axis,
    axes_of,
    axis_of,
    moves,
    room_for,
    whole,
)


def arrays_of(name: str, x: Given) -> Any:
    """NumPy's function of this name for what is fixed, this project's for what moves."""
    return getattr(f if moves(x) else np, name)


def reshaped(x: Given, shape: Given, *, allowzero: int = 0) -> Any:
    """The entries in another shape: 0 keeps a length, -1 is what is left."""
    lengths = list(whole(shape, "the shape"))
    if not allowzero:
        if any(n == 0 and i >= x.ndim for i, n in enumerate(lengths)):
            raise OperandError(f"shape {lengths} keeps an axis that {list(x.shape)} does not have")
        lengths = [x.shape[i] if n == 0 else n for i, n in enumerate(lengths)]
    elif 0 in lengths and -1 in lengths:
        raise OperandError(f"shape {lengths} has both 0 and -1, with allowzero=1")
    return x.reshape(tuple(lengths))


def _transposed(x: Given, *, perm: Sequence[int] | None = None) -> Any:
    axes = None if perm is None else axes_of(perm, x.ndim)
    if axes is not None and len(axes) != x.ndim:
        raise OperandError(f"perm {list(axes)} does not name each of {x.ndim} axes")
    return x.T if axes is None else x.transpose(axes)


def expanded(x: Given, shape: Given) -> Any:
    """Copied along axes of length 1 to a shape that broadcasts with its own."""
    lengths = np.broadcast_shapes(x.shape, room_for(whole(shape, "the shape")))
    return arrays_of("broadcast_to", x)(x, room_for(lengths))


def _unsqueezed(x: Given, axes: Given) -> Any:
    places = whole(axes, "axes")
    found = tuple(axis_of(i, x.ndim + len(places)) for i in places)
    if len(set(found)) < len(found):
        raise OperandError(f"axes {list(places)} name one twice")
    return arrays_of("expand_dims", x)(x, found)


def _unsqueezed_by_attribute(x: Given, *, axes: Sequence[int]) -> Any:
    return _unsqueezed(x, np.array(axes, int))


def _squeezed(x: Given, axes: Given | None = None) -> Any:
    found = (
        tuple(i for i, n in enumerate(x.shape) if n == 1) if axes is None else axes_of(axes, x.ndim)
    )
    return arrays_of("squeeze", x)(x, axis=found)


def _squeezed_by_attribute(x: Given, *, axes: Sequence[int] | None = None) -> Any:
    return _squeezed(x, None if axes is None else np.array(axes, int))


def _flattened(x: Given, *, axis: int = 1) -> Any:
    k = x.ndim if axis == x.ndim else axis_of(axis, x.ndim)
    return x.reshape((math.prod(x.shape[:k]), math.prod(x.shape[k:])))


def _joined(*parts: Given, axis: int) -> Any:
    k = axis_of(axis, parts[0].ndim)
    if all(x.ndim == parts[0].ndim for x in parts):
        lengths = list(parts[0].shape)
        lengths[k] = sum(x.shape[k] for x in parts)
        room_for(lengths)
    return arrays_of_all("concatenate", parts)(list(parts), axis=k)


def arrays_of_all(name: str, xs: Sequence[Given]) -> Any:
    """`arrays_of` for several values, of which one may move."""
    return getattr(f if moves(*xs) else np, name)


def _split(
    x: Given, sizes: Given | None = None, *, axis: int = 0, num_outputs: int = 0, outputs: int
) -> tuple[Any, ...]:
    k = axis_of(axis, x.ndim)
    if num_outputs not in (0, outputs):
        raise OperandError(f"num_outputs is {num_outputs}, and the node has {outputs} outputs")
    if sizes is None:
        lengths = _equal_parts(x.shape[k], outputs, may_differ=bool(num_outputs))
    else:
        lengths = list(whole(sizes, "split"))
    if sum(lengths) != x.shape[k] or min(lengths, default=0) < 0 or len(lengths) != outputs:
        raise OperandError(
            f"parts of {lengths} entries are not {outputs} parts of {x.shape[k]} entries"
        )
    ends = np.cumsum([0, *lengths]).tolist()
    return tuple(x[at_axis(k, slice(i, j))] for i, j in pairwise(ends))


def _equal_parts(length: int, parts: int, may_differ: bool) -> list[int]:
    """The lengths of so many parts; the last ones are shorter where they may differ."""
    if not may_differ and length % parts:
        raise OperandError(f"{length} entries are not {parts} equal parts")
    each = -(-length // parts)
    return [max(0, min(each, length - i * each)) for i in range(parts)]


def _split_by_attribute(
    x: Given, *, axis: int = 0, split: Sequence[int] | None = None, outputs: int
) -> Any:
    return _split(x, None if split is None else np.array(split, int), axis=axis, outputs=outputs)


def sliced(
    x: Given,
    starts: Given,
    ends: Given,
    axes: Given | None = None,
    steps: Given | None = None,
) -> Any:
    """From start to end in steps, along axes; ends beyond an axis are its end."""
    first, last = whole(starts, "starts"), whole(ends, "ends")
    along = axes_of(axes, x.ndim) if axes is not None else tuple(range(len(first)))
    step = whole(steps, "steps") if steps is not None else (1,) * len(first)
    if not len(first) == len(last) == len(along) == len(step) or len(first) > x.ndim or 0 in step:
        raise OperandError(
            f"starts {first}, ends {last}, axes {along} and steps {step} do not fit {x.ndim} axes"
        )
    index: list[Any] = [slice(None)] * x.ndim
    for i, j, axis, by in zip(first, last, along, step, strict=True):
        index[axis] = slice(i, None if by < 0 and j < -x.shape[axis] else j, by)
    return x[tuple(index)]


def _sliced_by_attribute(
    x: Given, *, starts: Sequence[int], ends: Sequence[int], axes: Sequence[int] | None = None
) -> Any:
    return sliced(
        x,
        np.array(starts, int),
        np.array(ends, int),
        None if axes is None else np.array(axes, int),
    )


def _tiled(x: Given, repeats: Given) -> Any:
    times = whole(repeats, "repeats")
    if len(times) != x.ndim:
        raise OperandError(f"{len(times)} repeats do not fit {x.ndim} axes")
    room_for([n * k for n, k in zip(x.shape, times, strict=True)])
    return arrays_of("tile", x)(x, times)


def _channels_to_space(x: Given, *, blocksize: int, mode: str = "DCR") -> Any:
    n, c, h, w = x.shape
    b = blocksize
    if b < 1 or c % (b * b) or mode not in ("DCR", "CRD"):
        raise OperandError(f"{c} channels do not fit blocksize {b} in mode {mode!r}")
    if mode == "DCR":
        y = x.reshape((n, b, b, c // (b * b), h, w)).transpose((0, 3, 4, 1, 5, 2))
    else:
        y = x.reshape((n, c // (b * b), b, b, h, w)).transpose((0, 1, 4, 2, 5, 3))
    return y.reshape((n, c // (b * b), h * b, w * b))


def _space_to_channels(x: Given, *, blocksize: int, mode: str = "DCR") -> Any:
    n, c, h, w = x.shape
    b = blocksize
    if b < 1 or h % b or w % b or mode not in ("DCR", "CRD"):
        raise OperandError(f"an image of {h}×{w} does not fit blocksize {b} in mode {mode!r}")
    y = x.reshape((n, c, h // b, b, w // b, b))
    order = (0, 3, 5, 1, 2, 4) if mode == "DCR" else (0, 1, 3, 5, 2, 4)
    return y.transpose(order).reshape((n, c * b * b, h // b, w // b))


def _triangle(x: Given, k: Given | None = None, *, upper: int = 1) -> Any:
    if x.ndim < 2:
        raise OperandError(f"a triangle is of a matrix, not of shape {list(x.shape)}")
    (offset,) = (0,) if k is None else whole(k, "k")
    return arrays_of("triu" if upper else "tril", x)(x, k=offset)


def _reversed_sequences(
    x: Given, lengths: Given, *, batch_axis: int = 1, time_axis: int = 0
) -> Any:
    if {batch_axis, time_axis} != {0, 1} or x.ndim < 2:
        raise OperandError("batch_axis and time_axis are 0 and 1, in either order")
    ends = whole(lengths, "sequence_lens")
    steps = np.arange(x.shape[time_axis])
    if len(ends) != x.shape[batch_axis] or any(not 0 <= n <= len(steps) for n in ends):
        raise OperandError(f"sequence_lens {ends} do not fit shape {list(x.shape)}")
    last = np.array(ends, int)[:, None] - 1
    source = np.where(steps <= last, last - steps, steps)
    rows = np.arange(len(ends))[:, None]
    return x[(rows, source)] if batch_axis == 0 else x[(source.T, rows.T)]


OPERATORS: Table = {
    "Reshape": reshaped,
    "Transpose": _transposed,
    "Expand": expanded,
    "Unsqueeze": {1: _unsqueezed_by_attribute, 13: _unsqueezed},
    "Squeeze": {1: _squeezed_by_attribute, 13: _squeezed},
    "Flatten": _flattened,
    "Concat": _joined,
    "Split": {1: _split_by_attribute, 13: _split},
    "Slice": {1: _sliced_by_attribute, 10: sliced},
    "Tile": _tiled,
    "DepthToSpace": _channels_to_space,
    "SpaceToDepth": _space_to_channels,
    "Trilu": _triangle,
    "ReverseSequence": _reversed_sequences,
}
