"""Where an entry of a resized axis stands on the original one, and with which weights it is read there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.values import NDArray, room_for


@dataclass(frozen=True)
class Axis:
    """An axis of `length` entries of which `resized` are made, `scale` times as many.

    mode    ONNX's coordinate_transformation_mode
    region  start and end of what is resized, as shares of the axis; of tf_crop_and_resize
    """

    length: int
    resized: int
    scale: float
    mode: str
    region: tuple[float, float]

    @property
    def is_the_same(self) -> bool:
        """Whether nothing happens to it."""
        return self.length == self.resized and self.scale == 1.0 and self.region == (0.0, 1.0)

    @cached_property
    def places(self) -> NDArray:
        """Where on the original axis each entry stands.

        Raises OperandError for an unknown mode.
        """
        i, n, m, s = np.arange(self.resized), self.length, self.resized, self.scale
        half: Any = (i + 0.5) / s - 0.5
        if self.mode == "half_pixel_symmetric":
            return np.asarray(n / 2 * (1 - m / (s * n)) + (i + 0.5) / s - 0.5)
        known: dict[str, Callable[[], Any]] = {
            "half_pixel": lambda: half,
            "pytorch_half_pixel": lambda: half if m > 1 else np.zeros(m),
            "asymmetric": lambda: i / s,
            "tf_half_pixel_for_nn": lambda: (i + 0.5) / s,
            "align_corners": self._aligned,
            "tf_crop_and_resize": self._cropped,
        }
        if self.mode not in known:
            raise OperandError(
                f"coordinate_transformation_mode is none of these: {self.mode[:40]!r}"
            )
        return np.asarray(known[self.mode]())

    def _cropped(self) -> Any:
        """From the start of the region to its end; one entry stands in its middle."""
        i, last, m = np.arange(self.resized), self.length - 1, self.resized
        start, end = self.region
        step = (end - start) * last / (m - 1) if m > 1 else 0.5 * (end - start) * last
        return start * last + (i if m > 1 else np.ones(m)) * step

    def _aligned(self) -> NDArray:
        """First on first, last on last."""
        if self.length * self.scale != self.resized:
            raise OperandError(
                f"coordinate_transformation_mode='align_corners' with {self.length}·{self.scale:g} "
                f"entries, no whole number: ONNX's text and its own cases disagree there; give sizes"
            )
        return np.arange(self.resized) * ((self.length - 1) / max(1, self.resized - 1))

    @property
    def outside(self) -> NDArray:
        """Which entries stand beyond the axis and are not read, of tf_crop_and_resize."""
        beyond = (self.places < 0) | (self.places > self.length - 1)
        return beyond & (self.mode == "tf_crop_and_resize")


@dataclass(frozen=True)
class Interpolation:
    """How entries between two places are read: ONNX's attributes of Resize.

    cubic    the constant a of Keys' cubic
    outside  whether places beyond the axis have no weight, instead of that of the last entry
    """

    mode: str
    nearest_mode: str
    cubic: float
    outside: bool
    antialias: bool

    def nearest(self, axis: Axis) -> NDArray:
        """The nearest entry of each place.

        Raises OperandError for an unknown nearest_mode.
        """
        known: dict[str, Callable[[Any], Any]] = {
            "round_prefer_floor": lambda x: np.ceil(x - 0.5),
            "round_prefer_ceil": lambda x: np.floor(x + 0.5),
            "floor": np.floor,
            "ceil": np.ceil,
        }
        if self.nearest_mode not in known:
            raise OperandError(
                f"nearest_mode is none of {', '.join(known)}: {self.nearest_mode[:40]!r}"
            )
        if not axis.length:
            raise OperandError("an axis without entries has no nearest one")
        found = np.clip(known[self.nearest_mode](axis.places), 0, axis.length - 1)
        return np.asarray(found).astype(np.int64)

    def weights(self, axis: Axis) -> NDArray:
        """The weight of each original entry for each new one: (resized, length).

        Raises OperandError for an unknown mode.
        """
        if self.mode not in ("linear", "cubic"):
            raise OperandError(f"mode is nearest, linear or cubic, not {self.mode[:40]!r}")
        if not axis.length:
            raise OperandError("there is nothing to read on an axis without entries")
        near, w = self._near(axis)
        found = np.zeros((axis.resized, axis.length))
        rows = np.broadcast_to(np.arange(axis.resized)[:, None], near.shape)
        np.add.at(found, (rows, np.clip(near, 0, axis.length - 1)), w)
        return found

    def _near(self, axis: Axis) -> tuple[NDArray, NDArray]:
        """The entries around each place, also those beyond the axis, and their weights."""
        narrow = min(axis.scale, 1.0) if self.antialias else 1.0
        reach = math.ceil((1 if self.mode == "linear" else 2) / narrow)
        room_for((axis.resized, 2 * reach + 1))
        left = np.floor(axis.places).astype(np.int64)
        near = left[:, None] + np.arange(-reach + 1, reach + 1)
        w = self._kernel(narrow * np.abs(near - axis.places[:, None]))
        if self.outside:
            w = np.where((near < 0) | (near >= axis.length), 0.0, w)
        if self.outside or self.antialias:
            w = w / np.sum(w, axis=1, keepdims=True)
        return near, w

    def _kernel(self, x: NDArray) -> Any:
        """The weight of an entry at a distance."""
        if self.mode == "linear":
            return np.clip(1.0 - x, 0.0, 1.0)
        a = self.cubic
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        return np.where(x <= 1, near, np.where(x < 2, far, 0.0))
