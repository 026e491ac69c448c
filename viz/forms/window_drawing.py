"""A convolution of images as a picture: image, kernel and result, one window and its sum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from viz.forms import words
from viz.forms.board import Board
from viz.forms.rows import Beside, Cells, Row, grid, largest
from viz.forms.window import Window
from viz.formulas.numbers import as_factor, number
from viz.layout.geometry import Box, Point
from viz.look import palette, strokes
from viz.scene.scene import Scene

_INPUT, _KERNEL, _OUTPUT = (46.0, 276.0), (44.0, 150.0), (58.0, 232.0)  # a cell, and a side at most
_FOOT: Final = 194.0  # of input and output
_LEFT, _MIDDLE, _RIGHT, _HEAD = 40.0, 478.0, 905.0, 482.0
_ROWS: Final = (128.0, 76.0, 32.0)  # of the sum
_WIDEST: Final = 860.0
_VIOLET: Final = palette.CUTS[0]
_PYRAMID: Final = palette.Ink("#f1e9f5", "#f1e9f5", _VIOLET)
_FRAME: Final = 2.4


def draw(found: Window) -> Scene:
    """The page."""
    return _Page(found).scene()


class _Page:
    """Image, kernel and result side by side, the sum below."""

    def __init__(self, found: Window) -> None:
        self.found = found
        self.board = Board("one neuron of a convolution")
        seen, after = found.before[found.channel], found.after
        self.scale = largest([seen, after])
        self.image, self.image_cell = _plane(seen, _INPUT, self.scale)
        self.result, self.result_cell = _plane(after, _OUTPUT, self.scale)

    def scene(self) -> Scene:
        """All of it."""
        found = self.found
        image = Box(_LEFT, _FOOT, _LEFT + self.image.width, _FOOT + self.image.height)
        result = Box(_RIGHT - self.result.width, _FOOT, _RIGHT, _FOOT + self.result.height)
        window = _part(image, self.image_cell, found.corner, self._reach())
        neuron = _part(result, self.result_cell, found.at, (1, 1))
        self.board.plate(
            [Point(window.right, window.bottom), Point(neuron.left, neuron.bottom),
             Point(neuron.left, neuron.top), Point(window.right, window.top)], _PYRAMID, 0.5,
        )  # fmt: skip
        for key, cells, box in (("image", self.image, image), ("result", self.result, result)):
            self.board.cells(cells.placed(f"heat-{key}", box.left, box.top))
        self._kernel()
        self.board.frame(image, palette.BUBBLES["input"].line, strokes.CUT)
        self.board.frame(result, palette.BUBBLES["output"].line, strokes.CUT)
        for box in (window, neuron):
            self.board.frame(box, _VIOLET, _FRAME)
        self._titles(image, result)
        self._sum()
        return self.board.scene()

    def _reach(self) -> tuple[int, int]:
        high, wide = self.found.kernel.shape[1:]
        return self.found.step[0] * (high - 1) + 1, self.found.step[1] * (wide - 1) + 1

    def _titles(self, image: Box, result: Box) -> None:
        found = self.found
        high, wide = found.before.shape[1:]
        padded = rf"\;(P={found.padding[0]})" if any(found.padding) else ""
        channel = rf",\;\mathrm{{channel}}\;{found.channel + 1}" if len(found.before) > 1 else ""
        self.board.label(
            Point(image.center.x, image.top + 20),
            [words.name(rf"z_1:\;{high}\times {wide}{padded}{channel}")],
        )
        rows, columns = found.after.shape
        title = rf"z_2:\;{rows}\times {columns}"
        self.board.label(Point(result.center.x, result.top + 20), [words.name(title)])

    def _kernel(self) -> None:
        found = self.found
        kernel = found.kernel[found.channel]
        cells, _ = _plane(kernel, _KERNEL, largest([kernel]))
        spacing = rf",\;{found.spacing}" if found.spacing else ""
        title = words.name(rf"\Omega_1:\;K={kernel.shape[0]}{spacing}", _VIOLET)
        tag: list[Row] = []
        if found.slopes is not None:
            slopes = grid(found.slopes[found.channel], 40.0)
            tag = [Beside((words.total(rf"d{found.error}/d\Omega_1="), slopes), 8.0)]
        height = cells.height + title.box.height + (56.0 if tag else 16.0)
        key = self.board.box(
            Point(_MIDDLE, _HEAD + 40 - height / 2), [title, cells], "parameter", tag=tag
        )
        foot = self.board.whole(key).bottom
        self.board.wire(
            [Point(_MIDDLE, foot), Point(_MIDDLE, foot - 30)], _VIOLET, head=True, dash=(3.0, 2.5)
        )

    def _sum(self) -> None:
        """Equation (30) for the neuron, in symbols and in numbers."""
        found, (row, column) = self.found, (self.found.at[0] + 1, self.found.at[1] + 1)
        at = rf"({row},\,{column})"
        self.board.caption(Point(_LEFT, _ROWS[0]), words.name(self._symbols(at)))
        excited = found.bias + float(found.terms.sum())
        self.board.caption(Point(_LEFT + 30, _ROWS[1]), self._numbers(excited))
        value = float(found.after[found.at])
        name = words.function(found.activation) if found.activation is not None else None
        end = rf"z_{{2,\,{at}}}=" + (rf"{name}({_short(excited)})=" if name else "") + _short(value)
        if found.delta is not None:
            end += rf",\qquad \delta=\dfrac{{d{found.error}}}{{d\psi_{{2,\,{at}}}}}={_short(found.delta)}"
        self.board.caption(Point(_LEFT + 30, _ROWS[2]), words.equation(end))

    def _symbols(self, at: str) -> str:
        """ψ = b + Σ ω z, the places in the image counted from 1."""
        found = self.found
        sums = r"\;".join(
            rf"\sum_{{i'_{axis}=1}}^{{{count}}}"
            for axis, count in zip("xy", found.kernel.shape[1:], strict=True)
        )
        channels = r"\sum_{c}" if len(found.before) > 1 else ""
        c = "c," if channels else ""
        places = r",\,".join(
            f"{start + 1}+i'_{axis}-1" if step == 1 else f"{start + 1}+{step}(i'_{axis}-1)"
            for axis, start, step in zip("xy", found.corner, found.step, strict=True)
        )
        inside = rf"\omega_{{1,{c}(i'_x,\,i'_y)}}\;z_{{1,{c}({places})}}"
        return rf"\psi_{{2,\,{at}}}=b_1+{channels}{sums}{inside}"

    def _numbers(self, excited: float) -> Any:
        """B + Σ ω·z in numbers, of a large window the first few and how many there are."""
        found = self.found
        kernel, seen = np.ravel(found.kernel[found.channel]), np.ravel(found.seen[found.channel])
        products = [
            rf"{_short(w)}\cdot {as_factor(_short(z))}" for w, z in zip(kernel, seen, strict=True)
        ]
        others = float(found.terms.sum() - found.terms[found.channel].sum())
        rest = (
            [rf"{_short(others)}" + r"_{\mathrm{\ other\ channels}}"]
            if len(found.before) > 1
            else []
        )
        for most in range(len(products), 0, -1):
            shown = products[:most] + ([r"\cdots"] if most < len(products) else []) + rest
            terms = [_short(found.bias), *shown]
            joined = " + ".join(terms).replace("+ -", "- ")
            text = words.equation(f"={joined}={_short(excited)}", palette.VALUE)
            if text.box.width <= _WIDEST:
                break
        return text


def _plane(data: Any, room: tuple[float, float], scale: float) -> tuple[Cells, float]:
    """A plane as large as it may be, with numbers where a cell has room for them."""
    cell = min(room[0], room[1] / max(data.shape))
    rows = tuple(tuple(map(float, row)) for row in data)
    cells = Cells(rows, scale, (cell, cell))
    return replace(cells, numbered=cells.has_room), cell


def _part(box: Box, cell: float, corner: tuple[int, int], size: tuple[int, int]) -> Box:
    """Some of a plane's cells."""
    left, top = box.left + corner[1] * cell, box.top - corner[0] * cell
    return Box(left, top - size[0] * cell, left + size[1] * cell, top)


def _short(x: float) -> str:
    return number(round(x, 3), 2)
