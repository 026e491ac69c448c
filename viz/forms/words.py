r"""Type on a model's picture: its sizes, and numbers as short lists, strips of colour or norms.

The page is a slide of 960 × 540 points, and type never shrinks: what does not fit is folded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.formulas import numbers
from viz.formulas.escaping import upright
from viz.look import palette
from viz.scene.scene import Text
from viz.scene.typeset import line

NAME, EQUATION, VALUE, TAG, NOTE = 19.0, 16.5, 14.5, 14.0, 14.5
SMALLEST: Final = 13.5  # points, on a slide 13.33 inches wide
FEW: Final = 3  # numbers of a list
_FUNCTIONS: Final = {
    "sigmoid": r"\sigma",
    "tanh": r"\tanh",
    "relu": r"\mathrm{ReLU}",
    "exp": r"\exp",
}
_HUGE: Final = 1e6  # from here on digits before the point say less than their power of ten
_SMALL, _LARGE = 1e-4, 1e4  # outside, a list would be all digits


def name(source: str, color: str = palette.TEXT) -> Text:
    """A variable's name."""
    return line(source, NAME, color)


def equation(source: str, color: str = palette.TEXT) -> Text:
    """An equation in a bubble, or a formula on a line."""
    return line(source, EQUATION, color)


def value(source: str, color: str = palette.VALUE) -> Text:
    """A number, a list of numbers, or a norm."""
    return line(source, VALUE, color)


def total(source: str) -> Text:
    """A total derivative, in a tag."""
    return line(source, TAG, palette.TAG.text)


def note(source: str, color: str = palette.NOTE, is_math: bool = False) -> Text:
    """A remark beside or under the picture."""
    return line(source, NOTE, color, is_math)


def listed(data: Any, most: int = FEW) -> str | None:
    r"""The numbers of a short vector in LaTeX; None for what is too long, or no list of plain decimals.

    >>> listed([0.791, -0.0449, -1.17]), listed([0.002, -0.001]), listed([-0.001, 1.0]), listed(range(9))
    ('[0.79,\\,-0.04,\\,-1.17]', '[0.0020,\\,-0.0010]', '[0.00,\\,1.00]', None)
    """
    array = np.ravel(np.asarray(data, dtype=float))
    if not 0 < array.size <= most or not np.isfinite(array).all():
        return None
    largest = float(np.abs(array).max())
    if largest and not _SMALL <= largest < _LARGE:
        return None
    shown = [decimal(float(x), places(largest)) for x in array]
    inside = r",\,".join(shown)
    return inside if array.size == 1 else f"[{inside}]"


def norm(data: Any) -> str:
    r"""The Euclidean norm as a number.

    >>> norm([3.0, 4.0])
    '5'
    """
    return numbers.number(float(np.sqrt(np.sum(np.square(np.asarray(data, dtype=float))))))


def places(largest: float) -> int:
    """Decimals with which the largest number of a list has two digits that count.

    >>> places(0.5), places(0.05), places(20.0), places(0.0)
    (2, 3, 2, 2)
    """
    return max(2, 1 - math.floor(math.log10(largest))) if largest and math.isfinite(largest) else 2


def decimals(numbers: Sequence[float]) -> int:
    """Decimals for all of some numbers alike: as few as show them whole, else `places` of the largest.

    >>> decimals([2.0, -1.0]), decimals([0.5, -1.0]), decimals([0.123, 1.0])
    (0, 1, 2)
    """
    most = places(max(map(abs, numbers), default=0.0))
    return next((d for d in range(most) if all(round(x, d) == x for x in numbers)), most)


def decimal(x: float, digits: int = 2) -> str:
    r"""A number with so many decimals; what rounds to zero has no sign, what is too large a power of ten.

    >>> decimal(-0.001), decimal(-0.18), decimal(float("nan")), decimal(2e30)
    ('0.00', '-0.18', '\\mathrm{nan}', '2.0\\times 10^{30}')
    """
    if not abs(x) < _HUGE:
        return numbers.number(x, 2)
    shown = f"{x:.{digits}f}"
    return shown.lstrip("-") if float(shown) == 0 else shown


def function(v: Node) -> str:
    r"""What an activation is called on a badge: σ, tanh, ReLU.

    >>> from autograd_lite import Value, sigmoid
    >>> function(sigmoid(Value(0.0))), function(Value(0.0).tanh())
    ('\\sigma', '\\tanh')
    """
    known = v.rule.name
    return _FUNCTIONS.get(known) or upright(known.replace("_", " "))


def slope(v: Node, of: str) -> str:
    r"""Its derivative at a variable, in LaTeX.

    >>> from autograd_lite import Value
    >>> slope(Value(0.0).tanh(), r"\xi_1")
    "\\tanh'(\\xi_1)"
    """
    return rf"{function(v)}'({of})"
