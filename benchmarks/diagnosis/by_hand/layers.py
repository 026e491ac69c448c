"""Normalisation, dropout, pooling, embedding, attention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import nn
from autograd_lite import Tensor
from autograd_lite import functions as f
from benchmarks.diagnosis.by_hand.losses import softmax
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays


class Normalised:
    """x̂ = (x - mean)·s over one axis, and what goes back through it, right and wrong."""

    def __init__(self, x: Array, axis: int, eps: float) -> None:
        self.axis, self.n = axis, x.shape[axis]
        self.s = 1 / np.sqrt(x.var(axis, keepdims=True) + eps)
        self.xh = (x - x.mean(axis, keepdims=True)) * self.s

    def back(self, d: Array, m: float = 1, v: float = 1, power: int = 1) -> Array:
        mean = d.mean(self.axis, keepdims=True)
        along = (d * self.xh).mean(self.axis, keepdims=True)
        return self.s**power * (d - m * mean - v * self.xh * along)


def _through(x: Array, G: Array, gamma: Array, axis: int, eps: float) -> Iterator[ArrayAnswer]:
    own, other, d = Normalised(x, axis, eps), Normalised(x, 1 - axis, eps), G * gamma
    n = own.n
    yield "right", own.back(d)
    yield "E1", own.s * d
    yield "E2", own.back(d, m=0)
    yield "E3", own.back(d, v=0)
    yield "E4", own.back(G)
    yield "E5", own.back(d, m=n, v=n)
    yield "E6", own.back(d, m=n / (n - 1), v=n / (n - 1))
    yield "E7 A10", own.back(d, power=0)
    yield "E7 A25", own.back(d, power=2)
    yield "E8", other.back(d)
    yield "A18 A17", -own.back(d)


@on_arrays
def batch_norm_by_its_input(rng: np.random.Generator) -> Written:
    X, C = leaf(rng, "X", 6, 4), drawn(rng, 6, 4)
    norm = fill(rng, nn.BatchNorm1d(4))
    yield f.sum(C * norm(X).named("Y")).named("L"), X
    yield from _through(X.numpy(), C, norm.weight.numpy(), 0, 1e-5)
    yield "A22", C
    yield "A30 A8", 2 * Normalised(X.numpy(), 0, 1e-5).back(C * norm.weight.numpy())


@on_arrays
def own_batch_norm_by_its_input(rng: np.random.Generator) -> Written:
    X, C, gamma = leaf(rng, "X", 5, 3), drawn(rng, 5, 3), leaf(rng, "gamma", 3)
    mu = f.mean(X, axis=0).named("mu")
    var = f.mean((X - mu) ** 2, axis=0).named("var")
    xh = ((X - mu) / f.sqrt(var + 1e-3)).named("xhat")
    yield f.sum(C * (gamma * xh)).named("L"), X
    yield from _through(X.numpy(), C, gamma.numpy(), 0, 1e-3)


@on_arrays
def layer_norm_by_its_input(rng: np.random.Generator) -> Written:
    X, T = leaf(rng, "X", 5, 4), drawn(rng, 5, 4)
    norm = fill(rng, nn.LayerNorm(4))
    Y = norm(X).named("Y")
    yield nn.mse_loss(Y, T).named("L"), X
    G = 2 * (Y.numpy() - T) / 20
    yield from _through(X.numpy(), G, norm.weight.numpy(), 1, 1e-5)
    own = Normalised(X.numpy(), 1, 1e-5)
    yield "D14 B6 A10", own.back(G * norm.weight.numpy()) / 2
    yield "D15", 4 * own.back(G * norm.weight.numpy())


@on_arrays
def own_layer_norm_by_its_input(rng: np.random.Generator) -> Written:
    X, C, gamma = leaf(rng, "X", 4, 6), drawn(rng, 4, 6), leaf(rng, "gamma", 6)
    centred = (X - f.mean(X, axis=1, keepdims=True)).named("c")
    s = (1 / f.sqrt(f.mean(centred**2, axis=1, keepdims=True) + 1e-5)).named("s")
    yield f.sum(C * (centred * s * gamma)).named("L"), X
    yield from _through(X.numpy(), C, gamma.numpy(), 1, 1e-5)


@on_arrays
def batch_norm_by_gamma(rng: np.random.Generator) -> Written:
    X, T, norm = leaf(rng, "X", 6, 4), drawn(rng, 6, 4), fill(rng, nn.BatchNorm1d(4))
    Y = norm(X).named("Y")
    yield nn.mse_loss(Y, T).named("L"), norm.weight
    G, own = 2 * (Y.numpy() - T) / 24, Normalised(X.numpy(), 0, 1e-5)
    yield from _scale(X.numpy(), G, own, T, Y.numpy())


@on_arrays
def layer_norm_by_gamma(rng: np.random.Generator) -> Written:
    X, T, norm = leaf(rng, "X", 6, 4), drawn(rng, 6, 4), fill(rng, nn.LayerNorm(4))
    Y = norm(X).named("Y")
    yield nn.mse_loss(Y, T).named("L"), norm.weight
    G, own = 2 * (Y.numpy() - T) / 24, Normalised(X.numpy(), 1, 1e-5)
    yield from _scale(X.numpy(), G, own, T, Y.numpy())


def _scale(X: Array, G: Array, own: Normalised, T: Array, Y: Array) -> Iterator[ArrayAnswer]:
    yield "right", (G * own.xh).sum(0)
    yield "E9", (G * X).sum(0)
    yield "E9 C4 C8", (G * own.xh).mean(0)
    yield "E9 C7 C10", G * own.xh
    yield "C8 C10", (G * own.xh).sum(1)
    yield "A10", G.sum(0)
    if own.axis:  # else that is 0
        yield "A21 C3", own.xh.sum(0)
    yield "C5", (G * own.xh)[-1]
    yield "D14 B6 A10", (G * own.xh).sum(0) / 2
    yield "D3", (2 * Y / 24 * own.xh).sum(0)
    yield "A18 D2 D16 A17", -(G * own.xh).sum(0)


@on_arrays
def batch_norm_by_beta(rng: np.random.Generator) -> Written:
    X, T, norm = drawn(rng, 6, 4), drawn(rng, 6, 4), fill(rng, nn.BatchNorm1d(4))
    Y = norm(X).named("Y")
    yield nn.mse_loss(Y, T).named("L"), norm.bias
    G = 2 * (Y.numpy() - T) / 24
    yield "right", G.sum(0)
    yield "C7 C10", G
    yield "C4 C8", G.mean(0)
    yield "C8", G.sum(1)
    yield "C5", G[-1]
    yield "A21 C3", np.full(4, 6.0)
    yield "D15", 4 * G.sum(0)
    yield "A18 D2 D16 A17", -G.sum(0)


@on_arrays
def own_dropout_by_its_input(rng: np.random.Generator) -> Written:
    X, T, W = leaf(rng, "X", 5, 4), drawn(rng, 5, 3), drawn(rng, 4, 3)
    m = (rng.random((5, 4)) > 0.4).astype(float)
    D = (X * m / 0.6).named("D")
    yield f.mean((D @ W - T) ** 2).named("L"), X
    G = 2 * (D.numpy() @ W - T) / 15 @ W.T
    yield from _dropped(G, m, 0.4)
    yield "A22", G
    yield "D14 B6 A10", G * m / 1.2


@on_arrays
def dropout_in_a_network(rng: np.random.Generator) -> Written:
    X, T, drop = drawn(rng, 6, 3), drawn(rng, 6, 2), nn.Dropout(0.3, generator=5)
    first, last = fill(rng, nn.Linear(3, 5)), fill(rng, nn.Linear(5, 2))
    H = first(X).named("H")
    D = drop(H).named("D")
    yield nn.mse_loss(last(D), T).named("L"), first.weight
    d, w = D.numpy(), last.weight.numpy()
    m = (d != 0).astype(float)
    G = 2 * (d @ w.T + last.bias.numpy() - T) / 12 @ w
    for rows, value in _dropped(G, m, 0.3):
        yield rows, value.T @ X
    yield "C5", np.outer((G * m / 0.7)[-1], X[-1])
    yield "D15", 2 * (G * m / 0.7).T @ X


def _dropped(G: Array, m: Array, p: float) -> Iterator[ArrayAnswer]:
    yield "right", G * m / (1 - p)
    yield "E10 A10", G * m
    yield "E10 A10 A22", G
    yield "E10", G * m / p
    yield "E10 A19 B8", G * m * (1 - p)
    yield "A18 A17 D2", -G * m / (1 - p)
    yield "A30 A8", 2 * G * m / (1 - p)


def _corners(x: Array, k: int) -> Iterator[tuple[int, int, int, int, Array]]:
    n, c, h, w = x.shape
    for i in range(n):
        for j in range(c):
            for a in range(h // k):
                for b in range(w // k):
                    yield i, j, a, b, x[i, j, a * k : a * k + k, b * k : b * k + k]


def _pooled_back(x: Array, G: Array, put) -> Array:
    out = np.zeros_like(x)
    for i, j, a, b, window in _corners(x, 2):
        out[i, j, a * 2 : a * 2 + 2, b * 2 : b * 2 + 2] = put(window, G[i, j, a, b])
    return out


def _first(w: Array, g: float) -> Array:
    out = np.zeros_like(w)
    out[0, 0] = g
    return out


@on_arrays
def max_pool_by_its_input(rng: np.random.Generator) -> Written:
    numbers = (rng.permutation(96) - 47.5).reshape(2, 2, 4, 6) / 25  # all different
    X, C = Tensor(numbers, name="X", requires_grad=True), drawn(rng, 2, 2, 2, 3)
    yield f.sum(C * nn.MaxPool2d(2)(X)).named("L"), X
    x = X.numpy()
    yield "right", _pooled_back(x, C, lambda w, g: g * (w == w.max()))
    yield "E11", _pooled_back(x, C, lambda w, g: g * np.ones_like(w))
    yield "E11", _pooled_back(x, C, lambda w, g: g * np.ones_like(w) / 4)
    yield "E11", _pooled_back(x, C, _first)
    yield "E11", _pooled_back(x, C, lambda w, g: w.max() * (w == w.max()))
    yield "A21 C3 G12 A10", _pooled_back(x, C, lambda w, g: 1.0 * (w == w.max()))
    yield "A22", C
    yield "A18 A17", _pooled_back(x, C, lambda w, g: -g * (w == w.max()))
    yield "A30 A8", _pooled_back(x, C, lambda w, g: 2 * g * (w == w.max()))


@on_arrays
def average_pool_by_its_input(rng: np.random.Generator) -> Written:
    X, T = leaf(rng, "X", 2, 3, 4, 4), drawn(rng, 2, 3, 2, 2)
    P = nn.AvgPool2d(2)(X).named("P")
    yield nn.mse_loss(P, T).named("L"), X
    x, G = X.numpy(), 2 * (P.numpy() - T) / 24
    yield "right", _pooled_back(x, G, lambda w, g: g * np.ones_like(w) / 4)
    yield "E12 A10", _pooled_back(x, G, lambda w, g: g * np.ones_like(w))
    yield "A22", G
    yield "A21 C3 G12", np.full_like(x, 0.25)
    yield "D14 B6", _pooled_back(x, G, lambda w, g: g * np.ones_like(w) / 8)
    yield "D3", _pooled_back(x, 2 * P.numpy() / 24, lambda w, g: g * np.ones_like(w) / 4)
    yield "A18 D2 D16 A17", _pooled_back(x, -G, lambda w, g: g * np.ones_like(w) / 4)
    yield "E11", _pooled_back(x, G, lambda w, g: g * (w == w.max()))


INDEX = np.array([1, 4, 1, 0, 4, 1])


@on_arrays
def embedding_by_its_table(rng: np.random.Generator) -> Written:
    table, T = fill(rng, nn.Embedding(6, 3)), drawn(rng, 6, 3)
    E = table(INDEX).named("E")
    yield nn.mse_loss(E, T).named("L"), table.weight
    yield from _rows(2 * (E.numpy() - T) / 18, 6)
    yield "D15", 3 * _scattered(2 * (E.numpy() - T) / 18, 6)
    yield "D14 B6 A10", _scattered((E.numpy() - T) / 18, 6)
    yield "D3", _scattered(2 * E.numpy() / 18, 6)


@on_arrays
def own_rows_by_their_table(rng: np.random.Generator) -> Written:
    E, W, T = leaf(rng, "E", 5, 4), drawn(rng, 4, 2), drawn(rng, 6, 2)
    rows = E[INDEX]
    out = f.tanh(rows @ W)
    yield (f.sum((out - T) ** 2) / 6).named("L"), E
    o = out.numpy()
    yield from _rows((2 * (o - T) / 6 * (1 - o * o)) @ W.T, 5)
    yield "B10 A10", _scattered(2 * (o - T) / 6 @ W.T, 5)
    yield "B10", _scattered((2 * (o - T) / 6 * (1 - o)) @ W.T, 5)


def _scattered(G: Array, n: int) -> Array:
    out = np.zeros((n, G.shape[1]))
    np.add.at(out, INDEX, G)
    return out


def _rows(G: Array, n: int) -> Iterator[ArrayAnswer]:
    last, first = np.zeros((n, G.shape[1])), np.zeros((n, G.shape[1]))
    last[INDEX] = G
    first[INDEX[::-1]] = G[::-1]
    count = np.maximum(1, np.bincount(INDEX, minlength=n))[:, None]
    yield "right", _scattered(G, n)
    yield "E13", last
    yield "E13", first
    yield "E13", _scattered(G, n) / count
    yield "E14 A22", G
    yield "C3 A21", _scattered(np.ones_like(G), n)
    yield "A18 D2 D16 A17", -_scattered(G, n)
    yield "A30 A8", 2 * _scattered(G, n)
    yield "C4 D1", _scattered(G, n) / 6


@on_arrays
def attention_by_the_queries(rng: np.random.Generator) -> Written:
    Q, K, V, C = leaf(rng, "Q", 3, 4), drawn(rng, 5, 4), drawn(rng, 5, 2), drawn(rng, 3, 2)
    yield f.sum(C * nn.scaled_dot_product_attention(Q, K, V)).named("L"), Q
    p = softmax(Q.numpy() @ K.T / 2)
    D = C @ V.T

    def back(D: Array) -> Array:
        return p * (D - (p * D).sum(1, keepdims=True)) @ K / 2

    yield "right", back(D)
    yield "D6", D * p * (1 - p) @ K / 2
    yield "D7", D * p @ K / 2
    yield "A10", 2 * back(D)
    yield "A10 D8", D @ K / 2
    yield "A18 A17", -back(D)
    yield "A25", back(D) / 2
    yield "D17 D11", p * (D - (p * D).sum(0)) @ K / 2
