"""T6 by hand: y ← tanh(y·w + b) on small arrays, one operation after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.floors import Array


class Chain:
    """The sum of the last y; every operation and each of its derivatives is a call of NumPy, as in a graph.

    Gathering the steps into one array would be faster, and would no longer measure the price of a call.
    """

    def __init__(self, inputs: Sequence[Array], operations: int) -> None:
        y, self.w, self.b = inputs
        self.y = [y, *(np.empty_like(y) for _ in range(operations // 3))]
        self.gradients = [np.empty_like(y) for _ in inputs]
        self.scratch = np.empty_like(y)
        self.one = np.ones((), y.dtype)  # Python's 1 would be converted at every call

    def run(self) -> float:
        """The sum, and its gradients by y, w and b."""
        self._forward()
        self._backward()
        return float(np.add.reduce(self.y[-1]))

    def _forward(self) -> None:
        multiply, add, tanh, w, b = np.multiply, np.add, np.tanh, self.w, self.b
        y = self.y[0]
        for after in self.y[1:]:
            multiply(y, w, after)
            add(after, b, after)
            y = tanh(after, after)

    def _backward(self) -> None:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        w, one, s = self.w, self.one, self.scratch
        g, by_w, by_b = self.gradients
        g[...], by_w[...], by_b[...] = 1.0, 0.0, 0.0
        y = self.y[-1]
        for before in self.y[-2::-1]:
            multiply(y, y, s)
            subtract(one, s, s)
            multiply(g, s, g)
            add(by_b, g, by_b)
            multiply(g, before, s)
            add(by_w, s, by_w)
            multiply(g, w, g)
            y = before
