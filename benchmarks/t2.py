"""T2: a vanilla recurrent network 16 → 64, tanh, over 100 steps of a batch of 32, MSE on every step."""

from __future__ import annotations

from typing import Any

from benchmarks import sequences, targets
from benchmarks.outcome import Limit, Outcome
from benchmarks.steps import Contest

SHAPE = (100, 32, 16, 64)


def cell(functions: Any, x: Any, state: Any, weights: Any) -> tuple[Any, ...]:
    """h_t = tanh(W_xh·x_t + W_hh·h_{t-1} + b_h)."""
    W, U, b = weights
    return (functions.tanh(functions.matmul(x, W.T) + functions.matmul(state[0], U.T) + b),)


def main(shape: tuple[int, int, int, int] = SHAPE, rounds: int = 25) -> Outcome:
    """Print the races in float64 and float32."""
    T, N, inputs, H = shape
    print(f"T2: vanilla RNN {inputs} → {H}, tanh, T = {T}, batch {N}, MSE on every step")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        limits = [*targets.of_sweeps("T2", dtype), *targets.of_eager("T2", dtype)]
        if dtype == "float64":
            limits.append(Limit("eager", "floor", targets.EAGER_T2))
        makers = sequences.Work("RNN", shape, dtype).makers(cell)
        outcome.extend(Contest("T2", dtype, makers, limits).run(rounds))
    return outcome
