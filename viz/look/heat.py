"""Arrays as small heat maps: orange below zero, white at zero, blue above."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from viz.look import limits

_SIDE, _CELL = 62.0, 8.0
_BELOW, _ABOVE = (0.85, 0.42, 0.05), (0.10, 0.37, 0.71)
_NOT_FINITE: Final = "#1b2430"


@dataclass(frozen=True)
class Heat:
    """The numbers of a matrix, row by row, divided by the largest magnitude; nan where not finite.

    is_grey  whether they are ink, from white at 0 to black at 1
    """

    rows: tuple[tuple[float, ...], ...]
    is_grey: bool = False

    def color(self, x: float) -> str:
        """The colour of one of its numbers."""
        return grey(x) if self.is_grey else color(x)

    @property
    def width(self) -> float:
        """In points."""
        return self._cell * len(self.rows[0])

    @property
    def height(self) -> float:
        """In points."""
        return self._cell * len(self.rows)

    @property
    def _cell(self) -> float:
        return min(_CELL, _SIDE / max(len(self.rows), len(self.rows[0])))


def heat(data: Any, most: int = limits.HEAT_SIDE) -> Heat | None:
    """An array of one or two axes as a heat map; None for others, and for one with too many numbers.

    >>> heat([[1.0, -2.0]]).rows
    ((0.5, -1.0),)
    """
    array = np.asarray(data, dtype=float)
    matrix = array[None] if array.ndim == 1 else array
    if matrix.ndim != 2 or not matrix.size or max(matrix.shape) > most:
        return None
    finite = np.where(np.isfinite(matrix), matrix, 0.0)
    scaled = matrix / (np.abs(finite).max() or 1.0)
    return Heat(tuple(tuple(map(float, row)) for row in scaled))


def color(x: float) -> str:
    """The colour of a number between -1 and 1.

    >>> color(0.0), color(1.0), color(float("nan"))
    ('#ffffff', '#195eb5', '#1b2430')
    """
    if not math.isfinite(x):
        return _NOT_FINITE
    end, strength = (_BELOW if x < 0 else _ABOVE), min(abs(x), 1.0)
    parts = (round(255 * (1 - strength * (1 - part))) for part in end)
    return "#" + "".join(f"{part:02x}" for part in parts)


def grey(x: float) -> str:
    """Ink on paper: white at 0, black at 1.

    >>> grey(0.0), grey(1.0)
    ('#ffffff', '#000000')
    """
    ink = min(max(x, 0.0), 1.0)
    return "#" + f"{round(255 * (1 - ink)):02x}" * 3 if math.isfinite(x) else _NOT_FINITE
