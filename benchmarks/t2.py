"""T2: a vanilla recurrent network 16 → 64, tanh, over 100 steps of a batch of 32, MSE on every step."""

from __future__ import annotations

from benchmarks import sequences, targets
from benchmarks.outcome import Outcome
from benchmarks.steps import Contest

SHAPE = (100, 32, 16, 64)


def main(shape: tuple[int, int, int, int] = SHAPE, rounds: int = 25) -> Outcome:
    """Print the races in float64 and float32."""
    T, N, inputs, H = shape
    print(f"T2: vanilla RNN {inputs} → {H}, tanh, T = {T}, batch {N}, MSE on every step")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        limits = [*targets.of_sweeps("T2", dtype), *targets.of_eager("T2", dtype)]
        makers = sequences.Work("RNN", shape, dtype).makers
        outcome.extend(Contest("T2", dtype, makers, limits).run(rounds))
    return outcome
