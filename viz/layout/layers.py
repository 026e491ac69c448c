"""Which layer each node goes to: longest paths, block by block between the cuts."""

from __future__ import annotations

from viz.layout.cuts import blocks
from viz.layout.graph import Graph


def layers(graph: Graph) -> tuple[int, ...]:
    """A layer per node: edges only go to later layers, and each cut falls between two layers.

    >>> from viz.layout.graph import Edge, Graph, Node
    >>> bubble = Node(20, 10)
    >>> edges = (Edge(0, 1), Edge(1, 2), Edge(0, 2))
    >>> layers(Graph((bubble,) * 3, edges)), layers(Graph((bubble,) * 3, (), (frozenset({2}),)))
    ((0, 1, 2), (1, 1, 0))
    """
    block = blocks(graph)
    order = topological(graph)
    inside = _longest_paths(graph, block, order)
    first = _first_layers(block, inside)
    layer = [first[b] + k for b, k in zip(block, inside, strict=True)]
    _pull_inwards(graph, block, order, layer)
    return _without_gaps(layer)


def topological(graph: Graph) -> list[int]:
    """The nodes in an order in which every edge goes forward (the graph has no cycle)."""
    waiting = [0] * len(graph.nodes)
    for edge in graph.edges:
        waiting[edge.target] += 1
    ready = [v for v, count in enumerate(waiting) if count == 0][::-1]
    after = successors(graph)
    order = []
    while ready:
        v = ready.pop()
        order.append(v)
        for w in reversed(after[v]):
            waiting[w] -= 1
            if waiting[w] == 0:
                ready.append(w)
    return order


def successors(graph: Graph) -> list[list[int]]:
    """For each node the targets of its edges, repeated edges repeated."""
    after: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        after[edge.source].append(edge.target)
    return after


def _predecessors(graph: Graph) -> list[list[int]]:
    before: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        before[edge.target].append(edge.source)
    return before


def _longest_paths(graph: Graph, block: tuple[int, ...], order: list[int]) -> list[int]:
    before = _predecessors(graph)
    inside = [0] * len(graph.nodes)
    for v in order:
        inside[v] = max((inside[u] + 1 for u in before[v] if block[u] == block[v]), default=0)
    return inside


def _first_layers(block: tuple[int, ...], inside: list[int]) -> list[int]:
    first = [0]
    for b in range(max(block, default=0)):
        first.append(
            first[b] + 1 + max((k for k, c in zip(inside, block, strict=True) if c == b), default=0)
        )
    return first


def _pull_inwards(graph: Graph, block: tuple[int, ...], order: list[int], layer: list[int]) -> None:
    """Move nodes with more arrows out than in towards their targets: shorter arrows in all."""
    before, after = _predecessors(graph), successors(graph)
    last = {b: max(k for k, c in zip(layer, block, strict=True) if c == b) for b in set(block)}
    for v in reversed(order):
        if len(after[v]) > len(before[v]):
            nearest = min(layer[w] for w in after[v]) - 1
            layer[v] = max(layer[v], min(nearest, last[block[v]]))


def _without_gaps(layer: list[int]) -> tuple[int, ...]:
    used = {k: number for number, k in enumerate(sorted(set(layer)))}
    return tuple(used[k] for k in layer)
