"""Trigonometric and hyperbolic functions and the inverses of the former; angles are in radians."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Operand
from autograd_lite.rules import mistakes
from autograd_lite.rules.namespaces import Namespace, graph
from autograd_lite.rules.rule import elementwise
from autograd_lite.rules.tails import ENOUGH, keeps_digits


@elementwise(lambda xp, y, x: xp.cos(x), latex=r"\sin {0}", malrules=mistakes.SIN)
def sin(xp: Namespace, x: Operand) -> Any:
    """The sine: y = sin x, ∂y/∂x = cos x; x in radians.

    >>> sin(0.0)
    0.0
    """
    return xp.sin(x)


@elementwise(lambda xp, y, x: -xp.sin(x), latex=r"\cos {0}", malrules=mistakes.COS)
def cos(xp: Namespace, x: Operand) -> Any:
    """The cosine: y = cos x, ∂y/∂x = -sin x; x in radians.

    >>> cos(0.0)
    1.0
    """
    return xp.cos(x)


@elementwise(lambda xp, y, x: 1.0 + y * y, latex=r"\tan {0}")
def tan(xp: Namespace, x: Operand) -> Any:
    """The tangent: y = tan x, ∂y/∂x = 1 + y²; x in radians.

    >>> tan(0.0)
    0.0
    """
    return xp.tan(x)


# a record of its own, since the product rule on (1 - x)(1 + x) cancels every digit of -2x near 0
@elementwise(
    lambda xp, y, x: -2.0 * x,
    formula=lambda xp, x: (1.0 - x) * (1.0 + x),
    latex="(1 - {0}^2)",
)
def square_to_one(xp: Namespace, x: Operand) -> Any:
    """What a square lacks to be 1, exact near ±1: y = (1 - x)(1 + x), ∂y/∂x = -2x.

    >>> square_to_one(0.5)
    0.75
    """
    return (1.0 - x) * (1.0 + x)


@elementwise(
    lambda xp, y, x: 1.0 / xp.sqrt(xp.square_to_one(x)),
    slopes=[lambda xp, y, x: 1.0 / xp.sqrt((1.0 - x) * (1.0 + x))],
    latex=r"\arcsin {0}",
    kinks="the derivative at ±1 is inf; nan beyond",
)
def arcsin(xp: Namespace, x: Operand) -> Any:
    """The inverse sine, between ±π/2: y = arcsin x, ∂y/∂x = 1/√(1 - x²).

    >>> arcsin(0.0)
    0.0
    """
    return xp.arcsin(x)


@elementwise(
    lambda xp, y, x: -1.0 / xp.sqrt(xp.square_to_one(x)),
    slopes=[lambda xp, y, x: -1.0 / xp.sqrt((1.0 - x) * (1.0 + x))],
    latex=r"\arccos {0}",
    kinks="the derivative at ±1 is -inf; nan beyond",
)
def arccos(xp: Namespace, x: Operand) -> Any:
    """The inverse cosine, between 0 and π: y = arccos x, ∂y/∂x = -1/√(1 - x²).

    >>> arccos(1.0)
    0.0
    """
    return xp.arccos(x)


def _arctan_by_x(xp: Namespace, y: Operand, x: Operand) -> Any:
    if xp is not graph:
        return 1.0 / (1.0 + x * x)
    # x·x and the square of 1 + x² overflow where the derivatives still are numbers
    r = xp.reciprocal(xp.hypot(1.0, x))
    return r * r


@elementwise(_arctan_by_x, slopes=[lambda xp, y, x: 1.0 / (1.0 + x * x)], latex=r"\arctan {0}")
def arctan(xp: Namespace, x: Operand) -> Any:
    """The inverse tangent, between ±π/2: y = arctan x, ∂y/∂x = 1/(1 + x²).

    >>> arctan(0.0)
    0.0
    """
    return xp.arctan(x)


@elementwise(lambda xp, y, x: xp.cosh(x), latex=r"\sinh {0}")
def sinh(xp: Namespace, x: Operand) -> Any:
    """The hyperbolic sine: y = sinh x = (eˣ - e⁻ˣ)/2, ∂y/∂x = cosh x.

    >>> sinh(0.0)
    0.0
    """
    return xp.sinh(x)


@elementwise(lambda xp, y, x: xp.sinh(x), latex=r"\cosh {0}")
def cosh(xp: Namespace, x: Operand) -> Any:
    """The hyperbolic cosine: y = cosh x = (eˣ + e⁻ˣ)/2, ∂y/∂x = sinh x.

    >>> cosh(0.0)
    1.0
    """
    return xp.cosh(x)


@elementwise(lambda xp, y, x: -2.0 * y * xp.tanh(x), latex=r"\mathrm{{sech}}^2\,{0}")
@np.errstate(over="ignore")  # far out the cosine is inf, and y is 0 as it should be
def sech2(xp: Namespace, x: Operand) -> Any:
    """The square of the hyperbolic secant, the slope of tanh: y = 1/cosh² x, ∂y/∂x = -2y·tanh x.

    >>> sech2(0.0)
    1.0
    """
    return xp.square(1.0 / xp.cosh(x))


def _tanh_by_x(xp: Namespace, y: Operand, x: Operand) -> Any:
    rest = 1.0 - y * y
    # of Values and ordinary arrays by hand: a call costs as much as the question
    if type(rest) is float:
        if rest >= ENOUGH:
            return rest
    elif type(rest) is np.ndarray and rest.size and rest.item(rest.argmin()) >= ENOUGH:
        return rest
    return rest if keeps_digits(rest) else xp.sech2(x)


@elementwise(
    _tanh_by_x, slopes=[lambda xp, y, x: 1.0 - y * y], latex=r"\tanh {0}", malrules=mistakes.TANH
)
def tanh(xp: Namespace, x: Operand) -> Any:
    """The hyperbolic tangent: y = tanh x, ∂y/∂x = 1 - y².

    >>> tanh(0.0)
    0.0
    """
    return xp.tanh(x)
