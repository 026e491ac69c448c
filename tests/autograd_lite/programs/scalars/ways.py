"""The three ways in which rows are run, each on its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd_lite.programs.graph import Graph, graph_of
from autograd_lite.programs.scalars import compiled
from autograd_lite.programs.scalars.extraction import extracted
from autograd_lite.programs.scalars.generated import GeneratedPython
from autograd_lite.programs.scalars.levels import LevelLoops
from autograd_lite.programs.scalars.rows import Rows, rows_of
from autograd_lite.programs.scalars.running import OnArrays


def by_compiled_loops(rows: Rows) -> OnArrays:
    pytest.importorskip("numba")
    kernels = compiled.kernels()
    assert kernels is not None
    return OnArrays(rows, compiled.CompiledLoops(rows, kernels))


def by_level(rows: Rows) -> OnArrays:
    return OnArrays(rows, LevelLoops(rows))


WAYS: dict[str, Callable[[Rows], Any]] = {
    "compiled": by_compiled_loops, "by level": by_level, "generated": GeneratedPython
}  # fmt: skip


def rows_for(graph: Graph) -> Rows:
    return rows_of(extracted(graph))


def rows_at(f: Callable[..., Any], *example: Any) -> Rows:
    return rows_for(graph_of(f, example))


def units(a: float, b: float, scale: float | None = None) -> float:
    """How far a is from b, in units in the last place of b, or of `scale`."""
    if a == b or (a != a and b != b):
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / math.ulp(b if scale is None else scale)
