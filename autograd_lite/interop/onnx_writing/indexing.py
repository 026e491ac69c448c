"""Reading entries: x[index] with NumPy's indices, entries along an axis, places as numbers."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.elementwise import Translation, floor_divide, remainder
from autograd_lite.interop.onnx_writing.operators import (
    concatenate,
    expand,
    gather,
    larger,
    reshape,
    sliced,
    smaller,
    transpose,
    unsqueeze,
    vector,
)
from autograd_lite.interop.onnx_writing.wires import BOOL, INT64, Wire, as_wire


@dataclass(frozen=True)
class Picked:
    """An index, part by part: what is picked of each axis, of new ones (length one) too.

    new     the axes that the index makes, of the array with them
    slices  by axis
    lone    by axis: one entry, without arrays beside it
    arrays  by axis: entries by number, which NumPy broadcasts to one shape
    at      where the axes of that shape stand in the result
    """

    new: list[int]
    slices: dict[int, slice]
    lone: dict[int, int]
    arrays: dict[int, Any]
    at: int

    @property
    def lengths(self) -> tuple[int, ...]:
        """The shape that the arrays broadcast to."""
        return np.broadcast_shapes(*(np.shape(a) for a in self.arrays.values()))

    def order(self, ndim: int) -> list[int]:
        """All axes, those of arrays in front."""
        return [*self.arrays, *(k for k in range(ndim) if k not in self.arrays)]


def picked(index: Any, ndim: int) -> Picked:
    """What an index picks of an array with so many axes.

    >>> picked((0, ..., [1, 2]), 3).arrays
    {0: array(0), 2: array([1, 2])}

    Raises SourceError for masks that are still to come: how many entries they pick is not known.
    """
    parts = _whole(index, ndim)
    new = [k for k, part in enumerate(parts) if part is None]
    slices = {k: part for k, part in enumerate(parts) if isinstance(part, slice)}
    numbers = {k: x for k, x in enumerate(parts) if x is not None and not isinstance(x, slice)}
    if all(isinstance(x, (int, np.integer)) for x in numbers.values()):
        return Picked(new, slices, {k: int(x) for k, x in numbers.items()}, {}, 0)
    arrays = {k: x if isinstance(x, Wire) else np.asarray(x, np.int64) for k, x in numbers.items()}
    places = list(arrays)
    is_together = places == [*range(places[0], places[-1] + 1)]
    return Picked(new, slices, {}, arrays, places[0] if is_together else 0)


def _whole(index: Any, ndim: int) -> list[Any]:
    """A part for each axis: masks as the numbers of their entries, … as slices."""
    parts: list[Any] = []
    for part in index if isinstance(index, tuple) else (index,):
        kind = part.dtype if isinstance(part, Wire) else getattr(np.asarray(part), "dtype", None)
        if isinstance(part, (slice, type(None), type(Ellipsis))):
            parts.append(part)
        elif isinstance(part, Wire) and kind == BOOL:
            raise SourceError(
                "it picks entries by a mask that is still to come, and how many these are is not known: "
                "where(mask, x, 0.0) keeps the shape"
            )
        elif kind == BOOL:
            parts += np.nonzero(part)
        else:
            parts.append(part)
    missing = ndim - sum(part is not None and part is not Ellipsis for part in parts)
    place = next((k for k, part in enumerate(parts) if part is Ellipsis), len(parts))
    parts[place : place + 1] = [slice(None)] * missing
    return parts


def getitem(x: Any, index: Any) -> Any:
    """x[index]; of several results the one of that number."""
    if isinstance(x, (tuple, list)):
        return x[index]
    pick = picked(index, x.ndim)
    x = sliced(unsqueeze(x, pick.new), pick.slices)
    for axis in sorted(pick.lone, reverse=True):
        x = gather(x, pick.lone[axis], axis)
    return _by_arrays(x, pick) if pick.arrays else x


def _by_arrays(x: Wire, pick: Picked) -> Wire:
    if len(pick.arrays) == 1:
        [(axis, index)] = pick.arrays.items()
        return gather(x, index, axis)
    lengths, count = pick.lengths, len(pick.arrays)
    moved = transpose(x, pick.order(x.ndim))
    shape = (*lengths, *moved.shape[count:])
    places = stacked(x, list(pick.arrays.values()), lengths)
    y = x.draft.node("GatherND", moved, places, dtype=x.dtype, shape=shape)
    return transpose(y, order_back(pick.at, len(lengths), y.ndim))


def order_back(at: int, count: int, ndim: int) -> list[int]:
    """The order that moves the first `count` axes to the place `at`."""
    rest = [*range(count, ndim)]
    return [*rest[:at], *range(count), *rest[at:]]


def stacked(x: Wire, arrays: Sequence[Any], lengths: tuple[int, ...]) -> Wire:
    """Index arrays side by side along a last axis, as GatherND and ScatterND read them."""
    if not any(isinstance(a, Wire) for a in arrays):
        return x.draft.constant(np.stack(np.broadcast_arrays(*arrays), axis=-1), INT64)
    wires = [as_wire(x.draft, a, INT64) for a in arrays]
    wide = [unsqueeze(expand(a, lengths), [len(lengths)]) for a in wires]
    return concatenate(wide, -1)


def _take_along_axis(x: Any, indices: Any, axis: int | None) -> Wire:
    draft = x.draft if isinstance(x, Wire) else indices.draft
    x, indices = as_wire(draft, x), as_wire(draft, indices, INT64)
    if axis is None:
        return gather(reshape(x, (-1,)), reshape(indices, (-1,)), 0)
    axis %= x.ndim
    shape = np.broadcast_shapes(_without(x.shape, axis), _without(indices.shape, axis))
    x = expand(x, (*shape[:axis], x.shape[axis], *shape[axis + 1 :]))
    indices = expand(indices, (*shape[:axis], indices.shape[axis], *shape[axis + 1 :]))
    return draft.node("GatherElements", x, indices, dtype=x.dtype, shape=indices.shape, axis=axis)


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (*shape[:axis], 1, *shape[axis + 1 :])


def _unravel_index(places: Wire, shape: Any) -> tuple[Wire, ...]:
    """The places in a row as one index for each axis."""
    found: list[Wire] = []
    for n in reversed(np.atleast_1d(shape).tolist()):
        found.append(remainder(places, n))
        places = floor_divide(places, n)
    return tuple(reversed(found))


def _ravel_multi_index(index: Sequence[Any], shape: Any, mode: str = "raise") -> Wire:
    """One index for each axis as places in a row; what lies outside is moved to the rim."""
    draft = next(x.draft for x in index if isinstance(x, Wire))
    row = draft.number(0, INT64)
    for places, n in zip(index, np.atleast_1d(shape).tolist(), strict=True):
        inside = as_wire(draft, places, INT64)
        if isinstance(places, Wire) and mode == "clip":
            inside = smaller(larger(inside, 0), n - 1)
        row = row * n + inside
    return row


def _argsort(x: Wire, axis: int | None = -1, **_: Any) -> Wire:
    """The places of the entries in ascending order; of equal ones the first comes first."""
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    count = vector(x, [x.shape[axis]])
    form = [(x.dtype, x.shape), (INT64, x.shape)]
    return x.draft.nodes("TopK", (x, count), form, axis=axis % x.ndim, largest=0, sorted=1)[1]


INDEXING: Final[dict[Any, Translation]] = {
    operator.getitem: getitem, np.take_along_axis: _take_along_axis, np.argsort: _argsort,
    np.unravel_index: _unravel_index,
    np.ravel_multi_index: _ravel_multi_index,
}  # fmt: skip
