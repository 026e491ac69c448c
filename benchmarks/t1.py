"""T1: a perceptron 784-256-128-10 on a batch of 64, softmax cross-entropy, gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import steps

SIZES = (784, 256, 128, 10)
LIMITS = {"torch": 1.0, "mygrad": 1 / 1.5, "autograd": 1 / 1.5}
LR = 0.01


def main(batch: int = 64, rounds: int = 200) -> None:
    """Print the race."""
    import nn
    from autograd_lite import Tensor

    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(batch, SIZES[0])), rng.integers(0, SIZES[-1], batch)
    weights = [p.numpy() for p in nn.MLP(SIZES, generator=0).parameters()]

    def ours() -> steps.Trainer:
        model = nn.MLP(SIZES, generator=0)
        optimizer, inputs = nn.SGD(model.parameters(), lr=LR), Tensor(x)
        return steps.nn_trainer(model, lambda: nn.cross_entropy(model(inputs), t), optimizer)

    def torch() -> steps.Trainer:
        import torch
        from torch.nn import Linear, ReLU

        a, b, c, d = SIZES
        model = steps.torch_model(Linear(a, b), ReLU(), Linear(b, c), ReLU(), Linear(c, d))
        steps.take_weights(model, weights)
        inputs, targets = torch.tensor(x), torch.tensor(t)
        loss = torch.nn.functional.cross_entropy
        optimizer = torch.optim.SGD(model.parameters(), lr=LR)
        return steps.torch_trainer(model, lambda: loss(model(inputs), targets), optimizer)

    def autograd() -> steps.Trainer:
        import autograd.numpy as anp

        def loss(ws: Any) -> Any:
            h = x
            for i in range(0, len(ws), 2):
                h = anp.dot(h if i == 0 else anp.maximum(h, 0.0), ws[i].T) + ws[i + 1]
            shifted = h - anp.max(h, axis=1, keepdims=True)
            log_p = shifted - anp.log(anp.sum(anp.exp(shifted), axis=1, keepdims=True))
            return -anp.mean(log_p[np.arange(batch), t])

        return steps.hips_trainer(loss, weights, steps.sgd(LR))

    def mygrad() -> steps.Trainer:
        import mygrad
        from mygrad.nnet.activations import relu
        from mygrad.nnet.losses import softmax_crossentropy

        def loss(ws: Any) -> Any:
            h: Any = x
            for i in range(0, len(ws), 2):
                h = mygrad.matmul(h if i == 0 else relu(h), ws[i].T) + ws[i + 1]
            return softmax_crossentropy(h, t)

        return steps.mygrad_trainer(loss, weights, steps.sgd(LR))

    title = f"T1: perceptron {'-'.join(map(str, SIZES))}, batch {batch}, SGD"
    peers = {"torch": torch, "mygrad": mygrad, "autograd": autograd}
    steps.race(title, ours, peers, LIMITS, rounds)
