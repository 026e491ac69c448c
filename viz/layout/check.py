"""Is a placement right? Each check returns what is wrong, in words; an empty list if nothing is."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from viz.layout.geometry import Box, Cubic, Curve, Point, bounds, samples
from viz.layout.graph import Graph, Placement


def problems(graph: Graph, placed: Placement) -> list[str]:
    """Everything that is wrong with a placement."""
    return [
        *overlaps(graph, placed),
        *loose_ends(graph, placed),
        *collisions(graph, placed),
        *wrong_crossings(graph, placed),
        *cut_collisions(graph, placed),
    ]


def boxes(graph: Graph, placed: Placement) -> dict[str, Box]:
    """The boxes of all bubbles and labels, by a name for messages."""
    found = {
        f"node {v}": n.box.moved(c)
        for v, (n, c) in enumerate(zip(graph.nodes, placed.centers, strict=True))
    }
    for k, (edge, at) in enumerate(zip(graph.edges, placed.labels, strict=True)):
        if edge.label and at:
            found[f"label {k}"] = edge.label.moved(at)
    return found


def overlaps(graph: Graph, placed: Placement) -> list[str]:
    """Pairs of bubbles and labels that share room."""
    pairs = combinations(boxes(graph, placed).items(), 2)
    return [f"{a} overlaps {b}" for (a, p), (b, q) in pairs if p.overlaps(q)]


def loose_ends(graph: Graph, placed: Placement, reach: float = 4.0) -> list[str]:
    """Arrows that do not start and end at the outline of their bubbles."""
    wrong = []
    for k, (edge, curve) in enumerate(zip(graph.edges, placed.curves, strict=True)):
        for v, end in ((edge.source, curve[0].p0), (edge.target, curve[-1].p3)):
            near = _covered(graph, placed, v, end, reach)
            inside = _covered(graph, placed, v, end, 0.0)
            wrong += [] if near and not inside else [f"edge {k} does not end at node {v}"]
    return wrong


def _covered(graph: Graph, placed: Placement, v: int, point: Point, margin: float) -> bool:
    center = placed.centers[v]
    return graph.nodes[v].covers(Point(point.x - center.x, point.y - center.y), margin)


def collisions(graph: Graph, placed: Placement) -> list[str]:
    """Arrows that run through a bubble that is not theirs, or through another arrow's label."""
    wrong = []
    solid = {
        v: n.box.moved(c) for v, (n, c) in enumerate(zip(graph.nodes, placed.centers, strict=True))
    }
    labels = _label_boxes(graph, placed)
    for k, (edge, curve) in enumerate(zip(graph.edges, placed.curves, strict=True)):
        room, points = bounds(curve), list(samples(curve, 2.0))
        others = [
            v
            for v, box in solid.items()
            if box.overlaps(room) and v not in (edge.source, edge.target)
        ]
        hit = [v for v in others if any(_covered(graph, placed, v, p, 0.0) for p in points)]
        wrong += [f"edge {k} runs through node {v}" for v in hit]
        near = [(j, box) for j, box in labels.items() if j != k and box.overlaps(room)]
        through = [j for j, box in near if any(box.contains(p) for p in points)]
        wrong += [f"edge {k} runs through label {j}" for j in through]
    return wrong


def _label_boxes(graph: Graph, placed: Placement) -> dict[int, Box]:
    pairs = enumerate(zip(graph.edges, placed.labels, strict=True))
    return {k: edge.label.moved(at) for k, (edge, at) in pairs if edge.label and at}


def wrong_crossings(graph: Graph, placed: Placement) -> list[str]:
    """Arrows that a cut line does not cross once, or crosses without being of its cut."""
    wrong = []
    for number, line in enumerate(placed.cuts):
        expected = graph.crossing(number)
        for k, curve in enumerate(placed.curves):
            found = len(crossings(curve, line))
            if found != (k in expected):
                wrong.append(
                    f"cut {number} crosses edge {k} {found} times, not {int(k in expected)}"
                )
    return wrong


def cut_collisions(graph: Graph, placed: Placement) -> list[str]:
    """Cut lines that run through a bubble or a label."""
    found = boxes(graph, placed).items()
    lines = [(c, a, b) for c, line in enumerate(placed.cuts) for a, b in pairwise(line)]
    return [
        f"cut {c} runs through {n}" for c, a, b in lines for n, box in found if _meets(box, a, b)
    ]


def _meets(box: Box, a: Point, b: Point) -> bool:
    """Whether a segment enters the box (Liang and Barsky)."""
    enter, leave = 0.0, 1.0
    spans = ((a.x, b.x, box.left, box.right), (a.y, b.y, box.bottom, box.top))
    for start, end, low, high in spans:
        if start == end:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / (end - start), (high - start) / (end - start)))
        enter, leave = max(enter, near), min(leave, far)
    return enter < leave


def crossings(curve: Curve, line: tuple[Point, ...]) -> list[Point]:
    """Where a curve crosses a line of segments: roots of the cubic along the segment's normal."""
    found: list[Point] = []
    room = bounds(curve)
    for a, b in pairwise(line):
        if _meets(room.grown(1), a, b):
            for piece in curve:
                found += [p for p in _on_segment(piece, a, b) if not _known(p, found)]
    return found


def _known(point: Point, found: list[Point]) -> bool:
    """The joint of two pieces is one crossing, not two."""
    return any(abs(point.x - p.x) + abs(point.y - p.y) < 1e-6 for p in found)


def _on_segment(piece: Cubic, a: Point, b: Point) -> list[Point]:
    along = Point(b.x - a.x, b.y - a.y)
    d = [(p.x - a.x) * along.y - (p.y - a.y) * along.x for p in piece.points]
    power = [
        d[3] - 3 * d[2] + 3 * d[1] - d[0],
        3 * (d[2] - 2 * d[1] + d[0]),
        3 * (d[1] - d[0]),
        d[0],
    ]
    points = [piece.at(t) for t in _unit_roots(power, max(map(abs, d)))]
    length = along.x**2 + along.y**2
    at = (((p.x - a.x) * along.x + (p.y - a.y) * along.y) / length for p in points)
    return [p for p, s in zip(points, at, strict=True) if -1e-9 <= s <= 1 + 1e-9]


def _unit_roots(power: list[float], scale: float) -> list[float]:
    """Real roots in [0, 1]; coefficients that are only rounding are no coefficients."""
    if scale == 0:
        return []
    cleaned = [0.0 if abs(c) < 1e-12 * scale else c for c in power]
    roots = np.roots(cleaned)
    real = roots[np.abs(roots.imag) < 1e-7].real
    return [float(min(1.0, max(0.0, t))) for t in real if -1e-9 <= t <= 1 + 1e-9]
