"""The optimisers' steps, entry by entry in plain Python: what Numba compiles where it is installed.

Each is the rule of its optimiser's file in scalars, with the same operations in the same order. What
was written is not read again, since the compiler cannot know that arrays do not overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def adam(arrays: Any, c: Any) -> None:
    """Adam and AdamW."""
    w, g, m, v, largest = arrays
    for i in range(w.size):
        w_i = w[i] * c.shrink
        g_i = g[i] + c.decay * w_i if c.decay else g[i]
        m_i = m[i] * c.beta1 + g_i * c.rest1
        v_i = v[i] * c.beta2 + g_i * g_i * c.rest2
        m[i], v[i] = m_i, v_i
        if c.amsgrad:
            v_i = np.maximum(v_i, largest[i])
            largest[i] = v_i
        w[i] = w_i - m_i / (np.sqrt(v_i) + c.eps) * c.rate


def rmsprop(arrays: Any, c: Any) -> None:
    """RMSprop."""
    w, g, v, a, b = arrays
    zero = w.dtype.type(0.0)
    for i in range(w.size):
        w_i = w[i]
        g_i = g[i] + c.decay * w_i if c.decay else g[i]
        v_i = v[i] * c.alpha + g_i * g_i * c.rest
        v[i] = v_i
        if c.centered:
            a_i = a[i] + c.rest * (g_i - a[i])
            a[i] = a_i
            v_i = np.maximum(v_i - a_i * a_i, zero)
        b_i = g_i / (np.sqrt(v_i) + c.eps)
        if c.momentum:
            b_i = b[i] * c.momentum + b_i
            b[i] = b_i
        w[i] = w_i - b_i * c.lr


def sgd(arrays: Any, c: Any) -> None:
    """SGD, with momentum or without."""
    w, g, b = arrays
    for i in range(w.size):
        w_i = w[i]
        g_i = g[i] + c.decay * w_i if c.decay else g[i]
        if c.momentum:
            b_i = b[i] * c.momentum + g_i * c.rest
            b[i] = b_i
            g_i = g_i + c.momentum * b_i if c.nesterov else b_i
        w[i] = w_i - g_i * c.lr
