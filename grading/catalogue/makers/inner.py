"""Mistakes with the inner function of a composition f(g(x)): where f' is taken, and what becomes of g'.

The inner function is a whole operand: one operation or a formula of several, up to a variable v that it is
computed from. D = ∂g/∂v then spans several steps, and the derivative is linear in what stands for f'(g)·D:
with q in its place it is right + (q - f'(g)·D)·dy/df·dv/dx.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from grading.catalogue.makers.each import Row, row
from grading.catalogue.mistake import Found, Generator

LINEAR: Final = frozenset({"add", "subtract", "negative", "alias", "multiply", "multiply_add"})
"""Operations whose derivative is the same wherever it is taken."""

Composed = Callable[[Any, Any, Node, Row], "Row | None"]
"""(question, step into f, variable v, ∂g/∂v) -> what is taken for f'(g)·∂g/∂v"""

Inside = Callable[[Any, Node], Sequence[Node]]
"""(question, g) -> what is inside g"""


def functions(q: Any) -> list[Any]:
    """The steps into functions: operations whose derivative depends on where it is taken."""
    return q.once("functions", lambda: [s for s in q.steps if not is_linear(s)])  # type: ignore[no-any-return]


def insides(q: Any) -> list[Node]:
    """The inner functions: what functions are applied to, x itself apart."""
    return [g for g in dict.fromkeys(s.source for s in functions(q)) if g is not q.x]


def is_linear(step: Any) -> bool:
    """Whether the factor of a step is the same wherever it is taken."""
    name = step.target.rule.name
    return name in LINEAR or (name == "divide" and step.operand == 0)


def composed(instead: Composed, inside: Inside) -> Generator:
    """Something else in the place of f'(g)·g', for each function f and each v inside it."""

    def generate(q: Any) -> Iterator[Found]:
        for step, v, inner, carries in q.once(("inside", inside), lambda: _places(q, inside)):
            f = instead(q, step, v, inner)
            if f is not None:
                value = q.right + (f - step.weight * inner) * carries
                words = {**step.words, "variable": q.spoken(v)}
                yield Found((q.name(v), *step.names), row(q, value), step.nodes, words)

    return generate


def _places(q: Any, inside: Inside) -> list[tuple[Any, Node, Row, Row]]:
    """Each step into a function, with each v inside it, ∂g/∂v, and dy/df·dv/dx."""
    return [
        (step, v, inner, q.total(step.target) * q.moves(v))
        for step in functions(q)
        for v in inside(q, step.source)
        if (inner := _derivative(q, step.source, v)) is not None
    ]


def variables(q: Any, g: Node) -> Sequence[Node]:
    """The variables that g is computed from, inside its equation."""
    return q.sources(g)  # type: ignore[no-any-return]


def operands(q: Any, g: Node) -> Sequence[Node]:
    """What the operation g is applied to, where that is no variable."""
    return [x for x in dict.fromkeys(g.parents) if x in q.on and x not in q.known]


def _derivative(q: Any, g: Node, v: Node) -> Row | None:
    """∂g/∂v, where v is a variable or an operand of g."""
    if v in q.known:
        return q.local(g, v)
    return sum((s.weight for s in q.steps_into.get(g, ()) if s.source is v), q.zero)


def at_inner_derivative(q: Any, step: Any, v: Node, inner: Row) -> Row | None:
    """f'(g'), the inner derivative kept as a factor."""
    f = q.slope_at(step, inner)
    return None if f is None else f * inner


def of_inner_derivative(q: Any, step: Any, v: Node, inner: Row) -> Row | None:
    """f'(g') alone."""
    return q.slope_at(step, inner)


def at_variable(q: Any, step: Any, v: Node, inner: Row) -> Row | None:
    """f'(v)·g': the outer derivative taken at the variable, and not at g."""
    f = q.slope_at(step, q.value(v))
    return None if f is None else f * inner


def as_product(q: Any, step: Any, v: Node, inner: Row) -> Row | None:
    """f(g) taken for f(v)·g(v)."""
    f = q.slope_at(step, q.value(v))
    if f is None:
        return None
    xs = q.operands(step.target)
    xs[step.operand] = q.value(v)
    return f * q.value(step.source) + q.applied(step.target, xs) * inner


def inner_is_one(q: Any, step: Any, v: Node, inner: Row) -> Row | None:
    """f'(g): the inner derivative forgotten, however many steps it has."""
    return step.weight if step.source is not v else None


# --- the outermost functions of a whole equation ---------------------------------------------------


def outermost(q: Any, b: Node) -> list[Any]:
    """The steps into the functions of b's equation that stand inside no other one."""
    return q.once(("outermost", b), lambda: _outermost(q, b))  # type: ignore[no-any-return]


