"""Polar coordinates: the length and the angle of the vector (a, b)."""

from __future__ import annotations

from typing import Any

from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import elementwise


def _cosine(xp: Any, y: Any, a: Any) -> Any:
    """a/y, and for the zero vector a 0 that has no derivative: inf - inf."""
    zero = plain(y) == 0
    edge = xp.cbrt(a) - xp.cbrt(a)
    return xp.where(zero, edge, a / xp.where(zero, 1.0, y))


@elementwise(
    lambda xp, y, a, b: _cosine(xp, y, a),
    lambda xp, y, a, b: _cosine(xp, y, b),
    formula=lambda xp, a, b: xp.sqrt(a * a + b * b),
    latex=r"\sqrt{{{{{0}}}^2 + {{{1}}}^2}}",
    source={"javascript": "Math.hypot({0}, {1})"},
    kinks="the derivative at the zero vector is 0",
)
def hypot(xp: Any, a: Any, b: Any) -> Any:
    """The length of a vector: y = √(a² + b²), ∂y/∂a = a/y, ∂y/∂b = b/y, without overflow.

    >>> hypot(3.0, 4.0)
    5.0
    """
    return xp.hypot(a, b)


# divided twice, since the square of the length overflows where the quotient does not
@elementwise(
    lambda xp, y, a, b: b / xp.hypot(a, b) / xp.hypot(a, b),
    lambda xp, y, a, b: -a / xp.hypot(a, b) / xp.hypot(a, b),
    latex=r"\mathrm{{atan2}}({0}, {1})",
    source={"javascript": "Math.atan2({0}, {1})"},
    kinks="jumps by 2π where a = 0 and b < 0, with the derivative beside; at the zero vector nan",
)
def arctan2(xp: Any, a: Any, b: Any) -> Any:
    """The angle of the vector with abscissa b and ordinate a, between ±π: y = arctan2(a, b).

    ∂y/∂a = b/(a² + b²), ∂y/∂b = -a/(a² + b²).

    >>> arctan2(0.0, 1.0)
    0.0
    """
    return xp.arctan2(a, b)
