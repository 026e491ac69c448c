"""A graph of Values as a program: which way its rows are run, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

from autograd_lite.programs.graph import Graph
from autograd_lite.programs.scalars import compiled
from autograd_lite.programs.scalars.extraction import extracted
from autograd_lite.programs.scalars.generated import GeneratedPython
from autograd_lite.programs.scalars.levels import LevelLoops
from autograd_lite.programs.scalars.points import AtPoints
from autograd_lite.programs.scalars.rows import Rows, rows_of
from autograd_lite.programs.scalars.running import OnArrays

_WORTH_LOADING: Final = 300
"""How many rows and edges make Numba's second of loading worth while; fewer take some 30 µs in Python."""
_LINE, _ENTRY, _CALL = 0.1, 0.015, 4.5
"""Measured µs: a line of generated Python; an entry of an array by NumPy, and its call."""


class ScalarBackend:
    """Values and derivatives of a graph of Values.

    Numbers are the engine's, to a few units in the last place: compiled loops have a tanh of their own,
    NumPy's functions are not those of `math`, and a derivative that looks at its numbers (of tanh, sigmoid,
    power) has one form for all of them. Where an adjoint or a tangent is nan, zeros times infinities may be
    behind it, which only a sweep over the graph can tell.

    >>> from autograd_lite import Value, sin
    >>> from autograd_lite.programs.graph import graph_of
    >>> program = ScalarBackend(graph_of(lambda x, y: x * y + sin(x), (0.0, 2.0)))
    >>> program.value([0.0, 5.0]), program.pull([0.0, 5.0], [1.0], [0, 1])
    ([0.0], ([0.0], [6.0, 0.0], False))

    Raises SourceError for an operation that looks at its numbers, or is none of single numbers.
    """

    def __init__(self, graph: Graph) -> None:
        self.rows: Rows = rows_of(extracted(graph))

    def value(self, leaves: Sequence[Any]) -> list[float]:
        """The results at these leaves."""
        return self.way.value(leaves)

    def pull(
        self, leaves: Sequence[Any], seeds: Sequence[Any], wanted: Collection[int]
    ) -> tuple[list[float], list[float], bool]:
        """The results, the adjoints at the places `wanted`, and whether one is nan; a seed None is 0."""
        results, adjoints = self.way.pull(leaves, seeds)
        picked = adjoints if wanted == self._all else [adjoints[k] for k in wanted]
        return results, picked, _has_nan(picked)

    def push(
        self, leaves: Sequence[Any], tangents: Sequence[Any]
    ) -> tuple[list[float], list[float], bool]:
        """The results, their tangents where the leaves have these, and whether one is nan; None is 0."""
        results, moved = self.way.push(leaves, tangents)
        return results, moved, _has_nan(moved)

    def map(self, leaves: Sequence[Any]) -> list[Any]:
        """The results at many points: a leaf is an array with a number for each, or a number for all.

        >>> from autograd_lite import exp
        >>> from autograd_lite.programs.graph import graph_of
        >>> ScalarBackend(graph_of(lambda x, y: x * exp(y), (1.0, 0.0))).map([[1.0, 2.0, 3.0], 0.0])
        [array([1., 2., 3.])]

        Raises ShapeError when leaves have different numbers of points, or none has points.
        """
        return list(self._at_points.value(leaves))

    def map_pull(
        self, leaves: Sequence[Any], seeds: Sequence[Any], wanted: Collection[int]
    ) -> tuple[list[Any], list[Any]]:
        """What `pull` gives, at many points; a seed is a number, or an array with one for each point."""
        results, adjoints = self._at_points.pull(leaves, seeds)
        return list(results), [adjoints[k] for k in wanted]

    def memory(self) -> int:
        """How many bytes the rows and what is computed with them take."""
        return self.rows.nbytes

    @cached_property
    def _all(self) -> tuple[int, ...]:
        return tuple(range(self.rows.leaves))

    @cached_property
    def _at_points(self) -> AtPoints:
        return AtPoints(self.rows, self.way)

    @cached_property
    def way(self) -> OnArrays | GeneratedPython:
        """How the rows are run: by the compiled loops, or else as fits the graph."""
        rows = self.rows
        if rows.work > _WORTH_LOADING and (kernels := compiled.kernels()) is not None:
            return OnArrays(rows, compiled.CompiledLoops(rows, kernels))
        if rows.calls * _CALL + rows.work * _ENTRY < rows.work * _LINE:
            return OnArrays(rows, LevelLoops(rows))
        return GeneratedPython(rows)


def _has_nan(numbers: list[float]) -> bool:
    """Whether one is nan: then their sum is, which is quicker to tell where all is well."""
    return not math.isfinite(sum(numbers)) and any(map(math.isnan, numbers))
