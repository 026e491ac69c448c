"""A graph spread over columns: every edge becomes a chain of slots, one in each column it passes.

Between two columns of bubbles lie a column of gates for a cut (if one falls there) and a column of
labels. A gate is where an edge crosses the cut: all gates of a cut share its column, all near nodes
lie before it and all far nodes behind it, so the line through that column crosses exactly the cut's
edges, once each.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from viz.layout.cuts import blocks, check_cuts
from viz.layout.geometry import Box
from viz.layout.graph import Edge, Graph
from viz.layout.layers import layers

NODE, LABEL, GATE, BEND = "node", "label", "gate", "bend"
_GATE_ROOM = Box(0, -7, 0, 7)
_BEND_ROOM = Box(0, -5, 0, 5)


@dataclass(frozen=True)
class Slot:
    """A place in a column: for a bubble, a label, a gate or a bend of a long edge."""

    kind: str
    box: Box
    owner: int  # the node's number, or the edge's


@dataclass
class Columns:
    """The slots by column, and for each edge the chain of slots it runs through."""

    columns: list[list[int]] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    chains: list[list[int]] = field(default_factory=list)

    def add(self, column: int, slot: Slot) -> int:
        """Put a slot at the bottom of a column."""
        self.slots.append(slot)
        self.columns[column].append(len(self.slots) - 1)
        return len(self.slots) - 1

    def links(self) -> list[tuple[int, int]]:
        """The pairs of slots in neighbouring columns that an edge joins."""
        return [pair for chain in self.chains for pair in pairwise(chain)]


def spread(graph: Graph) -> Columns:
    """The columns of a graph, after its cuts have been checked; node v has slot v."""
    check_cuts(graph)
    layer = layers(graph)
    gaps = _label_gaps(graph, layer)
    made = Columns()
    starts = _make_columns(made, graph, layer, gaps)
    for v, node in enumerate(graph.nodes):
        made.add(starts[layer[v]], Slot(NODE, node.box, v))
    for k, edge in enumerate(graph.edges):
        span = range(starts[layer[edge.source]] + 1, starts[layer[edge.target]])
        made.chains.append(_chain(made, k, edge, span, gaps[k], starts))
    return made


def _make_columns(
    made: Columns, graph: Graph, layer: tuple[int, ...], gaps: list[int | None]
) -> list[int]:
    """Lay out the empty columns; the answer is the column of each layer."""
    cut_after = {max(layer[v] for v in near) for near in graph.cuts}
    starts = []
    for number in range(max(layer, default=-1) + 1):
        starts.append(len(made.kinds))
        made.kinds.append(NODE)
        made.kinds += [GATE] if number in cut_after else []
        made.kinds += [LABEL] if number in gaps else []
    made.columns = [[] for _ in made.kinds]
    return starts


def _chain(
    made: Columns, number: int, edge: Edge, span: range, gap: int | None, starts: list[int]
) -> list[int]:
    home = None if gap is None else _label_column(made, starts[gap])
    inner = [
        made.add(column, _pass(made.kinds[column], column == home, number, edge)) for column in span
    ]
    return [edge.source, *inner, edge.target]


def _label_column(made: Columns, start: int) -> int:
    return start + 1 + made.kinds[start + 1 :].index(LABEL)


def _pass(kind: str, home: bool, number: int, edge: Edge) -> Slot:
    if home:
        return Slot(LABEL, edge.label or _BEND_ROOM, number)
    return Slot(GATE, _GATE_ROOM, number) if kind == GATE else Slot(BEND, _BEND_ROOM, number)


def _label_gaps(graph: Graph, layer: tuple[int, ...]) -> list[int | None]:
    """Behind which layer each label goes: where the fewest are yet, nearest to its source."""
    load: dict[int, int] = defaultdict(int)
    gaps: list[int | None] = [None] * len(graph.edges)
    bent = _repeated(graph)
    short_first = sorted(
        range(len(gaps)), key=lambda k: layer[graph.edges[k].target] - layer[graph.edges[k].source]
    )
    for k in short_first:
        edge = graph.edges[k]
        if edge.label or k in bent:
            gap = min(range(layer[edge.source], layer[edge.target]), key=lambda g: (load[g], g))
            load[gap] += 1
            gaps[k] = gap
    return gaps


def _repeated(graph: Graph) -> set[int]:
    """Edges that join the same two nodes: each needs a place of its own to be told apart."""
    groups = defaultdict(list)
    for k, edge in enumerate(graph.edges):
        groups[edge.source, edge.target].append(k)
    return {k for group in groups.values() if len(group) > 1 for k in group}


def cut_columns(graph: Graph, made: Columns) -> list[int]:
    """The column of each cut, in the order in which the graph lists its cuts."""
    gates = [column for column, kind in enumerate(made.kinds) if kind == GATE]
    beyond = blocks(graph)
    return [
        gates[min(beyond[v] for v in range(len(beyond)) if v not in near) - 1]
        for near in graph.cuts
    ]
