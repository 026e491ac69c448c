"""Pooling: the largest entry, the mean or the norm of each window, or of a whole image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.convolving import around
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.operators.windows import Placed, Spacing, per_axis, placed
from autograd_lite.interop.onnx_reading.values import Given, dtype_of, kind_of, room_for, whole
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.pooling import window_sum
from autograd_lite.rules.windows import windows_over


def _placed(x: Given, kernel_shape: Sequence[int], spacing: Mapping[str, Any]) -> Placed:
    """The windows that ONNX's attributes describe, when there is room for their entries."""
    if x.ndim < 3:
        raise OperandError(f"X {list(x.shape)} has axes (N, C, …)")
    kernel = per_axis(kernel_shape, x.ndim - 2, "kernel_shape")
    at = placed(x.shape[2:], kernel, Spacing(**spacing))
    room_for((*x.shape[:2], *at.count, *kernel))
    return at


def _largest(
    x: Given,
    *,
    kernel_shape: Sequence[int],
    storage_order: int = 0,
    outputs: int = 1,
    **spacing: Any,
) -> Any:
    at = _placed(x, kernel_shape, spacing)
    if kind_of(x) != "f":
        numbers = np.pad(plain(x), _pairs(at), constant_values=np.iinfo(dtype_of(x)).min).reshape(
            (*x.shape[:2], -1)
        )
        return numbers[:, :, _entries(at)].max(axis=-1), _winners(plain(x), at, storage_order)
    y = _max_pool(x, at)
    return y if outputs == 1 else (y, _winners(plain(x), at, storage_order))


def _max_pool(x: Given, at: Placed) -> Any:
    """By the engine's own rules where they have the axes; else over every entry of the windows."""
    known = {3: f.max_pool1d, 4: f.max_pool2d}.get(x.ndim)
    whole_image = around(x, at.before, [max(0, r) for r in at.reach], -np.inf)
    if known is not None:
        padding = at.before if _is_usual(at) else 0
        return known(
            x if padding else whole_image, kernel_size=at.kernel, stride=at.stride, padding=padding,
            dilation=at.dilation,
        )  # fmt: skip
    rows = whole_image.reshape((*x.shape[:2], -1))
    return f.max(rows[(slice(None), slice(None), _entries(at))], axis=-1)


def _is_usual(at: Placed) -> bool:
    """Whether the engine's rules take the padding: on both sides alike, at most half a window."""
    spans = zip(at.size, at.before, at.kernel, at.stride, at.dilation, at.count, strict=True)
    return any(at.before) and all(
        2 * p <= d * (k - 1) + 1 and m == (h + 2 * p - d * (k - 1) - 1) // s + 1
        for h, p, k, s, d, m in spans
    )


def _pairs(at: Placed) -> Any:
    reach = [max(0, r) for r in at.reach]
    return ((0, 0), (0, 0), *zip(at.before, reach, strict=True))


def _entries(at: Placed) -> Any:
    """Where in the padded image, written as one row, the windows' entries are: (*count, entries)."""
    extent = [b + n + max(0, r) for b, n, r in zip(at.before, at.size, at.reach, strict=True)]
    places = [
        np.arange(m)[:, None] * s + np.arange(k) * d
        for m, s, k, d in zip(at.count, at.stride, at.kernel, at.dilation, strict=True)
    ]
    n = len(places)
    shaped = [
        p.reshape([*(p.shape[0] if i == j else 1 for j in range(n)),
                   *(p.shape[1] if i == j else 1 for j in range(n))])
        for i, p in enumerate(places)
    ]  # fmt: skip
    return np.ravel_multi_index(np.broadcast_arrays(*shaped), extent).reshape((*at.count, -1))


