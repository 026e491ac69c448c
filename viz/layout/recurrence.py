"""Which graphs are a recurrence: states that follow each other, each with inputs and outputs of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from viz.layout.graph import Graph
from viz.layout.layers import topological


@dataclass
class Step:
    """One time step: the state, the tower above it from bottom to top, and the leaves of each."""

    state: int
    tower: list[int] = field(default_factory=list)
    leaves: dict[int, list[int]] = field(default_factory=dict)

    @property
    def hosts(self) -> list[int]:
        """The state and its tower."""
        return [self.state, *self.tower]


@dataclass(frozen=True)
class Recurrence:
    """The steps, the output they all end in, and that one's own leaves."""

    steps: list[Step]
    end: int
    rest: list[int]


def recurrence(graph: Graph) -> Recurrence | None:
    """The graph as a recurrence of at least two steps behind the first state, if it is one."""
    after, before = _neighbours(graph)
    ends = [v for v, nodes in enumerate(after) if not nodes]
    if len(ends) != 1 or len({(e.source, e.target) for e in graph.edges}) < len(graph.edges):
        return None
    states = _states(graph, after, before, ends[0])
    steps = [Step(v, _tower(v, set(states), after, before, ends[0])) for v in states]
    hosts = {v for step in steps for v in step.hosts} | {ends[0]}
    leaves = [v for v in range(len(graph.nodes)) if v not in hosts]
    if len(states) < 3 or any(before[v] or len(after[v]) != 1 for v in leaves):
        return None
    for step in steps:
        step.leaves = {h: [v for v in leaves if after[v] == [h]] for h in step.hosts}
    found = Recurrence(steps, ends[0], [v for v in leaves if after[v] == [ends[0]]])
    return found if _edges(found) == {(e.source, e.target) for e in graph.edges} else None


Near = list[list[int]]


def _neighbours(graph: Graph) -> tuple[Near, Near]:
    after: Near = [[] for _ in graph.nodes]
    before: Near = [[] for _ in graph.nodes]
    for edge in graph.edges:
        after[edge.source].append(edge.target)
        before[edge.target].append(edge.source)
    return after, before


def _states(graph: Graph, after: Near, before: Near, end: int) -> list[int]:
    """The longest path short of the end, without the last state's tower."""
    length, previous = [0] * len(graph.nodes), [-1] * len(graph.nodes)
    order = [v for v in topological(graph) if v != end]
    for v in order:
        for u in before[v]:
            if length[u] + 1 > length[v]:
                length[v], previous[v] = length[u] + 1, u
    path = [max(order, key=length.__getitem__, default=end)]
    while previous[path[0]] >= 0:
        path.insert(0, previous[path[0]])
    height = len(_tower(path[1], set(path), after, before, end)) if len(path) > 1 else 0
    return path[: len(path) - height]


def _tower(state: int, states: set[int], after: Near, before: Near, end: int) -> list[int]:
    """What is computed from a state alone, one from the other."""
    tower: list[int] = []
    while following := [v for v in after[(tower or [state])[-1]] if v not in states and v != end]:
        if len(following) > 1 or following[0] in tower:
            return []
        tower += following
    return tower


def _edges(found: Recurrence) -> set[tuple[int, int]]:
    """The arrows that a recurrence has, and no others."""
    states = [step.state for step in found.steps]
    edges = set(pairwise(states))
    for number, step in enumerate(found.steps):
        edges |= set(zip(step.hosts, step.tower, strict=False))
        edges |= {(leaf, host) for host, leaves in step.leaves.items() for leaf in leaves}
        if number or step.tower:
            edges.add((step.hosts[-1], found.end))
    return edges | {(leaf, found.end) for leaf in found.rest}
