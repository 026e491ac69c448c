"""Autoencoders, tied ones, variational ones, restricted Boltzmann machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.by_hand.losses import sigma
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays


@on_arrays
def linear_autoencoder_by_the_encoder(rng: np.random.Generator) -> Written:
    model, X = fill(rng, nn.LinearAutoencoder(4, 2, generator=0)), drawn(rng, 6, 4)
    yield nn.mse_loss(model(X).named("xhat"), X).named("L"), model.W_e
    E, D = model.W_e.numpy(), model.W_d.numpy()
    out = X @ E.T @ D.T
    G = 2 * (out - X) / 24
    yield "right", (G @ D).T @ X
    yield "A21 C3", (np.ones_like(G) @ D).T @ X
    yield "A29", (G @ (D - 0.1 * G.T @ (X @ E.T))).T @ X
    yield "D14 B6 A10", (G @ D).T @ X / 2
    yield "D15", (G @ D).T @ X * 4
    yield "C14 C4 D1", (G @ D).T @ X * 6
    yield "D3", (2 * out / 24 @ D).T @ X
    yield "C5", np.outer((G @ D)[-1], X[-1])
    yield "A18 A17 D2 D16", -(G @ D).T @ X
    yield "A10", (np.ones_like(G) / 24 @ D).T @ X


@on_arrays
def linear_autoencoder_by_its_input(rng: np.random.Generator) -> Written:
    E, D, X = drawn(rng, 4, 2), drawn(rng, 2, 4), leaf(rng, "X", 6, 4)
    out = ((X @ E).named("Z") @ D).named("xhat")
    yield f.mean((out - X) ** 2).named("L"), X
    G = 2 * (out.numpy() - X.numpy()) / 24
    yield "right", G @ D.T @ E.T - G
    yield "H14 A2 A3 A4", G @ D.T @ E.T
    yield "A4 A3 A2 A1", -G
    yield "A17 A3", G @ D.T @ E.T + G
    yield "D14 B6 A10", (G @ D.T @ E.T - G) / 2
    yield "D15", 4 * (G @ D.T @ E.T - G)
    yield "A18", G - G @ D.T @ E.T


@on_arrays
def tied_autoencoder_by_its_weight(rng: np.random.Generator) -> Written:
    model, X = fill(rng, nn.TiedAutoencoder(4, 3, generator=0)), np.abs(drawn(rng, 6, 4))
    yield nn.mse_loss(model(X).named("xhat"), X).named("L"), model.W
    W, b, c = model.W.numpy(), model.b.numpy(), model.b_hat.numpy()
    z = sigma(X @ W + b)
    y = sigma(z @ W.T + c)
    G = 2 * (y - X) / 24 * y * (1 - y)
    yield from _tied(X, W, z, G, z * (1 - z))
    full = 2 * (y - X) / 24
    yield "K1 B11 D13 A10", X.T @ (full @ W) + full.T @ z


@on_arrays
def own_tied_autoencoder(rng: np.random.Generator) -> Written:
    X, W = drawn(rng, 6, 4), leaf(rng, "W", 4, 4)
    Z = f.tanh(X @ W).named("Z")
    yield (0.5 * f.sum((Z @ W.T - X) ** 2)).named("L"), W
    w, z = W.numpy(), Z.numpy()
    G = z @ w.T - X
    yield from _tied(X, w, z, G, 1 - z * z)
    yield "H13 C1", X.T @ (G @ w * (1 - z * z)) + z.T @ G
    yield "B10 A10", X.T @ (G @ w) + G.T @ z


def _tied(X: Array, W: Array, z: Array, G: Array, slope: Array) -> Iterator[ArrayAnswer]:
    first, second = X.T @ ((G @ W) * slope), G.T @ z
    yield "right", first + second
    yield "H13 A31", first
    yield "H13 A31", second
    yield "H13 A31", (first + second) / 2
    yield "A18 D2", -first - second
    yield "A17", first - second
    yield "A30 A8", 2 * first + 2 * second
    yield "A8", first + 2 * second


class Coded:
    """Both terms of a VAE's loss, each divided by n, and their derivatives by μ and log σ²."""

    def __init__(
        self, R: Array, mu: Array, lv: Array, eps: Array, n: float, beta: float = 1
    ) -> None:
        self.R, self.mu, self.lv, self.eps, self.n, self.beta = R, mu, lv, eps, n, beta
        self.s = np.exp(lv / 2)

    def by_mu(self) -> Iterator[ArrayAnswer]:
        R, kl = self.R, self.beta * self.mu / self.n
        yield "right", R + kl
        yield "H1 A17", R - kl
        yield "H2 A33 A3 A4", R
        yield "H2 A33 A2 A3 A4", kl
        yield "H3 A10 B6 A8 K2", R + 2 * kl
        yield "H3 B6", R + kl / 2
        yield "H10", R + kl * self.n
        yield "H10", self.n * R + kl
        yield "A18", -R - kl
        yield "C14 D1 C4", self.n * (R + kl)

    def by_lv(self) -> Iterator[ArrayAnswer]:
        R, s, e, n, lv = self.R, self.s, self.eps, self.n / self.beta, self.lv
        kl, rec = (np.exp(lv) - 1) / (2 * n), self.R * self.eps * self.s / 2
        yield "right", rec + kl
        yield "H1 A17", rec - kl
        yield "H2 A33 A3 A4", rec
        yield "H2 A33 A2 A3 A4", kl
        yield "H4", rec + (np.exp(2 * lv) - 1) / (2 * n)
        yield "H5", R * e * np.exp(lv) + kl
        yield "H6 A10", R * e * s + kl
        yield "H6 A10", R * s / 2 + kl
        yield "H6 A10 A11 B3", R * e / 2 + kl
        yield "H7", R * e + (s - 1 / s) / n
        yield "H7", R * e / (2 * s) + (1 - 1 / s**2) / (2 * n)
        yield "H8", rec + (lv - 1) / (2 * n)
        yield "H9", rec + np.exp(lv) / (2 * n)
        yield "H10", rec + kl * self.n
        yield "A18", -rec - kl
        yield "H3 A10 A8 A30 K2", rec + 2 * kl


