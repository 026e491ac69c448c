"""Pooling: the largest entry, or the mean, of each window of an image; parameters as in PyTorch."""

from __future__ import annotations

from functools import reduce
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Array, PerAxis
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import linear, operation
from autograd_lite.rules.shape import shape_of
from autograd_lite.rules.windows import (
    Windows,
    channels_first,
    channels_last,
    folded,
    padded,
    unfold,
    windows_over,
)

FIRST_WINS: Final = "of equally large entries in a window the first has the derivative (PyTorch's)"


@operation(
    [lambda xp, g, y, x, *, windows: xp.window_spread(g, windows=windows)],
    [lambda xp, t, y, x, *, windows: xp.window_sum(t, windows=windows)],
    linear_in=[0],
)
def window_sum(xp: Namespace, x: Array, *, windows: Windows) -> Any:
    """The sum of each window of an image, channel by channel: y[j] = Σₖ x[j·S - P + D·k].

    >>> window_sum([[[1.0, 2.0, 4.0]]], windows_over((3,), 2))
    array([[[3., 6.]]])
    """
    return channels_first(sum(_entries(padded(x, windows), windows)))


@operation(
    [lambda xp, h, y, g, *, windows: xp.window_sum(h, windows=windows)],
    [lambda xp, t, y, g, *, windows: xp.window_spread(t, windows=windows)],
    linear_in=[0],
)
def window_spread(xp: Namespace, g: Array, *, windows: Windows) -> Any:
    """The transpose of `window_sum`: each place of g is added to every entry of its window.

    >>> window_spread([[[1.0, 10.0]]], windows_over((3,), 2))
    array([[[ 1., 11., 10.]]])
    """
    image = channels_last(g)[..., None, :]
    n, *count, _, c = image.shape
    return folded(np.broadcast_to(image, (n, *count, windows.entries, c)), windows)


def _max_pool(x: Array, n: int, **options: Any) -> Any:
    windows = _pooling(x, n, **options)
    whole = padded(x, windows, -np.inf)
    return channels_first(reduce(np.maximum, _entries(whole, windows)))


def _largest(x: Array, options: dict[str, Any]) -> Any:
    """Where in x, written as one row, the first largest entry of each window is."""
    windows = _pooling(x, x.ndim - 2, **options)
    patches = unfold(x, windows, -np.inf)
    n, *count = patches.shape[: -1 - len(windows.kernel)]
    c = patches.shape[-1]
    winner = patches.reshape(n, *count, windows.entries, c).argmax(axis=-2)
    here = np.ogrid[tuple(slice(m) for m in winner.shape)]
    inner = np.unravel_index(winner, windows.kernel)
    spacing = zip(here[1:-1], windows.stride, windows.padding, windows.dilation, strict=True)
    axes = [j * s - p + d * k for (j, s, p, d), k in zip(spacing, inner, strict=True)]
    return channels_first(np.ravel_multi_index((here[0], here[-1], *axes), x.shape, mode="clip"))


def _unpooled(xp: Namespace, g: Array, y: Array, x: Array, **options: object) -> Any:
    shape = shape_of(x)
    row = xp.scatter(g, index=(_largest(plain(x), options),), shape=(plain(x).size,))
    return xp.reshape(row, shape)


def _pooled_tangent(xp: Namespace, t: Array, y: Array, x: Array, **options: object) -> Any:
    return xp.getitem(xp.reshape(t, (-1,)), index=(_largest(plain(x), options),))


def _to_the_whole_window(xp: Namespace, g: Array, y: Array, x: Array, **options: Any) -> Any:
    return xp.window_spread(g, windows=_pooling(x, len(shape_of(x)) - 2, **options))


def _averaged(xp: Namespace, g: Array, y: Array, x: Array, **options: Any) -> Any:
    windows = _pooling(x, len(shape_of(x)) - 2, **options)
    return xp.window_spread(g / float(windows.entries), windows=windows)


_MALRULES: Final = (
    Malrule("E11a", 0, vjp=_to_the_whole_window),
    Malrule("E11b", 0, vjp=_averaged),
)


