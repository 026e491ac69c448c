"""An unrolled loop with a memory, as an LSTM's, as a picture: a conveyor, and its gradient above."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.board import HEAVY, WIDTH, Board
from viz.forms.form import Asked
from viz.forms.ground import corners
from viz.forms.loop import Loop
from viz.forms.rows import Row, largest, strip
from viz.layout.geometry import Box, Point
from viz.layout.rounded import rounded
from viz.look import palette, strokes
from viz.scene.scene import Scene, Text
from viz.scene.typeset import line

_STEPS: Final = 5  # drawn; of more the first and the last two
_MARGIN: Final = 66.0
_TOTALS, _MEMORY, _CELLS, _INPUTS = 478.0, 390.0, 286.0, 198.0
_BARS, _BAR_TOP, _TIMES, _RATIO = 52.0, 122.0, 34.0, 152.0
_STRAIGHT: Final = 6.0  # points aside that are no stair
_RED: Final = palette.TAG.line
_INK: Final = palette.CUTS[2]
_SHORT: Final = {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\mathrm{ReLU}"}


def draw(asked: Asked, loop: Loop) -> Scene:
    """The page of one loop with a state and a memory."""
    return _Page(asked, loop).scene()


class _Page:
    """Columns of time steps: gradient, memory, cell and state, input, and below how much gradient is left."""

    def __init__(self, asked: Asked, loop: Loop) -> None:
        self.asked, self.loop = asked, loop
        self.board = Board(f"{len(loop.steps)} time steps of {asked.output}")
        steps = list(range(len(loop.memory)))
        is_long = len(steps) > _STEPS + 1
        self.shown = [*steps[:3], *steps[-2:]] if is_long else steps
        self.gap = steps[-2] if is_long else None
        columns = len(self.shown) + is_long
        self.pitch = (WIDTH - 2 * _MARGIN) / (columns - 1)
        known = set(asked.flow.variables)
        self.totals = {
            c: np.asarray(asked.total(c))
            for c in loop.memory
            if isinstance(c, Node) and (c in known or c.requires_grad)
        }
        self.values = largest(np.asarray(c.value) for c in loop.memory if isinstance(c, Node))
        self.scale = largest(self.totals.values())

    def scene(self) -> Scene:
        """All of it."""
        memory = {t: self._memory(t) for t in self.shown}
        self._conveyor(memory)
        states = {t: self._state(t) for t in self.shown}
        self._cells(memory, states)
        self._gradient(memory)
        self._bars()
        self._end()
        return self.board.scene()

    def x(self, t: int) -> float:
        """The middle of a time step's memory."""
        k = self.shown.index(t) + (self.gap is not None and t >= self.gap)
        return _MARGIN + k * self.pitch

    def _called(self, x: Any, usual: str) -> str:
        return self.asked.names.latex(x) if isinstance(x, Node) and x.name is not None else usual

    # --- forward -------------------------------------------------------------------------------------

    def _memory(self, t: int) -> str:
        c = self.loop.memory[t]
        rows: list[Row] = [words.name(self._called(c, f"c_{{{t}}}"))]
        if isinstance(c, Node):
            rows.append(strip(_example(c.value), self.values, 42.0))
        at = Point(self.x(t), _MEMORY)
        return self.board.bubble(at, rows, "inner", least=(84.0, 58.0), accent=True)

    def _conveyor(self, memory: dict[int, str]) -> None:
        """From memory to memory, with ‖∂c_t/∂c_{t-1}‖ where the graph has it."""
        before: str | None = None
        for t, key in memory.items():
            if before is not None and t != self.gap:
                self.board.arrow(before, key, color=palette.ACCENT, width=HEAVY)
                self._slope(t)
            elif before is not None:
                middle = Point(self.x(t) - self.pitch, _MEMORY)
                self.board.label(middle, [words.name(r"\cdots")])
            before = key

    def _slope(self, t: int) -> None:
        before, after = self.loop.memory[t - 1], self.loop.memory[t]
        known = set(self.asked.flow.variables)
        if before in known and after in known:
            norm = words.norm(self.asked.flow.partial(after, before))
            middle = Point((self.x(t - 1) + self.x(t)) / 2, _MEMORY + 18)
            self.board.label(middle, [words.value(norm)])

    def _state(self, t: int) -> str:
        h = self.loop.states[t]
        x = self.x(t) + (0.26 * self.pitch if t else 0.0)
        x = min(x, WIDTH - 36)
        role = "output" if t == self.shown[-1] else "inner" if t else "input"
        rows = [words.name(self._called(h, f"h_{{{t}}}"))]
        return self.board.bubble(Point(x, _CELLS), rows, role, least=(44.0, 44.0))

    def _cells(self, memory: dict[int, str], states: dict[int, str]) -> None:
        """One box for the gates of a step, between the state before and the new one."""
        for t in self.shown[1:]:
            at = Point(self.x(t) - 0.26 * self.pitch, _CELLS)
            key = self.board.box(at, [self._functions()], "module", least=(74.0, 46.0))
            if t != self.gap:
                self.board.arrow(states[self.shown[self.shown.index(t) - 1]], key)
            self.board.arrow(key, states[t])
            box, ring = self.board.box_of(key), self.board.box_of(memory[t])
            self._up(key, memory[t], Point(at.x, box.top), ring.left + 12)
            down = [
                Point(ring.right - 14, ring.bottom + 9),
                Point(self.board.box_of(states[t]).center.x, _CELLS + 22),
            ]
            self.board.curve(memory[t], states[t], rounded(_stairs(down), 10.0))
            x = self.loop.inputs[t - 1]
            name = [words.name(self._called(x, f"x_{{{t}}}"))]
            entry = self.board.bubble(Point(at.x, _INPUTS), name, "input", least=(50.0, 44.0))
            self.board.arrow(entry, key, color=palette.BUBBLES["input"].line)

    def _up(self, source: str, target: str, start: Point, x: float) -> None:
        box = self.board.box_of(target)
        end = Point(max(start.x, x), box.bottom + 10)
        self.board.curve(source, target, rounded(_stairs([start, end]), 10.0))

    def _functions(self) -> Text:
        """The cell's functions, without the last, which is behind the memory."""
        names = [_SHORT.get(name, name) for name in self.loop.functions()[:-1]]
        return line(r"\;".join(names), words.SMALLEST, palette.TEXT)

    # --- backward ------------------------------------------------------------------------------------

    def _gradient(self, memory: dict[int, str]) -> None:
        """dL/dc_t over each memory, and the way back along the conveyor."""
        after: str | None = None
        for t in reversed(self.shown):
            c = self.loop.memory[t]
            if c not in self.totals:
                continue
            name = self._called(c, f"c_{{{t}}}")
            rows: list[Row] = [words.total(f"d{self.asked.output}/d{name}")]
            rows.append(strip(_example(self.totals[c]), self.scale, 42.0))
            key = self.board.box(Point(self.x(t), _TOTALS), rows, "total", least=(84.0, 46.0))
            foot, top = self.board.box_of(key).bottom, self.board.box_of(memory[t]).top
            self.board.wire([Point(self.x(t), foot), Point(self.x(t), top)], _RED, dash=(2.0, 2.5))
            if after is not None:
                self.board.arrow(after, key, color=_RED, width=strokes.ACCENT)
            after = key

    def _bars(self) -> None:
        """‖dL/dc_t‖ as a share of the last, under each column."""
        last = float(np.linalg.norm(self.totals.get(self.loop.memory[-1], 0.0)))
        if not last:
            return
        self.board.wire([Point(20, _BARS), Point(WIDTH - 20, _BARS)], palette.NOTE)
        shares = {t: float(np.linalg.norm(self.totals[self.loop.memory[t]])) / last for t in self.shown
                  if self.loop.memory[t] in self.totals}  # fmt: skip
        most = max(shares.values())
        for t, share in shares.items():
            x, top = self.x(t), _BARS + (_BAR_TOP - _BARS) * share / most
            bar = corners(Box(x - 15, _BARS, x + 15, top))
            self.board.plate(bar, palette.Ink(_INK, _INK, _INK))
            self.board.label(Point(x, top + 10), [words.value(words.decimal(share), _INK)])
            self.board.label(Point(x, _TIMES), [words.note(f"t = {t}")])
        c, y = self._called(self.loop.memory[-1], "c_T"), self.asked.output
        name = c.partition("_")[0]
        ratio = rf"\Vert d{y}/d{name}_t\Vert\,/\,\Vert d{y}/d{c}\Vert"
        self.board.caption(Point(20, _RATIO), words.value(ratio, _INK))

    def _end(self) -> None:
        number = float(np.ravel(self.asked.flow.output.value)[0])
        shown = words.value(f"{self.asked.output}={words.decimal(number, 3)}", palette.TEXT)
        self.board.caption(Point(WIDTH - 24 - shown.box.width, 526), shown)
        if len(self.shown) < len(self.loop.memory):
            said = f"{len(self.shown) - 1} of {len(self.loop.steps)} time steps"
            self.board.caption(Point(20, 526), words.note(said))


def _example(data: Any) -> Any:
    """The numbers of one example: of a batch, the first."""
    array = np.asarray(data, dtype=float)
    return array[0] if array.ndim == 2 else array


def _stairs(ends: list[Point]) -> list[Point]:
    """A way of lines along the axes: up or down, across, and on."""
    a, b = ends
    if abs(a.x - b.x) < _STRAIGHT:
        return [a, Point(a.x, b.y)]
    middle = (a.y + b.y) / 2
    return [a, Point(a.x, middle), Point(b.x, middle), b]
