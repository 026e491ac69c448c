"""Sorting, picking by place, differences, and what lies in the middle, under NumPy's names.

Which entry stands where does not move with small changes: derivatives follow the entries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.arguments import axis_of, explained
from autograd_lite.composed.assembling import concatenate
from autograd_lite.composed.rearranging import moveaxis, ravel
from autograd_lite.operands import Array, Axis, DType, Numbers
from autograd_lite.rules import cumulative, program_only
from autograd_lite.rules.elementwise import absolute, divide, multiply
from autograd_lite.rules.indexing import getitem, take_along_axis
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program
from autograd_lite.rules.reductions import axes_of, kept_shape
from autograd_lite.rules.selection import where
from autograd_lite.rules.shape import astype, broadcast_to, reshape, shape_of, transpose
from autograd_lite.watches import read

__all__ = [
    "argmin", "argsort", "cumprod", "cumsum", "diff", "median", "percentile", "quantile", "sort",
    "take",
]  # fmt: skip


@explained
def argsort(
    x: Numbers, axis: int | None = -1, kind: str | None = None, *, stable: bool | None = None
) -> Any:
    """The places of the entries in ascending order along an axis: integers that are on no graph.

    Equal entries keep their order, whatever `kind` says. axis None counts the entries as one row.

    >>> argsort([3.0, 1.0, 2.0])
    array([1, 2, 0])

    Raises ShapeError for an axis that x does not have.
    """
    return np.argsort(read(x, "argsort"), axis, kind="stable")


@explained
def argmin(x: Numbers, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Where the smallest entry is along an axis, the first of a tie: integers that are on no graph.

    >>> argmin([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([0, 1])

    Raises ShapeError when there is no entry.
    """
    return np.argmin(read(x, "argmin"), axis, keepdims=keepdims)


@explained
def sort(
    x: Numbers, axis: int | None = -1, kind: str | None = None, *, stable: bool | None = None
) -> Any:
    """The entries in ascending order along an axis, as a new array, nan last.

    The derivative goes with each entry; equal entries keep their order, whatever `kind` says.

    >>> sort([3.0, 1.0, 2.0])
    array([1., 2., 3.])

    Raises ShapeError for an axis that x does not have.
    """
    x, axis = (ravel(x), 0) if axis is None else (x, axis)
    places = program_only.argsort(x, axis=axis) if moves_in_program(x) else argsort(x, axis)
    return take_along_axis(x, places, axis=axis)


@explained
def take(x: Numbers, indices: Numbers, axis: int | None = None, *, mode: str = "raise") -> Any:
    """The entries, or layers along an axis, at integer places; axis None takes x as one row.

    mode  what an index outside x means: "raise" an error, "wrap" counting on from the other end,
          "clip" the nearest entry

    >>> take([1.0, 2.0, 3.0], [0, 2, 3], mode="clip")
    array([1., 3., 3.])

    Raises IndexingError for an index outside x, ShapeError for an axis that x does not have.
    """
    x, axis = (ravel(x), 0) if axis is None else (x, axis)
    x = x if shape_of(x) else ravel(x)  # to NumPy a number has an axis here
    lengths, axis = shape_of(x), axis_of(axis, shape_of(x))
    places = _places(np.asarray(read(indices, "index")), lengths[axis], mode)
    return getitem(x, (*[slice(None)] * (axis % len(lengths)), places))


def _places(indices: Array, n: int, mode: str) -> Any:
    if indices.dtype.kind not in "iu" and indices.size:
        raise IndexError(f"places are integers, not {indices.dtype}")
    if mode == "raise":
        return indices.astype(int)
    if mode not in ("wrap", "clip"):
        raise ValueError(f"mode {mode!r} is none of 'raise', 'wrap', 'clip'")
    return indices % n if mode == "wrap" else np.clip(indices, 0, n - 1)


@explained
def cumsum(x: Numbers, axis: int | None = None, dtype: DType = None) -> Any:
    """The running sum along an axis: y[k] = Σ x[i] over i ≤ k; axis None takes x as one row.

    >>> cumsum([1.0, 2.0, 3.0])
    array([1., 3., 6.])

    Raises ShapeError for an axis that x does not have.
    """
    return _running(cumulative.cumsum, x, axis, dtype)


@explained
def cumprod(x: Numbers, axis: int | None = None, dtype: DType = None) -> Any:
    """The running product along an axis: y[k] = Π x[i] over i ≤ k; axis None takes x as one row.

    >>> cumprod([1.0, 2.0, 3.0])
    array([1., 2., 6.])

    Raises ShapeError for an axis that x does not have.
    """
    return _running(cumulative.cumprod, x, axis, dtype)


def _running(rule: Any, x: Numbers, axis: int | None, dtype: DType) -> Any:
    x = x if dtype is None else astype(x, dtype=dtype)
    if axis is None or not shape_of(x):
        if axis not in (None, 0, -1):
            raise np.exceptions.AxisError(axis, 0)
        x, axis = ravel(x), 0
    return rule(x, axis=axis)


