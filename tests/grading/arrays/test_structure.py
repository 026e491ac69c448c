"""The chain rule's own mistakes, against derivatives by hand along each path."""

import numpy as np
import pytest

from autograd_lite import Tensor, exp, matmul, sin, tanh
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named

N, D, H = 3, 4, 5


class Diamond:
    """a = X·W, u = tanh a, v = sin a, L = Σ u·v + Σ exp(u)."""

    def __init__(self):
        rng = np.random.default_rng(15)
        self.X, self.W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
        self.a = self.X @ self.W
        self.u, self.v = np.tanh(self.a), np.sin(self.a)
        self.du, self.dv = 1 - self.u**2, np.cos(self.a)

    def graph(self):
        W = Tensor(self.W, requires_grad=True, name="W")
        a = matmul(self.X, W).named("a")
        u, v = tanh(a).named("u"), sin(a).named("v")
        return (total(u * v) + total(exp(u))).named("L")

    def by(self, a):
        """What dL/da = a means for W."""
        return self.X.T @ a


@pytest.fixture
def hand():
    return Diamond()


def test_paths(hand):
    u, v, du, dv, e = hand.u, hand.v, hand.du, hand.dv, np.exp(hand.u)
    by_u, by_v = (v + e) * du, u * dv
    question = asked(hand.graph(), "W")
    np.testing.assert_allclose(question.right[0], hand.by(by_u + by_v), rtol=1e-10)
    assert_named(question, {
        "A1": 0 * hand.W, "A2": [hand.by(by_v), hand.by(by_u)], "A3": [hand.by(by_v), hand.by(by_u)],
        "A4": [hand.by(by_u), hand.by(by_v)], "A6": hand.by(by_u + by_v) / 2,
        "A8": [hand.by(2 * by_u + by_v), hand.by(by_u + 2 * by_v)],
        "A2b": hand.by(e * du), "A33": [hand.by(e * du), hand.by(v * du + u * dv)],
    })  # fmt: skip


def test_overwritten_contributions(hand):
    """From the end back the product comes after exp at u, and tanh after sin at a."""
    u, v, du, dv, e = hand.u, hand.v, hand.du, hand.dv, np.exp(hand.u)
    question = asked(hand.graph(), "W")
    assert_named(question, {
        "A7a": [hand.by(v * du + u * dv), hand.by((v + e) * du)],
        "A7b": [hand.by(e * du + u * dv), hand.by(u * dv)],
        "A7e": hand.by(v * du), "A7f": hand.by(u * dv),
    })  # fmt: skip


def test_factors(hand):
    u, v, du, dv, e = hand.u, hand.v, hand.du, hand.dv, np.exp(hand.u)
    by_v = u * dv
    question = asked(hand.graph(), "W")
    assert_named(question, {
        "A10b": [hand.by(v + e + by_v), hand.by((v + e) * du + u)],
        "A17b": hand.by(-(v + e) * du + by_v),
        "A19b": hand.by((v + e) / du + by_v),
        "A25b": hand.by((v + e) * du**2 + by_v),
        "B10a": hand.by((v + e) * (1 - u) + by_v),
        "B1": hand.by((v + e) * du - by_v),
        "A18": -hand.by((v + e) * du + by_v), "A20": 1 / hand.by((v + e) * du + by_v),
    })  # fmt: skip


def test_where_it_was_stopped(hand):
    u, v, du, dv, e = hand.u, hand.v, hand.du, hand.dv, np.exp(hand.u)
    question = asked(hand.graph(), "W")
    assert_named(question, {
        "A21": [hand.by(np.ones_like(u)), hand.by(du + u * dv)], "A22": [(v + e) * du + u * dv, v + e, u],
        "A24": [u, hand.W, np.sum(u * v + e)],
    })  # fmt: skip


def test_orders(hand):
    """A walk in depth from L: the product, u, a, W; what comes later to u never arrives at W."""
    u, v, du, dv, e = hand.u, hand.v, hand.du, hand.dv, np.exp(hand.u)
    question = asked(hand.graph(), "W")
    assert_named(question, {"A9a": hand.by(v * du)})
    # a is reached three times and passes on all that it has got so far; so is u, twice
    visits = [v * du, v * du + u * dv, v * du + u * dv + (v + e) * du]
    assert_named(question, {"A9d": hand.by(sum(visits))})


def test_one_use_of_several():
    rng = np.random.default_rng(16)
    X, W = rng.normal(size=(N, D)), Tensor(rng.normal(size=(D, D)), requires_grad=True, name="W")
    h = tanh(matmul(X, W))
    question = asked(total(matmul(h, W)), "W")
    ones, data = np.ones((N, D)), W.numpy()
    h = np.tanh(X @ data)
    first, second = X.T @ ((ones @ data.T) * (1 - h**2)), h.T @ ones
    np.testing.assert_allclose(question.right[0], first + second, rtol=1e-10)
    assert_named(question, {"A31": [first, second], "A31c": (first + second) / 2, "B15": 2 * first})
    names = [where for where, _ in question.contributions]
    assert len(names) == 2


def test_a_quadratic_form():
    rng = np.random.default_rng(17)
    A, x = rng.normal(size=(D, D)), Tensor(rng.normal(size=D), requires_grad=True, name="x")
    question = asked(x @ A @ x, "x")
    n = x.numpy()
    assert_named(question, {"B15": [2 * A @ n, 2 * A.T @ n], "A31": [A @ n, A.T @ n]})
