"""The two rules of leaves: a variable, which has derivatives, and a constant, which has none."""

from __future__ import annotations

from typing import Any

from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import elementwise, operation


@operation()
def variable(xp: Namespace) -> Any:
    """An input: nothing is computed to get it, and derivatives with respect to it exist."""
    raise NotImplementedError("a variable has no operands to compute it from")


@operation()
def constant(xp: Namespace) -> Any:
    """A number that is no variable: derivatives with respect to it do not exist."""
    raise NotImplementedError("a constant has no operands to compute it from")


@elementwise(lambda xp, y, x: 1.0, latex="{0}", zeros=lambda x: x)
def alias(xp: Namespace, x: Operand) -> Any:
    """The same number as a node of its own: y = x, ∂y/∂x = 1.

    Differentiating by the alias sees only what was computed from it, not the rest of x's uses.

    >>> alias(2.0)
    2.0
    """
    return x
