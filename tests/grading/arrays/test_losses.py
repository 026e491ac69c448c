"""Mistakes with losses, against gradients written out by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, exp, log, log_softmax, matmul, mean, sigmoid, softmax
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

N, D, K = 6, 4, 3


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    return (
        rng.normal(size=(N, D)),
        rng.normal(size=(D, K)),
        rng.normal(size=K),
        rng.integers(0, K, N),
    )


def shares(Z, axis=1):
    return np.exp(Z) / np.exp(Z).sum(axis, keepdims=True)


def of_a_module(X, W, b, k):
    layer = nn.Linear(D, K)
    layer.load_state_dict({"weight": W.T, "bias": b})
    return nn.cross_entropy(layer(X), k), "weight", lambda g: g.T


def with_targets(entries):
    def graph(X, W, b, k):
        W = Tensor(W, requires_grad=True, name="W")
        return entries(matmul(X, W) + b, np.eye(K)[k]), "W", lambda g: g

    return graph


HEADS = {
    "cross_entropy": of_a_module,
    "softmax and log": with_targets(lambda Z, Y: -total(Y * log(softmax(Z))) / N),
    "log_softmax": with_targets(lambda Z, Y: -mean(total(Y * log_softmax(Z), axis=1))),
    "exponentials": with_targets(
        lambda Z, Y: -total(Y * log(exp(Z) / total(exp(Z), axis=1, keepdims=True))) / N
    ),
    "logarithm of a sum": with_targets(
        lambda Z, Y: -total(Y * (Z - log(total(exp(Z), axis=1, keepdims=True)))) / N
    ),
}


@pytest.mark.parametrize("head", HEADS)
def test_softmax_and_cross_entropy(head, data):
    X, W, b, k = data
    loss, name, turned = HEADS[head](*data)
    Z, Y = X @ W + b, np.eye(K)[k]
    p = shares(Z)

    def gradient(dZ):
        return turned(X.T @ dZ)

    question = asked(loss, name)
    np.testing.assert_allclose(question.right[0], gradient((p - Y) / N), rtol=1e-9)
    wrong = {
        "D1a": (p - Y), "D1b": (p - Y) / N**2, "D2": (Y - p) / N, "D3a": p / N, "D4a": (p - Y) / (N * K),
        "D4b": (p - Y) / K, "D5": (p - Y) * p * (1 - p) / N, "D6a": -Y * (1 - p) / N, "D7a": -Y / N,
        "D8": -Y / p / N, "D9a": (Z - Y) / N, "D10": (p - k[:, None]) / N, "D11": (shares(Z, 0) - Y) / N,
        "D13c": 2 * (p - Y) / N,
    }  # fmt: skip
    assert_named(question, {row: gradient(dZ) for row, dZ in wrong.items()})


def test_smoothed_labels_and_weighed_classes(data):
    X, W, b, k = data
    layer = nn.Linear(D, K)
    layer.load_state_dict({"weight": W.T, "bias": b})
    p, Y = shares(X @ W + b), np.eye(K)[k]
    smoothed = nn.cross_entropy(layer(X), k, label_smoothing=0.1)
    assert_named(asked(smoothed, "weight"), {"D18a": ((p - Y) / N).T @ X})
    weighed = nn.cross_entropy(layer(X), k, weight=[1.0, 2.0, 5.0])
    assert_named(asked(weighed, "weight"), {"D18b": ((p - Y) / N).T @ X})


def by_logits(Z, t):
    return nn.binary_cross_entropy_with_logits(Z, t)


def by_probabilities(Z, t):
    return nn.binary_cross_entropy(sigmoid(Z), t)


def composed(Z, t):
    s = sigmoid(Z)
    return -mean(t * log(s) + (1 - t) * log(1 - s))


@pytest.mark.parametrize("head", [by_logits, by_probabilities, composed])
@pytest.mark.parametrize("soft", [False, True])
def test_sigmoid_and_cross_entropy(head, soft, data):
    X, W, b, _ = data
    rng = np.random.default_rng(5)
    t = rng.random((N, K)) if soft else rng.integers(0, 2, (N, K)).astype(float)
    W = Tensor(W, requires_grad=True, name="W")
    question = asked(head(matmul(X, W) + b, t), "W")
    Z = X @ W.numpy() + b
    s, n = 1 / (1 + np.exp(-Z)), N * K
    np.testing.assert_allclose(question.right[0], X.T @ (s - t) / n, rtol=1e-9)
    wrong = {
        "D12": (s - t) * s * (1 - s) / n, "D13a": 2 * (s - t) * s * (1 - s) / n, "D3c": s / n,
        "D8b": (s - t) / (s * (1 - s)) / n, "D9b": (Z - t) / n, "D4a": (s - t) / (n * K),
    }  # fmt: skip
    assert_named(question, {row: X.T @ dZ for row, dZ in wrong.items()})


@pytest.mark.parametrize("turned", [False, True])
def test_squared_errors(turned, data):
    X, W, b, _ = data
    t = np.random.default_rng(2).normal(size=(N, K))
    W = Tensor(W, requires_grad=True, name="W")
    y = matmul(X, W) + b
    question = asked(mean((t - y) ** 2) if turned else nn.mse_loss(y, t), "W")
    r = X @ W.numpy() + b - t
    np.testing.assert_allclose(question.right[0], 2 * X.T @ r / r.size, rtol=1e-10)
    wrong = {
        "D14a": r / r.size, "D14b": 4 * r / r.size, "D15a": 2 * r / N, "D15b": 2 * r, "D16": -2 * r / r.size,
        "D3b": 2 * (r + t) / r.size, "D1b": 2 * r / r.size / N,
    }  # fmt: skip
    assert_named(question, {row: X.T @ dy for row, dy in wrong.items()})


def test_a_sigmoid_before_a_squared_error(data):
    X, W, b, _ = data
    t = np.random.default_rng(2).random((N, K))
    W = Tensor(W, requires_grad=True, name="W")
    question = asked(nn.mse_loss(sigmoid(matmul(X, W) + b), t), "W")
    s = 1 / (1 + np.exp(-(X @ W.numpy() + b)))
    assert_named(question, {"D13b": X.T @ (2 * (s - t) / s.size)})
    assert not named(question, X.T @ (s - t) * 0.37)


def test_the_derivative_by_the_logits_themselves(data):
    X, W, b, k = data
    Z = Tensor(X @ W + b, requires_grad=True, name="Z")
    question = asked(nn.cross_entropy(Z, k), "Z")
    p, Y = shares(Z.numpy()), np.eye(K)[k]
    assert_named(question, {"D5": (p - Y) * p * (1 - p) / N, "D3a": p / N, "D8": -Y / p / N})


def test_what_is_said_of_a_loss_is_true_of_it(data):
    """A sum is no mean, and a gate's sigmoid no cross-entropy."""
    X, W, b, _ = data
    rng = np.random.default_rng(8)
    layer = nn.Linear(D, K)
    layer.load_state_dict({"weight": W.T, "bias": b})
    question = asked(nn.half_squared_error(layer(X), rng.normal(size=(N, K))), "weight")
    assert_named(question, {"D1c": question.right[0] / N, "D1d": question.right[0] / (N * K)})
    rows = {c.mistake.identifier for c in question.candidates}
    assert not rows & {"D1a", "D1b", "D4a", "D4b", "D15a", "D15b"}
    cell = nn.LSTM(2, 3, output_size=2)
    y = cell(rng.normal(size=(3, 2, 2)))[0]
    gate = asked(nn.half_squared_error(y, rng.normal(size=(3, 2, 2))), "U_f")
    assert not any(c.mistake.identifier in {"D3c", "D8b", "D12", "D13a"} for c in gate.candidates)


@pytest.mark.parametrize("shape", [(K,), (N, 1), (1, 1), ()])
def test_an_output_repeated_for_the_squared_error(shape):
    rng = np.random.default_rng(5)
    b, T = rng.normal(size=shape), rng.normal(size=(N, K))
    over = {(K,): (0,), (N, 1): (1,)}.get(shape, (0, 1))
    each = 2 * (b - T)
    right = each.sum(over).reshape(shape)
    question = asked(total((Tensor(b, requires_grad=True, name="b") - T) ** 2), "b")
    assert np.allclose(question.right[0], right)
    assert_named(
        question,
        {
            "D3b": (2 * b + 0 * T).sum(over).reshape(shape),
            "D14a": right / 2,
            "D14b": 2 * right,
            "D16": -right,
        },
    )
