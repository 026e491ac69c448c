"""What a layout is given (sizes, edges, cuts) and what it gives back (places and curves)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from viz.layout.geometry import Box, Curve, Point


@dataclass(frozen=True)
class Node:
    """A bubble to be placed: an ellipse (or a box) about its centre, and a tag."""

    rx: float
    ry: float
    tag: Box | None = None
    round: bool = True

    @property
    def box(self) -> Box:
        """The room it takes, about its centre."""
        body = Box(-self.rx, -self.ry, self.rx, self.ry)
        return body.joined(self.tag) if self.tag else body

    def reach(self, direction: Point) -> float:
        """How far from the centre the outline lies in this direction."""
        length = math.hypot(*direction)
        unit = Point(direction.x / length, direction.y / length)
        body = self._ellipse(unit) if self.round else _leave(self._body, unit)
        return max(body, _leave(self.tag, unit)) if self.tag else body

    @property
    def _body(self) -> Box:
        return Box(-self.rx, -self.ry, self.rx, self.ry)

    def _ellipse(self, unit: Point) -> float:
        return 1 / math.hypot(unit.x / self.rx, unit.y / self.ry)

    def covers(self, point: Point, margin: float = 0.0) -> bool:
        """Whether the point (relative to the centre) lies on the bubble or its tag."""
        if self.tag and self.tag.grown(margin).contains(point):
            return True
        if not self.round:
            return self._body.grown(margin).contains(point)
        return math.hypot(point.x / (self.rx + margin), point.y / (self.ry + margin)) < 1


def _leave(box: Box, unit: Point) -> float:
    """Where a ray from the origin leaves the box; 0 when it misses."""
    spans = [_span(unit.x, box.left, box.right), _span(unit.y, box.bottom, box.top)]
    enter, leave = max(s[0] for s in spans), min(s[1] for s in spans)
    return leave if leave > max(enter, 0) else 0.0


def _span(speed: float, low: float, high: float) -> tuple[float, float]:
    if abs(speed) < 1e-12:
        return (-math.inf, math.inf) if low < 0 < high else (math.inf, -math.inf)
    a, b = low / speed, high / speed
    return (a, b) if a < b else (b, a)


@dataclass(frozen=True)
class Edge:
    """An arrow to be routed; its label's box is relative to the point of the line it sits on."""

    source: int
    target: int
    label: Box | None = None


@dataclass(frozen=True)
class Graph:
    """Nodes are numbered by position; a cut is its near side, left by edges and never entered."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cuts: tuple[frozenset[int], ...] = ()

    def crossing(self, cut: int) -> frozenset[int]:
        """Numbers of the edges that cross this cut."""
        near = self.cuts[cut]
        pairs = ((e.source in near) != (e.target in near) for e in self.edges)
        return frozenset(k for k, crosses in enumerate(pairs) if crosses)


@dataclass(frozen=True)
class Placement:
    """Where everything goes: bubbles' centres, edges' curves, labels' anchors, cuts' lines."""

    centers: tuple[Point, ...]
    curves: tuple[Curve, ...]
    labels: tuple[Point | None, ...]
    cuts: tuple[tuple[Point, ...], ...]

    def moved(self, by: Point) -> Placement:
        """The same placement elsewhere on the page."""
        return Placement(
            tuple(center.moved(by) for center in self.centers),
            tuple(tuple(piece.moved(by) for piece in curve) for curve in self.curves),
            tuple(at and at.moved(by) for at in self.labels),
            tuple(tuple(point.moved(by) for point in line) for line in self.cuts),
        )


Layout = Callable[[Graph], Placement]
