"""Rules that read from and write to chosen entries: y = x[index], and its transpose `scatter`.

An index is NumPy's: integers, slices, Ellipsis, None, integer arrays, boolean arrays, or a tuple
of these. `getitem` and `scatter` are each other's transpose, so derivatives of any order stay here.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import linear, operation
from autograd_lite.rules.shape import shape_of

_BASIC: Final = (int, np.integer, slice, type(None), type(Ellipsis))


def _add_entries(total: Any, g: Array, *, index: Any) -> None:
    """What a read of some entries sends back, without zeros for all the others."""
    if may_repeat(index):
        total += scatter(g, index, total.shape)
    else:
        total[index] += g


def _overwritten(xp: Namespace, g: Array, y: Array, x: Array, *, index: Any) -> Any:
    return xp.at_set(np.zeros_like(plain(x)), g, index=index)


@linear(
    lambda xp, g, y, x, *, index: xp.scatter(g, index=index, shape=shape_of(x)),
    adds=(_add_entries,),
    malrules=[Malrule("E13a", 0, vjp=_overwritten)],  # of an entry read twice the last one counts
)
def getitem(xp: Namespace, x: Array, *, index: Any) -> Any:
    """The entries at an index: y = x[index]. The gradients of an entry read several times add up.

    >>> getitem([1.0, 2.0, 3.0], [0, 0, 2])
    array([1., 1., 3.])

    Raises IndexError when the index lies outside x.
    """
    return x[index]


@operation(
    [lambda xp, g, y, v, *, index, shape: xp.getitem(g, index=index)],
    [lambda xp, t, y, v, *, index, shape: xp.scatter(t, index=index, shape=shape)],
    linear_in=[0],
    source={"numpy": "scatter({0}, {index}, {shape})"},
)
def scatter(xp: Namespace, v: Array, *, index: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of indexing: zeros of `shape`, with v added at `index`.

    Entries that the index repeats are added to each time. v has the shape of zeros(shape)[index].

    >>> scatter([1.0, 2.0, 5.0], [0, 0, 2], (4,))
    array([3., 0., 5., 0.])
    """
    v = np.asarray(v)
    y = np.zeros(shape, v.dtype)
    if may_repeat(index):
        np.add.at(y.reshape(-1), positions(shape, index).reshape(-1), v.reshape(-1))
    else:
        y[index] = v
    return y


def _still_written(xp: Namespace, g: Array, y: Array, x: Array, v: Array, *, index: Any) -> Any:
    g = xp.getitem(g, index=index)
    return xp.where(_last_writes(shape_of(x), index), g, 0.0) if may_repeat(index) else g


def _zeros_like(y: Array) -> Any:
    return np.zeros_like(plain(y))


@operation(
    [lambda xp, g, y, x, v, *, index: xp.at_set(g, 0.0, index=index), _still_written],
    [
        lambda xp, t, y, x, v, *, index: xp.at_set(t, 0.0, index=index),
        lambda xp, t, y, x, v, *, index: xp.at_set(_zeros_like(y), t, index=index),
    ],
    linear_in=[0, 1],
    source={"numpy": "at_set({0}, {1}, {index})"},
    kinks="where an index is repeated the last write wins, and it alone has a derivative",
)
def at_set(xp: Namespace, x: Array, v: Array, *, index: Any) -> Any:
    """A copy of x with the entries at an index replaced: y[index] = v, elsewhere y = x.

    v broadcasts to the shape of x[index].

    >>> at_set([1.0, 2.0, 3.0], 0.0, slice(0, 2))
    array([0., 0., 3.])

    Raises IndexError when the index lies outside x, ValueError when v does not broadcast.
    """
    y, v = _copied(x, v, index)
    if may_repeat(index):
        # as one row, where NumPy writes in order: x[i, j] = v may take another path through memory
        y.reshape(-1)[positions(y.shape, index).reshape(-1)] = v.reshape(-1)
    else:
        y[index] = v
    return y


@operation(
    [
        lambda xp, g, y, x, v, *, index: g,
        lambda xp, g, y, x, v, *, index: xp.getitem(g, index=index),
    ],
    [
        lambda xp, t, y, x, v, *, index: t,
        lambda xp, t, y, x, v, *, index: xp.at_add(_zeros_like(y), t, index=index),
    ],
    linear_in=[0, 1],
    source={"numpy": "at_add({0}, {1}, {index})"},
)
def at_add(xp: Namespace, x: Array, v: Array, *, index: Any) -> Any:
    """A copy of x with v added to the entries at an index, to repeated entries each time.

    v broadcasts to the shape of x[index].

    >>> at_add([1.0, 2.0, 3.0], 10.0, [0, 0])
    array([21.,  2.,  3.])

    Raises IndexError when the index lies outside x, ValueError when v does not broadcast.
    """
    y, v = _copied(x, v, index)
    if may_repeat(index):
        np.add.at(y.reshape(-1), positions(y.shape, index).reshape(-1), v.reshape(-1))
    else:
        y[index] += v
    return y


def _along_axis(shape: tuple[int, ...], indices: Any, axis: int | None) -> tuple[Any, ...]:
    """The index of x that `take_along_axis` reads: its own place on every axis but one."""
    if axis is None:
        places = indices.astype(np.intp)
        return np.unravel_index(
            places % max(math.prod(shape), 1), shape
        )  # from the end, if negative
    index = list(np.ogrid[tuple(slice(n) for n in shape)])
    index[axis] = plain(indices)
    return tuple(index)


@linear(
    lambda xp, g, y, x, indices, *, axis: xp.scatter(
        g, index=_along_axis(shape_of(x), plain(indices), axis), shape=shape_of(x)
    ),
    None,
)
def take_along_axis(xp: Namespace, x: Array, indices: Any, *, axis: int | None) -> Any:
    """One entry picked along an axis at each place: y[i, j] = x[i, indices[i, j]] for axis 1.

    x (n, k), indices (n, m) integers, y (n, m); likewise for more axes. axis None picks from x as
    one row.

    >>> take_along_axis([[1.0, 2.0], [3.0, 4.0]], [[1], [0]], 1)
    array([[2.],
           [3.]])

    Raises IndexError when an index lies outside the axis or is no integer.
    """
    return xp.take_along_axis(x, indices, axis)


def may_repeat(index: Any) -> bool:
    """Whether an index may name an entry twice: only one with integer arrays can.

    >>> may_repeat((slice(3), 1)), may_repeat([0, 0])
    (False, True)
    """
    parts = index if isinstance(index, tuple) else (index,)
    return not all(isinstance(i, _BASIC) or np.asarray(i).dtype == bool for i in parts)


def positions(shape: tuple[int, ...], index: Any) -> Any:
    """Where the entries at an index stand when an array of `shape` is written as one row.

    >>> positions((2, 3), (slice(None), [0, 2]))
    array([[0, 2],
           [3, 5]])
    """
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)[index]


def _last_writes(shape: tuple[int, ...], index: Any) -> Any:
    """Which of the values written at an index are there afterwards, when it names entries twice."""
    place = positions(shape, index)
    order = np.arange(place.size).reshape(place.shape)
    writer = np.zeros(shape, int).reshape(-1)
    writer[place] = order
    return writer[place] == order


def _copied(x: Array, v: Array, index: Any) -> tuple[Any, Any]:
    """A copy of x to write to, and v in the shape of the entries at `index`."""
    y = np.array(x, np.result_type(x, v), order="C")
    return y, np.broadcast_to(v, y[index].shape)
