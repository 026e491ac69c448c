"""T2: a vanilla recurrent network 16 → 64, tanh, over 100 steps of a batch of 32, MSE on every step."""

from __future__ import annotations

from typing import Any

from benchmarks import sequences, steps

LIMITS = {"torch": 0.75, "mygrad": 1 / 1.5, "autograd": 1 / 1.5}
SHAPE = (100, 32, 16, 64)


def cell(functions: Any, x: Any, state: Any, weights: Any) -> tuple[Any, ...]:
    """h_t = tanh(W_xh·x_t + W_hh·h_{t-1} + b_h)."""
    W, U, b = weights
    return (functions.tanh(functions.matmul(x, W.T) + functions.matmul(state[0], U.T) + b),)


def main(shape: tuple[int, int, int, int] = SHAPE, rounds: int = 60) -> None:
    """Print the race."""
    work = sequences.Work("RNN", shape)
    T, N, inputs, H = shape
    peers = {
        "torch": lambda: sequences.torchs_module(work),
        "torch cell loop": lambda: sequences.torchs_cell(work),
        "mygrad": sequences.mygrad(work, cell),
        "autograd": sequences.autograd(work, cell),
    }
    title = f"T2: vanilla RNN {inputs} → {H}, tanh, T = {T}, batch {N}, MSE on every step"
    steps.race(title, lambda: sequences.ours(work), peers, LIMITS, rounds)
