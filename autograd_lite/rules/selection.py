"""Rules that choose among their operands: the larger, the smaller, the one that a condition says.

At a tie the operands share the derivative equally. Which operand is chosen does not move with small
changes, so the partials are plain numbers and are not recorded, but in a program, which takes others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Operand
from autograd_lite.rules import mistakes
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.program_only import asked, moves_in_program
from autograd_lite.rules.rule import elementwise


def _larger(y: Operand, a: Operand, b: Operand) -> Any:
    """1 where a > b, ½ at a tie, 0 elsewhere, in y's dtype."""
    if moves_in_program(a, b):
        share = asked("greater", a, b) + 0.5 * asked("equal", a, b)
    else:
        a, b = plain(a), plain(b)
        share = (a > b) + 0.5 * (a == b)
    dtype = getattr(plain(y), "dtype", None)
    return share if dtype is None else share.astype(dtype)


@elementwise(
    lambda xp, y, a, b: _larger(y, a, b),
    lambda xp, y, a, b: _larger(y, b, a),
    latex=r"\max({0}, {1})",
    kinks="at a tie each operand gets ½",
    malrules=mistakes.EXTREME,
)
def maximum(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The larger of two: y = max(a, b), the lecture's ⌊b⌋ₐ; ∂y/∂a = 1 where a > b, else 0.

    >>> maximum(1.0, 3.0)
    3.0

    Source: lecture notes on deep learning, equation (6).
    """
    return xp.maximum(a, b)


@elementwise(
    lambda xp, y, a, b: _larger(y, b, a),
    lambda xp, y, a, b: _larger(y, a, b),
    latex=r"\min({0}, {1})",
    kinks="at a tie each operand gets ½",
    malrules=mistakes.EXTREME,
)
def minimum(xp: Namespace, a: Operand, b: Operand) -> Any:
    """The smaller of two: y = min(a, b), the lecture's ⌈a⌉ᵇ; ∂y/∂a = 1 where a < b, else 0.

    >>> minimum(1.0, 3.0)
    1.0

    Source: lecture notes on deep learning, equation (7).
    """
    return xp.minimum(a, b)


def _raised(xp: Namespace, x: Operand, low: Operand) -> Any:
    return xp.maximum(x, low) if moves_in_program(x, low) else xp.maximum(plain(x), plain(low))


def _below(xp: Namespace, y: Operand, x: Operand, low: Operand, high: Operand) -> Any:
    """How far y moves with max(x, low): not where that is cut off at `high`."""
    return _larger(y, high, _raised(xp, x, low))


@elementwise(
    lambda xp, y, x, low, high: _larger(y, x, low) * _below(xp, y, x, low, high),
    lambda xp, y, x, low, high: _larger(y, low, x) * _below(xp, y, x, low, high),
    lambda xp, y, x, low, high: _larger(y, _raised(xp, x, low), high),
    latex=r"\mathrm{{clip}}({0}, {1}, {2})",
    kinks="at a bound x and the bound get ½ each; where low > high, y = high",
    malrules=mistakes.CLIP,
)
def clip(xp: Namespace, x: Operand, low: Operand, high: Operand) -> Any:
    """What lies within two bounds: y = min(max(x, low), high).

    ∂y/∂x = 1 between the bounds; beyond one of them y moves with that bound instead.

    >>> clip(5.0, -1.0, 1.0), clip(0.5, -1.0, 1.0)
    (1.0, 0.5)

    Source: lecture notes on deep learning, equations (6) and (7), one after the other.
    """
    return xp.minimum(xp.maximum(x, low), high)


@elementwise(
    None,
    lambda xp, y, c, a, b: asked("not_equal", c, 0),
    lambda xp, y, c, a, b: asked("equal", c, 0),
    zeros=lambda c, a, b: np.where(c, b, a),
    kinks="the branch not taken gets an exact 0, also over a pole",
)
def where(xp: Namespace, condition: Operand, a: Operand, b: Operand) -> Any:
    """The choice: y = a where the condition holds, else b; ∂y/∂a = 1 where it holds, else 0.

    >>> where(True, 1.0, 2.0)
    1.0
    """
    return xp.where(condition, a, b)


@elementwise(
    lambda xp, y, x: 0.0,
    latex=r"\mathrm{{sign}}({0})",
    kinks="0 at 0; the derivative is 0 there too, where it jumps",
)
def sign(xp: Namespace, x: Operand) -> Any:
    """The sign: y = 1 where x > 0, -1 where x < 0, 0 at 0; ∂y/∂x = 0.

    >>> sign(-2.0), sign(0.0)
    (-1.0, 0.0)
    """
    return xp.sign(x)
