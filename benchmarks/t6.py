"""T6: a chain of elementwise operations on arrays of eight, where the engine's own price is all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks import engines, targets, trainers
from benchmarks.engines import Engine
from benchmarks.floors import Array
from benchmarks.floors.t6 import Chain
from benchmarks.outcome import Limit, Outcome
from benchmarks.steps import Contest
from benchmarks.trainers import Maker, Trainer

INPUTS = tuple(np.linspace(low, high, 8) for low, high in ((-1, 1), (0.9, 1.1), (-0.1, 0.1)))
EAGER = [
    Limit("eager", "torch", 1 / 1.7),
    Limit("eager", "mygrad", 0.4),
    Limit("eager", "autograd", 0.4),
]


def chain(operations: int) -> Callable[..., Any]:
    """The work: y ← tanh(y·w + b), three operations a step, and the sum of the last."""

    def f(engine: Engine, y: Any, w: Any, b: Any) -> Any:
        tanh = engine.functions.tanh
        for _ in range(operations // 3):
            y = tanh(y * w + b)
        return engine.functions.sum(y)

    return f


def _built(engine: Engine, inputs: Sequence[Array], operations: int) -> Trainer:
    """An engine that builds its graph every time."""
    f = chain(operations)
    sweep = lambda: engine.gradient(lambda *x: f(engine, *x), inputs)
    return Trainer(sweep, sweep)


def _program(inputs: Sequence[Array], operations: int) -> Trainer:
    from autograd_lite import trace

    f, ours = chain(operations), engines.here(arrays=True)
    recorded = trace(lambda y, w, b: f(ours, y, w, b), *inputs, argnums=(0, 1, 2))
    return Trainer(
        lambda: recorded.value_and_grad(*inputs), lambda: recorded.value_and_grad(*inputs)[1]
    )


def _jax(inputs: Sequence[Array], operations: int) -> Trainer:
    import jax
    import jax.numpy as jnp

    def loss(weights: Any) -> Any:
        y, w, b = weights
        step = lambda y, _: (jnp.tanh(y * w + b), None)
        return jnp.sum(jax.lax.scan(step, y, None, operations // 3)[0])

    return trainers.jax(loss, inputs)


def makers(dtype: str, operations: int) -> dict[str, Maker]:
    """Everybody, in the order of the table."""
    inputs = [x.astype(dtype) for x in INPUTS]

    def built(load: Callable[[], Engine]) -> Maker:
        return lambda: _built(load(), inputs, operations)

    return {
        "eager": built(lambda: engines.here(arrays=True)),
        "program": lambda: _program(inputs, operations),
        "floor": lambda: trainers.floor(Chain(inputs, operations)),
        "torch": built(engines.PEERS["torch"]),
        "jax": lambda: _jax(inputs, operations),
        "mygrad": built(engines.PEERS["mygrad"]),
        "autograd": built(engines.PEERS["autograd"]),
    }


def main(operations: int = 1000, rounds: int = 25) -> Outcome:
    """Print the races in float64 and float32; a millisecond is a microsecond an operation."""
    print(f"T6: {operations:,} elementwise operations on shape (8,)")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        limits = [*targets.of_sweeps("T6", dtype), *(EAGER if dtype == "float64" else ())]
        outcome.extend(Contest("T6", dtype, makers(dtype, operations), limits).run(rounds))
    return outcome
