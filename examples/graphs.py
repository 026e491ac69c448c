"""Graphs for the gallery, each made by running a model: nothing is drawn by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

import nn
from autograd_lite import FlowGraph, Tensor, Value, scope
from autograd_lite import functions as f
from autograd_lite.node import Node


def variable(rng: np.random.Generator, *shape: int, name: str | None = None) -> Tensor:
    """A leaf of normal random numbers."""
    return Tensor(rng.normal(size=shape), requires_grad=True, name=name)


def unrolled_cell(steps: int = 4) -> FlowGraph:
    """A vanilla RNN and its head, step by step: x_t → h_t → ŷ_t → ℓ_t, L = Σ ℓ_t."""
    rng = np.random.default_rng(1)
    cell = nn.RNNCell(2, 3, generator=rng).named("cell")
    head = nn.Linear(3, 1, generator=rng).named("head")
    for parameter, name in zip(head.parameters(), ("W_hy", "b_y"), strict=True):
        parameter.named(name)
    h, losses = variable(rng, 3, name="h_0"), []
    for t in range(1, steps + 1):
        h = cell(variable(rng, 2, name=f"x_{t}"), h).named(f"h_{t}")
        y = head(h).named(rf"\hat{{y}}_{t}")
        losses.append(nn.half_squared_error(y, np.array([0.5])).named(rf"\ell_{t}"))
    return FlowGraph(sum(losses[1:], losses[0]).named("L"))


def _sequence(model: nn.Module, steps: int, *states: Tensor) -> FlowGraph:
    rng = np.random.default_rng(2)
    x = variable(rng, steps, 1, 2, name="x")
    y, _ = model(x, states if len(states) > 1 else states[0])
    return FlowGraph((0.5 * f.sum(y * y)).named("L"))


def rnn_module(steps: int = 4) -> FlowGraph:
    """nn.RNN with its output head, over a sequence; the module names its states itself."""
    rng = np.random.default_rng(3)
    model = nn.RNN(2, 3, output_size=1, generator=rng)
    return _sequence(model, steps, variable(rng, 1, 1, 3))


def lstm(steps: int = 1) -> FlowGraph:
    """nn.LSTM over a sequence: gates i, f, o, candidate c̃, cell c and state h of every step."""
    rng = np.random.default_rng(4)
    model = nn.LSTM(2, 3, generator=rng)
    return _sequence(model, steps, variable(rng, 1, 1, 3), variable(rng, 1, 1, 3))


def gru(steps: int = 1) -> FlowGraph:
    """nn.GRU over a sequence: gates r, z, candidate n and state h of every step."""
    rng = np.random.default_rng(5)
    return _sequence(nn.GRU(2, 3, generator=rng), steps, variable(rng, 1, 1, 3))


def dense() -> tuple[Tensor, Tensor]:
    """A network 3-2-2 with sigmoids, and its error E = ½Σ(y - t)²."""
    rng = np.random.default_rng(6)
    net = nn.Sequential(nn.Linear(3, 2, generator=rng), nn.Sigmoid(),
                        nn.Linear(2, 2, generator=rng), nn.Sigmoid())  # fmt: skip
    y = net(variable(rng, 3, name="x"))
    return y, nn.half_squared_error(y, np.array([0.0, 1.0])).named("E")


def convolved(stride: int = 1) -> Tensor:
    """A 1-d convolution of six numbers with a kernel of three, rectified."""
    rng = np.random.default_rng(7)
    y: Tensor = f.relu(nn.Conv1d(1, 1, 3, stride=stride, generator=rng)(variable(rng, 1, 1, 6)))
    return y


def scalar_layers(count: int = 6, width: int = 6) -> Value:
    """Layers of single Values, each wholly connected to the next, in scopes layer0, layer1, …"""
    rng = np.random.default_rng(8)
    x = Value(0.5, name="x")
    values = [(x * w) for w in rng.normal(size=width)]
    for number in range(count):
        activation = (
            f.tanh if number % 2 == 0 else f.sigmoid
        )  # neighbours differ, so none are merged
        with scope(f"layer{number}"):
            weights = rng.normal(size=(width, width)) / np.sqrt(width)
            values = [activation(_weighted(row, values)) for row in weights]
    total: Value = sum(values[1:], values[0]).named(r"\ell")
    return total


def _weighted(weights: np.ndarray, values: list[Value]) -> Value:
    terms = [w * v for w, v in zip(weights, values, strict=True)]
    total: Value = sum(terms[1:], terms[0])
    return total


class Net(nn.Module):
    """An embedding, blocks that are all alike, and a head."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.embed = nn.Linear(4, 8, generator=rng)
        self.blocks = nn.Sequential(*(_block(8, rng) for _ in range(count)))
        self.head = nn.Linear(8, 1, generator=rng)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(self.blocks(self.embed(x)))
        return y


