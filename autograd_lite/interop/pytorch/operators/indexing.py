"""ATen's operators that read and write entries by their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.comparing import detached
from autograd_lite.interop.pytorch.operators.operator import Operators, refuse
from autograd_lite.interop.pytorch.operators.reducing import along
from autograd_lite.interop.pytorch.operators.shaping import f_getitem, part_of, span
from autograd_lite.operands import Array, Numbers
from autograd_lite.rules.indexing import at_add, at_set
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of

Places = Sequence[Array | None]


def _index(places: Places) -> tuple[Any, ...]:
    return tuple(slice(None) if k is None else np.asarray(plain(k)) for k in places)


def _put(x: Array, places: Places, values: Numbers, accumulate: bool = False) -> Any:
    write = at_add if accumulate else at_set
    return write(x, values, index=_index(places))


def _embedded(
    weight: Array, ids: Array, padding_idx: int = -1, scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:  # fmt: skip
    """One row of the weight for each id; the row of the padding gets no derivative."""
    if scale_grad_by_freq:
        raise refuse(
            "scale_grad_by_freq", True, "gradients here are derivatives, and are not scaled"
        )
    ids = np.asarray(plain(ids))
    rows = f_getitem(weight, ids)
    padding = (ids == padding_idx)[..., None]
    return f.where(padding, detached(rows), rows) if padding_idx >= 0 and padding.any() else rows


def _grid(shape: Sequence[int], dim: int, index: Any) -> tuple[Any, ...]:
    """Where `gather` and `scatter` read and write: their own place on every axis but one."""
    at: list[Any] = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    at[dim] = index
    return tuple(at)


def _gathered(x: Array, dim: int, index: Array, sparse_grad: bool = False) -> Any:
    places = np.asarray(plain(index))
    if not shape_of(x):
        return x if not places.ndim else f.broadcast_to(f.reshape(x, (1,)), shape=places.shape)
    if all(n == k for d, (n, k) in enumerate(zip(shape_of(x), places.shape, strict=True))
           if d != dim % places.ndim):  # fmt: skip
        return along(x, places, dim)
    return f_getitem(x, _grid(shape_of(x), dim, places))


def _scattered(x: Array, dim: int, index: Array, source: Numbers, write: Any) -> Any:
    places = np.asarray(plain(index))
    if not shape_of(x):
        return f.reshape(_scattered(f.reshape(x, (1,)), 0, places.reshape(1), source, write), ())
    if shape_of(source) != () and shape_of(source) != places.shape:
        source = f_getitem(source, tuple(slice(n) for n in places.shape))
    return write(x, source, index=_grid(shape_of(x), dim, places))


def _index_selected(x: Array, dim: int, index: Array) -> Any:
    places = np.asarray(plain(index))
    return part_of(x, dim, np.atleast_1d(places)) if shape_of(x) else x


def _select_scattered(x: Array, source: Array, dim: int, index: int) -> Any:
    return at_set(x, source, index=(slice(None),) * (dim % len(shape_of(x))) + (index,))


def _slice_scattered(
    x: Array, source: Array, dim: int = 0, start: int | None = None, end: int | None = None,
    step: int = 1,
) -> Any:  # fmt: skip
    axis = dim % len(shape_of(x))
    chosen = span(shape_of(x)[axis], start, end, step)
    return at_set(x, source, index=(slice(None),) * axis + (chosen,))


def _index_added(x: Array, dim: int, index: Array, source: Array, *, alpha: float = 1) -> Any:
    at = (slice(None),) * (dim % max(len(shape_of(x)), 1)) + (np.asarray(plain(index)),)
    return at_add(x, source if alpha == 1 else f.multiply(alpha, source), index=at)


INDEXING: Final[Operators] = {
    "index": lambda x, places: f_getitem(x, _index(places)),
    "_unsafe_index": lambda x, places: f_getitem(x, _index(places)),
    "index_put": _put,
    "_unsafe_index_put": _put,
    "embedding": _embedded,
    "gather": _gathered,
    "scatter.src": lambda x, dim, index, source: _scattered(x, dim, index, source, at_set),
    "scatter.value": lambda x, dim, index, value: _scattered(x, dim, index, value, at_set),
    "scatter_add": lambda x, dim, index, source: _scattered(x, dim, index, source, at_add),
    "index_select": _index_selected,
    "select_scatter": _select_scattered,
    "slice_scatter": _slice_scattered,
    "index_add": _index_added,
    "copy": lambda x, source, non_blocking=False: f.broadcast_to(source, shape=shape_of(x)),
}
