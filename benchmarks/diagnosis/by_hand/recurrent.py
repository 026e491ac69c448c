"""The vanilla recurrent network, four steps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays

T, N, I, H = 4, 3, 2, 5


class Unrolled:
    """h_t = tanh(x_t·A + h_{t-1}·W + b); G is the loss's own gradient at each h_t."""

    def __init__(self, x: Array, h0: Array, A: Array, W: Array, b: Array) -> None:
        self.x, self.A, self.W, self.h = x, A, W, [h0]
        self.u = []
        for x_t in x:
            self.u.append(x_t @ A + self.h[-1] @ W + b)
            self.h.append(np.tanh(self.u[-1]))

    def back(
        self, G: Array, *,
        slope: Callable[[int], Array] | None = None,
        carry: float = 1.0,
        W: Array | None = None,
        keep: Callable[[int], bool] = lambda t: True,
    ) -> dict[str, Array]:  # fmt: skip
        slope = slope or (lambda t: 1 - self.h[t] ** 2)
        W = self.W if W is None else W
        carried, found = np.zeros_like(self.h[0]), {}
        found["z"] = []
        for t in range(len(self.x), 0, -1):
            dz = (G[t - 1] + carry * carried) * slope(t)
            found["z"].insert(0, dz)
            carried = dz @ W.T
        z = [dz if keep(t) else 0 * dz for t, dz in enumerate(found["z"], 1)]
        found["W"] = sum(self.h[t].T @ dz for t, dz in enumerate(z))
        found["A"] = sum(self.x[t].T @ dz for t, dz in enumerate(z))
        found["b"] = sum(dz.sum(0) for dz in z)
        found["h0"] = carried
        return found

    def parts(self, G: Array) -> dict[tuple[int, int], dict[str, Array]]:
        """C(t, s): the part of the loss at t through the weights' use at s."""
        found = {}
        for t in range(1, len(self.x) + 1):
            only = np.zeros_like(G)
            only[t - 1] = G[t - 1]
            for s in range(1, t + 1):
                found[t, s] = self.back(only, keep=lambda r, s=s: r == s)
        return found


def _common(net: Unrolled, G: Array, of: str) -> Iterator[ArrayAnswer]:
    """What happens to any of the shared weights, with losses at each step."""
    n = len(net.x)
    parts = net.parts(G)

    def summed(choose: Callable[[int, int], bool]) -> Array:
        return sum(p[of] for (t, s), p in parts.items() if choose(t, s))

    right = net.back(G)[of]
    yield "right", right
    yield "F1", summed(lambda t, s: t == s)
    yield "F2", summed(lambda t, s: t - s < 2)
    yield "F2", summed(lambda t, s: t - s < 3)
    yield "F3 A31 A4", summed(lambda t, s: s == n)
    yield "F3 A31", summed(lambda t, s: s == 1)
    yield "F4 F14 A33", summed(lambda t, s: t == n)
    yield "A33 A2 A3 F4", summed(lambda t, s: t < n)
    yield "F5 A31", right / n
    yield "F6 B10 A10 K1", net.back(G, slope=lambda t: np.ones_like(net.h[0]))[of]
    yield "F7", net.back(G, slope=lambda t: 1 - net.h[t - 1] ** 2)[of]
    yield "F8 C2", net.back(G, W=net.W.T)[of]
    yield "F10", net.back(G, carry=2.0)[of]
    yield "F11 A31", summed(lambda t, s: s > 1)
    yield "B10 K1", net.back(G, slope=lambda t: 1 - net.h[t])[of]
    yield "A18 A17 D2", -right


def _at_each_step(rng: np.random.Generator, of: str) -> Iterator[ArrayAnswer]:
    rnn = fill(rng, nn.RNN(I, H, generator=0))
    x, Y, h0 = drawn(rng, T, N, I), drawn(rng, T, N, H), 0.5 * drawn(rng, 1, N, H)
    y, _ = rnn(x, h0)
    wrt = {"W": rnn.W_hh, "A": rnn.W_xh, "b": rnn.b_h}[of]
    yield (0.5 * f.sum((y - Y) ** 2)).named("L"), wrt
    net = Unrolled(x, h0[0], rnn.W_xh.numpy().T, rnn.W_hh.numpy().T, rnn.b_h.numpy())
    G = np.array(net.h[1:]) - Y
    for rows, value in _common(net, G, of):
        yield rows, value.T
    if of == "W":
        z = net.back(G)["z"]
        yield "F9", sum(net.h[t + 1].T @ dz for t, dz in enumerate(z)).T
        yield "F13 C1 J1", net.back(G)["W"]
        yield "A21 C3", net.back(np.ones_like(G))["W"].T
    yield "F13 C4", net.back(G)[of].T / N
    yield "D3", net.back(np.array(net.h[1:]))[of].T


@on_arrays
def rnn_by_w_hh(rng: np.random.Generator) -> Written:
    yield from _at_each_step(rng, "W")


