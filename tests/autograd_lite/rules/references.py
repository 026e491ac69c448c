"""Derivatives of order 0 to 3 as the graph computes them, and as mpmath's differences do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from autograd_lite import Tape, Tensor, Value


def of_value(f: Callable[[Any], Any], x: float, order: int = 3) -> list[float]:
    """f, f', f'', f''' at a number."""
    leaf = Value(x)
    y = f(leaf)
    found = [y]
    for _ in range(order):
        y = Tape(y).adjoints(graph=True).get(leaf, Value(0.0))
        found.append(y)
    return [node.item() for node in found]


def of_tensor(f: Callable[[Any], Any], x: Any, order: int = 3) -> list[np.ndarray]:
    """The same for an array, entry by entry (for a reduction: the sums of its Jacobian's rows)."""
    leaf = Tensor(x, requires_grad=True)
    y = f(leaf)
    found = [y]
    for _ in range(order):
        y = (
            Tape(y)
            .adjoints(np.ones(y.shape), graph=True)
            .get(leaf, Tensor(np.zeros(leaf.shape, leaf.dtype)))
        )
        found.append(y)
    return [node.numpy() for node in found]


def of_mpmath(f: Callable[[Any], Any], x: float, order: int = 3) -> list[float]:
    """The same with sixty digits."""
    with mpmath.workdps(60):
        return [float(mpmath.diff(f, mpmath.mpf(x), n)) for n in range(order + 1)]


def gradient(f: Callable[[Any], Any], x: Any) -> np.ndarray:
    """The first-order gradient of Σ f, by the sweep on plain arrays."""
    leaf = Tensor(x, requires_grad=True)
    f(leaf).sum().backward()
    return leaf.grad


def tangent(f: Callable[[Any], Any], x: Any, direction: Any) -> np.ndarray:
    """The tangent of f at x along a direction, by the forward sweep."""
    leaf = Tensor(x, requires_grad=True)
    y = f(leaf)
    return Tape(y).tangents({leaf: np.asarray(direction, leaf.dtype)})[y]
