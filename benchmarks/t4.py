"""T4: a convolutional autoencoder 1-16-32-16-1 on a batch of 32 images, MSE, gradient descent.

HIPS autograd and MyGrad have no transposed convolution: torch and jax are the peers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import targets, trainers
from benchmarks.floors.t4 import ConvolutionalAutoencoder
from benchmarks.outcome import Outcome
from benchmarks.steps import Contest
from benchmarks.trainers import Maker, Trainer
from benchmarks.updates import jax_sgd

CHANNELS = (1, 16, 32)
LR = 0.1


class Work:
    """The data of one race, and each library's trainer."""

    def __init__(self, dtype: str, batch: int = 32, size: int = 28) -> None:
        rng = np.random.default_rng(0)
        self.dtype = dtype
        self.x = rng.uniform(size=(batch, CHANNELS[0], size, size)).astype(dtype)
        self.weights = [p.numpy() for p in self.model().parameters()]

    def model(self) -> Any:
        """The model here."""
        import nn

        return nn.ConvAutoencoder(CHANNELS, generator=0).astype(self.dtype)

    def ours(self, kind: Any) -> Trainer:
        """The one of this project, by `trainers.eager` or `trainers.program`."""
        import nn

        model = self.model()
        optimizer = nn.SGD(model.parameters(), lr=LR)
        made: Trainer = kind(model, lambda x: nn.mse_loss(model(x), x), (self.x,), optimizer)
        return made

    def torch(self) -> Trainer:
        """PyTorch."""
        import torch
        from torch.nn import Conv2d, ConvTranspose2d, ReLU, Sigmoid

        a, b, c = CHANNELS
        model = trainers.torch_model(
            self.dtype,
            Conv2d(a, b, 3, 2, 1), ReLU(), Conv2d(b, c, 3, 2, 1), ReLU(),
            ConvTranspose2d(c, b, 3, 2, 1, 1), ReLU(), ConvTranspose2d(b, a, 3, 2, 1, 1), Sigmoid(),
        )  # fmt: skip
        trainers.take_weights(model, self.weights)
        images, loss = torch.tensor(self.x), torch.nn.functional.mse_loss
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        return trainers.torch(model, lambda: loss(model(images), images), optimizer)

    def jax(self) -> Trainer:
        """jax.jit."""
        import jax
        import jax.numpy as jnp

        conv = jax.lax.conv_general_dilated
        relu = jax.nn.relu

        def down(x: Any, w: Any, b: Any) -> Any:
            return conv(x, w, (2, 2), [(1, 1), (1, 1)]) + b[:, None, None]

        def up(x: Any, w: Any, b: Any) -> Any:
            turned = jnp.flip(w, (2, 3)).swapaxes(0, 1)
            y = conv(x, turned, (1, 1), [(1, 2), (1, 2)], lhs_dilation=(2, 2))
            return y + b[:, None, None]

        def loss(ws: Any) -> Any:
            h = relu(down(relu(down(self.x, *ws[:2])), *ws[2:4]))
            y = jax.nn.sigmoid(up(relu(up(h, *ws[4:6])), *ws[6:]))
            return jnp.mean((y - self.x) ** 2)

        return trainers.jax(loss, self.weights, jax_sgd(LR))

    @property
    def makers(self) -> dict[str, Maker]:
        """Everybody, in the order of the table."""
        return {
            "eager": lambda: self.ours(trainers.eager),
            "program": lambda: self.ours(trainers.program),
            "floor": lambda: trainers.floor(ConvolutionalAutoencoder(self.weights, self.x)),
            "torch": self.torch,
            "jax": self.jax,
        }


def main(batch: int = 32, size: int = 28, rounds: int = 40) -> Outcome:
    """Print the races in float64 and float32."""
    print(f"T4: convolutional autoencoder, batch {batch}, {size} × {size}, SGD")
    print("  mygrad and autograd have no transposed convolution: left out")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        sweep, eager = targets.of_sweeps("T4", dtype), targets.of_eager("T4", dtype)
        makers = Work(dtype, batch, size).makers
        outcome.extend(Contest("T4", dtype, makers, sweep, eager).run(rounds))
    return outcome
