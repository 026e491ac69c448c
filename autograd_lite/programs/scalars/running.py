"""What is asked of a graph's rows, answered by loops over arrays of values, adjoints and tangents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from autograd_lite.programs.scalars.extraction import NONE
from autograd_lite.programs.scalars.rows import Rows


class Loops(Protocol):
    """A way of running rows on arrays."""

    def values(self, v: Any) -> None: ...
    def slopes(self, v: Any) -> None: ...
    def pull(self, v: Any, g: Any) -> None: ...
    def push(self, v: Any, t: Any) -> None: ...


class OnArrays:
    """Values and derivatives of a graph by loops over its rows.

    The arrays are kept for the next call; a call that meets another one inside takes new ones.
    """

    def __init__(self, rows: Rows, loops: Loops) -> None:
        self.rows, self.loops = rows, loops
        self._free: list[tuple[Any, Any]] = []

    def value(self, leaves: Sequence[Any]) -> list[float]:
        """The results."""
        v, g = self._arrays(leaves)
        self.loops.values(v)
        return self._returned(v, g, v[self.rows.results])

    def pull(self, leaves: Sequence[Any], seeds: Sequence[Any]) -> tuple[list[float], list[float]]:
        """The results, and the adjoints of all leaves."""
        v, g = self._arrays(leaves)
        self.loops.values(v)
        self.loops.slopes(v)
        g.fill(0.0)
        for end, seed in zip(self.rows.ends.tolist(), seeds, strict=True):
            if end != NONE and seed is not None:
                g[end] += seed
        self.loops.pull(v, g)
        adjoints = g[: self.rows.leaves].tolist()
        return self._returned(v, g, v[self.rows.results]), adjoints

    def push(
        self, leaves: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[list[float], list[float]]:
        """The results, and their tangents."""
        v, t = self._arrays(leaves)
        self.loops.values(v)
        self.loops.slopes(v)
        t.fill(0.0)
        t[: self.rows.leaves] = [0.0 if x is None else x for x in tangents]
        self.loops.push(v, t)
        moved = [0.0 if end == NONE else t[end].item() for end in self.rows.ends.tolist()]
        return self._returned(v, t, v[self.rows.results]), moved

    def _arrays(self, leaves: Sequence[Any]) -> tuple[Any, Any]:
        rows = self.rows
        try:
            v, g = self._free.pop()
        except IndexError:
            v, g = np.empty(rows.size), np.empty(rows.nodes)
            v[rows.leaves : rows.first] = rows.literals
        v[: rows.leaves] = leaves
        return v, g

    def _returned(self, v: Any, g: Any, results: Any) -> list[float]:
        self._free.append((v, g))
        found: list[float] = results.tolist()
        return found
