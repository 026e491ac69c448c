"""What a cell's gates look at, as lines that run below them: one for each source, with a riser a gate."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.cell_gates import GateRow
from viz.forms.cell_places import BACK_BY_BUS, BEFORE, BUSES, way
from viz.layout.geometry import Point
from viz.look import palette

_HEIGHTS: Final = ((92.0, 38.0), (100.0, 60.0, 20.0))
_SPREAD: Final = 28.0
_COLORS: Final = (palette.BUBBLES["inner"].line, palette.BUBBLES["input"].line, *palette.CUTS[2:])


class Buses(GateRow):
    """A row of gates with what it looks at.

    previous, state  the keys of their bubbles
    """

    previous: str
    state: str

    def _feeds(self) -> None:
        """A gate inside another one's sum: r → n; and a gate that looks at the new state."""
        for gate in self.cell.gates:
            for inner in gate.reading.gates:
                if inner.number in self.boxes:
                    with self.group(way(inner)):
                        self.board.arrow(self.boxes[inner.number], self.boxes[gate.node.number])
            if any(s is self.cell.state for s in gate.reading.sources):
                box, state = self._box(gate.node), self.board.whole(self.state)
                x = min(max(state.center.x, box.left + 12), box.center.x - 30)
                points = [Point(x, state.bottom), Point(x, box.top)]
                self.board.wire(points, palette.ACCENT, head=True)

    def _buses(self) -> None:
        cell = self.cell
        looked_at = any(cell.previous is s for gate in cell.gates for s in gate.reading.sources)
        sources = [*([cell.previous] if looked_at else []), *cell.sources]
        is_state = [np.shape(s.value) == np.shape(cell.state.value) for s in sources]
        colors = (
            list(_COLORS)
            if len(sources) < 3 or not all(is_state[:2])
            else [palette.ACCENT, *_COLORS]
        )
        for k, source in enumerate(sources):
            y = _HEIGHTS[len(sources) > 2][k]
            start = Point(BEFORE, self.board.whole(self.previous).bottom)
            if source is not cell.previous:
                role = "inner" if colors[k] == _COLORS[0] else "input"
                key = self.board.bubble(
                    Point(BEFORE - 10, y), [words.name(self.speech.name(source))], role,
                    least=(78.0, 32.0 if len(sources) > 2 else 44.0),
                )  # fmt: skip
                start = Point(self.board.box_of(key).right, y)
            with self.group(BACK_BY_BUS if source is cell.previous else BUSES):
                self._bus(source, start, y, (k - (len(sources) - 1) / 2) * _SPREAD, colors[k])

    def _bus(self, source: Node, start: Point, y: float, shift: float, color: str) -> None:
        board = self.board
        users = [g.node for g in self.cell.gates if any(s is source for s in g.reading.sources)]
        corner = [] if start.y == y else [Point(start.x, y)]
        for v in users:
            x = self._x(v) + shift
            end = Point(x, board.whole(self.boxes[v.number]).bottom)
            if v is users[-1]:
                board.wire([start, *corner, Point(x, y), end], color, head=True)
            else:
                board.dot(Point(x, y), color)
                board.wire([Point(x, y), end], color, head=True)
