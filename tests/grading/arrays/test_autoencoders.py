"""Mistakes with autoencoders, against gradients written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, exp, matmul, mean, tanh
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

N, D, L = 6, 4, 2


class VAE:
    """mu = X·M, lv = X·V, z = mu + e^(lv/2)·eps, x̂ = z·P; loss = Σ (x̂ - X)²/2N + beta·KL/N."""

    def __init__(self, beta=1.0):
        rng = np.random.default_rng(11)
        self.X, self.eps, self.beta = rng.normal(size=(N, D)), rng.normal(size=(N, L)), beta
        self.M, self.V, self.P = (
            rng.normal(size=(D, L)),
            rng.normal(size=(D, L)),
            rng.normal(size=(L, D)),
        )
        self.mu, self.lv = self.X @ self.M, self.X @ self.V
        self.s = np.exp(self.lv / 2)
        self.z = self.mu + self.s * self.eps
        self.R = (self.z @ self.P - self.X) @ self.P.T / N

    def graph(self):
        M, V = (Tensor(getattr(self, n), requires_grad=True, name=n) for n in "MV")
        mu, lv = matmul(self.X, M).named("mu"), matmul(self.X, V).named("lv")
        z = (mu + exp(lv / 2) * self.eps).named("z")
        kl = -0.5 * total(1 + lv - mu**2 - exp(lv), axis=1)
        return 0.5 * total((matmul(z, self.P) - self.X) ** 2) / N + self.beta * mean(kl)


@pytest.mark.parametrize("beta", [1.0, 0.3])
def test_rows_of_a_vae(beta):
    v = VAE(beta)
    R, mu, lv, s, eps = v.R, v.mu, v.lv, v.s, v.eps
    k, e = beta / N, np.exp(v.lv)
    Rlv, klv = R * eps * s / 2, k * (e - 1) / 2
    loss = v.graph()
    question = asked(loss, "M")
    np.testing.assert_allclose(question.right[0], v.X.T @ (R + k * mu), rtol=1e-9)
    wrong = {
        "H1": R - k * mu, "H2a": R, "H2b": k * mu, "H3a": R + 2 * k * mu, "H3b": R + k * mu / 2,
        "H10a": R + N * k * mu, "H10b": R + k * mu / N, "H10c": N * R + k * mu, "H10d": R / N + k * mu,
    }  # fmt: skip
    wrong |= {} if beta == 1.0 else {"H11": R + mu / N}
    assert_named(question, {row: v.X.T @ g for row, g in wrong.items()})
    question = asked(loss, "V")
    np.testing.assert_allclose(question.right[0], v.X.T @ (Rlv + klv), rtol=1e-9)
    wrong = {
        "H1": Rlv - klv, "H2a": Rlv, "H2b": klv, "H3c": Rlv + 2 * klv,
        "H4a": Rlv + k * (e**2 - 1), "H4b": R * eps * e + k * (e**2 - 1), "H4c": Rlv + k * (e**2 - 1) / 2,
        "H5": R * eps * e + klv, "H6a": R * eps * s + klv, "H6b": R * s / 2 + klv, "H6c": R * eps / 2 + klv,
        "H7a": R * eps + k * (s - 1 / s), "H7b": R * eps / (2 * s) + k * (1 - 1 / e) / 2,
        "H8": Rlv + k * (lv - 1) / 2, "H9": Rlv + k * e / 2, "H10a": Rlv + N * klv, "H10c": N * Rlv + klv,
    }  # fmt: skip
    assert_named(question, {row: v.X.T @ g for row, g in wrong.items()})


def test_the_code_itself_is_asked():
    v = VAE()
    question = asked(v.graph(), "lv")
    assert_named(
        question, {"H8": v.R * v.eps * v.s / 2 + (v.lv - 1) / (2 * N), "A2": v.s * 0 + v.klv}
    ) if hasattr(v, "klv") else None
    assert_named(question, {"H6b": v.R * v.s / 2 + (np.exp(v.lv) - 1) / (2 * N)})


def test_the_module():
    """The encoder's last bias, whose first entries are those of the mean."""
    rng = np.random.default_rng(0)
    X, eps = rng.random((N, D)), rng.normal(size=(N, L))
    vae = nn.VAE.dense((D, 5, L), likelihood=nn.Gaussian(1.0), generator=0)
    q = vae.encode(X)
    mu, lv = q.mu.numpy(), vae.encoder(X).numpy()[:, L:]
    question = asked(nn.negative_elbo(vae(X, eps)), "encoder.2.bias")
    right = question.right[0]
    only_kl = np.concatenate([mu.sum(0), (np.exp(lv) - 1).sum(0) / 2]) / N
    assert_named(question, {"H2a": right - only_kl, "H2b": only_kl, "H1": right - 2 * only_kl})


