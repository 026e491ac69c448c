"""Linear layers, networks of them, and a penalty on their weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.question import (
    Array,
    ArrayAnswer,
    Written,
    drawn,
    fill,
    leaf,
    on_arrays,
)

Z = np.zeros_like


@on_arrays
def linear_layer_by_its_weight(rng: np.random.Generator) -> Written:
    layer, X, Y = fill(rng, nn.Linear(4, 3)), drawn(rng, 5, 4), drawn(rng, 5, 3)
    out = layer(X).named("yhat")
    yield nn.mse_loss(out, Y).named("L"), layer.weight
    W, b = layer.weight.numpy().copy(), layer.bias.numpy()
    y = X @ W.T + b
    G = 2 * (y - Y) / 15

    yield "right", G.T @ X
    yield "C3 A21", np.ones_like(G).T @ X
    yield "C4", G.T @ X / 5
    yield "C5", np.outer(G[-1], X[-1])
    yield "C5", np.outer(G[0], X[0])
    yield "D14 B6 A10", G.T @ X / 2
    yield "D15", G.T @ X * 3
    yield "C4 C14 D1", G.T @ X * 5
    yield "D15", G.T @ X * 15
    yield "A18 D2 D16 A17", -G.T @ X
    yield "D3", (2 * y / 15).T @ X
    yield "A30 A8 D14", 2 * G.T @ X
    yield "A28", W - 0.1 * G.T @ X
    yield "A28", -0.01 * G.T @ X
    yield "A24", W
    yield "A26 A1 A2", Z(W)
    yield "B6", (2 * (y - Y) ** 2 / 15).T @ X
    yield "A20", 1 / (G.T @ X)


@on_arrays
def linear_layer_by_its_bias(rng: np.random.Generator) -> Written:
    layer, X, Y = fill(rng, nn.Linear(4, 3)), drawn(rng, 5, 4), drawn(rng, 5, 3)
    yield nn.mse_loss(layer(X).named("yhat"), Y).named("L"), layer.bias
    W, b = layer.weight.numpy(), layer.bias.numpy().copy()
    y = X @ W.T + b
    G = 2 * (y - Y) / 15

    yield "right", G.sum(0)
    yield "C3 A21", np.full(3, 5.0)
    yield "C3 A21", np.ones(3)
    yield "C7 C10", G
    yield "C8", G.sum(1)
    yield "C4 C8", G.mean(0)
    yield "C5", G[-1]
    yield "D14 B6 A10", G.sum(0) / 2
    yield "D15", 3 * G.sum(0)
    yield "D3", 2 * y.sum(0) / 15
    yield "A18 D2 D16 A17", -G.sum(0)
    yield "A28", b - 0.1 * G.sum(0)


@on_arrays
def own_layer_by_its_input(rng: np.random.Generator) -> Written:
    X, W, b = leaf(rng, "X", 6, 4), leaf(rng, "W", 4, 4), leaf(rng, "b", 4)
    Y = drawn(rng, 6, 4)
    loss = (f.sum((X @ W + b - Y) ** 2) / (2 * 6)).named("L")
    yield loss, X
    x, w = X.numpy(), W.numpy()
    y = x @ w + b.numpy()
    G = (y - Y) / 6

    yield "right", G @ w.T
    yield "C2", G @ w
    yield "C3 A21", np.ones_like(G) @ w.T
    yield "A22", G
    yield "C6", np.broadcast_to((G @ w.T).sum(0), (6, 4))
    yield "C4 D1", G @ w.T / 6
    yield "C14 D1 C4", G @ w.T * 6
    yield "D14 A30 A8", 2 * G @ w.T
    yield "D4 D15", G @ w.T / 4
    yield "A18 D2 D16 A17", -G @ w.T
    yield "D3", y / 6 @ w.T
    yield "A24", x
    yield "A28", x - 0.1 * G @ w.T
    yield "B6", (y - Y) ** 2 / 6 @ w.T


@on_arrays
def own_layer_by_a_square_weight(rng: np.random.Generator) -> Written:
    X, W, b = leaf(rng, "X", 6, 4), leaf(rng, "W", 4, 4), leaf(rng, "b", 4)
    Y = drawn(rng, 6, 4)
    E = (X @ W + b - Y).named("E")
    yield f.mean(f.sum(E**2, axis=1)).named("L"), W
    x, e = X.numpy(), E.numpy()
    G = 2 * e / 6

    yield "right", x.T @ G
    yield "C1 C12 J1 F13 G9", G.T @ x
    yield "C3 A21", x.T @ np.ones_like(G)
    yield "C4 D1", x.T @ G / 6
    yield "C5", np.outer(x[-1], G[-1])
    yield "D14 B6 A10", x.T @ G / 2
    yield "C4 C14 D1", x.T @ G * 6
    yield "D4 D15", x.T @ G / 4
    yield "D3", x.T @ (2 * (e + Y) / 6)
    yield "A18 D2 D16 A17", -x.T @ G
    yield "A30 A8 D14", 2 * x.T @ G
    yield "B6", x.T @ (2 * e**2 / 6)


@on_arrays
def tanh_network_by_its_first_weight(rng: np.random.Generator) -> Written:
    X = drawn(rng, 5, 4)
    W1, b1 = leaf(rng, "W_1", 4, 3), leaf(rng, "b_1", 3)
    W2, b2 = leaf(rng, "W_2", 3, 3), leaf(rng, "b_2", 3)
    Y = drawn(rng, 5, 3)
    u = X @ W1 + b1
    H = f.tanh(u).named("H")
    loss = (f.sum((H @ W2 + b2 - Y) ** 2) / 10).named("L")
    yield loss, W1
    h, w2, u = H.numpy(), W2.numpy(), u.numpy()
    G = (h @ w2 + b2.numpy() - Y) / 5
    D = G @ w2.T

    yield "right", X.T @ (D * (1 - h * h))
    yield "B10", X.T @ (D * (1 - h))
    yield "B10", X.T @ (D * (1 - u * u))
    yield "B10", X.T @ (D * (1 - np.tanh(h) ** 2))
    yield "B10", X.T @ (D / np.cosh(u))
    yield "B10 A10 F6", X.T @ D
    yield "B10", X.T @ (D * h)
    yield "C2", X.T @ ((G @ w2) * (1 - h * h))
    yield "A21 C3", X.T @ ((np.ones_like(G) @ w2.T) * (1 - h * h))
    yield "A21 C3", X.T @ (1 - h * h)
    yield "A10 A11", X.T @ (G * (1 - h * h))
    new = w2 - 0.1 * h.T @ G
    yield "A29", X.T @ ((G @ new.T) * (1 - h * h))
    yield "C5", np.outer(X[-1], (D * (1 - h * h))[-1])
    yield "C4 D1", X.T @ (D * (1 - h * h)) / 5
    yield "A18 D2 D16 A17", -X.T @ (D * (1 - h * h))
    yield "D3", X.T @ (((h @ w2 + b2.numpy()) / 5 @ w2.T) * (1 - h * h))


@on_arrays
def tanh_network_by_its_first_bias(rng: np.random.Generator) -> Written:
    X, Y = drawn(rng, 6, 4), drawn(rng, 6, 2)
    net = fill(rng, nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)))
    yield nn.mse_loss(net(X).named("yhat"), Y).named("L"), net[0].bias
    w1, b1, w2, b2 = (p.numpy() for p in net.parameters())
    u = X @ w1.T + b1
    h = np.tanh(u)
    G = 2 * (h @ w2.T + b2 - Y) / 12
    D = (G @ w2) * (1 - h * h)

    yield "right", D.sum(0)
    yield "C7 C10 A22", D
    yield "C4 C8", D.mean(0)
    yield "C8", D.sum(1)
    yield "C5", D[-1]
    yield "B10 A10 F6", (G @ w2).sum(0)
    yield "B10", ((G @ w2) * (1 - h)).sum(0)
    yield "A21 C3", (1 - h * h).sum(0)
    yield "D14 B6 A10", D.sum(0) / 2
    yield "A18 D2 D16 A17", -D.sum(0)
    yield "D15", 2 * D.sum(0)


@on_arrays
def rectified_network_by_its_first_weight(rng: np.random.Generator) -> Written:
    X, Y = drawn(rng, 7, 4), drawn(rng, 7, 2)
    net = fill(rng, nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)))
    yield nn.mse_loss(net(X).named("yhat"), Y).named("L"), net[0].weight
    w1, b1, w2, b2 = (p.numpy() for p in net.parameters())
    u = X @ w1.T + b1
    h = np.maximum(u, 0)
    G = 2 * (h @ w2.T + b2 - Y) / 14
    D = G @ w2

    yield "right", (D * (u > 0)).T @ X
    yield "B12 A10", D.T @ X
    yield "B12", (D * h).T @ X
    yield "B12", (D * (D > 0)).T @ X
    yield "B12", (D * (u > 0) * (D > 0)).T @ X
    yield "B12", (D * (u <= 0)).T @ X
    yield "A21 C3", ((np.ones_like(G) @ w2) * (u > 0)).T @ X
    yield "A21 C3", (u > 0).T.astype(float) @ X
    yield "C5", np.outer((D * (u > 0))[-1], X[-1])
    yield "C5", np.outer((D * (u > 0))[0], X[0])
    yield "C14 C4 D1", (D * (u > 0)).T @ X * 7
    yield "A18 D2 D16 A17", -(D * (u > 0)).T @ X
    new = w2 - 0.1 * G.T @ h
    yield "A29", ((G @ new) * (u > 0)).T @ X
    yield "A28", w1 - 0.01 * (D * (u > 0)).T @ X


@on_arrays
def logistic_regression_with_a_penalty(rng: np.random.Generator) -> Written:
    X, w, b = drawn(rng, 7, 4), leaf(rng, "w", 4), leaf(rng, "b")
    t = np.array([1.0, 0, 1, 1, 0, 0, 1])
    p = f.sigmoid(X @ w + b).named("p")
    data = -f.mean(t * f.log(p) + (1 - t) * f.log(1 - p))
    yield (data + 0.15 * f.sum(w * w)).named("L"), w
    yield from _penalised(X, w.numpy(), p.numpy(), t)


def _penalised(X: Array, w: Array, p: Array, t: Array) -> Iterator[ArrayAnswer]:
    G, R = (p - t) / 7, 0.3 * w
    yield "right", X.T @ G + R
    yield "C13 A33", X.T @ G
    yield "A33", R
    yield "C13 D14 B6", X.T @ G + R / 2
    yield "C13 A30 A8", X.T @ G + 2 * R
    yield "C13 A17", X.T @ G - R
    yield "D12", X.T @ (G * p * (1 - p)) + R
    yield "D13", X.T @ (2 * G * p * (1 - p)) + R
    yield "D1 C14 C4 B14", X.T @ (7 * G) + R
    yield "D2 A17", -X.T @ G + R
    yield "D3", X.T @ p / 7 + R
    yield "A18", -X.T @ G - R
    yield "A28", w - 0.1 * (X.T @ G + R)
    yield "C3", X.T @ np.ones(7) + R
    yield "D8", X.T @ ((p - t) / (p * (1 - p)) / 7) + R


@on_arrays
def penalty_on_a_layer(rng: np.random.Generator) -> Written:
    layer, X, Y = fill(rng, nn.Linear(4, 3)), drawn(rng, 5, 4), drawn(rng, 5, 3)
    loss = nn.mse_loss(layer(X), Y) + 0.05 * f.sum(layer.weight**2)
    yield loss.named("L"), layer.weight
    W, b = layer.weight.numpy(), layer.bias.numpy()
    G = 2 * (X @ W.T + b - Y) / 15
    D, R = G.T @ X, 0.1 * W

    yield "right", D + R
    yield "C13 A33", D
    yield "C13 D14 B6", D + R / 2
    yield "C13 A30 A8", D + 2 * R
    yield "C13 A17", D - R
    yield "A33", R
    yield "D15", 3 * D + R
    yield "D14 B6", D / 2 + R
    yield "C5", np.outer(G[-1], X[-1]) + R
    yield "A18", -D - R
    yield "C13 A10", D + 2 * W
