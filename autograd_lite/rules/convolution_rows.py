"""Convolution as a product of matrices: windows, places and weights as their rows."""

from __future__ import annotations

import math
from typing import Any

from autograd_lite.operands import Array
from autograd_lite.rules.windows import Windows, channels_first, channels_last, unfold


def window_rows(x: Array, windows: Windows, groups: int) -> Any:
    """All windows of each group as rows of a matrix (groups, places, kernel·C): the one copy."""
    patches = unfold(x, windows)
    channels = patches.shape[-1] // groups
    places, entries = len(x) * len(windows), windows.entries * channels
    parts = patches.reshape(*patches.shape[:-1], groups, channels)
    images, kernel = range(1 + len(windows.count)), range(1 + len(windows.count), parts.ndim - 2)
    if windows.kernel[-1] * channels >= windows.count[-1]:
        return parts.transpose(-2, *images, *kernel, -1).reshape(groups, places, entries)
    # few channels: runs along the image are longer than runs in a window, and faster to copy
    columns = parts.transpose(-2, *kernel, -1, *images).reshape(groups, entries, places)
    return columns.transpose(0, 2, 1)


def image_rows(g: Array, groups: int) -> Any:
    """The channels at each place as the rows of a matrix (groups, places, O/groups)."""
    image = channels_last(g)
    *places, channels = image.shape
    return image.reshape(math.prod(places), groups, channels // groups).transpose(1, 0, 2)


def image_of(rows: Array, n: int, windows: Windows) -> Any:
    """The transpose of `image_rows`: an image (N, O, *count) from rows."""
    groups, _, channels = rows.shape
    image = rows.transpose(1, 0, 2).reshape(n, *windows.count, groups * channels)
    return channels_first(image)


def weight_matrices(w: Array, groups: int) -> Any:
    """The weight (O, C, …) as a matrix (groups, kernel·C, O/groups)."""
    o, c = w.shape[:2]
    parts = w.reshape(groups, o // groups, c, math.prod(w.shape[2:]))
    return parts.transpose(0, 3, 2, 1).reshape(groups, parts.shape[3] * c, o // groups)
