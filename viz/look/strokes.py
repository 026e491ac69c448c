"""Strokes in points: how thick, how dashed, how rounded lines are, for every renderer alike."""

from __future__ import annotations

from typing import Final

LINE: Final = 1.1  # width of outlines and arrows
CUT: Final = 1.7  # of a cut, and of the arrows that it crosses
ACCENT: Final = 2.4  # of what stands out
FRAME: Final = 0.6  # around a heat map

CUT_DASH: Final = (5.5, 3.5)  # a gap is narrower than a circle: each stands on the line
CIRCLE: Final = 2.8  # radius, where a cut crosses an arrow
CIRCLE_LINE: Final = 1.3
HELD_DASH: Final = (4.4, 2.2)

CORNER: Final = 7.0  # radius of a box's corners
TAG_CORNER: Final = 5.5

BARB: Final = 0.36  # half of an arrowhead's width, as a share of its length
NOTCH: Final = 0.28  # how far its back is cut in, as a share of its length


def head(width: float) -> float:
    """The length of the arrowhead on a line of this width."""
    return 5.5 + 2 * width
