"""A layout that takes the nodes in another order than they are numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from viz.layout.graph import Graph, Layout, Placement


def permuted(layout: Layout, order: Sequence[int]) -> Layout:
    """The layout of the same graph, its nodes in this order, if no arrow then leads back."""
    number = {k: place for place, k in enumerate(order)}

    def laid(graph: Graph) -> Placement:
        ends = [(number[e.target], number[e.source]) for e in graph.edges]
        if list(order) == sorted(order) or any(target < source for target, source in ends):
            return layout(graph)
        edges = sorted(range(len(ends)), key=ends.__getitem__)
        turned = Graph(
            tuple(graph.nodes[k] for k in order),
            tuple(replace(graph.edges[e], target=ends[e][0], source=ends[e][1]) for e in edges),
            tuple(frozenset(number[k] for k in near) for near in graph.cuts),
        )
        placed = layout(turned)
        back = {e: k for k, e in enumerate(edges)}
        return replace(
            placed,
            centers=tuple(placed.centers[number[k]] for k in range(len(graph.nodes))),
            curves=tuple(placed.curves[back[e]] for e in range(len(ends))),
            labels=tuple(placed.labels[back[e]] for e in range(len(ends))),
        )

    return laid