@on_arrays
def rnn_by_w_xh(rng: np.random.Generator) -> Written:
    yield from _at_each_step(rng, "A")


@on_arrays
def rnn_by_its_bias(rng: np.random.Generator) -> Written:
    yield from _at_each_step(rng, "b")


@on_arrays
def own_rnn_by_its_recurrent_weight(rng: np.random.Generator) -> Written:
    A, W, b = leaf(rng, "A", I, 4), leaf(rng, "W", 4, 4), leaf(rng, "b", 4)
    x, Y, h0 = drawn(rng, T, N, I), drawn(rng, T, N, 4), 0.5 * drawn(rng, N, 4)
    h, loss = h0, 0.0
    for t in range(T):
        h = f.tanh(x[t] @ A + h @ W + b).named(f"h_{t + 1}")
        loss = loss + f.sum((h - Y[t]) ** 2) / N
    yield loss.named("L"), W
    net = Unrolled(x, h0, A.numpy(), W.numpy(), b.numpy())
    G = 2 * (np.array(net.h[1:]) - Y) / N
    yield from _common(net, G, "W")
    yield "F9", sum(net.h[t + 1].T @ dz for t, dz in enumerate(net.back(G)["z"]))
    yield "F13 C1 J1", net.back(G)["W"].T
    yield "D14 B6 A10 K1", net.back(G)["W"] / 2
    yield "D1 C14 C4", net.back(G)["W"] * N
    yield "C5", Unrolled(x[:, -1:], h0[-1:], A.numpy(), W.numpy(), b.numpy()).back(G[:, -1:])["W"]


@on_arrays
def own_rnn_with_its_loss_at_the_end(rng: np.random.Generator) -> Written:
    A, W, V = leaf(rng, "A", I, 4), leaf(rng, "W", 4, 4), leaf(rng, "V", 4, 2)
    x, Y, h0 = drawn(rng, T, N, I), drawn(rng, N, 2), 0.5 * drawn(rng, N, 4)
    h = h0
    for t in range(T):
        h = f.tanh(x[t] @ A + h @ W).named(f"h_{t + 1}")
    yield nn.mse_loss(h @ V, Y).named("L"), W
    net = Unrolled(x, h0, A.numpy(), W.numpy(), np.zeros(4))
    G = np.zeros((T, N, 4))
    G[-1] = 2 * (net.h[-1] @ V.numpy() - Y) / (N * 2) @ V.numpy().T
    right, z = net.back(G)["W"], net.back(G)["z"]
    yield "right", right
    yield "F1 F3 A31", net.h[3].T @ z[3]
    yield "F2 A31", net.h[3].T @ z[3] + net.h[2].T @ z[2]
    yield "F3 A31", net.h[0].T @ z[0]
    yield "F5 A31", right / T
    yield "F6 B10 A10 K1", net.back(G, slope=lambda t: np.ones((N, 4)))["W"]
    yield "F7", net.back(G, slope=lambda t: 1 - net.h[t - 1] ** 2)["W"]
    yield "F8", net.back(G, W=net.W.T)["W"]
    yield "F9", sum(net.h[t + 1].T @ dz for t, dz in enumerate(z))
    yield "F10", net.back(G, carry=2.0)["W"]
    yield "F11 A31", net.back(G, keep=lambda t: t > 1)["W"]
    yield "F13 C1 J1", right.T
    yield "D14 B6 A10", right / 2
    yield "D15", right * 2


@on_arrays
def rnn_by_its_first_state(rng: np.random.Generator) -> Written:
    rnn, h0 = fill(rng, nn.RNN(I, 4, generator=0)), leaf(rng, "h_0", 1, N, 4)
    x, Y = drawn(rng, T, N, I), drawn(rng, N, 4)
    _, h = rnn(x, h0)
    yield (0.5 * f.sum((h[0] - Y) ** 2)).named("L"), h0
    net = Unrolled(x, h0.numpy()[0], rnn.W_xh.numpy().T, rnn.W_hh.numpy().T, rnn.b_h.numpy())
    G = np.zeros((T, N, 4))
    G[-1] = net.h[-1] - Y
    found, W = net.back(G), net.W
    yield "right", found["h0"][None]
    yield "F12 A22", (found["z"][3] @ W.T)[None]
    yield "F12 F6 B10 A10 K1", (G[-1] @ np.linalg.matrix_power(W.T, 4))[None]
    yield "F7", net.back(G, slope=lambda t: 1 - net.h[t - 1] ** 2)["h0"][None]
    yield "F8", net.back(G, W=W.T)["h0"][None]
    yield "A22", found["z"][0][None]
    yield "A18 A17 D2 D16", -found["h0"][None]
    yield "B10 K1", net.back(G, slope=lambda t: 1 - net.h[t])["h0"][None]
    yield "A21 C3", net.back(np.ones_like(G) * (G != 0))["h0"][None]
    yield "A24", h0.numpy()
