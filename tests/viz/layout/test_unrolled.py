"""A recurrence unrolled: which graphs are one, rows and columns, cuts between steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograd_lite.errors import PictureError
from viz.layout import Box, Edge, Graph, Node
from viz.layout.check import problems
from viz.layout.choose import auto
from viz.layout.recurrence import recurrence
from viz.layout.unrolled import unrolled

STATE, WEIGHT = Node(40, 24, Box(-30, -38, 30, -12)), Node(20, 16, Box(-25, -30, 25, -8), False)
LABEL = Box(-30, -6, 30, 6)


def rnn(steps: int, tower: int = 2, weights: int = 2, label: Box | None = LABEL) -> Graph:
    """h_0, then for each step the input, the weights' copies, the state and its tower; then the sum."""
    nodes, edges, ends = [STATE], [], []
    state = 0
    for _ in range(steps):
        leaves = [STATE] + [WEIGHT] * weights
        first = len(nodes)
        nodes += [*leaves, STATE]
        before, state = state, first + len(leaves)
        edges += [Edge(first, state, label), *(Edge(first + 1 + k, state) for k in range(weights))]
        edges.append(Edge(before, state, label))
        for floor in range(tower):
            nodes.append(STATE)
            edges.append(Edge(state + floor, state + floor + 1, label))
        ends.append(state + tower)
    nodes.append(STATE)
    edges += [Edge(top, len(nodes) - 1, label) for top in ends]
    return Graph(tuple(nodes), tuple(edges))


def after_step(graph: Graph, step: int, tower: int, weights: int) -> frozenset[int]:
    return frozenset(range(1 + step * (2 + weights + tower)))


@pytest.mark.parametrize("tower", [0, 1, 2])
@pytest.mark.parametrize("weights", [0, 1, 3])
@pytest.mark.parametrize("label", [None, LABEL, Box(-70, -30, 70, 12)])
def test_every_cut_between_steps_is_exact(tower: int, weights: int, label: Box | None) -> None:
    graph = rnn(4, tower, weights, label)
    cuts = tuple(after_step(graph, step, tower, weights) for step in (1, 2, 3))
    for chosen in [(), *((cut,) for cut in cuts), cuts]:
        cut = replace(graph, cuts=chosen)
        assert problems(cut, unrolled(cut)) == []


def test_states_stand_on_one_line_and_each_tower_above_its_state() -> None:
    graph = rnn(3)
    placed = unrolled(graph)
    found = recurrence(graph)
    assert found is not None
    assert [len(step.tower) for step in found.steps] == [0, 2, 2, 2]
    assert {placed.centers[step.state].y for step in found.steps} == {0.0}
    for step in found.steps[1:]:
        assert {placed.centers[v].x for v in step.hosts} == {placed.centers[step.state].x}
        heights = [placed.centers[v].y for v in step.hosts]
        assert heights == sorted(heights)


def test_auto_unrolls_what_is_a_recurrence() -> None:
    assert auto(rnn(3)) == unrolled(rnn(3))


def test_a_cut_through_a_step_is_left_to_columns() -> None:
    graph = rnn(3)
    first = frozenset({0, 1, 2, 3, 4})  # h_0, x_1, both weights and h_1, without its tower
    cut = replace(graph, cuts=(first,))
    with pytest.raises(PictureError, match="through a time step"):
        unrolled(cut)
    assert problems(cut, auto(cut)) == []


def test_other_graphs_are_no_recurrence() -> None:
    chain = Graph((STATE,) * 4, tuple(Edge(k, k + 1) for k in range(3)))
    graph = rnn(3)
    skipping = replace(graph, edges=(*graph.edges, Edge(0, 10)))
    two_ends = replace(graph, nodes=(*graph.nodes, STATE), edges=(*graph.edges, Edge(4, 20)))
    repeated = replace(graph, edges=(*graph.edges, graph.edges[0]))
    shared = replace(graph, edges=(*graph.edges, Edge(1, 10)))  # x_1 is used at two steps
    for other in (Graph((), ()), Graph((STATE,), ()), chain, skipping, two_ends, repeated, shared):
        assert recurrence(other) is None
    with pytest.raises(PictureError, match="layered"):
        unrolled(chain)
