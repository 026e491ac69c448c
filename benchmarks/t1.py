"""T1: a perceptron 784-256-128-10 on a batch of 64, softmax cross-entropy, gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import targets, trainers
from benchmarks.floors.t1 import Perceptron
from benchmarks.outcome import Outcome
from benchmarks.steps import Contest
from benchmarks.trainers import Maker, Trainer
from benchmarks.updates import jax_sgd, sgd

SIZES = (784, 256, 128, 10)
LR = 0.01


class Work:
    """The data of one race, and each library's trainer."""

    def __init__(self, dtype: str, batch: int = 64) -> None:
        rng = np.random.default_rng(0)
        self.dtype, self.batch = dtype, batch
        self.x = rng.normal(size=(batch, SIZES[0])).astype(dtype)
        self.t = rng.integers(0, SIZES[-1], batch)
        self.weights = [p.numpy() for p in self.model().parameters()]

    def model(self) -> Any:
        """The model here."""
        import nn

        return nn.MLP(SIZES, generator=0).astype(self.dtype)

    def ours(self, kind: Any) -> Trainer:
        """The one of this project, by `trainers.eager` or `trainers.program`."""
        import nn

        model = self.model()
        optimizer = nn.SGD(model.parameters(), lr=LR)
        loss = lambda x: nn.cross_entropy(model(x), self.t)
        made: Trainer = kind(model, loss, (self.x,), optimizer)
        return made

    def torch(self) -> Trainer:
        """PyTorch."""
        import torch
        from torch.nn import Linear, ReLU

        a, b, c, d = SIZES
        layers = Linear(a, b), ReLU(), Linear(b, c), ReLU(), Linear(c, d)
        model = trainers.torch_model(self.dtype, *layers)
        trainers.take_weights(model, self.weights)
        inputs, targets = torch.tensor(self.x), torch.tensor(self.t)
        loss = torch.nn.functional.cross_entropy
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        return trainers.torch(model, lambda: loss(model(inputs), targets), optimizer)

    def by_functions(self, xp: Any) -> Any:
        """The loss as a function of the weights, for a library with NumPy's names."""

        def loss(ws: Any) -> Any:
            h = self.x
            for i in range(0, len(ws), 2):
                h = xp.dot(h if i == 0 else xp.maximum(h, 0.0), ws[i].T) + ws[i + 1]
            shifted = h - xp.max(h, axis=1, keepdims=True)
            log_p = shifted - xp.log(xp.sum(xp.exp(shifted), axis=1, keepdims=True))
            return -xp.mean(log_p[np.arange(self.batch), self.t])

        return loss

    def jax(self) -> Trainer:
        """jax.jit."""
        import jax.numpy as jnp

        return trainers.jax(self.by_functions(jnp), self.weights, jax_sgd(LR))

    def autograd(self) -> Trainer:
        """HIPS autograd."""
        import autograd.numpy as anp

        return trainers.hips(self.by_functions(anp), self.weights, sgd(LR))

    def mygrad(self) -> Trainer:
        """MyGrad."""
        import mygrad
        from mygrad.nnet.activations import relu
        from mygrad.nnet.losses import softmax_crossentropy

        def loss(ws: Any) -> Any:
            h: Any = self.x
            for i in range(0, len(ws), 2):
                h = mygrad.matmul(h if i == 0 else relu(h), ws[i].T) + ws[i + 1]
            return softmax_crossentropy(h, self.t)

        return trainers.mygrad(loss, self.weights, sgd(LR))

    @property
    def makers(self) -> dict[str, Maker]:
        """Everybody, in the order of the table."""
        return {
            "eager": lambda: self.ours(trainers.eager),
            "program": lambda: self.ours(trainers.program),
            "floor": lambda: trainers.floor(Perceptron(self.weights, self.x, self.t)),
            "torch": self.torch,
            "jax": self.jax,
            "mygrad": self.mygrad,
            "autograd": self.autograd,
        }


def main(batch: int = 64, rounds: int = 60) -> Outcome:
    """Print the races in float64 and float32."""
    print(f"T1: perceptron {'-'.join(map(str, SIZES))}, batch {batch}, SGD")
    outcome = Outcome()
    for dtype in ("float64", "float32"):
        sweep, eager = targets.of_sweeps("T1", dtype), targets.of_eager("T1", dtype)
        outcome.extend(Contest("T1", dtype, Work(dtype, batch).makers, sweep, eager).run(rounds))
    return outcome
