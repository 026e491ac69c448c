"""S1: the chain y ← tanh(y·w + b) of scalar nodes, built anew and recorded; how it grows; its memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

from benchmarks.engines import Engine, agree, here, peers
from benchmarks.outcome import Goal, Limit, Outcome, Race
from benchmarks.race import paused, race
from benchmarks.recorded import Recorded, contest

INPUTS = (0.5, 1.0001, 1e-6)  # y₀, w, b: all of them nodes
BUILT = "build and backward"
# against micrograd it is Python's collector that decides, not the engine: for more, record a program
LIMITS = [Limit("autograd_lite", "torch", 1 / 6), Limit("autograd_lite", "micrograd", 1 / 3)]
RECORDED = [Limit("program", "casadi", 0.8)]


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


def scan(operations: int) -> Recorded:
    """jax.jit with the chain as a scan, which keeps its compiled code short."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def f(y: Any, w: Any, b: Any) -> Any:
        return jax.lax.scan(lambda y, _: (jnp.tanh(y * w + b), None), y, None, operations // 3)[0]

    compiled = jax.jit(jax.value_and_grad(f, (0, 1, 2)))
    run = lambda: jax.block_until_ready(compiled(*INPUTS))
    return Recorded(run, lambda: run()[1])


def main(operations: int = 99_999, rounds: int = 3, large: int = 1_000_000) -> Outcome:
    """Print the races, build + backward and recorded, then how time and memory per node grow."""
    print(f"S1: y ← tanh(y·w + b), {operations:,} scalar operations")
    ours = here(arrays=False)
    others = list(peers(arrays=False))
    for other in others:
        agree(ours, other, chain(300), INPUTS)
    runs = {engine.name: work(engine, operations) for engine in (ours, *others)}
    runs[f"{ours.name}, collector paused"] = paused(work(ours, operations))
    outcome, times = Outcome(), race(runs, rounds)
    outcome.add(Race("S1", BUILT, times, "µs an operation", 1e6 / operations), LIMITS)
    jax = {"jax scan": lambda: scan(operations)}
    outcome.extend(contest("S1", chain(operations), INPUTS, RECORDED, 5 * rounds, jax))
    growth(ours, large // 100, large, outcome)
    memory(ours, large, outcome)
    return outcome


def growth(engine: Engine, small: int, large: int, outcome: Outcome) -> None:
    """Print the time per node of a large chain against that of a small one."""
    for pause in (False, True):
        runs = {str(size): work(engine, size) for size in (small, large)}
        if pause:
            runs = {size: paused(run) for size, run in runs.items()}
        ratio = race(runs, rounds=2).ratio(str(large), str(small)) * small / large
        who = f"{engine.name}{', collector paused' * pause}"
        told = f"{who}: a node of {large:,} to one of {small:,}"
        outcome.reach(Goal("S1", told, 1.3, ratio))


def memory(engine: Engine, operations: int, outcome: Outcome) -> None:
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
    told = f"{engine.name}: {held[0] / operations:.0f} bytes a node built, at the sweep's height"
    outcome.reach(Goal("S1", told, 350, peak / operations, "bytes"))
