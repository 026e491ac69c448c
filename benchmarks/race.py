"""Timing: everybody in turn, several rounds, the median, and the ratio to this project."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

Run = Callable[[], object]


def seconds(run: Run) -> float:
    """The time of a run that follows one like it, so that everybody clears their own garbage."""
    gc.collect()
    run()
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def medians(runs: Mapping[str, Run], rounds: int) -> dict[str, float]:
    """The median seconds of each run, taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    # what the engines imported is nobody's work here, yet each full collection would visit all of it
    gc.collect()
    gc.freeze()
    try:
        for _ in range(rounds):
            for name, run in runs.items():
                times[name].append(seconds(run))
    finally:
        gc.unfreeze()
    return {name: statistics.median(taken) for name, taken in times.items()}


@contextmanager
def collector_paused() -> Iterator[None]:
    """Python's cyclic garbage collector does not run inside."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def paused(run: Run) -> Run:
    """The same run with the collector paused."""

    def again() -> object:
        with collector_paused():
            return run()

    return again


def report(times: Mapping[str, float], operations: int, targets: Mapping[str, float]) -> None:
    """Print µs per operation, each engine's ratio to the first row, and whether it is as wanted."""
    first = next(iter(times.values()))
    for name, taken in times.items():
        line = f"  {name:<34}{taken / operations * 1e6:9.3f} µs/operation"
        if taken is not first:
            line += f"{taken / first:8.2f} ×"
        wanted = targets.get(name.split()[0])
        if wanted is not None:
            line += f"   to reach {wanted:g} ×: {verdict(taken / first >= wanted)}"
        print(line)


def verdict(reached: bool) -> str:
    """How a target stands."""
    return "reached" if reached else "MISSED"
