"""Surfaces and words of a page that belong to no bubble: grounds, coloured cells, labels, lines below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from viz.layout.geometry import Box, Point, straight
from viz.look import palette, strokes
from viz.scene.scene import HeatMap, Plate, Text, TextBlock, Wire
from viz.scene.typeset import all_moved, around, stack

Anchor: TypeAlias = Literal["left", "middle", "right"]


class Ground:
    """Collects what stands behind, between and under the bubbles of a page."""

    def __init__(self) -> None:
        self._heats: list[HeatMap] = []
        self._labels: list[TextBlock] = []
        self._captions: list[TextBlock] = []
        self._plates: list[Plate] = []
        self._frames: list[Wire] = []

    def plate(
        self,
        points: Sequence[Point],
        ink: palette.Ink = palette.GROUND,
        width: float = strokes.LINE,
        corner: float = 0.0,
    ) -> None:
        """A surface behind everything that was put before it."""
        self._plates.append(Plate(f"plate-{len(self._plates)}", tuple(points), ink, width, corner))

    def panel(self, box: Box, ink: palette.Ink = palette.GROUND, corner: float = 12.0) -> None:
        """A rounded surface in this box."""
        self.plate(corners(box), ink, strokes.LINE, corner)

    def cells(self, heat: HeatMap) -> None:
        """Coloured cells that stand in no bubble."""
        self._heats.append(heat)

    def frame(self, box: Box, color: str, width: float) -> None:
        """An outline in front of coloured cells."""
        ring = corners(box)
        curve = tuple(straight(a, b) for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))
        self._frames.append(Wire(f"frame-{len(self._frames)}", curve, color, width))

    def label(self, at: Point, rows: Sequence[Text], anchor: Anchor = "middle") -> Box:
        """Lines about a point: centred, or with the left or right edge there; their box."""
        texts = stack(list(rows), 3.0)
        box = around(texts)
        x = {"left": box.left, "middle": box.center.x, "right": box.right}[anchor]
        texts = all_moved(texts, Point(at.x - x, at.y - box.center.y))
        self._labels.append(TextBlock(f"label-{len(self._labels)}", around(texts), texts))
        return self._labels[-1].box

    def caption(self, at: Point, text: Text) -> Box:
        """A line whose left end is at a point, its middle at that height: a sum, or a note."""
        by = Point(at.x - text.box.left, at.y - text.box.center.y)
        texts = all_moved([text], by)
        key = f"caption-{len(self._captions)}"
        self._captions.append(TextBlock(key, texts[0].box, texts))
        return texts[0].box


def corners(box: Box) -> tuple[Point, Point, Point, Point]:
    """A box's corners, from the lower left on, against the clock."""
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    return Point(left, bottom), Point(right, bottom), Point(right, top), Point(left, top)
