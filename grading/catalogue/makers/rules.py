"""Wrong local derivatives: those that the operations' records name, at one place or wherever they fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays
from grading.catalogue.makers.each import Row, at
from grading.catalogue.makers.everywhere import OfTwo, every_pair, everywhere
from grading.catalogue.mistake import Found, Generator


def malrule(identifier: str) -> Generator:
    """The malrule of this identifier wherever it fits: at one operation, at all of them, in one equation."""
    return lambda q: chain(at_one(identifier)(q), everywhere(identifier)(q))


def at_one(identifier: str) -> Generator:
    """The malrule of this identifier at each operand of each operation that has it, and at all of these."""

    def generate(q: Any) -> Iterator[Found]:
        for node, wrong in q.malrules.get(identifier, {}).items():
            total = q.right
            for step, f in wrong:
                change = (f - step.weight) * step.carries
                total = total + change
                yield Found((q.name(node),), q.right + change, step.nodes, at(q, node))
            if len(wrong) > 1:
                yield Found((q.name(node),), total, (node,), at(q, node))

    return generate


def of_own_records(known: frozenset[str]) -> Generator:
    """Malrules of operations that somebody has added, with identifiers of their own."""

    def generate(q: Any) -> Iterator[Found]:
        for identifier in sorted(q.malrules.keys() - known):
            for found in at_one(identifier)(q):
                words = {**found.words, "rule": identifier}
                yield Found((identifier, *found.where), found.value, found.nodes, words)

    return generate


_KEPT: Final = frozenset({"sin", "cos", "tan", "log", "sqrt", "arctan", "sinh", "cosh"})
"""Functions that may be left as they are; of the others the records say so themselves."""


# --- products and quotients: both terms at once ----------------------------------------------------


def of_two(rules: tuple[str, ...], wrong: OfTwo) -> Generator:
    """Something else for the whole derivative of a product or quotient: at one place, or wherever it fits."""
    at_several = every_pair(lambda q: dict(_of_two_operands(q, rules)), wrong)
    return lambda q: chain(_at_one_pair(rules, wrong)(q), at_several(q))


def _at_one_pair(rules: tuple[str, ...], wrong: OfTwo) -> Generator:
    """At one operation on two factors that move; primes are by x, and by each variable of the equation."""

    def generate(q: Any) -> Iterator[Found]:
        for node, (a, b) in _of_two_operands(q, rules):
            pairs = [(q.moves(a.source), q.moves(b.source), q.zero + 1.0)]
            pairs += [
                (q.local(a.source, v), q.local(b.source, v), q.moves(v)) for v in _shared(q, a, b)
            ]
            for a1, b1, onward in pairs:
                right = a.weight * a1 + b.weight * b1
                change = (wrong(q, a, b, a1, b1) - right) * q.total(node) * onward
                yield Found((q.name(node),), q.right + change, (node,), at(q, node))

    return generate


def _of_two_operands(q: Any, rules: tuple[str, ...]) -> Iterator[tuple[Node, list[Any]]]:
    found: dict[Node, list[Any]] = {}
    for step in q.steps:
        if step.target.rule.name in rules:
            found.setdefault(step.target, []).append(step)
    yield from ((node, steps) for node, steps in found.items() if len(steps) == 2)


def _shared(q: Any, a: Any, b: Any) -> list[Node]:
    """The variables from which both operands are computed, inside the equation."""
    if a.source in q.known or b.source in q.known:
        return []
    return [v for v in q.sources(a.source) if v is not q.x and v in q.sources(b.source)]


def product_of_derivatives(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """f'·g'."""
    return a1 * b1


def product_of_all_derivatives(q: Any) -> Iterator[Found]:
    """f'·g'·h' of a product of three factors or more."""
    for node in q.on_the_way:
        factors = _factors(q, node)
        if len(factors) > 2 and all(f in q.on for f in factors):
            wrong = np.prod([q.moves(f) for f in factors], axis=0)
            value = q.right + (wrong - q.moves(node)) * q.total(node)
            yield Found((q.name(node),), value, (node,), at(q, node))


def _factors(q: Any, node: Node) -> list[Any]:
    """What is multiplied at a node, through products inside its equation; nothing at other operations."""
    if node.rule.name != "multiply":
        return []
    found = []
    for x in node.operands:
        is_product = isinstance(x, Node) and x not in q.known and x.rule.name == "multiply"
        found += _factors(q, x) if is_product else [x]
    return found


