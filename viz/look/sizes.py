"""Sizes of type, in points, by what is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sizes:
    """The base size of each kind of line; scripts are 0.7 of it.

    name, equation, value, tag  in a bubble, the tag on its edge
    formula, number             on an arrow
    caption, note               under the picture
    line                        the longest line of a caption, in points
    """

    name: float
    equation: float
    value: float
    tag: float
    formula: float
    number: float
    caption: float
    note: float
    line: float


FREE: Final = Sizes(17, 14, 11.5, 10, 11.5, 11, 14, 10, math.inf)
"""On a page as large as the picture."""

SLIDE: Final = Sizes(17, 14.5, 13, 12.5, 13, 12.5, 14.5, 12.5, 900)
"""On a page of fixed size, whose smallest type decides how much it can hold."""
