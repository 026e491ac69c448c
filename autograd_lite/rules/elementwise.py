"""Rules that work entry by entry: y = f(x), with ∂y/∂x an array of y's shape.

The engine multiplies the partial by the adjoint, undoes broadcasting and keeps 0·inf at 0, so a rule
states the partial alone. Conventions at kinks: relu'(0) = 0, |x|' = 0 at 0, ties of maximum share equally.
"""

from __future__ import annotations

from typing import Any

from autograd_lite.rules.rule import elementwise


@elementwise(lambda xp, y, a, b: 1.0, lambda xp, y, a, b: 1.0, latex="{0} + {1}")
def add(xp: Any, a: Any, b: Any) -> Any:
    """The sum: y = a + b, ∂y/∂a = ∂y/∂b = 1. Shapes broadcast.

    >>> add(1.0, 2.0)
    3.0
    """
    return xp.add(a, b)


@elementwise(lambda xp, y, a, b: 1.0, lambda xp, y, a, b: -1.0, latex="{0} - {1}")
def subtract(xp: Any, a: Any, b: Any) -> Any:
    """The difference: y = a - b, ∂y/∂a = 1, ∂y/∂b = -1. Shapes broadcast.

    >>> subtract(1.0, 2.0)
    -1.0
    """
    return xp.subtract(a, b)


@elementwise(lambda xp, y, a, b: b, lambda xp, y, a, b: a, latex="{0} {1}")
def multiply(xp: Any, a: Any, b: Any) -> Any:
    """The product: y = a·b, ∂y/∂a = b, ∂y/∂b = a. Shapes broadcast.

    >>> multiply(3.0, 2.0)
    6.0
    """
    return xp.multiply(a, b)


@elementwise(lambda xp, y, a, b: 1.0 / b, lambda xp, y, a, b: -y / b, latex=r"\frac{{{0}}}{{{1}}}")
def divide(xp: Any, a: Any, b: Any) -> Any:
    """The quotient: y = a/b, ∂y/∂a = 1/b, ∂y/∂b = -a/b². Shapes broadcast. A pole at b = 0.

    >>> divide(1.0, 4.0)
    0.25
    """
    return xp.divide(a, b)


def _power_by_base(xp: Any, y: Any, a: Any, n: Any) -> Any:
    # at n = 0 the power is constant, also where a**(n - 1) has its pole
    if isinstance(n, (int, float)):
        return 0.0 if n == 0 else n * a ** (n - 1)
    return n * a ** xp.where(n == 0, 0.0, n - 1)


def _power_by_exponent(xp: Any, y: Any, a: Any, n: Any) -> Any:
    # 0**n is 0 for every n > 0 near by, so it does not move with n
    return y * xp.log(xp.where(a == 0, 1.0, a))


@elementwise(
    _power_by_base, _power_by_exponent, latex="{{{0}}}^{{{1}}}",
    kinks="0**0 is 1; the derivative by the exponent at base 0 is 0; nan for a negative base and real exponent",
)  # fmt: skip
def power(xp: Any, a: Any, n: Any) -> Any:
    """The power: y = aⁿ, ∂y/∂a = n·aⁿ⁻¹, ∂y/∂n = y·log a. Shapes broadcast.

    >>> power(3.0, 2)
    9.0
    """
    return xp.power(a, n)


@elementwise(lambda xp, y, x: -1.0, latex="-{0}")
def negative(xp: Any, x: Any) -> Any:
    """The negative: y = -x, ∂y/∂x = -1.

    >>> negative(2.0)
    -2.0
    """
    return xp.negative(x)


@elementwise(lambda xp, y, x: y, latex="e^{{{0}}}")
def exp(xp: Any, x: Any) -> Any:
    """The exponential: y = eˣ, ∂y/∂x = y.

    >>> exp(0.0)
    1.0
    """
    return xp.exp(x)


@elementwise(lambda xp, y, x: 1.0 / x, latex=r"\log {0}", kinks="-inf at 0 (a pole), nan below")
def log(xp: Any, x: Any) -> Any:
    """The natural logarithm: y = log x, ∂y/∂x = 1/x.

    >>> log(1.0)
    0.0
    """
    return xp.log(x)


@elementwise(lambda xp, y, x: 0.5 / y, latex=r"\sqrt{{{0}}}", kinks="the derivative at 0 is inf, nan below")
def sqrt(xp: Any, x: Any) -> Any:
    """The square root: y = √x, ∂y/∂x = 1/(2y).

    >>> sqrt(9.0)
    3.0
    """
    return xp.sqrt(x)


@elementwise(lambda xp, y, x: xp.cos(x), latex=r"\sin {0}")
def sin(xp: Any, x: Any) -> Any:
    """The sine: y = sin x, ∂y/∂x = cos x; x in radians.

    >>> sin(0.0)
    0.0
    """
    return xp.sin(x)


@elementwise(lambda xp, y, x: -xp.sin(x), latex=r"\cos {0}")
def cos(xp: Any, x: Any) -> Any:
    """The cosine: y = cos x, ∂y/∂x = -sin x; x in radians.

    >>> cos(0.0)
    1.0
    """
    return xp.cos(x)


@elementwise(lambda xp, y, x: 1.0 - y * y, latex=r"\tanh {0}")
def tanh(xp: Any, x: Any) -> Any:
    """The hyperbolic tangent: y = tanh x, ∂y/∂x = 1 - y².

    >>> tanh(0.0)
    0.0
    """
    return xp.tanh(x)


@elementwise(lambda xp, y, x: x > 0, latex=r"\max(0, {0})", kinks="the derivative at 0 is 0")
def relu(xp: Any, x: Any) -> Any:
    """The rectifier: y = max(0, x), ∂y/∂x = 1 where x > 0, else 0.

    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)

    Source: lecture notes on deep learning, equations (4) and (5).
    """
    return xp.maximum(x, 0.0)


@elementwise(
    None, lambda xp, y, c, a, b: c, lambda xp, y, c, a, b: xp.logical_not(c),
    kinks="the branch not taken gets an exact 0, also over a pole",
)  # fmt: skip
def where(xp: Any, condition: Any, a: Any, b: Any) -> Any:
    """The choice: y = a where the condition holds, else b. Shapes broadcast.

    >>> where(True, 1.0, 2.0)
    1.0
    """
    return xp.where(condition, a, b)
