"""T1 by hand: a perceptron with rectifiers and softmax cross-entropy."""

from __future__ import annotations

import numpy as np

from benchmarks.floors import Array


class Perceptron:
    """The mean cross-entropy of classes, x (n, d), targets (n,), weights W₁, b₁, W₂, b₂, …"""

    def __init__(self, weights: list[Array], x: Array, targets: Array) -> None:
        self.W, self.b = weights[::2], weights[1::2]
        self.places = (np.arange(len(x)), targets)
        self.h = [x] + [np.empty((len(x), len(b)), x.dtype) for b in self.b]
        self.d = [np.empty_like(h) for h in self.h]
        self.on = [np.empty(h.shape, bool) for h in self.h]
        self.ones = np.ones(len(x), x.dtype)
        self.gradients = [np.empty_like(w) for w in weights]
        self.zero = np.zeros((), x.dtype)
        self.is_peak = np.empty((len(x), len(self.b[-1])), bool)

    def run(self) -> float:
        """The loss, and its gradients."""
        loss = self._forward()
        self._backward()
        return loss

    def _forward(self) -> float:
        h = self.h
        for k, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            np.dot(h[k], W.T, out=h[k + 1])
            h[k + 1] += b
            if k + 1 < len(self.W):
                np.maximum(h[k + 1], self.zero, out=h[k + 1])
        log_p = h[-1]
        log_p -= np.maximum.reduce(log_p, 1, keepdims=True)
        log_p -= self._log_of_sums(log_p)
        return -float(np.add.reduce(log_p[self.places])) / len(log_p)

    def _log_of_sums(self, d: Array) -> Array:
        """Of entries whose largest is 0: log Σ e^d as log k + log(1 + rest/k), with k zeros."""
        p = np.exp(d, out=self.d[-1])
        np.copyto(p, self.zero, where=np.equal(d, self.zero, out=self.is_peak))
        k = np.add.reduce(self.is_peak, 1, dtype=d.dtype, keepdims=True)
        rest = np.add.reduce(p, 1, keepdims=True)
        rest /= k
        return np.log(k) + np.log1p(rest, out=rest)

    def _backward(self) -> None:
        d = self.d
        np.exp(self.h[-1], out=d[-1])
        d[-1][self.places] = np.expm1(self.h[-1][self.places])
        d[-1] /= len(d[-1])
        for k in reversed(range(len(self.W))):
            by_W, by_b = self.gradients[2 * k : 2 * k + 2]
            np.dot(d[k + 1].T, self.h[k], out=by_W)
            np.dot(self.ones, d[k + 1], out=by_b)
            if k:
                np.dot(d[k + 1], self.W[k], out=d[k])
                d[k] *= np.greater(self.h[k], self.zero, out=self.on[k])
