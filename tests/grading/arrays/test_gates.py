"""Mistakes with gates, against loops over time written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, matmul, sigmoid, tanh
from autograd_lite import sum as total
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

T, N, D, H = 4, 3, 2, 5


def s(z):
    return 1 / (1 + np.exp(-z))


class LSTM:
    """NumPy alone; the gates' blocks in the order i, f, c, o; L = Σ_t Σ (h_t - y_t)²."""

    def __init__(self):
        rng = np.random.default_rng(9)
        self.W, self.U, self.b = (
            rng.normal(size=(4 * H, D)),
            rng.normal(size=(4 * H, H)),
            rng.normal(size=4 * H),
        )
        self.x, self.y = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H))
        self.h0, self.c0 = rng.normal(size=(N, H)), rng.normal(size=(N, H))
        h, c, self.steps = self.h0, self.c0, []
        for t in range(T):
            z = self.x[t] @ self.W.T + h @ self.U.T + self.b
            i, f, g, o = (
                s(z[:, :H]),
                s(z[:, H : 2 * H]),
                np.tanh(z[:, 2 * H : 3 * H]),
                s(z[:, 3 * H :]),
            )
            before, h_before = c, h
            c = f * c + i * g
            h = o * np.tanh(c)
            self.steps.append((i, f, g, o, before, c, h_before, h))

    def backward(self, mistake=""):
        """The gradients of W, U and b with this mistake."""
        dW, dU, db = np.zeros_like(self.W), np.zeros_like(self.U), np.zeros_like(self.b)
        dh_next, dc_next = np.zeros((N, H)), np.zeros((N, H))
        for t in reversed(range(T)):
            i, f, g, o, c_before, c, h_before, h = self.steps[t]
            dh = 2 * (h - self.y[t]) + (0 if mistake == "F21" else dh_next)
            dc = dh * o * (1 if mistake == "F18" else 1 - np.tanh(c) ** 2)
            dc = dc + (0 if mistake == "F15" else dc_next)
            do = dh * (c if mistake == "F20b" else np.tanh(c))
            df = dc * (c if mistake == "F20a" else c_before)
            di, dg = dc * g, dc * i
            lost = {
                "F19": "ifo",
                "F19b": "ifog",
                "F19c": "i",
                "F19d": "f",
                "F19e": "o",
                "F19f": "g",
            }.get(mistake, "")
            slopes = {"i": i * (1 - i), "f": f * (1 - f), "g": 1 - g**2, "o": o * (1 - o)}
            slopes = {k: 1 if k in lost else v for k, v in slopes.items()}
            dz = np.hstack([di * slopes["i"], df * slopes["f"], dg * slopes["g"], do * slopes["o"]])
            dW += dz.T @ self.x[t]
            dU += dz.T @ h_before
            db += dz.sum(0)
            dh_next = dz @ self.U
            dc_next = dc * (1 if mistake == "F17" else f)
        return {"W": dW, "U": dU, "b": db}


def twelve_leaves(hand):
    lstm = nn.LSTM(D, H)
    lstm.W, lstm.U, lstm.b = hand.W, hand.U, hand.b
    y, _ = lstm(hand.x, (Tensor(hand.h0[None]), Tensor(hand.c0[None])))
    return total((y - hand.y) ** 2)


def fused(hand):
    W, U, b = (Tensor(getattr(hand, n), requires_grad=True, name=n) for n in "WUb")
    h, c, losses = Tensor(hand.h0), Tensor(hand.c0), []
    for t in range(T):
        z = matmul(hand.x[t], W.T) + matmul(h, U.T) + b
        i, f, o = sigmoid(z[:, :H]), sigmoid(z[:, H : 2 * H]), sigmoid(z[:, 3 * H :])
        c = f * c + i * tanh(z[:, 2 * H : 3 * H])
        h = o * tanh(c)
        losses.append(total((h - hand.y[t]) ** 2))
    return sum(losses[1:], losses[0])


ROWS = ["F15", "F17", "F18", "F19", "F19b", "F19c", "F19d", "F19e", "F19f", "F20a", "F20b", "F21"]
BLOCKS = {"i": 0, "f": 1, "c": 2, "o": 3}


@pytest.mark.parametrize("name", ["U", "W", "b"])
def test_all_gates_in_one_array(name):
    hand = LSTM()
    question = asked(fused(hand), name)
    right = hand.backward()[name]
    np.testing.assert_allclose(question.right[0], right, rtol=1e-9)
    assert_named(question, {row: hand.backward(row)[name] for row in ROWS})
    i, f, c, o = np.split(right, 4)
    assert_named(question, {
        "F22b": [np.concatenate([i, f, o, c]), np.concatenate([f, i, c, o])],
        "F22c": [np.concatenate([f, f, c, f]), np.concatenate([i, f, c, f])],
    })  # fmt: skip


@pytest.mark.parametrize("name", ["U_i", "U_f", "U_c", "W_f", "b_f"])
def test_a_leaf_for_each_gate(name):
    """A mistake that does not reach a gate's own parameters leaves their gradient right."""
    hand = LSTM()
    question = asked(twelve_leaves(hand), name)
    block = slice(BLOCKS[name[-1]] * H, (BLOCKS[name[-1]] + 1) * H)
    right = hand.backward()[name[0]][block]
    np.testing.assert_allclose(question.right[0], right, rtol=1e-9)
    assert_named(question, {row: hand.backward(row)[name[0]][block] for row in ROWS})
    other = hand.backward()[name[0]][3 * H :]
    assert_named(question, {"F22a": other})


