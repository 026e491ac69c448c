"""The combinators of the catalogue: a mistake at each variable, each path, each step, or in the whole answer.

A question is named q. It has q.right, q.total(v) = dy/dv, q.moves(v) = dv/dx, q.inner (variables between),
q.ways (paths) with their products, q.steps (from operand to operation) and q.links (between variables), each
with its right factor `weight` and with `carries`: with f in the place of the factor the derivative is
right + (f - weight)·carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.node import Node
from grading.catalogue.mistake import Found, Generator

Row: TypeAlias = Any
_SUMS: Final = frozenset({"add", "subtract", "negative", "alias"})


@dataclass(frozen=True, eq=False)
class Swept:
    """Several factors at once: where, what to highlight, and by edge what is taken for its factor."""

    where: tuple[str, ...]
    nodes: tuple[Node, ...]
    factors: Mapping[int, Row]
    words: Mapping[str, str] = field(default_factory=dict)


def at(q: Any, v: Node) -> dict[str, str]:
    """The ends of the question, and the place: {at}."""
    return {**q.ends, "at": q.spoken(v)}


def between(q: Any, step: Any) -> dict[str, str]:
    """The ends of the question, and those of a step: {source} and {target}, which is also {at}."""
    target = q.spoken(step.target)
    source = q.spoken(step.source, step.target)
    return {**q.ends, "source": source, "target": target, "at": target}


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


def each_way(value: Callable[[Any, Any], Row | None]) -> Generator:
    """A mistake at each path between variables, where there are two at least."""
    return lambda q: _of_ways(q, q.ways, value) if q.number_of_ways > 1 else ()


def each_fine_way(value: Callable[[Any, Any], Row | None]) -> Generator:
    """A mistake at each path from operation to operation, where these are more."""

    def generate(q: Any) -> Iterable[Found]:
        return _of_ways(q, q.fine_ways, value) if q.number_of_fine_ways > q.number_of_ways else ()

    return generate


def every_fine_way(value: Callable[[Any, Any], Row | None]) -> Generator:
    """A mistake at each path from operation to operation, also where it is the only one."""
    return lambda q: _of_ways(q, q.fine_ways, value)


def every_way(value: Callable[[Any, Any], Row | None]) -> Generator:
    """A mistake at each path between variables, also where it is the only one."""
    return lambda q: _of_ways(q, q.ways, value)


def _of_ways(
    q: Any, ways: Iterable[Any], value: Callable[[Any, Any], Row | None]
) -> Iterator[Found]:
    for way in ways:
        found = value(q, way)
        if found is not None:
            words = {**q.ends, **_of_way(q, way), "where": trail(q, way.nodes)}
            yield Found(way.names, row(q, found), way.nodes, words)


def trail(q: Any, nodes: Iterable[Node]) -> str:
    """Places one after the other: "d → -d → exp(-d) → T"."""
    return " → ".join(q.spoken(v, v) for v in nodes)


def _of_way(q: Any, way: Any) -> dict[str, str]:
    """Which path it is, and what is missing where it is the only one that was counted."""
    x, y = q.name(q.x), q.name(q.y)
    others = [w for w in q.ways if w is not way]
    missing = f"the other paths from {x} to {y} are"
    if len(others) == 1 and q.number_of_ways == 2:
        through = others[0].inner
        missing = (
            f"the path through {through} is" if through else f"the direct effect of {x} on {y} is"
        )
    path = f"the path through {way.inner}" if way.inner else f"the direct effect of {x} on {y}"
    between = set(way.names[1:-1])
    if between and any(
        between < set(other.names) for other in others
    ):  # others lead through it too
        path = f"the path {' → '.join(way.names)}"
    return {"path": path, "missing": missing}


def each_step(factor: Callable[[Any, Any], Row | None]) -> Generator:
    """Another factor at each step from an operand to its operation."""
    return lambda q: _of_steps(q, q.steps, factor)


def each_link(factor: Callable[[Any, Any], Row | None]) -> Generator:
    """Another factor at each step from variable to variable."""
    return lambda q: _of_steps(q, q.links, factor)


def _of_steps(
    q: Any, steps: Iterable[Any], factor: Callable[[Any, Any], Row | None]
) -> Iterator[Found]:
    for step in steps:
        f = factor(q, step)
        if f is not None and not _is_right(step, f):
            value = q.right + (f - step.weight) * step.carries
            yield Found(step.names, row(q, value), step.nodes, between(q, step))


def _is_right(step: Any, f: Row) -> bool:
    """Whether a factor is that of a sum, which is 1 or -1 whatever the numbers: no mistake is seen there."""
    return step.operand >= 0 and step.target.rule.name in _SUMS and bool(np.all(f == step.weight))


def swept(edits: Callable[[Any], Iterable[Swept]]) -> Generator:
    """Other factors at several operations at once: one sweep for all places."""
    return lambda q: _of_sweeps(q, list(edits(q)), q.edited)


def relinked(edits: Callable[[Any], Iterable[Swept]]) -> Generator:
    """Other factors between several variables at once."""
    return lambda q: _of_sweeps(q, list(edits(q)), q.relinked)


def _of_sweeps(q: Any, edits: list[Swept], sweep: Callable[[Any], list[Row]]) -> Iterator[Found]:
    for edit, value in zip(edits, sweep([e.factors for e in edits]), strict=True):
        yield Found(edit.where, value, edit.nodes, {**q.ends, **edit.words})


def row(q: Any, value: Any) -> Row:
    """A value at each point."""
    value = np.asarray(value, np.float64)
    return value if value.shape == (q.k,) else np.full(q.k, value)
