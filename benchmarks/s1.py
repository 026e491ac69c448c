"""S1: the chain y ← tanh(y·w + b) of scalar nodes, build + backward; how it grows; its memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

from benchmarks.engines import Engine, agree, here, peers
from benchmarks.race import medians, paused, report, verdict

INPUTS = (0.5, 1.0001, 1e-6)  # y₀, w, b: all of them nodes
TARGETS = {"torch": 6, "micrograd": 10}


def chain(operations: int) -> Callable[..., Any]:
    """The work: three operations a step."""

    def f(engine: Engine, y: Any, w: Any, b: Any) -> Any:
        tanh = engine.functions.tanh
        for _ in range(operations // 3):
            y = tanh(y * w + b)
        return y

    return f


def work(engine: Engine, operations: int) -> Callable[[], object]:
    """One run: build the chain and go back over it."""
    f = chain(operations)
    return lambda: engine.gradient(lambda *x: f(engine, *x), INPUTS)


def main(operations: int = 100_000, rounds: int = 5, large: int = 1_000_000) -> None:
    """Print the race, then how time and memory per node grow to a million nodes."""
    print(f"S1: y ← tanh(y·w + b), {operations:,} scalar operations, build + backward")
    ours = here(arrays=False)
    others = list(peers(arrays=False))
    for other in others:
        agree(ours, other, chain(300), INPUTS)
    runs = {engine.name: work(engine, operations) for engine in (ours, *others)}
    runs[f"{ours.name}, collector paused"] = paused(work(ours, operations))
    report(medians(runs, rounds), operations, TARGETS)
    growth(ours, large // 100, large)
    memory(ours, large)


def growth(engine: Engine, small: int, large: int) -> None:
    """Print the time per node of a large chain against that of a small one."""
    print(f"  the same chain at {large:,} operations")
    for pause in (False, True):
        runs = {size: work(engine, size) for size in (small, large)}
        if pause:
            runs = {size: paused(run) for size, run in runs.items()}
        times = medians({str(size): run for size, run in runs.items()}, rounds=3)
        each = [times[str(size)] / size for size in (small, large)]
        name = engine.name + (", collector paused" if pause else "")
        print(
            f"  {name:<34}{each[1] * 1e6:9.3f} µs/operation, {each[1] / each[0]:.2f} × that at "
            f"{small:,}   to reach 1.3 ×: {verdict(each[1] / each[0] <= 1.3)}"
        )


def memory(engine: Engine, operations: int) -> None:
    """Print the bytes Python holds per node: the graph alone, and while the sweep back runs."""
    f = chain(operations)
    held: list[int] = []

    def measured(*leaves: Any) -> Any:
        y = f(engine, *leaves)
        held.append(tracemalloc.get_traced_memory()[0])
        return y

    tracemalloc.start()
    try:
        engine.gradient(measured, INPUTS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    built, swept = held[0] / operations, peak / operations
    print(
        f"  {engine.name:<34}{built:9.0f} bytes a node built, {swept:.0f} at the sweep's height"
        f"   to reach 350: {verdict(swept <= 350)}"
    )
