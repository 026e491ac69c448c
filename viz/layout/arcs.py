"""A chain-like graph on one line, its longer arrows as arcs above and below.

When each variable follows from the one before (and perhaps from earlier ones), there is one order
of evaluation, and every cut is a vertical line between two neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

from autograd_lite.errors import PictureError
from viz.layout.cuts import check_cuts
from viz.layout.geometry import Box, Cubic, Curve, Point, bounds, samples, straight
from viz.layout.graph import Edge, Graph, Placement
from viz.layout.layers import topological

UP, DOWN = 1, -1
_ROOM, _CUT_ROOM, _START_GAP, _END_GAP = 17.0, 15.0, 2.0, 2.5
_FLATTEST, _STEEPEST = math.radians(38), math.radians(64)
_STEP, _CLEAR, _APART = 34.0, 12.0, 4.0
_ROUNDS = 2
_LONGEST = 12
_SHIFTS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8)
_LIFTS = (0.0, 0.35, -0.25, 0.7, 1.05, 1.4, 2.0, 2.6)


def chain(graph: Graph) -> list[int] | None:
    """The one order in which every node follows directly from the one before, if there is one."""
    order = topological(graph)
    joined = {(edge.source, edge.target) for edge in graph.edges}
    return order if len(order) > 1 and all(pair in joined for pair in pairwise(order)) else None


def chain_like(graph: Graph) -> bool:
    """Whether arcs suit a graph: a short chain most of whose arrows leap, none of them repeated."""
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    single = len(pairs) == len(graph.edges) and len(graph.nodes) <= _LONGEST
    return single and len(pairs) > 2 * (len(graph.nodes) - 1) and chain(graph) is not None


def arcs(graph: Graph) -> Placement:
    """Place a chain on one line.

    Raises
    ------
    PictureError
        When the graph is no chain, or repeats an arrow: use another layout.
    """
    check_cuts(graph)
    order = chain(graph)
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    if order is None or len(pairs) < len(graph.edges):
        raise PictureError(
            "arcs need a chain, each variable following from the one before and no arrow twice; "
            'write layout="layered" for other graphs'
        )
    return _Line(graph, order).placement()


@dataclass
class _Line:
    """The nodes on their line, then one arc after the other where there is room."""

    graph: Graph
    order: list[int]
    x: dict[int, float] = field(default_factory=dict)
    curves: dict[int, Curve] = field(default_factory=dict)
    labels: dict[int, Point] = field(default_factory=dict)
    cut_at: dict[int, float] = field(default_factory=dict)
    points: dict[int, list[Point]] = field(default_factory=dict)

    def placement(self) -> Placement:
        """Everything in place."""
        self.rank = {v: k for k, v in enumerate(self.order)}
        tallest = max((self._label(k).height for k in self._spans()), default=0.0)
        self.step = max(_STEP, tallest + _CLEAR)
        self._set_out()
        self._join_neighbours()
        sides = _sides(self._spans())
        ports = self._ports(sides)
        levels = _levels(self._spans(), sides)
        low_first = sorted(sides, key=lambda k: (levels[k], self._spans()[k]))
        for k in low_first * _ROUNDS:
            self._remove(k)
            self._add_arc(k, sides[k], levels[k], ports[k])
        centers = tuple(Point(self.x[v], 0.0) for v in range(len(self.graph.nodes)))
        numbers = range(len(self.graph.edges))
        curves = tuple(self.curves[k] for k in numbers)
        labels = tuple(self.labels.get(k) for k in numbers)
        return Placement(centers, curves, labels, self._cut_lines(centers))

    def _spans(self) -> dict[int, tuple[int, int]]:
        """For each arrow that leaps, the positions of its ends on the line."""
        spans = {
            k: (self.rank[edge.source], self.rank[edge.target])
            for k, edge in enumerate(self.graph.edges)
        }
        return {k: (a, b) for k, (a, b) in spans.items() if b > a + 1}

    def _set_out(self) -> None:
        """Stand the nodes apart, with room for the label of the arrow between and for a cut."""
        between = {(e.source, e.target): e for e in self.graph.edges}
        cut_after = {len(near): number for number, near in enumerate(self.graph.cuts)}
        at = 0.0
        for place, v in enumerate(self.order):
            box = self.graph.nodes[v].box
            self.x[v] = at - box.left
            at = self.x[v] + box.right
            if place + 1 < len(self.order):
                edge = between[v, self.order[place + 1]]
                cut = cut_after.get(place + 1)
                if cut is not None:
                    self.cut_at[cut] = at + _CUT_ROOM
                at += _room(edge) + (_CUT_ROOM if cut is not None else 0.0)

    def _join_neighbours(self) -> None:
        for k, edge in enumerate(self.graph.edges):
            if self.rank[edge.target] == self.rank[edge.source] + 1:
                start = self._port(edge.source, 0.0, _START_GAP)
                end = self._port(edge.target, math.pi, _END_GAP)
                self.curves[k] = (straight(start, end),)
                self.points[k] = list(samples(self.curves[k], 3.0))
                if edge.label:
                    right = self.x[edge.target] + self.graph.nodes[edge.target].box.left
                    middle = right - _ROOM - edge.label.width / 2
                    self.labels[k] = Point(middle - edge.label.center.x, 0.0)

    def _port(self, v: int, angle: float, gap: float) -> Point:
        direction = Point(math.cos(angle), math.sin(angle))
        reach = self.graph.nodes[v].reach(direction) + gap
        return Point(self.x[v] + direction.x * reach, direction.y * reach)

    def _ports(self, sides: dict[int, int]) -> dict[int, tuple[float, float]]:
        """The angles at which each arc leaves and arrives: the longer, the steeper."""
        spans = self._spans()
        angles: dict[int, list[float]] = {k: [0.0, 0.0] for k in sides}
        for end in (0, 1):
            for side, place in {(sides[k], spans[k][end]) for k in sides}:
                here = [k for k in sides if sides[k] == side and spans[k][end] == place]
                here.sort(key=lambda k: spans[k][1] - spans[k][0])
                for k, angle in zip(here, _spread(len(here)), strict=True):
                    angles[k][end] = angle
        return {k: (a, b) for k, (a, b) in angles.items()}

    def _remove(self, k: int) -> None:
        self.curves.pop(k, None)
        self.points.pop(k, None)
        self.labels.pop(k, None)

    def _add_arc(self, k: int, side: int, level: float, port: tuple[float, float]) -> None:
        """The first shape and label place that touch nothing, or else those that touch least."""
        fewest = math.inf
        for lift, shift in product(_LIFTS, _SHIFTS):
            curve, at = self._arc(k, side, level + lift, port, shift)
            trouble = self._trouble(k, curve, at)
            if trouble < fewest:
                fewest, best = trouble, (curve, at)
            if trouble == 0:
                break
        self.curves[k] = best[0]
        self.points[k] = list(samples(best[0], 3.0))
        if self.graph.edges[k].label:
            self.labels[k] = best[1]

    def _arc(
        self, k: int, side: int, level: float, port: tuple[float, float], shift: float
    ) -> tuple[Curve, Point]:
        edge = self.graph.edges[k]
        start = self._port(edge.source, side * port[0], _START_GAP)
        end = self._port(edge.target, math.pi - side * port[1], _END_GAP)
        label = self._label(k)
        height = side * (self._base(k, side, label) + self.step * level)
        middle = start.x + (end.x - start.x) * shift
        flat = label.width / 2 + 3 if edge.label else 0.0
        left, right = Point(middle - flat, height), Point(middle + flat, height)
        rise, fall = _rise(start, left, port[0]), _rise(_mirrored(end), _mirrored(right), port[1])
        back = Cubic(*(_mirrored(p) for p in reversed(fall.points)))
        curve = (rise, *((straight(left, right),) if flat else ()), back)
        return curve, Point(middle - label.center.x, height)

    def _label(self, k: int) -> Box:
        return self.graph.edges[k].label or Box(0, 0, 0, 0)

    def _base(self, k: int, side: int, label: Box) -> float:
        """How far an arc must stay from the line to clear the bubbles below it, with its label."""
        a, b = self._spans()[k]
        boxes = [self.graph.nodes[v].box for v in self.order[a : b + 1]]
        room = max(box.top if side == UP else -box.bottom for box in boxes)
        return room + _CLEAR + (-label.bottom if side == UP else label.top)

    def _trouble(self, k: int, curve: Curve, at: Point) -> int:
        """How many things an arc or its label would touch."""
        edge = self.graph.edges[k]
        room, label = bounds(curve), edge.label.moved(at) if edge.label else None
        points = list(samples(curve, 3.0))
        others = [v for v in self.order if v not in (edge.source, edge.target)]
        hit = sum(self._touches(v, room, points) for v in others)
        near = [box for box in self._label_boxes() if box.overlaps(room)]
        hit += sum(any(box.contains(p) for p in points) for box in near)
        return hit + (self._label_trouble(label.grown(_APART)) if label else 0)

    def _touches(self, v: int, room: Box, points: list[Point]) -> bool:
        node, x = self.graph.nodes[v], self.x[v]
        if not room.overlaps(node.box.moved(Point(x, 0)).grown(4)):
            return False
        return any(node.covers(Point(p.x - x, p.y), 4.0) for p in points)

    def _label_trouble(self, label: Box) -> int:
        hit = sum(any(label.contains(p) for p in points) for points in self.points.values())
        hit += sum(label.overlaps(box) for box in self._label_boxes())
        hit += sum(label.left < x < label.right for x in self.cut_at.values())
        nodes = enumerate(self.graph.nodes)
        return hit + sum(label.overlaps(n.box.moved(Point(self.x[v], 0))) for v, n in nodes)

    def _label_boxes(self) -> Iterator[Box]:
        for k, at in self.labels.items():
            label = self.graph.edges[k].label
            if label:
                yield label.moved(at).grown(_APART)

    def _cut_lines(self, centers: tuple[Point, ...]) -> tuple[tuple[Point, ...], ...]:
        boxes = [n.box.moved(c) for n, c in zip(self.graph.nodes, centers, strict=True)]
        boxes += [bounds(curve) for curve in self.curves.values()] + list(self._label_boxes())
        top, bottom = max(b.top for b in boxes) + 14, min(b.bottom for b in boxes) - 14
        xs = [self.cut_at[number] for number in range(len(self.graph.cuts))]
        return tuple((Point(x, bottom), Point(x, top)) for x in xs)


def _room(edge: Edge) -> float:
    return 2 * _ROOM + max(edge.label.width if edge.label else 0.0, 8.0)


def _mirrored(point: Point) -> Point:
    return Point(-point.x, point.y)


def _rise(start: Point, top: Point, angle: float) -> Cubic:
    """From the bubble's edge, leaving at this angle, up (or down) to a horizontal end."""
    way, climb = top.x - start.x, top.y - start.y
    out = min(abs(climb) * 0.6 / math.tan(angle), way * 0.5)
    first = Point(start.x + out, start.y + math.copysign(out * math.tan(angle), climb))
    return Cubic(start, first, Point(max(first.x, top.x - way * 0.45), top.y), top)


