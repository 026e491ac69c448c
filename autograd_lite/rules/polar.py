"""Polar coordinates: the length and the angle of the vector (a, b)."""

from __future__ import annotations

from typing import Any

from autograd_lite.operands import Operand
from autograd_lite.rules.kinks import marked
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import elementwise
from autograd_lite.rules.zeros import moves


def _apart_from_zero(d: Operand, a: Operand, b: Operand) -> Any:
    """The recorded derivative d, without a further one at the zero vector."""
    zero = (plain(a) == 0) & (plain(b) == 0)
    for x in (a, b):
        d = marked(d, x, zero) if moves(x) else d
    return d


def _cosine(xp: Namespace, y: Operand, a: Operand, b: Operand) -> Any:
    """a/y, and 0 for the zero vector."""
    return _apart_from_zero(a / xp.where(plain(y) == 0, 1.0, y), a, b)


@elementwise(
    _cosine,
    lambda xp, y, a, b: _cosine(xp, y, b, a),
    formula=lambda xp, a, b: xp.sqrt(a * a + b * b),
    latex=r"\sqrt{{{{{0}}}^2 + {{{1}}}^2}}",
    source={"javascript": "Math.hypot({0}, {1})"},
    kinks="the derivative at the zero vector is 0, and there is no second one (nan)",
)
def hypot(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The length of a vector: y = √(a² + b²), ∂y/∂a = a/y, ∂y/∂b = b/y, without overflow.

    >>> hypot(3.0, 4.0)
    5.0
    """
    return xp.hypot(a, b)


# divided twice, since the square of the length overflows where the quotient does not
@elementwise(
    lambda xp, y, a, b: _apart_from_zero(b / xp.hypot(a, b) / xp.hypot(a, b), a, b),
    lambda xp, y, a, b: _apart_from_zero(-a / xp.hypot(a, b) / xp.hypot(a, b), a, b),
    latex=r"\mathrm{{atan2}}({0}, {1})",
    source={"javascript": "Math.atan2({0}, {1})"},
    kinks="jumps by 2π where a = 0 and b < 0, with the derivative beside; at the zero vector nan",
)
def arctan2(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The angle of the vector with abscissa b and ordinate a, between ±π: y = arctan2(a, b).

    ∂y/∂a = b/(a² + b²), ∂y/∂b = -a/(a² + b²).

    >>> arctan2(0.0, 1.0)
    0.0
    """
    return xp.arctan2(a, b)
