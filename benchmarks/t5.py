"""T5: a variational autoencoder 784-400-20-400-784 on a batch of 128, Bernoulli pixels, Adam.

Everybody is handed the same ε, drawn outside the time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import steps

SIZES = (784, 400, 20)
LIMITS = {"torch": 1.0, "mygrad": 1 / 1.5, "autograd": 1 / 1.5}


def main(batch: int = 128, rounds: int = 60) -> None:
    """Print the race."""
    import nn
    from autograd_lite import Tensor

    visible, hidden, latent = SIZES
    rng = np.random.default_rng(0)
    x, eps = rng.uniform(size=(batch, visible)), rng.normal(size=(batch, latent))
    weights = [p.numpy() for p in nn.VAE.dense(SIZES, generator=0).parameters()]

    def ours() -> steps.Trainer:
        model = nn.VAE.dense(SIZES, generator=0)
        optimizer, images = nn.Adam(model.parameters()), Tensor(x)
        return steps.nn_trainer(model, lambda: nn.negative_elbo(model(images, eps)), optimizer)

    def torch() -> steps.Trainer:
        import torch
        from torch.nn import Linear, ReLU

        encoder = steps.torch_model(Linear(visible, hidden), ReLU(), Linear(hidden, 2 * latent))
        decoder = steps.torch_model(Linear(latent, hidden), ReLU(), Linear(hidden, visible))
        model = torch.nn.ModuleList([encoder, decoder])
        steps.take_weights(model, weights)
        images, noise = torch.tensor(x), torch.tensor(eps)
        entropy = torch.nn.functional.binary_cross_entropy_with_logits

        def loss() -> Any:
            mu, log_var = encoder(images).chunk(2, dim=1)
            a = decoder(mu + torch.exp(0.5 * log_var) * noise)
            kl = 0.5 * torch.sum(mu**2 + log_var.exp() - 1 - log_var)
            return (entropy(a, images, reduction="sum") + kl) / batch

        return steps.torch_trainer(model, loss, torch.optim.Adam(model.parameters()))

    def autograd() -> steps.Trainer:
        import autograd.numpy as anp

        def loss(ws: Any) -> Any:
            W1, b1, W2, b2, W3, b3, W4, b4 = ws
            encoded = anp.dot(anp.maximum(anp.dot(x, W1.T) + b1, 0.0), W2.T) + b2
            mu, log_var = encoded[:, :latent], encoded[:, latent:]
            z = mu + anp.exp(0.5 * log_var) * eps
            a = anp.dot(anp.maximum(anp.dot(z, W3.T) + b3, 0.0), W4.T) + b4
            likelihood = anp.sum(x * a - anp.logaddexp(0.0, a))
            kl = 0.5 * anp.sum(mu**2 + anp.exp(log_var) - 1 - log_var)
            return (kl - likelihood) / batch

        return steps.hips_trainer(loss, weights, steps.Adam())

    def mygrad() -> steps.Trainer:
        import mygrad as mg
        from mygrad.nnet.activations import relu

        def loss(ws: Any) -> Any:
            W1, b1, W2, b2, W3, b3, W4, b4 = ws
            encoded = mg.matmul(relu(mg.matmul(x, W1.T) + b1), W2.T) + b2
            mu, log_var = encoded[:, :latent], encoded[:, latent:]
            z = mu + mg.exp(0.5 * log_var) * eps
            a = mg.matmul(relu(mg.matmul(z, W3.T) + b3), W4.T) + b4
            likelihood = mg.sum(x * a - mg.logaddexp(0.0, a))
            kl = 0.5 * mg.sum(mu**2 + mg.exp(log_var) - 1 - log_var)
            return (kl - likelihood) / batch

        return steps.mygrad_trainer(loss, weights, steps.Adam())

    title = f"T5: variational autoencoder {visible}-{hidden}-{latent}, batch {batch}, Adam"
    peers = {"torch": torch, "mygrad": mygrad, "autograd": autograd}
    steps.race(title, ours, peers, LIMITS, rounds)
