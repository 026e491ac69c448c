"""A gated cell on a page: gates below, above them the state carried from left to right."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.forms import words
from viz.forms.board import HEAVY
from viz.forms.cell import Cell, Factor
from viz.forms.cell_buses import Buses
from viz.forms.cell_places import (
    ADDED,
    AFTER,
    BEFORE,
    BELT,
    BUSES,
    CONVEYOR,
    CONVEYOR_Y,
    ENTRY,
    GATES,
    GROUND,
    KEPT,
    NOTES,
    OUTPUT,
    PREVIOUS,
    PRODUCT_Y,
    READOUT_Y,
    SUM,
    TOP,
    way,
)
from viz.forms.cell_words import example, function
from viz.forms.form import Asked
from viz.forms.rows import size
from viz.formulas.escaping import upright
from viz.layout.geometry import Point
from viz.look import palette, strokes
from viz.scene.scene import Scene


def draw(asked: Asked, cell: Cell) -> list[Scene]:
    """One page."""
    return [Drawing(asked, cell).scene()]


class Drawing(Buses):
    """All of the page."""

    previous: str
    times: str
    plus: str
    product: str
    shown: str
    output: str

    def __init__(self, asked: Asked, cell: Cell) -> None:
        super().__init__(asked, cell)
        self._draw()

    def scene(self) -> Scene:
        """Everything on the page."""
        return self.board.scene()

    def _draw(self) -> None:
        self.board.panel(GROUND)
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

    # --- the state -----------------------------------------------------------------------------------

    def _before(self) -> None:
        speech, v = self.speech, self.cell.previous
        rows = [words.name(speech.name(v)), speech.value(v)]
        role = "inner" if v.requires_grad else "held"
        self.previous = self.board.bubble(
            Point(BEFORE, CONVEYOR_Y), rows, role, least=(134.0, 84.0), accent=True,
            tag=speech.tag(v, 120.0), grow=1.04,
        )  # fmt: skip

    def _conveyor(self) -> None:
        board, cell, orange = self.board, self.cell, palette.ACCENT
        keep, xs = cell.keep, [self._x(f.gate) for f in cell.entry]
        new = [f for f in cell.entry if f.gate is not keep.gate]
        plus = max(sum(xs) / len(xs), self._x(keep.gate) + 150.0)
        if len(new) < len(cell.entry):
            plus = max((self._x(keep.gate) + self._x(new[-1].gate)) / 2, self._x(keep.gate) + 150.0)
        self.times = board.operator(Point(self._x(keep.gate), CONVEYOR_Y), r"\times", orange)
        self.plus = board.operator(Point(plus, CONVEYOR_Y), "+", orange)
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
        right = GROUND.right - (60 if self.cell.readout is not None else 8)
        room = right - plus - 34
        equation = speech.state()
        rows = [equation, speech.value(v)]
        if equation.box.width * 1.15 + 18 > room:
            rows = [words.name(speech.name(v)), speech.value(v)]
        wide = max(size(rows)[0] * 1.15 + 18, 134.0)
        x = max(plus + 34 + wide / 2, min((plus + 20 + right) / 2, right - wide / 2))
        role = "inner" if self.cell.readout is not None else "output"
        self.state = self.board.bubble(
            Point(x, CONVEYOR_Y), rows, role, least=(134.0, 84.0), accent=True,
            tag=speech.tag(v, min(wide + 10, 2 * (right - x) - 14)), grow=1.15,
        )  # fmt: skip

    def _heavy(self, source: str, target: str) -> None:
        self.board.arrow(
            source, target, color=palette.ACCENT, width=HEAVY,
            via=[Point((self.board.box_of(source).right + self.board.box_of(target).left) / 2, CONVEYOR_Y)],
        )  # fmt: skip

    def _riser(self, factor: Factor, target: str) -> None:
        """From a gate straight up, through 1 - g where that is meant."""
        if factor.complement:
            at = Point(self._x(factor.gate), (PRODUCT_Y + CONVEYOR_Y) / 2 - 2)
            minus = self._minus(at, factor)
            self._out(factor.gate, minus)
            self.board.arrow(minus, target)
        else:
            self._out(factor.gate, target)

    def _enter(self, plus: float) -> None:
        """The product that is added: its factors come from both sides."""
        cell, board = self.cell, self.board
        if len(cell.entry) == 1:
            gate, x = cell.entry[0].gate, self._x(cell.entry[0].gate)
            bend = [Point(x, PRODUCT_Y), Point(plus, PRODUCT_Y)] if abs(x - plus) > 1 else []
            with self.group(way(gate)):
                self._out(gate, self.plus, bend)
            return
        self.product = board.operator(Point(plus, PRODUCT_Y), r"\times")
        with self.group(ENTRY):
            board.arrow(self.product, self.plus)
        for factor in cell.entry:
            with self.group(way(factor.gate)):
                self._factor(factor, plus)

    def _factor(self, factor: Factor, plus: float) -> None:
        board, x = self.board, self._x(factor.gate)
        shared = factor.gate is self.cell.keep.gate
        if shared:
            board.dot(Point(x, PRODUCT_Y), palette.EDGE)
        if factor.complement:
            minus = self._minus(Point((x + plus) / 2, PRODUCT_Y), factor)
            if shared:
                left = board.box_of(minus).left
                board.wire([Point(x, PRODUCT_Y), Point(left, PRODUCT_Y)], palette.EDGE, head=True)
            else:
                self._out(factor.gate, minus, [Point(x, PRODUCT_Y)])
            board.arrow(minus, self.product)
        elif shared:
            board.wire([Point(x, PRODUCT_Y), Point(plus - 14, PRODUCT_Y)], palette.EDGE, head=True)
        else:
            self._out(factor.gate, self.product, [Point(x, PRODUCT_Y)] if abs(x - plus) > 1 else [])

    def _diagonal(self, middle: float, room: float) -> None:
        """∂c_t/∂c_{t-1} = diag(f_t), and its numbers where they are few."""
        speech, cell = self.speech, self.cell
        kept = speech.factor(cell.keep).strip("()")
        left = rf"\partial {speech.name(cell.state)}/\partial {speech.name(cell.previous)}"
        formula = words.value(rf"{left}=\mathrm{{diag}}({kept})", palette.TEXT)
        if formula.box.width > room:
            formula = words.value(rf"\mathrm{{diag}}({kept})", palette.TEXT)
        self.board.label(Point(middle, CONVEYOR_Y + 20), [formula])
        numbers = example(cell.keep.gate.value)
        shown = words.listed(1 - numbers if cell.keep.complement else numbers)
        if shown is not None:
            text = words.value(rf"=\mathrm{{diag}}({shown.strip('[]')})")
            if text.box.width <= room:
                self.board.label(Point(middle, CONVEYOR_Y - 20), [text])

    # --- what is shown of the state ------------------------------------------------------------------

    def _output(self) -> None:
        out, board, speech = self.cell.readout, self.board, self.speech
        if out is None:
            return
        x = GROUND.right - 30
        gate = self._x(out.gate)
        self.shown = board.operator(Point(x, READOUT_Y), r"\times")
        self._out(out.gate, self.shown, [Point(gate, READOUT_Y)])
        start = Point(x, CONVEYOR_Y)
        board.dot(start, palette.ACCENT, 5.0)
        if out.squash is not None:
            text = speech.equation(function(out.squash))
            squash = board.box(Point(x, 362.0), [text], "activation", least=(42.0, 24.0))
            top = board.box_of(squash).top
            board.arrow(squash, self.shown)
        else:
            top = READOUT_Y + 14
        board.wire([start, Point(x, top)], palette.EDGE, head=True)
        rows = [speech.readout(), speech.value(out.node)]
        if size(rows)[0] > 138:
            rows = [words.name(speech.name(out.node)), speech.value(out.node)]
        self.output = board.bubble(
            Point(AFTER, READOUT_Y), rows, "output", least=(148.0, 92.0),
            tag=speech.tag(out.node, 120.0), grow=1.04,
        )  # fmt: skip
        board.arrow(self.shown, self.output, color=palette.BUBBLES["inner"].line,
                    via=[Point((x + 14 + board.box_of(self.output).left) / 2, READOUT_Y)])  # fmt: skip

    def _onward(self) -> None:
        right = self.board.box_of(self.state).right
        points = [Point(right, CONVEYOR_Y), Point(AFTER - 14, CONVEYOR_Y)]
        self.board.wire(points, palette.ACCENT, width=HEAVY, head=True)
        self.board.label(
            Point(AFTER - 6, CONVEYOR_Y), [words.note(upright("next step"), is_math=True)], "left"
        )

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
        return BEFORE

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
