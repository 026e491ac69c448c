"""T3: an LSTM 16 → 128 over 100 steps of a batch of 32, MSE on every step; time and memory."""

from __future__ import annotations

import subprocess
import sys

from benchmarks import peak, sequences, targets
from benchmarks.outcome import Goal, Outcome
from benchmarks.steps import Contest

SHAPE = (100, 32, 16, 128)
MEMORY = {"program": 1.4, "eager": 1.5}  # times torch's


def main(shape: tuple[int, int, int, int] = SHAPE, rounds: int = 6) -> Outcome:
    """Print the races in float64 and float32, and the peak memory of value and gradient."""
    T, N, inputs, H = shape
    print(f"T3: LSTM {inputs} → {H}, T = {T}, batch {N}, MSE on every step")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        limits = [*targets.of_sweeps("T3", dtype), *targets.of_eager("T3", dtype)]
        makers = sequences.Work("LSTM", shape, dtype).makers
        outcome.extend(Contest("T3", dtype, makers, limits).run(rounds))
    memory(shape, outcome)
    return outcome


def memory(shape: tuple[int, int, int, int], outcome: Outcome) -> None:
    """Print the peak memory in float64, above what was there before, each in a process of its own."""
    found = {name: megabytes(name, shape) for name in ("torch", *MEMORY)}
    torchs = found.pop("torch")
    for name, here in found.items():
        ratio = None if here is None or torchs is None else here / torchs
        told = f"peak memory, {name} to torch ({_told(here)} to {_told(torchs)})"
        outcome.reach(Goal("T3 float64", told, MEMORY[name], ratio))


def megabytes(name: str, shape: tuple[int, int, int, int]) -> float | None:
    """What one engine needs; None where it cannot be measured."""
    command = [sys.executable, "-m", peak.__name__, name, *map(str, shape)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    return None if done.returncode else float(done.stdout)


def _told(megabytes: float | None) -> str:
    return "?" if megabytes is None else f"{megabytes:.1f} MB"
