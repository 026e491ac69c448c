"""ATen's pooling: over windows, and over so many parts of each axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.operator import Operators, refuse
from autograd_lite.interop.pytorch.operators.shaping import f_getitem
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of

Lengths = Sequence[int]
_MAX: Final = {1: f.max_pool1d, 2: f.max_pool2d}
_MEAN: Final = {1: f.avg_pool1d, 2: f.avg_pool2d}


def _whole(given: Lengths, n: int, otherwise: Lengths = ()) -> tuple[int, ...]:
    """One number for each axis, of one for all; what is not given is as `otherwise`."""
    given = tuple(given) or tuple(otherwise)
    return given * n if len(given) == 1 else given


def _windowed(
    x: Array, kernel: Lengths, spacing: Sequence[Lengths], ceil_mode: bool, outside: float
) -> tuple[Any, list[Any]]:
    """X padded by `outside`, and for each place of a kernel where it is in all windows."""
    n = len(kernel)
    stride, padding, dilation = spacing
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    axes = list(zip(shape_of(x)[-n:], spans, stride, padding, strict=True))
    counts = [_count(*axis, ceil_mode) for axis in axes]
    ends = [
        max((c - 1) * s + span - h - p, 0) for c, (h, span, s, p) in zip(counts, axes, strict=True)
    ]
    widths = [(0, 0)] * (len(shape_of(x)) - n) + list(zip(padding, ends, strict=True))
    if np.any(widths):
        x = f.pad(x, pad_width=tuple(widths), constant_values=outside)
    places = [
        (Ellipsis, *(
            slice(k * d, k * d + s * (c - 1) + 1, s)
            for k, d, s, c in zip(place, dilation, stride, counts, strict=True)
        ))
        for place in itertools.product(*map(range, kernel))
    ]  # fmt: skip
    return x, places


def _count(length: int, span: int, stride: int, padding: int, ceil_mode: bool) -> int:
    """How many windows: with ceil_mode also one that ends outside, where it begins inside."""
    room = length + 2 * padding - span
    if not ceil_mode:
        return room // stride + 1
    n = -(-room // stride) + 1
    return n - 1 if (n - 1) * stride >= length + padding else n


def _largest(  # noqa: PLR0913 - torch's parameters
    x: Array, kernel_size: Lengths, stride: Lengths = (), padding: Lengths = (0,),
    dilation: Lengths = (1,), ceil_mode: bool = False, *, n: int,
) -> tuple[Any, Any]:  # fmt: skip
    """The largest of each window, and where in the image it is, in plain numbers."""
    kernel = _whole(kernel_size, n)
    spacing = (_whole(stride, n, kernel), _whole(padding, n), _whole(dilation, n))
    where = _places(plain(x), kernel, spacing, ceil_mode)
    if n in _MAX and not ceil_mode:
        names = ("stride", "padding", "dilation")
        options: Any = dict(zip(names, spacing, strict=True))
        return _batched(_MAX[n], x, n, kernel_size=kernel, **options), where
    whole, places = _windowed(x, kernel, spacing, ceil_mode, -np.inf)
    return f.max(f.stack([f_getitem(whole, place) for place in places]), axis=0), where


def _places(x: Any, kernel: Lengths, spacing: Sequence[Lengths], ceil_mode: bool) -> Any:
    """For each window, where in the image written as one row its first largest entry is."""
    n = len(kernel)
    size = x.shape[-n:]
    row = np.broadcast_to(np.arange(math.prod(size)).reshape(size), x.shape)
    (values, places), (rows, _) = (
        _windowed(t, kernel, spacing, ceil_mode, by) for t, by in ((x, -np.inf), (row, 0))
    )
    first = np.stack([values[place] for place in places]).argmax(axis=0)
    return np.take_along_axis(np.stack([rows[place] for place in places]), first[None], 0)[0]


def _mean(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, kernel_size: Lengths, stride: Lengths = (), padding: Lengths = (0,),
    ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None,
    *, n: int,
) -> Any:  # fmt: skip
    kernel = _whole(kernel_size, n)
    steps, pads = _whole(stride, n, kernel), _whole(padding, n)
    if n in _MEAN and not ceil_mode and divisor_override is None:
        options: Any = {"stride": steps, "padding": pads, "count_include_pad": count_include_pad}
        return _batched(_MEAN[n], x, n, kernel_size=kernel, **options)
    spacing = (steps, pads, (1,) * n)
    whole, places = _windowed(x, kernel, spacing, ceil_mode, 0.0)
    total = f.sum(f.stack([f_getitem(whole, place) for place in places]), axis=0)
    if divisor_override is not None:
        return f.divide(total, float(divisor_override))
    return f.divide(total, _entries(shape_of(x), kernel, spacing, ceil_mode, count_include_pad))


def _entries(
    shape: tuple[int, ...], kernel: Lengths, spacing: Sequence[Lengths], ceil_mode: bool,
    count_include_pad: bool,
) -> Any:  # fmt: skip
    """How many entries each mean is over: padding counts if asked for, what is beyond it never."""
    n, pads = len(kernel), spacing[1]
    ones = np.ones(shape[-n:])
    if count_include_pad:
        ones = np.pad(ones, [(p, p) for p in pads], constant_values=1.0)
        spacing = (spacing[0], (0,) * n, spacing[2])
    whole, places = _windowed(ones, kernel, spacing, ceil_mode, 0.0)
    return np.sum([whole[place] for place in places], axis=0)


def _batched(pool: Callable[..., Any], x: Array, n: int, **options: Any) -> Any:
    """Pooling that wants (N, C, …), of images with fewer or more axes before their own."""
    lead = shape_of(x)[: -n or None]
    y = pool(f.reshape(x, (-1, 1, *shape_of(x)[-n:])), **options)
    return f.reshape(y, (*lead, *shape_of(y)[-n:]))


def _parts(length: int, count: int) -> list[slice]:
    """The parts of an axis that an adaptive pooling takes; neighbours may share an entry."""
    return [slice(k * length // count, -(-(k + 1) * length // count)) for k in range(count)]


def _adaptive_mean(x: Array, output_size: Lengths) -> Any:
    """The mean of each part: a product with a matrix of weights along each axis."""
    for axis, count in enumerate(output_size, start=len(shape_of(x)) - len(output_size)):
        length = shape_of(x)[axis]
        weights = np.zeros((count, length), plain(x).dtype)
        for row, part in zip(weights, _parts(length, count), strict=True):
            row[part] = 1.0 / (part.stop - part.start)
        x = f.moveaxis(f.matmul(f.moveaxis(x, axis, -1), weights.T), -1, axis)
    return x


def _adaptive_largest(x: Array, output_size: Lengths) -> tuple[Any, Any]:
    n, size = len(output_size), shape_of(x)[-len(output_size) :]
    parts = list(itertools.product(*map(_parts, size, output_size)))
    axes = tuple(range(-n, 0))
    values = [f.max(f_getitem(x, (Ellipsis, *part)), axis=axes) for part in parts]
    shape = (*shape_of(x)[:-n], *output_size)
    row = np.arange(math.prod(size)).reshape(size)
    plain_parts = [f_getitem(plain(x), (Ellipsis, *part)) for part in parts]
    where = [
        _first_largest(values, row[part]) for values, part in zip(plain_parts, parts, strict=True)
    ]
    return f.reshape(f.stack(values, axis=-1), shape), np.stack(where, axis=-1).reshape(shape)


def _first_largest(part: Any, places: Any) -> Any:
    n = places.ndim
    return places.reshape(-1)[part.reshape(*part.shape[:-n], -1).argmax(axis=-1)]


def _unpooled(x: Array, places: Array, size: Lengths, *_: object, n: int) -> Any:
    """Zeros of `size`, with x's entries where they had been the largest."""
    lead, whole = shape_of(x)[:-n], tuple(size)[-n:]
    if math.prod(shape_of(x)) and int(np.max(plain(places))) >= math.prod(whole):
        raise refuse("output_size", size, "an index lies outside")
    rows = (math.prod(lead), math.prod(whole))
    index = (np.arange(rows[0])[:, None], plain(places).reshape(rows[0], -1))
    flat = f.reshape(x, (rows[0], -1))
    zeros = np.zeros(rows, plain(x).dtype)
    from_zeros: Any = f.add(zeros, f.multiply(0.0, f_getitem(flat, (slice(None), [0]))))
    return f.reshape(from_zeros.at[index].set(flat), (*lead, *whole))


def _for(function: Callable[..., Any], n: int) -> Callable[..., Any]:
    return lambda *args, **options: function(*args, n=n, **options)


POOLING: Final[Operators] = {
    **{f"max_pool{n}d_with_indices": _for(_largest, n) for n in (1, 2, 3)},
    **{f"avg_pool{n}d": _for(_mean, n) for n in (1, 2, 3)},
    "_adaptive_avg_pool2d": _adaptive_mean,
    "_adaptive_avg_pool3d": _adaptive_mean,
    "adaptive_avg_pool1d": _adaptive_mean,
    "adaptive_max_pool2d": _adaptive_largest,
    "adaptive_max_pool3d": _adaptive_largest,
}
