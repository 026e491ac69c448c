"""The combinators of the catalogue: a mistake at each variable, each path, each step, or in the whole answer.

A question is named q. It has q.right, q.total(v) = dy/dv, q.moves(v) = dv/dx, q.inner (variables between),
q.ways (paths) with their products, q.steps (from operand to operation) and q.links (between variables), each
with its right factor `weight` and with `carries`: with f in the place of the factor the derivative is
right + (f - weight)·carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.node import Node
from grading.catalogue.mistake import Found, Generator
from grading.catalogue.places import Later

Row: TypeAlias = Any
_MOST_COMPARED: Final = 40
_SUMS: Final = frozenset({"add", "subtract", "negative", "alias"})


@dataclass(frozen=True, eq=False)
class Swept:
    """Several factors at once: where, what to highlight, and by edge what is taken for its factor."""

    where: tuple[str, ...]
    nodes: tuple[Node, ...]
    factors: Mapping[int, Row]
    words: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Along:
    """The products of all paths' factors, and their sums, shape (paths, K)."""

    product: Row
    added: Row


OfWays: TypeAlias = Callable[[Any, Along], Row]
"""(question, products and sums of all paths) -> what a mistake gives, at each path in turn"""


def at(q: Any, v: Node) -> dict[str, Any]:
    """The ends of the question, and the place: {at}."""
    return {**q.ends, "at": Later(lambda: q.spoken(v))}


def answer(value: Callable[[Any], Row | None]) -> Generator:
    """A mistake about the whole answer."""

    def generate(q: Any) -> Iterator[Found]:
        found = value(q)
        if found is not None:
            yield Found((), row(q, found), (), q.ends)

    return generate


def each(
    choose: Callable[[Any], Iterable[Node]], value: Callable[[Any, Node], Row | None]
) -> Generator:
    """A mistake at each of the chosen nodes."""

    def generate(q: Any) -> Iterator[Found]:
        for v in choose(q):
            found = value(q, v)
            if found is not None:
                yield Found((q.name(v),), row(q, found), (v,), at(q, v))

    return generate


def inner(q: Any) -> Iterable[Node]:
    """The variables strictly between x and y."""
    return q.inner  # type: ignore[no-any-return]


def unnamed(q: Any) -> Iterable[Node]:
    """The operations inside equations, between x and y."""
    return q.unnamed  # type: ignore[no-any-return]


def each_way(value: OfWays) -> Generator:
    """A mistake at each path between variables, where there are two at least."""
    return lambda q: _of_ways(q, q.ways, value) if q.number_of_ways > 1 else ()


def each_fine_way(value: OfWays) -> Generator:
    """A mistake at each path from operation to operation, where these are more."""

    def generate(q: Any) -> Iterable[Found]:
        return _of_ways(q, q.fine_ways, value) if q.number_of_fine_ways > q.number_of_ways else ()

    return generate


def every_fine_way(value: OfWays) -> Generator:
    """A mistake at each path from operation to operation, also where it is the only one."""
    return lambda q: _of_ways(q, q.fine_ways, value)


def every_way(value: OfWays) -> Generator:
    """A mistake at each path between variables, also where it is the only one."""
    return lambda q: _of_ways(q, q.ways, value)


def _of_ways(q: Any, ways: Sequence[Any], value: OfWays) -> Iterator[Found]:
    if ways:
        along = Along(np.array([w.product for w in ways]), np.array([w.added for w in ways]))
        for way, found in zip(ways, value(q, along), strict=True):
            yield Found(way.names, found, way.nodes, q.once(way, lambda way=way: _of_way(q, way)))


def _of_way(q: Any, way: Any) -> dict[str, object]:
    """The ends, which path it is, and what is missing where it is the only one that was counted."""
    x, y = q.name(q.x), q.name(q.y)
    others = [w for w in q.ways if w is not way] if q.number_of_ways == 2 else ()
    missing = f"the other paths from {x} to {y} are"
    if len(others) == 1:
        through = others[0].inner
        missing = (
            f"the path through {through} is" if through else f"the direct effect of {x} on {y} is"
        )
    path = Later(lambda: _path(q, way))
    return {**q.ends, "path": path, "missing": missing, "where": trail(q, way.nodes)}


def _path(q: Any, way: Any) -> str:
    """Which path it is, by the variables on it; whole where another one leads through all of these too."""
    between = set(way.names[1:-1])
    if not way.inner:
        return f"the direct effect of {q.name(q.x)} on {q.name(q.y)}"
    if between and any(between < set(w.names) and w is not way for w in q.ways[:_MOST_COMPARED]):
        return f"the path {' → '.join(way.names)}"
    return f"the path through {way.inner}"


def trail(q: Any, nodes: Iterable[Node]) -> Later:
    """Places one after the other: "d → -d → exp(-d) → T"."""
    return Later(lambda: " → ".join(q.spoken(v, v) for v in nodes))


def each_step(factor: Callable[[Any, Any], Row | None]) -> Generator:
    """Another factor at each step from an operand to its operation."""
    return lambda q: _of_steps(q, q.steps, factor)


def each_link(factor: Callable[[Any, Any], Row | None]) -> Generator:
    """Another factor at each step from variable to variable."""
    return lambda q: _of_steps(q, q.links, factor)


def _of_steps(
    q: Any, steps: Iterable[Any], factor: Callable[[Any, Any], Row | None]
) -> Iterator[Found]:
    taken = {step: f for step in steps if (f := factor(q, step)) is not None}
    if not taken:
        return
    factors = np.array([*taken.values()])
    weights = np.array([step.weight for step in taken])
    values = q.right + (factors - weights) * np.array([step.carries for step in taken])
    same = (factors == weights).all(axis=1)
    for step, value, is_same in zip(taken, values, same, strict=True):
        if not (is_same and _is_sum(step)):
            yield Found(step.names, value, step.nodes, step.words)


def _is_sum(step: Any) -> bool:
    """Whether the factor is that of a sum, 1 or -1 whatever the numbers: no mistake is seen there."""
    return step.operand >= 0 and step.target.rule.name in _SUMS


def swept(edits: Callable[[Any], Iterable[Swept]]) -> Generator:
    """Other factors at several operations at once: one sweep for all places."""
    return lambda q: _of_sweeps(q, list(edits(q)), q.edited)


def relinked(edits: Callable[[Any], Iterable[Swept]]) -> Generator:
    """Other factors between several variables at once."""
    return lambda q: _of_sweeps(q, list(edits(q)), q.relinked)


def _of_sweeps(q: Any, edits: list[Swept], sweep: Callable[[Any], list[Row]]) -> Iterator[Found]:
    values = sweep([e.factors for e in edits]) if edits else []
    for edit, value in zip(edits, values, strict=True):
        yield Found(edit.where, value, edit.nodes, {**q.ends, **edit.words})


def row(q: Any, value: Any) -> Row:
    """A value at each point."""
    if type(value) is np.ndarray and value.shape == q.zero.shape and value.dtype == np.float64:
        return value
    return np.full(q.k, value, np.float64)