def _winners(x: Any, at: Placed, storage_order: int) -> Any:
    """Where in x, written as one row, each window's first largest entry is."""
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = np.pad(x, _pairs(at), constant_values=lowest)
    entries = _entries(at)
    places = padded.reshape((*x.shape[:2], -1))[:, :, entries].argmax(axis=-1)
    flat = np.take_along_axis(np.broadcast_to(entries, (*places.shape, entries.shape[-1])),
                              places[..., None], -1)[..., 0]  # fmt: skip
    inner = np.unravel_index(flat, padded.shape[2:])
    inner = tuple(i - b for i, b in zip(inner, at.before, strict=True))
    size = at.size
    image = np.arange(x.shape[0] * x.shape[1]).reshape((*x.shape[:2], *(1,) * len(size)))
    order = inner if not storage_order else inner[::-1]
    lengths = size if not storage_order else size[::-1]
    inside = np.ravel_multi_index(order, lengths, mode="clip")
    return (image * int(np.prod(size)) + inside).astype(np.int64)


def _mean(
    x: Given, *, kernel_shape: Sequence[int], count_include_pad: int = 0, **spacing: Any
) -> Any:
    at = _placed(x, kernel_shape, spacing)
    inside = np.ones((1, 1, *at.size), dtype_of(x))
    if count_include_pad:
        pairs = ((0, 0), (0, 0), *zip(at.before, at.behind, strict=True))
        inside = np.pad(inside, pairs, constant_values=1)
        counted = _sums(inside, at, padded=True)
    else:
        counted = _sums(inside, at)
    return _sums(x, at) / counted


def _sums(x: Given, at: Placed, padded: bool = False) -> Any:
    """The sum of each window, of an image that may have its padding already."""
    reach = [max(0, r) for r in at.reach]
    if padded:
        missing = [max(0, r - e) for r, e in zip(reach, at.behind, strict=True)]
        image = around(x, (0,) * len(missing), missing, 0.0)
    else:
        image = around(x, at.before, reach, 0.0)
    windows = windows_over(image.shape[2:], at.kernel, at.stride, 0, at.dilation)
    y = window_sum(image, windows=windows)
    index = tuple(slice(0, m) for m in at.count)
    return y if y.shape[2:] == at.count else y[(slice(None),) * 2 + index]


def _norm(x: Given, *, kernel_shape: Sequence[int], p: int = 2, **spacing: Any) -> Any:
    at = _placed(x, kernel_shape, spacing)
    if p < 1:
        raise OperandError(f"p is a whole number ≥ 1, not {p}")
    return f.power(_sums(f.absolute(x) ** p, at), 1.0 / p)


def _of_image(function: Any) -> Any:
    return lambda x: function(x, axis=tuple(range(2, x.ndim)), keepdims=True)


def _norm_of_image(x: Given, *, p: int = 2) -> Any:
    sums = f.sum(f.absolute(x) ** p, axis=tuple(range(2, x.ndim)), keepdims=True)
    return f.power(sums, 1.0 / p)


def _unpooled(
    x: Given,
    places: Given,
    output_shape: Given | None = None,
    *,
    kernel_shape: Sequence[int],
    pads: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
) -> Any:
    n = x.ndim - 2
    stride = per_axis(strides, n, "strides")
    padding = per_axis(pads or (0,) * 2 * n, 2 * n, "pads", 0)
    spans = zip(x.shape[2:], stride, kernel_shape, padding[:n], padding[n:], strict=True)
    smallest = (*x.shape[:2], *((h - 1) * s + k - b - e for h, s, k, b, e in spans))
    shape = room_for(smallest if output_shape is None else whole(output_shape, "output_shape"))
    at = plain(places).ravel()
    if output_shape is not None:  # the places count in the smallest image
        at = np.ravel_multi_index(np.unravel_index(at, room_for(smallest)), shape)
    row = np.zeros(int(np.prod(shape)), dtype_of(x))
    return f.reshape(_written(row, at, x.reshape((-1,))), shape)


def _written(row: Any, at: Any, values: Any) -> Any:
    from_values = values if not isinstance(values, np.ndarray) else None
    if from_values is None:
        row[at] = values
        return row
    return type(from_values)(row).at[at].set(from_values)


OPERATORS: Table = {
    "MaxPool": _largest,
    "AveragePool": _mean,
    "LpPool": _norm,
    "GlobalAveragePool": _of_image(f.mean),
    "GlobalMaxPool": _of_image(f.max),
    "GlobalLpPool": _norm_of_image,
    "MaxUnpool": _unpooled,
}
