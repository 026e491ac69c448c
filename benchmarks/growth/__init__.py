"""growth: how time and memory grow with graph size, sequence length and batch; out/growth.png, .svg, .pdf."""

from __future__ import annotations

from pathlib import Path

from benchmarks import fresh
from benchmarks.growth import plot
from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import Point, slope
from benchmarks.outcome import Outcome


def measured() -> dict[str, dict[str, list[Point]]]:
    """Everybody who is there, along every axis, each in a process of its own."""
    found: dict[str, dict[str, list[Point]]] = {}
    for axis, along in AXES.items():
        found[axis] = {}
        for name in along.makers:
            points = fresh.told("benchmarks.growth.along", axis, name)
            if points:
                found[axis][name] = [Point(*p) for p in points]
                _tell(axis, name, found[axis][name])
            elif points is not None:
                print(f"  {name} is not installed: skipped")
    return found


def _tell(axis: str, name: str, points: list[Point]) -> None:
    told = [
        f"{what} ∝ size^{p:.2f}" for what in plot.UNITS if (p := slope(*plot.costs(points, what)))
    ]
    print(f"    {axis:<8}{name:<12}{', '.join(told)}")
    for p in points:
        print(f"      {p.size:>9,}{p.seconds * 1e3:12.4g} ms{p.megabytes:10.1f} MB")


def main(to: Path = Path("out/growth")) -> Outcome:
    """Measure, print the slopes, draw."""
    print("growth: value and gradient by size")
    to.parent.mkdir(exist_ok=True)
    found = measured()
    for file in plot.draw(found, to):
        print(f"  {file} written")
    return Outcome(tables={"Growth": slopes(found)})


def slopes(found: plot.Series) -> list[list[str]]:
    """A row for everybody on every axis: the largest size, what it costs, and how fast that grows."""
    rows = [["by", "", "at", "time", "∝ size to the", "memory", "∝ size to the"]]
    for axis, by_name in found.items():
        for name, points in by_name.items():
            last, powers = points[-1], [slope(*plot.costs(points, what)) for what in plot.UNITS]
            time, memory = ("-" if p is None else f"{p:.2f}" for p in powers)
            costs = _told(last.seconds), f"{last.megabytes:.3g} MB"
            rows.append(
                [AXES[axis].title, name, f"{last.size:,}", costs[0], time, costs[1], memory]
            )
    return rows


def _told(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
