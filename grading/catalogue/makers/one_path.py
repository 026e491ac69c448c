"""A factor that is forgotten on one path only, though it stands on others too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row, trail
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
    tried: list[tuple[Any, Any, Row]] = []
    others: list[Sequence[int]] = []
    places = ((way, link) for way in ways for link in way.steps)
    for way, link in places:
        tried += ((way, step, change) for step, change in changes[link.edge])
        others += [[s.edge for s in way.steps if s is not link]] * len(changes[link.edge])
        if len(tried) >= MOST:
            break
    if not tried:
        return
    rest = q.graph.named.along(others[:MOST])
    values = q.right + rest * np.array([change for *_, change in tried[:MOST]])
    for (along, step, _), value in zip(tried, values, strict=False):
        words = {**q.ends, "step": trail(q, step.nodes), "path": along.spoken}
        yield Found(along.names, value, along.nodes, words)


def _inside(q: Any, link: Any) -> Iterator[tuple[Any, Row]]:
    """The change of a partial derivative when one factor inside its equation is 1."""
    a, b = link.source, link.target
    steps = [s for s in q.steps_in.get(b, ()) if _by(q, s.source, a)]
    for s in steps if len(steps) > 1 else ():
        moved = 1.0 if s.source is a else q.local(s.source, a)
        yield s, q.within(b)[q.graph.number[s.target]] * (1.0 - s.weight) * moved


def _by(q: Any, node: Any, a: Any) -> bool:
    return node is a or (node not in q.known and a in q.sources(node))
