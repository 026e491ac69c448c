"""Lines of type measured and put in place, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from viz.formulas.mathtext import as_set, measure, summands
from viz.layout.geometry import Box, Point
from viz.scene.scene import Text


def line(source: str, size: float, color: str, is_math: bool = True) -> Text:
    """One line of type from the origin on; what mathtext cannot set stays plain."""
    source, is_math = as_set(source, is_math)
    width, ascent, descent = measure(source, is_math, size)
    return Text(source, is_math, size, color, Point(0, 0), Box(0, -descent, width, ascent))


def strutted(text: Text) -> Text:
    """The same line with room for a capital and a descender, so that neighbours look alike."""
    strut = Box(0, -0.22 * text.size, 0, 0.7 * text.size)
    return replace(text, box=text.box.joined(strut))


def moved(text: Text, by: Point) -> Text:
    """The same line elsewhere."""
    return replace(text, at=text.at.moved(by), box=text.box.moved(by))


def all_moved(texts: Iterable[Text], by: Point) -> tuple[Text, ...]:
    """The same lines elsewhere."""
    return tuple(moved(text, by) for text in texts)


def stack(lines: Sequence[Text], gap: float) -> tuple[Text, ...]:
    """Lines centred under each other, the first one's top left above the origin's middle."""
    placed, top = [], 0.0
    for text in lines:
        by = Point(-text.box.center.x, top - text.box.top)
        placed.append(moved(text, by))
        top = placed[-1].box.bottom - gap
    return tuple(placed)


def around(texts: Iterable[Text]) -> Box:
    """The smallest box around all lines."""
    return reduce(Box.joined, (text.box for text in texts))


def axis(size: float) -> float:
    """How far fraction bars and minus signs stand above the baseline."""
    return 0.25 * size


def wrapped(source: str, size: float, color: str, widest: float) -> list[Text]:
    """A formula broken before plus and minus signs outside all brackets, where it is too wide."""
    rows = [""]
    for piece in summands(source):
        longer = f"{rows[-1]} {piece}".strip()
        if rows[-1] and measure(longer, True, size)[0] > widest:
            rows.append(piece)
        else:
            rows[-1] = longer
    return [line(row, size, color) for row in rows]


def wrap_pieces(pieces: Sequence[str], size: float, color: str, widest: float) -> tuple[Text, ...]:
    """Formula pieces set one after the other, wrapped and indented where they grow too wide."""
    rows, current = [], ""
    for piece in pieces:
        wider = f"{current} {piece}" if current else piece
        if current and measure(wider, True, size)[0] > widest:
            rows.append(current)
            wider = rf"\qquad {piece}"
        current = wider
    placed: list[Text] = []
    for row in [*rows, current]:
        text = line(row, size, color)
        top = placed[-1].box.bottom - 5 if placed else 0.0
        placed.append(moved(text, Point(0, top - text.box.top)))
    return tuple(placed)
