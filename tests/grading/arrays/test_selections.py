"""Mistakes with dropout, pooling and tables, against loops written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, avg_pool2d, matmul, max_pool2d
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named


def test_dropout():
    rng = np.random.default_rng(0)
    X, t, p = rng.normal(size=(6, 4)), rng.normal(size=(6, 5)), 0.25
    m = np.array([[1, 0, 1, 1, 0]] * 3 + [[0, 1, 1, 0, 1]] * 3, float)
    W = Tensor(rng.normal(size=(4, 5)), requires_grad=True, name="W")
    question = asked(total((matmul(X, W) * (m / (1 - p)) - t) ** 2), "W")
    G = 2 * (X @ W.numpy() * m / (1 - p) - t)
    np.testing.assert_allclose(question.right[0], X.T @ (G * m / (1 - p)), rtol=1e-10)
    assert_named(question, {
        "E10a": X.T @ (G * m), "E10b": X.T @ G, "E10c": X.T @ G / (1 - p), "E10d": X.T @ (G * m / p),
        "E10e": X.T @ (G * m * (1 - p)), "E10g": X.T @ (G * m / (1 - p) ** 2),
    })  # fmt: skip


def test_a_module_of_dropout():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(6, 4))
    W = Tensor(rng.normal(size=(4, 5)), requires_grad=True, name="W")
    y = nn.Dropout(0.4, generator=0)(matmul(X, W))
    kept = y.numpy() != 0
    assert_named(asked(total(y**2), "W"), {"E10a": X.T @ (2 * y.numpy() * kept)})


def windows(size, k, s, p):
    count = (size + 2 * p - k) // s + 1
    for i in range(count):
        for j in range(count):
            places = [
                (i * s - p + a, j * s - p + b) for a in range(k) for b in range(k)
                if 0 <= i * s - p + a < size and 0 <= j * s - p + b < size
            ]  # fmt: skip
            yield i, j, places


@pytest.mark.parametrize(("k", "s", "p"), [(2, 2, 0), (3, 2, 1)])
def test_pooling(k, s, p):
    rng = np.random.default_rng(2)
    X = rng.normal(size=(2, 3, 7, 7))
    x = Tensor(X, requires_grad=True, name="x")
    y = max_pool2d(x, kernel_size=k, stride=s, padding=p)
    T = rng.normal(size=y.shape)
    G = 2 * (y.numpy() - T)
    wrong = {row: np.zeros_like(X) for row in ("E11a", "E11b", "E11c", "E11d")}
    for n in range(2):
        for c in range(3):
            for i, j, places in windows(7, k, s, p):
                best = max(places, key=lambda at: X[n, c, at[0], at[1]])
                wrong["E11d"][n, c, best[0], best[1]] += y.numpy()[n, c, i, j]
                if (i * s - p, j * s - p) in places:
                    wrong["E11c"][n, c, i * s - p, j * s - p] += G[n, c, i, j]
                for at in places:
                    wrong["E11a"][n, c, at[0], at[1]] += G[n, c, i, j]
                    wrong["E11b"][n, c, at[0], at[1]] += G[n, c, i, j] / k**2
    assert_named(asked(total((y - T) ** 2), "x"), wrong)
    y = avg_pool2d(x, kernel_size=k, stride=s, padding=p)
    question = asked(total((y - T) ** 2), "x")
    assert_named(question, {"E12": question.right[0] * k**2})


def test_rows_looked_up_several_times():
    rng = np.random.default_rng(3)
    index = np.array([2, 0, 2, 4, 2, 0])
    table = nn.Embedding(5, 3)
    t = rng.normal(size=(6, 3))
    loss = total((table(index) - t) ** 2)
    G = 2 * (table.weight.numpy()[index] - t)
    last, first, count = np.zeros((5, 3)), np.zeros((5, 3)), np.zeros((5, 3))
    mean = np.zeros((5, 3))
    for k, row in enumerate(index):
        last[row] = G[k]
        mean[row] += G[k]
        if not count[row].any():
            first[row] = G[k]
        count[row] += 1
    assert_named(asked(loss, "weight"), {
        "E13a": last, "E13b": first, "E13c": mean / np.maximum(count, 1), "E14": G,
    })  # fmt: skip
