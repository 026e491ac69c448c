"""Rows of type and of coloured cells, centred under each other: what stands in a bubble, box or tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, TypeAlias

import numpy as np

from viz.forms.words import SMALLEST, decimal, decimals, norm, value
from viz.formulas.numbers import shape
from viz.layout.geometry import Box, Point
from viz.look import limits, palette
from viz.look.heat import Heat
from viz.scene.scene import HeatMap, Text
from viz.scene.typeset import line, moved

GAP: Final = 4.0
_STRIP: Final = (15.0, 13.0)  # a cell without a number, in points
_NUMBERED: Final = (52.0, 22.0)
_DEEP, _LIGHT = 0.7, "#ffffff"  # on deep colours numbers are white
_LONGEST_STRIP: Final = 60.0
_NUMBERS: Final = 5  # of a column; more are colours alone
_LEAST, _MOST = 1e-3, 1e3  # magnitudes that fit a cell
_MOST_WRITTEN: Final = 12  # rows or columns of a plane whose numbers are written
_NARROW, _TALLEST, _SQUARE = (
    34.0,
    108.0,
    18.0,
)  # points: a column's width and height, a cell of a grid


@dataclass(frozen=True)
class Cells:
    """An array as coloured cells, of which `scale` is the deepest colour.

    rows      the numbers, row by row
    cell      width and height of one, in points
    numbered  whether each number is written
    """

    rows: tuple[tuple[float, ...], ...]
    scale: float
    cell: tuple[float, float] = _STRIP
    numbered: bool = False

    @property
    def width(self) -> float:
        """In points."""
        return self.cell[0] * len(self.rows[0])

    @property
    def height(self) -> float:
        """In points."""
        return self.cell[1] * len(self.rows)

    @property
    def has_room(self) -> bool:
        """Whether its numbers fit its cells."""
        if max(len(self.rows), len(self.rows[0])) > _MOST_WRITTEN:
            return False
        texts = self._numbers(Box(0.0, 0.0, self.width, self.height))
        widest = max(text.box.width for text in texts)
        return widest <= self.cell[0] - 4.0 and self.cell[1] >= SMALLEST + 4.0

    def placed(self, key: str, left: float, top: float) -> HeatMap:
        """The cells with this corner."""
        box = Box(left, top - self.height, left + self.width, top)
        scale = self.scale or 1.0
        shades = tuple(tuple(x / scale for x in row) for row in self.rows)
        return HeatMap(key, box, Heat(shades), tuple(self._numbers(box)) if self.numbered else ())

    def _numbers(self, box: Box) -> Iterator[Text]:
        wide, high = self.cell
        digits = decimals([x for row in self.rows for x in row])
        for i, row in enumerate(self.rows):
            for j, x in enumerate(row):
                ink = _LIGHT if abs(x) > _DEEP * self.scale else palette.TEXT
                text = line(decimal(x, digits), SMALLEST, ink)
                middle = Point(box.left + (j + 0.5) * wide, box.top - (i + 0.5) * high)
                half = text.box.center
                yield moved(text, Point(middle.x - half.x, middle.y - half.y))


@dataclass(frozen=True)
class Beside:
    """Rows beside each other on one line."""

    parts: tuple[Text | Cells, ...]
    gap: float = 5.0


Row: TypeAlias = Text | Cells | Beside


def strip(data: Any, scale: float, longest: float = _LONGEST_STRIP) -> Cells:
    """A vector as one row of cells, at most so many points wide.

    data   an array of any shape, read row by row
    scale  the magnitude with the deepest colour; one scale for all strips makes vanishing visible
    """
    numbers = tuple(map(float, np.ravel(data)))
    return Cells((numbers,), scale, (min(_STRIP[0], longest / len(numbers)), _STRIP[1]))


def column(data: Any, scale: float) -> list[Row]:
    """A vector upright: a few numbers, of more their colours, of very many how many and their norm.

    >>> [type(row).__name__ for row in column([1.0, 2.0], 2.0)], len(column(range(100), 99.0))
    (['Cells'], 2)
    """
    vector = np.ravel(np.asarray(data, dtype=float))
    rows = tuple((float(x),) for x in vector)
    size = float(np.abs(vector).max(initial=0.0))
    if len(rows) <= _NUMBERS and (not size or _LEAST <= size < _MOST):
        return [Cells(rows, scale, _NUMBERED, numbered=True)]
    if len(rows) <= limits.HEAT_SIDE:
        return [Cells(rows, scale, (_NARROW, min(_NUMBERED[1], _TALLEST / len(rows))))]
    return [value(str(len(rows))), value(rf"\Vert\cdot\Vert={norm(vector)}")]


def grid(data: Any, longest: float) -> Cells | Text:
    """A matrix (rows, columns) as square cells with a longest side, in points; a large one as its sizes."""
    matrix = np.atleast_2d(np.asarray(data, dtype=float))
    if max(matrix.shape) > limits.HEAT_SIDE:
        return value(shape(matrix.shape))
    side = min(_SQUARE, longest / max(matrix.shape))
    return Cells(tuple(tuple(map(float, row)) for row in matrix), largest([matrix]), (side, side))


def largest(arrays: Iterable[Any]) -> float:
    """The largest finite magnitude of all, for one scale of colours.

    >>> largest([[1.0, -3.0], [2.0]])
    3.0
    """
    found = [np.abs(np.asarray(a, dtype=float)) for a in arrays if np.size(a)]
    return float(max((a[np.isfinite(a)].max(initial=0.0) for a in found), default=0.0))


@dataclass(frozen=True)
class Placed:
    """Rows in their places, and the box around them."""

    texts: tuple[Text, ...]
    heats: tuple[HeatMap, ...]
    box: Box


def size(rows: Sequence[Row], gap: float = GAP) -> tuple[float, float]:
    """Width and height of the rows under each other."""
    sizes = [_size(row) for row in rows]
    return max(w for w, _ in sizes), sum(h for _, h in sizes) + gap * (len(rows) - 1)


def place(rows: Sequence[Row], center: Point, key: str, gap: float = GAP) -> Placed:
    """The rows centred under each other, about a point; heat maps are called key-0, key-1, …."""
    _, high = size(rows, gap)
    top = center.y + high / 2
    texts: list[Text] = []
    heats: list[HeatMap] = []
    for row in rows:
        wide, tall = _size(row)
        left = center.x - wide / 2
        for part in row.parts if isinstance(row, Beside) else (row,):
            across, up = _size(part)
            edge = top - (tall - up) / 2
            if isinstance(part, Text):
                texts.append(moved(part, Point(left - part.box.left, edge - part.box.top)))
            else:
                heats.append(part.placed(f"{key}-{len(heats)}", left, edge))
            left += across + (row.gap if isinstance(row, Beside) else 0.0)
        top -= tall + gap
    boxes = [*(text.box for text in texts), *(heat.box for heat in heats)]
    return Placed(tuple(texts), tuple(heats), reduce(Box.joined, boxes))


def _size(row: Row) -> tuple[float, float]:
    if isinstance(row, Beside):
        sizes = [_size(part) for part in row.parts]
        return sum(w for w, _ in sizes) + row.gap * (len(sizes) - 1), max(h for _, h in sizes)
    if isinstance(row, Cells):
        return row.width, row.height
    return row.box.width, row.box.height
