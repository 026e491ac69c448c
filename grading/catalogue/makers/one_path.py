"""A factor that is forgotten on one path only, though it stands on others too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row
from grading.catalogue.mistake import Found

MOST: Final = 400
"""Candidates of this kind for one question: a factor on one path is one of very many places."""


def factor_forgotten(q: Any) -> Iterator[Found]:
    """On each path each factor between variables, and each factor inside its equations."""
    if q.number_of_ways < 2:
        return
    inside = {link.edge: list(_inside(q, link)) for link in q.links}
    left = MOST
    for way in q.ways:
        for j, link in enumerate(way.steps):
            rest = _product([s.weight for i, s in enumerate(way.steps) if i != j], q.zero + 1.0)
            for step, change in [(link, 1.0 - link.weight), *inside[link.edge]]:
                words = {**q.ends, "step": " → ".join(step.names), "path": " → ".join(way.names)}
                yield Found(way.names, q.right + rest * change, way.nodes, words)
                left -= 1
        if left < 0:
            return


def _inside(q: Any, link: Any) -> Iterator[tuple[Any, Row]]:
    """The change of a partial derivative when one factor inside its equation is 1."""
    a, b = link.source, link.target
    steps = [s for s in q.steps if q.graph.owner[s.target] is b and _by(q, s.source, a)]
    for s in steps if len(steps) > 1 else ():
        moved = 1.0 if s.source is a else q.local(s.source, a)
        yield s, q.within(b)[q.graph.number[s.target]] * (1.0 - s.weight) * moved


def _by(q: Any, node: Any, a: Any) -> bool:
    return node is a or (node not in q.known and a in q.sources(node))


def _product(factors: list[Row], one: Row) -> Row:
    return np.prod(factors, axis=0) if factors else one
