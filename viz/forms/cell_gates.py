"""The gates of a cell in a row, each a box with its equation, and the lines that leave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import numpy as np

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.board import BADGE, WIDTH, Board
from viz.forms.cell import Cell, Factor, Gate
from viz.forms.cell_places import GATE_HEIGHT, GATES_Y, LEFT, RIGHT, alone
from viz.forms.cell_words import Speech, function
from viz.forms.form import Asked
from viz.forms.rows import size
from viz.formulas.escaping import upright
from viz.layout.geometry import Box, Point
from viz.look import palette


class GateRow:
    """The page of a cell: its board, and which of its parts belong to which group.

    parts  by group, the keys of bubbles, arrows, wires, dots, badges, labels
    boxes  by the number of a gate, the key of its box
    """

    def __init__(self, asked: Asked, cell: Cell) -> None:
        self.asked, self.cell = asked, cell
        self.speech = Speech(asked, cell)
        self.board = Board(f"a cell with gates: {asked.names.text(cell.state)}")
        self.parts: dict[str, set[str]] = {}
        self.boxes: dict[int, str] = {}

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """What is put on the board here belongs to this group."""
        before = self._keys()
        yield
        self.parts.setdefault(name, set()).update(self._keys() - before)

    def _keys(self) -> set[str]:
        scene = self.board.scene()
        parts = (getattr(scene, field.name) for field in fields(scene))
        return {part.key for some in parts if isinstance(some, tuple) for part in some}

    def _place_gates(self) -> None:
        gates, room = self.cell.gates, RIGHT - LEFT
        even = (room - 8.0 * (len(gates) - 1)) / len(gates)
        rows = [self._gate_rows(gate, min(even, 146.0)) for gate in gates]
        wide = [max(142.0, size(row)[0] + 14.0) for row in rows]
        if sum(wide) + 8.0 * (len(gates) - 1) > room:
            wide = [even] * len(gates)
        gap = 8.0 if len(gates) == 1 else (room - sum(wide)) / (len(gates) - 1)
        gap, x = min(gap, 60.0), LEFT
        for gate, row, width in zip(gates, rows, wide, strict=True):
            at = Point(x + width / 2, GATES_Y)
            tag = self.speech.tag(gate.node, width - 16, short=True)
            with self.group(alone(gate.node)):
                self.boxes[gate.node.number] = self.board.box(
                    at, row, least=(width, GATE_HEIGHT), tag=tag
                )
                if gate.squashed:
                    self.board.badge(Point(at.x, GATES_Y + GATE_HEIGHT / 2), function(gate.node))
            x += width + gap

    def _gate_rows(self, gate: Gate, width: float) -> list[Any]:
        """The equation on two lines; where it is longer, in a wider box or by its letter alone."""
        for widest in (width - 10, width + 80):
            equation = self.speech.gate(gate, widest)
            if len(equation) <= 2 and max(t.box.width for t in equation) <= widest:
                room = (RIGHT - LEFT) / len(self.cell.gates) + 60 * (len(self.cell.gates) < 4)
                if max(t.box.width for t in equation) <= room - 10:
                    return [*equation, self.speech.value(gate.node)]
        name, phi = self.speech.name(gate.node), function(gate.node) if gate.squashed else ""
        short = self.speech.equation(rf"{name}={phi}(\cdots)")
        return [short, self.speech.value(gate.node)]

    def _box(self, v: Node) -> Box:
        return self.board.box_of(self.boxes[v.number])

    def _x(self, v: Node) -> float:
        return self._box(v).center.x

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

    def _notes(self) -> None:
        notes = []
        if np.ndim(self.cell.state.value) > 1 and self.cell.state.value.shape[-2] > 1:
            notes.append(f"numbers: example 1 of {self.cell.state.value.shape[-2]}")
        if self.speech.has_blocks():
            notes.append("W, U, b: parts of the weights")
        if self.speech.totals:
            deepest = words.decimal(self.speech.totals, words.places(self.speech.totals))
            notes.append(f"totals: blue > 0 > orange, deepest {deepest}")
        for k, text in enumerate(reversed(notes)):
            shown = words.note(upright(text), is_math=True)
            self.board.label(Point(WIDTH - 6, 14 + 19 * k), [shown], "right")
