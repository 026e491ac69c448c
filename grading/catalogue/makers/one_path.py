"""A factor that is forgotten on one path only, though it stands on others too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row
from grading.catalogue.mistake import Found

MOST: Final = 400
"""Candidates of this kind for one question: a factor on one path is one of very many places."""


def between_variables(q: Any) -> Iterator[Found]:
    """On each path each factor between variables."""
    return _forgotten(q, {e.edge: [(e, 1.0 - e.weight)] for e in q.links})


def inside_equations(q: Any) -> Iterator[Found]:
    """On each path each factor inside the equations along it."""
    return _forgotten(q, {link.edge: list(_inside(q, link)) for link in q.links})


def _forgotten(q: Any, changes: dict[int, list[tuple[Any, Row]]]) -> Iterator[Found]:
    """Each change of a partial derivative on one path only, where there are others."""
    ways = q.ways if q.number_of_ways > 1 else ()
    places = ((way, link) for way in ways for link in way.steps)
    tried = [*islice(((*p, *c) for p in places for c in changes[p[1].edge]), MOST)]
    if not tried:
        return
    others = [[s.edge for s in way.steps if s is not link] for way, link, _, _ in tried]
    values = q.right + q.graph.named.along(others) * np.array([change for *_, change in tried])
    for (way, _, step, _), value in zip(tried, values, strict=True):
        words = {**q.ends, "step": " → ".join(step.names), "path": way.spoken}
        yield Found(way.names, value, way.nodes, words)


def _inside(q: Any, link: Any) -> Iterator[tuple[Any, Row]]:
    """The change of a partial derivative when one factor inside its equation is 1."""
    a, b = link.source, link.target
    steps = [s for s in q.steps_in.get(b, ()) if _by(q, s.source, a)]
    for s in steps if len(steps) > 1 else ():
        moved = 1.0 if s.source is a else q.local(s.source, a)
        yield s, q.within(b)[q.graph.number[s.target]] * (1.0 - s.weight) * moved


def _by(q: Any, node: Any, a: Any) -> bool:
    return node is a or (node not in q.known and a in q.sources(node))
