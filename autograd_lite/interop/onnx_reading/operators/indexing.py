"""Entries chosen by places, and written to places."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.errors import IndexingError, OperandError
from autograd_lite.interop.onnx_reading.budget import Budget
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    NDArray,
    at_axis,
    axis_of,
    moves,
    room_for,
    single,
    whole,
)
from autograd_lite.rules.namespaces import plain


def _places(index: Given, length: int) -> NDArray:
    """Places along an axis, counted from the front.

    Raises IndexingError when one lies outside it.
    """
    places = plain(index).astype(np.int64)
    if places.size and not (-length <= places.min() and places.max() < length):
        outside = places[(places < -length) | (places >= length)].ravel()[0]
        raise IndexingError(f"place {outside} lies outside an axis of {length} entries")
    return np.asarray(np.where(places < 0, places + length, places))


def _gathered(x: Given, index: Given, *, axis: int = 0) -> Any:
    k = axis_of(axis, x.ndim)
    places = _places(index, x.shape[k])
    room_for((*x.shape[:k], *places.shape, *x.shape[k + 1 :]))
    if not moves(x):
        return np.take(plain(x), places, axis=k)
    return x[at_axis(k, places if places.ndim else int(places))]


def _along(shape: tuple[int, ...], index: Given, axis: int) -> tuple[Any, ...]:
    """The index that reads, for each entry of `index`, that place along one axis."""
    if index.ndim != len(shape):
        raise OperandError(f"indices of {index.ndim} axes do not fit {len(shape)} axes")
    k = axis_of(axis, len(shape))
    if any(n > m for i, (n, m) in enumerate(zip(index.shape, shape, strict=True)) if i != k):
        raise OperandError(f"indices {list(index.shape)} reach beyond {list(shape)}")
    places: list[Any] = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    places[k] = _places(index, shape[k])
    return tuple(places)


def _gathered_entries(x: Given, index: Given, *, axis: int = 0) -> Any:
    at = _along(x.shape, index, axis)
    k = axis_of(axis, x.ndim)
    same = all(n == m for i, (n, m) in enumerate(zip(index.shape, x.shape, strict=True)) if i != k)
    if moves(x) and same:
        return f.take_along_axis(x, at[k], axis=k)
    return x[at]


def _at_rows(shape: tuple[int, ...], index: Given, batch: int = 0) -> tuple[Any, ...]:
    """The index that reads a part of an array for each row of `index`."""
    if index.ndim < 1 or index.ndim <= batch or index.shape[-1] > len(shape) - batch:
        raise OperandError(f"indices {list(index.shape)} do not fit {list(shape)}")
    if index.shape[:batch] != shape[:batch]:
        raise OperandError(f"indices {list(index.shape)} do not have the batches of {list(shape)}")
    lead = index.shape[:-1]
    before = [g.reshape(g.shape + (1,) * (len(lead) - batch))
              for g in np.ogrid[tuple(slice(n) for n in lead[:batch])]]  # fmt: skip
    rows = [_places(plain(index)[..., j], shape[batch + j]) for j in range(index.shape[-1])]
    room_for((*lead, *shape[batch + index.shape[-1] :]))
    return (*before, *rows)


def _gathered_rows(x: Given, index: Given, *, batch_dims: int = 0) -> Any:
    if not 0 <= batch_dims < max(1, x.ndim):
        raise OperandError(f"batch_dims={batch_dims} does not fit {x.ndim} axes")
    at = _at_rows(x.shape, index, batch_dims)
    return x[at] if at else f.broadcast_to(x, (*index.shape[:-1], *x.shape))


_UFUNCS: Final = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


def _scattered_entries(
    x: Given,
    index: Given,
    updates: Given,
    *,
    axis: int = 0,
    reduction: str = "none",
    budget: Budget,
) -> Any:
    if updates.shape != index.shape:
        raise OperandError(f"updates {list(updates.shape)} and indices {list(index.shape)} differ")
    return _written(x, _along(x.shape, index, axis), updates, reduction, budget)


def _scattered_rows(
    x: Given, index: Given, updates: Given, *, reduction: str = "none", budget: Budget
) -> Any:
    at = _at_rows(x.shape, index)
    wanted = (*index.shape[:-1], *x.shape[index.shape[-1] :])
    if updates.shape != wanted:
        raise OperandError(f"updates {list(updates.shape)} are not of shape {list(wanted)}")
    return _written(x, at, updates, reduction, budget)


def _written(x: Given, at: tuple[Any, ...], updates: Given, reduction: str, budget: Budget) -> Any:
    if reduction not in ("none", *_UFUNCS):
        raise OperandError(f"reduction {reduction!r} is none of none, {', '.join(_UFUNCS)}")
    if not moves(x, updates):
        y = plain(x).copy()
        if reduction == "none":
            y[at] = plain(updates)
        else:
            _UFUNCS[reduction].at(y, at, plain(updates))
        return y
    tensor = x if isinstance(x, Tensor) else Tensor(x)
    if reduction == "none":
        return tensor.at[at].set(updates)
    if reduction == "add":
        return tensor.at[at].add(updates)
    return _folded_in(tensor, at, updates, reduction, budget)


def _folded_in(
    x: Tensor, at: tuple[Any, ...], updates: Given, reduction: str, budget: Budget
) -> Any:
    """Products and extremes: where a place is written several times, one write after the other."""
    places = np.arange(x.size).reshape(x.shape)[at].ravel()
    values = updates.reshape((-1,))
    fold = {"mul": f.multiply, "max": f.maximum, "min": f.minimum}[reduction]
    row = x.reshape((-1,))
    for turn in _turns(places):
        budget.step()
        budget.keep([row])
        row = row.at[places[turn]].set(fold(row[places[turn]], values[turn]))
    return row.reshape(x.shape)


def _turns(places: NDArray) -> list[NDArray]:
    """The writes in turns in which no place is written twice."""
    seen: dict[int, int] = {}
    turns: dict[int, list[int]] = {}
    for k, place in enumerate(places.tolist()):
        turn = seen[place] = seen.get(place, -1) + 1
        turns.setdefault(turn, []).append(k)
    return [np.array(turn) for turn in turns.values()]


def _one_hot(index: Given, depth: Given, values: Given, *, axis: int = -1) -> Any:
    n = int(single(depth, "the depth"))
    k = axis_of(axis, index.ndim, beyond=1)
    room_for((*index.shape, n))
    if values.shape != (2,) or n < 1:
        raise OperandError(f"depth {n} and values {list(values.shape)} are not n ≥ 1 and a pair")
    places = plain(index).astype(np.int64)
    inside = (places >= -n) & (places < n)
    hot = np.expand_dims(places % n, k) == np.arange(n).reshape((-1,) + (1,) * (index.ndim - k))
    hot = hot & np.expand_dims(inside, k)
    return (f if moves(values) else np).where(hot, values[1], values[0])


def _not_zero(x: Given) -> Any:
    numbers = np.atleast_1d(plain(x))
    room_for((numbers.ndim, int(np.count_nonzero(numbers))))
    return np.stack(np.nonzero(numbers)).astype(np.int64)


def _compressed(x: Given, condition: Given, *, axis: int | None = None) -> Any:
    (kept,) = np.nonzero(plain(condition).ravel())
    k = 0 if axis is None else axis_of(axis, x.ndim)
    x = x.reshape((-1,)) if axis is None else x
    if kept.size and kept[-1] >= x.shape[k]:
        raise IndexingError(f"the condition reaches beyond {x.shape[k]} entries")
    return x[at_axis(k, kept)]


def _top(x: Given, k: Given, *, axis: int = -1, largest: int = 1, sorted: int = 1) -> Any:  # noqa: A002 - ONNX's name
    """The k largest or smallest entries in order, of equals the first; unsorted ones may stand so too."""
    along, n = axis_of(axis, x.ndim), int(single(k, "k"))
    if not 0 <= n <= x.shape[along]:
        raise OperandError(f"k={n} entries are not among {x.shape[along]}")
    numbers = plain(x)
    if largest:  # stable also downwards: of equals the first
        back = np.flip(numbers, along)
        order = x.shape[along] - 1 - np.flip(np.argsort(back, axis=along, kind="stable"), along)
    else:
        order = np.argsort(numbers, axis=along, kind="stable")
    places = order[at_axis(along, slice(0, n))].astype(np.int64)
    if moves(x):
        return f.take_along_axis(x, places, axis=along), places
    return np.take_along_axis(numbers, places, axis=along), places


def _top_by_attribute(x: Given, *, k: int, axis: int = -1) -> Any:
    return _top(x, np.array(k), axis=axis)


def _distinct(x: Given, *, axis: int | None = None, sorted: int = 1) -> Any:  # noqa: A002 - ONNX's name
    y, first, inverse, counts = np.unique(plain(x), True, True, True, axis=axis)
    inverse = inverse.ravel()
    if not sorted:
        order = np.argsort(first)
        y = np.take(y, order, axis=axis or 0)
        inverse = np.argsort(order)[inverse]
        first, counts = first[order], counts[order]
    if moves(x):  # the places stay as they are now, the entries follow
        y = f.take(x.reshape((-1,)) if axis is None else x, first, axis=axis or 0)
    return y, *(a.astype(np.int64) for a in (first, inverse, counts))


def _updated(
    cache: Given,
    update: Given,
    at: Given | None = None,
    *,
    axis: int = -2,
    mode: str = "linear",
    budget: Budget,
) -> Any:
    """A cache with an update written from a place on, for each batch its own."""
    k, (n, length) = axis_of(axis, cache.ndim), (len(cache), update.shape[axis])
    starts = np.zeros(n, int) if at is None else np.array(whole(at, "write_indices"))
    places = starts[:, None] + np.arange(length)
    if mode not in ("linear", "circular") or k == 0 or len(starts) != n:
        raise OperandError(f"mode {mode!r} and axis {axis} are not read")
    places = _places(places % cache.shape[k] if mode == "circular" else places, cache.shape[k])
    lead = np.arange(n)[:, None]
    order = (0, k, *(i for i in range(1, cache.ndim) if i != k))
    rows = _written(cache.transpose(order), (lead, places), update.transpose(order), "none", budget)
    return rows.transpose(tuple(int(i) for i in np.argsort(order)))


OPERATORS: Table = {
    "Gather": _gathered,
    "GatherElements": _gathered_entries,
    "GatherND": _gathered_rows,
    "Scatter": _scattered_entries,
    "ScatterElements": _scattered_entries,
    "ScatterND": _scattered_rows,
    "TensorScatter": _updated,
    "OneHot": _one_hot,
    "NonZero": _not_zero,
    "Compress": _compressed,
    "TopK": {1: _top_by_attribute, 10: _top},
    "Unique": _distinct,
}
