"""Lines along the axes with rounded corners: the way of a bus, a rail or a loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from viz.layout.geometry import Cubic, Curve, Point, straight

_ARC: Final = 0.5523  # how far the handles of a quarter circle reach, in radii


def rounded(points: Sequence[Point], radius: float = 10.0) -> Curve:
    """The way through these points in straight lines, with corners of this radius where there is room.

    points  two or more places
    radius  in points; half of the shorter line at a corner, if that is less

    >>> bend = rounded([Point(0, 0), Point(50, 0), Point(50, 40)], 10)
    >>> [(piece.p0[:], piece.p3[:]) for piece in bend]
    [((0, 0), (40.0, 0.0)), ((40.0, 0.0), (50.0, 10.0)), ((50.0, 10.0), (50, 40))]
    """
    pieces: list[Cubic] = []
    start = points[0]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(math.dist(before, corner), math.dist(corner, after)) / 2
        reach = min(radius, room)
        into, out = _toward(corner, before, reach), _toward(corner, after, reach)
        pieces += [straight(start, into), _corner(into, corner, out)]
        start = out
    return (*pieces, straight(start, points[-1]))


def circle(at: Point, radius: float) -> Curve:
    """A circle from its highest point on, with the clock.

    >>> [tuple(piece.p0) for piece in circle(Point(0, 0), 2.0)]
    [(0.0, 2.0), (2.0, 0.0), (0.0, -2.0), (-2.0, 0.0)]
    """
    ends = [
        Point(at.x + radius * x, at.y + radius * y) for x, y in ((0, 1), (1, 0), (0, -1), (-1, 0))
    ]
    corners = [
        Point(at.x + radius * x, at.y + radius * y) for x, y in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    ]
    return tuple(
        _corner(a, corner, b)
        for a, corner, b in zip(ends, corners, (*ends[1:], ends[0]), strict=True)
    )


def turned(curve: Curve) -> Curve:
    """The same line from its end to its start."""
    return tuple(Cubic(p.p3, p.p2, p.p1, p.p0) for p in reversed(curve))


def through(points: Sequence[Point]) -> list[Point]:
    """Points of a way along the axes: between two that share no coordinate the corner (x of the second).

    >>> [tuple(p) for p in through([Point(0, 0), Point(30, 20)])]
    [(0, 0), (30, 0), (30, 20)]
    """
    way = [points[0]]
    for a, b in pairwise(points):
        if a.x != b.x and a.y != b.y:
            way.append(Point(b.x, a.y))
        way.append(b)
    return way


def _toward(a: Point, b: Point, by: float) -> Point:
    share = by / (math.dist(a, b) or 1.0)
    return Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)


def _corner(into: Point, corner: Point, out: Point) -> Cubic:
    near = Point(*(a + (c - a) * _ARC for a, c in zip(into, corner, strict=True)))
    far = Point(*(b + (c - b) * _ARC for b, c in zip(out, corner, strict=True)))
    return Cubic(into, near, far, out)
