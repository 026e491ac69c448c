"""The parts of a curve that are seen beside a label that sits on it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from viz.layout.geometry import Box, Cubic, Curve

_STEPS, _STEP = 24, 3.0


def outside(curve: Curve, box: Box) -> tuple[Curve, ...]:
    """The curve without what lies in the box, as the pieces that are left."""
    runs: list[list[Cubic]] = [[]]
    for piece in curve:
        seen = 0.0
        for start, stop in _visible(piece, box):
            if start > seen:
                runs.append([])
            runs[-1].append(piece.part(start, stop))
            seen = stop
        if seen < 1:
            runs.append([])
    return tuple(tuple(run) for run in runs if run)


def _visible(piece: Cubic, box: Box) -> list[tuple[float, float]]:
    """The stretches of t in which a piece is outside the box."""
    # steps short enough to see a small label on a long line
    steps = max(_STEPS, math.ceil(sum(math.dist(a, b) for a, b in pairwise(piece.points)) / _STEP))
    hidden = _contained(piece, box, np.arange(steps + 1) / steps)
    turns = [k for k in range(steps) if hidden[k] != hidden[k + 1]]
    edges = [0.0, *(_edge(piece, box, k / steps, (k + 1) / steps) for k in turns), 1.0]
    stretches = list(pairwise(edges))
    return [s for k, s in enumerate(stretches) if (k % 2 == 0) != hidden[0] and s[1] > s[0]]


def _contained(piece: Cubic, box: Box, t: Any) -> list[bool]:
    """Whether each of many points of a piece lies in the box."""
    s = 1 - t
    a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    x, y = (a * p + b * q + c * r + d * w for p, q, r, w in zip(*piece.points, strict=True))
    inside = (box.left < x) & (x < box.right) & (box.bottom < y) & (y < box.top)
    return inside.tolist()  # type: ignore[no-any-return]


def _edge(piece: Cubic, box: Box, low: float, high: float) -> float:
    """Where between two parameters the curve crosses the box's edge (bisection)."""
    inside = box.contains(piece.at(low))
    for _ in range(30):
        middle = (low + high) / 2
        if box.contains(piece.at(middle)) == inside:
            low = middle
        else:
            high = middle
    return high
