"""Which layout: by name, or the one that suits the graph."""

from __future__ import annotations

from typing import Final

from autograd_lite.errors import PictureError, did_you_mean
from viz.layout.arcs import arcs, chain_like
from viz.layout.check import problems
from viz.layout.dot import available, dot
from viz.layout.graph import Graph, Layout, Placement
from viz.layout.layered import layered


def auto(graph: Graph) -> Placement:
    """Arcs for a chain if they find room, else columns, ordered by `dot` where it is installed."""
    if chain_like(graph):
        placed = arcs(graph)
        if not problems(graph, placed):
            return placed
    return dot(graph) if available() else layered(graph)


LAYOUTS: Final[dict[str, Layout]] = {"auto": auto, "dot": dot, "layered": layered, "arcs": arcs}


def chosen(layout: str | Layout) -> Layout:
    """The layout meant by a name, or the callable itself.

    >>> chosen("layered") is layered
    True
    """
    if callable(layout):
        return layout
    if layout not in LAYOUTS:
        raise PictureError(f"no layout is called {layout!r}: {did_you_mean(str(layout), LAYOUTS)}")
    return LAYOUTS[layout]
