"""Which cuts one picture can show: each must separate, and they must be nested."""

from __future__ import annotations

from itertools import pairwise

from autograd_lite.errors import PictureError
from viz.layout.graph import Graph


def check_cuts(graph: Graph) -> None:
    """Refuse cuts that are no cuts, or that cross each other, saying which and why."""
    for number, near in enumerate(graph.cuts):
        _check_sides(graph, number, near)
        _check_direction(graph, number, near)
    for (j, a), (k, b) in _neighbours(graph):
        if not a < b:
            raise PictureError(
                f"cuts {j} and {k} cross each other: neither's near side contains the other's, "
                "so no picture can show both as lines from top to bottom; draw them one by one"
            )


def _check_sides(graph: Graph, number: int, near: frozenset[int]) -> None:
    if not near or len(near) >= len(graph.nodes):
        side = "near" if not near else "far"
        raise PictureError(
            f"cut {number} has nothing on its {side} side, so there is no line to draw"
        )


def _check_direction(graph: Graph, number: int, near: frozenset[int]) -> None:
    for edge in graph.edges:
        if edge.target in near and edge.source not in near:
            raise PictureError(
                f"cut {number} does not separate: edge {edge.source} → {edge.target} runs from its "
                "far side back to its near side; put the source on the near side too"
            )


Numbered = tuple[int, frozenset[int]]


def _neighbours(graph: Graph) -> list[tuple[Numbered, Numbered]]:
    ordered = sorted(enumerate(graph.cuts), key=lambda item: len(item[1]))
    return list(pairwise(ordered))


def blocks(graph: Graph) -> tuple[int, ...]:
    """For each node, how many cuts it lies beyond."""
    return tuple(sum(v not in near for near in graph.cuts) for v in range(len(graph.nodes)))
