"""Mistakes in time, against loops over time written by hand with the mistake in them."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, matmul, stack, tanh
from tests.grading.arrays.finding_mistakes import asked, assert_named, named

T, N, D, H, K = 4, 3, 2, 5, 2


class Hand:
    """NumPy alone: a_t = x_t·W_xhᵀ + h_(t-1)·W_hhᵀ + b, h_t = tanh a_t, and a mean squared error."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        self.W_xh, self.W_hh, self.b = (
            rng.normal(size=(H, D)),
            rng.normal(size=(H, H)),
            rng.normal(size=H),
        )
        self.W_hy, self.b_y = rng.normal(size=(K, H)), rng.normal(size=K)
        self.x, self.t = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, K))
        self.h0 = rng.normal(size=(N, H))
        self.h = [self.h0]
        for x in self.x:
            self.h.append(np.tanh(x @ self.W_xh.T + self.h[-1] @ self.W_hh.T + self.b))
        self.y = np.stack(self.h[1:]) @ self.W_hy.T + self.b_y
        self.G = 2 * (self.y - self.t) / self.y.size

    def backward(  # noqa: PLR0913 - each is a mistake
        self, *, losses=range(1, T + 1), steps=range(1, T + 1), back=lambda t, s: True, carry=1.0,
        slope=lambda h, before: 1 - h**2, way_back=None, state=lambda h, t: h[t - 1],
    ):  # fmt: skip
        """The gradients; each argument is one mistake."""
        W = self.W_hh if way_back is None else way_back
        found = dict.fromkeys(("W_hh", "W_xh", "b_h"), 0.0)
        first = 0.0
        for t in losses:  # each loss by itself: slow and plain
            dh = self.G[t - 1] @ self.W_hy
            for s in range(t, 0, -1):
                dz = dh * slope(self.h[s], self.h[s - 1])
                if s in steps and back(t, s):
                    found["W_hh"] = found["W_hh"] + dz.T @ state(self.h, s)
                    found["W_xh"] = found["W_xh"] + dz.T @ self.x[s - 1]
                    found["b_h"] = found["b_h"] + dz.sum(0)
                dh = carry * (dz @ W)
            first = first + dh
        return {**found, "h_0": first}


def module(hand):
    """The same as a module's graph."""
    rnn = nn.RNN(D, H, output_size=K)
    rnn.load_state_dict(
        {"W_xh": hand.W_xh, "W_hh": hand.W_hh, "b_h": hand.b, "W_hy": hand.W_hy, "b_y": hand.b_y}
    )
    h0 = Tensor(hand.h0[None], requires_grad=True, name="h0")
    y, _ = rnn(hand.x, h0)
    return nn.mse_loss(y, hand.t).named("L")


def composed(hand):
    """The same from matrix products, with a loss at each step."""
    W, U = (
        Tensor(w, requires_grad=True, name=n) for w, n in ((hand.W_xh, "W_xh"), (hand.W_hh, "W_hh"))
    )
    b, h = (
        Tensor(hand.b, requires_grad=True, name="b_h"),
        Tensor(hand.h0, requires_grad=True, name="h_0"),
    )
    V, c = Tensor(hand.W_hy), Tensor(hand.b_y)
    losses = []
    for t in range(T):
        h = tanh(matmul(hand.x[t], W.T) + matmul(h, U.T) + b)
        losses.append(((matmul(h, V.T) + c - hand.t[t]) ** 2).sum())
    return (sum(losses[1:], losses[0]) / hand.t.size).named("L")


GRAPHS = {"module": module, "composed": composed}
WRONG = {
    "F1": {"back": lambda t, s: t == s},
    "F2": {"back": lambda t, s: t - s < 2},
    "F3a": {"steps": [T]},
    "F3b": {"steps": [1]},
    "F3c": {"steps": [2]},
    "F4": {"losses": [T]},
    "F4b": {"losses": [2]},
    "F6": {"slope": lambda h, before: 1.0},
    "F7": {"slope": lambda h, before: 1 - before**2},
    "F10": {"carry": 2.0},
    "F11": {"steps": range(2, T + 1)},
    "F11b": {"steps": range(1, T)},
}


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("name", ["W_hh", "W_xh", "b_h"])
def test_every_row_is_what_a_loop_with_the_mistake_gives(graph, name):
    hand = Hand()
    question = asked(GRAPHS[graph](hand), name)
    np.testing.assert_allclose(question.right[0], hand.backward()[name], rtol=1e-10)
    wrong = {row: hand.backward(**how)[name] for row, how in WRONG.items()}
    wrong["F5"] = hand.backward()[name] / T
    wrong["F8"] = hand.backward(way_back=hand.W_hh.T)[name]
    wrong["C4a"] = hand.backward()[name] / N
    assert_named(question, wrong)


@pytest.mark.parametrize("graph", GRAPHS)
def test_rows_of_the_recurrent_weight_alone(graph):
    hand = Hand()
    right = hand.backward()["W_hh"]
    wrong = {"F9": hand.backward(state=lambda h, t: h[t])["W_hh"], "C1": right.T}
    assert_named(asked(GRAPHS[graph](hand), "W_hh"), wrong)


