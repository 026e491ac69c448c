"""Rounding to whole numbers, and division with remainder.

What is rounded is constant between its jumps: the derivative is 0 there, and by convention at the jumps.
"""

from __future__ import annotations

from typing import Any, Final

from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import elementwise

JUMPS: Final = "jumps at whole numbers; the derivative is 0 there too"


@elementwise(
    lambda xp, y, x: 0.0,
    latex=r"\lfloor {0} \rfloor",
    source={"javascript": "Math.floor({0})"},
    kinks=JUMPS,
)
def floor(xp: Namespace, x: Operand) -> Any:
    """The largest whole number that is not above x: y = ⌊x⌋, ∂y/∂x = 0.

    >>> floor(-1.5)
    -2.0
    """
    return xp.floor(x)


@elementwise(
    lambda xp, y, x: 0.0,
    latex=r"\lceil {0} \rceil",
    source={"javascript": "Math.ceil({0})"},
    kinks=JUMPS,
)
def ceil(xp: Namespace, x: Operand) -> Any:
    """The smallest whole number that is not below x: y = ⌈x⌉, ∂y/∂x = 0.

    >>> ceil(-1.5)
    -1.0
    """
    return xp.ceil(x)


@elementwise(
    lambda xp, y, x: 0.0,
    latex=r"\mathrm{{trunc}}({0})",
    formula=lambda xp, x: xp.sign(x) * xp.floor(xp.absolute(x)),
    source={"javascript": "Math.trunc({0})"},
    kinks=JUMPS,
)
def trunc(xp: Namespace, x: Operand) -> Any:
    """X without its fraction, rounded towards 0; ∂y/∂x = 0.

    >>> trunc(-1.5)
    -1.0
    """
    return xp.trunc(x)


# of two equally near numbers the even one is twice the rounded half
@elementwise(
    lambda xp, y, x: 0.0,
    latex=r"\mathrm{{round}}({0})",
    formula=lambda xp, x: xp.floor(x + 0.5),
    source={
        "javascript": "(Math.abs({0} % 1) === 0.5 ? 2 * Math.round({0} / 2) : Math.round({0}))"
    },
    kinks="jumps half-way between whole numbers; the derivative is 0 there too",
)
def rint(xp: Namespace, x: Operand) -> Any:
    """The nearest whole number, the even one of two equally near; ∂y/∂x = 0.

    >>> rint(1.6), rint(2.5)
    (2.0, 2.0)
    """
    return xp.rint(x)


def _whole(xp: Namespace, y: Operand, a: Operand, b: Operand) -> Any:
    """How often b went into a, where y is what was left: a plain number, as it moves with neither."""
    return xp.rint(xp.divide(plain(a) - plain(y), plain(b)))


MOD: Final = "({0} % {1} !== 0 && {0} % {1} < 0 !== {1} < 0 ? {0} % {1} + {1} : {0} % {1})"


@elementwise(
    lambda xp, y, a, b: 0.0,
    lambda xp, y, a, b: 0.0,
    latex=r"\lfloor \frac{{{0}}}{{{1}}} \rfloor",
    formula=lambda xp, a, b: xp.floor(a / b),
    source={"javascript": f"({{1}} === 0 ? {{0}} / {{1}} : Math.round(({{0}} - {MOD}) / {{1}}))"},
    kinks="jumps where a is a multiple of b; the derivative is 0 there too; at b = 0 as NumPy has it",
)
def floor_divide(xp: Namespace, a: Operand, b: Operand) -> Any:
    """How often b goes into a: y = ⌊a/b⌋, Python's `a // b`; ∂y/∂a = ∂y/∂b = 0.

    >>> floor_divide(7.0, 2.0), floor_divide(-7.0, 2.0)
    (3.0, -4.0)
    """
    return xp.floor_divide(a, b)


@elementwise(
    lambda xp, y, a, b: 1.0,
    lambda xp, y, a, b: -_whole(xp, y, a, b),
    latex=r"{0} \;\mathrm{{mod}}\; {1}",
    formula=lambda xp, a, b: a - b * xp.floor(a / b),
    source={"javascript": MOD},
    kinks="jumps where a is a multiple of b, with the derivative of the piece that holds a",
)
def remainder(xp: Namespace, a: Operand, b: Operand) -> Any:
    """What is left of a, with the sign of b: y = a - b·⌊a/b⌋, Python's `a % b`.

    ∂y/∂a = 1, ∂y/∂b = -⌊a/b⌋.

    >>> remainder(7.0, 4.0), remainder(-7.0, 4.0)
    (3.0, 1.0)
    """
    return xp.remainder(a, b)


@elementwise(
    lambda xp, y, a, b: 1.0,
    lambda xp, y, a, b: -_whole(xp, y, a, b),
    latex=r"\mathrm{{fmod}}({0}, {1})",
    formula=lambda xp, a, b: a - b * xp.trunc(a / b),
    source={"javascript": "({0} % {1})"},
    kinks="jumps where a is a multiple of b, with the derivative of the piece that holds a",
)
def fmod(xp: Namespace, a: Operand, b: Operand) -> Any:
    """What is left of a, with the sign of a: y = a - b·trunc(a/b), as C has it.

    ∂y/∂a = 1, ∂y/∂b = -trunc(a/b).

    >>> fmod(7.0, 4.0), fmod(-7.0, 4.0)
    (3.0, -3.0)
    """
    return xp.fmod(a, b)
