"""One array of several, several of one, and entries put in or left out, under NumPy's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.composed.rearranging import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    moveaxis,
    ravel,
)
from autograd_lite.operands import DType, Numbers
from autograd_lite.rules import joining
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import astype, broadcast_to, reshape, shape_of

__all__ = [
    "append", "array_split", "column_stack", "concatenate", "delete", "dsplit", "dstack", "hsplit",
    "hstack", "insert", "split", "stack", "vsplit", "vstack",
]  # fmt: skip

Arrays = Sequence[Any]


@explained
def concatenate(tensors: Arrays, axis: int | None = 0, *, dtype: DType = None) -> Any:
    """Arrays one after the other along an axis that they have; axis None makes each one row first.

    >>> concatenate([[1.0, 2.0], [3.0]])
    array([1., 2., 3.])

    Raises ShapeError when the shapes differ on another axis, or when there is nothing to join.
    """
    return _cast(joining.concatenate(tensors, axis), dtype)


@explained
def stack(tensors: Arrays, axis: int = 0, *, dtype: DType = None) -> Any:
    """Arrays of one shape side by side along a new axis.

    >>> stack([[1.0, 2.0], [3.0, 4.0]], axis=1)
    array([[1., 3.],
           [2., 4.]])

    Raises ShapeError when the shapes differ, or when there is nothing to join.
    """
    return _cast(joining.stack(tensors, axis), dtype)


def _cast(x: Numbers, dtype: DType) -> Any:
    return x if dtype is None else astype(x, dtype=dtype)


def _all(change: Any, tensors: Arrays) -> list[Any]:
    return [change(x) for x in tensors]


@explained
def vstack(tensors: Arrays, *, dtype: DType = None) -> Any:
    """Arrays below one another; a row counts as one row of a matrix.

    >>> vstack([[1.0, 2.0], [3.0, 4.0]])
    array([[1., 2.],
           [3., 4.]])

    Raises ShapeError when the rows differ in length.
    """
    return concatenate(_all(atleast_2d, tensors), 0, dtype=dtype)


@explained
def hstack(tensors: Arrays, *, dtype: DType = None) -> Any:
    """Arrays beside one another: along the second axis, rows along their only one.

    >>> hstack([[1.0, 2.0], [3.0]])
    array([1., 2., 3.])

    Raises ShapeError when they do not fit beside one another.
    """
    tensors = _all(atleast_1d, tensors)
    return concatenate(tensors, 0 if len(shape_of(tensors[0])) == 1 else 1, dtype=dtype)


@explained
def dstack(tensors: Arrays) -> Any:
    """Arrays behind one another, along the third axis.

    >>> dstack([[1.0, 2.0], [3.0, 4.0]])
    array([[[1., 3.],
            [2., 4.]]])

    Raises ShapeError when the other lengths differ.
    """
    return concatenate(_all(atleast_3d, tensors), 2)


@explained
def column_stack(tensors: Arrays) -> Any:
    """Rows as the columns of a matrix, matrices beside one another.

    >>> column_stack([[1.0, 2.0], [3.0, 4.0]])
    array([[1., 3.],
           [2., 4.]])

    Raises ShapeError when the columns differ in length.
    """

    def as_column(x: Numbers) -> Any:
        return x if len(shape_of(x)) > 1 else reshape(x, shape=(-1, 1))

    return concatenate(_all(as_column, tensors), 1)


@explained
def append(x: Numbers, values: Numbers, axis: int | None = None) -> Any:
    """The values behind x along an axis; axis None makes both one row first.

    >>> append([1.0, 2.0], 3.0)
    array([1., 2., 3.])

    Raises ShapeError when the other lengths differ.
    """
    if axis is None:
        return concatenate([ravel(x), ravel(values)])
    return concatenate([x, values], axis)


@explained
def split(x: Numbers, parts: Any, axis: int = 0) -> list[Any]:
    """An array cut along an axis: into that many equal parts, or in front of each place in a list.

    >>> split([1.0, 2.0, 3.0, 4.0], 2)
    [array([1., 2.]), array([3., 4.])]

    Raises ShapeError when the axis has no such number of equal parts.
    """
    return joining.split(x, parts, axis)


@explained
def array_split(x: Numbers, parts: Any, axis: int = 0) -> list[Any]:
    """As `split`, but the parts may differ by one entry, the longer ones first.

    >>> array_split([1.0, 2.0, 3.0], 2)
    [array([1., 2.]), array([3.])]

    Raises ShapeError for an axis that x does not have, or for fewer than one part.
    """
    if np.ndim(parts):
        return joining.split(x, parts, axis)
    if parts < 1:
        raise ValueError(f"{parts} parts are none")
    shape = shape_of(x)
    axis_of(axis, shape)
    length, longer = divmod(shape[axis], parts)
    ends = np.cumsum([length + 1] * longer + [length] * (parts - longer)).tolist()
    return joining.split(x, ends[:-1], axis)


@explained
def vsplit(x: Numbers, parts: Any) -> list[Any]:
    """An array cut between its rows: `split` along the first axis.

    >>> vsplit([[1.0], [2.0]], 2)
    [array([[1.]]), array([[2.]])]

    Raises ShapeError when x has fewer than two axes, or no such number of equal parts.
    """
    return joining.split(_with_axes(x, 2), parts, 0)


@explained
def hsplit(x: Numbers, parts: Any) -> list[Any]:
    """An array cut between its columns, a row between its entries.

    >>> hsplit([1.0, 2.0], 2)
    [array([1.]), array([2.])]

    Raises ShapeError when x has no axis, or no such number of equal parts.
    """
    return joining.split(x, parts, 1 if len(shape_of(_with_axes(x, 1))) > 1 else 0)


@explained
def dsplit(x: Numbers, parts: Any) -> list[Any]:
    """An array cut along its third axis.

    >>> [part.shape for part in dsplit([[[1.0, 2.0]]], 2)]
    [(1, 1, 1), (1, 1, 1)]

    Raises ShapeError when x has fewer than three axes, or no such number of equal parts.
    """
    return joining.split(_with_axes(x, 3), parts, 2)


def _with_axes(x: Numbers, n: int) -> Any:
    if len(shape_of(x)) < n:
        raise ValueError(f"at least {n} axes are needed")
    return x


@explained
def delete(x: Numbers, obj: Any, axis: int | None = None) -> Any:
    """X without some entries along an axis; axis None makes x one row first.

    obj  an index, a slice, a list of indices or of truth values: what is left out

    >>> delete([1.0, 2.0, 3.0], 1)
    array([1., 3.])

    Raises IndexingError for an index outside x.
    """
    x, axis = (ravel(x), 0) if axis is None else (x, axis)
    axis_of(axis, shape_of(x))
    kept = np.delete(np.arange(shape_of(x)[axis]), obj)
    return getitem(x, (*[slice(None)] * (axis % len(shape_of(x))), kept))


@explained
def insert(x: Numbers, obj: Any, values: Numbers, axis: int | None = None) -> Any:
    """X with values put in front of an index along an axis; axis None makes x one row first.

    obj     an index, a slice or a list of indices, all counted in x
    values  what is put in: broadcast to x, with as many layers along the axis as `obj` has places

    >>> insert([1.0, 3.0], 1, 2.0)
    array([1., 2., 3.])

    Raises IndexingError for an index outside x, ShapeError for values that do not fit.
    """
    x, axis = (ravel(x), 0) if axis is None else (x, axis)
    values = astype(values, dtype=getattr(plain(x), "dtype", float))
    shape = shape_of(x)
    axis = axis_of(axis, shape) % len(shape)
    single, n = np.ndim(obj) == 0 and not isinstance(obj, slice), shape[axis]
    if single:
        # NumPy lets one leave the axis out, and then takes the first of the values' for it
        values = reshape(
            values, shape=(1,) * (len(shape) - len(shape_of(values))) + shape_of(values)
        )
        values = moveaxis(values, 0, axis)
        places = np.full(shape_of(values)[axis], obj)
    else:
        places = np.arange(n)[obj] if isinstance(obj, slice) else np.asarray(obj)
        if len(places) == 1 and len(shape_of(values)) == len(shape):  # all of them at one place
            places = np.repeat(places, shape_of(values)[axis])
    there = (*shape[:axis], len(places), *shape[axis + 1 :])
    joined = concatenate([x, broadcast_to(values, shape=there)], axis)
    # NumPy says where each entry goes: those that are put in are numbered from n on
    order = np.insert(np.arange(n), places, n + np.arange(len(places)))
    return getitem(joined, (*[slice(None)] * axis, order))
