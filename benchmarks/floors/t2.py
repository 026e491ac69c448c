"""T2 by hand: a vanilla recurrent network, the mean squared error of every state."""

from __future__ import annotations

import numpy as np

from benchmarks.floors import Array


class Recurrent:
    """h_t = tanh(W·x_t + U·h_{t-1} + b), h_0 = 0; x (T, N, inputs), targets (T, N, H).

    The input's part of every step is one product, and so is each weight's gradient.
    """

    def __init__(self, weights: list[Array], x: Array, targets: Array) -> None:
        self.W, self.U, self.b = weights
        self.targets, dtype = targets, x.dtype
        T, N, H = targets.shape
        self.rows = x.reshape(T * N, -1)
        self.by_x, self.d, self.slack = (np.empty((T, N, H), dtype) for _ in range(3))
        self.h = np.zeros((T + 1, N, H), dtype)
        self.back, self.scratch = np.zeros((N, H), dtype), np.empty((N, H), dtype)
        self.ones, self.one = np.ones(T * N, dtype), np.ones((), dtype)
        self.gradients = [np.empty_like(w) for w in weights]

    def run(self) -> float:
        """The loss, and its gradients."""
        self._forward()
        loss = self._loss()
        self._backward()
        return loss

    def _forward(self) -> None:
        h, by_x = self.h, self.by_x
        Ut = np.ascontiguousarray(self.U.T)  # as rows, which small products read faster
        np.dot(self.rows, self.W.T, out=by_x.reshape(len(self.rows), -1))
        by_x += self.b
        for t in range(len(by_x)):
            by_x[t] += np.dot(h[t], Ut, out=self.scratch)
            np.tanh(by_x[t], out=h[t + 1])

    def _loss(self) -> float:
        """The loss; leaves its gradient by each h_t in d."""
        d = np.subtract(self.h[1:], self.targets, out=self.d)
        flat = d.reshape(-1)
        loss = float(flat.dot(flat)) / d.size
        d *= 2.0 / d.size
        return loss

    def _backward(self) -> None:
        h, d, U, back, s = self.h, self.d, self.U, self.back, self.scratch
        back[...] = 0.0
        for t in reversed(range(len(d))):
            d_t, h_t = d[t], h[t + 1]
            d_t += back
            np.multiply(h_t, h_t, out=s)
            np.subtract(self.one, s, out=s)
            d_t *= s
            if t:
                np.dot(d_t, U, out=back)
        H = d.shape[-1]
        by_W, by_U, by_b = self.gradients
        rows = d.reshape(-1, H)
        np.dot(rows.T, self.rows, out=by_W)
        np.dot(rows.T, h[:-1].reshape(-1, H), out=by_U)
        np.dot(self.ones, rows, out=by_b)