def _own_vae(rng: np.random.Generator, beta: float = 1.0) -> tuple[Any, Any, Any, Coded]:
    mu, lv, eps = leaf(rng, "mu", 5, 3), leaf(rng, "logvar", 5, 3), drawn(rng, 5, 3)
    D, X = drawn(rng, 3, 4), drawn(rng, 5, 4)
    z = (mu + f.exp(0.5 * lv) * eps).named("z")
    out = z @ D
    rec = (0.5 * f.sum((out - X) ** 2) / 5).named("rec")
    kl = (0.5 * f.sum(mu**2 + f.exp(lv) - lv - 1) / 5).named("KL")
    loss = (rec + beta * kl if beta != 1 else rec + kl).named("L")
    R = (out.numpy() - X) / 5 @ D.T
    return loss, mu, lv, Coded(R, mu.numpy(), lv.numpy(), eps, 5.0, beta)


@on_arrays
def own_vae_by_mu(rng: np.random.Generator) -> Written:
    loss, mu, _, coded = _own_vae(rng)
    yield loss, mu
    yield from coded.by_mu()


@on_arrays
def own_vae_by_log_var(rng: np.random.Generator) -> Written:
    loss, _, lv, coded = _own_vae(rng)
    yield loss, lv
    yield from coded.by_lv()


@on_arrays
def beta_vae_by_log_var(rng: np.random.Generator) -> Written:
    loss, _, lv, c = _own_vae(rng, 0.3)
    yield loss, lv
    yield from c.by_lv()
    yield "H11", c.R * c.eps * c.s / 2 + (np.exp(c.lv) - 1) / 10


