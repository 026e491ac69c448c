"""Upsampling images: by the nearest entry and by linear interpolation. PyTorch's conventions.

Entry i of an axis of length n, seen at length m, stands at (i + ½)·n/m - ½. These are linear maps
made of rules that exist: reading entries, and products with matrices of weights.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite.operands import Array
from autograd_lite.rules.indexing import getitem
from autograd_lite.rules.linalg import matmul
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of


def upsample_nearest(x: Array, scale: Any = None, size: Any = None) -> Any:
    """Each entry repeated: y[i] = x[⌊i·n/m⌋], from length n to m, for each axis of the image.

    x (N, C, H) or (N, C, H, W); scale  how many times longer, or size  how long, y's axes are: one
    number, or one for each axis.

    >>> upsample_nearest([[[1.0, 2.0]]], 2)
    array([[[1., 1., 2., 2.]]])

    Raises ValueError unless exactly one of `scale` and `size` is given, or for an empty output.
    """
    lengths = shape_of(x)[2:]
    steps = _steps(x, scale, size)
    sources = [
        np.minimum((np.arange(m) * step).astype(int), n - 1)
        for n, (m, step) in zip(lengths, steps, strict=True)
    ]
    return getitem(x, (slice(None), slice(None), *np.ix_(*sources)))


def upsample_linear(x: Array, scale: Any = None, size: Any = None) -> Any:
    """Linear interpolation between neighbours (bilinear for two axes), corners not aligned.

    y[i] = (1 - λ)·x[k] + λ·x[k + 1] with k + λ = (i + ½)·n/m - ½, from length n to m, held at the
    ends. x (N, C, H) or (N, C, H, W); scale  how many times longer, or size  how long, y's axes
    are: one number, or one for each axis.

    >>> upsample_linear([[[1.0, 2.0]]], 2)
    array([[[1.  , 1.25, 1.75, 2.  ]]])

    Raises ValueError unless exactly one of `scale` and `size` is given, or for an empty output.
    """
    dtype = np.result_type(np.asarray(plain(x)).dtype, np.float32)
    lengths = shape_of(x)[2:]
    *rows, columns = (
        _interpolation(n, m, step).astype(dtype)
        for n, (m, step) in zip(lengths, _steps(x, scale, size), strict=True)
    )
    y = matmul(x, columns.T)
    return matmul(rows[0], y) if rows else y


def _interpolation(n: int, m: int, step: float) -> Any:
    """The m × n matrix whose row i holds the weights (1 - λ, λ) of entry i's neighbours."""
    place = np.clip((np.arange(m) + 0.5) * step - 0.5, 0.0, n - 1.0)
    left = place.astype(int)
    right = np.minimum(left + 1, n - 1)
    weights = np.zeros((m, n))
    np.add.at(weights, (np.arange(m), left), 1.0 - (place - left))
    np.add.at(weights, (np.arange(m), right), place - left)
    return weights


def _steps(x: Array, scale: Any, size: Any) -> list[tuple[int, float]]:
    """For each axis: its new length, and how far apart in x neighbours of y are."""
    lengths = shape_of(x)[2:]
    if len(lengths) not in (1, 2):
        raise ValueError(f"upsampling takes x (N, C, H) or (N, C, H, W), not {shape_of(x)}")
    if (scale is None) == (size is None):
        raise ValueError(
            "give upsampling either scale, as in scale=2, or size, as in size=(28, 28)"
        )
    values = np.broadcast_to(scale if size is None else size, len(lengths)).tolist()
    if size is None:
        steps = [(math.floor(n * s), 1 / s) for n, s in zip(lengths, values, strict=True)]
    else:
        steps = [(int(m), n / m) for n, m in zip(lengths, values, strict=True)]
    if not all(m >= 1 for m, _ in steps):
        raise ValueError(f"the output would be empty: {lengths} entries times scale {scale}")
    return steps
