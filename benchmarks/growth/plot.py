"""Time and memory against size, one column an axis, to be read from the last row of a lecture hall."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import LARGEST, Point, slope

Series = Mapping[str, Mapping[str, Sequence[Point]]]
"""By axis and name: what was measured."""

SLIDE = (13.33, 7.5)  # inches
SMALLEST = 12  # points
MOST_TICKS = 5  # on the vertical axis
LINE = 0.075  # what a line of the legend takes of a panel's height
MEASURABLE = 0.25  # MB: below it a page more or less decides
# Okabe and Ito's colours, which the colour-blind tell apart; each with a marker of its own
LOOKS = {
    "program": {"color": "#0072B2", "marker": "o", "linewidth": 2.8, "zorder": 3},
    "eager": {"color": "#56B4E9", "marker": "s"},
    "floor": {"color": "black", "marker": "x", "linestyle": "--", "zorder": 4},
    "torch": {"color": "#D55E00", "marker": "^"},
    "jax": {"color": "#009E73", "marker": "D"},
    "casadi": {"color": "#CC79A7", "marker": "v"},
    "micrograd": {"color": "#E69F00", "marker": "P"},
}
STYLE = {
    "font.size": SMALLEST,
    "axes.labelsize": 14,
    "axes.titlesize": 16,
    "legend.fontsize": SMALLEST,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def draw(series: Series, to: Path, formats: Sequence[str] = ("png", "svg", "pdf")) -> list[Path]:
    """Write the picture in each format; gives the files."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        figure, panels = plt.subplots(
            2, len(AXES), figsize=SLIDE, layout="constrained", sharex="col"
        )
        for column, (axis, found) in enumerate(series.items()):
            for row, what in enumerate(UNITS):
                _panel(panels[row, column], found, what, AXES[axis].sizes)
            panels[1, column].set_xlabel(AXES[axis].title)
        panels[0, 0].set_ylabel("time of value and gradient")
        panels[1, 0].set_ylabel("memory at its height")
        files = [to.with_suffix(f".{kind}") for kind in formats]
        for file in files:
            figure.savefig(file, dpi=150)
        plt.close(figure)
    return files


Found = Mapping[str, Sequence[Point]]


def _panel(panel: Any, found: Found, what: str, sizes: Sequence[int]) -> None:
    for name, points in found.items():
        at, cost = costs(points, what)
        if not at:
            continue
        p = slope(at, cost)
        told = name if p is None else f"{name}  {p:.2f}"
        panel.plot(at, cost, label=told, markersize=6, **{"linewidth": 1.8, **LOOKS[name]})
    panel.set(xscale="log", yscale="log")
    _label(panel, what, sizes)
    _make_room(panel, 1 + math.ceil(len(panel.get_lines()) / 2))
    panel.legend(
        loc="upper left", title=f"slope over the {LARGEST} largest sizes", ncols=2, frameon=False,
        handlelength=1.4, columnspacing=1.0, labelspacing=0.25, title_fontsize=SMALLEST,
        alignment="left", borderaxespad=0.0,
    )  # fmt: skip


def _make_room(panel: Any, lines: int) -> None:
    """Leave place for this many lines of the legend above what is drawn."""
    share = lines * LINE
    low, high = panel.get_ylim()
    panel.set_ylim(low, high * (high / low) ** (share / (1 - share)))


def costs(points: Sequence[Point], what: str) -> tuple[list[int], list[float]]:
    """Sizes and their "seconds" or "megabytes", as far as those can be measured."""
    pairs = [(p.size, getattr(p, what)) for p in points]
    if what == "megabytes":
        pairs = [pair for pair in pairs if pair[1] >= MEASURABLE]
    return [size for size, _ in pairs], [cost for _, cost in pairs]


def _label(panel: Any, what: str, sizes: Sequence[int]) -> None:
    """Whole words on both axes: a power's small exponent cannot be read on a slide."""
    from matplotlib.ticker import NullLocator

    panel.set_xticks(sizes, [short(size) for size in sizes])
    low, high = panel.get_ylim()
    decades = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    decades = [d for d in decades if len(decades) <= MOST_TICKS or d % 2 == 0]
    panel.set_yticks([10.0**d for d in decades], [UNITS[what](d) for d in decades])
    panel.xaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_minor_locator(NullLocator())


def short(size: int) -> str:
    """A size as a few letters: 1,000,000 is 1M.

    >>> short(64), short(1000), short(1024)
    ('64', '1k', '1,024')
    """
    for unit, letter in ((10**6, "M"), (10**3, "k")):
        if size % unit == 0:
            return f"{size // unit}{letter}"
    return f"{size:,}"


def power_in(units: Sequence[str], decade: int) -> str:
    """Ten to a power in the largest unit that leaves a whole number; the next unit is a thousand.

    >>> power_in(("µs", "ms", "s"), 4)
    '10 ms'
    """
    which = min(decade // 3, len(units) - 1)
    return f"{10 ** (decade - 3 * which):,} {units[which]}"


UNITS = {
    "seconds": lambda decade: power_in(("ns", "µs", "ms", "s"), decade + 9),
    "megabytes": lambda decade: power_in(("kB", "MB", "GB"), decade + 3),
}