def test_time_of_an_lstm():
    """Each loss through each step: the cell's own path is in it."""
    parts = dict(asked(fused(LSTM()), "U").contributions)
    assert len(parts) == T * (T + 1) // 2
    parts = dict(asked(twelve_leaves(LSTM()), "U_f").contributions)
    assert len(parts) == T * (T + 1) // 2


class GRU:
    """NumPy alone, with the reset gate scaling U·h or h; L = Σ_t Σ (h_t - y_t)²."""

    def __init__(self):
        rng = np.random.default_rng(10)
        self.W, self.U = rng.normal(size=(3, H, D)), rng.normal(size=(3, H, H))
        self.b, self.b_hn = rng.normal(size=(3, H)), rng.normal(size=H)
        self.x, self.y, self.h0 = (
            rng.normal(size=(T, N, D)),
            rng.normal(size=(T, N, H)),
            rng.normal(size=(N, H)),
        )

    def backward(self, inside, as_inside, direct=True, reset=True, through_reset=True):
        """The gradient of U_n, where the forward pass and the backward pass may disagree about the reset."""
        h, steps = self.h0, []
        for t in range(T):
            r, z = (s(self.x[t] @ self.W[k].T + h @ self.U[k].T + self.b[k]) for k in (0, 1))
            a = (r * h) @ self.U[2].T if inside else r * (h @ self.U[2].T + self.b_hn)
            n = np.tanh(self.x[t] @ self.W[2].T + self.b[2] + a)
            steps.append((r, z, n, h))
            h = (1 - z) * n + z * h
        steps.append((0, 0, 0, h))
        dU, dh = np.zeros((H, H)), np.zeros((N, H))
        for t in reversed(range(T)):
            r, z, n, h = steps[t]
            dh = dh + 2 * (steps[t + 1][3] - self.y[t])
            dn = dh * (1 - z) * (1 - n**2)
            dz = dh * (h - n) * z * (1 - z)
            if as_inside:
                dU += dn.T @ (r * h)
                back, dr = (dn @ self.U[2]) * r, (dn @ self.U[2]) * h
            else:
                scaled = dn * r if reset else dn
                dU += scaled.T @ h
                b_hn = 0 if inside else self.b_hn
                back, dr = scaled @ self.U[2], dn * (h @ self.U[2].T + b_hn)
            dr = dr * r * (1 - r) * through_reset
            dh = (dh * z if direct else 0) + back + dr @ self.U[0] + dz @ self.U[1]
        return dU


def test_the_reset_gate_of_the_module():
    hand = GRU()
    gru = nn.GRU(D, H)
    gru.W, gru.U, gru.b = (a.reshape(3 * H, *a.shape[2:]) for a in (hand.W, hand.U, hand.b))
    gru.b_hn = hand.b_hn
    y, _ = gru(hand.x, Tensor(hand.h0[None]))
    question = asked(total((y - hand.y) ** 2), "U_n")
    np.testing.assert_allclose(question.right[0], hand.backward(False, False), rtol=1e-9)
    assert_named(question, {
        "F23a": hand.backward(False, True), "F23c": hand.backward(False, False, direct=False),
        "F23d": hand.backward(False, False, reset=False),
        "F23e": hand.backward(False, False, through_reset=False),
    })  # fmt: skip


def test_a_reset_gate_inside_the_product():
    hand = GRU()
    U_n = Tensor(hand.U[2], requires_grad=True, name="U_n")
    h, losses = Tensor(hand.h0, requires_grad=True), []
    for t in range(T):
        r, z = (
            sigmoid(hand.x[t] @ hand.W[k].T + matmul(h, hand.U[k].T) + hand.b[k]) for k in (0, 1)
        )
        n = tanh(hand.x[t] @ hand.W[2].T + hand.b[2] + matmul(r * h, U_n.T))
        h = (1 - z) * n + z * h
        losses.append(total((h - hand.y[t]) ** 2))
    question = asked(sum(losses[1:], losses[0]), "U_n")
    np.testing.assert_allclose(question.right[0], hand.backward(True, True), rtol=1e-9)
    assert_named(question, {"F23b": hand.backward(True, False)})


@pytest.mark.parametrize("shape", [(3,), (1, 3), (4, 1), (1, 1)])
def test_a_gate_repeated_for_the_batch(shape):
    rng = np.random.default_rng(4)
    g, W, x = rng.normal(size=shape), rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    s = 1 / (1 + np.exp(-g))
    product = matmul(x, Tensor(W, requires_grad=True, name="W"))
    question = asked(total((sigmoid(Tensor(g, requires_grad=True, name="g")) * product) ** 2), "g")
    inside = (2 * s * (x @ W)) @ W.T * x  # what goes back to s in (s⊙x)W
    over = {(3,): (0,), (1, 3): (0,), (4, 1): (1,)}.get(shape, (0, 1))
    wrong = inside.sum(over).reshape(shape) * s * (1 - s)
    if shape[-1] == 3:
        assert_named(question, {"F23a": wrong})
    else:  # one number for a row is the same before and after the product
        assert "F23a" in named(question, wrong)
        assert np.allclose(question.right[0], wrong)