class Tied:
    """z = tanh(X·W), x̂ = z·Wᵀ, loss = Σ (x̂ - X)²."""

    def __init__(self, latent):
        rng = np.random.default_rng(12)
        self.X, self.W = rng.normal(size=(N, D)), rng.normal(size=(D, latent))
        self.z = np.tanh(self.X @ self.W)
        self.G = 2 * (self.z @ self.W.T - self.X)
        self.encoder = self.X.T @ ((self.G @ self.W) * (1 - self.z**2))
        self.decoder = self.G.T @ self.z

    def graph(self):
        W, X = (
            Tensor(self.W, requires_grad=True, name="W"),
            Tensor(self.X, requires_grad=True, name="X"),
        )
        return total((matmul(tanh(matmul(X, W)), W.T) - self.X) ** 2)


def test_a_tied_weight():
    hand = Tied(L)
    question = asked(hand.graph(), "W")
    np.testing.assert_allclose(question.right[0], hand.encoder + hand.decoder, rtol=1e-9)
    assert_named(question, {
        "H13a": [hand.encoder, hand.decoder], "H13b": (hand.encoder + hand.decoder) / 2,
    })  # fmt: skip
    square = Tied(D)
    assert_named(asked(square.graph(), "W"), {
        "H13c": [square.encoder + square.decoder.T, square.encoder.T + square.decoder],
    })  # fmt: skip


def test_the_input_is_the_target():
    hand = Tied(L)
    question = asked(hand.graph(), "X")
    right = ((hand.G @ hand.W) * (1 - hand.z**2)) @ hand.W.T
    np.testing.assert_allclose(question.right[0], right, rtol=1e-9)
    assert_named(question, {"H14": right - hand.G})


def test_modules_of_autoencoders():
    rng = np.random.default_rng(13)
    X = rng.normal(size=(N, D))
    model = nn.LinearAutoencoder(D, L, generator=0)
    W_e, W_d = model.W_e.numpy(), model.W_d.numpy()
    G = 2 * (X @ W_e.T @ W_d.T - X) / X.size
    question = asked(nn.mse_loss(model(X), X), "W_e")
    np.testing.assert_allclose(question.right[0], (G @ W_d).T @ X, rtol=1e-9)
    assert_named(question, {
        "C1": X.T @ (G @ W_d), "A22": [G, G @ W_d], "D14a": (G @ W_d).T @ X / 2, "C4a": (G @ W_d).T @ X / N,
    })  # fmt: skip
    tied = nn.TiedAutoencoder(D, L, generator=0)
    question = asked(nn.mse_loss(tied(X), X), "W")
    assert {"H13a", "A31"} <= named(
        question, dict(question.contributions)[next(iter(dict(question.contributions)))]
    )


def test_two_free_energies():
    rng = np.random.default_rng(14)
    v, w = (rng.integers(0, 2, (5, 4)).astype(float) for _ in range(2))
    rbm = nn.RBM(4, 3, generator=0)
    rbm.W.data, rbm.b.data = rng.normal(size=(4, 3)), rng.normal(size=3)
    loss = mean(rbm(v)) - mean(rbm(w))
    p = [1 / (1 + np.exp(-(u @ rbm.W.numpy() + rbm.b.numpy()))) for u in (v, w)]
    data, model = -v.T @ p[0] / 5, w.T @ p[1] / 5
    question = asked(loss, "W")
    np.testing.assert_allclose(question.right[0], data + model, rtol=1e-9)
    assert_named(question, {
        "A18": -(data + model), "A31": [data, model], "A33": [data, model],
        "A17b": data - model, "C4b": 5 * (data + model),
    })  # fmt: skip


def test_a_variance_shared_by_the_examples_is_no_code_of_each():
    rng = np.random.default_rng(7)
    m, v, eps = rng.normal(size=(4, 2)), rng.normal(size=(1, 2)), rng.normal(size=(4, 2))
    mu, lv = (Tensor(a, requires_grad=True, name=n) for a, n in ((m, "mu"), (v, "lv")))
    divergence = total(mu * mu + exp(lv) - 1 - lv) / 2
    question = asked(total((mu + exp(lv / 2) * eps - 1) ** 2) + divergence, "lv")
    z = m + np.exp(v / 2) * eps
    sent = ((z - 1) * eps * np.exp(v / 2)).sum(0, keepdims=True)
    assert np.allclose(question.right[0], sent + 4 * (np.exp(v) - 1) / 2)
    assert question.candidates
