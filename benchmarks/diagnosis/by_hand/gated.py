"""LSTM and GRU, four steps of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import nn
from autograd_lite import functions as f
from benchmarks.diagnosis.by_hand.losses import sigma
from benchmarks.diagnosis.question import Array, ArrayAnswer, Written, drawn, fill, leaf, on_arrays

T, N, I, H = 4, 3, 2, 3
GATES = "ifco"


class Cells:
    """Long short-term memory over a sequence, and its backward with edits."""

    def __init__(self, x: Array, h0: Array, c0: Array, W: Any, U: Any, b: Any) -> None:
        self.x, self.U, self.h, self.c, self.gates = x, U, [h0], [c0], []
        for x_t in x:
            u = {g: x_t @ W[g] + self.h[-1] @ U[g] + b[g] for g in GATES}
            a = {g: np.tanh(u[g]) if g == "c" else sigma(u[g]) for g in GATES}
            self.gates.append(a)
            self.c.append(a["f"] * self.c[-1] + a["i"] * a["c"])
            self.h.append(a["o"] * np.tanh(self.c[-1]))

    def back(  # noqa: PLR0913 - each an edit
        self, G: Array, *, cell: float = 1, state: float = 1, forget: bool = True, tanh_c: bool = True,
        open_gates: str = "", late_c: bool = False, c_for_tanh: bool = False, last: int = 0,
    ) -> list[dict[str, Array]]:  # fmt: skip
        """At each step what arrives at the gates' excitations."""
        dh, dc, steps = 0 * self.h[0], 0 * self.c[0], []
        for t in range(len(self.x), 0, -1):
            a, tc = self.gates[t - 1], np.tanh(self.c[t])
            d = G[t - 1] + state * dh
            dc = cell * dc + d * a["o"] * ((1 - tc**2) if tanh_c else 1)
            before = self.c[t] if late_c else self.c[t - 1]
            s = {g: a[g] * (1 - a[g]) if g not in open_gates else 1.0 for g in "ifo"}
            s["c"] = 1 - a["c"] ** 2 if "c" not in open_gates else 1.0
            z = {
                "i": dc * a["c"] * s["i"], "f": dc * before * s["f"], "c": dc * a["i"] * s["c"],
                "o": d * (self.c[t] if c_for_tanh else tc) * s["o"],
            }  # fmt: skip
            steps.insert(0, z)
            dh = sum(z[g] @ self.U[g].T for g in GATES)
            dc = dc * a["f"] if forget else dc
        return steps

    def to_U(self, steps: list[dict[str, Array]], g: str) -> Array:
        return sum(self.h[t].T @ z[g] for t, z in enumerate(steps))

    def to_W(self, steps: list[dict[str, Array]], g: str) -> Array:
        return sum(self.x[t].T @ z[g] for t, z in enumerate(steps))


def _lstm(net: Cells, G: Array, to: Any) -> Iterator[ArrayAnswer]:
    """Mistakes in the cell, seen from any weight."""
    yield "right", to(net.back(G))
    yield "F15 F16 A2", to(net.back(G, cell=0))
    yield "F17 A10 K1", to(net.back(G, forget=False))
    yield "F18 B10 A10 K1", to(net.back(G, tanh_c=False))
    yield "F19 B11 B10 A10 K1", to(net.back(G, open_gates="ifoc"))
    yield "F19 B11 A10 K1", to(net.back(G, open_gates="ifo"))
    yield "F21 A2", to(net.back(G, state=0))
    yield "F10", to(net.back(G, state=2))
    yield "A18 A17 D2", -to(net.back(G))
    last = np.zeros_like(G)
    last[-1] = G[-1]
    yield "F4 F14 A33", to(net.back(last))
    yield "F5 A31", to(net.back(G)) / T
    only = [z if t == T - 1 else {g: 0 * z[g] for g in z} for t, z in enumerate(net.back(G))]
    yield "F3 A31", to(only)
    yield "F1", to([net.back(_single(G, t))[t] for t in range(T)])


def _single(G: Array, t: int) -> Array:
    out = np.zeros_like(G)
    out[t] = G[t]
    return out


