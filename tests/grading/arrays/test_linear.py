"""Mistakes with weights, biases and axes, against gradients written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, matmul, relu, tanh
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named

N, D, H, K = 6, 4, 5, 3


class Hand:
    """Two layers, tanh between, mean squared error."""

    def __init__(self, d=D, h=H, k=K):
        rng = np.random.default_rng(3)
        self.X, self.t = rng.normal(size=(N, d)), rng.normal(size=(N, k))
        self.W1, self.b1 = rng.normal(size=(d, h)), rng.normal(size=h)
        self.W2, self.b2 = rng.normal(size=(h, k)), rng.normal(size=k)
        self.A = np.tanh(self.X @ self.W1 + self.b1)
        self.Y = self.A @ self.W2 + self.b2
        self.G = 2 * (self.Y - self.t) / self.Y.size

    def first(self, G):
        """What reaches the first layer's excitation from G at the output."""
        return (G @ self.W2.T) * (1 - self.A**2)


def module(hand):
    m = nn.Sequential(nn.Linear(*hand.W1.shape), nn.Tanh(), nn.Linear(*hand.W2.shape))
    m.load_state_dict(
        {"0.weight": hand.W1.T, "0.bias": hand.b1, "2.weight": hand.W2.T, "2.bias": hand.b2}
    )
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    return nn.mse_loss(m(hand.X), hand.t), names, lambda g: g.T


def composed(hand):
    names = ("W1", "b1", "W2", "b2")
    W1, b1, W2, b2 = (Tensor(getattr(hand, n), requires_grad=True, name=n) for n in names)
    y = matmul(tanh(matmul(hand.X, W1) + b1), W2) + b2
    return nn.mse_loss(y, hand.t), names, lambda g: g


@pytest.mark.parametrize("graph", [module, composed])
def test_weights(graph):
    hand = Hand()
    loss, (W1, _, W2, _), turned = graph(hand)
    A, X, G, g = hand.A, hand.X, hand.G, hand.first(hand.G)
    assert_named(asked(loss, W2), {
        "C1": turned(A.T @ G).T, "C3": turned(A.T @ np.ones_like(G)), "C4a": turned(A.T @ G) / N,
        "C4b": turned(A.T @ G) * N, "C5a": turned(A[-1:].T @ G[-1:]), "C5b": turned(A[:1].T @ G[:1]),
        "A18": -turned(A.T @ G), "A22b": G, "A26": 0 * turned(A.T @ G),
        "A28a": -0.1 * turned(A.T @ G), "A28b": turned(hand.W2 - 0.1 * A.T @ G), "A30": 2 * turned(A.T @ G),
    })  # fmt: skip
    ones = np.ones_like(G)
    assert_named(asked(loss, W1), {
        "C1": turned(X.T @ g).T, "C3": turned(X.T @ np.ones_like(g)), "C5a": turned(X[-1:].T @ g[-1:]),
        "A10b": turned(X.T @ (G @ hand.W2.T)), "A21": turned(X.T @ hand.first(ones)),
        "A25b": turned(X.T @ (G @ hand.W2.T * (1 - A**2) ** 2)),
        "A29": turned(X.T @ ((G @ (hand.W2 - 0.1 * A.T @ G).T) * (1 - A**2))),
        "A23": turned(A.T @ G),
        "C6": turned(X.T @ (np.broadcast_to((G @ hand.W2.T).sum(0), A.shape) * (1 - A**2))),
    })  # fmt: skip


@pytest.mark.parametrize("graph", [module, composed])
def test_biases(graph):
    hand = Hand()
    loss, (_, b1, _, b2), _ = graph(hand)
    for name, G in ((b2, hand.G), (b1, hand.first(hand.G))):
        assert_named(asked(loss, name), {
            "C7": G, "C8a": G.sum(1), "C8b": G.sum(), "C4a": G.mean(0), "C5a": G[-1], "C5b": G[0],
            "C3": [np.full(G.shape[1], float(N)), np.ones(G.shape[1])],
        })  # fmt: skip


@pytest.mark.parametrize("graph", [module, composed])
def test_a_square_weight_not_transposed(graph):
    hand = Hand(k=H)
    loss, (W1, b1, *_), turned = graph(hand)
    g = (hand.G @ hand.W2) * (1 - hand.A**2)
    assert_named(asked(loss, W1), {"C2": turned(hand.X.T @ g)})
    assert_named(asked(loss, b1), {"C2": g.sum(0)})


def test_the_input_keeps_its_rows():
    hand = Hand()
    X = Tensor(hand.X, requires_grad=True, name="X")
    question = asked(total(matmul(X, hand.W1) ** 2), "X")
    right = 2 * hand.X @ hand.W1 @ hand.W1.T
    assert_named(question, {
        "C6": [np.broadcast_to(right.sum(0), right.shape), right.sum(0), right.mean(0)],
        "C3": np.ones((N, H)) @ hand.W1.T,
    })  # fmt: skip


def test_entry_by_entry_where_the_shapes_allow_it():
    rng = np.random.default_rng(0)
    X, t = rng.normal(size=(N, D)), rng.normal(size=(N, D))
    W = Tensor(rng.normal(size=(D, D)), requires_grad=True, name="W")
    G = 2 * (X @ W.numpy() - t)
    assert_named(asked(total((matmul(X, W) - t) ** 2), "W"), {"C9": X * G})


def test_broadcasting_not_undone():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, D, K))
    a = Tensor(rng.normal(size=(D, 1)), requires_grad=True, name="a")
    G = 2 * X**2 * a.numpy()
    assert_named(asked(total((X * a) ** 2), "a"), {
        "C10a": G, "C10b": [G.sum(0), G.sum(2)], "C11": G.sum((0, 2)),
    })  # fmt: skip


def test_penalties():
    hand, lam = Hand(), 0.3
    W = Tensor(hand.W1, requires_grad=True, name="W")
    b = Tensor(hand.b1, requires_grad=True, name="b")
    y = matmul(hand.X, W) + b
    loss = total(y**2) + lam * total(W**2)
    g = 2 * (hand.X @ hand.W1 + hand.b1)
    G = hand.X.T @ g
    assert_named(asked(loss, "W"), {
        "C13a": G, "C13b": G + 4 * lam * hand.W1, "C13c": G + lam * hand.W1, "C13d": G - 2 * lam * hand.W1,
    })  # fmt: skip
    assert_named(asked(loss, "b"), {"C13e": g.sum(0) + 2 * lam * hand.b1})


def test_relu():
    hand = Hand()
    W = Tensor(hand.W1, requires_grad=True, name="W")
    z = hand.X @ hand.W1
    loss = total(matmul(relu(matmul(hand.X, W)), hand.W2))
    G = np.ones((N, K)) @ hand.W2.T
    assert_named(asked(loss, "W"), {"A10b": hand.X.T @ G, "A26": 0 * hand.W1})
    np.testing.assert_allclose(asked(loss, "W").right[0], hand.X.T @ (G * (z > 0)), rtol=1e-10)
