"""H on graphs of numbers: a VAE's code z = mu + s·eps with s = e^(lv/2), lv the logarithm of the variance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.catalogue.makers.each import Row, each, each_step
from grading.catalogue.mistake import Generator, Mistake


def halved(node: Any) -> Any:
    """lv, where a node is lv/2; None elsewhere."""
    if not (isinstance(node, Node) and node.rule.name in {"multiply", "divide"}):
        return None
    a, b = node.operands
    half = 2.0 if node.rule.name == "divide" else 0.5
    for lv, c in ((a, b), (b, a)) if half == 0.5 else ((a, b),):
        if not (isinstance(c, Node) and c.requires_grad) and np.all(plain(c) == half):
            return lv
    return None


def deviations(q: Any) -> Iterator[Node]:
    """The standard deviations e^(lv/2) with lv the variable that is asked for."""
    for v in q.on_the_way:
        if v.rule.name == "exp" and halved(v.operands[0]) is q.x:
            yield v


def _by(scale: Callable[[Row], Row]) -> Generator:
    return each(deviations, lambda q, s: q.right * scale(q.value(s)))


def _variance(q: Any, step: Any) -> Row | None:
    """∂e^(lv/2)/∂(lv/2), as of e^lv by lv."""
    is_deviation = step.target.rule.name == "exp" and halved(step.source) is not None
    return 2.0 * q.value(step.target) ** 2 if is_deviation else None


def _lost(q: Any, step: Any) -> Row | None:
    """∂e^lv/∂lv, the exponential lost."""
    has_code = any(True for _ in deviations(q))
    is_variance = step.target.rule.name == "exp" and step.source is q.x and has_code
    return q.value(q.x) if is_variance else None


CODES: Final = (
    Mistake(
        "H5", "variance for the standard deviation",
        "You took the exponential of the logarithm of the variance for the standard deviation: its "
        "exponent is half of that.",
        3, each_step(_variance),
    ),
    Mistake(
        "H7a", "derivative by the standard deviation",
        "You gave the derivative by the standard deviation: {x} is the logarithm of the variance.",
        3, _by(lambda s: 2.0 / s),
    ),
    Mistake(
        "H7b", "derivative by the variance",
        "You gave the derivative by the variance: {x} is its logarithm.",
        3, _by(lambda s: 1.0 / s**2),
    ),
    Mistake(
        "H8", "exponential lost in the divergence",
        "In the divergence stands the variance, the exponential of its logarithm: see {target}.",
        3, each_step(_lost),
    ),
)  # fmt: skip
