"""A scene on a page of fixed size: the graph above, one caption at a time below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from viz.content.content import Content
from viz.layout.geometry import Point
from viz.look.sizes import Sizes
from viz.scene.compose import bubbles
from viz.scene.scene import Arrow, Bubble, CutLine, HeatMap, Scene, Text, TextBlock
from viz.scene.typeset import all_moved, around

WIDTH, HEIGHT = 960.0, 540.0
MARGIN: Final = 18.0
_GAP: Final = 10.0

Lines = tuple[Text, ...]
Part = TypeVar("Part", Bubble, TextBlock)


def needed(scene: Scene, captions: Iterable[Lines], notes: Iterable[Lines]) -> tuple[float, float]:
    """The room that a graph takes with the tallest of its captions and all notes."""
    below = _tallest(captions) + sum(around(note).height + _GAP for note in notes)
    return scene.width, scene.height + below + 2 * _GAP


def is_too_large(content: Content, sizes: Sizes) -> bool:
    """Whether no layout could find room: the bubbles alone cover the page, or a chain of them is too wide."""
    boxes = [bubble.box for bubble in bubbles(content, sizes)]
    if sum(box.width * box.height for box in boxes) > WIDTH * HEIGHT:
        return True
    reach = [box.width for box in boxes]
    for edge in sorted(content.edges, key=lambda e: (e.source, e.target)):
        reach[edge.target] = max(reach[edge.target], reach[edge.source] + boxes[edge.target].width)
    return max(reach, default=0.0) > WIDTH


def on_slide(
    scene: Scene, captions: Sequence[Lines], notes: Sequence[Lines], factor: float = 1.0
) -> Scene:
    """The graph in the middle of a page; its captions, of which one is seen at a time, in one place."""
    width, height = factor * WIDTH, factor * HEIGHT
    bottom, made = MARGIN, []
    for number, note in enumerate(reversed(notes)):
        made.append(_lowered(f"note-{number}", note, Point(MARGIN, bottom + around(note).height)))
        bottom = made[-1].box.top + _GAP
    top = bottom + _tallest(captions)
    placed = [
        _lowered(f"caption-{k}", lines, Point(MARGIN, top)) for k, lines in enumerate(captions)
    ]
    room = height - top - _GAP
    by = Point((width - scene.width) / 2, top + _GAP + max(0.0, (room - scene.height) / 2))
    return replace(_moved(scene, by), width=width, height=height, captions=(*placed, *made))


def _tallest(captions: Iterable[Lines]) -> float:
    return max((around(lines).height for lines in captions), default=0.0)


def _lowered(key: str, lines: Lines, corner: Point) -> TextBlock:
    """Lines with their upper left corner there."""
    box = around(lines)
    texts = all_moved(lines, Point(corner.x - box.left, corner.y - box.top))
    return TextBlock(key, around(texts), texts)


def _moved(scene: Scene, by: Point) -> Scene:
    """Everything of a graph elsewhere on its page."""
    return replace(
        scene,
        bubbles=tuple(_shifted(part, by) for part in scene.bubbles),
        tags=tuple(_shifted(part, by) for part in scene.tags),
        labels=tuple(_shifted(part, by) for part in scene.labels),
        arrows=tuple(_arrow(part, by) for part in scene.arrows),
        cuts=tuple(_cut(part, by) for part in scene.cuts),
        heats=tuple(HeatMap(part.key, part.box.moved(by), part.heat) for part in scene.heats),
    )


def _shifted(part: Part, by: Point) -> Part:
    return replace(part, box=part.box.moved(by), texts=all_moved(part.texts, by))


def _arrow(arrow: Arrow, by: Point) -> Arrow:
    pieces = tuple(tuple(p.moved(by) for p in piece) for piece in arrow.pieces)
    return replace(arrow, curve=tuple(p.moved(by) for p in arrow.curve), pieces=pieces)


def _cut(cut: CutLine, by: Point) -> CutLine:
    points, circles = (tuple(p.moved(by) for p in found) for found in (cut.points, cut.crossings))
    return replace(cut, points=points, crossings=circles)
