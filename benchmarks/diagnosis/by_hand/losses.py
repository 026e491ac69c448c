"""Heads of classifiers: softmax with cross entropy, sigmoid with binary cross entropy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays


def softmax(z: Array, axis: int = 1) -> Array:
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def sigma(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


@on_arrays
def cross_entropy_by_the_logits(rng: np.random.Generator) -> Written:
    Z, y = leaf(rng, "Z", 6, 4), np.array([0, 2, 1, 3, 3, 0])
    yield nn.cross_entropy(Z, y).named("L"), Z
    yield from _head(Z.numpy(), y, lambda G: G)
    yield "A20", 1 / ((softmax(Z.numpy()) - np.eye(4)[y]) / 6)


@on_arrays
def cross_entropy_by_the_weight(rng: np.random.Generator) -> Written:
    layer, X, y = fill(rng, nn.Linear(5, 3)), drawn(rng, 6, 5), np.array([0, 2, 1, 1, 2, 0])
    yield nn.cross_entropy(layer(X), y).named("L"), layer.weight
    z = X @ layer.weight.numpy().T + layer.bias.numpy()
    G = (softmax(z) - np.eye(3)[y]) / 6
    yield from _head(z, y, lambda G: G.T @ X)
    yield "C5", np.outer(G[-1], X[-1])
    yield "C3 A21", np.ones((6, 3)).T @ X
    yield "A28", layer.weight.numpy() - 0.1 * G.T @ X


@on_arrays
def own_softmax_by_the_weight(rng: np.random.Generator) -> Written:
    X, W, b = drawn(rng, 6, 4), leaf(rng, "W", 4, 3), leaf(rng, "b", 3)
    y = np.array([0, 2, 1, 1, 2, 0])
    z = X @ W + b
    e = f.exp(z)
    P = (e / f.sum(e, axis=1, keepdims=True)).named("P")
    yield (-f.sum(np.eye(3)[y] * f.log(P)) / 6).named("L"), W
    yield from _head(z.numpy(), y, lambda G: X.T @ G)


@on_arrays
def own_softmax_by_the_bias(rng: np.random.Generator) -> Written:
    X, W, b = drawn(rng, 6, 4), leaf(rng, "W", 4, 3), leaf(rng, "b", 3)
    y = np.array([0, 2, 1, 1, 2, 2])
    z = X @ W + b
    P = f.softmax(z).named("P")
    yield (-f.mean(f.log(f.sum(np.eye(3)[y] * P, axis=1)))).named("L"), b
    p, Y = softmax(z.numpy()), np.eye(3)[y]
    G = (p - Y) / 6
    yield from _head(z.numpy(), y, lambda G: G.sum(0))
    yield "C7 C10 A22", G
    yield "C4 C8 D1", G.mean(0)
    yield "C5", G[-1]
    yield "C8", G.sum(1)


def _head(z: Array, y: Array, back) -> Iterator[ArrayAnswer]:
    n, k = z.shape
    p, Y = softmax(z), np.eye(k)[y]
    yield "right", back((p - Y) / n)
    yield "D1 C4 C14", back(p - Y)
    yield "D1 C4", back((p - Y) / n**2)
    yield "D2 A18 A17", back((Y - p) / n)
    yield "D3", back(p / n)
    yield "D4", back((p - Y) / (n * k))
    yield "D5", back((p - Y) * p * (1 - p) / n)
    yield "D6", back(-Y * (1 - p) / n)
    yield "D7", back(-Y / n)
    yield "D8", back(-Y / p / n)
    yield "D9", back((z - Y) / n)
    yield "D10", back((p - y[:, None]) / n)
    yield "D11 D17", back((softmax(z, 0) - Y) / n)
    yield "A30 A8", back(2 * (p - Y) / n)


@on_arrays
def own_softmax_before_a_squared_error(rng: np.random.Generator) -> Written:
    Z, T = leaf(rng, "Z", 5, 3), np.abs(drawn(rng, 5, 3))
    P = f.softmax(Z).named("P")
    yield f.mean((P - T) ** 2).named("L"), Z
    p = P.numpy()
    G = 2 * (p - T) / 15

    def back(G: Array) -> Array:
        return p * (G - (p * G).sum(1, keepdims=True))

    yield "right", back(G)
    yield "D6", G * p * (1 - p)
    yield "D7", G * p
    yield "A22 D8", G
    yield "A18 D2 D16 A17", -back(G)
    yield "D14 B6 A10", back(G) / 2
    yield "D15", 3 * back(G)
    yield "D3", back(2 * p / 15)
    yield "C14 C4 D1", back(G) * 5
    q = softmax(Z.numpy(), 0)
    yield "D11", q * (G - (q * G).sum(0))
    yield "D17 D11", p * (G - (p * G).sum(0))


@on_arrays
def bce_by_the_weight(rng: np.random.Generator) -> Written:
    layer, X = fill(rng, nn.Linear(4, 1)), drawn(rng, 7, 4)
    t = np.array([1.0, 0, 1, 1, 0, 0, 1])[:, None]
    yield nn.bce_with_logits(layer(X), t).named("L"), layer.weight
    z = X @ layer.weight.numpy().T + layer.bias.numpy()
    yield from _binary(z, t, lambda G: G.T @ X)
    p = sigma(z)
    yield "C5", np.outer((p - t)[-1] / 7, X[-1])
    yield "C3 A21", np.ones((1, 7)) @ X


@on_arrays
def own_bce_by_the_hidden_weight(rng: np.random.Generator) -> Written:
    X, V, w = drawn(rng, 7, 4), leaf(rng, "V", 4, 3), leaf(rng, "w", 3, 1)
    t = np.array([1.0, 0, 1, 1, 0, 0, 1])[:, None]
    H = f.sigmoid(X @ V).named("H")
    z = (H @ w).named("z")
    p = f.sigmoid(z).named("p")
    yield f.mean(-t * f.log(p) - (1 - t) * f.log(1 - p)).named("L"), V
    h, wn, pn = H.numpy(), w.numpy(), p.numpy()
    yield from _binary(z.numpy(), t, lambda G: X.T @ ((G @ wn.T) * h * (1 - h)))
    D = (pn - t) / 7 @ wn.T
    yield "B11 A10", X.T @ D
    yield "B11", X.T @ (D * h)
    yield "B11", X.T @ (D * (1 - h))
    yield "B11", X.T @ (D * sigma(h) * (1 - sigma(h)))
    yield "B11", X.T @ (D * h * (1 + h))
    u = X @ V.numpy()
    yield "B11", X.T @ (D * u * (1 - u))
    yield "A21 C3", X.T @ (h * (1 - h))


def _binary(z: Array, t: Array, back) -> Iterator[ArrayAnswer]:
    p = sigma(z)
    yield "right", back((p - t) / 7)
    yield "D1 C4 C14", back(p - t)
    yield "D1 C4", back((p - t) / 49)
    yield "D2 A18 A17", back((t - p) / 7)
    yield "D3", back(p / 7)
    yield "D12 D5", back((p - t) * p * (1 - p) / 7)
    yield "D13", back(2 * (p - t) * p * (1 - p) / 7)
    yield "D9", back((z - t) / 7)
    yield "D8 B11 A10", back((p - t) / (p * (1 - p)) / 7)
    yield "D13 A30 A8", back(2 * (p - t) / 7)


@on_arrays
def sigmoid_with_squared_error(rng: np.random.Generator) -> Written:
    layer, X, T = fill(rng, nn.Linear(4, 3)), drawn(rng, 5, 4), np.abs(drawn(rng, 5, 3))
    yield nn.mse_loss(f.sigmoid(layer(X)).named("p"), T).named("L"), layer.weight
    z = X @ layer.weight.numpy().T + layer.bias.numpy()
    p = sigma(z)
    G, s = 2 * (p - T) / 15, p * (1 - p)
    yield "right", (G * s).T @ X
    yield "D13 B11 A10", G.T @ X
    yield "B11", (G * p).T @ X
    yield "B11", (G * (1 - p)).T @ X
    yield "B11", (G * p * (1 + p)).T @ X
    yield "D14 B6 A10", (G * s).T @ X / 2
    yield "D15", 3 * (G * s).T @ X
    yield "D3", (2 * p / 15 * s).T @ X
    yield "C5", np.outer((G * s)[-1], X[-1])
    yield "A21 C3", s.T @ X
    yield "A18 D2 D16 A17", -(G * s).T @ X


@on_arrays
def label_smoothing_by_the_logits(rng: np.random.Generator) -> Written:
    Z, y = leaf(rng, "Z", 6, 4), np.array([0, 2, 1, 3, 3, 0])
    S = 0.8 * np.eye(4)[y] + 0.05
    yield (-f.sum(S * f.log_softmax(Z)) / 6).named("L"), Z
    p, Y = softmax(Z.numpy()), np.eye(4)[y]
    yield "right", (p - S) / 6
    yield "D18", (p - Y) / 6
    yield "D1 C4 C14", p - S
    yield "D2 A18 A17", (S - p) / 6
    yield "D3", p / 6
    yield "D7", -S / 6
    yield "D6", -S * (1 - p) / 6
    yield "D4", (p - S) / 24
    yield "D11 D17", (softmax(Z.numpy(), 0) - S) / 6
    yield "D9", (Z.numpy() - S) / 6
