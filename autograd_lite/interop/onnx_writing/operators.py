"""ONNX's operators under short names: what the translations of NumPy's functions are written with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.interop.onnx_writing.wires import BOOL, INT64, Wire, as_wire, cast, common_dtype

FAR = np.iinfo(np.int64).max
"""An end behind every axis, which needs no length."""


def unary(operator: str, x: Wire, dtype: Any = None) -> Wire:
    """An operator of each entry."""
    return x.draft.node(operator, x, dtype=dtype or x.dtype, shape=x.shape)


def exp(x: Wire) -> Wire:
    """Eˣ."""
    return unary("Exp", x)


def log(x: Wire) -> Wire:
    """The natural logarithm."""
    return unary("Log", x)


def sqrt(x: Wire) -> Wire:
    """√x."""
    return unary("Sqrt", x)


def absolute(x: Wire) -> Wire:
    """|x|."""
    return unary("Abs", x)


def equal(x: Wire, y: Any) -> Wire:
    """Where the entries are the same number."""
    kind = common_dtype(x, y)
    y = as_wire(x.draft, y, kind)
    shape = np.broadcast_shapes(x.shape, y.shape)
    return x.draft.node("Equal", as_wire(x.draft, x, kind), y, dtype=BOOL, shape=shape)


def where(condition: Wire, a: Any, b: Any) -> Wire:
    """Entries of a where the condition holds, else of b."""
    draft, kind = condition.draft, common_dtype(a, b)
    a, b = as_wire(draft, a, kind), as_wire(draft, b, kind)
    shape = np.broadcast_shapes(condition.shape, a.shape, b.shape)
    return draft.node("Where", condition, a, b, dtype=kind, shape=shape)


def larger(a: Any, b: Any) -> Wire:
    """The larger of both, entry by entry."""
    return _chosen("Max", a, b)


def smaller(a: Any, b: Any) -> Wire:
    """The smaller of both, entry by entry."""
    return _chosen("Min", a, b)


def _chosen(operator: str, a: Any, b: Any) -> Wire:
    draft, kind = (a.draft if isinstance(a, Wire) else b.draft), common_dtype(a, b)
    x, y = as_wire(draft, a, kind), as_wire(draft, b, kind)
    return draft.node(operator, x, y, dtype=kind, shape=np.broadcast_shapes(x.shape, y.shape))


# --- shape -------------------------------------------------------------------------------------------


def reshape(x: Wire, shape: Sequence[int]) -> Wire:
    """The same entries, in another shape; -1 stands for what is left."""
    shape = tuple(map(int, shape))
    if -1 in shape:
        rest = math.prod(n for n in shape if n != -1)
        shape = tuple(x.size // max(rest, 1) if n == -1 else n for n in shape)
    if shape == x.shape:
        return x
    to = vector(x, shape)
    allow_zero: dict[str, Any] = {"allowzero": 1} if 0 in shape else {}
    return x.draft.node("Reshape", x, to, dtype=x.dtype, shape=shape, **allow_zero)


def transpose(x: Wire, order: Sequence[int]) -> Wire:
    """The axes in another order."""
    order = [axis % max(x.ndim, 1) for axis in order]
    if order == [*range(x.ndim)]:
        return x
    shape = tuple(x.shape[axis] for axis in order)
    return x.draft.node("Transpose", x, dtype=x.dtype, shape=shape, perm=order)


def expand(x: Wire, shape: Sequence[int]) -> Wire:
    """Repeated along axes of length one, and along new ones in front."""
    shape = tuple(map(int, shape))
    if shape == x.shape:
        return x
    return x.draft.node("Expand", x, vector(x, shape), dtype=x.dtype, shape=shape)


def unsqueeze(x: Wire, axes: Sequence[int]) -> Wire:
    """New axes of length one; `axes` are those of the result."""
    if not axes:
        return x
    ndim = x.ndim + len(axes)
    where_new = sorted(axis % ndim for axis in axes)
    old = iter(x.shape)
    shape = tuple(1 if axis in where_new else next(old) for axis in range(ndim))
    return x.draft.node("Unsqueeze", x, vector(x, where_new), dtype=x.dtype, shape=shape)


def squeeze(x: Wire, axes: Sequence[int]) -> Wire:
    """Without these axes, of length one."""
    if not axes:
        return x
    gone = sorted(axis % x.ndim for axis in axes)
    shape = tuple(n for axis, n in enumerate(x.shape) if axis not in gone)
    return x.draft.node("Squeeze", x, vector(x, gone), dtype=x.dtype, shape=shape)


def concatenate(xs: Sequence[Wire], axis: int) -> Wire:
    """One behind the other along an axis."""
    if len(xs) == 1:
        return xs[0]
    axis %= xs[0].ndim
    shape = list(xs[0].shape)
    shape[axis] = sum(x.shape[axis] for x in xs)
    return xs[0].draft.node("Concat", *xs, dtype=xs[0].dtype, shape=tuple(shape), axis=axis)


def pad(x: Wire, before: Sequence[int], after: Sequence[int], value: Any = 0) -> Wire:
    """With so many entries more at both ends of each axis; negative: fewer."""
    if not any(before) and not any(after):
        return x
    shape = tuple(int(n + b + a) for n, b, a in zip(x.shape, before, after, strict=True))
    ends, fill = vector(x, [*before, *after]), x.draft.number(value, x.dtype)
    return x.draft.node("Pad", x, ends, fill, dtype=x.dtype, shape=shape, mode="constant")


# --- picking -----------------------------------------------------------------------------------------


def gather(x: Wire, index: Any, axis: int) -> Wire:
    """The entries at an index along an axis: numbers, an array of them, or such an array to come."""
    axis %= x.ndim
    index = index if isinstance(index, Wire) else x.draft.constant(index, INT64)
    shape = (*x.shape[:axis], *index.shape, *x.shape[axis + 1 :])
    return x.draft.node("Gather", x, index, dtype=x.dtype, shape=shape, axis=axis)


def sliced(x: Wire, parts: dict[int, slice]) -> Wire:
    """Every so many entries of each axis that is named."""
    shape, ends = list(x.shape), list[tuple[int, int, int, int]]()
    for axis, part in parts.items():
        start, stop, step = part.indices(x.shape[axis])
        n = len(range(start, stop, step))
        if (start, n, step) == (0, x.shape[axis], 1):
            continue
        if step < 0:  # in front of the first entry ONNX has no place but far before
            stop = stop if stop >= 0 else -FAR
        elif part.stop is None:
            stop = FAR
        start = -1 if step < 0 and part.start is None else start
        ends.append((start, stop, axis, step))
        shape[axis] = n
    if not ends:
        return x
    starts, stops, axes, steps = (vector(x, column) for column in zip(*ends, strict=True))
    return x.draft.node("Slice", x, starts, stops, axes, steps, dtype=x.dtype, shape=tuple(shape))


def flipped(x: Wire, axes: Sequence[int]) -> Wire:
    """The other way round along axes."""
    return sliced(x, {axis % x.ndim: slice(None, None, -1) for axis in axes})


# --- sums --------------------------------------------------------------------------------------------


def reduced(operator: str, x: Wire, axes: Sequence[int], keepdims: bool = False) -> Wire:
    """A sum, product, maximum … along axes."""
    axes = sorted(axis % max(x.ndim, 1) for axis in axes)
    if not axes:
        return x
    shape = tuple(1 if k in axes else n for k, n in enumerate(x.shape) if keepdims or k not in axes)
    return x.draft.node(
        operator, x, vector(x, axes), dtype=x.dtype, shape=shape, keepdims=int(keepdims)
    )


def matmul(a: Wire, b: Wire) -> Wire:
    """The matrix product, with NumPy's rules for one axis and for many."""
    kind = common_dtype(a, b)
    x, y = as_wire(a.draft, a, kind), as_wire(a.draft, b, kind)
    shape = np.broadcast_shapes(x.shape[:-2], y.shape[:-2]) + x.shape[-2:-1]
    shape = shape + (y.shape[-1:] if y.ndim > 1 else ())
    return a.draft.node("MatMul", x, y, dtype=kind, shape=shape)


def vector(x: Wire, numbers: Sequence[int]) -> Wire:
    """Whole numbers as a constant beside x: a shape, axes, ends."""
    return x.draft.fixed(np.array(numbers, INT64))


def truth(x: Wire) -> Wire:
    """Where the entries are not zero."""
    return x if x.dtype == BOOL else cast(x, BOOL)
