"""Colours by role: told apart by colour-blind readers and in print, for every renderer alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Ink:
    """The colours of one role, as #rrggbb: of lines, of the surface, of type."""

    line: str
    fill: str
    text: str


TEXT: Final = "#1b2430"
VALUE: Final = "#1a5fb4"
NOTE: Final = "#5b6770"

BUBBLES: Final = {
    "input": Ink("#1f6b2c", "#e8f3e8", TEXT),
    "inner": Ink("#1f4880", "#ecf3fc", TEXT),
    "output": Ink("#8a6a10", "#fdf6e1", TEXT),
    "parameter": Ink("#6a3d9a", "#f2edfb", TEXT),
    "module": Ink("#4a4a82", "#eeeef6", TEXT),
    "held": Ink("#5b6770", "#f5f6f7", TEXT),
    "later": Ink("#ccd3d9", "#fbfcfc", "#b9c1c8"),
}
ACCENT: Final = "#c0560c"
TAG: Final = Ink("#b01c1c", "#fdf1f0", "#b01c1c")
EDGE: Final = "#5b6770"

# Cuts by number: violet, orange, teal, magenta, brown (dark enough to read as type on white).
CUTS: Final = ("#762a8c", "#c0560c", "#177e76", "#b5256f", "#6b4a1e")


def cut_color(number: int) -> str:
    """The colour of the cut with this number."""
    return CUTS[number % len(CUTS)]