@explained
def diff(
    x: Numbers, n: int = 1, axis: int = -1, prepend: Numbers | None = None, append: Numbers | None = None
) -> Any:  # fmt: skip
    """The differences of neighbours along an axis, n times over: y[i] = x[i+1] - x[i].

    prepend, append  what is put in front of and behind x first

    >>> diff([1.0, 4.0, 9.0])
    array([3., 5.])

    Raises ShapeError for an axis that x does not have, or a negative n.
    """
    lengths = shape_of(x)
    if n < 0 or not -len(lengths) <= axis < len(lengths):
        raise ValueError(f"n={n} and axis={axis} say no difference")
    axis %= len(lengths)
    if not n:
        return x
    ends = [end if end is None else _end(end, lengths, axis) for end in (prepend, append)]
    parts = [part for part in (ends[0], x, ends[1]) if part is not None]
    x = concatenate(parts, axis) if len(parts) > 1 else x
    before = (slice(None),) * axis
    for _ in range(n):
        x = getitem(x, (*before, slice(1, None))) - getitem(x, (*before, slice(-1)))
    return x


def _end(end: Numbers, lengths: tuple[int, ...], axis: int) -> Any:
    if shape_of(end):
        return end
    return broadcast_to(end, shape=(*lengths[:axis], 1, *lengths[axis + 1 :]))


@explained
def median(
    x: Numbers, axis: Axis = None, *, overwrite_input: bool = False, keepdims: bool = False
) -> Any:
    """The middle entry along axes, or the mean of the middle two; nan where an entry is.

    >>> float(median([5.0, 1.0, 2.0, 10.0]))
    3.5

    Raises ShapeError for an axis that x does not have, or when there is no entry.
    """
    return quantile(x, 0.5, axis, keepdims=keepdims, method="linear")


@explained
def percentile(
    x: Numbers, q: Numbers, axis: Axis = None, *, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False
) -> Any:  # fmt: skip
    """The quantile at q per cent: see `quantile`.

    >>> float(percentile([1.0, 2.0, 3.0], 75))
    2.5

    Raises ShapeError for an axis that x does not have, or q outside 0 … 100.
    """
    return quantile(x, divide(q, 100.0), axis, method=method, keepdims=keepdims)


METHODS: Final[dict[str, Callable[[Any], Any]]] = {
    "lower": np.floor,
    "higher": np.ceil,
    "midpoint": lambda place: 0.5 * (np.floor(place) + np.ceil(place)),
    "nearest": np.rint,
}
"""Where between two neighbours a quantile is read that does not move with q."""


@explained
def quantile(
    x: Numbers, q: Numbers, axis: Axis = None, *, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False
) -> Any:  # fmt: skip
    """The number below which the part q of the entries lies, along axes: sorted x at place q·(n - 1).

    q       a number from 0 to 1, or an array of them, whose axes come first in y; may be a node
    method  between two places: "linear" interpolates; "lower", "higher", "midpoint", "nearest"

    >>> float(quantile([1.0, 2.0, 3.0], 0.75))
    2.5

    Raises ShapeError for an axis that x does not have, q outside 0 … 1 or another method.
    """
    numbers = np.asarray(plain(q), float)
    if not ((numbers >= 0) & (numbers <= 1)).all():
        raise ValueError("quantiles are numbers from 0 to 1")
    if method != "linear" and method not in METHODS:
        raise ValueError(f"method {method!r} is none of 'linear', {', '.join(map(repr, METHODS))}")
    rows = sort(_in_rows(x, axis), -1)
    last = shape_of(rows)[-1] - 1
    if last < 0:
        raise ValueError("there is no entry of which to take a quantile")
    place = multiply(ravel(q), float(last))
    y = _read_between(rows, place if method == "linear" else METHODS[method](read(place, "index")))
    last_row = rows[..., -1:] if moves_in_program(rows) else plain(rows)[..., -1:]
    y = where(asked("not_equal", last_row, last_row), np.nan, y)  # a nan is sorted last
    lengths = kept_shape(shape_of(x), axis)
    rest = [k for i, k in enumerate(lengths) if i not in axes_of(shape_of(x), axis)]
    return reshape(moveaxis(y, -1, 0), shape=(*numbers.shape, *(lengths if keepdims else rest)))


def _in_rows(x: Numbers, axis: Axis) -> Any:
    """The axes to be reduced as one last axis."""
    lengths = shape_of(x)
    axes = axes_of(lengths, axis_of(axis, lengths))
    rest = [i for i in range(len(lengths)) if i not in axes]
    count = int(np.prod([lengths[i] for i in axes], dtype=int))
    return reshape(transpose(x, axes=(*rest, *axes)), shape=(*[lengths[i] for i in rest], count))


def _read_between(rows: Numbers, place: Numbers) -> Any:
    below = np.floor(read(place, "index")).astype(int)
    above = np.minimum(below + 1, shape_of(rows)[-1] - 1)
    low, high = getitem(rows, (..., below)), getitem(rows, (..., above))
    part = astype(place - below, dtype=plain(rows).dtype)
    size = absolute(low) if moves_in_program(low) else np.abs(plain(low))
    endless = asked(
        "logical_and", asked("equal", size, np.inf), plain(part) == 0
    )  # inf - inf is nan
    return where(endless, low, low + (high - low) * part)