def _outermost(q: Any, b: Node) -> list[Any]:
    found, walk, seen = [], [b], {b}
    for node in walk:
        for s in q.steps_into.get(node, ()):
            if not is_linear(s):
                found.append(s)
            elif s.source not in seen and s.source not in q.known:
                seen.add(s.source)
                walk.append(s.source)
    return found


def inner_forgotten_in(q: Any, b: Node) -> Row | None:
    """The change of the derivative when every function of b's equation loses its inner derivative."""
    parts = []
    for step in outermost(q, b):
        if step.source in q.known:
            continue
        carried = step.weight * q.total(step.target)
        parts += [
            carried * (1.0 - q.local(step.source, v)) * q.moves(v) for v in q.sources(step.source)
        ]
    return np.sum(parts, axis=0) if parts else None


def in_each_equation(q: Any) -> Iterator[Found]:
    """Every inner derivative of one equation forgotten."""
    for b in q.variables:
        change = inner_forgotten_in(q, b)
        if change is not None:
            yield Found((q.name(b),), q.right + change, (b,), q.ends)


def in_all_equations(q: Any) -> Iterator[Found]:
    """Every inner derivative of all equations forgotten."""
    edit: dict[int, Row] = {}
    for link in q.links:
        for step in outermost(q, link.target):
            if step.source not in q.known and link.source in q.sources(step.source):
                inner = q.local(step.source, link.source)
                outer = _within(q, step.target, link.target)
                change = outer * step.weight * (1.0 - inner)
                edit[link.edge] = edit.get(link.edge, link.weight) + change
    if len(edit) > 1:
        (value,) = q.relinked([edit])
        yield Found((), value, (), q.ends)


def _within(q: Any, node: Node, b: Node) -> Row:
    """∂b/∂node inside b's equation."""
    return q.within(b)[q.graph.number[node]]


# --- at the level of named variables ---------------------------------------------------------------

Relinked = Callable[["Elsewhere"], "Row"]
"""what is taken for ∂b/∂a·∂a/∂v, at each place"""

Point = Callable[[Any, Node, Row], Row]
"""(question, v, ∂a/∂v) -> the number that is put in the place of a"""


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """The places where b is computed from a, and a from v; b's equation with another number for a.

    places         the link from a to b, and v, for each of N places; the rest has shape (N, K)
    weight, inner  ∂b/∂a and ∂a/∂v
    carries        dy/db·dv/dx
    a              the value of a
    b_there, weight_there  b and ∂b/∂a at the other number
    """

    places: list[tuple[Any, Node]]
    weight: Row
    inner: Row
    carries: Row
    a: Row
    b_there: Row
    weight_there: Row


def between_variables(point: Point, instead: Relinked) -> Generator:
    """Something else in the place of ∂b/∂a·∂a/∂v, where b's equation is taken with another number for a."""

    def generate(q: Any) -> Iterator[Found]:
        e = q.once("elsewhere", lambda: _elsewhere(q)).get(point)
        if e is not None:
            values = q.right + (instead(e) - e.weight * e.inner) * e.carries
            for (link, v), value in zip(e.places, values, strict=True):
                words = {**link.words, "variable": q.name(v)}
                yield Found((q.name(v), *link.names), value, (v, *link.nodes), words)

    return generate


def _elsewhere(q: Any) -> dict[Point, Elsewhere]:
    """Both points in one go."""
    places = [
        (link, v) for link in q.links if outermost(q, link.target) for v in q.sources(link.source)
    ]
    if not places:
        return {}
    inner = np.array([q.local(link.source, v) for link, v in places])
    usual = (
        np.array([link.weight for link, _ in places]),
        inner,
        np.array([q.total(link.target) * q.moves(v) for link, v in places]),
        np.array([q.value(link.source) for link, _ in places]),
    )
    points = {
        at: [at(q, v, d) for (_, v), d in zip(places, inner, strict=True)]
        for at in (at_value, at_derivative)
    }
    there = np.empty((2, len(points), len(places), q.k))
    for b in dict.fromkeys(link.target for link, _ in places):
        own = [n for n, (link, _) in enumerate(places) if link.target is b]
        tried = [places[n][0].source for n in own] * len(points)
        found = q.equation(b).at(tried, [numbers[n] for numbers in points.values() for n in own])
        there[:, :, own] = np.reshape(found, (2, len(points), len(own), q.k))
    return {at: Elsewhere(places, *usual, *there[:, i]) for i, at in enumerate(points)}


def at_value(q: Any, v: Node, d: Row) -> Row:
    """The equation is taken at v."""
    return q.value(v)


def at_derivative(q: Any, v: Node, d: Row) -> Row:
    """The equation is taken at ∂a/∂v."""
    return d
