"""T5: a variational autoencoder 784-400-20-400-784 on a batch of 128, Bernoulli pixels, Adam.

Everybody is handed the same ε, drawn outside the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import targets, trainers
from benchmarks.floors.t5 import Variational
from benchmarks.outcome import Limit, Outcome
from benchmarks.steps import Contest
from benchmarks.trainers import Maker, Trainer
from benchmarks.updates import Adam, jax_adam

SIZES = (784, 400, 20)


class Work:
    """The data of one race, and each library's trainer."""

    def __init__(self, dtype: str, batch: int = 128) -> None:
        visible, _, latent = SIZES
        rng = np.random.default_rng(0)
        self.dtype, self.batch = dtype, batch
        self.x = rng.uniform(size=(batch, visible)).astype(dtype)
        self.eps = rng.normal(size=(batch, latent)).astype(dtype)
        self.weights = [p.numpy() for p in self.model().parameters()]

    def model(self) -> Any:
        """The model here."""
        import nn

        return nn.VAE.dense(SIZES, generator=0).astype(self.dtype)

    def ours(self, kind: Any) -> Trainer:
        """The one of this project, by `trainers.eager` or `trainers.program`."""
        import nn

        model = self.model()
        loss = lambda x: nn.negative_elbo(model(x, self.eps))
        made: Trainer = kind(model, loss, (self.x,), nn.Adam(model.parameters()))
        return made

    def torch(self, fused: bool = False) -> Trainer:
        """PyTorch, with its default Adam or the fused one."""
        import torch
        from torch.nn import Linear, ReLU

        visible, hidden, latent = SIZES
        model = torch.nn.ModuleList(
            trainers.torch_model(self.dtype, Linear(a, hidden), ReLU(), Linear(hidden, b))
            for a, b in ((visible, 2 * latent), (latent, visible))
        )
        trainers.take_weights(model, self.weights)
        x, eps = torch.tensor(self.x), torch.tensor(self.eps)
        entropy = torch.nn.functional.binary_cross_entropy_with_logits

        def loss() -> Any:
            mu, log_var = model[0](x).chunk(2, dim=1)
            a = model[1](mu + torch.exp(0.5 * log_var) * eps)
            kl = 0.5 * torch.sum(mu**2 + log_var.exp() - 1 - log_var)
            return (entropy(a, x, reduction="sum") + kl) / self.batch

        return trainers.torch(model, loss, torch.optim.Adam(model.parameters(), fused=fused))

    def by_functions(self, xp: Any, relu: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The loss as a function of the weights, for a library with NumPy's names."""
        latent = SIZES[-1]

        def loss(ws: Any) -> Any:
            W1, b1, W2, b2, W3, b3, W4, b4 = ws
            encoded = xp.matmul(relu(xp.matmul(self.x, W1.T) + b1), W2.T) + b2
            mu, log_var = encoded[:, :latent], encoded[:, latent:]
            z = mu + xp.exp(0.5 * log_var) * self.eps
            a = xp.matmul(relu(xp.matmul(z, W3.T) + b3), W4.T) + b4
            likelihood = xp.sum(self.x * a - xp.logaddexp(0.0, a))
            kl = 0.5 * xp.sum(mu**2 + xp.exp(log_var) - 1 - log_var)
            return (kl - likelihood) / self.batch

        return loss

    def jax(self) -> Trainer:
        """jax.jit."""
        import jax

        return trainers.jax(self.by_functions(jax.numpy, jax.nn.relu), self.weights, jax_adam)

    def autograd(self) -> Trainer:
        """HIPS autograd."""
        import autograd.numpy as anp

        loss = self.by_functions(anp, lambda x: anp.maximum(x, 0.0))
        return trainers.hips(loss, self.weights, Adam())

    def mygrad(self) -> Trainer:
        """MyGrad."""
        import mygrad
        from mygrad.nnet.activations import relu

        return trainers.mygrad(self.by_functions(mygrad, relu), self.weights, Adam())

    @property
    def makers(self) -> dict[str, Maker]:
        """Everybody, in the order of the table."""
        return {
            "eager": lambda: self.ours(trainers.eager),
            "program": lambda: self.ours(trainers.program),
            "floor": lambda: trainers.floor(Variational(self.weights, self.x, self.eps)),
            "torch": self.torch,
            "torch fused Adam": lambda: self.torch(fused=True),
            "jax": self.jax,
            "mygrad": self.mygrad,
            "autograd": self.autograd,
        }


def main(batch: int = 128, rounds: int = 25) -> Outcome:
    """Print the races in float64 and float32."""
    print(f"T5: variational autoencoder {'-'.join(map(str, SIZES))}, batch {batch}, Adam")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        sweep, step = targets.of_sweeps("T5", dtype), targets.of_eager("T5", dtype)
        if dtype == "float64":  # with the extra `fast`, which makes Adam one pass
            step.append(Limit("program", "jax", 1.0))
        outcome.extend(Contest("T5", dtype, Work(dtype, batch).makers, sweep, step).run(rounds))
    return outcome
