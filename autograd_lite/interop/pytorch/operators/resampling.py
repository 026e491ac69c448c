"""ATen's upsampling: by the nearest entry, and by interpolation between neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.interop.pytorch.operators.shaping import part_of
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of

Scales = Sequence[float] | None
Step = tuple[int, int, float]
"""An axis: its length before, its length after, and how much of it before is one entry after."""


def _steps(x: Array, size: Sequence[int] | None, scales: Scales) -> list[Step]:
    lengths = shape_of(x)[2:]
    if size is None:
        factors = list(scales or ())
        return [(n, int(n * s), 1.0 / s) for n, s in zip(lengths, factors, strict=True)]
    known = list(scales) if scales else [None] * len(lengths)
    return [(n, m, 1.0 / s if s else n / m) for n, m, s in zip(lengths, size, known, strict=True)]


def _nearest(
    x: Array, size: Sequence[int] | None, scales: Scales = None, *, half: float = 0.0
) -> Any:
    """Each entry is that at ⌊(i + half)·step⌋ of each axis."""
    for axis, (n, m, step) in enumerate(_steps(x, size, scales), start=2):
        place = np.floor((np.arange(m) + half) * step).astype(int)
        x = part_of(x, axis, np.minimum(place, n - 1))
    return x


def _linear(
    x: Array, size: Sequence[int] | None, align_corners: bool, scales: Scales = None
) -> Any:
    """Between the two neighbours of a place, by a product with a matrix of weights along each axis."""
    for axis, (n, m, step) in enumerate(_steps(x, size, scales), start=2):
        if align_corners:
            at = np.arange(m) * ((n - 1) / (m - 1) if m > 1 else 0.0)
        else:
            at = np.maximum((np.arange(m) + 0.5) * step - 0.5, 0.0)
        weights = _between(at, n).astype(plain(x).dtype)
        x = f.moveaxis(f.matmul(f.moveaxis(x, axis, -1), weights.T), -1, axis)
    return x


def _between(at: Any, n: int) -> Any:
    """For each place the weights of an axis' n entries: two neighbours, held at the end."""
    low = np.minimum(at.astype(int), n - 1)
    share = at - low
    weights = np.zeros((len(at), n))
    rows = np.arange(len(at))
    weights[rows, low] += 1.0 - share
    weights[rows, np.minimum(low + 1, n - 1)] += share
    return weights


def _apart(function: Callable[..., Any], before: int) -> Callable[..., Any]:
    """The form in which the scales are given one by one, after `before` arguments."""
    return lambda *given, **on: function(*given[:before], _known(given[before:]), **on)


def _known(scales: Sequence[float | None]) -> Scales:
    found = [s for s in scales if s is not None]
    return found if found and len(found) == len(scales) else None


def _exact(x: Array, size: Sequence[int] | None, scales: Scales = None) -> Any:
    return _nearest(x, size, scales, half=0.5)


RESAMPLING: Final[Operators] = {
    **{f"upsample_nearest{n}d.vec": _nearest for n in (1, 2, 3)},
    **{f"_upsample_nearest_exact{n}d.vec": _exact for n in (1, 2, 3)},
    **{f"upsample_{kind}.vec": _linear for kind in ("linear1d", "bilinear2d", "trilinear3d")},
    **{f"upsample_nearest{n}d": _apart(_nearest, 2) for n in (1, 2, 3)},
    **{f"_upsample_nearest_exact{n}d": _apart(_exact, 2) for n in (1, 2, 3)},
    **{
        f"upsample_{kind}": _apart(_linear, 3) for kind in ("linear1d", "bilinear2d", "trilinear3d")
    },
}
