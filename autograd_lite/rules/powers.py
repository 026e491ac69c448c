"""The reciprocal, the cube root, the number itself, and the cardinal sine."""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import elementwise


@elementwise(lambda xp, y, x: 1.0, latex="{0}", source={"javascript": "(+{0})"})
def positive(xp: Any, x: Any) -> Any:
    """The same numbers, copied: y = +x, ∂y/∂x = 1.

    >>> positive(2.0)
    2.0
    """
    return xp.positive(x)


@elementwise(
    lambda xp, y, x: -y * y,
    latex=r"\frac{{1}}{{{0}}}",
    kinks="a pole at 0: ±inf",
)
def reciprocal(xp: Any, x: Any) -> Any:
    """The reciprocal: y = 1/x, ∂y/∂x = -1/x².

    >>> reciprocal(4.0)
    0.25
    """
    return xp.divide(1.0, x)


@elementwise(
    lambda xp, y, x: 1.0 / (3.0 * y * y),
    latex=r"\sqrt[3]{{{0}}}",
    formula=lambda xp, x: xp.sign(x) * xp.power(xp.absolute(x), 1.0 / 3.0),
    source={"javascript": "Math.cbrt({0})"},
    kinks="the derivative at 0 is inf",
)
def cbrt(xp: Any, x: Any) -> Any:
    """The cube root, of negative numbers too: y = ∛x, ∂y/∂x = 1/(3y²).

    >>> cbrt(27.0), cbrt(-8.0)
    (3.0, -2.0)
    """
    return xp.cbrt(x)


TERMS: Final = [(-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in range(12)]
"""sinc x = Σ TERMS[k]·x²ᵏ"""


def _sinc_slope(xp: Any, y: Any, x: Any) -> Any:
    """(cos πx - y)/x, by its series near 0, where that is a difference of equals."""
    near = abs(plain(x)) < 0.5
    small, large = xp.where(near, x, 0.0), xp.where(near, 1.0, x)
    square, series = small * small, 0.0
    for k in range(len(TERMS) - 1, 0, -1):
        series = series * square + 2 * k * TERMS[k]
    return xp.where(near, small * series, (xp.cos(math.pi * large) - y) / large)


@elementwise(
    _sinc_slope,
    latex=r"\mathrm{{sinc}}({0})",
    formula=lambda xp, x: xp.where(x == 0, 1.0, xp.sin(math.pi * x) / (math.pi * x)),
)
def sinc(xp: Any, x: Any) -> Any:
    """The cardinal sine: y = sin(πx)/(πx) and 1 at 0, ∂y/∂x = (cos πx - y)/x and 0 at 0.

    >>> sinc(0.0), round(sinc(0.5), 6)
    (1.0, 0.63662)
    """
    return xp.sinc(x)
