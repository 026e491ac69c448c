"""`python -m benchmarks.growth.along AXIS NAME`: one engine's seconds and MB at every size, as JSON.

A process of its own, so that nobody's memory is counted for another.
"""

from __future__ import annotations

import gc
import json
import sys

from benchmarks import peak
from benchmarks.deep import deep
from benchmarks.growth.axes import AXES
from benchmarks.growth.slopes import Point
from benchmarks.race import Run, once

BUDGET = 0.3  # seconds of repetitions at one size


def shortest(run: Run) -> float:
    """The least seconds of some runs; after one that does not count, unless that took long."""
    _, first = once(run)
    taken = [first] if first > BUDGET else []
    while not taken or sum(taken) < BUDGET:
        taken.append(once(run)[1])
    return min(taken)


def points(axis: str, name: str) -> list[Point]:
    """All sizes, the smallest first."""
    sizes, make = AXES[axis].sizes_of(name), AXES[axis].makers[name]
    for size in sizes[:2]:
        make(size)()  # loads what is needed, compiled code too
    before, found = peak.megabytes("VmRSS"), []
    for size in sizes:
        gc.collect()
        run = make(size)
        run()  # what compiling took and gave back is nobody's cost by now
        peak.reset()
        run()
        height = peak.megabytes("VmHWM") - before
        found.append(Point(size, shortest(run), height))
        del run
    return found


if __name__ == "__main__":
    try:
        print(json.dumps(deep(lambda: points(*sys.argv[1:]))))
    except ImportError:
        print(json.dumps([]))
