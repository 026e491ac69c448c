"""Timing: everybody in turn, several rounds, ratios within a round.

What is taken is the processor's time for this process, all its threads together: on an idle machine
that is the time one waits, on a busy one it leaves out what others took.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Run = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Times:
    """The seconds of each run in each round."""

    taken: Mapping[str, list[float]]

    def median(self, name: str) -> float:
        """The median seconds of a run."""
        return statistics.median(self.taken[name])

    def ratio(self, name: str, than: str) -> float:
        """How many times as long a run takes as another: the median of the rounds' ratios."""
        pairs = zip(self.taken[name], self.taken[than], strict=True)
        return statistics.median(a / b for a, b in pairs)

    def ratio_of_minima(self, name: str, than: str) -> float:
        """The same of the shortest times, which a busy machine changes least."""
        return min(self.taken[name]) / min(self.taken[than])


def seconds(run: Run, clock: Clock = time.process_time) -> float:
    """The time of a run that follows one like it, so that everybody clears their own garbage."""
    gc.collect()
    run()
    begin = clock()
    run()
    return clock() - begin


def race(runs: Mapping[str, Run], rounds: int, clock: Clock = time.process_time) -> Times:
    """Everybody's times, taken in turn; another clock for work that other processes do."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    # what the engines imported is nobody's work here, yet each full collection would visit all of it
    gc.collect()
    gc.freeze()
    try:
        for _ in range(rounds):
            for name, run in runs.items():
                times[name].append(seconds(run, clock))
    finally:
        gc.unfreeze()
    return Times(times)


def once(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a run gives, and its seconds: for what cannot be repeated, such as a first call."""
    begin = time.process_time()
    found = run()
    return found, time.process_time() - begin


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