def _module(rng: np.random.Generator) -> tuple[Any, Cells, Array, Any]:
    lstm = fill(rng, nn.LSTM(I, H, generator=0))
    x, Y = drawn(rng, T, N, I), drawn(rng, T, N, H)
    h0, c0 = 0.5 * drawn(rng, 1, N, H), 0.5 * drawn(rng, 1, N, H)
    y, _ = lstm(x, (h0, c0))
    named = [{g: getattr(lstm, f"{k}_{g}").numpy().T for g in GATES} for k in "WUb"]
    net = Cells(x, h0[0], c0[0], *named)
    loss = (0.5 * f.sum((y - Y) ** 2)).named("L")
    return lstm, net, np.array(net.h[1:]) - Y, loss


@on_arrays
def lstm_by_u_f(rng: np.random.Generator) -> Written:
    lstm, net, G, loss = _module(rng)
    yield loss, lstm.U_f
    yield from _lstm(net, G, lambda steps: net.to_U(steps, "f").T)
    yield "F20", net.to_U(net.back(G, late_c=True), "f").T
    yield "F19 B11 A10 K1", net.to_U(net.back(G, open_gates="f"), "f").T
    yield "F9", sum(net.h[t + 1].T @ z["f"] for t, z in enumerate(net.back(G))).T
    yield "F13 C1 J1", net.to_U(net.back(G), "f")
    yield "F22", net.to_U(net.back(G), "i").T
    yield "F22", net.to_U(net.back(G), "o").T


@on_arrays
def lstm_by_w_o(rng: np.random.Generator) -> Written:
    lstm, net, G, loss = _module(rng)
    yield loss, lstm.W_o
    yield from _lstm(net, G, lambda steps: net.to_W(steps, "o").T)
    yield "F20", net.to_W(net.back(G, c_for_tanh=True), "o").T
    yield "F19 B11 A10 K1", net.to_W(net.back(G, open_gates="o"), "o").T
    yield "F22", net.to_W(net.back(G), "f").T


@on_arrays
def lstm_by_b_i(rng: np.random.Generator) -> Written:
    lstm, net, G, loss = _module(rng)
    yield loss, lstm.b_i

    def to(steps: Any) -> Array:
        return sum(z["i"].sum(0) for z in steps)

    yield from _lstm(net, G, to)
    yield "F22", sum(z["f"].sum(0) for z in net.back(G))
    yield "F13 C4", to(net.back(G)) / N


@on_arrays
def own_lstm_by_its_joined_weight(rng: np.random.Generator) -> Written:
    x, h0, c0 = drawn(rng, T, N, I), 0.5 * drawn(rng, N, H), 0.5 * drawn(rng, N, H)
    W, b, Y = leaf(rng, "W", I + H, 4 * H), leaf(rng, "b", 4 * H), drawn(rng, T, N, H)
    h, c, loss = h0, c0, 0.0
    for t in range(T):
        z = f.concatenate([x[t], h], axis=1) @ W + b
        i, forget, g, o = (z[:, k * H : (k + 1) * H] for k in range(4))
        c = (f.sigmoid(forget) * c + f.sigmoid(i) * f.tanh(g)).named(f"c_{t + 1}")
        h = (f.sigmoid(o) * f.tanh(c)).named(f"h_{t + 1}")
        loss = loss + 0.5 * f.sum((h - Y[t]) ** 2)
    yield loss.named("L"), W
    parts = dict(zip(GATES, np.split(W.numpy(), 4, axis=1), strict=True))
    shifts = dict(zip(GATES, np.split(b.numpy(), 4), strict=True))
    own = {g: w[:I] for g, w in parts.items()}, {g: w[I:] for g, w in parts.items()}, shifts
    net = Cells(x, h0, c0, *own)
    G = np.array(net.h[1:]) - Y

    def block(steps: Any, g: str) -> Array:
        return np.concatenate([net.to_W(steps, g), net.to_U(steps, g)])

    def to(steps: Any, order: str = GATES) -> Array:
        return np.concatenate([block(steps, g) for g in order], axis=1)

    yield from _lstm(net, G, to)
    yield "F20", to(net.back(G, late_c=True))
    yield "F20", to(net.back(G, c_for_tanh=True))
    yield "F22", to(net.back(G), "fico")
    yield "F22", to(net.back(G), "ifoc")
    yield "F22", to(net.back(G), "ffcf")
    yield "A21 C3", to(net.back(np.ones_like(G)))


