"""T4: a convolutional autoencoder 1-16-32-16-1 on a batch of 32 images, MSE, gradient descent.

HIPS autograd and MyGrad have no transposed convolution, so torch is the only peer.
"""

from __future__ import annotations

import numpy as np

from benchmarks import steps

CHANNELS = (1, 16, 32)
LIMITS = {"torch": 1.2}
LR = 0.1


def main(batch: int = 32, size: int = 28, rounds: int = 100) -> None:
    """Print the race."""
    import nn
    from autograd_lite import Tensor

    x = np.random.default_rng(0).uniform(size=(batch, CHANNELS[0], size, size))
    weights = [p.numpy() for p in nn.ConvAutoencoder(CHANNELS, generator=0).parameters()]

    def ours() -> steps.Trainer:
        model = nn.ConvAutoencoder(CHANNELS, generator=0)
        optimizer, images = nn.SGD(model.parameters(), lr=LR), Tensor(x)
        return steps.nn_trainer(model, lambda: nn.mse_loss(model(images), images), optimizer)

    def torch() -> steps.Trainer:
        import torch
        from torch.nn import Conv2d, ConvTranspose2d, ReLU, Sigmoid

        a, b, c = CHANNELS
        model = steps.torch_model(
            Conv2d(a, b, 3, 2, 1), ReLU(), Conv2d(b, c, 3, 2, 1), ReLU(),
            ConvTranspose2d(c, b, 3, 2, 1, 1), ReLU(), ConvTranspose2d(b, a, 3, 2, 1, 1), Sigmoid(),
        )  # fmt: skip
        steps.take_weights(model, weights)
        images, loss = torch.tensor(x), torch.nn.functional.mse_loss
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        return steps.torch_trainer(model, lambda: loss(model(images), images), optimizer)

    title = f"T4: convolutional autoencoder, batch {batch}, {size} × {size}, SGD"
    steps.race(title, ours, {"torch": torch}, LIMITS, rounds)
    print("  mygrad and autograd have no transposed convolution: left out")
