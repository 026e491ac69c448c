"""`python -m benchmarks.adding`: the adding problem at T = 100, LSTM and vanilla network, same budget."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

import nn
from autograd_lite import Tape, no_grad

Array = np.ndarray[Any, Any]


def adding(rng: np.random.Generator, T: int, N: int) -> tuple[Array, Array]:
    """Sequences (T, N, 2) of numbers and marks, one mark in each half; the target is the marked sum.

    Whoever predicts the mean, 1, has a squared error of 1/6.

    Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997.
    """
    x = np.zeros((T, N, 2))
    x[:, :, 0] = rng.uniform(size=(T, N))
    for low, high in ((0, T // 2), (T // 2, T)):
        x[rng.integers(low, high, N), np.arange(N), 1] = 1.0
    return x, (x[:, :, 0] * x[:, :, 1]).sum(0)[:, None]


def trained(kind: str, T: int, updates: int) -> float:
    """The mean squared error on 500 new sequences after so many updates of Adam, clipped at norm 1."""
    rng = np.random.default_rng(0)
    model = getattr(nn, kind)(2, 32, output_size=1, generator=rng)
    if kind == "LSTM":
        model.b_f = 1.0
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    for _ in range(updates):
        x, target = adding(rng, T, 32)
        optimizer.zero_grad()
        Tape(nn.mse_loss(model(x)[0][-1], target)).backward(keep=False)
        nn.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    x, target = adding(np.random.default_rng(1), T, 500)
    with no_grad():
        return nn.mse_loss(model(x)[0][-1], target).item()


def main(T: int = 100, updates: int = 1600) -> None:
    """Print both errors and how long they took."""
    print(
        f"adding problem, T = {T}, {updates} updates of a batch of 32; predicting the mean: 0.167"
    )
    for kind in ("LSTM", "RNN"):
        begin = time.perf_counter()
        error = trained(kind, T, updates)
        print(f"  {kind:<6} mean squared error {error:.4f}   {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
