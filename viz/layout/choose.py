"""Which layout: by name, or the one that suits the graph."""

from __future__ import annotations

import time
import warnings
from typing import Final

from autograd_lite.errors import PictureError, PictureWarning, did_you_mean
from viz.layout.arcs import arcs, chain_like
from viz.layout.check import problems
from viz.layout.dot import available, dot
from viz.layout.graph import Graph, Layout, Placement
from viz.layout.layered import layered
from viz.layout.layers import layers
from viz.layout.recurrence import recurrence
from viz.layout.row import row
from viz.layout.unrolled import unrolled

_MOST_FOR_DOT: Final = 40  # on a page that opens while one waits
_PATIENCE: Final = 2.0  # seconds
_MOST_PASSES: Final = 4000  # columns with more take minutes, and cannot be read


def auto(graph: Graph) -> Placement:
    """Arcs for a chain and time steps for a recurrence if they find room, else columns, else one row.

    Columns are ordered by `dot` where it is installed.
    """
    return _suited(graph, dot)


def _suited(graph: Graph, program: Layout) -> Placement:
    """The layout that suits the graph, with a program that orders the columns if it is installed."""
    if passes(graph) > _MOST_PASSES:
        warnings.warn(
            "Columns for so many and so long arrows would take minutes: the variables stand in one row. "
            "Fewer names, or a smaller Style(max_variables=…), make a graph that can be read; "
            'layout="layered" draws the columns.', PictureWarning, stacklevel=3,
        )  # fmt: skip
        return row(graph)
    for suits, special in ((chain_like, arcs), (recurrence, unrolled)):
        placed = _tried(special, graph) if suits(graph) else None
        if placed is not None:
            return placed
    if available():
        try:
            return program(graph)
        except PictureError as error:
            warnings.warn(f"{error}. The built-in layout was used.", PictureWarning, stacklevel=3)
    return layered(graph)


class Quick:
    """The same where it is quick, else one row without a word: for pages that open while one waits.

    A large graph waits for no program, and one that is nearly a chain is a row in any layout. A page has
    several pictures: a `dot` that was slow, or that failed, is asked for none of the others.
    """

    def __init__(self) -> None:
        self._is_slow = False

    def __call__(self, graph: Graph) -> Placement:
        """Where everything stands in one picture of the page."""
        count, edges = len(graph.nodes), len(graph.edges)
        is_sparse = edges <= 20 or edges <= 3 * count < 1200
        if not is_sparse or passes(graph) > _MOST_PASSES:
            return row(graph)
        if count <= _MOST_FOR_DOT:
            return _suited(graph, self._dot)
        return row(graph) if 2 * len(set(layers(graph))) > count else layered(graph)

    def _dot(self, graph: Graph) -> Placement:
        if self._is_slow:
            return layered(graph)
        started, self._is_slow = time.monotonic(), True  # until it has answered
        placed = dot(graph)
        self._is_slow = time.monotonic() - started > _PATIENCE
        return placed


def passes(graph: Graph) -> int:
    """How many columns the arrows pass in all, which is what columns take time for."""
    layer = layers(graph)
    return sum(layer[edge.target] - layer[edge.source] for edge in graph.edges)


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
    "row": row,
    "arcs": arcs,
    "unrolled": unrolled,
}


def layout_of(layout: str | Layout) -> Layout:
    """The layout meant by a name, or the callable itself.

    >>> layout_of("layered") is layered
    True
    """
    if callable(layout):
        return layout
    if layout not in LAYOUTS:
        raise PictureError(f"no layout is called {layout!r}: {did_you_mean(str(layout), LAYOUTS)}")
    return LAYOUTS[layout]