class Encoded:
    """The module's VAE with a linear encoder and decoder: μ and log σ² are columns of x·Wᵀ + b."""

    def __init__(self, rng: np.random.Generator) -> None:
        encoder, decoder = fill(rng, nn.Linear(4, 4)), fill(rng, nn.Linear(2, 4))
        self.vae = nn.VAE(encoder, decoder, 2, nn.Gaussian(1.0), generator=0)
        self.X, eps = drawn(rng, 5, 4), drawn(rng, 5, 2)
        self.loss = f.mean(nn.negative_elbo(self.vae(self.X, eps))).named("L")
        code = self.X @ encoder.weight.numpy().T + encoder.bias.numpy()
        mu, lv = code[:, :2], code[:, 2:]
        z, V = mu + np.exp(lv / 2) * eps, decoder.weight.numpy()
        R = (z @ V.T + decoder.bias.numpy() - self.X) / 5 @ V
        self.coded = Coded(R, mu, lv, eps, 5.0)


@on_arrays
def vae_by_its_encoders_weight(rng: np.random.Generator) -> Written:
    model = Encoded(rng)
    yield model.loss, model.vae.encoder.weight
    mus, lvs = list(model.coded.by_mu()), list(model.coded.by_lv())

    def both(i: int, j: int) -> Array:
        return np.concatenate([mus[i][1], lvs[j][1]], axis=1).T @ model.X

    yield "right", both(0, 0)
    yield "H1 A17", both(1, 1)
    yield "H2 A33 A3", both(2, 2)
    yield "H2 A33 A2 A3", both(3, 3)
    for j in range(4, 13):
        yield lvs[j][0], both(0, j)
    yield "H10", both(6, 13)
    yield "A18", both(8, 14)
    yield "A2 A3", np.concatenate([mus[0][1], 0 * lvs[0][1]], axis=1).T @ model.X


@on_arrays
def free_energy_by_the_weights(rng: np.random.Generator) -> Written:
    rbm = fill(rng, nn.RBM(4, 3, generator=0))
    v = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1.0]])
    yield f.mean(rbm(v)).named("L"), rbm.W
    u = v @ rbm.W.numpy() + rbm.b.numpy()
    p = sigma(u)
    yield "right", -v.T @ p / 5
    yield "A18 A17", v.T @ p / 5
    yield "C4 C14 D1", -v.T @ p
    yield "B17 A10 A21", -v.T @ np.ones_like(p) / 5
    yield "B17", -v.T @ (p * (1 - p)) / 5
    yield "B4 A10 B17", -v.T @ np.exp(u) / 5
    yield "C5", -np.outer(v[-1], p[-1]) / 5
    yield "C5", -np.outer(v[0], p[0]) / 5
    yield "A24", rbm.W.numpy()
    yield "A30 A8", -2 * v.T @ p / 5


@on_arrays
def own_free_energy_by_the_hidden_bias(rng: np.random.Generator) -> Written:
    W, b = leaf(rng, "W", 4, 3), leaf(rng, "b", 3)
    v = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1.0]])
    yield (-f.sum(f.log(1 + f.exp(v @ W + b))) / 5).named("F"), b
    u = v @ W.numpy() + b.numpy()
    p, e = sigma(u), np.exp(u)
    yield "right", -p.sum(0) / 5
    yield "C7 A22", -p / 5
    yield "C8 C4", -p.mean(0) / 5
    yield "C4 C14 D1", -p.sum(0)
    yield "A18 A17", p.sum(0) / 5
    yield "B4 A11 A10", -(1 / (1 + e)).sum(0) / 5
    yield "B4", -(e / (1 + e) / np.log(10)).sum(0) / 5
    yield "B4", -(e / np.log(1 + e)).sum(0) / 5
    yield "B4 A10", -e.sum(0) / 5
    yield "C5", -p[-1] / 5
