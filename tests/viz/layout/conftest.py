"""Random graphs to lay out: bubbles with and without tags, labels of all sizes, repeated edges."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from viz.layout import Box, Edge, Graph, Node

Maker = Callable[..., Graph]


def make_graph(seed: int, most: int = 9, chain: bool = False) -> Graph:
    rng = random.Random(seed)  # noqa: S311  (a test draws no secrets)
    count = rng.randint(3, most)
    nodes = tuple(_node(rng) for _ in range(count))
    edges: list[Edge] = []
    for target in range(1, count):
        sources = set(rng.sample(range(target), min(target, rng.randint(1, 3))))
        for source in sorted(sources | ({target - 1} if chain else set())):
            edges.append(Edge(source, target, _label(rng)))
            if rng.random() < 0.07 and not chain:
                edges.append(edges[-1])
    return Graph(nodes, tuple(edges))


def _node(rng: random.Random) -> Node:
    rx, ry = rng.uniform(20, 70), rng.uniform(16, 35)
    half = rng.uniform(15, 45)
    tag = Box(-half, -ry - 18, half, -ry + 10) if rng.random() < 0.8 else None
    return Node(rx, ry, tag, rng.random() < 0.8)


def _label(rng: random.Random) -> Box | None:
    half, height = rng.uniform(8, 45), rng.uniform(8, 40)
    return Box(-half, -0.7 * height, half, 0.3 * height) if rng.random() < 0.8 else None


@pytest.fixture
def random_graph() -> Maker:
    return make_graph
