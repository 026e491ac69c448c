"""D and F on graphs of numbers: a sigmoid with its cross-entropy, and the products with a cell's gates.

dL/dz = c·(p - t) of p = σ(z) and L = -c·(t·log p + (1 - t)·log(1 - p)): t and c are known from the
derivatives of L by the two logarithms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.catalogue.makers.each import Row, at, each_step, row
from grading.catalogue.mistake import Found, Generator, Mistake

_SQUASHING: Final = frozenset({"tanh", "sigmoid"})
_SLACK: Final = 1e-9


def _consumers(q: Any, p: Node) -> list[Node]:
    return [n for n in q.graph.operations if any(x is p for x in n.operands)]


def _is_rest(node: Node, p: Node) -> bool:
    """Whether a node is 1 - p."""
    if node.rule.name != "subtract" or node.operands[1] is not p:
        return False
    one = node.operands[0]
    return not (isinstance(one, Node) and one.requires_grad) and bool(plain(one) == 1.0)


def _weighed(q: Any, p: Node) -> tuple[Row, Row] | None:
    """(c·t, c·(1 - t)) of a loss -c·(t·log p + (1 - t)·log(1 - p)); None where p goes elsewhere as well."""
    found = [q.zero, q.zero]
    for n in _consumers(q, p):
        rest = _is_rest(n, p)
        for log in _consumers(q, n) if rest else [n]:
            if log.rule.name != "log":
                return None
            if log in q.on:
                found[rest] = found[rest] - q.total(log)
    return found[0], found[1]


def _instead(wrong: Callable[[Row, Row, Row], Row]) -> Generator:
    """Something else (z, p, t) in the place of p - t in dL/dz = c·(p - t)."""

    def generate(q: Any) -> Iterator[Found]:
        for p in q.on_the_way:
            weighed = _weighed(q, p) if p.rule.name == "sigmoid" else None
            if weighed is not None:
                value, z, c = q.value(p), p.operands[0], weighed[0] + weighed[1]
                t = weighed[0] / c
                given = t[: q.graph.points.asked]  # beside them a target of 0 or 1 is a little off
                if np.all((given > -_SLACK) & (given < 1.0 + _SLACK)):
                    by_z = q.total(p) * value * (1.0 - value)
                    change = c * wrong(q.value(z), value, t) - by_z
                    yield Found((q.name(p),), row(q, q.right + change * q.moves(z)), (p,), at(q, p))

    return generate


def _unsquashed(q: Any, step: Any) -> Row | None:
    """The operand of tanh or of a sigmoid, in a product with its value."""
    if step.target.rule.name != "multiply":
        return None
    other = step.target.operands[1 - step.operand]
    is_squashed = isinstance(other, Node) and other.rule.name in _SQUASHING
    return q.value(other.operands[0]) if is_squashed else None


def _of_the_same_step(q: Any, step: Any) -> Row | None:
    """What a product of a gate with a state is added to the next state of, in the place of the state."""
    if step.target.rule.name != "multiply" or step.source.rule.name != "sigmoid":
        return None
    other = step.target.operands[1 - step.operand]
    if isinstance(other, Node) and other.rule.name in _SQUASHING:
        return None
    sums = [n for n in _consumers(q, step.target) if n.rule.name == "add"]
    return q.value(sums[0]) if len(sums) == 1 else None


HEADS: Final = (
    Mistake(
        "D3", "target not subtracted",
        "You passed the probability back without subtracting the target: see {at}.",
        3, _instead(lambda z, p, t: p),
    ),
    Mistake(
        "D9", "logit for the probability",
        "You subtracted the target from the logit: take its sigmoid first, see {at}.",
        3, _instead(lambda z, p, t: z - t),
    ),
    Mistake(
        "D12", "sigmoid differentiated twice",
        "The difference of probability and target already has the sigmoid's derivative in it: you multiplied "
        "by that once more, see {at}.",
        4, _instead(lambda z, p, t: (p - t) * p * (1.0 - p)),
    ),
    Mistake(
        "D13", "derivative of the squared error",
        "You differentiated a squared error where the loss is a cross-entropy: see {at}.",
        3, _instead(lambda z, p, t: 2.0 * (p - t) * p * (1.0 - p)),
    ),
    Mistake(
        "F20a", "state of the same step",
        "With the gate {source} you took the state of the same step: the gate multiplies the one before.",
        3, each_step(_of_the_same_step),
    ),
    Mistake(
        "F20b", "value before its squashing",
        "In a product you took what stands inside a tanh or a sigmoid for its value: see {target}.",
        3, each_step(_unsquashed),
    ),
)  # fmt: skip
