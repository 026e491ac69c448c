"""Mistakes with windows, against loops over every position written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, conv2d
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named

N, C, O, H, W, K = 2, 2, 3, 7, 6, 3
S, P = 2, 1


def cross_correlation(x, w, b):
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)])
    h, v = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
    y = np.zeros((N, O, h, v))
    for i in range(h):
        for j in range(v):
            y[:, :, i, j] = np.tensordot(
                xp[:, :, i * S : i * S + K, j * S : j * S + K], w, ((1, 2, 3), (1, 2, 3))
            )
    return y + b.reshape(1, -1, 1, 1)


def backward(  # noqa: PLR0913 - each is a mistake
    x, w, g, *, stride=S, offset=0, overwrite=False, crop=True
):
    """dW and dX, each argument one mistake."""
    xp = np.pad(x, [(0, 0), (0, 0), (P, P + 4), (P, P + 4)])
    dw, dxp = np.zeros_like(w), np.zeros_like(xp)
    for n in range(N):
        for i in range(g.shape[2]):
            for j in range(g.shape[3]):
                rows = slice(i * stride + offset, i * stride + offset + K)
                columns = slice(j * stride + offset, j * stride + offset + K)
                sent = np.zeros((C, K, K))
                for f in range(O):
                    dw[f] += g[n, f, i, j] * xp[n, :, rows, columns]
                    sent += g[n, f, i, j] * w[f]
                if overwrite:
                    dxp[n, :, rows, columns] = sent
                else:
                    dxp[n, :, rows, columns] += sent
    return dw, dxp[:, :, P : P + H, P : P + W] if crop else dxp[:, :, : H + 2 * P, : W + 2 * P]


@pytest.fixture
def data():
    rng = np.random.default_rng(6)
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(O, C, K, K)), rng.normal(size=O)
    y = cross_correlation(x, w, b)
    t = rng.normal(size=y.shape)
    return x, w, b, t, 2 * (y - t)


def graph(x, w, b, t):
    layer = nn.Conv2d(C, O, K, stride=S, padding=P)
    layer.load_state_dict({"weight": w, "bias": b})
    x = Tensor(x, requires_grad=True, name="x")
    return total((layer(x) - t) ** 2)


def test_the_kernel(data):
    x, w, b, t, g = data
    question = asked(graph(x, w, b, t), "weight")
    dw, _ = backward(x, w, g)
    np.testing.assert_allclose(question.right[0], dw, rtol=1e-9)
    first, last = (np.zeros_like(g) for _ in range(2))
    first[..., 0, 0], last[..., -1, -1] = g[..., 0, 0], g[..., -1, -1]
    one = g.copy()
    one[:-1] = 0
    assert_named(question, {
        "G1": dw[:, :, ::-1, ::-1], "G3": backward(x, w, g, stride=1)[0],
        "G4b": backward(x, w, g, offset=P)[0],
        "G6a": backward(x, w, first)[0], "G6b": backward(x, w, last)[0], "C5a": backward(x, w, one)[0],
        "C4a": dw / N, "C3": backward(x, w, np.ones_like(g))[0],
        "G9": [dw.transpose(0, 1, 3, 2), dw.transpose(1, 0, 2, 3)],
    })  # fmt: skip


def test_the_image(data):
    x, w, b, t, g = data
    question = asked(graph(x, w, b, t), "x")
    np.testing.assert_allclose(question.right[0], backward(x, w, g)[1], rtol=1e-9, atol=1e-12)
    last = np.zeros_like(g)
    last[:, -1] = g[:, -1]
    assert_named(question, {
        "G2": backward(x, w[:, :, ::-1, ::-1], g)[1], "G3": backward(x, w, g, stride=1)[1],
        "G4a": backward(x, w, g, crop=False)[1], "G5": backward(x, w, g, overwrite=True)[1],
        "G10a": backward(x, w, last)[1],
    })  # fmt: skip


def test_the_bias(data):
    x, w, b, t, g = data
    assert_named(asked(graph(x, w, b, t), "bias"), {
        "G7a": g.sum(0), "G7c": g.sum((2, 3)), "G7b": [g.mean((0, 2, 3)), g.mean((2, 3)).sum(0)],
        "C7": g, "C8b": g.sum(), "C4a": g.sum((2, 3)).mean(0),
    })  # fmt: skip


def test_dilation_and_groups():
    rng = np.random.default_rng(7)
    x, w = rng.normal(size=(N, 4, H, W)), rng.normal(size=(6, 2, 2, 2))
    wrt = Tensor(w, requires_grad=True, name="w")
    y = conv2d(x, wrt, dilation=2, groups=2)
    g = 2 * y.numpy()
    near, full = np.zeros_like(w), np.zeros((6, 4, 2, 2))
    for f in range(6):
        for i in range(g.shape[2]):
            for j in range(g.shape[3]):
                for n in range(N):
                    group = slice(0, 2) if f < 3 else slice(2, 4)
                    near[f] += g[n, f, i, j] * x[n, group, i : i + 2, j : j + 2]
                    full[f] += g[n, f, i, j] * x[n, :, i : i + 3 : 2, j : j + 3 : 2]
    assert_named(asked(total(y**2), "w"), {"G11a": near, "G11b": full})


def test_one_axis():
    rng = np.random.default_rng(8)
    X, t = rng.normal(size=(N, C, 7)), rng.normal(size=(N, O, 4))
    layer = nn.Conv1d(C, O, K, stride=2, padding=1)
    loss = total((layer(X) - t) ** 2)
    g = 2 * (layer(X).numpy() - t)
    xp = np.pad(X, [(0, 0), (0, 0), (1, 1)])
    near = np.zeros((O, C, K))
    for k in range(K):
        near[:, :, k] = np.einsum("noj,ncj->oc", g, xp[:, :, k : k + 4])
    assert_named(asked(loss, "weight"), {"G3": near})
    assert_named(asked(loss, "bias"), {"G7a": g.sum(0), "G7c": g.sum(2), "C4a": g.sum((0, 2)) / N})
