"""Which layout: by name, or the one that suits the graph."""

from __future__ import annotations

import warnings
from typing import Final

from autograd_lite.errors import PictureError, PictureWarning, did_you_mean
from viz.layout.arcs import arcs, chain_like
from viz.layout.check import problems
from viz.layout.dot import available, dot
from viz.layout.graph import Graph, Layout, Placement
from viz.layout.layered import layered
from viz.layout.recurrence import recurrence
from viz.layout.unrolled import unrolled


def auto(graph: Graph) -> Placement:
    """Arcs for a chain and time steps for a recurrence if they find room, else columns.

    Columns are ordered by `dot` where it is installed.
    """
    for suits, special in ((chain_like, arcs), (recurrence, unrolled)):
        placed = _tried(special, graph) if suits(graph) else None
        if placed is not None:
            return placed
    if available():
        try:
            return dot(graph)
        except PictureError as error:
            warnings.warn(f"{error}. The built-in layout was used.", PictureWarning, stacklevel=2)
    return layered(graph)


def _tried(layout: Layout, graph: Graph) -> Placement | None:
    """The layout, if it is free of faults."""
    try:
        placed = layout(graph)
    except PictureError:
        return None
    return None if problems(graph, placed) else placed


LAYOUTS: Final[dict[str, Layout]] = {
    "auto": auto,
    "dot": dot,
    "layered": layered,
    "arcs": arcs,
    "unrolled": unrolled,
}


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