def _spread(count: int) -> list[float]:
    """Angles for several arcs at one place, from the flattest to the steepest."""
    if count == 1:
        return [(_FLATTEST + _STEEPEST) / 2]
    return [_FLATTEST + (_STEEPEST - _FLATTEST) * k / (count - 1) for k in range(count)]


Spans = dict[int, tuple[int, int]]


def _sides(spans: Spans) -> dict[int, int]:
    """Above or below for each arc: few crossings, both sides about as full."""
    sides: dict[int, int] = {}
    for k in sorted(spans, key=lambda k: (spans[k][0] - spans[k][1], spans[k])):
        sides[k] = min((UP, DOWN), key=lambda side: (_clashes(k, side, sides, spans), -side))
    for _ in range(3):
        for k, side in list(sides.items()):
            here, there = (_clashes(k, tried, sides, spans) for tried in (side, -side))
            sides[k] = side if here <= there else -side
    return sides


def _clashes(k: int, side: int, sides: dict[int, int], spans: Spans) -> float:
    """Arcs on this side that cross arc k, and a little for every other one there."""
    others = [j for j in sides if j != k and sides[j] == side]
    return sum(_interleave(spans[k], spans[j]) + 0.1 for j in others)


def _interleave(p: tuple[int, int], q: tuple[int, int]) -> bool:
    return p[0] < q[0] < p[1] < q[1] or q[0] < p[0] < q[1] < p[1]


def _levels(spans: Spans, sides: dict[int, int]) -> dict[int, int]:
    """How many arcs lie below each one: it must be higher than every arc that it spans."""
    levels: dict[int, int] = {}
    for k in sorted(spans, key=lambda k: spans[k][1] - spans[k][0]):
        inner = [
            levels[j]
            for j in levels
            if sides[j] == sides[k] and spans[k][0] <= spans[j][0] and spans[j][1] <= spans[k][1]
        ]
        levels[k] = max(inner, default=-1) + 1
    return levels
