"""The gallery's plots, by name, each with a model trained for a moment where it needs one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure

import nn
from autograd_lite import FlowGraph, Tensor
from autograd_lite import functions as f
from examples import graphs
from viz import plots

CHARTS: Final[dict[str, Callable[[], Figure]]] = {}


def chart(draw: Callable[[], Any]) -> Callable[[], Any]:
    """Hang a plot in the gallery under its function's name; it gives axes."""
    CHARTS[draw.__name__] = lambda: draw().figure
    return draw


@chart
def gradient_norms() -> Any:
    """‖dL/dh_t‖ of a loss at the end of 30 time steps: an RNN and an LSTM."""
    steps, ax = 30, None
    for name, model in (
        ("RNN", nn.RNN(2, 8, generator=0)),
        ("LSTM", _remembering(nn.LSTM(2, 8, generator=0))),
    ):
        x = np.random.default_rng(1).normal(size=(steps, 1, 2))
        y, _ = model(x)
        flow = FlowGraph(f.sum(y[-1] * y[-1]).named("L"))
        states = [f"h_{t}" if t < 10 else f"h_{{{t}}}" for t in range(1, steps + 1)]
        ax = plots.gradient_norms(flow, states, ax, name)
    return ax


def _remembering(model: nn.LSTM) -> nn.LSTM:
    model.b_f = 3.0  # the forget gate open
    return model


@chart
def eigenvalues() -> Any:
    """The recurrent weights of an RNN, scaled to a spectral radius above 1."""
    W = np.random.default_rng(2).normal(size=(24, 24)) / np.sqrt(24)
    return plots.eigenvalues(1.1 * W)


@chart
def poles_and_zeros() -> Any:
    """A resonant IIR filter."""
    return plots.poles_and_zeros([1.0, 0.0, -1.0], [1.0, -1.2, 0.81])


def spots(count: int, seed: int = 0) -> tuple[Any, Any]:
    """Pictures of 12 × 12 with a bright spot somewhere, and where: two numbers say all."""
    rng = np.random.default_rng(seed)
    at, grid = rng.uniform(3, 8, size=(count, 2)), np.arange(12.0)
    y = np.exp(-0.5 * (grid - at[:, :1]) ** 2 / 2.5)
    x = np.exp(-0.5 * (grid - at[:, 1:]) ** 2 / 2.5)
    return y[:, :, None] * x[:, None, :], at


@lru_cache(maxsize=1)
def trained() -> tuple[nn.Autoencoder, nn.History]:
    """An autoencoder with a code of two numbers, trained on spots."""
    images, _ = spots(256)
    x, unseen = images.reshape(-1, 144), spots(64, 1)[0].reshape(-1, 144)
    rng = np.random.default_rng(3)
    model = nn.Autoencoder(
        nn.Sequential(nn.Linear(144, 48, generator=rng), nn.Tanh(), nn.Linear(48, 2, generator=rng)),
        nn.Sequential(nn.Linear(2, 48, generator=rng), nn.Tanh(), nn.Linear(48, 144, generator=rng),
                      nn.Sigmoid()),
    )  # fmt: skip
    batches = nn.Batches(x, x, size=32, generator=rng)
    optimizer = nn.Adam(model.parameters(), lr=0.005)
    held_out = nn.Batches(unseen, unseen, size=64)
    return model, nn.fit(
        model, nn.mse_loss, batches, optimizer, 60, validation=held_out, verbose=False
    )


@chart
def history() -> Any:
    """Training and validation loss."""
    return plots.history(trained()[1], log=True)


@chart
def reconstructions() -> Any:
    """Spots that the autoencoder has not seen, above what it made of them."""
    images, _ = spots(8, 2)
    made = trained()[0](images.reshape(-1, 144)).numpy().reshape(-1, 12, 12)
    return plots.reconstructions(images, made)


@chart
def latent_plane() -> Any:
    """The codes of spots, by the quarter of the picture that they lie in."""
    images, at = spots(256)
    quarters = np.array(["lower left", "lower right", "upper left", "upper right"])
    place = (at[:, 0] < 5.5) * 2 + (at[:, 1] > 5.5)
    return plots.latent_plane(trained()[0].encode(images.reshape(-1, 144)), quarters[place])


@chart
def manifold() -> Any:
    """What the decoder makes of a grid of codes."""
    model = trained()[0]
    codes = model.encode(spots(256)[0].reshape(-1, 144)).numpy()
    low, high = (tuple(np.quantile(codes, q, axis=0)) for q in (0.1, 0.9))
    return plots.manifold(lambda z: model.decode(z).numpy().reshape(-1, 12, 12), low=low, high=high)


@chart
def subspaces() -> Any:
    """A linear autoencoder finds the plane of the first principal components."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(200, 2)) * [2.0, 0.5] @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    W = Tensor(rng.normal(size=(2, 1)), requires_grad=True, name="W")
    x = x - x.mean(axis=0)
    optimizer = nn.Adam([W], lr=0.02)
    for _ in range(1500):
        loss = f.mean(f.square(f.matmul(f.matmul(x, W), W.T) - x))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return plots.subspaces(x, W)


@chart
def filters() -> Any:
    """The kernels of a convolution."""
    return plots.filters(nn.Conv2d(1, 12, 5, generator=5).weight, columns=6)


@chart
def feature_maps() -> Any:
    """What twelve kernels say about one spot."""
    layer = nn.Conv2d(1, 12, 5, generator=5)
    return plots.feature_maps(f.relu(layer(spots(1, 6)[0][:, None])))


@chart
def convolution_matrix() -> Any:
    """A 1-d convolution as a sparse matrix, and its kernel."""
    return plots.weight_matrix(graphs.convolved())


@chart
def jacobian() -> Any:
    """∂softmax/∂a."""
    return plots.jacobian(FlowGraph(graphs.attention_like()), "y", "a")
