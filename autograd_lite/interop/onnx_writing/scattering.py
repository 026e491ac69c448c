"""Writing entries: the transpose of reading, and copies of an array in which entries are another."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.elementwise import Translation, remainder
from autograd_lite.interop.onnx_writing.indexing import Picked, order_back, picked
from autograd_lite.interop.onnx_writing.operators import (
    expand,
    gather,
    pad,
    reshape,
    squeeze,
    transpose,
    unsqueeze,
    where,
)
from autograd_lite.interop.onnx_writing.wires import INT64, Draft, Wire, as_wire, common_dtype
from autograd_lite.rules import RULES


def scatter(v: Wire, index: Any, shape: Any) -> Wire:
    """Zeros of a shape, with v added at an index, each time where it names an entry twice."""
    lengths = [int(n) for n in np.atleast_1d(shape)]
    pick = picked(index, len(lengths))
    for axis in pick.new:
        lengths.insert(axis, 1)
    v = _arrays_undone(v, pick, lengths) if pick.arrays else unsqueeze(v, sorted(pick.lone))
    for axis, place in pick.lone.items():
        v = _spread(v, axis, slice(place, place + 1 or None), lengths[axis])
    for axis, part in pick.slices.items():
        v = _spread(v, axis, part, lengths[axis])
    return squeeze(v, pick.new)


def _spread(v: Wire, axis: int, part: slice, n: int) -> Wire:
    """The entries of v where a slice of an axis of length n has them, else zeros."""
    start, stop, step = part.indices(n)
    places = range(start, stop, step)
    if step == 1:
        before = [start if k == axis else 0 for k in range(v.ndim)]
        after = [n - start - len(places) if k == axis else 0 for k in range(v.ndim)]
        return pad(v, before, after)
    # one zero more at the end, which is read wherever nothing lies
    source = np.full(n, len(places))
    source[part] = np.arange(len(places))
    one_more = [int(k == axis) for k in range(v.ndim)]
    return gather(pad(v, [0] * v.ndim, one_more), source, axis)


def _arrays_undone(v: Wire, pick: Picked, lengths: list[int]) -> Wire:
    """Entries that arrays have picked, added up at their places; slices of the other axes stay.

    As rows that are added to rows by ScatterElements: runtimes add by ScatterND from several threads at once,
    and lose what two of them add to one entry.
    """
    order = order_back(pick.at, len(pick.lengths), v.ndim)
    moved = transpose(v, [order.index(k) for k in range(v.ndim)])
    rest = moved.shape[len(pick.lengths) :]
    counts = [lengths[axis] for axis in pick.arrays]
    rows, width = math.prod(pick.lengths), math.prod(rest)
    places = expand(reshape(_rows(v, pick, counts), (rows, 1)), (rows, width))
    zeros = expand(v.draft.number(0, v.dtype), (math.prod(counts), width))
    added = v.draft.node(
        "ScatterElements", zeros, places, reshape(moved, (rows, width)),
        like=zeros, axis=0, reduction="add",
    )  # fmt: skip
    back = pick.order(len(lengths))
    whole = reshape(added, (*counts, *rest))
    return transpose(whole, [back.index(k) for k in range(len(lengths))])


def _rows(v: Wire, pick: Picked, counts: list[int]) -> Wire:
    """Which row each picks, when the axes that arrays pick from are written as one."""
    row: Any = None
    for array, n in zip(pick.arrays.values(), counts, strict=True):
        is_known = not isinstance(array, Wire)
        here = v.draft.constant(array % n, INT64) if is_known else remainder(array, n)
        row = here if row is None else row * n + here
    return expand(row, pick.lengths)


def _back_along_axis(g: Any, y: Any, x: Any, indices: Any, *, axis: int | None) -> Wire:
    """The transpose of picking along an axis at places still to come, as sorting does."""
    draft: Draft = next(v.draft for v in (g, indices) if isinstance(v, Wire))
    g, lengths = as_wire(draft, g), np.shape(x)
    shape, k = ((math.prod(lengths),), 0) if axis is None else (lengths, axis % len(lengths))
    zeros = expand(draft.number(0, g.dtype), shape)
    places = reshape(as_wire(draft, indices, INT64), g.shape)
    added = draft.node("ScatterElements", zeros, places, g, like=zeros, axis=k, reduction="add")
    return reshape(added, lengths)


def _at_add(x: Any, v: Any, index: Any) -> Wire:
    """A copy of x with v added at an index."""
    to, added, region = _prepared(x, v, index)
    return to + scatter(expand(added, region), index, to.shape)


def _at_set(x: Any, v: Any, index: Any) -> Wire:
    """A copy of x with v written at an index; of two writes to one entry the later one counts."""
    x, v, region = _prepared(x, v, index)
    v, index = _last_writes(expand(v, region), index, x.shape)
    mask = np.zeros(x.shape, bool)
    mask[index] = True
    return where(x.draft.constant(mask), scatter(v, index, x.shape), x)


def _prepared(x: Any, v: Any, index: Any) -> tuple[Wire, Wire, tuple[int, ...]]:
    """Both in one dtype, and the shape of x[index]."""
    draft: Draft = x.draft if isinstance(x, Wire) else v.draft
    kind = common_dtype(x, v)
    x, v = as_wire(draft, x, kind), as_wire(draft, v, kind)
    return x, v, np.broadcast_to(np.zeros(()), x.shape)[index].shape


def _last_writes(v: Wire, index: Any, shape: tuple[int, ...]) -> tuple[Wire, Any]:
    """Of values for one entry the last; then as one row, with the places where each goes."""
    places = np.arange(np.prod(shape, dtype=int)).reshape(shape)[index].ravel()
    if len(np.unique(places)) == len(places):
        return v, index
    _, from_behind = np.unique(places[::-1], return_index=True)
    last = len(places) - 1 - from_behind
    return gather(reshape(v, (-1,)), last, 0), np.unravel_index(places[last], shape)


SCATTERING: Final[dict[Any, Translation]] = {
    RULES["scatter"]: scatter, RULES["at_add"]: _at_add, RULES["at_set"]: _at_set,
    (RULES["take_along_axis"], "vjp"): _back_along_axis,
}  # fmt: skip
