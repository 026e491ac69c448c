"""Rows that give what another row gives are named beside it, where their own mistake can be made."""

import numpy as np

import nn
from autograd_lite import FlowGraph, Tensor, log_softmax, matmul, tanh
from autograd_lite import sum as total
from grading import diagnose
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

RNG = np.random.default_rng(12)
N, D, H = 5, 3, 4


def leaf(name, *shape):
    return Tensor(RNG.normal(size=shape), requires_grad=True, name=name)


def test_derivatives_of_the_example_before():
    X, W, V = RNG.normal(size=(N, D)), leaf("W", D, H), leaf("V", H, 2)
    A = np.tanh(X @ W.numpy())
    G = 2 * (A @ V.numpy()) @ V.numpy().T
    stale = np.vstack([A[-1:], A[:-1]])
    loss = total(matmul(tanh(matmul(X, W)), V) ** 2)
    assert_named(asked(loss, "W"), {"A34": X.T @ (G * (1 - stale**2))})


def test_one_example_has_an_outer_product_and_several_have_a_sum_of_them():
    x, X, W = RNG.normal(size=(1, D)), RNG.normal(size=(N, D)), leaf("W", D, H)
    one = x.T @ (2 * x @ W.numpy())
    assert_named(asked(total(matmul(x, W) ** 2), "W"), {"C12": one.T})
    several = X.T @ (2 * X @ W.numpy())
    assert "C12" not in named(asked(total(matmul(X, W) ** 2), "W"), several.T)


def test_the_sum_of_the_losses():
    X, t, W = RNG.normal(size=(N, D)), RNG.normal(size=(N, H)), leaf("W", D, H)
    G = 2 * (X @ W.numpy() - t) / N
    assert_named(asked(total((matmul(X, W) - t) ** 2) / N, "W"), {"C14": X.T @ G * N})


def test_log_softmax_over_the_examples():
    Y, Z = np.eye(H)[RNG.integers(0, H, N)], leaf("Z", N, H)
    e = np.exp(Z.numpy())
    loss = -total(Y * log_softmax(Z, axis=1)) / N
    assert_named(asked(loss, "Z"), {"D17b": (e / e.sum(0) - Y) / N})


def test_a_recurrence():
    """F14, a step's own loss left out before the last, is F4, the last loss alone."""
    W, h, hs = leaf("W", H, H), RNG.normal(size=(N, H)), []
    state, nodes = Tensor(h), []
    for _ in range(3):
        state = tanh(matmul(state, W))
        nodes.append(total(state**2))
        hs.append(h)
        h = np.tanh(h @ W.numpy())

    def backward(losses):
        dh, dW, after = 0, np.zeros((H, H)), [*hs[1:], h]
        for t in (2, 1, 0):
            dz = (dh + (2 * after[t] if t in losses else 0)) * (1 - after[t] ** 2)
            dW, dh = dW + hs[t].T @ dz, dz @ W.numpy().T
        return dW

    right = backward({0, 1, 2})
    assert_named(
        asked(sum(nodes[1:], nodes[0]), "W"), {"F13a": right.T, "F13b": right / N, "F14": backward({2})}
    )  # fmt: skip


def test_a_convolution():
    """What its bias gets by hand: the sum over examples and places of what arrives."""
    layer, x = nn.Conv2d(2, 3, 2), RNG.normal(size=(N, 2, 4, 4))
    y = layer(x)
    g = 2 * y.numpy()
    assert_named(asked(total(y**2), "bias"), {
        "G8a": g[-1].sum((1, 2)), "G8b": g.sum((0, 2, 3)) / N, "G12": np.full(3, N * 9.0),
    })  # fmt: skip
    flat = nn.Linear(2, 3)
    rows = {
        c.mistake.identifier
        for c in asked(total(flat(RNG.normal(size=(N, 2))) ** 2), "bias").candidates
    }
    assert not rows & {"G8a", "G8b", "G12"}


def test_a_synonym_is_named_beside_its_row():
    Z, t = leaf("z", N), (RNG.random(N) > 0.5) * 1.0
    p = 1 / (1 + np.exp(-Z.numpy()))
    loss = nn.binary_cross_entropy_with_logits(Z, t)
    found = diagnose(FlowGraph(loss), "z", (p - t) * p * (1 - p) / N)
    assert found.status == "diagnosed"
    assert found.ids[:2] == ("D12", "K9")
