"""Every model of the lectures as a small flow graph, each made by running its module once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

import nn
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f


def leaf(name: str, *shape: int, seed: int = 0) -> Tensor:
    """An input of normal random numbers."""
    numbers = np.random.default_rng(seed).normal(size=shape)
    return Tensor(numbers, requires_grad=True, name=name)


def _squares(y: Tensor, name: str = "E") -> FlowGraph:
    return FlowGraph((0.5 * f.sum(y * y)).named(name))


def column_network() -> FlowGraph:
    """A network of two layers on one example, a vector."""
    layers = nn.Linear(3, 4, generator=0), nn.Sigmoid(), nn.Linear(4, 2, generator=1)
    y = nn.Sequential(*layers)(leaf("x", 3))
    return FlowGraph(nn.half_squared_error(y, np.array([0.0, 1.0])).named("E"))


def batch_network() -> FlowGraph:
    """The same shape of network on two examples at once, a row for each."""
    layers = nn.Linear(3, 4, generator=0), nn.Tanh(), nn.Linear(4, 2, generator=1)
    return _squares(nn.Sequential(*layers)(leaf("x", 2, 3)))


def mlp() -> FlowGraph:
    """Three layers with rectifiers."""
    return _squares(nn.MLP((3, 4, 4, 2), f.relu, generator=0)(leaf("x", 3)))


def rnn_cell(steps: int = 3) -> FlowGraph:
    """A loop over a cell, with a loss at each step."""
    cell, head = nn.RNNCell(2, 3, generator=0), nn.Linear(3, 2, generator=1)
    h, losses = leaf("h_0", 3, seed=1), []
    for t in range(1, steps + 1):
        h = cell(leaf(f"x_{t}", 2, seed=t), h).named(f"h_{t}")
        y = head(h).named(f"y_{t}")
        losses.append(nn.half_squared_error(y, np.zeros(2)).named(rf"\ell_{t}"))
    return FlowGraph(sum(losses[1:], losses[0]).named("L"))


def recurrent(kind: type[nn.RNN | nn.LSTM | nn.GRU], steps: int = 3) -> FlowGraph:
    """A recurrent module over a sequence, its loss of all states."""
    return _squares(kind(2, 3, generator=0)(leaf("x", steps, 1, 2))[0], "L")


def gated_cell(kind: type[nn.LSTMCell | nn.GRUCell]) -> FlowGraph:
    """One step of a gated cell."""
    states = [leaf("h_0", 3, seed=1), leaf("c_0", 3, seed=2)]
    found = kind(2, 3, generator=0)(
        leaf("x_1", 2), tuple(states) if kind is nn.LSTMCell else states[0]
    )
    return _squares(found[0] if isinstance(found, tuple) else found, "L")


def convolution(dimensions: int) -> FlowGraph:
    """One convolution, rectified."""
    kind, size = (nn.Conv1d, (6,)) if dimensions == 1 else (nn.Conv2d, (5, 5))
    return _squares(nn.Sequential(kind(1, 1, 3, generator=0), nn.ReLU())(leaf("x", 1, 1, *size)))


def conv_autoencoder(pooling: bool = False) -> FlowGraph:
    """Two convolutions down and two up."""
    x = leaf("x", 1, 1, 8, 8)
    y = nn.ConvAutoencoder((1, 2, 3), pooling=pooling, generator=0)(x)
    return FlowGraph(nn.mse_loss(y, x.numpy()).named("L"))


def autoencoder(tied: bool = False) -> FlowGraph:
    """Linear, or with the same weights both ways."""
    kind = nn.TiedAutoencoder if tied else nn.LinearAutoencoder
    x = leaf("x", 3)
    return FlowGraph(nn.half_squared_error(kind(3, 2, generator=0)(x), x.numpy()).named("E"))


def deep_autoencoder() -> FlowGraph:
    """Layers on both sides of the code."""
    encoder = nn.Sequential(nn.Linear(4, 3, generator=0), nn.Sigmoid(), nn.Linear(3, 2))
    decoder = nn.Sequential(nn.Linear(2, 3, generator=1), nn.Sigmoid(), nn.Linear(3, 4))
    x = leaf("x", 4)
    y = nn.Autoencoder(encoder, decoder)(x)
    return FlowGraph(nn.half_squared_error(y, x.numpy()).named("E"))


def vae(full: bool = False, pixels: bool = False) -> FlowGraph:
    """A variational autoencoder and what training makes small."""
    likelihood = nn.Bernoulli() if pixels else nn.Gaussian()
    model = nn.VAE.dense((6, 5, 2), likelihood, full, generator=0)
    x = np.random.default_rng(1).uniform(size=(1, 6)).round()
    return FlowGraph(nn.negative_elbo(model(x)).named("L"))


def rbm() -> FlowGraph:
    """The loss of contrastive divergence."""
    model = nn.RBM(4, 3, generator=0)
    return FlowGraph(model.contrastive_divergence([[1.0, 0.0, 1.0, 1.0]]).named("L"))


def rbm_energy() -> FlowGraph:
    """E(v, h) = -aᵀv - bᵀh - vᵀWh."""
    return FlowGraph(nn.RBM(3, 2, generator=0).energy([1.0, 0.0, 1.0], [1.0, 1.0]).named("E"))


def fir() -> FlowGraph:
    """A nonlinear FIR filter."""
    return _squares(nn.FIRFilter([1.0, 0.5, -0.25], nn.Tanh())(leaf("x", 5)))


def iir() -> FlowGraph:
    """A nonlinear IIR filter."""
    return _squares(nn.IIRFilter([1.0, 0.5], [0.3, 0.2], nn.Tanh())(leaf("x", 4)))


MODELS: Final[dict[str, Callable[[], FlowGraph]]] = {
    "Sequential": column_network,
    "Sequential, batch": batch_network,
    "MLP": mlp,
    "RNNCell": rnn_cell,
    "RNN": lambda: recurrent(nn.RNN),
    "LSTM": lambda: recurrent(nn.LSTM),
    "GRU": lambda: recurrent(nn.GRU),
    "LSTMCell": lambda: gated_cell(nn.LSTMCell),
    "GRUCell": lambda: gated_cell(nn.GRUCell),
    "Conv1d": lambda: convolution(1),
    "Conv2d": lambda: convolution(2),
    "ConvAutoencoder": conv_autoencoder,
    "ConvAutoencoder, pooled": lambda: conv_autoencoder(pooling=True),
    "LinearAutoencoder": autoencoder,
    "TiedAutoencoder": lambda: autoencoder(tied=True),
    "Autoencoder": deep_autoencoder,
    "VAE": vae,
    "VAE, full, of pixels": lambda: vae(full=True, pixels=True),
    "RBM": rbm,
    "RBM, energy": rbm_energy,
    "FIRFilter": fir,
    "IIRFilter": iir,
}
"""By name; each call makes it anew."""
