"""T3: an LSTM 16 → 128 over 100 steps of a batch of 32, MSE on every step; time and memory."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from benchmarks import peak, sequences, steps
from benchmarks.race import verdict

LIMITS = {"torch": 0.9, "mygrad": 1 / 1.5, "autograd": 1 / 1.5}
LIMITS_32 = {"torch cell loop": 1.0, "mygrad": 1 / 1.5, "autograd": 1 / 1.5}
SHAPE = (100, 32, 16, 128)
MEMORY = 1.5  # times torch's


def cell(functions: Any, x: Any, state: Any, weights: Any) -> tuple[Any, ...]:
    """The lecture's six equations, gates stacked in the order i, f, c̃, o."""
    (h, c), (W, U, b) = state, weights
    a = functions.matmul(x, W.T) + functions.matmul(h, U.T) + b
    H = h.shape[1]
    i, f, o = (1.0 / (1.0 + functions.exp(-a[:, k * H : (k + 1) * H])) for k in (0, 1, 3))
    c = f * c + i * functions.tanh(a[:, 2 * H : 3 * H])
    return o * functions.tanh(c), c


def main(shape: tuple[int, int, int, int] = SHAPE, rounds: int = 12) -> None:
    """Print the races in float64 and float32, and the peak memory of a step."""
    T, N, inputs, H = shape
    for dtype, limits, slack in (("float64", LIMITS, 1e-9), ("float32", LIMITS_32, 1e-3)):
        work = sequences.Work("LSTM", shape, dtype)
        peers = {
            "torch": lambda work=work: sequences.torchs_module(work),
            "torch cell loop": lambda work=work: sequences.torchs_cell(work),
            "mygrad": sequences.mygrad(work, cell),
            "autograd": sequences.autograd(work, cell),
        }
        title = f"T3: LSTM {inputs} → {H}, T = {T}, batch {N}, MSE on every step, {dtype}"
        ours = lambda work=work: sequences.ours(work)
        steps.race(title, ours, peers, limits, rounds, slack=slack)
    memory(shape)


def memory(shape: tuple[int, int, int, int]) -> None:
    """Print the peak memory of one step in float64, above what was there before it."""
    found = {}
    for name in ("nn", "torch"):
        command = [sys.executable, "-m", peak.__name__, name, *map(str, shape)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode:
            print(f"  the memory of {name} cannot be measured here: skipped")
            return
        found[name] = float(done.stdout)
    times = found["nn"] / found["torch"]
    print(
        f"  peak memory of a step: nn {found['nn']:.1f} MB, torch {found['torch']:.1f} MB, {times:.2f} ×"
        f"   to reach {MEMORY} ×: {verdict(times <= MEMORY)}"
    )
