"""T3 by hand: an LSTM, the mean squared error of every state."""

from __future__ import annotations

import numpy as np

from benchmarks.floors import Array

I, F, O, C = range(4)  # places of the gates here: three sigmoids side by side are one call
IN_MODEL = {I: 0, F: 1, C: 2, O: 3}


class LongShortTerm:
    """The lecture's six equations; x (T, N, inputs), targets (T, N, H).

    weights  W, U and b, each of the gates i, f, c̃, o

    Input, a one for the bias and state are one row [x, 1, h]: a gate takes one product with [W, b, U].
    A gate at one time is one block of memory, for its functions; its adjoint stands beside those of the
    other gates, for the product by all U, and for the one over all time steps that is the gradient.
    """

    def __init__(self, weights: list[Array], x: Array, targets: Array) -> None:
        (T, N, H), self.inputs, dtype = targets.shape, x.shape[-1], x.dtype
        self.W, self.U, self.b = (w.reshape(4, H, *w.shape[1:]) for w in weights)
        self.targets = targets
        width = self.inputs + 1 + H
        self.rows = np.zeros((T + 1, N, width), dtype)
        self.rows[:T, :, : self.inputs], self.rows[:, :, self.inputs] = x, 1.0
        self.joined, self.by_joined = (
            np.empty((4, width, H), dtype),
            np.empty((width, 4 * H), dtype),
        )
        self.joined_U = np.empty((4, H, H), dtype)
        self.gates, self.d_t = np.empty((4, T, N, H), dtype), np.empty((4, N, H), dtype)
        self.d = np.empty((T, N, 4 * H), dtype)
        self.c, self.tanh_c = np.zeros((T + 1, N, H), dtype), np.empty((T, N, H), dtype)
        self.by_h = np.empty((T, N, H), dtype)
        self.by_c, self.s, self.slopes = (np.empty((*k, N, H), dtype) for k in ((), (), (3,)))
        self.one = np.ones((), dtype)

    @property
    def gradients(self) -> list[Array]:
        """By W, U and b, with the gates in the model's order."""
        blocks, inputs = np.split(self.by_joined, 4, 1), self.inputs
        whole = np.concatenate([blocks[gate].T for gate in IN_MODEL])
        return [whole[:, :inputs], whole[:, inputs + 1 :], whole[:, inputs]]

    def run(self) -> float:
        """The loss, and its gradients."""
        self._join()
        for t in range(len(self.targets)):
            self._step(t)
        loss = self._loss()
        self._backward()
        return loss

    def _join(self) -> None:
        inputs = self.inputs
        for gate, k in IN_MODEL.items():
            # a sigmoid begins with the exponential of -a: its minus is taken here, once for all time
            sign = np.positive if gate == C else np.negative
            sign(self.W[k].T, out=self.joined[gate, :inputs])
            sign(self.b[k], out=self.joined[gate, inputs])
            sign(self.U[k].T, out=self.joined[gate, inputs + 1 :])
            self.joined_U[gate] = self.U[k]

    def _step(self, t: int) -> None:
        gates, one, s = self.gates[:, t], self.one, self.s
        for gate, weights in zip(gates, self.joined, strict=True):
            np.dot(self.rows[t], weights, out=gate)
        sigmoids = np.exp(gates[:C], out=gates[:C])
        np.add(sigmoids, one, out=sigmoids)
        np.divide(one, sigmoids, out=sigmoids)
        np.tanh(gates[C], out=gates[C])
        c = np.multiply(gates[F], self.c[t], out=self.c[t + 1])
        np.add(c, np.multiply(gates[I], gates[C], out=s), out=c)
        np.tanh(c, out=self.tanh_c[t])
        h = self.rows[t + 1, :, self.inputs + 1 :]
        np.multiply(gates[O], self.tanh_c[t], out=h)

    def _loss(self) -> float:
        """The loss; leaves its gradient by each h_t in by_h."""
        n = self.targets.size
        np.subtract(self.rows[1:, :, self.inputs + 1 :], self.targets, out=self.by_h)
        flat = self.by_h.reshape(-1)
        loss = float(flat.dot(flat)) / n
        self.by_h *= 2.0 / n
        return loss

    def _backward(self) -> None:
        self.by_c[...] = 0.0
        T, N, wide = self.d.shape
        U, beside = self.joined_U.reshape(wide, -1), self.d.reshape(T, N, 4, -1).swapaxes(1, 2)
        for t in reversed(range(T)):
            self._step_back(t)
            beside[t] = self.d_t
            if t:
                self.by_h[t - 1] += np.dot(self.d[t], U, out=self.s)
        np.dot(self.rows[:-1].reshape(T * N, -1).T, self.d.reshape(T * N, wide), out=self.by_joined)

    def _step_back(self, t: int) -> None:
        gates, d, by_h, by_c = self.gates[:, t], self.d_t, self.by_h[t], self.by_c
        one, s, slopes, tanh_c = self.one, self.s, self.slopes, self.tanh_c[t]
        np.multiply(by_h, tanh_c, out=d[O])
        by_h *= gates[O]
        np.multiply(tanh_c, tanh_c, out=s)
        by_h *= np.subtract(one, s, out=s)
        by_c += by_h
        np.multiply(by_c, gates[C], out=d[I])
        np.multiply(by_c, self.c[t], out=d[F])
        np.subtract(one, gates[:C], out=slopes)
        slopes *= gates[:C]
        d[:C] *= slopes
        np.multiply(gates[C], gates[C], out=s)
        np.subtract(one, s, out=s)
        s *= gates[I]
        np.multiply(by_c, s, out=d[C])
        by_c *= gates[F]
