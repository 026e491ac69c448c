"""A factor that is forgotten on one path only, though it stands on others too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row, trail
from grading.catalogue.mistake import Found

MOST: Final = 400
"""Candidates of this kind for one question: a factor on one path is one of very many places."""


def between_variables(q: Any) -> Iterator[Found]:
    """On each path each factor between variables."""
    return islice(_forgotten(q, {e.edge: [(e, 1.0 - e.weight)] for e in q.links}), MOST)


def inside_equations(q: Any) -> Iterator[Found]:
    """On each path each factor inside the equations along it."""
    return islice(_forgotten(q, {link.edge: list(_inside(q, link)) for link in q.links}), MOST)


def _forgotten(q: Any, changes: dict[int, list[tuple[Any, Row]]]) -> Iterator[Found]:
    """Each change of a partial derivative on one path only, where there are others."""
    for way in q.ways if q.number_of_ways > 1 else ():
        for j, link in enumerate(way.steps):
            rest = _product([s.weight for i, s in enumerate(way.steps) if i != j], q.zero + 1.0)
            for step, change in changes[link.edge]:
                words = {
                    **q.ends,
                    "step": trail(q, (step.source, step.target)),
                    "path": " → ".join(way.names),
                }
                yield Found(way.names, q.right + rest * change, way.nodes, words)


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
