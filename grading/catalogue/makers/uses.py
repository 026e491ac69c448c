"""A variable that is used several times, and an output that is a sum: some of the contributions only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from autograd_lite.node import Node
from grading.catalogue.makers.each import Row, Swept
from grading.catalogue.mistake import Found, Generator

MOST_IN_SUBSETS: Final = 5
"""Of more than this not every subset is tried, but single ones, all but one, the first and the last ones."""

Chosen = Callable[[int], Sequence[tuple[int, ...]]]


def one(n: int) -> Sequence[tuple[int, ...]]:
    """Each alone."""
    return [(i,) for i in range(n)]


def several(n: int) -> Sequence[tuple[int, ...]]:
    """Several of them, and not all."""
    if n <= MOST_IN_SUBSETS:
        return [c for size in range(2, n) for c in combinations(range(n), size)]
    but_one = [tuple(j for j in range(n) if j != i) for i in range(n)]
    first = [tuple(range(size)) for size in range(2, n - 1)]
    last = [tuple(range(n - size, n)) for size in range(2, n - 1)]
    return but_one + first + last


def uses(q: Any) -> list[list[Any]]:
    """The steps out of x, where there are two at least: between operations, and between variables."""
    fine = [s for s in q.steps if s.source is q.x]
    links = [s for s in q.links if s.source is q.x]
    same = len(fine) == len(links)
    return [steps for steps in ([links] if same else [fine, links]) if len(steps) > 1]


def some_uses(choose: Chosen) -> Generator:
    """The derivative through some of the uses of x."""

    def generate(q: Any) -> Iterator[Found]:
        for steps in uses(q):
            parts = [s.weight * q.total(s.target) for s in steps]
            for chosen in choose(len(steps)):
                where = tuple(steps[i].names[1] for i in chosen)
                nodes = (q.x, *(steps[i].target for i in chosen))
                words = {**q.ends, "some": " and ".join(q.spoken(v) for v in nodes[1:])}
                yield Found(where, sum((parts[i] for i in chosen), q.zero), nodes, words)

    return generate


def mean_of_uses(q: Any) -> Iterator[Found]:
    """The mean over the uses of x."""
    for steps in uses(q):
        yield Found((), q.right / len(steps), (q.x,), q.ends)


# --- fan-outs --------------------------------------------------------------------------------------


def fan_outs(q: Any, steps: Sequence[Any]) -> dict[Node, list[Any]]:
    """The steps out of each node that has several, the first in sweep order first."""
    found: dict[Node, list[Any]] = {}
    for s in sorted(steps, key=lambda s: (-q.graph.number[s.target], s.operand)):
        found.setdefault(s.source, []).append(s)
    return {v: out for v, out in found.items() if len(out) > 1}


def overwritten(
    kept: int, steps: Callable[[Any], Sequence[Any]]
) -> Callable[[Any], Iterator[Swept]]:
    """Of what a node gets from several consumers the last (-1) or first (0) one alone, at each such node."""

    def edits(q: Any) -> Iterator[Swept]:
        for v, out in fan_outs(q, steps(q)).items():
            lost = {s.edge: q.zero for s in out if s is not out[kept]}
            yield Swept((q.name(v),), (v,), lost, {"at": q.spoken(v)})

    return edits


def overwritten_everywhere(
    kept: int, steps: Callable[[Any], Sequence[Any]]
) -> Callable[[Any], Iterator[Swept]]:
    """The same at every such node at once."""

    def edits(q: Any) -> Iterator[Swept]:
        found = fan_outs(q, steps(q))
        if len(found) > 1:
            lost = {s.edge: q.zero for out in found.values() for s in out if s is not out[kept]}
            yield Swept((), tuple(found), lost)

    return edits


# --- sums ------------------------------------------------------------------------------------------


MOST_TERMS: Final = 64
"""A sum of more terms counts as one: where it is computed from itself again and again they are very many."""


def terms(q: Any) -> list[tuple[Node, Row]]:
    """The terms of the sum that y is, each with dy/dterm; also those that do not move with x."""
    return q.once("terms", lambda: _terms(q))  # type: ignore[no-any-return]


def _terms(q: Any) -> list[tuple[Node, Row]]:
    found, walk = [], [(q.y, q.zero + 1.0)]
    while walk:
        node, g = walk.pop()
        parts = _parts(q, node)
        if not parts:
            found.append((node, g))
        else:
            walk.extend((x, g * w) for x, w in reversed(parts))
        if len(found) + len(walk) > MOST_TERMS:
            return [(q.y, q.zero + 1.0)]
    return found


def _parts(q: Any, node: Node) -> list[tuple[Node, Row]] | None:
    """The operands of a sum, or the one of a multiple, each with its factor."""
    name = node.rule.name
    nodes = [(i, x) for i, x in enumerate(node.operands) if isinstance(x, Node) and x.requires_grad]
    if name in ("add", "subtract"):
        return [(x, q.zero + (-1.0 if name == "subtract" and i else 1.0)) for i, x in nodes]
    single = len(nodes) == 1 and (
        name in ("multiply", "negative", "alias") or (name == "divide" and nodes[0][0] == 0)
    )
    if single:
        i, x = nodes[0]
        return [(x, q.slope_of(node, i))]
    return None


def some_terms(choose: Chosen) -> Generator:
    """The derivative of some of the terms of y alone."""

    def generate(q: Any) -> Iterator[Found]:
        parts = [(node, g * q.moves(node)) for node, g in terms(q)]
        moved = [(node, c) for node, c in parts if node in q.on]
        if len(parts) > 1 and q.x is not q.y:
            for chosen in choose(len(moved)) if len(moved) > 1 else ():
                nodes = tuple(moved[i][0] for i in chosen)
                value = sum((moved[i][1] for i in chosen), q.zero)
                words = {**q.ends, "some": " and ".join(map(q.spoken, nodes))}
                yield Found(tuple(map(q.name, nodes)), value, nodes, words)

    return generate