def sum_of_derivatives(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """F' + g'."""
    return a1 + b1


def quotient_of_derivatives(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """f'/g'."""
    return a1 / b1


def reversed_quotient(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """(f g' - f' g)/g²."""
    return -(a.weight * a1 + b.weight * b1)


def no_denominator(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """F' g - f g'."""
    return (a.weight * a1 + b.weight * b1) * q.value(b.source) ** 2


def denominator_not_squared(q: Any, a: Any, b: Any, a1: Row, b1: Row) -> Row:
    """(f' g - f g')/g."""
    return (a.weight * a1 + b.weight * b1) * q.value(b.source)


# --- rectifiers ------------------------------------------------------------------------------------


def relu_factor(factor: Callable[[Row, Row], Row]) -> Callable[[Any, Any], Row | None]:
    """Another factor at a rectifier; it is told the excitation, and the adjoint that arrives."""

    def of(q: Any, step: Any) -> Row | None:
        if step.target.rule.name != "relu":
            return None
        return factor(q.value(step.source), q.total(step.target))

    return of


def upstream_mask(u: Row, g: Row) -> Row:
    """Open where the adjoint is positive."""
    return np.where(g > 0, 1.0, 0.0)


def both_masks(u: Row, g: Row) -> Row:
    """Open where both are positive."""
    return np.where((g > 0) & (u > 0), 1.0, 0.0)


def open_at_zero(u: Row, g: Row) -> Row:
    """1 at 0 as well."""
    return np.where(u >= 0, 1.0, 0.0)


def kept_as_it_is(q: Any, step: Any) -> Row | None:
    """The function itself for its derivative."""
    return q.value(step.target) if step.target.rule.name in _KEPT else None


# --- rules that the records leave to others --------------------------------------------------------


def one_term(q: Any, step: Any) -> Row | None:
    """Nothing for one of the two terms of the product or the quotient rule."""
    name = step.target.rule.name
    return q.zero if name in ("multiply", "divide") and _both_move(q, step.target) else None


def _both_move(q: Any, node: Node) -> bool:
    return all(isinstance(x, Node) and x in q.on for x in node.operands)


def logarithm_lost(q: Any, step: Any) -> Row | None:
    """aᵘ for its derivative by u, aᵘ·log a."""
    is_exponent = step.target.rule.name == "power" and step.operand == 1
    return q.value(step.target) if is_exponent else None


def reciprocal(q: Any, step: Any, wrong: Callable[[Row, Row], Row]) -> Row | None:
    """Another derivative of c/u, with c a constant; it is told c and u."""
    node = step.target
    if node.rule.name != "divide" or step.operand == 0 or _both_move(q, node):
        return None
    c, u = q.operands(node)
    return wrong(c, u)


def length_lost(q: Any, step: Any) -> Row | None:
    """The square root of a sum of squares, differentiated as half that sum: x for x/‖x‖."""
    return q.zero + 0.5 if step.target.rule.name == "sqrt" else None


def lowered_exponent(q: Any, step: Any) -> Row | None:
    """eᵘ⁻¹ for eᵘ, the inner derivative kept."""
    return np.exp(q.value(step.source) - 1.0) if step.target.rule.name == "exp" else None


# --- slips in the forward pass ---------------------------------------------------------------------


def left_out(q: Any, at: Node) -> Row | None:
    """Y without one operation, which passes on its first operand that is computed."""
    if at.rule.name in ("alias",):
        return None
    return q.revalued(lambda node, xs: _first(node, xs) if node is at else None)


def _first(node: Node, xs: Any) -> Row:
    return next(x for x, given in zip(xs, node.operands, strict=True) if isinstance(given, Node))


def negated(q: Any, at: Node) -> Row | None:
    """Y with the sign of one operation wrong; of a sum, that of its second operand."""
    return q.revalued(lambda node, xs: _other_sign(node, xs) if node is at else None)


def _other_sign(node: Node, xs: Any) -> Row:
    if node.rule.name in ("add", "subtract"):
        return xs[0] - xs[1] if node.rule.name == "add" else xs[0] + xs[1]
    return -node.rule.value(arrays, *xs)
