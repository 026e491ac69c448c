"""The built-in layered layout (Sugiyama): it needs no program beside Python."""

from __future__ import annotations

from viz.layout.columns import spread
from viz.layout.graph import Graph, Placement
from viz.layout.order import few_crossings
from viz.layout.route import route
from viz.layout.straighten import heights


def layered(graph: Graph) -> Placement:
    """Place a graph in columns from left to right, every cut in a column of its own."""
    if not graph.nodes:
        return Placement((), (), (), ())
    made = spread(graph)
    return route(graph, made, heights(made, few_crossings(made)))
