"""T3 by hand: an LSTM, the mean squared error of every state."""

from __future__ import annotations

import numpy as np

from benchmarks.floors import Array

ORDER = (0, 1, 3, 2)  # gates i, f, o, c̃ side by side: the three sigmoids are one call


class LongShortTerm:
    """The lecture's six equations; x (T, N, inputs), targets (T, N, H), weights W, U and b of gates i, f, c̃, o.

    Input, a one for the bias and state are one row [x, 1, h]: a time step takes one product with the joined
    weights [W, b, U], and the gradients by all of them are one product over all time steps.
    """

    def __init__(self, weights: list[Array], x: Array, targets: Array) -> None:
        self.weights, self.targets, dtype = weights, targets, x.dtype
        (T, N, H), self.inputs = targets.shape, x.shape[-1]
        width = self.inputs + 1 + H
        self.rows = np.zeros((T + 1, N, width), dtype)
        self.rows[:T, :, : self.inputs], self.rows[:, :, self.inputs] = x, 1.0
        self.joined, self.by_joined = (np.empty((4 * H, width), dtype) for _ in range(2))
        self.U = np.empty((4 * H, H), dtype)
        self.gates, self.d = (np.empty((T, N, 4 * H), dtype) for _ in range(2))
        self.c, self.tanh_c = np.zeros((T + 1, N, H), dtype), np.empty((T, N, H), dtype)
        self.by_h = np.empty((T, N, H), dtype)
        self.back, self.by_c, self.s = (np.empty((N, H), dtype) for _ in range(3))
        self.slopes = np.empty((N, 3 * H), dtype)
        self.one = np.ones((), dtype)

    @property
    def gradients(self) -> list[Array]:
        """By W, U and b, with the gates in the model's order."""
        blocks = np.split(self.by_joined, 4)
        whole, inputs = np.concatenate([blocks[ORDER.index(k)] for k in range(4)]), self.inputs
        return [whole[:, :inputs], whole[:, inputs + 1 :], whole[:, inputs]]

    def run(self) -> float:
        """The loss, and its gradients."""
        self._join()
        self._forward()
        loss = self._loss()
        self._backward()
        return loss

    def _join(self) -> None:
        inputs, H = self.inputs, self.s.shape[1]
        for place, gate in enumerate(ORDER):
            W, U, b = (w[gate * H : (gate + 1) * H] for w in self.weights)
            block = self.joined[place * H : (place + 1) * H]
            block[:, :inputs], block[:, inputs], block[:, inputs + 1 :] = W, b, U
        self.U[...] = self.joined[:, inputs + 1 :]

    def _forward(self) -> None:
        weights, one, H, s = self.joined.T, self.one, self.s.shape[1], self.s
        h = self.rows[:, :, self.inputs + 1 :]
        for t, gates in enumerate(self.gates):
            np.dot(self.rows[t], weights, out=gates)
            sigmoids, candidate = gates[:, : 3 * H], gates[:, 3 * H :]
            np.negative(sigmoids, out=sigmoids)
            np.exp(sigmoids, out=sigmoids)
            sigmoids += one
            np.divide(one, sigmoids, out=sigmoids)
            np.tanh(candidate, out=candidate)
            c = np.multiply(gates[:, H : 2 * H], self.c[t], out=self.c[t + 1])
            c += np.multiply(gates[:, :H], candidate, out=s)
            np.tanh(c, out=self.tanh_c[t])
            np.multiply(gates[:, 2 * H : 3 * H], self.tanh_c[t], out=h[t + 1])

    def _loss(self) -> float:
        """The loss; leaves its gradient by each h_t in by_h."""
        h, n = self.rows[1:, :, self.inputs + 1 :], self.targets.size
        np.subtract(h, self.targets, out=self.by_h)
        flat = self.by_h.reshape(-1)
        loss = float(flat.dot(flat)) / n
        self.by_h *= 2.0 / n
        return loss

    def _backward(self) -> None:
        self.back[...] = self.by_c[...] = 0.0
        for t in reversed(range(len(self.d))):
            self._step_back(t)
        d = self.d.reshape(-1, self.d.shape[-1])
        np.dot(d.T, self.rows[:-1].reshape(len(d), -1), out=self.by_joined)

    def _step_back(self, t: int) -> None:
        H, one, s, slopes = self.s.shape[1], self.one, self.s, self.slopes
        gates, d, by_h, by_c = self.gates[t], self.d[t], self.by_h[t], self.by_c
        by_h += self.back
        tanh_c, candidate = self.tanh_c[t], gates[:, 3 * H :]
        np.multiply(by_h, tanh_c, out=d[:, 2 * H : 3 * H])
        by_h *= gates[:, 2 * H : 3 * H]
        np.multiply(tanh_c, tanh_c, out=s)
        np.subtract(one, s, out=s)
        by_h *= s
        by_c += by_h
        np.multiply(by_c, candidate, out=d[:, :H])
        np.multiply(by_c, self.c[t], out=d[:, H : 2 * H])
        np.subtract(one, gates[:, : 3 * H], out=slopes)
        slopes *= gates[:, : 3 * H]
        d[:, : 3 * H] *= slopes
        np.multiply(candidate, candidate, out=s)
        np.subtract(one, s, out=s)
        s *= gates[:, :H]
        np.multiply(by_c, s, out=d[:, 3 * H :])
        by_c *= gates[:, H : 2 * H]
        if t:
            np.dot(d, self.U, out=self.back)
