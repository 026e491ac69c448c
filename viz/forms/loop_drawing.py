"""An unrolled loop as a picture: time from left to right, shared weights as rails, the loop beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.node import Node, Nodes
from viz.content.copies import Copies
from viz.content.sums import reached
from viz.forms import words
from viz.forms.board import Board
from viz.forms.form import Asked
from viz.forms.loop import Loop
from viz.forms.loop_folded import IN, LOSS, OUT, RAIL_IN, RAIL_OUT, STATE, folded, timed
from viz.forms.rows import Beside, Row, largest, strip
from viz.forms.time_sums import state_sum, weight_sum
from viz.layout.geometry import Point
from viz.layout.rounded import rounded
from viz.look import palette
from viz.scene.scene import Scene

STEPS: Final = 5  # drawn, of a longer loop with dots in the middle
_WEIGHTS, _FIRST, _END = 214.0, 338.0, 884.0  # middles: weights and h_0, the first step, the output
_RAIL_STATE: Final = 198.0
_SUMS: Final = (62.0, 24.0)
_VIOLET: Final = palette.BUBBLES["parameter"].line
_PALE: Final = "#a98fd0"
_DASH: Final = (2.0, 2.5)


def draw(asked: Asked, loop: Loop) -> Scene:
    """The page of one loop with one state."""
    return _Page(asked, loop).scene()


class _Page:
    """Columns of time steps: input, state, what follows from it; below the cut's sum and the weight's."""

    def __init__(self, asked: Asked, loop: Loop) -> None:
        self.asked, self.loop = asked, loop
        self.board = Board(f"{len(loop.steps)} time steps of {asked.output}")
        count = len(loop.steps)
        steps = list(range(1, count + 1))
        is_long = count > STEPS
        self.shown = [*steps[:2], *steps[-2:]] if is_long else steps
        self.gap = steps[-2] if is_long else None
        self.has_end = asked.flow.output not in Nodes(v for t in loop.towers for v in t)
        room = (_END - 110 if self.has_end else _END) - _FIRST
        columns = len(self.shown) + (self.gap is not None)
        self.step = room / max(columns - 1, 1)
        known = set(asked.flow.variables)
        self.totals = {h: asked.total(h) for h in loop.states if isinstance(h, Node) and h in known}
        self.scale = largest(self.totals.values())
        self.keys: dict[Node, str] = {}

    def scene(self) -> Scene:
        """All of it."""
        self._states()
        self._inputs()
        self._towers()
        if self.has_end:
            self._end()
        self._rails()
        folded(self.board, self.asked, self.loop, self._tower(self.shown[-1]))
        for cut in self.asked.cuts[:1]:
            self._cut(cut)
        self._sums()
        self._notes()
        return self.board.scene()

    # --- places --------------------------------------------------------------------------------------

    def x(self, t: int) -> float:
        """The middle of a time step's column; h_0 stands over the weights."""
        if t == 0:
            return _WEIGHTS
        k = self.shown.index(t) + (self.gap is not None and t >= self.gap)
        return _FIRST + k * self.step

    def _called(self, x: Any, usual: str) -> str:
        return self.asked.names.latex(x) if isinstance(x, Node) and x.name is not None else usual

    # --- states --------------------------------------------------------------------------------------

    def _states(self) -> None:
        """The states in a row, each with δ_t, and on the arrows how much of a change passes on."""
        before: str | None = None
        for t in [0, *self.shown]:
            if t == self.gap and before is not None:
                self._dots(t)
                before = None
            key = self._state(t)
            if before is not None:
                self.board.arrow(before, key)
                self._slope(t)
            before = key

    def _state(self, t: int) -> str:
        h = self.loop.states[t]
        rows = [words.name(self._called(h, f"h_{{{t}}}"))]
        tag: list[Row] = []
        if t and isinstance(h, Node) and h in self.totals:
            tag = [
                Beside((words.total(rf"\delta_{{{t}}}"), strip(self.totals[h], self.scale, 36.0)))
            ]
        role = "output" if h is self.asked.flow.output else "inner" if t else "input"
        size = (62.0, 62.0) if t else (54.0, 54.0)
        key = self.board.bubble(Point(self.x(t), STATE), rows, role, least=size, tag=tag)
        if isinstance(h, Node):
            self.keys[h] = key
        return key

    def _dots(self, t: int) -> None:
        x = self.x(t) - self.step
        for y in (STATE, IN):
            self.board.label(Point(x, y), [words.name(r"\cdots")])
        start = self.board.box_of(
            self.keys[self.loop.states[self.shown[self.shown.index(t) - 1]]]
        ).right
        ends = [(start, x - 24), (x + 24, self.x(t) - 32)]
        for a, b in ends:
            self.board.wire([Point(a, STATE), Point(b, STATE)], palette.EDGE, head=True)

    def _slope(self, t: int) -> None:
        """‖∂h_t/∂h_{t-1}‖ over the arrow."""
        before, after = self.loop.states[t - 1], self.loop.states[t]
        known = set(self.asked.flow.variables)
        if not (isinstance(before, Node) and before in known and after in known):
            return
        partial = np.asarray(self.asked.flow.partial(after, before))
        middle = (self.x(t - 1) + self.x(t)) / 2
        self.board.label(Point(middle, STATE + 16), [words.value(words.norm(partial))])

    # --- inputs, outputs, output ---------------------------------------------------------------------

    def _inputs(self) -> None:
        for t in self.shown:
            x = self.loop.inputs[t - 1]
            rows = [words.name(self._called(x, f"x_{{{t}}}"))]
            key = self.board.bubble(Point(self.x(t), IN), rows, "input", least=(50.0, 44.0))
            self.board.arrow(key, self.keys[self.loop.states[t]])

    def _towers(self) -> None:
        """What follows from each state, at most two variables above each other."""
        for t in self.shown:
            below = self.keys[self.loop.states[t]]
            for v, y in zip(self._tower(t), (OUT, LOSS), strict=False):
                rows = [words.name(self.asked.names.latex(v))]
                key = self.board.bubble(Point(self.x(t), y), rows, "inner", least=(52.0, 44.0))
                self.board.arrow(below, key)
                self.keys[v] = below = key

    def _tower(self, t: int) -> Sequence[Node]:
        tower = self.loop.towers[t - 1]
        return tower if len(tower) <= 2 else [tower[0], tower[-1]]

    def _end(self) -> None:
        """The output, with an arch over the steps behind to each that it is computed from."""
        number = float(np.ravel(self.asked.flow.output.value)[0])
        tower = self._tower(self.shown[-1])
        high = (STATE, OUT, LOSS)[len(tower)]
        rows = [words.name(self.asked.output), words.value(words.decimal(number, 3))]
        key = self.board.bubble(Point(_END, high), rows, "output", least=(92.0, 62.0))
        self.keys[self.asked.flow.output] = key
        joined = [(t, top) for t, top in self._tops() if self._leads_to_end(top)]
        for rank, (t, top) in enumerate(joined):
            if t == self.shown[-1]:
                self.board.arrow(self.keys[top], key)
            else:
                self._arch(t, self.keys[top], key, high + 40 + 13 * (len(joined) - 1 - rank), rank)

    def _tops(self) -> list[tuple[int, Node]]:
        """The last variable of each step."""
        return [(t, [self.loop.states[t], *self._tower(t)][-1]) for t in self.shown]

    def _leads_to_end(self, top: Node) -> bool:
        """Whether the output is computed from a step beside the way through the next state."""
        states = {h for h in self.loop.states if isinstance(h, Node)}
        return self.asked.flow.output in reached([top], self.asked.flow.targets, states - {top})

    def _arch(self, t: int, source: str, target: str, roof: float, rank: int) -> None:
        start, box = self.board.box_of(source), self.board.box_of(target)
        x = box.center.x - 12 + 8 * rank
        way = [
            Point(self.x(t), start.top),
            Point(self.x(t), roof),
            Point(x, roof),
            Point(x, box.top),
        ]
        self.board.curve(source, target, rounded(way, 14.0))

    # --- weights -------------------------------------------------------------------------------------

    def _rails(self) -> None:
        """Each weight once, with a dot on every arrow that uses it."""
        loop = self.loop
        rails = [
            (loop.entering, RAIL_IN, self._below),
            (loop.recurrent, _RAIL_STATE, self._beside),
        ]
        if any(loop.towers):
            rails.append((loop.leaving, RAIL_OUT, self._above))
        for weights, y, dots in rails:
            if weights:
                self._rail(weights, y, dots)

    def _rail(self, weights: Nodes, y: float, dots: Any) -> None:
        names = ",".join(self.asked.names.latex(w) for w in weights)
        text = words.value(names, palette.TEXT)
        if text.box.width > 110:
            text = words.value(f"{self.asked.names.latex(weights[0])},\\ldots", palette.TEXT)
        key = self.board.box(Point(_WEIGHTS, y), [text], "parameter", least=(56.0, 26.0))
        end = (
            self.x(self.shown[-1])
            if dots != self._beside
            else self.x(self.shown[-1]) - self.step / 2
        )
        start = self.board.box_of(key).right
        self.board.wire([Point(start, y), Point(end, y)], _PALE)
        for t in self.shown:
            if t != self.gap or dots != self._beside:
                dots(t, y)

    def _below(self, t: int, y: float) -> None:
        self.board.dot(Point(self.x(t), y), _VIOLET)

    _above = _below

    def _beside(self, t: int, y: float) -> None:
        x = (self.x(t - 1) + self.x(t)) / 2 if t > 1 else (_WEIGHTS + _FIRST) / 2
        self.board.wire([Point(x, y), Point(x, STATE)], _PALE)
        self.board.dot(Point(x, y), _VIOLET, 3.4)
        self.board.dot(Point(x, STATE), _VIOLET)

    # --- cut and sums --------------------------------------------------------------------------------

    def _cut(self, cut: Cut) -> None:
        """A line between two columns; what carries something of the sum has its colour and a ring."""
        near = [t for t in self.shown if self.loop.states[t] in set(cut.near)]
        far = [t for t in self.shown if t not in near]
        if not near or not far:
            return
        x = (self.x(near[-1]) + self.x(far[0])) / 2 + 22
        color = palette.cut_color(0)
        carrying = reached(self.asked.wrt, self.asked.flow.targets, set())
        keys = {self.keys[v] for v in carrying if v in self.keys}
        line = [Point(x, 530), Point(x, 92)]
        self.board.cut(line, self.board.crossed(line, keys, color), color)
        for number, v in enumerate(self.asked.wrt[:1]):
            shown = state_sum(self.asked, cut, v)
            if shown is not None:
                self.board.caption(Point(182, _SUMS[0] - 30 * number), words.equation(shown, color))

    def _sums(self) -> None:
        """What each time step adds to the derivative by the recurrent weight."""
        weight = self.loop.recurrent[0]
        if weight not in set(self.asked.flow.variables):
            return
        parts = Copies(self.asked.flow, 3).parts.get(weight, [])
        if len(parts) == len(self.loop.steps):
            self.board.caption(
                Point(182, _SUMS[1]), words.value(weight_sum(self.asked, weight, parts), _VIOLET)
            )

    def _notes(self) -> None:
        if len(self.shown) < len(self.loop.steps):
            said = f"{len(self.shown)} of {len(self.loop.steps)} time steps"
            self.board.caption(Point(182, 526), words.note(said))
        x, y = (796.0, 214.0) if self.has_end else (420.0, 526.0)
        state = timed(self._called(self.loop.states[-1], "h_t"))
        for source, color in (
            (
                rf"\Vert\partial {state}/\partial {state.replace('{t}', '{t-1}')}\Vert",
                palette.VALUE,
            ),
            (rf"\delta_t=d{self.asked.output}/d{state}", palette.TAG.text),
        ):
            box = self.board.caption(Point(x, y), words.value(source, color))
            x, y = (x, y - 30) if self.has_end else (box.right + 24, y)
