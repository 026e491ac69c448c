"""Factors of the whole answer that come from the form of a loss, and single partial derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_lite.node import Node
from grading.catalogue.makers.each import Swept
from grading.catalogue.makers.uses import terms
from grading.catalogue.mistake import Found


def squares_in(q: Any) -> bool:
    """Whether y is a square, or a sum or multiple of squares."""
    return any(_is_square(node) for node, _ in terms(q))


def _is_square(node: Any) -> bool:
    operands = node.operands
    name = node.rule.name
    return bool(
        name == "square"
        or (name == "power" and isinstance(operands[1], (int, float)) and operands[1] == 2)
        or (name == "multiply" and operands[0] is operands[1])
    )


def differences_in(q: Any) -> bool:
    """Whether y is the square of a difference, or a sum or multiple of such ones."""
    return any(_is_square(node) and _is_difference(node.operands[0]) for node, _ in terms(q))


def target_lost(q: Any, step: Any) -> Any:
    """The derivative of a square of a - b, taken at a."""
    if not (_is_square(step.target) and _is_difference(step.source)):
        return None
    return q.slope_at(step, q.operands(step.source)[0])


def _is_difference(node: Any) -> bool:
    return isinstance(node, Node) and node.rule.name == "subtract"


def terms_in(q: Any) -> int:
    """Of how many terms y is the sum."""
    return len(terms(q))


def links_alone(q: Any) -> Iterator[Found]:
    """Each partial derivative between variables for the whole."""
    if len(q.links) > 1:
        for link in q.links:
            yield Found(link.names, link.weight, link.nodes, link.words)


def all_carried_twice(q: Any) -> Iterator[Swept]:
    """Every factor between inner variables doubled."""
    edit = {s.edge: 2.0 * s.weight for s in q.links if s.source is not q.x and s.target is not q.y}
    if len(edit) > 1:
        yield Swept((), (), edit)
