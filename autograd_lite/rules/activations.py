"""The functions that make a layer of a network nonlinear, in forms that overflow nowhere.

`formula` is what symbols see where the value takes a numerically careful detour.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Operand
from autograd_lite.rules import mistakes
from autograd_lite.rules.kinks import marked
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.normal import density
from autograd_lite.rules.rule import elementwise
from autograd_lite.rules.tails import keeps_digits
from autograd_lite.rules.zeros import moves


def _sigmoid_by_x(xp: Namespace, y: Operand, x: Operand) -> Any:
    rest = 1.0 - y
    return y * rest if keeps_digits(rest) else 0.25 * xp.sech2(0.5 * x)


@elementwise(
    _sigmoid_by_x,
    slopes=[lambda xp, y, x: y * (1.0 - y)],
    latex=r"\sigma({0})",
    malrules=mistakes.SIGMOID,
)
@np.errstate(over="ignore")  # far below 0 the exponential is inf, and y is 0 as it should be
def sigmoid(xp: Namespace, x: Operand) -> Any:
    """The logistic sigmoid: y = σ(x) = 1/(1 + e⁻ˣ), ∂y/∂x = y·(1 - y).

    >>> sigmoid(0.0), sigmoid(-1000.0), sigmoid(1000.0)
    (0.5, 0.0, 1.0)

    Source: lecture notes on deep learning, equations (2) and (3).
    """
    return 1.0 / (1.0 + xp.exp(-x))


@elementwise(
    lambda xp, y, x: xp.sigmoid(x),
    formula=lambda xp, x: xp.log(1 + xp.exp(x)),
    latex=r"\mathrm{{softplus}}({0})",
    malrules=mistakes.SOFTPLUS,
)
def softplus(xp: Namespace, x: Operand) -> Any:
    """The smooth rectifier: y = log(1 + eˣ), ∂y/∂x = 1/(1 + e⁻ˣ).

    >>> softplus(-1000.0), softplus(1000.0)
    (0.0, 1000.0)
    """
    return xp.maximum(x, 0.0) + xp.log1p(xp.exp(-xp.absolute(x)))


@elementwise(
    lambda xp, y, x: x > 0,
    latex=r"\max(0, {0})",
    kinks="the derivative at 0 is 0",
    malrules=mistakes.RELU,
)
def relu(xp: Namespace, x: Operand) -> Any:
    """The rectifier: y = max(0, x), ∂y/∂x = 1 where x > 0, else 0.

    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)

    Source: lecture notes on deep learning, equations (4) and (5).
    """
    return xp.maximum(x, 0.0)


def _turning(d: Operand, by: Any, x: Operand, other: Any) -> Any:
    """The recorded derivative d, without a mixed one at x = 0, where the parameter begins to count."""
    return marked(d, by, plain(x) == 0) if moves(x) and moves(other) else d


@elementwise(
    lambda xp, y, x, slope: _turning(xp.where(x > 0, 1.0, slope), slope, x, slope),
    lambda xp, y, x, slope: _turning(xp.where(x > 0, 0.0, x), x, x, slope),
    formula=lambda xp, x, slope: xp.where(x > 0, x, slope * x),
    latex=r"\mathrm{{leaky\_relu}}({0}, {1})",
    kinks="the derivative at 0 is the slope, and there is none by x and slope together (nan)",
)
def leaky_relu(xp: Namespace, x: Operand, slope: Operand) -> Any:
    """The rectifier with a leak: y = x where x > 0, else slope·x.

    ∂y/∂x = 1 where x > 0, else slope; ∂y/∂slope = 0 where x > 0, else x.

    >>> leaky_relu(3.0, 0.25), leaky_relu(-2.0, 0.25)
    (3.0, -0.5)
    """
    return xp.maximum(x, 0.0) + slope * xp.minimum(x, 0.0)


def _elu_by_x(xp: Namespace, y: Operand, x: Operand, alpha: Operand) -> Any:
    d = xp.where(x > 0, 1.0, alpha * xp.exp(x))
    return marked(_turning(d, alpha, x, alpha), x, plain(x) == 0) if moves(x) else d


@elementwise(
    _elu_by_x,
    lambda xp, y, x, alpha: _turning(xp.where(x > 0, 0.0, xp.expm1(x)), x, x, alpha),
    formula=lambda xp, x, alpha: xp.where(x > 0, x, alpha * (xp.exp(x) - 1)),
    latex=r"\mathrm{{elu}}({0}, {1})",
    kinks="the derivative at 0 is alpha, and there is no second one (nan)",
)
def elu(xp: Namespace, x: Operand, alpha: Operand) -> Any:
    """The exponential linear unit: y = x where x > 0, else α·(eˣ - 1).

    ∂y/∂x = 1 where x > 0, else α·eˣ; ∂y/∂α = 0 where x > 0, else eˣ - 1.

    >>> elu(3.0, 1.0), elu(-1000.0, 1.0)
    (3.0, -1.0)

    Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by
    exponential linear units, 2016.
    """
    return xp.maximum(x, 0.0) + alpha * xp.expm1(xp.minimum(x, 0.0))


@elementwise(
    lambda xp, y, x: xp.ncdf(x) + x * density(xp, x),
    formula=lambda xp, x: x * (1 + xp.erf(x / xp.sqrt(2))) / 2,
    slopes=[
        lambda xp, y, x: (
            (1 + xp.erf(x / xp.sqrt(2))) / 2 + x * xp.exp(-(x**2) / 2) / xp.sqrt(2 * xp.pi)
        )
    ],
    latex=r"\mathrm{{gelu}}({0})",
    malrules=mistakes.GELU,
)
def gelu(xp: Namespace, x: Operand) -> Any:
    """The Gaussian error linear unit: y = x·Φ(x) = x·(1 + erf(x/√2))/2, ∂y/∂x = Φ(x) + x·Φ'(x).

    Φ is the distribution function of the standard normal, Φ'(x) = e^(-x²/2)/√(2π) its density.
    The exact form, not the one with tanh.

    >>> gelu(0.0), gelu(-50.0), gelu(50.0)
    (0.0, -0.0, 50.0)

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """
    return x * xp.ncdf(x)


def _silu_by_x(xp: Namespace, y: Operand, x: Operand) -> Any:
    below = x < -1.0
    # φ = y/x, which far below 0 is right also where the sigmoid is too small for a float
    far = xp.where(below, x, -1.0)
    return xp.where(below, y / far + y * xp.sigmoid(-x), xp.sigmoid(x) * (1.0 + x * xp.sigmoid(-x)))


@elementwise(
    _silu_by_x,
    formula=lambda xp, x: x / (1 + xp.exp(-x)),
    slopes=[lambda xp, y, x: xp.sigmoid(x) + y * (1 - xp.sigmoid(x))],
    latex=r"{0}\,\sigma({0})",
    malrules=mistakes.SILU,
)
def silu(xp: Namespace, x: Operand) -> Any:
    """The sigmoid linear unit, or swish: y = x·φ(x), ∂y/∂x = φ + y·(1 - φ), with φ the sigmoid.

    >>> silu(0.0), silu(1000.0)
    (0.0, 1000.0)

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """
    # e^x in two halves: their product with x may be a float where e^x is none
    half = xp.exp(0.5 * xp.minimum(x, 0.0))
    return x * half / (1.0 + xp.exp(-xp.absolute(x))) * half
