"""T6: a chain of elementwise operations on arrays of eight, where the engine's own price is all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.engines import Engine, agree, here, peers
from benchmarks.race import medians, report

INPUTS = tuple(np.linspace(low, high, 8) for low, high in ((-1, 1), (0.9, 1.1), (-0.1, 0.1)))
TARGETS = {"torch": 1.7, "mygrad": 2.5, "autograd": 2.5}


def chain(operations: int) -> Callable[..., Any]:
    """The work: y ← tanh(y·w + b), three operations a step, and the sum of the last."""

    def f(engine: Engine, y: Any, w: Any, b: Any) -> Any:
        tanh = engine.functions.tanh
        for _ in range(operations // 3):
            y = tanh(y * w + b)
        return engine.functions.sum(y)

    return f


def main(operations: int = 1000, rounds: int = 50) -> None:
    """Print the race."""
    print(f"T6: {operations:,} elementwise operations on shape (8,), forward + backward")
    ours = here(arrays=True)
    others = list(peers(arrays=True))
    f = chain(operations)
    for other in others:
        agree(ours, other, f, INPUTS)

    def work(engine: Engine) -> Callable[[], object]:
        return lambda: engine.gradient(lambda *x: f(engine, *x), INPUTS)

    runs = {engine.name: work(engine) for engine in (ours, *others)}
    report(medians(runs, rounds), operations, TARGETS)
