"""Pooling and upsampling: layers without parameters that change an image's size.

Arguments, shapes and numbers are those of torch.nn; an example may come without the batch axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn.checks import at_least, choice, flag, number
from nn.convolution import Lengths, per_axis
from nn.module import Module

MODES: Final = {"nearest": (3, 4), "linear": (3,), "bilinear": (4,)}
"""How `Upsample` fills in, and on how many axes."""


class _Pool(Module):
    """What the pooling layers share: windows on images of some axes."""

    result_name = None

    axes: ClassVar[int]

    def _set_options(self, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool) -> None:
        self.kernel_size = per_axis("kernel_size", kernel_size, self.axes, 1)
        given = self.kernel_size if stride is None else stride
        self.stride = per_axis("stride", given, self.axes, 1)
        self.padding = per_axis("padding", padding, self.axes, 0)
        self.ceil_mode = flag("ceil_mode", ceil_mode)

    def _lengths(self, x: Any) -> tuple[int, ...]:
        """The lengths of the image's axes, which x must have behind channels and examples."""
        shape: tuple[int, ...] = np.shape(plain(x))
        if len(shape) not in (self.axes + 1, self.axes + 2):
            letters = "C, H, W" if self.axes == 2 else "C, H"
            raise ShapeError(f"{self.label} expected x (N, {letters}) or ({letters}), got {shape}")
        return shape[-self.axes :]

    def _pooled(self, x: Any, pool: Any, **options: Any) -> Any:
        """Apply the operation, with a batch axis for an example without one."""
        shape = np.shape(plain(x))
        alone = len(shape) == self.axes + 1
        around = {"kernel_size": self.kernel_size, "stride": self.stride}
        try:
            y = pool(f.reshape(x, (1, *shape)) if alone else x, **around, **options)
        except ValueError as error:
            raise ShapeError(f"{self.label}: {error}") from None
        return y[0] if alone else y

    def _ceil_padding(self, lengths: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
        """With ceil_mode: by how much each axis grows, so that a last window hangs over its end."""
        windows = zip(self.kernel_size, self.stride, self.padding, dilation, strict=True)
        return tuple(_missing_entries(h, *w) for h, w in zip(lengths, windows, strict=True))

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


def _missing_entries(h: int, k: int, s: int, p: int, d: int) -> int:
    """How many entries are missing for the window that only begins inside."""
    rest = h + 2 * p - d * (k - 1) - 1
    last = -(-rest // s) * s  # where the last window would begin, counted from the padding
    return last - rest if rest >= 0 and last < h + p else 0


class _MaxPool(_Pool):
    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        self._set_options(kernel_size, stride, padding, ceil_mode)
        self.dilation = per_axis("dilation", dilation, self.axes, 1)

    def forward(self, x: Any) -> Any:
        pool = f.max_pool2d if self.axes == 2 else f.max_pool1d
        lengths = self._lengths(x)
        more = self._ceil_padding(lengths, self.dilation) if self.ceil_mode else ()
        if any(more):
            ends = [(0, n) for n in more]
            lead = [(0, 0)] * (np.ndim(plain(x)) - self.axes)
            x = f.pad(x, pad_width=(*lead, *ends), constant_values=-math.inf)
        return self._pooled(x, pool, padding=self.padding, dilation=self.dilation)


class MaxPool1d(_MaxPool):
    """The largest entry of each window: y[c, j] = max_k x[c, j·S - P + D·k].

    x (N, C, H) or (C, H), y (N, C, output_size(H, K, S, P, D)); stride None is the kernel size.
    Padding never wins. Of equally large entries the first has the derivative.

    ceil_mode  True rounds the number of windows up: the last one may hang over the end

    >>> MaxPool1d(2)(np.array([[[1.0, 3.0, 2.0, 0.0]]]))
    array([[[3., 2.]]])

    Raises ShapeError when x has another shape or no window fits it.

    Source: lecture notes on deep learning, "Filter, Stride, Pad, Pooling"; lecture "RNNs and AEs".
    """

    axes = 1


class MaxPool2d(_MaxPool):
    """The largest entry of each window of an image, channel by channel; see `MaxPool1d`.

    >>> MaxPool2d(2)(np.array([[[[1.0, 3.0], [2.0, 0.0]]]]))
    array([[[[3.]]]])
    """

    axes = 2


class AvgPool1d(_Pool):
    """The mean of each window: y[c, j] = (1/K) Σ_k x[c, j·S - P + k].

    x (N, C, H) or (C, H), y (N, C, output_size(H, K, S, P)); stride None is the kernel size.

    ceil_mode          True rounds the number of windows up: the last one may hang over the end,
                       and its mean is that of the entries (and padding) it has
    count_include_pad  whether padding counts as zeros, or not at all

    >>> AvgPool1d(2)(np.array([[[1.0, 3.0, 2.0, 0.0]]]))
    array([[[2., 1.]]])

    Raises ShapeError when x has another shape or no window fits it.
    """

    axes = 1

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self._set_options(kernel_size, stride, padding, ceil_mode)
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            raise OperandError(
                f"padding={self.padding} is more than half the kernel {self.kernel_size}, so a "
                f"window would see nothing but padding"
            )
        self.count_include_pad = flag("count_include_pad", count_include_pad)

    def forward(self, x: Any) -> Any:
        pool = f.avg_pool2d if self.axes == 2 else f.avg_pool1d
        lengths = self._lengths(x)
        more = self._ceil_padding(lengths, (1,) * self.axes) if self.ceil_mode else (0,) * self.axes
        # entries beyond the end count as nothing: a mean of x and one of what counts, divided
        ends = [(p, p + n) for p, n in zip(self.padding, more, strict=True)]
        lead = [(0, 0)] * (np.ndim(plain(x)) - self.axes)
        whole = f.pad(x, pad_width=(*lead, *ends)) if np.any(ends) else x
        return self._mean(self._pooled(whole, pool), self._counted_share(lengths, more, pool))

    def _counted_share(self, lengths: tuple[int, ...], more: tuple[int, ...], pool: Any) -> Any:
        """Which part of each window counts: all, but for its end beyond the image's."""
        frame, ends = [(p, p) for p in self.padding], [(0, n) for n in more]
        counts = np.pad(np.ones(lengths), frame, constant_values=float(self.count_include_pad))
        return self._pooled(np.pad(counts, ends)[None], pool)

    def _mean(self, entries: Any, share: Any) -> Any:
        return entries if np.all(share == 1.0) else entries / share.astype(plain(entries).dtype)


class AvgPool2d(AvgPool1d):
    """The mean of each window of an image, channel by channel; see `AvgPool1d`.

    divisor_override  by what a window's sum is divided instead of the number of its entries

    >>> AvgPool2d(2)(np.array([[[[1.0, 3.0], [2.0, 0.0]]]]))
    array([[[[1.5]]]])
    """

    axes = 2

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        if divisor_override is not None:
            at_least("divisor_override", divisor_override, 1)
        self.divisor_override = divisor_override

    def _mean(self, entries: Any, share: Any) -> Any:
        if self.divisor_override is None:
            return super()._mean(entries, share)
        return entries * (math.prod(self.kernel_size) / self.divisor_override)


class Upsample(Module):
    """A longer image: each entry repeated, or linear interpolation between neighbours.

    "nearest" is y[i] = x[⌊i·n/m⌋] from length n to m; "linear" (of (N, C, H)) and "bilinear" (of
    (N, C, H, W)) take the entries nearest to (i + ½)·n/m - ½ on either side.

    size          length of y, or one for each axis; or
    scale_factor  how many times longer than x

    >>> Upsample(scale_factor=2)(np.array([[[1.0, 2.0]]]))
    array([[[1., 1., 2., 2.]]])

    Raises OperandError unless exactly one of size and scale_factor is given, or for other modes;
    ShapeError when x has another shape or y would be empty.

    Source: lecture "RNNs and AEs", "Upsample (or transpose-conv) + Conv".
    """

    result_name = None

    def __init__(
        self, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:  # fmt: skip
        if (size is None) == (scale_factor is None):
            raise OperandError("Upsample needs either size, as in 28, or scale_factor, as in 2")
        if align_corners is not None and flag("align_corners", align_corners):
            raise OperandError("align_corners=True is not taken: corners are not aligned here")
        self.mode = choice("mode", mode, MODES)
        self.size = None if size is None else _checked_each(size, lambda n: at_least("size", n, 1))
        self.scale_factor = (
            None
            if scale_factor is None
            else _checked_each(scale_factor, lambda s: number("scale_factor", s, "(0, ∞)"))
        )

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        if len(shape) not in MODES[self.mode]:
            axes = " or ".join({3: "(N, C, H)", 4: "(N, C, H, W)"}[n] for n in MODES[self.mode])
            raise ShapeError(f"{self.label} with mode {self.mode!r} expected x {axes}, got {shape}")
        grow = f.upsample_nearest if self.mode == "nearest" else f.upsample_linear
        try:
            return grow(x, scale=self.scale_factor, size=self.size)
        except ValueError as error:
            given = f"size={self.size}, scale_factor={self.scale_factor}"
            raise ShapeError(f"{self.label} with {given}: {error}") from None

    def extra_repr(self) -> str:
        grown = f"size={self.size}" if self.size is not None else f"×{self.scale_factor}"
        return f"{grown}, {self.mode!r}"


def _checked_each(x: Any, check: Callable[[Any], Any]) -> Any:
    """One number, or one for each axis, each checked."""
    return tuple(map(check, x)) if isinstance(x, (tuple, list)) and x else check(x)
