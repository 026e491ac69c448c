"""The inverses of the hyperbolic functions."""

from __future__ import annotations

from typing import Any

from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace
from autograd_lite.rules.rule import elementwise


# hypot, since x·x overflows where its root does not
@elementwise(
    lambda xp, y, x: 1.0 / xp.hypot(1.0, x),
    formula=lambda xp, x: xp.log(x + xp.sqrt(x * x + 1.0)),
    latex=r"\mathrm{{arsinh}}\,{0}",
    source={"javascript": "Math.asinh({0})"},
)
def arcsinh(xp: Namespace, x: Operand) -> Any:
    """The inverse hyperbolic sine: y = arsinh x, ∂y/∂x = 1/√(1 + x²).

    >>> arcsinh(0.0)
    0.0
    """
    return xp.arcsinh(x)


@elementwise(
    lambda xp, y, x: 1.0 / (xp.sqrt(x - 1.0) * xp.sqrt(x + 1.0)),
    formula=lambda xp, x: xp.log(x + xp.sqrt(x - 1.0) * xp.sqrt(x + 1.0)),
    latex=r"\mathrm{{arcosh}}\,{0}",
    source={"javascript": "Math.acosh({0})"},
    kinks="the derivative at 1 is inf; nan below",
)
def arccosh(xp: Namespace, x: Operand) -> Any:
    """The inverse hyperbolic cosine, not negative: y = arcosh x, ∂y/∂x = 1/√(x² - 1).

    >>> arccosh(1.0)
    0.0
    """
    return xp.arccosh(x)


@elementwise(
    lambda xp, y, x: 1.0 / xp.square_to_one(x),
    slopes=[lambda xp, y, x: 1.0 / ((1.0 - x) * (1.0 + x))],
    formula=lambda xp, x: 0.5 * xp.log((1.0 + x) / (1.0 - x)),
    latex=r"\mathrm{{artanh}}\,{0}",
    source={"javascript": "Math.atanh({0})"},
    kinks="±inf at ±1 (poles); nan beyond",
)
def arctanh(xp: Namespace, x: Operand) -> Any:
    """The inverse hyperbolic tangent: y = artanh x, ∂y/∂x = 1/(1 - x²).

    >>> arctanh(0.0)
    0.0
    """
    return xp.arctanh(x)