@operation([_unpooled], [_pooled_tangent], kinks=FIRST_WINS, malrules=_MALRULES)
def max_pool1d(
    xp: Namespace,
    x: Array,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> Any:
    """The largest entry of each window: y[j] = maxₖ x[j·S - P + D·k]; ∂y/∂x is 1 there, else 0.

    x (N, C, H), y (N, C, ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1); stride None is the kernel size.

    >>> max_pool1d([[[1.0, 3.0, 2.0, 0.0]]], 2)
    array([[[3., 2.]]])

    Raises ValueError when the output would be empty, or the padding is more than half the kernel.
    """
    return _max_pool(
        x, 1, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )


@operation([_unpooled], [_pooled_tangent], kinks=FIRST_WINS, malrules=_MALRULES)
def max_pool2d(
    xp: Namespace,
    x: Array,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> Any:
    """The largest entry of each window: y[i, j] = maxₖₗ x[i·S - P + D·k, j·S - P + D·l].

    x (N, C, H, W), y (N, C, ⌊(H + 2P - D(K - 1) - 1)/S⌋ + 1, …); stride None is the kernel size.
    Each parameter is one number or one for each axis.

    >>> max_pool2d([[[[1.0, 3.0], [2.0, 0.0]]]], 2)
    array([[[[3.]]]])

    Raises ValueError when the output would be empty, or the padding is more than half the kernel.
    """
    return _max_pool(
        x, 2, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )


def _avg_pool(xp: Namespace, x: Array, n: int, *, count_include_pad: bool, **options: Any) -> Any:
    windows = _pooling(x, n, **options)
    return xp.divide(xp.window_sum(x, windows=windows), _divisor(x, windows, count_include_pad))


def _unaveraged(
    xp: Namespace, g: Array, y: Array, x: Array, *, count_include_pad: bool = True, **options: Any
) -> Any:
    windows = _pooling(x, len(shape_of(x)) - 2, **options)
    return xp.window_spread(xp.divide(g, _divisor(x, windows, count_include_pad)), windows=windows)


def _divisor(x: Array, windows: Windows, count_include_pad: bool) -> Any:
    """How many entries each mean is over, in x's dtype."""
    if count_include_pad or not any(windows.padding):
        return float(windows.entries)
    ones = np.ones((1, 1, *windows.size), plain(x).dtype)
    return channels_first(sum(_entries(padded(ones, windows), windows)))


def _not_averaged(
    xp: Namespace, g: Array, y: Array, x: Array, *, count_include_pad: bool = True, **options: Any
) -> Any:
    return _to_the_whole_window(xp, g, y, x, **options)


_NOT_AVERAGED: Final = (Malrule("E12", 0, vjp=_not_averaged),)


@linear(_unaveraged, malrules=_NOT_AVERAGED)
def avg_pool1d(
    xp: Namespace,
    x: Array,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window: y[j] = (1/K) Σₖ x[j·S - P + k]; ∂y/∂x is 1/K in the window.

    x (N, C, H), y (N, C, ⌊(H + 2P - K)/S⌋ + 1); stride None is the kernel size. Padding counts as
    zeros, or with count_include_pad=False not at all.

    >>> avg_pool1d([[[1.0, 3.0, 2.0, 0.0]]], 2)
    array([[[2., 1.]]])

    Raises ValueError when the output would be empty, or the padding is more than half the kernel.
    """
    return _avg_pool(
        xp,
        x,
        1,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        count_include_pad=count_include_pad,
    )


@linear(_unaveraged, malrules=_NOT_AVERAGED)
def avg_pool2d(
    xp: Namespace,
    x: Array,
    *,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window: y[i, j] = (1/KL) Σₖₗ x[i·S - P + k, j·S - P + l].

    x (N, C, H, W), y (N, C, ⌊(H + 2P - K)/S⌋ + 1, …); stride None is the kernel size. Padding
    counts as zeros, or with count_include_pad=False not at all.

    >>> avg_pool2d([[[[1.0, 3.0], [2.0, 0.0]]]], 2)
    array([[[[1.5]]]])

    Raises ValueError when the output would be empty, or the padding is more than half the kernel.
    """
    return _avg_pool(
        xp,
        x,
        2,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        count_include_pad=count_include_pad,
    )


def _pooling(
    x: Array, n: int, *, kernel_size: PerAxis, stride: PerAxis | None = None, padding: PerAxis = 0,
    dilation: PerAxis = 1
) -> Windows:  # fmt: skip
    shape = shape_of(x)
    if len(shape) != n + 2:
        raise ValueError(f"x must have axes {'(N, C, H, W)' if n == 2 else '(N, C, H)'}")
    stride = kernel_size if stride is None else stride
    windows = windows_over(shape[2:], kernel_size, stride, padding, dilation)
    for k, p, d in zip(windows.kernel, windows.padding, windows.dilation, strict=True):
        if 2 * p > d * (k - 1) + 1:
            raise ValueError(
                f"padding={p} is more than half the kernel of {k} entries with dilation={d}, "
                f"so a window would see nothing but padding"
            )
    return windows


def _entries(whole: Any, windows: Windows) -> list[Any]:
    """For each place in the kernel: the entries there of all windows of a padded image."""
    return [whole[place] for place in windows.offsets]
