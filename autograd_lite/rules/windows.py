"""Windows that slide over an image: where they lie, and the array of all of them.

What convolution and pooling share. Inside, channels come last: a window of such an image is a few
long runs of memory, so all windows are one strided copy. All here computes with plain arrays.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from autograd_lite.operands import Array, PerAxis
from autograd_lite.rules.namespaces import dispatched

Lengths = tuple[int, ...]
"""One number for each axis of the image: (length,) or (height, width)."""


@dataclass(frozen=True)
class Windows:
    """Windows of `kernel` entries on an image of `size`, as many as `count`.

    Window j covers the entries j·stride - padding + dilation·[0, …, kernel-1]; those outside the
    image are padding. Each field has one number for each axis.
    """

    size: Lengths
    kernel: Lengths
    stride: Lengths
    padding: Lengths
    dilation: Lengths
    count: Lengths

    @cached_property
    def extent(self) -> Lengths:
        """The lengths of the image with all padding that a window can see."""
        return tuple(h + 2 * p for h, p in zip(self.size, self.padding, strict=True))

    @cached_property
    def inside(self) -> tuple[slice, ...]:
        """Where in the padded image (N, *extent, C) the image itself is."""
        axes = zip(self.size, self.padding, strict=True)
        return slice(None), *(slice(p, p + h) for h, p in axes)

    @property
    def entries(self) -> int:
        """How many entries a window has."""
        return math.prod(self.kernel)

    def __len__(self) -> int:
        return math.prod(self.count)

    @property
    def offsets(self) -> list[tuple[slice, ...]]:
        """For each place in the kernel: where in the padded image all windows have it."""
        return offsets(self.kernel, self.stride, self.dilation, self.count)


@lru_cache(maxsize=1024)
def offsets(
    kernel: Lengths, stride: Lengths, dilation: Lengths, count: Lengths
) -> list[tuple[slice, ...]]:
    """For each place in a kernel: where in an image (N, …, C) all windows have it."""
    steps = list(zip(stride, dilation, count, strict=True))
    return [
        (slice(None), *(slice(k * d, k * d + s * (n - 1) + 1, s) for k, (s, d, n) in axes))
        for place in itertools.product(*map(range, kernel))
        for axes in [zip(place, steps, strict=True)]
    ]


def windows_over(
    size: Lengths, kernel: PerAxis, stride: PerAxis = 1, padding: PerAxis = 0, dilation: PerAxis = 1
) -> Windows:
    """The windows that fit on an image; each parameter is one number, or one for each axis.

    >>> windows_over((28, 28), 3, stride=2, padding=1).count
    (14, 14)

    Raises ValueError when none fits, with the formula ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1.
    """
    return _over(size, *map(_hashable, (kernel, stride, padding, dilation)))


# a training loop asks for the same windows again and again
@lru_cache(maxsize=1024)
def _over(size: Lengths, *given: Any) -> Windows:
    kernel, stride, padding, dilation = _per_axis(len(size), *given)
    count = tuple(map(_count, size, kernel, stride, padding, dilation))
    return Windows(size, kernel, stride, padding, dilation, count)


def windows_from(
    count: Lengths,
    kernel: PerAxis,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    output_padding: PerAxis = 0,
) -> Windows:
    """So many windows, on the image they span: the windows of a transposed convolution.

    >>> windows_from((14, 14), 3, stride=2, padding=1, output_padding=1).size
    (28, 28)

    Raises ValueError when the image would be empty, with the formula of its size.
    """
    return _from(count, *map(_hashable, (kernel, stride, padding, dilation, output_padding)))


@lru_cache(maxsize=1024)
def _from(count: Lengths, *given: Any) -> Windows:
    kernel, stride, padding, dilation = _per_axis(len(count), *given[:4])
    more = _whole("output_padding", given[4], len(count), least=0)
    size = tuple(map(_span, count, kernel, stride, padding, dilation, more))
    return Windows(size, kernel, stride, padding, dilation, count)


def _count(h: int, k: int, s: int, p: int, d: int) -> int:
    n = (h + 2 * p - d * (k - 1) - 1) // s + 1
    if n < 1:
        raise ValueError(
            f"the output would be empty: ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1 = "
            f"⌊({h} + 2·{p} - {d}·({k} - 1) - 1)/{s}⌋ + 1 = {n} for length H={h}, padding P={p}, "
            f"dilation D={d}, kernel K={k}, stride S={s}; take a smaller kernel or more padding"
        )
    return n


def _span(n: int, k: int, s: int, p: int, d: int, more: int) -> int:
    h = (n - 1) * s - 2 * p + d * (k - 1) + more + 1
    if h < 1 or n < 1:
        raise ValueError(
            f"the output would be empty: (H - 1)S - 2P + D(K - 1) + output_padding + 1 = "
            f"({n} - 1)·{s} - 2·{p} + {d}·({k} - 1) + {more} + 1 = {h} for length H={n}, "
            f"stride S={s}, padding P={p}, dilation D={d}, kernel K={k}; take less padding"
        )
    if more >= max(s, d):
        raise ValueError(
            f"output_padding={more} must be smaller than stride={s} or dilation={d}: "
            f"it chooses among the lengths that the convolution takes to {n}"
        )
    return h


def _per_axis(
    n: int, kernel: PerAxis, stride: PerAxis, padding: PerAxis, dilation: PerAxis
) -> tuple[Lengths, ...]:
    return (
        _whole("kernel_size", kernel, n, least=1),
        _whole("stride", stride, n, least=1),
        _whole("padding", padding, n, least=0),
        _whole("dilation", dilation, n, least=1),
    )


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _whole(what: str, value: Any, n: int, least: int) -> Lengths:
    """A parameter as one whole number for each of n axes."""
    values = (value,) * n if isinstance(value, (int, np.integer)) else value
    if (
        isinstance(values, (tuple, list))
        and len(values) == n
        and all(isinstance(v, (int, np.integer)) and v >= least for v in values)
    ):
        return tuple(map(int, values))
    raise ValueError(f"{what} is a whole number ≥ {least}, or {n} of them, not {value!r}")


contiguous = dispatched(np.ascontiguousarray)
"""Entries that lie one behind the other, copied unless they do."""


def padded(x: Array, windows: Windows, fill: float = 0.0) -> Any:
    """The image x (N, C, …) with channels last and padding around it: (N, …, C)."""
    image = channels_last(x)
    if not any(windows.padding):
        return contiguous(image)
    # whole numbers become float64: -inf is none of them
    dtype = np.result_type(x.dtype, np.float32)
    if (
        type(x) is not np.ndarray
    ):  # to be noted: np.pad says it in one call, at five times the price
        image = image if image.dtype == dtype else image.astype(dtype)
        width = ((0, 0), *((p, p) for p in windows.padding), (0, 0))
        return np.pad(image, width, constant_values=fill)
    whole = np.zeros((len(x), *windows.extent, x.shape[1]), dtype)
    if fill:
        whole.fill(fill)
    whole[windows.inside] = image
    return whole


def unfold(x: Array, windows: Windows, fill: float = 0.0) -> Any:
    """Every window of x (N, C, …), as a view (N, *count, *kernel, C) of the padded image."""
    whole = padded(x, windows, fill)
    return windows_of(whole, windows.count, windows.kernel, windows.stride, windows.dilation)


@dispatched
def windows_of(
    image: Any, count: Lengths, kernel: Lengths, stride: Lengths, dilation: Lengths
) -> Any:
    """Windows of an image (N, …, C), so many, as a view (N, *count, *kernel, C) of its memory.

    >>> windows_of(np.array([[[1.0], [2.0], [4.0]]]), (2,), (2,), (1,), (1,))[0, ..., 0]
    array([[1., 2.],
           [2., 4.]])
    """
    n, *steps, c = image.strides
    strides = (
        n,
        *(a * s for a, s in zip(steps, stride, strict=True)),
        *(a * d for a, d in zip(steps, dilation, strict=True)),
        c,
    )
    shape = (len(image), *count, *kernel, image.shape[-1])
    return np.ndarray(shape, image.dtype, image, strides=strides)


def folded(patches: Any, windows: Windows) -> Any:
    """The transpose of `unfold`: windows (N, *count, entries, C) added up to an image (N, C, …)."""
    spacing = windows.kernel, windows.stride, windows.dilation
    whole = fold(patches, windows.extent, *spacing)
    return channels_first(whole[windows.inside] if any(windows.padding) else whole)


@dispatched
def fold(patches: Any, size: Lengths, kernel: Lengths, stride: Lengths, dilation: Lengths) -> Any:
    """The transpose of `windows_of`: windows (N, *count, entries, C) added up to an image (N, *size, C).

    >>> fold(np.array([[[[1.0], [2.0]], [[10.0], [20.0]]]]), (3,), (2,), (1,), (1,))[0, ..., 0]
    array([ 1., 12., 20.])
    """
    n, *count, _, c = patches.shape
    whole = np.zeros((n, *size, c), patches.dtype)
    for k, entries in enumerate(offsets(kernel, stride, dilation, tuple(count))):
        whole[entries] += patches[..., k, :]
    return whole


def channels_last(x: Array) -> Any:
    """(N, C, …) seen as (N, …, C)."""
    return x.transpose(0, *range(2, x.ndim), 1)


def channels_first(x: Array) -> Any:
    """(N, …, C) seen as (N, C, …)."""
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))
