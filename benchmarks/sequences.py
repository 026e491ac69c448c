"""Recurrent modules over a sequence, the mean squared error of every h_t, in each library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import trainers
from benchmarks.floors.t2 import Recurrent
from benchmarks.floors.t3 import LongShortTerm
from benchmarks.trainers import Maker, Trainer

Array = np.ndarray[Any, Any]
Cell = Callable[..., tuple[Any, ...]]
"""(functions, x, state, weights) -> the state after"""


def vanilla(functions: Any, x: Any, state: Any, weights: Any) -> tuple[Any, ...]:
    """h_t = tanh(W_xh·x_t + W_hh·h_{t-1} + b_h)."""
    W, U, b = weights
    return (functions.tanh(functions.matmul(x, W.T) + functions.matmul(state[0], U.T) + b),)


def long_short(functions: Any, x: Any, state: Any, weights: Any) -> tuple[Any, ...]:
    """The lecture's six equations, gates stacked in the order i, f, c̃, o."""
    (h, c), (W, U, b) = state, weights
    a = functions.matmul(x, W.T) + functions.matmul(h, U.T) + b
    H = h.shape[1]
    i, f, o = (1.0 / (1.0 + functions.exp(-a[:, k * H : (k + 1) * H])) for k in (0, 1, 3))
    c = f * c + i * functions.tanh(a[:, 2 * H : 3 * H])
    return o * functions.tanh(c), c


CELLS: dict[str, Cell] = {"RNN": vanilla, "LSTM": long_short}


@dataclass(frozen=True)
class Work:
    """The data of one race, the same for everybody.

    kind   "RNN" or "LSTM"
    shape  T, N, and the sizes of the input and of the state
    """

    kind: str
    shape: tuple[int, int, int, int]
    dtype: str = "float64"

    @property
    def data(self) -> tuple[Array, Array]:
        """The inputs x_t and the targets."""
        T, N, inputs, H = self.shape
        rng = np.random.default_rng(0)
        x, t = rng.normal(size=(T, N, inputs)), rng.normal(size=(T, N, H))
        return x.astype(self.dtype), t.astype(self.dtype)

    @property
    def module(self) -> Any:
        """The module of nn with its weights in the dtype of the work."""
        import nn

        return getattr(nn, self.kind)(*self.shape[2:], generator=0).astype(self.dtype)

    @property
    def weights(self) -> list[Array]:
        """W, U and b, which stand for those of all gates of an LSTM."""
        module = self.module
        return [np.array(getattr(module, name).numpy()) for name in module.names]

    @property
    def makers(self) -> dict[str, Maker]:
        """Everybody, in the order of the table."""
        return {
            "eager": lambda: ours(self, trainers.eager),
            "program": lambda: ours(self, trainers.program),
            "floor": lambda: by_hand(self),
            "torch": lambda: torchs_module(self),
            "torch cell loop": lambda: torchs_cell(self),
            "jax": lambda: jax(self),
            "mygrad": lambda: mygrad(self),
            "autograd": lambda: autograd(self),
        }


def ours(work: Work, kind: Any) -> Trainer:
    """The module of nn, by `trainers.eager` or `trainers.program`."""
    import nn

    module = work.module
    made: Trainer = kind(module, lambda x, t: nn.mse_loss(module(x)[0], t), work.data)

    def gradients() -> list[Array]:
        return [getattr(module, name).grad for name in module.names]

    return Trainer(made.sweep, gradients)


def by_hand(work: Work) -> Trainer:
    """The floor."""
    kinds: Any = {"RNN": Recurrent, "LSTM": LongShortTerm}
    return trainers.floor(kinds[work.kind](work.weights, *work.data))


def torchs_module(work: Work) -> Trainer:
    """torch.nn.RNN or torch.nn.LSTM."""
    import torch

    x, t = map(torch.tensor, work.data)
    module = getattr(torch.nn, work.kind)(*work.shape[2:], dtype=x.dtype)
    return _torch(work, module, lambda: module(x)[0], t)


def torchs_cell(work: Work) -> Trainer:
    """A loop over torch.nn.RNNCell or torch.nn.LSTMCell."""
    import torch

    x, t = map(torch.tensor, work.data)
    cell = getattr(torch.nn, f"{work.kind}Cell")(*work.shape[2:], dtype=x.dtype)

    def outputs() -> Any:
        state, hs = None, []
        for x_t in x:
            state = cell(x_t, state)
            hs.append(state[0] if work.kind == "LSTM" else state)
        return torch.stack(hs)

    return _torch(work, cell, outputs, t)


def _torch(work: Work, module: Any, outputs: Callable[[], Any], t: Any) -> Trainer:
    import torch

    W, U, b = work.weights
    trainers.take_weights(module, [W, U, b, np.zeros_like(b)])  # torch has two biases
    loss = torch.nn.functional.mse_loss
    made = trainers.torch(module, lambda: loss(outputs(), t))
    return Trainer(made.sweep, lambda: made.gradients()[:3])


def by_functions(work: Work, functions: Any) -> Callable[[Any], Any]:
    """The loss as a function of the weights, for a library that has functions alone."""
    x, t = work.data
    _, N, _, H = work.shape

    def loss(weights: Any) -> Any:
        state = tuple(np.zeros((N, H), work.dtype) for _ in range(2 if work.kind == "LSTM" else 1))
        hs = []
        for x_t in x:
            state = CELLS[work.kind](functions, x_t, state, weights)
            hs.append(state[0])
        d = functions.stack(hs) - t
        return functions.mean(d * d)

    return loss


def jax(work: Work) -> Trainer:
    """jax.jit, the loop over time as a scan."""
    import jax
    import jax.numpy as jnp

    x, t = work.data
    _, N, _, H = work.shape

    def loss(weights: Any) -> Any:
        zeros = jnp.zeros((N, H), work.dtype)
        state = (zeros, zeros) if work.kind == "LSTM" else (zeros,)

        def step(state: Any, x_t: Any) -> Any:
            state = CELLS[work.kind](jnp, x_t, state, weights)
            return state, state[0]

        return jnp.mean((jax.lax.scan(step, state, x)[1] - t) ** 2)

    return trainers.jax(loss, work.weights)


def autograd(work: Work) -> Trainer:
    """HIPS autograd."""
    import autograd.numpy as anp

    return trainers.hips(by_functions(work, anp), work.weights)


def mygrad(work: Work) -> Trainer:
    """MyGrad."""
    import mygrad

    return trainers.mygrad(by_functions(work, mygrad), work.weights)
