"""From columns and heights to a placement: where columns stand, and a smooth curve for each edge.

Each curve is the graph of a function y(x) made of cubic pieces whose x runs evenly from left to
right, so it meets any vertical line at most once: this is why a cut is exact.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from viz.layout.columns import GATE, LABEL, NODE, Columns, cut_columns
from viz.layout.geometry import Box, Curve, Point, bounds, hermite, samples
from viz.layout.graph import Graph, Node, Placement

_COLUMN_GAP = 16.0
_STEEPEST = 1.1
_START_GAP, _END_GAP = 2.0, 2.5
_CUT_MARGIN = 16.0
_CLEARANCE = 3.5


def route(graph: Graph, made: Columns, height: Sequence[float]) -> Placement:
    """Columns from left to right, as near as the arrows between them allow."""
    left, right = _column_sides(made, height)
    places = [Point(0, 0)] * len(made.slots)
    for number, column in enumerate(made.columns):
        middle = (left[number] + right[number]) / 2
        for slot in column:
            places[slot] = Point(middle, height[slot])
    router = _Router(graph, made, places, left, right)
    curves = tuple(router.curve(k) for k in range(len(graph.edges)))
    lines = _cut_lines(graph, made, left, places, curves)
    return Placement(tuple(places[: len(graph.nodes)]), curves, _labels(graph, made, places), lines)


def _labels(graph: Graph, made: Columns, places: list[Point]) -> tuple[Point | None, ...]:
    at: dict[int, Point] = {
        slot.owner: Point(place.x - slot.box.center.x, place.y)
        for slot, place in zip(made.slots, places, strict=True)
        if slot.kind == LABEL
    }
    return tuple(at[k] if edge.label else None for k, edge in enumerate(graph.edges))


def _column_sides(made: Columns, height: Sequence[float]) -> tuple[list[float], list[float]]:
    column_of = {slot: number for number, column in enumerate(made.columns) for slot in column}
    rise = [0.0] * len(made.columns)
    for a, b in made.links():
        rise[column_of[a]] = max(rise[column_of[a]], abs(height[a] - height[b]))
    left, right, x = [], [], 0.0
    for number, column in enumerate(made.columns):
        left.append(x)
        right.append(x + max((made.slots[s].box.width for s in column), default=0.0))
        x = right[-1] + _COLUMN_GAP + 0.22 * min(rise[number], 700)
    return left, right


class _Router:
    """Draws one edge after the other through its slots."""

    def __init__(
        self,
        graph: Graph,
        made: Columns,
        places: list[Point],
        left: list[float],
        right: list[float],
    ) -> None:
        self.graph, self.made, self.places = graph, made, places
        self.column = {s: number for number, column in enumerate(made.columns) for s in column}
        self.left, self.right = left, right

    def curve(self, number: int) -> Curve:
        """The smoothest way that touches nothing.

        Past its label only; or through its bends; or flat through every column that it passes and
        straight out of its bubbles, which is always free.
        """
        chain = self.made.chains[number]
        for inner in (self._label_only(chain), self._middles(chain), self._flat(chain)):
            curve = self._fanned(chain, inner)
            if self._free(curve, chain):
                return curve
        inner = self._flat(chain)
        return _smooth([*self._straight_out(chain[0]), *inner, *self._straight_in(chain[-1])])

    def _fanned(self, chain: list[int], inner: list[Point]) -> Curve:
        """Leaving and reaching the bubbles' outlines in the direction of the next point."""
        first = inner[0] if inner else self.places[chain[-1]]
        last = inner[-1] if inner else self.places[chain[0]]
        ends = self._leave(chain[0], first), self._arrive(chain[-1], last)
        return _smooth([ends[0], *inner, ends[1]])

    def _label_only(self, chain: list[int]) -> list[Point]:
        return [p for slot in chain[1:-1] if self._is_label(slot) for p in self._beside(slot)]

    def _middles(self, chain: list[int]) -> list[Point]:
        return [
            p
            for slot in chain[1:-1]
            for p in (self._beside(slot) if self._is_label(slot) else [self.places[slot]])
        ]

    def _flat(self, chain: list[int]) -> list[Point]:
        """Flat through every column the edge passes: there nothing else is at its height."""
        return [
            Point(x, self.places[slot].y)
            for slot in chain[1:-1]
            for x in (self.left[self.column[slot]], self.right[self.column[slot]])
        ]

    def _is_label(self, slot: int) -> bool:
        return self.made.slots[slot].kind == LABEL

    def _beside(self, slot: int) -> list[Point]:
        at, half = self.places[slot], self.made.slots[slot].box.width / 2
        return [Point(at.x - half, at.y), Point(at.x + half, at.y)]

    def _leave(self, slot: int, towards: Point) -> Point:
        return _on_outline(self.graph.nodes[slot], self.places[slot], towards, 1, _START_GAP)

    def _arrive(self, slot: int, towards: Point) -> Point:
        return _on_outline(self.graph.nodes[slot], self.places[slot], towards, -1, _END_GAP)

    def _straight_out(self, slot: int) -> list[Point]:
        at = self._leave(slot, Point(self.places[slot].x + 1, self.places[slot].y))
        return [at, Point(max(self.right[self.column[slot]], at.x + 1), at.y)]

    def _straight_in(self, slot: int) -> list[Point]:
        at = self._arrive(slot, Point(self.places[slot].x - 1, self.places[slot].y))
        return [Point(min(self.left[self.column[slot]], at.x - 1), at.y), at]

    def _free(self, curve: Curve, chain: list[int]) -> bool:
        """Whether the curve touches no other bubble or label, and its own only at its ends."""
        room = bounds(curve).grown(_CLEARANCE)
        first, last = self.column[chain[0]], self.column[chain[-1]]
        near = [
            slot
            for column in self.made.columns[first : last + 1]
            for slot in column
            if self._in_the_way(slot, chain) and room.overlaps(self._box(slot))
        ]
        points = list(samples(curve, 2.5)) if near else []
        return not any(self._touched(slot, chain, points) for slot in near)

    def _touched(self, slot: int, chain: list[int], points: list[Point]) -> bool:
        """Whether one of the points, which run from left to right, lies on the slot's part."""
        solid, box = self._solid(slot, chain), self._box(slot).grown(_CLEARANCE)
        start = bisect_left(points, box.left, key=_x)
        return any(map(solid, points[start : bisect_right(points, box.right, key=_x)]))

    def _in_the_way(self, slot: int, chain: list[int]) -> bool:
        kind = self.made.slots[slot].kind
        return kind == NODE or (kind == LABEL and slot not in chain)

    def _box(self, slot: int) -> Box:
        return self.made.slots[slot].box.moved(self.places[slot])

    def _solid(self, slot: int, chain: list[int]) -> Callable[[Point], bool]:
        """The test whether a point lies on a slot's bubble or label."""
        place, taken = self.places[slot], self.made.slots[slot]
        if taken.kind != NODE:
            return self._box(slot).grown(_CLEARANCE).contains
        node, margin = self.graph.nodes[taken.owner], 0.5 if slot in chain else _CLEARANCE
        return lambda p: node.covers(Point(p.x - place.x, p.y - place.y), margin)


