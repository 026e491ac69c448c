"""Arithmetic and elementary functions: y = f(x) entry by entry, with ∂y/∂x an array of y's shape.

The engine multiplies the partial by the adjoint, and undoes broadcasting, so a rule states the
partial alone. In every rule of two operands shapes broadcast.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite.operands import Operand
from autograd_lite.rules import mistakes
from autograd_lite.rules.kinks import marked
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.program_only import moves_in_program
from autograd_lite.rules.rule import elementwise
from autograd_lite.rules.zeros import moves


@elementwise(
    lambda xp, y, a, b: 1.0, lambda xp, y, a, b: 1.0, latex="{0} + {1}", zeros=lambda a, b: a & b
)
def add(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The sum: y = a + b, ∂y/∂a = ∂y/∂b = 1.

    >>> add(1.0, 2.0)
    3.0
    """
    return xp.add(a, b)


@elementwise(
    lambda xp, y, a, b: 1.0, lambda xp, y, a, b: -1.0, latex="{0} - {1}", zeros=lambda a, b: a & b
)
def subtract(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The difference: y = a - b, ∂y/∂a = 1, ∂y/∂b = -1.

    >>> subtract(1.0, 2.0)
    -1.0
    """
    return xp.subtract(a, b)


@elementwise(
    lambda xp, y, a, b: b,
    lambda xp, y, a, b: a,
    latex="{0} {1}",
    zeros=lambda a, b: a | b,
    malrules=mistakes.MULTIPLY,
)
def multiply(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The product: y = a·b, ∂y/∂a = b, ∂y/∂b = a.

    >>> multiply(3.0, 2.0)
    6.0
    """
    return xp.multiply(a, b)


def _reciprocal(b: Any) -> Any:
    try:
        return 1.0 / b
    except ZeroDivisionError:  # Python's own zero; NumPy has inf for it
        return math.copysign(math.inf, b)


@elementwise(
    lambda xp, y, a, b: _reciprocal(b),
    lambda xp, y, a, b: -y / b,
    zeros=lambda a, b: a,
    latex=r"\frac{{{0}}}{{{1}}}",
    kinks="a pole at b = 0: inf or nan, as NumPy has it",
    malrules=mistakes.DIVIDE,
)
def divide(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The quotient: y = a/b, ∂y/∂a = 1/b, ∂y/∂b = -a/b².

    >>> divide(1.0, 4.0)
    0.25
    """
    return xp.divide(a, b)


@elementwise(
    lambda xp, y, a, b, c: b,
    lambda xp, y, a, b, c: a,
    lambda xp, y, a, b, c: 1.0,
    zeros=lambda a, b, c: (a | b) & c,
    latex="{0} {1} + {2}",
)
def multiply_add(xp: Namespace, a: Operand, b: Operand, c: Operand) -> Any:
    """A product and a sum in one operation: y = a·b + c, ∂y/∂a = b, ∂y/∂b = a, ∂y/∂c = 1.

    The product alone is not kept: half the memory of the two operations.

    >>> multiply_add(3.0, 2.0, 1.0)
    7.0
    """
    return xp.add(xp.multiply(a, b), c)


def _masked(g: Operand, d: Operand) -> Any:
    """Where a product is 0·inf or 0·nan, the path behind it masked out."""
    u, v = plain(g), plain(d)
    return ((u == 0) & ~np.isfinite(v)) | ((v == 0) & ~np.isfinite(u))


@elementwise(
    lambda xp, y, g, d: xp.where(_masked(g, d), 0.0, d),
    lambda xp, y, g, d: xp.where(_masked(g, d), 0.0, g),
    formula=lambda xp, g, d: g * d,
    zeros=lambda g, d: g | d,
    latex="{0} {1}",
    kinks="0·inf = 0·nan = 0, and does not move with either",
)
def masked_product(xp: Namespace, g: Operand, d: Operand) -> Any:
    """A product in which zero times whatever is zero: y = g·d, as of a weight and the cost that it weighs.

    >>> masked_product(0.0, float("inf")), masked_product(3.0, 2.0)
    (0.0, 6.0)
    """
    either_is_zero = (g == 0) | (d == 0)
    return xp.where(either_is_zero, 0.0, g) * xp.where(either_is_zero, 0.0, d)


def _are_numbers(*xs: Any) -> bool:
    return all(isinstance(plain(x), (int, float, np.ndarray, np.number)) for x in xs)


def _root_by_base(xp: Namespace, y: Operand, a: Operand, n: Operand) -> Any:
    """n·aⁿ⁻¹ as n·y/a, for |n| < 1: aⁿ⁻² leaves the numbers where n·aⁿ⁻² does not."""
    zero = plain(a) == 0
    if not np.any(zero):
        return n * y / a
    at_0 = n * xp.power(a, n - 1)
    return xp.where(zero, at_0, n * y / xp.where(zero, 1.0, a))


def _power_by_base(xp: Namespace, y: Operand, a: Operand, n: Operand) -> Any:
    if isinstance(n, (int, float)):
        if -1 < n < 1 and n and _are_numbers(a):
            return _root_by_base(xp, y, a, n)
        return 0.0 if n == 0 else 2.0 * a if n == 2 else n * xp.power(a, n - 1)
    # at n = 0 the power is constant, also where a**(n - 1) has its pole
    constant = (plain(n) == 0) & (plain(a) == 0)
    d = n * xp.power(a, xp.where(constant, 0.0, n - 1))
    root = (np.abs(plain(n)) < 1) & (plain(n) != 0) if _are_numbers(a, n) else False
    if np.any(root):
        d = xp.where(root, _root_by_base(xp, y, a, n), d)
    if not moves(n):
        return d
    d = marked(d, n, (plain(a) == 0) & (plain(n) <= 1))
    return marked(d, a, (plain(a) == 0) & (plain(n) <= 1)) if moves(a) else d


def _power_by_exponent(xp: Namespace, y: Operand, a: Operand, n: Operand) -> Any:
    if isinstance(a, float) and a > 0.0:
        return y * math.log(a)
    # 0**n is 0 for every n > 0 near by, so it does not move with n
    still = (plain(a) == 0) & (plain(n) >= 0)
    d = y * xp.log(xp.where(still, 1.0, a))
    if not moves(a):
        return d
    d = marked(d, a, still & (plain(n) <= 1))
    return marked(d, n, still & (plain(n) == 0)) if moves(n) else d


@elementwise(
    _power_by_base,
    _power_by_exponent,
    latex="{{{0}}}^{{{1}}}",
    kinks="0**0 is 1 and moves with neither; 0**n does not move with n > 0; a negative base has no "
    "power with a real exponent (nan), and no derivative by the exponent; at a = 0 and n <= 1 none by "
    "base and exponent together (nan)",
    malrules=mistakes.POWER,
)
def power(xp: Namespace, a: Operand, n: Operand) -> Any:
    """The power: y = aⁿ, ∂y/∂a = n·aⁿ⁻¹, ∂y/∂n = y·log a.

    >>> power(3.0, 2), power(-2.0, 3), power(0.0, 0)
    (9.0, -8.0, 1.0)
    """
    return xp.power(a, n)


@elementwise(lambda xp, y, x: -1.0, latex="-{0}", zeros=lambda x: x)
def negative(xp: Namespace, x: Operand) -> Any:
    """The negative: y = -x, ∂y/∂x = -1.

    >>> negative(2.0)
    -2.0
    """
    return xp.negative(x)


@elementwise(lambda xp, y, x: 2.0 * x, latex="{{{0}}}^2", malrules=mistakes.SQUARE)
def square(xp: Namespace, x: Operand) -> Any:
    """The square: y = x², ∂y/∂x = 2x.

    >>> square(3.0)
    9.0
    """
    return x * x


@elementwise(lambda xp, y, x: y, latex="e^{{{0}}}", malrules=mistakes.EXP)
def exp(xp: Namespace, x: Operand) -> Any:
    """The exponential: y = eˣ, ∂y/∂x = y.

    >>> exp(0.0)
    1.0
    """
    return xp.exp(x)


# not y + 1, of which nothing is left once y has been rounded to -1
@elementwise(lambda xp, y, x: xp.exp(x), latex="e^{{{0}}} - 1")
def expm1(xp: Namespace, x: Operand) -> Any:
    """The exponential less one, exact near 0: y = eˣ - 1, ∂y/∂x = eˣ.

    >>> expm1(1e-20)
    1e-20
    """
    return xp.expm1(x)


@elementwise(
    lambda xp, y, x: 1.0 / x,
    latex=r"\log {0}",
    kinks="-inf at 0 (a pole), nan below",
    malrules=mistakes.LOG,
)
def log(xp: Namespace, x: Operand) -> Any:
    """The natural logarithm: y = log x, ∂y/∂x = 1/x.

    >>> log(1.0)
    0.0
    """
    return xp.log(x)


@elementwise(
    lambda xp, y, x: 1.0 / (1.0 + x),
    latex=r"\log(1 + {0})",
    kinks="-inf at -1 (a pole), nan below",
)
def log1p(xp: Namespace, x: Operand) -> Any:
    """The logarithm of one plus x, exact near 0: y = log(1 + x), ∂y/∂x = 1/(1 + x).

    >>> log1p(1e-20)
    1e-20
    """
    return xp.log1p(x)


@elementwise(
    lambda xp, y, x: 0.5 / y,
    latex=r"\sqrt{{{0}}}",
    kinks="the derivative at 0 is inf; nan below",
    malrules=mistakes.SQRT,
)
def sqrt(xp: Namespace, x: Operand) -> Any:
    """The square root: y = √x, ∂y/∂x = 1/(2y).

    >>> sqrt(9.0)
    3.0
    """
    return xp.sqrt(x)


# signs are constant almost everywhere: taken of the plain number, they are not recorded
@elementwise(
    lambda xp, y, x: xp.sign(x if moves_in_program(x) else plain(x)),
    latex=r"\left|{0}\right|",
    kinks="the derivative at 0 is 0",
)
def absolute(xp: Namespace, x: Operand) -> Any:
    """The absolute value: y = |x|, ∂y/∂x = sign x.

    >>> absolute(-2.0)
    2.0
    """
    return xp.absolute(x)
