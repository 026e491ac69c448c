"""Sizes of type in points: on a canvas that is as large as the graph, and on a slide."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True)
class Sizes:
    """How large each kind of type is; scripts in a formula are 0.7 of it.

    name, equation, value, tag  in a bubble, the tag on its edge
    formula, number             on an arrow
    caption, note               under the picture
    line                        the longest line of a caption, in points

    >>> SLIDE.smallest, SLIDE.times(2).smallest
    (12.5, 25.0)
    """

    name: float = 17
    equation: float = 14
    value: float = 11.5
    tag: float = 10
    formula: float = 11.5
    number: float = 11
    caption: float = 14
    note: float = 10
    line: float = math.inf

    @property
    def smallest(self) -> float:
        """The smallest of them."""
        return float(min(getattr(self, field.name) for field in fields(self)))

    def times(self, factor: float) -> Sizes:
        """All of them larger or smaller."""
        return Sizes(*(factor * getattr(self, field.name) for field in fields(self)))


FREE: Final = Sizes()
"""For a canvas that is as large as its graph."""

SLIDE: Final = Sizes(18, 15.5, 13, 12.5, 13, 12.5, 16, 12.5, 900)
"""For a slide of 960 × 540 points, which is shown at its size."""
