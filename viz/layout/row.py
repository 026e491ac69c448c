"""A layout for graphs with too many arrows to be disentangled: one row, arcs above and below.

It looks at each arrow once, so that a thousand take no time; every cut is a vertical line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from viz.layout.geometry import Cubic, Curve, Point, straight
from viz.layout.graph import Edge, Graph, Node, Placement

_GAP, _CLEAR, _LIFT, _RISE, _HIGHEST = 58.0, 9.0, 26.0, 17.0, 520.0


def row(graph: Graph) -> Placement:
    """Bubbles in their order on one line, an arc for each arrow, longer ones further out."""
    centers = _centers(graph.nodes)
    curves = [_curve(graph, centers, edge) for edge in graph.edges]
    labels = [
        _apex(curve) if edge.label else None
        for edge, curve in zip(graph.edges, curves, strict=True)
    ]
    reach = max((abs(_apex(curve).y) for curve in curves), default=0.0) + _LIFT
    lines = [_line(graph, centers, near, max(reach, 60.0)) for near in graph.cuts]
    return Placement(tuple(centers), tuple(curves), tuple(labels), tuple(lines))


def _centers(nodes: Sequence[Node]) -> list[Point]:
    found, x = [], 0.0
    for node in nodes:
        found.append(Point(x - node.box.left, 0.0))
        x += node.box.width + _GAP
    return found


def _curve(graph: Graph, centers: Sequence[Point], edge: Edge) -> Curve:
    a, b, steps = centers[edge.source], centers[edge.target], edge.target - edge.source
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    if steps == 1:
        start, end = source.reach(Point(1, 0)), target.reach(Point(-1, 0)) + 3
        return (straight(Point(a.x + start, 0), Point(b.x - end, 0)),)
    side = 1 if edge.source % 2 else -1
    height = side * min(_LIFT + _RISE * steps, _HIGHEST)
    slope = math.radians(42)
    out = Point(math.cos(slope), side * math.sin(slope))
    back = Point(-out.x, out.y)
    p0, p3 = _leaving(a, source, out, 1.0), _leaving(b, target, back, 4.0)
    lean = 0.3 * (p3.x - p0.x)
    return (Cubic(p0, Point(p0.x + lean, 4 / 3 * height), Point(p3.x - lean, 4 / 3 * height), p3),)


def _leaving(center: Point, node: Node, direction: Point, gap: float) -> Point:
    """Where a ray from the centre is `gap` outside of the bubble."""
    r = node.reach(direction) + gap
    return Point(center.x + r * direction.x, center.y + r * direction.y)


def _apex(curve: Curve) -> Point:
    return curve[0].at(0.5)


def _line(
    graph: Graph, centers: Sequence[Point], near: frozenset[int], reach: float
) -> tuple[Point, ...]:
    """A vertical line between the label in the gap and the first bubble beyond the cut."""
    first = min(v for v in range(len(centers)) if v not in near)
    x = centers[first].x + graph.nodes[first].box.left - _CLEAR
    return Point(x, -reach), Point(x, reach)
