"""Logarithms and powers to the bases 2 and 10, and logarithms of sums."""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import elementwise

LOG_2: Final = math.log(2.0)
LOG_10: Final = math.log(10.0)


@elementwise(
    lambda xp, y, x: 1.0 / (LOG_2 * x),
    latex=r"\log_2 {0}",
    source={"javascript": "Math.log2({0})"},
    formula=lambda xp, x: xp.log(x) / LOG_2,
    kinks="-inf at 0 (a pole), nan below",
)
def log2(xp: Namespace, x: Operand) -> Any:
    """The logarithm to the base 2: y = log₂ x, ∂y/∂x = 1/(x·log 2).

    >>> log2(8.0)
    3.0
    """
    return xp.log2(x)


@elementwise(
    lambda xp, y, x: 1.0 / (LOG_10 * x),
    latex=r"\log_{{10}} {0}",
    source={"javascript": "Math.log10({0})"},
    formula=lambda xp, x: xp.log(x) / LOG_10,
    kinks="-inf at 0 (a pole), nan below",
)
def log10(xp: Namespace, x: Operand) -> Any:
    """The logarithm to the base 10: y = log₁₀ x, ∂y/∂x = 1/(x·log 10).

    >>> log10(1000.0)
    3.0
    """
    return xp.log10(x)


@elementwise(
    lambda xp, y, x: LOG_2 * y,
    latex="2^{{{0}}}",
    source={"javascript": "Math.pow(2, {0})"},
    formula=lambda xp, x: xp.power(2.0, x),
)
def exp2(xp: Namespace, x: Operand) -> Any:
    """The power of 2: y = 2ˣ, ∂y/∂x = y·log 2.

    >>> exp2(3.0)
    8.0
    """
    return xp.exp2(x)


def _share(xp: Namespace, y: Operand, a: Operand, b: Operand) -> Any:
    """The part of a in the sum: eᵃ/(eᵃ + eᵇ) = σ(a - b), ½ where both are the same infinity."""
    same = xp.logical_and(xp.isnan(plain(a) - plain(b)), xp.logical_not(xp.isnan(plain(y))))
    return xp.sigmoid(xp.where(same, 0.0, a - b))


@elementwise(
    _share,
    lambda xp, y, a, b: _share(xp, y, b, a),
    formula=lambda xp, a, b: xp.log(xp.exp(a) + xp.exp(b)),
    latex=r"\log(e^{{{0}}} + e^{{{1}}})",
)
def logaddexp(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The logarithm of a sum of exponentials: y = log(eᵃ + eᵇ), ∂y/∂a = σ(a - b), without overflow.

    >>> logaddexp(1000.0, 0.0)
    1000.0
    """
    return xp.logaddexp(a, b)


@elementwise(
    lambda xp, y, a, b: _share(xp, y, LOG_2 * a, LOG_2 * b),
    lambda xp, y, a, b: _share(xp, y, LOG_2 * b, LOG_2 * a),
    formula=lambda xp, a, b: xp.log(xp.power(2.0, a) + xp.power(2.0, b)) / LOG_2,
    latex=r"\log_2(2^{{{0}}} + 2^{{{1}}})",
    source={"javascript": lambda xp, a, b: xp.logaddexp(LOG_2 * a, LOG_2 * b) / LOG_2},
)
def logaddexp2(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The same to the base 2: y = log₂(2ᵃ + 2ᵇ), ∂y/∂a = 2ᵃ/(2ᵃ + 2ᵇ).

    >>> logaddexp2(3.0, 3.0)
    4.0
    """
    return xp.logaddexp2(a, b)
