"""The reciprocal, the cube root, and the number itself."""

from __future__ import annotations

from typing import Any

from autograd_lite.operands import Operand
from autograd_lite.rules import mistakes
from autograd_lite.rules.kinks import marked
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import elementwise
from autograd_lite.rules.zeros import moves


@elementwise(
    lambda xp, y, x: 1.0,
    formula=lambda xp, x: x,
    zeros=lambda x: x,
    latex="{0}",
    source={"javascript": "(+{0})"},
)
def positive(xp: Namespace, x: Operand) -> Any:
    """The same numbers, copied: y = +x, ∂y/∂x = 1.

    >>> positive(2.0)
    2.0
    """
    return xp.positive(x)


@elementwise(
    lambda xp, y, x: -y * y,
    latex=r"\frac{{1}}{{{0}}}",
    kinks="a pole at 0: ±inf",
    malrules=mistakes.RECIPROCAL,
)
def reciprocal(xp: Namespace, x: Operand) -> Any:
    """The reciprocal: y = 1/x, ∂y/∂x = -1/x².

    >>> reciprocal(4.0)
    0.25
    """
    return xp.divide(1.0, x)


def _cbrt_by_x(xp: Namespace, y: Operand, x: Operand) -> Any:
    d = 1.0 / (3.0 * y * y)
    return marked(d, x, plain(x) == 0) if moves(x) else d


@elementwise(
    _cbrt_by_x,
    latex=r"\sqrt[3]{{{0}}}",
    formula=lambda xp, x: xp.sign(x) * xp.power(xp.absolute(x), 1.0 / 3.0),
    source={"javascript": "Math.cbrt({0})"},
    kinks="the derivative at 0 is inf, and there is no second one (nan)",
)
def cbrt(xp: Namespace, x: Operand) -> Any:
    """The cube root, of negative numbers too: y = ∛x, ∂y/∂x = 1/(3y²).

    >>> cbrt(8.0), cbrt(-8.0)
    (2.0, -2.0)
    """
    return xp.cbrt(x)
