"""Mistakes with normalization, against formulas written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, matmul, mean, sqrt
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

N, D, H, K = 7, 4, 5, 3
EPS = 1e-5


class Hand:
    """x = X·W, xh = (x - m)/√(var + eps), y = gamma·xh + beta, L = mean (y·V - t)²."""

    def __init__(self, axis):
        rng = np.random.default_rng(4)
        self.X, self.W, self.V = (
            rng.normal(size=(N, D)),
            rng.normal(size=(D, H)),
            rng.normal(size=(H, K)),
        )
        self.gamma, self.beta = rng.normal(size=H), rng.normal(size=H)
        self.t = rng.normal(size=(N, K))
        self.x, self.axis = self.X @ self.W, axis
        self.xh, self.s = self.normalized(axis)
        self.G = 2 * ((self.xh * self.gamma + self.beta) @ self.V - self.t) / (N * K) @ self.V.T
        self.d, self.n = self.G * self.gamma, self.x.shape[axis]

    def normalized(self, axis):
        s = 1 / np.sqrt(self.x.var(axis, keepdims=True) + EPS)
        return (self.x - self.x.mean(axis, keepdims=True)) * s, s

    def m(self, a, axis=None):
        return a.mean(self.axis if axis is None else axis, keepdims=True)


def module(hand):
    layer = nn.BatchNorm1d(H) if hand.axis == 0 else nn.LayerNorm(H)
    layer.weight.data, layer.bias.data = hand.gamma, hand.beta
    W = Tensor(hand.W, requires_grad=True, name="W")
    return nn.mse_loss(matmul(layer(matmul(hand.X, W)), hand.V), hand.t), ("W", "weight", "bias")


def composed(hand):
    W, gamma, beta = (
        Tensor(getattr(hand, n), requires_grad=True, name=n) for n in ("W", "gamma", "beta")
    )
    x = matmul(hand.X, W)
    centred = x - mean(x, axis=hand.axis, keepdims=True)
    xh = centred / sqrt(mean(centred**2, axis=hand.axis, keepdims=True) + EPS)
    return nn.mse_loss(matmul(gamma * xh + beta, hand.V), hand.t), ("W", "gamma", "beta")


@pytest.mark.parametrize("graph", [module, composed])
@pytest.mark.parametrize("axis", [0, 1])
def test_what_goes_back_through_the_normalization(graph, axis):
    hand = Hand(axis)
    loss, (W, *_) = graph(hand)
    d, s, xh, m, n, G = hand.d, hand.s, hand.xh, hand.m, hand.n, hand.G
    other = hand.normalized(1 - axis)
    question = asked(loss, W)
    np.testing.assert_allclose(
        question.right[0], hand.X.T @ (s * (d - m(d) - xh * m(d * xh))), rtol=1e-8
    )
    wrong = {
        "E1": s * d,
        "E2": s * (d - xh * m(d * xh)),
        "E3": s * (d - m(d)),
        "E4": s * (G - m(G) - xh * m(G * xh)),
        "E5": s * (d - n * m(d) - xh * n * m(d * xh)),
        "E6": s * (d - m(d) * n / (n - 1) - xh * m(d * xh) * n / (n - 1)),
        "E7a": d - m(d) - xh * m(d * xh),
        "E7b": s**2 * (d - m(d) - xh * m(d * xh)),
        "E8a": other[1] * (d - m(d, 1 - axis) - other[0] * m(d * other[0], 1 - axis)),
        "E8b": s * (d - m(d, 1 - axis) - xh * m(d * xh, 1 - axis)),
    }
    assert_named(question, {row: hand.X.T @ dx for row, dx in wrong.items()})


@pytest.mark.parametrize("graph", [module, composed])
def test_scale_and_shift(graph):
    hand = Hand(0)
    loss, (_, gamma, beta) = graph(hand)
    question = asked(loss, gamma)
    np.testing.assert_allclose(question.right[0], (hand.G * hand.xh).sum(0), rtol=1e-8)
    assert_named(question, {
        "E9a": (hand.G * hand.x).sum(0), "E9b": (hand.G * hand.xh).mean(0), "E9c": hand.G * hand.xh,
        "E9d": hand.G.sum(0), "C4a": (hand.G * hand.xh).mean(0),
    })  # fmt: skip
    assert_named(asked(loss, beta), {"C7": hand.G, "C8a": hand.G.sum(1), "C4a": hand.G.mean(0)})


def test_images_are_normalized_over_examples_rows_and_columns():
    rng = np.random.default_rng(0)
    X, t = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 4, 5))
    x = Tensor(X, requires_grad=True, name="x")
    layer = nn.BatchNorm2d(3)
    axes, gamma = (0, 2, 3), np.array([0.5, 2.0, 3.0]).reshape(3, 1, 1)
    layer.weight.data = gamma.ravel()
    s = 1 / np.sqrt(X.var(axes, keepdims=True) + EPS)
    xh = (X - X.mean(axes, keepdims=True)) * s
    d = 2 * (gamma * xh - t) / t.size * gamma
    question = asked(nn.mse_loss(layer(x), t), "x")
    assert_named(question, {"E1": s * d, "E3": s * (d - d.mean(axes, keepdims=True))})
    assert not named(question, s * d * 1.01)
