"""A gated cell on a page: gates below, above them the state carried from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.board import BADGE, HEAVY, WIDTH, Board
from viz.forms.cell import Cell, Factor, Gate
from viz.forms.cell_words import Speech, example, function
from viz.forms.form import Asked
from viz.forms.rows import size
from viz.layout.geometry import Box, Point
from viz.look import palette, strokes
from viz.scene.scene import Scene

_CONVEYOR, _PRODUCT, _READOUT, _GATES, TOP = 420.0, 322.0, 306.0, 208.0, 505.0
_GATE_HEIGHT: Final = 106.0
_LEFT, _RIGHT = 172.0, 764.0  # of the gates' row
_GROUND: Final = Box(162.0, 122.0, 786.0, 470.0)
_BEFORE, _AFTER = 80.0, 872.0
_BUSES: Final = (100.0, 60.0, 20.0)
_SPREAD: Final = 28.0
_COLORS: Final = (palette.BUBBLES["inner"].line, palette.BUBBLES["input"].line, *palette.CUTS[2:])

GATES, PREVIOUS, CONVEYOR, OUTPUT, SUM, BUSES, NOTES = (
    "gates",
    "previous",
    "conveyor",
    "output",
    "sum",
    "buses",
    "notes",
)
KEPT, BELT, ADDED, ENTRY, BACK_BY_BUS = "kept", "belt", "added", "entry", "back by bus"


def way(gate: Node) -> str:
    """The group of the lines from a gate on."""
    return f"from {gate.number}"


def draw(asked: Asked, cell: Cell) -> list[Scene]:
    """One page."""
    return [Drawing(asked, cell).scene()]


class Drawing:
    """The page, and which of its parts belong to which group.

    parts  by group, the keys of bubbles, arrows, wires, dots, badges, labels
    boxes  by the number of a gate, the key of its box
    """

    def __init__(self, asked: Asked, cell: Cell) -> None:
        self.asked, self.cell = asked, cell
        self.speech = Speech(asked, cell)
        self.board = Board(f"a cell with gates: {asked.names.text(cell.state)}")
        self.parts: dict[str, set[str]] = {}
        self.boxes: dict[int, str] = {}
        self._draw()

    def scene(self) -> Scene:
        """Everything on the page."""
        return self.board.scene()

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """What is put on the board here belongs to this group."""
        before = self.board.keys()
        yield
        self.parts.setdefault(name, set()).update(self.board.keys() - before)

    def _draw(self) -> None:
        self.board.panel(_GROUND)
        with self.group(GATES):
            self._place_gates()
        with self.group(PREVIOUS):
            self._before()
        with self.group(CONVEYOR):
            self._conveyor()
        if self.cell.readout is not None:
            with self.group(OUTPUT):
                self._output()
        with self.group(CONVEYOR if self.cell.readout is None else OUTPUT):
            self._onward()
        with self.group(GATES):
            self._feeds()
        with self.group(BUSES):
            self._buses()
        with self.group(SUM):
            self._sum()
        with self.group(NOTES):
            self._notes()

    # --- gates ---------------------------------------------------------------------------------------

    def _place_gates(self) -> None:
        gates, room = self.cell.gates, _RIGHT - _LEFT
        even = (room - 8.0 * (len(gates) - 1)) / len(gates)
        rows = [self._gate_rows(gate, min(even, 146.0)) for gate in gates]
        wide = [max(142.0, size(row)[0] + 14.0) for row in rows]
        if sum(wide) + 8.0 * (len(gates) - 1) > room:
            wide = [even] * len(gates)
        gap = 8.0 if len(gates) == 1 else (room - sum(wide)) / (len(gates) - 1)
        gap, x = min(gap, 60.0), _LEFT
        for gate, row, width in zip(gates, rows, wide, strict=True):
            at = Point(x + width / 2, _GATES)
            tag = self.speech.tag(gate.node, width - 16, short=True)
            with self.group(f"gate {gate.node.number}"):
                self.boxes[gate.node.number] = self.board.box(
                    at, row, least=(width, _GATE_HEIGHT), tag=tag
                )
                if gate.squashed:
                    self.board.badge(Point(at.x, _GATES + _GATE_HEIGHT / 2), function(gate.node))
            x += width + gap

    def _gate_rows(self, gate: Gate, width: float) -> list[Any]:
        """The equation on two lines; where it is longer, in a wider box or by its letter alone."""
        for widest in (width - 10, width + 80):
            equation = self.speech.gate(gate, widest)
            if len(equation) <= 2 and max(t.box.width for t in equation) <= widest:
                room = (_RIGHT - _LEFT) / len(self.cell.gates) + 60 * (len(self.cell.gates) < 4)
                if max(t.box.width for t in equation) <= room - 10:
                    return [*equation, self.speech.value(gate.node)]
        name, phi = self.speech.name(gate.node), function(gate.node) if gate.squashed else ""
        short = self.speech.equation(rf"{name}={phi}(\cdots)")
        return [short, self.speech.value(gate.node)]

    def _box(self, v: Node) -> Box:
        return self.board.box_of(self.boxes[v.number])

    def _x(self, v: Node) -> float:
        return self._box(v).center.x

    # --- the state -----------------------------------------------------------------------------------

    def _before(self) -> None:
        speech, v = self.speech, self.cell.previous
        rows = [words.name(speech.name(v)), speech.value(v)]
        role = "inner" if v.requires_grad else "held"
        self.previous = self.board.bubble(
            Point(_BEFORE, _CONVEYOR), rows, role, least=(134.0, 84.0), accent=True,
            tag=speech.tag(v, 120.0), grow=1.04,
        )  # fmt: skip

    def _conveyor(self) -> None:
        board, cell, orange = self.board, self.cell, palette.ACCENT
        keep, xs = cell.keep, [self._x(f.gate) for f in cell.entry]
        new = [f for f in cell.entry if f.gate is not keep.gate]
        plus = max(sum(xs) / len(xs), self._x(keep.gate) + 150.0)
        if len(new) < len(cell.entry):
            plus = max((self._x(keep.gate) + self._x(new[-1].gate)) / 2, self._x(keep.gate) + 150.0)
        self.times = board.operator(Point(self._x(keep.gate), _CONVEYOR), r"\times", orange)
        self.plus = board.operator(Point(plus, _CONVEYOR), "+", orange)
        self._state(plus)
        with self.group(KEPT):
            self._heavy(self.previous, self.times)
        with self.group(BELT):
            self._heavy(self.times, self.plus)
        with self.group(ADDED):
            self._heavy(self.plus, self.state)
        with self.group(way(keep.gate)):
            self._riser(keep, self.times)
        self._enter(plus)
        middle = (self._x(keep.gate) + plus) / 2
        self._diagonal(middle, plus - self._x(keep.gate) - 34)

    def _state(self, plus: float) -> None:
        speech, v = self.speech, self.cell.state
        right = _GROUND.right - (46 if self.cell.readout is not None else 8)
        room = right - plus - 34
        equation = speech.state()
        rows = [equation, speech.value(v)]
        if equation.box.width * 1.15 + 18 > room:
            rows = [words.name(speech.name(v)), speech.value(v)]
        wide = max(size(rows)[0] * 1.15 + 18, 134.0)
        x = max(plus + 34 + wide / 2, min((plus + 20 + right) / 2, right - wide / 2))
        role = "inner" if self.cell.readout is not None else "output"
        self.state = self.board.bubble(
            Point(x, _CONVEYOR), rows, role, least=(134.0, 84.0), accent=True,
            tag=speech.tag(v, wide + 10), grow=1.15,
        )  # fmt: skip

    def _heavy(self, source: str, target: str) -> None:
        self.board.arrow(
            source, target, color=palette.ACCENT, width=HEAVY,
            via=[Point((self.board.box_of(source).right + self.board.box_of(target).left) / 2, _CONVEYOR)],
        )  # fmt: skip

    def _riser(self, factor: Factor, target: str) -> None:
        """From a gate straight up, through 1 - g where that is meant."""
        if factor.complement:
            at = Point(self._x(factor.gate), (_PRODUCT + _CONVEYOR) / 2 - 2)
            minus = self._minus(at, factor)
            self._out(factor.gate, minus)
            self.board.arrow(minus, target)
        else:
            self._out(factor.gate, target)

    def _out(self, v: Node, target: str, via: Sequence[Point] = ()) -> None:
        """A line from a gate, or from its badge, straight up and on to something."""
        box, at = self._box(v), self.board.box_of(target)
        lift = BADGE if any(g.node is v and g.squashed for g in self.cell.gates) else 0.0
        start = Point(box.center.x, box.top + lift)
        last = via[-1] if via else start
        end = Point(at.center.x, at.bottom)
        if last.y == at.center.y:
            end = Point(at.left if last.x < at.center.x else at.right, at.center.y)
        self.board.wire([start, *via, end], palette.EDGE, head=True)

    def _minus(self, at: Point, factor: Factor) -> str:
        text = self.speech.equation(f"1-{self.speech.name(factor.gate)}")
        return self.board.box(at, [text], "activation")

    def _enter(self, plus: float) -> None:
        """The product that is added: its factors come from both sides."""
        cell, board = self.cell, self.board
        if len(cell.entry) == 1:
            gate, x = cell.entry[0].gate, self._x(cell.entry[0].gate)
            bend = [Point(x, _PRODUCT), Point(plus, _PRODUCT)] if abs(x - plus) > 1 else []
            with self.group(way(gate)):
                self._out(gate, self.plus, bend)
            return
        self.product = board.operator(Point(plus, _PRODUCT), r"\times")
        with self.group(ENTRY):
            board.arrow(self.product, self.plus)
        for factor in cell.entry:
            with self.group(way(factor.gate)):
                self._factor(factor, plus)

    def _factor(self, factor: Factor, plus: float) -> None:
        board, x = self.board, self._x(factor.gate)
        shared = factor.gate is self.cell.keep.gate
        if shared:
            board.dot(Point(x, _PRODUCT), palette.EDGE)
        if factor.complement:
            minus = self._minus(Point((x + plus) / 2, _PRODUCT), factor)
            if shared:
                left = board.box_of(minus).left
                board.wire([Point(x, _PRODUCT), Point(left, _PRODUCT)], palette.EDGE, head=True)
            else:
                self._out(factor.gate, minus, [Point(x, _PRODUCT)])
            board.arrow(minus, self.product)
        elif shared:
            board.wire([Point(x, _PRODUCT), Point(plus - 14, _PRODUCT)], palette.EDGE, head=True)
        else:
            self._out(factor.gate, self.product, [Point(x, _PRODUCT)] if abs(x - plus) > 1 else [])

    def _diagonal(self, middle: float, room: float) -> None:
        """∂c_t/∂c_{t-1} = diag(f_t), and its numbers where they are few."""
        speech, cell = self.speech, self.cell
        kept = speech.factor(cell.keep).strip("()")
        left = rf"\partial {speech.name(cell.state)}/\partial {speech.name(cell.previous)}"
        formula = words.value(rf"{left}=\mathrm{{diag}}({kept})", palette.TEXT)
        if formula.box.width > room:
            formula = words.value(rf"\mathrm{{diag}}({kept})", palette.TEXT)
        self.board.label(Point(middle, _CONVEYOR + 20), [formula])
        numbers = example(cell.keep.gate.value)
        shown = words.listed(1 - numbers if cell.keep.complement else numbers)
        if shown is not None:
            text = words.value(rf"=\mathrm{{diag}}({shown.strip('[]')})")
            if text.box.width <= room:
                self.board.label(Point(middle, _CONVEYOR - 20), [text])

    # --- what is shown of the state ------------------------------------------------------------------

    def _output(self) -> None:
        out, board, speech = self.cell.readout, self.board, self.speech
        if out is None:
            return
        x = _GROUND.right - 30
        gate = self._x(out.gate)
        self.shown = board.operator(Point(x, _READOUT), r"\times")
        self._out(out.gate, self.shown, [Point(gate, _READOUT)])
        start = Point(x, _CONVEYOR)
        board.dot(start, palette.ACCENT, 5.0)
        if out.squash is not None:
            text = speech.equation(function(out.squash))
            squash = board.box(Point(x, 362.0), [text], "activation", least=(42.0, 24.0))
            top = board.box_of(squash).top
            board.arrow(squash, self.shown)
        else:
            top = _READOUT + 14
        board.wire([start, Point(x, top)], palette.EDGE, head=True)
        rows = [speech.readout(), speech.value(out.node)]
        if size(rows)[0] > 138:
            rows = [words.name(speech.name(out.node)), speech.value(out.node)]
        self.output = board.bubble(
            Point(_AFTER, _READOUT), rows, "output", least=(148.0, 92.0),
            tag=speech.tag(out.node, 120.0), grow=1.04,
        )  # fmt: skip
        board.arrow(self.shown, self.output, color=palette.BUBBLES["inner"].line,
                    via=[Point((x + 14 + board.box_of(self.output).left) / 2, _READOUT)])  # fmt: skip

    def _onward(self) -> None:
        right = self.board.box_of(self.state).right
        points = [Point(right, _CONVEYOR), Point(_AFTER - 14, _CONVEYOR)]
        self.board.wire(points, palette.ACCENT, width=HEAVY, head=True)
        self.board.label(
            Point(_AFTER - 6, _CONVEYOR), [words.note("next step", palette.NOTE)], "left"
        )

    # --- busses --------------------------------------------------------------------------------------

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
            y = _BUSES[k] if len(sources) > 2 else (92.0, 38.0)[k]
            start = Point(_BEFORE, self.board.whole(self.previous).bottom)
            if source is not cell.previous:
                role = "inner" if colors[k] == _COLORS[0] else "input"
                key = self.board.bubble(
                    Point(_BEFORE - 10, y), [words.name(self.speech.name(source))], role,
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

    # --- the sum -------------------------------------------------------------------------------------

    def _sum(self) -> None:
        """dL/dc_{t-1} = dL/dc_t⊙f_t + …, on the way back over the top."""
        speech, cell, red = self.speech, self.cell, palette.TAG.line
        if not (speech.has_total(cell.previous) and speech.has_total(cell.state)):
            return
        left, right = self.left, self.right
        text = words.value(self.sum_formula(), red)
        box = self.board.label(Point((left + right) / 2, TOP), [text])
        edge = self.board.box_of(self.state).top
        self.board.wire(
            [Point(right, edge), Point(right, TOP), Point(box.right + 5, TOP)],
            red,
            width=strokes.CUT,
        )
        end = self.board.box_of(self.previous).top
        self.board.wire(
            [Point(box.left - 5, TOP), Point(left, TOP), Point(left, end)],
            red,
            width=strokes.CUT,
            head=True,
        )

    @property
    def left(self) -> float:
        """Where the way back ends, over the state before."""
        return _BEFORE

    @property
    def right(self) -> float:
        """Where the way back begins, over the state."""
        return self.board.box_of(self.state).center.x

    def sum_formula(self) -> str:
        """dL/dc_{t-1} = dL/dc_t⊙f_t + …, and its numbers where they are few."""
        speech, cell = self.speech, self.cell
        direct, rest = self.contributions()
        left, right = speech.stacked(cell.previous), speech.stacked(cell.state)
        source = rf"{left}={right}\odot {speech.factor(cell.keep)}"
        source += r"+\cdots" if rest is not None else ""
        lists = [words.listed(a) for a in (direct, rest) if a is not None]
        return source + "=" + "+".join(map(str, lists)) if None not in lists else source

    def contributions(self) -> tuple[Any, Any]:
        """What comes along the conveyor, and what comes by other ways (None where there are none)."""
        cell, speech = self.cell, self.speech
        gate = example(cell.keep.gate.value)
        direct = speech.total(cell.state) * (1 - gate if cell.keep.complement else gate)
        rest = speech.total(cell.previous) - direct
        small = 1e-9 * max(float(np.abs(direct).max()), 1e-300)
        return direct, None if np.abs(rest).max() <= small else rest

    def _notes(self) -> None:
        notes = []
        if np.ndim(self.cell.state.value) > 1 and self.cell.state.value.shape[-2] > 1:
            notes.append(f"numbers: example 1 of {self.cell.state.value.shape[-2]}")
        if self.speech.has_blocks():
            notes.append("W, U, b: each gate's blocks of the weights")
        if self.speech.totals:
            deepest = words.decimal(self.speech.totals, words.places(self.speech.totals))
            notes.append(f"totals: blue > 0 > orange, deepest {deepest}")
        for k, text in enumerate(reversed(notes)):
            shown = words.note(text)
            self.board.label(Point(WIDTH - 6, 14 + 19 * k), [shown], "right")
