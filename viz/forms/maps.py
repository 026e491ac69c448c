"""Feature maps as volumes: one plane for each channel, shifted behind each other, numbers as colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

import numpy as np

from viz.layout.geometry import Box, Point
from viz.look.heat import Heat
from viz.scene.scene import HeatMap

PLANES: Final = 8  # of a volume; the strongest channels are shown
_CELLS: Final = 16  # of a plane's side; larger maps are averaged
_SHIFT: Final = 36.0  # points, from the first plane to the last
_MOST_SHIFT: Final = 9.0
_VECTOR: Final = 16.0  # points, the width of a vector


@dataclass(frozen=True)
class Volume:
    """Planes from the back to the front, and the box around all."""

    heats: tuple[HeatMap, ...]

    @property
    def box(self) -> Box:
        """Around all planes."""
        return reduce(Box.joined, (heat.box for heat in self.heats))

    def moved(self, by: Point) -> Volume:
        """The same elsewhere."""
        return Volume(tuple(replace(heat, box=heat.box.moved(by)) for heat in self.heats))


def volume(key: str, data: Any, side: float, ink: str, scale: float, is_grey: bool) -> Volume:
    """The maps of one example.

    data   (C, H, W), (C, L) or (n,)
    side   of the longer side of a plane, in points
    scale  the magnitude with the deepest colour
    """
    maps = np.asarray(data, dtype=float)
    if maps.ndim == 1:
        maps = maps[None, :, None]
    elif maps.ndim == 2:
        maps = maps[:, None, :]
    order = np.argsort(-np.square(maps).sum(axis=(1, 2)), kind="stable")[:PLANES]
    shift = min(_MOST_SHIFT, _SHIFT / max(len(order) - 1, 1))
    high, wide = maps.shape[1:]
    longest = max(high, wide)
    box = Box(0.0, 0.0, max(side * wide / longest, _VECTOR), max(side * high / longest, _VECTOR))
    planes = []
    for k in range(len(order) - 1, -1, -1):
        shades = averaged(maps[order[k]]) / (scale or 1.0)
        rows = tuple(tuple(map(float, row)) for row in shades)
        place = box.moved(Point(k * shift, k * shift))
        planes.append(HeatMap(f"{key}-{k}", place, Heat(rows, is_grey), frame=ink))
    return Volume(tuple(planes))


def averaged(plane: Any, most: int = _CELLS) -> Any:
    """A map with at most so many rows and columns, each number the mean of those it stands for.

    >>> averaged(np.arange(4.0).reshape(1, 4), 2)
    array([[0.5, 2.5]])
    """
    for axis, size in enumerate(plane.shape):
        if size > most:
            edges = np.linspace(0, size, most + 1).astype(int)
            counts = np.diff(edges)
            sums = np.add.reduceat(plane, edges[:-1], axis=axis)
            plane = sums / counts.reshape([-1 if a == axis else 1 for a in range(2)])
    return plane
