"""Recurrent modules over a sequence, the mean squared error of every h_t, in each library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.steps import Maker, Trainer

Array = np.ndarray[Any, Any]
Cell = Callable[..., tuple[Any, ...]]
"""(functions, x, state, weights) -> the state after"""


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

        module = getattr(nn, self.kind)(*self.shape[2:], generator=0)
        for name, p in list(module.named_parameters()):
            setattr(module, name, nn.Parameter(p.numpy().astype(self.dtype)))
        return module

    @property
    def weights(self) -> list[Array]:
        """W, U and b, which stand for those of all gates of an LSTM."""
        module = self.module
        return [getattr(module, name).numpy() for name in module.names]


def ours(work: Work) -> Trainer:
    """The module of nn."""
    import nn
    from autograd_lite import Tape, Tensor

    module, (x, t) = work.module, map(Tensor, work.data)

    def step() -> None:
        module.zero_grad()
        Tape(nn.mse_loss(module(x)[0], t)).backward(keep=False)

    def gradients() -> list[Array]:
        step()
        return [getattr(module, name).grad for name in module.names]

    return Trainer(gradients, step)


def torchs_module(work: Work) -> Trainer:
    """torch.nn.RNN or torch.nn.LSTM."""
    import torch

    x, t = map(torch.tensor, work.data)
    module = getattr(torch.nn, work.kind)(*work.shape[2:], dtype=x.dtype)
    W, U, b = map(torch.tensor, work.weights)
    with torch.no_grad():
        for own, given in zip(module.parameters(), (W, U, b, torch.zeros_like(b)), strict=True):
            own.copy_(given)
    return _torch(list(module.parameters()), lambda: module(x)[0], t)


def torchs_cell(work: Work) -> Trainer:
    """A loop over torch.nn.RNNCell or torch.nn.LSTMCell."""
    import torch

    x, t = map(torch.tensor, work.data)
    cell = getattr(torch.nn, f"{work.kind}Cell")(*work.shape[2:], dtype=x.dtype)
    W, U, b = map(torch.tensor, work.weights)
    with torch.no_grad():
        for own, given in zip(cell.parameters(), (W, U, b, torch.zeros_like(b)), strict=True):
            own.copy_(given)

    def outputs() -> Any:
        state, hs = None, []
        for x_t in x:
            state = cell(x_t, state)
            hs.append(state[0] if work.kind == "LSTM" else state)
        return torch.stack(hs)

    return _torch(list(cell.parameters()), outputs, t)


def _torch(weights: list[Any], outputs: Callable[[], Any], t: Any) -> Trainer:
    import torch

    torch.set_num_threads(1)

    def step() -> None:
        for w in weights:
            w.grad = None
        torch.nn.functional.mse_loss(outputs(), t).backward()

    def gradients() -> list[Array]:
        step()
        return [w.grad.numpy() for w in weights[:3]]

    return Trainer(gradients, step)


def by_functions(work: Work, cell: Cell, functions: Any, stack: Any) -> Callable[[Any], Any]:
    """The loss as a function of the weights, for a library that has functions alone."""
    x, t = work.data
    _, N, _, H = work.shape

    def loss(weights: Any) -> Any:
        state = tuple(np.zeros((N, H), work.dtype) for _ in range(2 if work.kind == "LSTM" else 1))
        hs = []
        for x_t in x:
            state = cell(functions, x_t, state, weights)
            hs.append(state[0])
        d = stack(hs) - t
        return functions.mean(d * d)

    return loss


def autograd(work: Work, cell: Cell) -> Maker:
    """HIPS autograd."""

    def make() -> Trainer:
        import autograd.numpy as anp
        from autograd import grad

        gradient = grad(by_functions(work, cell, anp, anp.stack))
        weights = work.weights
        return Trainer(lambda: gradient(weights), lambda: gradient(weights))

    return make


def mygrad(work: Work, cell: Cell) -> Maker:
    """MyGrad."""

    def make() -> Trainer:
        import mygrad

        weights = [mygrad.tensor(w) for w in work.weights]
        loss = by_functions(work, cell, mygrad, mygrad.stack)

        def gradients() -> list[Array]:
            loss(weights).backward()
            return [w.grad for w in weights]

        return Trainer(gradients, gradients)

    return make
