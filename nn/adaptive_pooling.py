"""Pooling to an image of a given size: as many windows as its entries, of lengths that fit.

Of an axis of n entries made m, window i covers the entries ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉ - 1, as in torch.
Laid side by side, these windows are pooled as others are.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn.broadcasting import as_operand
from nn.checks import at_least
from nn.module import Module


class _Adaptive(Module):
    """What the four share: the size of the output, and windows of unequal lengths side by side."""

    result_name = None

    axes: ClassVar[int]
    filling: ClassVar[float]

    def __init__(self, output_size: Any) -> None:
        several = isinstance(output_size, (tuple, list))
        sizes = tuple(output_size) if several else (output_size,) * self.axes
        if len(sizes) != self.axes:
            raise OperandError(
                f"output_size is one number, or {self.axes} of them, not {output_size!r:.60}"
            )
        # None leaves an axis of an image as it is
        self.sizes = tuple(
            None if n is None and self.axes > 1 else at_least("output_size", n, 1) for n in sizes
        )
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        x = as_operand(x)
        shape = np.shape(plain(x))
        if len(shape) not in {self.axes + 1, self.axes + 2} or 0 in shape[-self.axes :]:
            letters = "C, H, W" if self.axes == 2 else "C, H"
            raise ShapeError(f"{self.label} expected x (N, {letters}) or ({letters}), got {shape}")
        alone = len(shape) == self.axes + 1
        y = self._pooled(f.reshape(x, (1, *shape)) if alone else x, shape[-self.axes :])
        return y[0] if alone else y

    def _pooled(self, x: Any, lengths: tuple[int, ...]) -> Any:
        sizes = [n if m is None else m for n, m in zip(lengths, self.sizes, strict=True)]
        windows = [_windows(n, m) for n, m in zip(lengths, sizes, strict=True)]
        counts = [(index < n).sum(axis=1) for index, n in zip(windows, lengths, strict=True)]
        rows = [index.reshape(-1) for index in windows]
        if any(row.max() == n for row, n in zip(rows, lengths, strict=True)):
            ends = ((0, 0), (0, 0), *((0, 1) for _ in lengths))
            x = f.pad(x, pad_width=ends, constant_values=self.filling)
        if not all(np.array_equal(row, np.arange(n)) for row, n in zip(rows, lengths, strict=True)):
            places = (Ellipsis, *np.ix_(*rows))
            x = x[places]
        return self._pool(x, tuple(index.shape[1] for index in windows), counts)

    def _pool(self, x: Any, kernel: tuple[int, ...], counts: list[Any]) -> Any:
        raise NotImplementedError

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


def _windows(n: int, m: int) -> Any:
    """Which entries each of m windows has, one window a row; n stands for none."""
    starts = np.arange(m) * n // m
    ends = -(-(np.arange(m) + 1) * n // m)
    index = starts[:, None] + np.arange((ends - starts).max())
    return np.where(index < ends[:, None], index, n)


class _AdaptiveAvg(_Adaptive):
    filling = 0.0

    def _pool(self, x: Any, kernel: tuple[int, ...], counts: list[Any]) -> Any:
        pool = f.avg_pool2d if self.axes == 2 else f.avg_pool1d
        y = pool(x, kernel_size=kernel)
        # an average over the windows of the longest length: of shorter ones, less than it should be
        parts = [n / k for n, k in zip(counts, kernel, strict=True)]
        share = math.prod(np.ix_(*parts)) if self.axes == 2 else parts[0]
        return y if np.all(share == 1.0) else y / np.asarray(share, plain(y).dtype)


class _AdaptiveMax(_Adaptive):
    filling = -math.inf

    def _pool(self, x: Any, kernel: tuple[int, ...], counts: list[Any]) -> Any:
        pool = f.max_pool2d if self.axes == 2 else f.max_pool1d
        return pool(x, kernel_size=kernel)


class AdaptiveAvgPool1d(_AdaptiveAvg):
    """The means of output_size windows of a sequence: window i is ⌊i·H/m⌋ to ⌈(i + 1)·H/m⌉ - 1.

    x (N, C, H) or (C, H), y (N, C, m) with m = output_size.

    >>> AdaptiveAvgPool1d(2)(np.array([[[1.0, 3.0, 5.0]]]))
    array([[[2., 4.]]])

    Raises ShapeError when x has another shape, OperandError when output_size is none.
    """

    axes = 1


class AdaptiveAvgPool2d(_AdaptiveAvg):
    """The means of windows of an image, as many as output_size says; see `AdaptiveAvgPool1d`.

    output_size  one number, or (rows, columns); None leaves that axis as it is

    >>> AdaptiveAvgPool2d(1)(np.array([[[[1.0, 3.0], [2.0, 0.0]]]]))
    array([[[[1.5]]]])
    """

    axes = 2


class AdaptiveMaxPool1d(_AdaptiveMax):
    """The largest entries of output_size windows of a sequence; the windows are `AdaptiveAvgPool1d`'s.

    Of equally large entries the first has the derivative.

    >>> AdaptiveMaxPool1d(2)(np.array([[[1.0, 3.0, 2.0]]]))
    array([[[3., 3.]]])

    Raises ShapeError when x has another shape, OperandError when output_size is none.
    """

    axes = 1


class AdaptiveMaxPool2d(_AdaptiveMax):
    """The largest entries of windows of an image, as many as output_size says; see `AdaptiveAvgPool2d`.

    >>> AdaptiveMaxPool2d(1)(np.array([[[[1.0, 3.0], [2.0, 0.0]]]]))
    array([[[[3.]]]])
    """

    axes = 2
