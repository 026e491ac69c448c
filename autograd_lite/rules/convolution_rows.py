"""Convolution as a product of matrices: windows, places and weights as their rows.

With several groups of channels each is a stack of theirs, (groups, …); with one it is the matrix alone.
"""

from __future__ import annotations

import math
from typing import Any

from autograd_lite.operands import Array
from autograd_lite.rules.windows import Windows, channels_first, channels_last, unfold


def window_rows(x: Array, windows: Windows, groups: int) -> Any:
    """All windows as rows of a matrix (places, kernel·C): the one copy."""
    patches = unfold(x, windows)
    channels = patches.shape[-1] // groups
    places, entries = len(x) * len(windows), windows.entries * channels
    if groups > 1:
        patches = patches.reshape(*patches.shape[:-1], groups, channels)
    stacked, shape = ((-2,), (groups,)) if groups > 1 else ((), ())
    images = range(1 + len(windows.count))
    kernel = range(len(images), len(images) + len(windows.kernel))
    if windows.kernel[-1] * channels >= windows.count[-1]:
        if groups > 1:
            patches = patches.transpose(*stacked, *images, *kernel, -1)
        return patches.reshape(*shape, places, entries)
    # few channels: runs along the image are longer than runs in a window, and faster to copy
    columns = patches.transpose(*stacked, *kernel, -1, *images).reshape(*shape, entries, places)
    return turned(columns)


def image_rows(g: Array, groups: int) -> Any:
    """The channels at each place as the rows of a matrix (places, O/groups)."""
    image = channels_last(g)
    *places, channels = image.shape
    if groups == 1:
        return image.reshape(math.prod(places), channels)
    return image.reshape(math.prod(places), groups, channels // groups).transpose(1, 0, 2)


def image_of(rows: Array, n: int, windows: Windows) -> Any:
    """The transpose of `image_rows`: an image (N, O, *count) from rows."""
    if rows.ndim > 2:
        groups, places, channels = rows.shape
        rows = rows.transpose(1, 0, 2).reshape(places, groups * channels)
    return channels_first(rows.reshape(n, *windows.count, rows.shape[-1]))


def weight_columns(w: Array, groups: int) -> Any:
    """The weight (O, C, …) as a matrix (kernel·C, O/groups)."""
    o, c = w.shape[:2]
    parts = _weight_parts(w, groups)
    if groups == 1:
        return parts.transpose(2, 1, 0).reshape(parts.shape[-1] * c, o)
    return parts.transpose(0, 3, 2, 1).reshape(groups, parts.shape[-1] * c, o // groups)


def weight_rows(w: Array, groups: int) -> Any:
    """The weight (O, C, …) as a matrix (O/groups, kernel·C)."""
    # a transposed view of narrow columns would cost BLAS twice the time
    o, c = w.shape[:2]
    parts = _weight_parts(w, groups)
    if groups == 1:
        return parts.transpose(0, 2, 1).reshape(o, parts.shape[-1] * c)
    return parts.transpose(0, 1, 3, 2).reshape(groups, o // groups, parts.shape[-1] * c)


def weight_of(columns: Array, windows: Windows, c: int) -> Any:
    """The transpose of `weight_columns`: a weight (O, C, …) with C channels."""
    *groups, _, o = columns.shape
    if not groups:
        parts = columns.reshape(windows.entries, c, o).transpose(2, 1, 0)
    else:
        parts = columns.reshape(*groups, windows.entries, c, o).transpose(0, 3, 2, 1)
    return parts.reshape(math.prod(groups) * o, c, *windows.kernel)


def patches_of(rows: Array, n: int, windows: Windows, c: int) -> Any:
    """The transpose of `window_rows`: windows (N, *count, entries, groups·C) from rows."""
    if rows.ndim == 2:
        return rows.reshape(n, *windows.count, windows.entries, c)
    groups, places, _ = rows.shape
    parts = rows.reshape(groups, places, windows.entries, c).transpose(1, 2, 0, 3)
    return parts.reshape(n, *windows.count, windows.entries, groups * c)


def turned(rows: Array) -> Any:
    """The transpose of a matrix, or of each of a stack."""
    return rows.transpose(1, 0) if rows.ndim == 2 else rows.transpose(0, 2, 1)


def _weight_parts(w: Array, groups: int) -> Any:
    o, c = w.shape[:2]
    entries = math.prod(w.shape[2:])
    return w.reshape(*(() if groups == 1 else (groups,)), o // groups, c, entries)
