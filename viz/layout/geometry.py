"""Points, boxes and cubic Bézier curves: the plane geometry every layout shares."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the page, in points (1/72 inch), y upwards."""

    x: float
    y: float

    def moved(self, by: Point) -> Point:
        """The same point, `by` further right and up."""
        return Point(self.x + by.x, self.y + by.y)


@dataclass(frozen=True)
class Box:
    """An axis-parallel rectangle; relative to an anchor until it is moved to one."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> Point:
        """The middle of the box."""
        return Point((self.left + self.right) / 2, (self.bottom + self.top) / 2)

    def moved(self, by: Point) -> Box:
        """The same box, `by` further right and up."""
        return Box(self.left + by.x, self.bottom + by.y, self.right + by.x, self.top + by.y)

    def grown(self, margin: float) -> Box:
        """The same box with a margin all round."""
        return Box(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def holds(self, other: Box, slack: float = 1e-6) -> bool:
        """Whether `other` lies inside."""
        across = self.left - slack <= other.left and other.right <= self.right + slack
        return across and self.bottom - slack <= other.bottom and other.top <= self.top + slack

    def contains(self, point: Point) -> bool:
        """Whether the point lies strictly inside."""
        return self.left < point.x < self.right and self.bottom < point.y < self.top


@dataclass(frozen=True)
class Cubic:
    """One cubic Bézier piece, B(t) = Σ C(3,k) (1−t)^(3−k) t^k p_k for t in [0, 1]."""

    p0: Point
    p1: Point
    p2: Point
    p3: Point

    @property
    def points(self) -> tuple[Point, Point, Point, Point]:
        """The four control points."""
        return self.p0, self.p1, self.p2, self.p3

    def moved(self, by: Point) -> Cubic:
        """The same piece elsewhere."""
        return Cubic(*(point.moved(by) for point in self.points))

    def at(self, t: float) -> Point:
        """The point B(t)."""
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        return Point(
            *(a * p + b * q + c * r + d * w for p, q, r, w in zip(*self.points, strict=True))
        )

    def split(self, t: float) -> tuple[Cubic, Cubic]:
        """The pieces before and after t (de Casteljau)."""
        p01, p12, p23 = (_between(a, b, t) for a, b in pairwise(self.points))
        p012, p123 = _between(p01, p12, t), _between(p12, p23, t)
        middle = _between(p012, p123, t)
        return Cubic(self.p0, p01, p012, middle), Cubic(middle, p123, p23, self.p3)

    def part(self, start: float, stop: float) -> Cubic:
        """The piece from t = start to t = stop."""
        first = self.split(stop)[0]
        return first.split(start / stop)[1] if start > 0 else first


Curve = tuple[Cubic, ...]


def _between(a: Point, b: Point, t: float) -> Point:
    return Point(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)


def hermite(a: Point, slope_a: float, b: Point, slope_b: float) -> Cubic:
    """The graph of a cubic y(x) from a to b with these slopes; x runs evenly, so it never turns."""
    third = (b.x - a.x) / 3
    near = Point(a.x + third, a.y + third * slope_a)
    far = Point(b.x - third, b.y - third * slope_b)
    return Cubic(a, near, far, b)


def straight(a: Point, b: Point) -> Cubic:
    """A straight line as a Bézier piece."""
    return Cubic(a, _between(a, b, 1 / 3), _between(a, b, 2 / 3), b)


def samples(curve: Curve, step: float = 3.0) -> Iterator[Point]:
    """Points along the curve, at most about `step` apart."""
    for piece in curve:
        count = max(2, math.ceil(_length_bound(piece) / step))
        yield from (piece.at(k / count) for k in range(count + 1))


def _length_bound(piece: Cubic) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(piece.points))


def bounds(curve: Curve) -> Box:
    """A box around the curve (that of its control points, which never is too small)."""
    points = [p for piece in curve for p in piece.points]
    xs, ys = [p.x for p in points], [p.y for p in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
