"""What logits cost: the two sides of the logistic loss in one operation, since they share their logarithm."""

from __future__ import annotations

from typing import Any

from autograd_lite.node import Node
from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import elementwise


def _by_logit(xp: Namespace, y: Operand, x: Operand, a: Operand, b: Operand) -> Any:
    if isinstance(x, Node) or not hasattr(x, "dtype"):
        return b * xp.sigmoid(x) - a * xp.sigmoid(-x)
    e = xp.exp(
        -xp.absolute(x)
    )  # one exponential for both sides, and a program has it from the value
    return (b * xp.maximum(e, x > 0) - a * xp.maximum(e, x < 0)) / (1.0 + e)


@elementwise(
    _by_logit,
    lambda xp, y, x, a, b: xp.softplus(-x),
    lambda xp, y, x, a, b: xp.softplus(x),
    slopes=[
        lambda xp, y, x, a, b: b * xp.sigmoid(x) - a * xp.sigmoid(-x),
        lambda xp, y, x, a, b: xp.softplus(-x),
        lambda xp, y, x, a, b: xp.softplus(x),
    ],
    formula=lambda xp, x, a, b: a * xp.log(1 + xp.exp(-x)) + b * xp.log(1 + xp.exp(x)),
    latex=r"{1} \log(1 + e^{{-{0}}}) + {2} \log(1 + e^{{{0}}})",
    kinks="a side of weight 0 costs nothing, also at an infinite logit",
)
def logistic_cost(xp: Namespace, x: Operand, a: Operand, b: Operand) -> Any:
    """The cost of a logit: y = a·log(1 + e⁻ˣ) + b·log(1 + eˣ), where a weighs "on" and b "off".

    ∂y/∂x = b·φ(x) - a·φ(-x), ∂y/∂a = log(1 + e⁻ˣ), ∂y/∂b = log(1 + eˣ). No digit is lost at either end, since
    the larger logarithm is the smaller one plus |x|.

    >>> round(logistic_cost(0.0, 1.0, 0.0), 4), logistic_cost(-1000.0, 1.0, 0.0)
    (0.6931, 1000.0)
    """
    line = xp.masked_product(xp.where(x > 0, b, -a), x)
    return (a + b) * xp.log1p(xp.exp(-xp.absolute(x))) + line