class Units:
    """The gated recurrent unit in torch's form, and its backward with edits."""

    def __init__(self, x: Array, h0: Array, W: Any, U: Any, b: Any, bn: Array) -> None:
        self.x, self.U, self.h, self.steps = x, U, [h0], []
        for x_t in x:
            h = self.h[-1]
            r, z = (sigma(x_t @ W[g] + h @ U[g] + b[g]) for g in "rz")
            m = h @ U["n"] + bn
            n = np.tanh(x_t @ W["n"] + b["n"] + r * m)
            self.steps.append((r, z, n, m))
            self.h.append((1 - z) * n + z * h)

    def back(  # noqa: PLR0913 - each an edit
        self, G: Array, *, reset: bool = True, gates: bool = True, tanh: bool = True,
        through_z: bool = True, state: float = 1.0, by_gates: bool = True,
    ) -> list[dict[str, Array]]:  # fmt: skip
        carried, found = 0 * self.h[0], []
        for t in range(len(self.x), 0, -1):
            r, z, n, m = self.steps[t - 1]
            d, h = G[t - 1] + state * carried, self.h[t - 1]
            dn = d * (1 - z) * ((1 - n * n) if tanh else 1)
            dz = d * (h - n) * (z * (1 - z) if gates else 1)
            dr = dn * m * (r * (1 - r) if gates else 1)
            dm = dn * r if reset else dn
            found.insert(0, {"n": dm, "x": dn, "z": dz, "r": dr})
            carried = dm @ self.U["n"].T + (d * z if through_z else 0)
            carried = carried + (dz @ self.U["z"].T + dr @ self.U["r"].T if by_gates else 0)
        return found


def _gru(rng: np.random.Generator) -> tuple[Any, Units, Array, Any]:
    gru = fill(rng, nn.GRU(I, H, generator=0))
    x, Y, h0 = drawn(rng, T, N, I), drawn(rng, T, N, H), 0.5 * drawn(rng, 1, N, H)
    y, _ = gru(x, h0)
    named = [{g: getattr(gru, f"{k}_{g}").numpy().T for g in "rzn"} for k in "WUb"]
    net = Units(x, h0[0], *named, gru.b_hn.numpy())
    loss = (0.5 * f.sum((y - Y) ** 2)).named("L")
    return gru, net, np.array(net.h[1:]) - Y, loss


def _unit(net: Units, G: Array, to: Any) -> Iterator[ArrayAnswer]:
    yield "right", to(net.back(G))
    yield "F23 A10 K1", to(net.back(G, reset=False))
    yield "B10 A10 F6 K1", to(net.back(G, tanh=False))
    yield "B11 F19 A10 K1", to(net.back(G, gates=False))
    yield "A2 A3 K2 F23", to(net.back(G, through_z=False))
    yield "F10", to(net.back(G, state=2))
    yield "F5 A31", to(net.back(G)) / T
    yield "A18 A17 D2", -to(net.back(G))
    last = np.zeros_like(G)
    last[-1] = G[-1]
    yield "F4 F14 A33", to(net.back(last))
    yield "F1 F21 F15 A2", to(net.back(G, state=0))


@on_arrays
def gru_by_u_n(rng: np.random.Generator) -> Written:
    gru, net, G, loss = _gru(rng)
    yield loss, gru.U_n
    yield from _unit(net, G, lambda s: sum(net.h[t].T @ z["n"] for t, z in enumerate(s)).T)
    steps = net.back(G)
    yield "F9", sum(net.h[t + 1].T @ z["n"] for t, z in enumerate(steps)).T
    yield "F13 C1 J1", sum(net.h[t].T @ z["n"] for t, z in enumerate(steps))
    yield "F3 A31", (net.h[3].T @ steps[3]["n"]).T


@on_arrays
def gru_by_w_z(rng: np.random.Generator) -> Written:
    gru, net, G, loss = _gru(rng)
    yield loss, gru.W_z
    yield from _unit(net, G, lambda s: sum(net.x[t].T @ z["z"] for t, z in enumerate(s)).T)
    steps = net.back(G)
    yield "F22 A23", sum(net.x[t].T @ z["r"] for t, z in enumerate(steps)).T
    yield "F3 A31", (net.x[3].T @ steps[3]["z"]).T
