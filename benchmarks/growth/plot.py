"""Time and memory against size, one column an axis, to be read from the last row of a lecture hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth.along import Point
from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import slope

Series = Mapping[str, Mapping[str, Sequence[Point]]]
"""By axis and name: what was measured."""

SLIDE = (13.33, 7.5)  # inches
SMALLEST = 12  # points
MEASURABLE = 0.25  # MB: below it a page more or less decides
# Okabe and Ito's colours, which the colour-blind tell apart; each with a marker of its own
LOOKS = {
    "program": {"color": "#0072B2", "marker": "o", "linewidth": 2.8, "zorder": 3},
    "eager": {"color": "#56B4E9", "marker": "s"},
    "floor": {"color": "black", "marker": "x", "linestyle": "--"},
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
        figure, panels = plt.subplots(2, len(AXES), figsize=SLIDE, layout="constrained")
        for column, (axis, found) in enumerate(series.items()):
            title = AXES[axis].title
            _panel(panels[0, column], found, "seconds", title)
            _panel(panels[1, column], found, "megabytes", title)
            panels[0, column].set_title(f"by {title}")
        panels[0, 0].set_ylabel("value and gradient [s]")
        panels[1, 0].set_ylabel("memory at the height [MB]")
        files = [to.with_suffix(f".{kind}") for kind in formats]
        for file in files:
            figure.savefig(file, dpi=150)
        plt.close(figure)
    return files


def _panel(panel: Any, found: Mapping[str, Sequence[Point]], what: str, title: str) -> None:
    for name, points in found.items():
        pairs = [(p.size, getattr(p, what)) for p in points]
        if what == "megabytes":
            pairs = [(size, mb) for size, mb in pairs if mb >= MEASURABLE]
        if not pairs:
            continue
        sizes, costs = zip(*pairs, strict=True)
        p = slope(sizes, costs)
        told = name if p is None else f"{name}  {p:.2f}"
        panel.plot(sizes, costs, label=told, markersize=6, **{"linewidth": 1.8, **LOOKS[name]})
    panel.set(xscale="log", yscale="log", xlabel=title)
    low, high = panel.get_ylim()
    panel.set_ylim(low, high * (high / low) ** 0.45)  # room for the legend above the lines
    panel.legend(
        loc="upper left", title="slope", ncols=2, frameon=False, handlelength=1.4, columnspacing=1.0,
        labelspacing=0.25, title_fontsize=SMALLEST, alignment="left", borderaxespad=0.0,
    )  # fmt: skip