def test_the_first_state():
    hand = Hand()
    question = asked(composed(hand), "h_0")
    np.testing.assert_allclose(question.right[0], hand.backward()["h_0"], rtol=1e-10)
    linear = hand.backward(slope=lambda h, before: 1.0)["h_0"]
    last = hand.backward(losses=[T], slope=lambda h, before: 1.0)["h_0"]
    assert_named(question, {"F12a": hand.backward(losses=[1])["h_0"], "F12b": [linear, last]})


@pytest.mark.parametrize("graph", GRAPHS)
def test_contributions_are_those_of_each_loss_through_each_step(graph):
    hand = Hand()
    question = asked(GRAPHS[graph](hand), "W_hh")
    parts = dict(question.contributions)
    assert len(parts) == T * (T + 1) // 2
    for t in range(1, T + 1):
        for s in range(1, t + 1):
            one = hand.backward(losses=[t], steps=[s])["W_hh"]
            np.testing.assert_allclose(parts[f"loss {t}", f"step {s}"], one, rtol=1e-9, atol=1e-13)


def test_a_loss_at_the_last_step_alone():
    hand = Hand()
    W, U, h = (
        Tensor(a, requires_grad=True, name=n)
        for a, n in ((hand.W_xh, "W"), (hand.W_hh, "U"), (hand.h0, "h"))
    )
    for t in range(T):
        h = tanh(matmul(hand.x[t], W.T) + matmul(h, U.T))
    parts = asked((h * h).sum(), "U").contributions
    assert len(parts) == T


def test_the_right_answer_of_many_steps_is_no_mistake():
    """Nothing of time is said where there is none."""
    W = Tensor(np.ones((2, 3)), requires_grad=True, name="W")
    question = asked(((W @ np.ones((3, 4))) ** 2).sum(), "W")
    assert not any(c.mistake.identifier.startswith("F") for c in question.candidates)
    assert "A18" in named(question, -question.right[0])


def test_outputs_of_all_steps_stacked():
    hand = Hand()
    U, h, hs = Tensor(hand.W_hh, requires_grad=True, name="U"), Tensor(hand.h0), []
    for t in range(T):
        h = tanh(hand.x[t] @ hand.W_xh.T + matmul(h, U.T) + hand.b)
        hs.append(h)
    y = matmul(stack(hs), hand.W_hy.T) + hand.b_y
    question = asked(nn.mse_loss(y, hand.t), "U")
    assert_named(question, {"F1": hand.backward(back=lambda t, s: t == s)["W_hh"]})


def test_the_output_layer_of_every_step():
    """Its uses at the steps, whether they are one product or several."""
    hand = Hand()
    dW = [hand.G[t].T @ hand.h[t + 1] for t in range(T)]
    question = asked(module(hand), "W_hy")
    np.testing.assert_allclose(question.right[0], sum(dW), rtol=1e-10)
    assert_named(
        question, {"F3a": dW[-1], "F3b": dW[0], "F4": dW[-1], "F5": sum(dW) / T, "F4c": sum(dW[1:])}
    )
    db = hand.G.sum(1)
    assert_named(
        asked(module(hand), "b_y"), {"F4": db[-1], "F5": db.sum(0) / T, "C5a": hand.G[:, -1].sum(0)}
    )
    assert_named(asked(module(hand), "W_hy"), {"C5c": hand.G[-1, -1:].T @ hand.h[-1][-1:]})


def test_one_way_back_of_states_without_names():
    """Where no variable tells it, the loss's step and the use's do."""
    hand = Hand()
    question = asked(composed(hand), "W_hh")
    right, one = hand.backward()["W_hh"], hand.backward(losses=[3], steps=[2])["W_hh"]
    assert_named(
        question, {"F2b": right - one, "F2c": one, "F2d": right + one, "F2e": right - 2 * one}
    )
    assert {"A3"} <= named(asked(module(hand), "W_hh"), right - one)


def test_truncated_in_windows():
    hand = Hand()
    wrong = hand.backward(back=lambda t, s: (t - 1) // 2 == (s - 1) // 2)["W_hh"]
    assert_named(asked(module(hand), "W_hh"), {"F2f": wrong})


def test_a_first_state_of_one_row_serves_a_batch():
    rng = np.random.default_rng(6)
    W, h = rng.normal(size=(3, 3)), Tensor(rng.normal(size=(1, 3)), requires_grad=True, name="h_0")
    weight, hs, xs = Tensor(W, requires_grad=True, name="W"), [], rng.normal(size=(3, 4, 3))
    for t, x in enumerate(xs):
        h = tanh(matmul(h, weight) + x).named(f"h_{t + 1}")
        hs.append(h.numpy())
    D = 2 * hs[2] * (1 - hs[2] ** 2)
    assert_named(asked((h**2).sum(), "W"), {"F1": hs[1].T @ D})
