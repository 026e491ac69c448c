"""The same program at many points: all at once by NumPy, or one after the other, whichever is quicker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import ShapeError
from autograd_lite.programs.scalars.compiled import CompiledLoops
from autograd_lite.programs.scalars.extraction import NONE
from autograd_lite.programs.scalars.levels import LevelLoops
from autograd_lite.programs.scalars.rows import Rows

Points = NDArray[np.float64]
_AT_ONCE: Final = 500_000
"""How many numbers stand in memory at most, of all points that are computed together."""


class AtPoints:
    """A program's answers where leaves are arrays with one number a point.

    rows  the program
    way   what answers for one point. The compiled loops take some 5 µs for a small graph; so does each of
          NumPy's calls, however many the points: so points go by NumPy where they are more than the calls
    """

    def __init__(self, rows: Rows, way: Any) -> None:
        self.rows, self.way = rows, way

    def value(self, leaves: Sequence[Any]) -> Points:
        """The results, one a row, at all points."""
        xs = self._broadcast(leaves)
        blocks = self._blocks(xs.shape[1])
        if blocks is None:
            by_point = np.array([self.way.value(x) for x in np.ascontiguousarray(xs.T)])
            found: Points = by_point.reshape(xs.shape[1], -1).T
            return found
        parts = [self._values(xs[:, at], slopes=False)[self.rows.results] for at in blocks]
        return np.concatenate(parts, axis=1)

    def pull(self, leaves: Sequence[Any], seeds: Sequence[Any]) -> tuple[Points, Points]:
        """The results and the adjoints of all leaves, one a row, at all points."""
        xs = self._broadcast(leaves)
        points = xs.shape[1]
        seeds = [np.broadcast_to(0.0 if seed is None else seed, points) for seed in seeds]
        blocks = self._blocks(points)
        if blocks is None:
            by_point = np.ascontiguousarray(xs.T), np.array(seeds).T.tolist()
            parts = [self.way.pull(x, s) for x, s in zip(*by_point, strict=True)]
            results, adjoints = (
                np.array(x).reshape(points, -1).T for x in zip(*parts, strict=True)
            )
            return results, adjoints
        parts = [self._pulled(xs[:, at], [seed[at] for seed in seeds]) for at in blocks]
        results, adjoints = (np.concatenate(x, axis=1) for x in zip(*parts, strict=True))
        return results, adjoints

    @cached_property
    def loops(self) -> LevelLoops:
        return LevelLoops(self.rows)

    def _broadcast(self, leaves: Sequence[Any]) -> Points:
        lengths = {np.shape(x) for x in leaves} - {()}
        if len(lengths) != 1 or len(next(iter(lengths))) != 1:
            shapes = ", ".join(map(str, sorted(lengths))) or "numbers alone"
            raise ShapeError(
                f"points are arrays of one axis, all equally long, or numbers that stay the same; these "
                f"are {shapes}"
            )
        xs: Points = np.array(np.broadcast_arrays(*leaves), np.float64)
        return xs

    def _blocks(self, points: int) -> list[slice] | None:
        """The points in portions; None where they are computed one by one."""
        portion = max(1, min(points, _AT_ONCE // max(1, self.rows.size)))
        is_compiled = isinstance(getattr(self.way, "loops", None), CompiledLoops)
        if is_compiled and points and portion < self.rows.calls:
            return None
        return [slice(k, k + portion) for k in range(0, max(1, points), portion)]

    def _values(self, leaves: Points, *, slopes: bool) -> Points:
        rows = self.rows
        v = np.empty((rows.size, leaves.shape[1]))
        v[: rows.leaves] = leaves
        v[rows.leaves : rows.first] = rows.literals[:, None]
        self.loops.values(v)
        if slopes:
            self.loops.slopes(v)
        return v

    def _pulled(self, leaves: Points, seeds: Sequence[Any]) -> tuple[Points, Points]:
        rows = self.rows
        v = self._values(leaves, slopes=True)
        g = np.zeros((rows.nodes, leaves.shape[1]))
        for end, seed in zip(rows.ends.tolist(), seeds, strict=True):
            if end != NONE:
                g[end] += seed
        self.loops.pull(v, g)
        return v[rows.results], g[: rows.leaves]
