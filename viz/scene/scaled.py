"""A scene made larger or smaller, with its type, and put into the middle of a page of a given size."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from viz.layout.geometry import Box, Cubic, Point
from viz.scene.scene import Dot, Plate, Scene, Text


def on_page(scene: Scene, width: float, height: float, largest: float = 1.5) -> Scene:
    """The scene as large as the page allows, but no more than `largest` times its size, in the middle.

    width, height  of the page, in points
    """
    by = min(width / scene.width, height / scene.height, largest)
    left, bottom = (width - by * scene.width) / 2, (height - by * scene.height) / 2
    made: Scene = _Map(by, Point(left, bottom)).all(scene)
    return replace(made, width=width, height=height)


def moved(scene: Scene, by: Point) -> Scene:
    """The scene elsewhere on its page."""
    made: Scene = _Map(1.0, by).all(scene)
    return made


def smallest_type(scene: Scene) -> float:
    """The smallest base size of a line of type, in points; the scripts of formulas are 0.7 of theirs."""
    return min((text.size for _, text in scene.texts()), default=0.0)


class _Map:
    """p ↦ by·p + shift for everything that has a place or a size."""

    def __init__(self, by: float, shift: Point) -> None:
        self.by, self.shift = by, shift

    def all(self, part: Any) -> Any:
        """The same part elsewhere; strokes keep their width, since they are no part of the type."""
        if isinstance(part, Point):
            return Point(self.by * part.x + self.shift.x, self.by * part.y + self.shift.y)
        if isinstance(part, Box):
            low, high = (
                self.all(Point(part.left, part.bottom)),
                self.all(Point(part.right, part.top)),
            )
            return Box(*low, *high)
        if isinstance(part, Cubic):
            return Cubic(*map(self.all, part.points))
        if isinstance(part, tuple):
            return tuple(map(self.all, part))
        if is_dataclass(part) and not isinstance(part, type):
            return self._record(part)
        return part

    def _record(self, part: Any) -> Any:
        placed = {
            field.name: self.all(value)
            for field in fields(part)
            if isinstance(value := getattr(part, field.name), (Point, Box, Cubic, tuple))
        }
        if isinstance(part, Text):
            placed["size"] = self.by * part.size
        if isinstance(part, Dot):
            placed["radius"] = self.by * part.radius
        if isinstance(part, Plate):
            placed["corner"] = self.by * part.corner
        return replace(part, **placed)