def _block(width: int, rng: np.random.Generator) -> nn.Module:
    return nn.Sequential(nn.Linear(width, width, generator=rng), nn.LayerNorm(width), nn.GELU())


def blocks(count: int = 6) -> Tensor:
    """A network of blocks on five examples, and its error."""
    rng = np.random.default_rng(9)
    y = Net(count, rng)(variable(rng, 5, 4, name="x"))
    loss: Tensor = nn.mse_loss(y, np.ones((5, 1))).named("L")
    return loss


def conv_autoencoder() -> Tensor:
    """An autoencoder of convolutions on two 16 × 16 images, and its error."""
    rng = np.random.default_rng(10)
    model = nn.ConvAutoencoder((1, 4, 8), generator=rng)
    x = Tensor(rng.uniform(size=(2, 1, 16, 16)), requires_grad=True, name="x")
    loss: Tensor = nn.mse_loss(model(x), x.numpy()).named("L")
    return loss


def vae(full: bool = False) -> Tensor:
    """A variational autoencoder on four examples, and what training makes small."""
    rng = np.random.default_rng(11)
    model = nn.VAE.dense((6, 5, 2), full=full, generator=rng)
    x = Tensor(rng.uniform(size=(4, 6)), name="x")
    loss: Tensor = nn.negative_elbo(model(x).named("ELBO")).named("L")
    return loss


def attention_like() -> Tensor:
    """A few arrays with a Jacobian worth looking at: y = softmax(W x)."""
    rng = np.random.default_rng(12)
    x, W = variable(rng, 5, name="x"), variable(rng, 5, 5, name="W")
    a = f.matmul(W, x).named("a")
    y = f.softmax(a).named("y")
    loss: Tensor = (-f.log(y[2])).named("L")
    return loss


def is_weight(node: Node) -> bool:
    """Whether a node is a module's parameter."""
    return node.is_leaf and node.requires_grad and node.scope is not None


def perceptron(sizes: tuple[int, ...] = (3, 4, 4, 2)) -> FlowGraph:
    """Dense layers with tanh between them, and half the squared error."""
    layers: list[nn.Module] = []
    for k, (a, b) in enumerate(pairwise(sizes)):
        layers += [nn.Linear(a, b, generator=k), nn.Tanh()]
    x = np.random.default_rng(13).normal(size=sizes[0])
    y = nn.Sequential(*layers[:-1])(Tensor(x, name="x"))
    return FlowGraph(nn.half_squared_error(y, np.ones(sizes[-1])).named("E"))


def ring_autoencoder(pooling: bool = False) -> FlowGraph:
    """A convolutional autoencoder after some steps of training on the picture of a ring, and its error."""
    y, x = np.mgrid[:16, :16] - 7.5
    image = np.exp(-(((np.hypot(x, y) - 5) / 1.2) ** 2))[None, None]
    model = nn.ConvAutoencoder((1, 4, 8), pooling=pooling, generator=3)
    optimizer = nn.Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        nn.mse_loss(model(image), image).backward()
        optimizer.step()
        optimizer.zero_grad()
    return FlowGraph(nn.mse_loss(model(Tensor(image, name="x")), image).named("L"))


def convolved_image() -> tuple[Tensor, Tensor]:
    """A layer of one kernel on a 6 × 6 image of whole numbers, and its error."""
    layer = nn.Conv2d(1, 1, 3, generator=0)
    layer.load_state_dict(
        {"weight": [[[[0.5, -1, 0.5], [1, 2, -1], [0, -0.5, 1]]]], "bias": [-1.0]}
    )
    image = np.random.default_rng(14).integers(-2, 4, size=(1, 1, 6, 6)).astype(float)
    z = f.relu(layer(image)).named("z")
    return z, nn.half_squared_error(z, np.ones(z.shape)).named("E")


def boltzmann() -> nn.RBM:
    """Four visible and three hidden units."""
    rng = np.random.default_rng(5)
    model = nn.RBM(4, 3, generator=0)
    shapes = {"W": (4, 3), "a": (4,), "b": (3,)}
    model.load_state_dict({name: rng.normal(size=shape).round(1) for name, shape in shapes.items()})
    return model


def filtered(model: nn.Module) -> FlowGraph:
    """A filter's answer to five samples, and half the squared error against five targets."""
    y = model(np.array([1.0, -0.3, 0.8, 0.3, -1.0]))
    return FlowGraph(nn.half_squared_error(y, np.array([0.5, 0.0, 0.0, 0.5, -0.5])).named("E"))
