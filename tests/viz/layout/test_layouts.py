"""Layouts: no overlaps, arrows end on their bubbles, every cut crosses exactly its edges, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograd_lite.errors import PictureError, PictureWarning
from viz.layout import Box, Edge, Graph, Layout, Node
from viz.layout.arcs import arcs, chain_like
from viz.layout.check import overlaps, problems
from viz.layout.choose import auto, layout_of
from viz.layout.dot import available, dot
from viz.layout.layered import layered

needs_dot = pytest.mark.skipif(not available(), reason="dot is not on PATH: apt install graphviz")
ENGINES = [layered, pytest.param(dot, marks=needs_dot)]


def prefixes(graph: Graph) -> list[frozenset[int]]:
    return [frozenset(range(k)) for k in range(1, len(graph.nodes))]


@pytest.mark.parametrize("seed", range(64))
@pytest.mark.parametrize("engine", ENGINES)
def test_every_prefix_cut_of_random_graphs_is_exact(random_graph, engine, seed) -> None:
    graph = random_graph(seed)
    cuts = prefixes(graph)
    for near in [None, *(cuts if engine is layered else cuts[:2])]:
        cut = replace(graph, cuts=(near,) if near else ())
        assert problems(cut, engine(cut)) == []


@pytest.mark.parametrize("engine", [*ENGINES, auto])
def test_all_nested_cuts_at_once_are_exact(random_graph, engine: Layout) -> None:
    for seed in range(8):
        graph = random_graph(seed, most=12)
        graph = replace(graph, cuts=tuple(prefixes(graph)))
        assert problems(graph, engine(graph)) == []


def test_cuts_are_answered_in_the_order_given(random_graph) -> None:
    graph = random_graph(3)
    inner, outer = frozenset({0}), frozenset({0, 1})
    lines = layered(replace(graph, cuts=(outer, inner))).cuts
    assert lines[1][0].x < lines[0][0].x


def complete(count: int, label: Box) -> Graph:
    bubble = Node(34, 26, Box(-30, -40, 30, -14))
    edges = tuple(Edge(a, b, label) for b in range(count) for a in range(b))
    return Graph((bubble,) * count, edges)


def test_the_written_example_is_laid_on_one_line_and_all_its_cuts_are_exact() -> None:
    graph = complete(6, Box(-9, -5, 9, 5))
    graph = replace(graph, cuts=tuple(prefixes(graph)))
    assert chain_like(graph)
    placed = auto(graph)
    assert {center.y for center in placed.centers} == {0.0}
    assert problems(graph, placed) == []


@pytest.mark.parametrize("seed", range(20))
def test_prefix_cuts_of_chains_with_arcs_are_exact(random_graph, seed: int) -> None:
    graph = random_graph(seed, most=8, chain=True)
    for near in prefixes(graph):
        cut = replace(graph, cuts=(near,))
        found = problems(cut, arcs(cut))
        assert not [fault for fault in found if "cut" in fault]


def test_auto_leaves_arcs_for_columns_when_their_labels_find_no_room() -> None:
    graph = complete(6, Box(-80, -60, 80, 60))
    assert chain_like(graph)
    assert problems(graph, auto(graph)) == []


def test_a_sparse_chain_is_no_case_for_arcs_and_no_chain_is_refused(random_graph) -> None:
    bubble = Node(20, 20)
    line = Graph((bubble,) * 3, (Edge(0, 1), Edge(1, 2)))
    fork = Graph((bubble,) * 3, (Edge(0, 1), Edge(0, 2)))
    assert not chain_like(line)
    with pytest.raises(PictureError, match="chain"):
        arcs(fork)


@pytest.mark.parametrize("engine", [*ENGINES, auto])
def test_odd_graphs_are_laid_out(engine: Layout) -> None:
    bubble = Node(20, 20)
    for graph in (
        Graph((), ()),
        Graph((bubble,), ()),
        Graph((bubble,) * 4, ()),
        Graph((bubble,) * 2, (Edge(0, 1),) * 3),
        Graph((bubble,) * 4, (Edge(2, 1), Edge(3, 0))),
    ):
        assert problems(graph, engine(graph)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_graph_is_laid_out_the_same(random_graph, engine: Layout) -> None:
    assert engine(random_graph(5)) == engine(random_graph(5))


@pytest.mark.parametrize("engine", [*ENGINES, arcs])
@pytest.mark.parametrize(
    ("cuts", "why"),
    [
        ((frozenset[int](),), "near side"),
        ((frozenset({0, 1, 2}),), "far side"),
        ((frozenset({1}),), "does not separate"),
        ((frozenset({0}), frozenset({0})), "cross"),
    ],
)
def test_what_is_no_cut_is_refused_with_the_reason(engine: Layout, cuts, why: str) -> None:
    bubble = Node(20, 20)
    graph = Graph((bubble,) * 3, (Edge(0, 1), Edge(1, 2)), cuts)
    with pytest.raises(PictureError, match=why):
        engine(graph)


def test_cuts_that_cross_are_refused() -> None:
    bubble = Node(20, 20)
    graph = Graph((bubble,) * 3, (Edge(0, 2), Edge(1, 2)), (frozenset({0}), frozenset({1})))
    with pytest.raises(PictureError, match="cross each other"):
        layered(graph)


def test_an_unknown_layout_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(PictureError, match="layered"):
        layout_of("layerd")


def test_a_hundred_bubbles_overlap_nowhere(random_graph) -> None:
    graph = random_graph(2, most=9)
    copies = 100 // len(graph.nodes) + 1
    nodes = graph.nodes * copies
    size = len(graph.nodes)
    edges = [Edge(e.source + k * size, e.target + k * size, e.label)
             for k in range(copies) for e in graph.edges]  # fmt: skip
    edges += [Edge(k * size, (k + 1) * size) for k in range(copies - 1)]
    whole = Graph(nodes, tuple(edges))
    assert overlaps(whole, layered(whole)) == []


@pytest.mark.parametrize("script", ["echo garbage", "echo node s0", "exit 3"])
def test_a_dot_that_does_not_work_is_as_good_as_none(
    random_graph, tmp_path, monkeypatch, script: str
) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    graph = random_graph(3)
    with pytest.raises(PictureError, match="dot"):
        dot(graph)
    with pytest.warns(PictureWarning, match="built-in layout was used"):
        assert problems(graph, auto(graph)) == []
