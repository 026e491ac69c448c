"""Optimisers for libraries that bring none: on arrays in place, and as functions for jax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

LEARNING_RATE, BETA_1, BETA_2, EPS = 1e-3, 0.9, 0.999, 1e-8  # Adam's defaults


def sgd(lr: float) -> Callable[[Any, Any], None]:
    """Gradient descent on arrays, in place."""

    def update(weights: Any, gradients: Any) -> None:
        for w, g in zip(weights, gradients, strict=True):
            np.subtract(w, lr * g, out=w)

    return update


class Adam:
    """Adam on arrays as its authors write it."""

    def __init__(self) -> None:
        self.t = 0
        self.memories: list[tuple[Any, Any]] = []

    def __call__(self, weights: Any, gradients: Any) -> None:
        """Move the weights in place."""
        self.t += 1
        memories = self.memories = self.memories or [(0.0, 0.0)] * len(weights)
        for i, (w, g) in enumerate(zip(weights, gradients, strict=True)):
            m, v = memories[i]
            m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
            memories[i] = (m, v)
            m_hat, v_hat = m / (1 - BETA_1**self.t), v / (1 - BETA_2**self.t)
            np.subtract(w, LEARNING_RATE * m_hat / (np.sqrt(v_hat) + EPS), out=w)


def jax_sgd(lr: float) -> Callable[..., Any]:
    """Gradient descent as a function: (weights, gradients, state) gives new weights and state."""

    def update(weights: Any, gradients: Any, state: Any) -> Any:
        return [w - lr * g for w, g in zip(weights, gradients, strict=True)], state

    return update


def jax_adam(weights: Any, gradients: Any, state: Any) -> Any:
    """Adam as a function; the state is the number of steps, the means and the squares' means."""
    import jax.numpy as jnp

    t, ms, vs = state or (0, [0.0 * w for w in weights], [0.0 * w for w in weights])
    t = t + 1
    ms = [BETA_1 * m + (1 - BETA_1) * g for m, g in zip(ms, gradients, strict=True)]
    vs = [BETA_2 * v + (1 - BETA_2) * g * g for v, g in zip(vs, gradients, strict=True)]
    after = [
        w - LEARNING_RATE * (m / (1 - BETA_1**t)) / (jnp.sqrt(v / (1 - BETA_2**t)) + EPS)
        for w, m, v in zip(weights, ms, vs, strict=True)
    ]
    return after, (t, ms, vs)
