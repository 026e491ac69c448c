"""Images made larger or smaller, axis by axis: a linear map for each, of which derivatives pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.interpolating import Axis, Interpolation
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    at_axis,
    axes_of,
    dtype_of,
    fixed,
    kind_of,
    room_for,
    whole,
)


@dataclass(frozen=True)
class _Target:
    """How large an axis becomes: its length, and by what factor places on it are counted."""

    lengths: tuple[int, ...]
    scales: tuple[float, ...]


def _target(size: Sequence[int], scales: Given | None, sizes: Given | None, policy: str) -> _Target:
    given = [x for x in (scales, sizes) if x is not None and x.size]
    if len(given) != 1 or given[0].shape != (len(size),):
        raise OperandError(
            f"exactly one of scales and sizes is given, for each of {len(size)} axes"
        )
    if sizes is None or not sizes.size:
        return _scaled(size, tuple(float(s) for s in fixed(given[0], "scales")))
    return _fitted(size, room_for(whole(sizes, "sizes")), policy)


def _scaled(size: Sequence[int], factors: tuple[float, ...]) -> _Target:
    """So many times as long."""
    if not all(0 < s < math.inf for s in factors):
        raise OperandError(f"scales are above 0, not {factors}")
    wanted = [math.floor(min(n * s, 2.0**62)) for n, s in zip(size, factors, strict=True)]
    return _Target(room_for(wanted), factors)


def _fitted(size: Sequence[int], lengths: tuple[int, ...], policy: str) -> _Target:
    """So long, or as near to it as one scale for all axes comes."""
    if policy not in ("stretch", "not_larger", "not_smaller"):
        raise OperandError(f"keep_aspect_ratio_policy is none of these: {policy!r}")
    if 0 in size:
        raise OperandError(f"an image of {tuple(size)} is empty")
    factors = tuple(m / n for n, m in zip(size, lengths, strict=True))
    if policy != "stretch":
        factor = min(factors) if policy == "not_larger" else max(factors)
        factors = (factor,) * len(factors)
        lengths = room_for([math.floor(n * factor + 0.5) for n in size])
    return _Target(lengths, factors)


def _resized(  # noqa: PLR0913 - ONNX's inputs and attributes
    x: Given,
    roi: Given | None = None,
    scales: Given | None = None,
    sizes: Given | None = None,
    *,
    antialias: int = 0,
    axes: Sequence[int] | None = None,
    coordinate_transformation_mode: str = "half_pixel",
    cubic_coeff_a: float = -0.75,
    exclude_outside: int = 0,
    extrapolation_value: float = 0.0,
    keep_aspect_ratio_policy: str = "stretch",
    mode: str = "nearest",
    nearest_mode: str = "round_prefer_floor",
) -> Any:
    along = axes_of(None if axes is None else np.array(axes, int), x.ndim)
    size = [x.shape[k] for k in along]
    to = _target(size, scales, sizes, keep_aspect_ratio_policy)
    room_for([dict(zip(along, to.lengths, strict=True)).get(k, n) for k, n in enumerate(x.shape)])
    how = Interpolation(mode, nearest_mode, cubic_coeff_a, bool(exclude_outside), bool(antialias))
    crop = _crop(coordinate_transformation_mode, roi, len(along))
    parts = [
        Axis(n, m, s, coordinate_transformation_mode, region)
        for n, m, s, region in zip(size, to.lengths, to.scales, crop, strict=True)
    ]
    outside = np.zeros((1,) * x.ndim, bool)
    for k, axis in zip(along, parts, strict=True):
        if axis.is_the_same:
            continue
        x = _along(x, k, axis, how)
        shape = [-1 if i == k else 1 for i in range(x.ndim)]
        outside = outside | axis.outside.reshape(shape)
    return f.where(outside, np.array(extrapolation_value, dtype_of(x)), x) if outside.any() else x


def _crop(mode: str, roi: Given | None, n: int) -> list[tuple[float, float]]:
    if mode != "tf_crop_and_resize":
        return [(0.0, 1.0)] * n
    if roi is None or roi.shape != (2 * n,):
        raise OperandError(f"roi has a start and an end for each of {n} axes")
    numbers = [float(r) for r in fixed(roi, "roi")]
    return list(zip(numbers[:n], numbers[n:], strict=True))


def _along(x: Given, k: int, axis: Axis, how: Interpolation) -> Any:
    if how.mode == "nearest":
        return x[at_axis(k, how.nearest(axis))]
    if kind_of(x) != "f":
        raise OperandError("whole numbers are resized with mode='nearest' alone")
    room_for((axis.resized, axis.length))
    weights = how.weights(axis).astype(dtype_of(x))
    return f.swapaxes(f.matmul(f.swapaxes(x, k, -1), weights.T), k, -1)


def _resized_in_10(x: Given, scales: Given, *, mode: str = "nearest") -> Any:
    """Versions 9 and 10: places are counted from 0, and cut off to whole ones."""
    return _resized(
        x, None, scales, mode=mode, nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    )  # fmt: skip


def _resized_by_attribute(x: Given, *, scales: Sequence[float], mode: str = "nearest") -> Any:
    return _resized_in_10(x, np.array(scales), mode=mode)


OPERATORS: Table = {
    "Resize": {10: _resized_in_10, 11: _resized},
    "Upsample": {7: _resized_by_attribute, 9: _resized_in_10},
}
