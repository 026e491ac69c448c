"""T5 by hand: a variational autoencoder with Bernoulli pixels."""

from __future__ import annotations

import numpy as np

from benchmarks.floors import Array


class Variational:
    """Minus the mean ELBO of x (n, d) for noise ε (n, latent); weights W₁, b₁ … W₄, b₄.

    h = relu(x·W₁ᵀ + b₁), (μ, log σ²) = h·W₂ᵀ + b₂, z = μ + σ⊙ε, a = relu(z·W₃ᵀ + b₃)·W₄ᵀ + b₄.
    """

    def __init__(self, weights: list[Array], x: Array, eps: Array) -> None:
        self.weights, self.x, self.eps, dtype = weights, x, eps, x.dtype
        n, latent = eps.shape
        b1, b2, b3, b4 = weights[1::2]
        # what enters each layer, and the excitations of the last
        self.h, self.q, self.z, self.k, self.a = (
            np.empty((n, size), dtype) for size in (len(b1), len(b2), latent, len(b3), len(b4))
        )
        self.dh, self.dq, self.dz, self.dk, self.da = map(
            np.empty_like, (self.h, self.q, self.z, self.k, self.a)
        )
        self.e, self.log = np.empty_like(self.a), np.empty_like(self.a)
        self.sigma = np.empty_like(self.z)
        self.ones, self.one, self.zero = np.ones(n, dtype), np.ones((), dtype), np.zeros((), dtype)
        self.gradients = [np.empty_like(w) for w in weights]

    def run(self) -> float:
        """The loss, and its gradients."""
        self._encode()
        self._decode()
        loss = (self._pixels() + self._divergence()) / len(self.x)
        self._backward()
        return loss

    def _layer(self, k: int, x: Array, out: Array) -> None:
        W, b = self.weights[2 * k : 2 * k + 2]
        np.dot(x, W.T, out=out)
        out += b

    def _encode(self) -> None:
        self._layer(0, self.x, self.h)
        np.maximum(self.h, self.zero, out=self.h)
        self._layer(1, self.h, self.q)

    def _decode(self) -> None:
        latent = self.z.shape[1]
        mu, log_var = self.q[:, :latent], self.q[:, latent:]
        np.exp(np.multiply(log_var, 0.5, out=self.sigma), out=self.sigma)
        np.multiply(self.sigma, self.eps, out=self.z)
        self.z += mu
        self._layer(2, self.z, self.k)
        np.maximum(self.k, self.zero, out=self.k)
        self._layer(3, self.k, self.a)

    def _pixels(self) -> float:
        """Σ log(1 + e⁻ᵃ)·x + log(1 + eᵃ)·(1 - x) as max(a, 0) - a·x + log(1 + e^-|a|); leaves da, times n."""
        a, e, log, d = self.a, self.e, self.log, self.da
        np.negative(np.absolute(a, out=e), out=e)
        np.exp(e, out=e)
        cost = float(np.add.reduce(np.log1p(e, out=log).reshape(-1)))
        cost -= float(a.reshape(-1).dot(self.x.reshape(-1)))
        cost += float(np.add.reduce(np.maximum(a, self.zero, out=log).reshape(-1)))
        np.exp(np.negative(a, out=d), out=d)
        d += self.one
        np.divide(self.one, d, out=d)
        d -= self.x
        return cost

    def _divergence(self) -> float:
        """½ Σ (μ² + e^log σ² - 1 - log σ²); leaves its part of dq, times n."""
        latent = self.z.shape[1]
        mu, log_var = self.q[:, :latent], self.q[:, latent:]
        by_mu, by_log_var = self.dq[:, :latent], self.dq[:, latent:]
        by_mu[...] = mu
        np.expm1(log_var, out=by_log_var)
        cost = np.add.reduce(mu * mu + by_log_var - log_var, None)
        by_log_var *= 0.5
        return 0.5 * float(cost)

    def _backward(self) -> None:
        latent, scale = self.z.shape[1], 1.0 / len(self.x)
        self.da *= scale
        self._layer_back(3, self.k, self.da, self.dk)
        self.dk *= self.k > self.zero
        self._layer_back(2, self.z, self.dk, self.dz)
        self.dq *= scale
        self.dq[:, :latent] += self.dz
        self.sigma *= self.eps
        self.sigma *= self.dz
        self.sigma *= 0.5
        self.dq[:, latent:] += self.sigma
        self._layer_back(1, self.h, self.dq, self.dh)
        self.dh *= self.h > self.zero
        self._layer_back(0, self.x, self.dh, None)

    def _layer_back(self, k: int, x: Array, d: Array, by_x: Array | None) -> None:
        by_W, by_b = self.gradients[2 * k : 2 * k + 2]
        np.dot(d.T, x, out=by_W)
        np.dot(self.ones, d, out=by_b)
        if by_x is not None:
            np.dot(d, self.weights[2 * k], out=by_x)
