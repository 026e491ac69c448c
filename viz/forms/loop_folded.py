"""The folded loop beside its unrolled picture: one step, whose state comes back through a delay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.board import Board
from viz.forms.form import Asked
from viz.forms.loop import Loop
from viz.layout.geometry import Box, Point
from viz.look import palette

LOSS, OUT, STATE, IN = 446.0, 362.0, 268.0, 122.0
"""Heights of the rows, in both pictures."""
RAIL_OUT, RAIL_IN = 322.0, 166.0
_PANEL: Final = Box(12.0, 88.0, 160.0, 512.0)
_VIOLET: Final = palette.BUBBLES["parameter"].line


def folded(board: Board, asked: Asked, loop: Loop, tower: Sequence[Node]) -> None:
    """Put the loop itself onto the page, in the same rows as the steps.

    tower  what follows from the state in each step
    """
    board.panel(_PANEL)
    title = words.note("folded", palette.GROUND.text)
    board.label(Point(_PANEL.center.x, _PANEL.top - 18), [title])
    x, right = _PANEL.center.x - 14, _PANEL.right - 24
    state = _symbol(board, asked, loop.states[-1], "h_t", Point(x, STATE), "inner")
    entry = _symbol(board, asked, loop.inputs[-1], "x_t", Point(x, IN), "input")
    board.arrow(entry, state)
    below = state
    for v, y in zip(tower, (OUT, LOSS), strict=False):
        key = _symbol(board, asked, v, "y_t", Point(x, y), "inner")
        board.arrow(below, key)
        below = key
    low = _delay(board, state, right)
    places = [(loop.entering, Point(x, RAIL_IN)), (loop.recurrent, Point(right, low))]
    places += [(loop.leaving, Point(x, RAIL_OUT))] if tower else []
    for weights, at in places:
        if weights:
            _weight(board, words.value(asked.names.latex(weights[0]), _VIOLET), at, at.x == right)


def timed(name: str) -> str:
    r"""A name with the index t in place of its number.

    >>> timed("h_{4}"), timed("h_{4}^{(2)}"), timed("h")
    ('h_{t}', 'h_{t}^{(2)}', 'h')
    """
    head, mark, rest = name.partition("_")
    if not mark:
        return name
    tail = rest[rest.index("}") + 1 :] if rest.startswith("{") and "}" in rest else rest[1:]
    return f"{head}_{{t}}{tail}"


def _symbol(board: Board, asked: Asked, v: Any, usual: str, at: Point, role: str) -> str:
    named = isinstance(v, Node) and v.name is not None
    name = timed(asked.names.latex(v)) if named else usual
    size = (64.0, 64.0) if at.y == STATE else (52.0, 44.0)
    return board.bubble(at, [words.name(name)], role, least=size)


def _delay(board: Board, state: str, x: float) -> float:
    """The way of the state back to itself, through z⁻¹; the height at which it comes back."""
    box = board.box_of(state)
    sign = words.value("z^{-1}", palette.TEXT)
    gate = board.box_of(board.box(Point(x, STATE), [sign], "module", least=(36.0, 26.0)))
    side, high, low = box.center.x + 24, box.top - 9, box.bottom + 9
    board.wire([Point(side, high), Point(x, high), Point(x, gate.top)], palette.EDGE)
    board.wire([Point(x, gate.bottom), Point(x, low), Point(side, low)], palette.EDGE, head=True)
    return low


def _weight(board: Board, name: Any, at: Point, is_below: bool) -> None:
    board.dot(at, _VIOLET)
    if is_below:
        board.label(Point(at.x - 2, at.y - 16), [name])
    else:
        board.label(Point(at.x - 8, at.y), [name], "right")
