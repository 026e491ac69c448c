"""Convolutions (correlations, as in every network), with strides, padding, several channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays


class Correlation:
    """Y[n, f, a, b] = Σ X[n, c, s·a + i, s·b + j]·W[f, c, i, j], X padded by p; with its backward."""

    def __init__(self, X: Array, W: Array, s: int, p: int) -> None:
        self.X, self.W, self.s, self.p, self.k = X, W, s, p, W.shape[2]
        self.Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))

    def windows(self, shape: tuple[int, ...], s: int, X: Array | None = None) -> Iterator[Any]:
        X, k = self.Xp if X is None else X, self.k
        for a in range(shape[2]):
            for b in range(shape[3]):
                rows, columns = slice(s * a, s * a + k), slice(s * b, s * b + k)
                yield a, b, (slice(None), slice(None), rows, columns)

    def forward(self) -> Array:
        n = (self.Xp.shape[2] - self.k) // self.s + 1, (self.Xp.shape[3] - self.k) // self.s + 1
        Y = np.zeros((len(self.X), len(self.W), *n))
        for a, b, at in self.windows(Y.shape, self.s):
            Y[:, :, a, b] = np.einsum("ncij,fcij->nf", self.Xp[at], self.W)
        return Y

    def to_W(self, G: Array, s: int | None = None, X: Array | None = None) -> Array:
        X, dW = self.Xp if X is None else X, np.zeros_like(self.W)
        for a, b, at in self.windows(G.shape, s or self.s):
            dW += np.einsum("nf,ncij->fcij", G[:, :, a, b], X[at])
        return dW

    def to_Xp(
        self, G: Array, W: Array | None = None, s: int | None = None, add: bool = True
    ) -> Array:
        W, dX = self.W if W is None else W, np.zeros_like(self.Xp)
        for a, b, at in self.windows(G.shape, s or self.s):
            one = np.einsum("nf,fcij->ncij", G[:, :, a, b], W)
            dX[at] = dX[at] + one if add else one
        return dX

    def crop(self, dX: Array) -> Array:
        p = self.p
        return dX[:, :, p : dX.shape[2] - p, p : dX.shape[3] - p] if p else dX

    def to_X(self, G: Array, **edits: Any) -> Array:
        return self.crop(self.to_Xp(G, **edits))


def _by_W(c: Correlation, G: Array) -> Iterator[ArrayAnswer]:
    right = c.to_W(G)
    yield "right", right
    yield "G1", right[..., ::-1, ::-1]
    yield "G6", np.einsum("nf,ncij->fcij", G[:, :, 0, 0], c.Xp[:, :, : c.k, : c.k])
    yield "G8 C5", Correlation(c.X[-1:], c.W, c.s, c.p).to_W(G[-1:])
    yield "G8 C4", right / len(c.X)
    yield "G9 J1", right.transpose(0, 1, 3, 2)
    yield "G12 A21 C3", c.to_W(np.ones_like(G))
    yield "A18 A17 D2", -right
    yield "A30 A8", 2 * right


def _by_X(c: Correlation, G: Array) -> Iterator[ArrayAnswer]:
    right = c.to_X(G)
    yield "right", right
    yield "G2", c.to_X(G, W=c.W[..., ::-1, ::-1])
    yield "G5 A7", c.to_X(G, add=False)
    only = np.zeros_like(G)
    only[:, -1] = G[:, -1]
    yield "G10", c.to_X(only)
    yield "G12 A21 C3", c.to_X(np.ones_like(G))
    yield "A18 A17 D2", -right
    yield "A22", G
    yield "G9", c.to_X(G, W=c.W.transpose(0, 1, 3, 2))
    yield "C4 G8", right / len(c.X)


def _strided(rng: np.random.Generator) -> tuple[Any, Any, Correlation, Array, Any]:
    conv, X = fill(rng, nn.Conv2d(2, 3, 3, stride=2, padding=1)), leaf(rng, "X", 2, 2, 5, 7)
    c = Correlation(X.numpy(), conv.weight.numpy(), 2, 1)
    Y = conv(X).named("Y")
    C = drawn(rng, *Y.shape)
    return conv, X, c, C, f.sum(C * Y).named("L")


@on_arrays
def strided_convolution_by_its_kernel(rng: np.random.Generator) -> Written:
    conv, X, c, G, loss = _strided(rng)
    yield loss, conv.weight
    yield from _by_W(c, G)
    yield "G3", c.to_W(G, s=1)
    larger = np.pad(X.numpy(), ((0, 0), (0, 0), (0, 2), (0, 2)))
    yield "G4", c.to_W(G, X=larger)
    yield "A28", c.W - 0.1 * c.to_W(G)


@on_arrays
def strided_convolution_by_its_input(rng: np.random.Generator) -> Written:
    _, X, c, G, loss = _strided(rng)
    yield loss, X
    yield from _by_X(c, G)
    yield "G3", c.to_X(G, s=1)
    yield "G4", c.to_Xp(G)
    yield "G4", c.to_Xp(G)[:, :, :5, :7]


@on_arrays
def strided_convolution_by_its_bias(rng: np.random.Generator) -> Written:
    conv, _, _, G, loss = _strided(rng)
    yield loss, conv.bias
    yield "right", G.sum((0, 2, 3))
    yield "G7 C7", G.sum(0)
    yield "G7 C8", G.mean((0, 2, 3))
    yield "G7 C7", G.sum((2, 3))
    yield "G7 C8 C4", G.sum((0, 2, 3)) / 2
    yield "G7 C8", G.mean((2, 3)).sum(0)
    yield "G8 C5", G[-1].sum((1, 2))
    yield "G12 A21 C3", np.full(3, float(G[:, 0].size))
    yield "G6", G[:, :, 0, 0].sum(0)
    yield "A18 A17 D2", -G.sum((0, 2, 3))


@on_arrays
def convolution_in_a_network_by_its_kernel(rng: np.random.Generator) -> Written:
    X, T = drawn(rng, 2, 1, 5, 5), drawn(rng, 2, 2, 3, 3)
    conv = fill(rng, nn.Conv2d(1, 2, 3))
    out = f.relu(conv(X).named("U"))
    yield nn.mse_loss(out, T).named("L"), conv.weight
    c = Correlation(X, conv.weight.numpy(), 1, 0)
    u = c.forward() + conv.bias.numpy()[:, None, None]
    E = 2 * (np.maximum(u, 0) - T) / 36
    G = E * (u > 0)
    yield from _by_W(c, G)
    yield "B12 A10", c.to_W(E)
    yield "B12", c.to_W(E * np.maximum(u, 0))
    yield "B12", c.to_W(G * (E > 0))
    yield "D14 B6 A10", c.to_W(G) / 2


@on_arrays
def padded_convolution_by_its_input(rng: np.random.Generator) -> Written:
    X, conv = leaf(rng, "X", 2, 3, 5, 4), fill(rng, nn.Conv2d(3, 2, 3, padding=1, bias=False))
    Y = conv(X).named("Y")
    T = drawn(rng, *Y.shape)
    yield (0.5 * f.sum((Y - T) ** 2)).named("L"), X
    c = Correlation(X.numpy(), conv.weight.numpy(), 1, 1)
    yield from _by_X(c, c.forward() - T)
    yield "G4", c.to_Xp(c.forward() - T)
    yield "D3", c.to_X(c.forward())
    yield "D14 A30 A8", 2 * c.to_X(c.forward() - T)


class Line:
    """Y[n, f, a] = Σ X[n, c, s·a + d·i]·W[f, c, i]."""

    def __init__(self, X: Array, W: Array, s: int = 1, d: int = 1) -> None:
        self.X, self.W, self.s, self.d, self.k = X, W, s, d, W.shape[2]

    def at(self, a: int, s: int, d: int) -> slice:
        return slice(s * a, s * a + d * (self.k - 1) + 1, d)

    def forward(self) -> Array:
        n = (self.X.shape[2] - self.d * (self.k - 1) - 1) // self.s + 1
        each = [
            np.einsum("nci,fci->nf", self.X[:, :, self.at(a, self.s, self.d)], self.W)
            for a in range(n)
        ]
        return np.stack(each, axis=2)

    def to_W(self, G: Array, s: int | None = None, d: int | None = None) -> Array:
        return sum(
            np.einsum("nf,nci->fci", G[:, :, a], self.X[:, :, self.at(a, s or self.s, d or self.d)])
            for a in range(G.shape[2])
        )

    def to_X(
        self, G: Array, W: Array | None = None, s: int | None = None, add: bool = True
    ) -> Array:
        W, dX = self.W if W is None else W, np.zeros_like(self.X)
        for a in range(G.shape[2]):
            at, one = self.at(a, s or self.s, self.d), np.einsum("nf,fci->nci", G[:, :, a], W)
            dX[:, :, at] = dX[:, :, at] + one if add else one
        return dX


@on_arrays
def convolution_of_a_line_by_its_kernel(rng: np.random.Generator) -> Written:
    X, conv = drawn(rng, 3, 2, 9), fill(rng, nn.Conv1d(2, 4, 3, stride=2))
    Y = conv(X).named("Y")
    C = drawn(rng, *Y.shape)
    yield f.sum(C * Y).named("L"), conv.weight
    c = Line(X, conv.weight.numpy(), 2)
    yield "right", c.to_W(C)
    yield "G1", c.to_W(C)[..., ::-1]
    yield "G3", c.to_W(C, s=1)
    yield "G6", np.einsum("nf,nci->fci", C[:, :, 0], X[:, :, :3])
    yield (
        "G8 C5",
        np.einsum(
            "fa,cai->fci", C[-1], np.stack([X[-1, :, 2 * a : 2 * a + 3] for a in range(4)], 1)
        ),
    )
    yield "G8 C4", c.to_W(C) / 3
    yield "G12 A21 C3", c.to_W(np.ones_like(C))
    yield "A18 A17 D2", -c.to_W(C)
    yield "A24", c.W
    yield "A28", c.W - 0.1 * c.to_W(C)


@on_arrays
def dilated_convolution_of_a_line(rng: np.random.Generator) -> Written:
    X, conv = leaf(rng, "X", 2, 2, 9), fill(rng, nn.Conv1d(2, 2, 3, dilation=2))
    Y = conv(X).named("Y")
    C = drawn(rng, *Y.shape)
    yield f.sum(C * f.tanh(Y)).named("L"), conv.weight
    c = Line(X.numpy(), conv.weight.numpy(), 1, 2)
    y = c.forward() + conv.bias.numpy()[:, None]
    G = C * (1 - np.tanh(y) ** 2)
    yield "right", c.to_W(G)
    yield "G11", c.to_W(G, d=1)
    yield "G1", c.to_W(G)[..., ::-1]
    yield "B10 A10", c.to_W(C)
    yield "B10", c.to_W(C * (1 - np.tanh(y)))
    yield "B10", c.to_W(C * (1 - y * y))
    yield "G8 C4", c.to_W(G) / 2
    yield "G9 C1 J1", c.to_W(G).transpose(1, 0, 2)


@on_arrays
def own_filter_by_its_taps(rng: np.random.Generator) -> Written:
    x, w, target = drawn(rng, 8), leaf(rng, "w", 3), drawn(rng, 6)
    y = f.stack([f.sum(w * x[a : a + 3]) for a in range(6)]).named("y")
    yield (0.5 * f.sum((y - target) ** 2)).named("L"), w
    g = y.numpy() - target

    def taps(g: Array, get: Callable[[int], Array] = lambda a: x[a : a + 3]) -> Array:
        return sum(g[a] * get(a) for a in range(6))

    yield "right", taps(g)
    yield "G1 J1 J2", taps(g)[::-1]
    yield "G6 A31", g[0] * x[:3]
    yield "G6 A31 F3 C5", g[5] * x[5:8]
    yield "G12 A21 C3", taps(np.ones(6))
    yield "A18 A17 D2 D16", -taps(g)
    yield "D3", taps(g + target)
    yield "A31 F5 C4", taps(g) / 6
    yield "D14 A30 A8", 2 * taps(g)