def _x(point: Point) -> float:
    return point.x


def _on_outline(node: Node, center: Point, towards: Point, side: int, gap: float) -> Point:
    """Just outside the bubble, in a direction that is never too steep."""
    dx = max(abs(towards.x - center.x), 1e-9)
    slope = max(-_STEEPEST, min(_STEEPEST, (towards.y - center.y) / dx))
    direction = Point(side, slope)
    reach = (node.reach(direction) + gap) / math.hypot(1, slope)
    return Point(center.x + side * reach, center.y + slope * reach)


def _smooth(points: list[Point]) -> Curve:
    """A smooth curve that never overshoots its points (monotone cubic interpolation)."""
    points = [points[0], *(q for p, q in pairwise(points) if q.x > p.x + 1e-9)]
    secants = [(q.y - p.y) / (q.x - p.x) for p, q in pairwise(points)]
    inner = [_harmonic(a, b) for a, b in pairwise(secants)]
    ends = [_end_slope(secants[0]), *inner, _end_slope(secants[-1])]
    return tuple(hermite(p, ends[k], q, ends[k + 1]) for k, (p, q) in enumerate(pairwise(points)))


def _harmonic(a: float, b: float) -> float:
    """Fritsch and Butland's slope: 0 at a turn, else the harmonic mean."""
    return 2 * a * b / (a + b) if a * b > 0 else 0.0


def _end_slope(secant: float) -> float:
    return max(-_STEEPEST, min(_STEEPEST, 1.3 * secant))


def _cut_lines(
    graph: Graph, made: Columns, left: list[float], places: list[Point], curves: tuple[Curve, ...]
) -> tuple[tuple[Point, ...], ...]:
    room = _extent(made, places, curves)
    bottom, top = room.bottom - _CUT_MARGIN, room.top + _CUT_MARGIN
    xs = [left[column] for column in cut_columns(graph, made)]
    return tuple((Point(x, bottom), Point(x, top)) for x in xs)


def _extent(made: Columns, places: list[Point], curves: tuple[Curve, ...]) -> Box:
    boxes = [s.box.moved(p) for s, p in zip(made.slots, places, strict=True) if s.kind != GATE]
    boxes += [bounds(curve) for curve in curves]
    room = boxes[0]
    for box in boxes:
        room = room.joined(box)
    return room
