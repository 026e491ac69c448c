"""Rules that make one array of several (concatenate, stack) or of copies (tile, repeat, pad)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.operands import Array
from autograd_lite.record import Vjp
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import linear, operation
from autograd_lite.rules.shape import reshape, shape_of

Index = tuple[Any, ...]


def _read(place: Any) -> Any:
    """The vjps of a rule whose operand i stands at place(i, operands, axis) in the result."""

    def factory(i: int) -> Vjp:
        return lambda xp, g, y, *xs, axis=0: xp.getitem(g, index=place(i, xs, axis))

    return factory


def _write(place: Any) -> Any:
    """The jvps of such a rule: the tangent at its place, zeros elsewhere."""

    def factory(i: int) -> Vjp:
        return lambda xp, t, y, *xs, axis=0: xp.scatter(
            t, index=place(i, xs, axis), shape=shape_of(y)
        )

    return factory


def _span(i: int, xs: Sequence[Any], axis: int) -> Index:
    axis %= len(shape_of(xs[i]))
    start = sum(shape_of(x)[axis] for x in xs[:i])
    return (*[slice(None)] * axis, slice(start, start + shape_of(xs[i])[axis]))


def _layer(i: int, xs: Sequence[Any], axis: int) -> Index:
    return (*[slice(None)] * (axis % (len(shape_of(xs[i])) + 1)), i)


@operation([_read(_span)], [_write(_span)], variadic=True, linear_in=[0])
def concatenate_(xp: Namespace, *tensors: Any, axis: int = 0) -> Any:
    """The operands one after the other along an axis: the rule behind `concatenate`."""
    return np.concatenate(tensors, axis)


@operation([_read(_layer)], [_write(_layer)], variadic=True, linear_in=[0])
def stack_(xp: Namespace, *tensors: Any, axis: int = 0) -> Any:
    """The operands side by side along a new axis: the rule behind `stack`."""
    return np.stack(tensors, axis)


def concatenate(tensors: Sequence[Any], axis: int | None = 0) -> Any:
    """Arrays one after the other along an axis that they have; axis None makes each one row first.

    >>> concatenate([[1.0, 2.0], [3.0]])
    array([1., 2., 3.])

    Raises ValueError when the shapes differ on another axis, or when there is nothing to join.
    """
    if axis is None:
        return concatenate_(*(reshape(x, (-1,)) for x in tensors), axis=0)
    return concatenate_(*tensors, axis=axis)


def stack(tensors: Sequence[Any], axis: int = 0) -> Any:
    """Arrays of one shape side by side along a new axis.

    >>> stack([[1.0, 2.0], [3.0, 4.0]], axis=1)
    array([[1., 3.],
           [2., 4.]])

    Raises ValueError when the shapes differ, or when there is nothing to join.
    """
    return stack_(*tensors, axis=axis)


def split(x: object, parts: Any, axis: int = 0) -> list[Any]:
    """An array cut along an axis: into that many equal parts, or in front of each place in a list.

    >>> split([1.0, 2.0, 3.0, 4.0], 2)
    [array([1., 2.]), array([3., 4.])]
    >>> split([1.0, 2.0, 3.0, 4.0], [1])
    [array([1.]), array([2., 3., 4.])]

    Raises ValueError when the axis has no such number of equal parts.
    """
    shape = shape_of(x)
    if not isinstance(axis, int | np.integer):
        raise OperandError(f"split: axis is a whole number, not {axis!r:.60}; the shape is {shape}")
    if not -len(shape) <= axis < len(shape):
        raise ShapeError(f"split: axis {axis} is out of bounds for shape {shape}")
    before = (slice(None),) * (axis % len(shape))
    return [getitem(x, (*before, part)) for part in _parts(shape[axis], parts)]


def _parts(length: int, parts: Any) -> list[slice]:
    if np.ndim(parts) == 0:
        if parts < 1 or length % parts:
            raise ValueError(f"split: {length} entries are not {parts} equal parts")
        each = length // parts
        return [slice(i * each, (i + 1) * each) for i in range(parts)]
    return [slice(i, j) for i, j in zip([0, *parts], [*parts, length], strict=True)]


def _untiled(xp: Namespace, g: Array, y: Array, x: Array, *, reps: Any) -> Any:
    shape, times = shape_of(x), (reps,) if np.ndim(reps) == 0 else tuple(reps)
    n = max(len(shape), len(times))
    lengths = (1,) * (n - len(shape)) + shape
    copies = (1,) * (n - len(times)) + times
    pairs = [k for pair in zip(copies, lengths, strict=True) for k in pair]
    return xp.reshape(xp.sum(xp.reshape(g, tuple(pairs)), axis=tuple(range(0, 2 * n, 2))), shape)


@linear(_untiled)
def tile(xp: Namespace, x: Array, *, reps: Any) -> Any:
    """The whole of x repeated `reps` times along each axis; the transpose sums over the copies.

    >>> tile([1.0, 2.0], 2)
    array([1., 2., 1., 2.])
    """
    return xp.tile(x, reps)


def _unrepeated(
    xp: Namespace, g: Array, y: Array, x: Array, *, repeats: Any, axis: int | None = None
) -> Any:
    shape = shape_of(x)
    if axis is None:
        source = np.repeat(np.arange(math.prod(shape)), repeats)
        return xp.reshape(xp.scatter(g, index=(source,), shape=(math.prod(shape),)), shape)
    source = np.repeat(np.arange(shape[axis]), repeats)
    return xp.scatter(g, index=(*[slice(None)] * (axis % len(shape)), source), shape=shape)


@linear(_unrepeated)
def repeat(xp: Namespace, x: Array, *, repeats: Any, axis: int | None = None) -> Any:
    """Each entry repeated along an axis, all equally often or each as said.

    axis None repeats them as one row.

    >>> repeat([1.0, 2.0], 2)
    array([1., 1., 2., 2.])
    """
    return xp.repeat(x, repeats, axis)


COPYING_MODES: Final = ("edge", "reflect", "symmetric", "wrap")


def _source(shape: tuple[int, ...], pad_width: Any, mode: str) -> Any:
    """Where in x, written as one row, each entry of the padded array comes from."""
    here = np.arange(math.prod(shape)).reshape(shape)
    return np.pad(here, pad_width, mode)  # type: ignore[call-overload]


def _inside(shape: tuple[int, ...], pad_width: Any) -> Index:
    before = np.broadcast_to(pad_width, (len(shape), 2))[:, 0].tolist()
    return tuple(slice(b, b + n) for b, n in zip(before, shape, strict=True))


def _unpadded(
    xp: Namespace, g: Array, y: Array, x: Array, *, pad_width: Any, mode: str = "constant", **_: float
) -> Any:  # fmt: skip
    shape = shape_of(x)
    if mode == "constant":
        return xp.getitem(g, index=_inside(shape, pad_width))
    row = xp.scatter(g, index=(_source(shape, pad_width, mode),), shape=(math.prod(shape),))
    return xp.reshape(row, shape)


def _padded(
    xp: Namespace, t: Array, y: Array, x: Array, *, pad_width: Any, mode: str = "constant", **_: float
) -> Any:  # fmt: skip
    return xp.pad(t, pad_width, mode)


@operation([_unpadded], [_padded], linear_in=[0])
def pad(
    xp: Namespace, x: Array, *, pad_width: Any, mode: str = "constant", constant_values: float = 0.0
) -> Any:
    """The array with entries added in front of and behind each axis.

    pad_width  one number, (before, after), or such a pair for each axis
    mode       "constant" adds `constant_values`; "edge", "reflect", "symmetric" and "wrap" add
               copies from x, and their gradients add up

    >>> pad([1.0, 2.0], 1)
    array([0., 1., 2., 0.])
    >>> pad([1.0, 2.0, 3.0], (2, 0), mode="reflect")
    array([3., 2., 1., 2., 3.])

    Raises ValueError for a negative width or another mode.
    """
    if mode == "constant":
        return np.pad(x, pad_width, constant_values=constant_values)
    if mode not in COPYING_MODES:
        known = ", ".join(map(repr, ("constant", *COPYING_MODES)))
        raise ValueError(f"mode {mode!r} is none of {known}")
    return np.pad(x, pad_width, mode)  # type: ignore[call-overload]
