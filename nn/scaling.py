"""Numbers whose squares leave the range of floats, brought near 1 by powers of two, which round nothing."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite.rules.namespaces import plain

_FLOATING: Final = (np.dtype(np.float32), np.dtype(np.float64))


def rescaled(x: Any, axis: Any, eps: float) -> tuple[Any, Any]:
    """x·2⁻ᵏ and eps·4⁻ᵏ, with one k along axes, 0 where the squares of x are ordinary numbers.

    What does not change when x and √eps grow together, as x/√(mean x² + eps), has that value of both.

    x    of any shape; a node stays one
    eps  what is added to squares: beside it small ones may vanish
    """
    numbers = np.asarray(plain(x))
    if numbers.dtype not in _FLOATING or not numbers.size:
        return x, eps
    peak = np.max(np.abs(numbers), axis=axis, keepdims=True)
    limit = (
        np.finfo(numbers.dtype).max ** 0.2
    )  # so that products of two sums of squares stay ordinary too
    strange = np.isfinite(peak) & (
        (peak > limit) | ((peak < 1.0 / limit) & (peak > 0) & (eps == 0))
    )
    if not strange.any():
        return x, eps
    k = np.where(strange, np.frexp(peak)[1], 0)
    # in two steps: 2⁻ᵏ itself may be beyond the floats
    half, one = k // 2, numbers.dtype.type(1.0)
    x = x * np.ldexp(one, -half) * np.ldexp(one, half - k)
    return x, np.ldexp(one * eps, -2 * k)
