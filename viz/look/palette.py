"""Colours by role: told apart by colour-blind readers and in print, for every renderer alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    "activation": Ink("#8a6a10", "#fdf6e1", TEXT),
    "operator": Ink("#1f4880", "#ffffff", "#1f4880"),
    "total": Ink("#b01c1c", "#fdf1f0", TEXT),
}
GROUND: Final = Ink("#c8bfa0", "#f6f3ea", "#7a6a35")
ACCENT: Final = "#c0560c"
TAG: Final = Ink("#b01c1c", "#fdf1f0", "#b01c1c")
EDGE: Final = "#5b6770"

# Cuts by number: violet, orange, teal, magenta, brown (dark enough to read as type on white).
CUTS: Final = ("#762a8c", "#c0560c", "#177e76", "#b5256f", "#6b4a1e")


def cut_color(number: int) -> str:
    """The colour of the cut with this number."""
    return CUTS[number % len(CUTS)]


def crossing_colors(
    arrows: Iterable[tuple[int, int]], cuts: Sequence[frozenset[int]]
) -> dict[int, str]:
    """The colour of each arrow that crosses a cut: that of the first line it meets.

    arrows  from where to where
    cuts    what lies on each one's near side, from the inputs on

    >>> crossing_colors([(0, 1), (0, 2), (1, 2)], [frozenset({0}), frozenset({0, 1})])
    {0: '#762a8c', 1: '#762a8c', 2: '#c0560c'}
    """
    first = {
        k: next((n for n, near in enumerate(cuts) if a in near and b not in near), None)
        for k, (a, b) in enumerate(arrows)
    }
    return {k: cut_color(number) for k, number in first.items() if number is not None}
