"""growth: how time and memory grow with graph size, sequence length and batch; out/growth.png, .svg, .pdf."""

from __future__ import annotations

from pathlib import Path

from benchmarks import fresh
from benchmarks.growth import plot
from benchmarks.growth.along import Point
from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import slope
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
    sizes = [p.size for p in points]
    time = slope(sizes, [p.seconds for p in points])
    memory = slope(*zip(*[(p.size, p.megabytes) for p in points if p.megabytes >= plot.MEASURABLE], strict=True))
    print(f"    {axis:<8}{name:<12} time ∝ size^{time:.2f}, memory ∝ size^{memory:.2f}")
    for p in points:
        print(f"      {p.size:>9,}{p.seconds * 1e3:12.4g} ms{p.megabytes:10.1f} MB")


def main(to: Path = Path("out/growth")) -> Outcome:
    """Measure, print the slopes, draw."""
    print("growth: value and gradient by size")
    to.parent.mkdir(exist_ok=True)
    for file in plot.draw(measured(), to):
        print(f"  {file} written")
    return Outcome()
