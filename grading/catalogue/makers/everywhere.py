"""One wrong rule wherever it fits: at all its operations, in the whole graph or in one equation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

from autograd_lite.node import Node
from grading.catalogue.makers.each import Row, Swept, each_step, swept
from grading.catalogue.makers.inner import is_linear
from grading.catalogue.mistake import Found, Generator, Mistake
from grading.catalogue.places import word

_EVERY: Final = "every "
"""What a place that is several operations begins with."""


def everywhere(identifier: str) -> Generator:
    """One malrule at every operation that has it: in the whole graph, and in one equation."""

    def edits(q: Any) -> Iterator[Swept]:
        wrong = q.malrules.get(identifier, {})
        for every, nodes in _groups(q, list(wrong)):
            edit = {step.edge: f for node in nodes for step, f in wrong[node]}
            yield Swept((every,), tuple(nodes), edit, {"at": every})

    return swept(edits)


def every_factor(factor: Callable[[Any, Any], Row]) -> Callable[[Any], Iterator[Swept]]:
    """The same wrong factor at every operation of one name: in the whole graph, and in one equation."""

    def edits(q: Any) -> Iterator[Swept]:
        by_rule: dict[str, dict[Node, list[Any]]] = {}
        for step in q.steps:
            if not is_linear(step):
                by_rule.setdefault(step.target.rule.name, {}).setdefault(step.target, []).append(
                    step
                )
        for found in by_rule.values():
            for every, nodes in _groups(q, list(found)):
                edit = {s.edge: factor(q, s) for node in nodes for s in found[node]}
                yield Swept((every,), tuple(nodes), edit, {"at": every})

    return edits


def every_step(factor: Callable[[Any, Any], Row | None]) -> Generator:
    """Another factor at each step from an operand to its operation, and at all of them at once."""

    def edits(q: Any) -> Iterator[Swept]:
        found: dict[Node, dict[int, Row]] = {}
        for step in q.steps:
            f = factor(q, step)
            if f is not None:
                found.setdefault(step.target, {})[step.edge] = f
        for every, nodes in _groups(q, list(found)):
            edit = {e: f for node in nodes for e, f in found[node].items()}
            yield Swept((every,), tuple(nodes), edit, {"at": every, "target": every})

    return lambda q: chain(each_step(factor)(q), swept(edits)(q))


OfTwo: TypeAlias = Callable[[Any, Any, Any, Row, Row], Row]
"""(question, step of a, step of b, a', b') -> what is taken for the derivative of the operation"""


def every_pair(pairs: Callable[[Any], Mapping[Node, Any]], wrong: OfTwo) -> Generator:
    """Something else for the derivative by x of all these products or quotients of two factors that move."""

    def generate(q: Any) -> Iterator[Found]:
        for every, nodes in _groups(q, list(pairs(q))):
            value = _moved(q, frozenset(nodes), wrong)
            yield Found((every,), value, tuple(nodes), {**q.ends, "at": every})

    return generate


def _moved(q: Any, nodes: Iterable[Node], wrong: OfTwo) -> Row:
    """dy/dx where these operations move by a rule of their own, from x on."""
    moved = {q.x: q.zero + 1.0}
    for node, steps in q.steps_into.items():  # in order of evaluation
        rates = [moved[step.source] for step in steps]
        if node in nodes:
            moved[node] = wrong(q, *steps, *rates)
        else:
            moved[node] = sum((s.weight * r for s, r in zip(steps, rates, strict=True)), q.zero)
    return moved[q.y]


def of_family(rows: Sequence[Mistake]) -> Iterator[Mistake]:
    """What these rows find at several operations, as mistakes of family K1."""
    for m in rows:
        yield Mistake("K1", f"{m.name}, everywhere", m.says, m.prior, _several(m))


def _several(m: Mistake) -> Generator:
    def generate(q: Any) -> Iterator[Found]:
        for found in q.found_by(m.generate):
            if found.where and found.where[0].startswith(_EVERY):
                yield Found((m.identifier, *found.where), found.value, found.nodes, found.words)

    return generate


Group: TypeAlias = tuple[str, list[Node]]
"""What several operations are called together, and these"""


def _groups(q: Any, nodes: list[Node]) -> Iterator[Group]:
    if len(nodes) < 2:
        return
    every = f"{_EVERY}{' and '.join(dict.fromkeys(map(word, nodes)))}"
    yield every, nodes
    by_rule: dict[str, list[Node]] = {}
    for node in nodes:
        by_rule.setdefault(word(node), []).append(node)
    for name, some in by_rule.items() if len(by_rule) > 1 else ():
        yield f"{_EVERY}{name}", some
    by_equation: dict[Node, list[Node]] = {}
    for node in nodes:
        by_equation.setdefault(q.graph.owner[node], []).append(node)
    for b, some in by_equation.items():
        if 1 < len(some) < len(nodes):
            yield f"{every} in {q.name(b)}", some
