"""Measures that square their entries, also where the squares leave the range of the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Axis, Operand

_SMALLEST: Final = {
    np.dtype(t): float(np.finfo(t).tiny / np.finfo(t).eps) for t in (np.float32, np.float64)
}
"""Below, a square has lost digits."""


@np.errstate(over="ignore", under="ignore")
def measured(measure: Callable[[Any], Any], x: Operand, axis: Axis, degree: int = 1) -> Any:
    """The measure of x along axes, if need be of x divided by a power of two.

    measure  x -> y with measure(2ᵏ·x) = 2^(k·degree)·measure(x), from squares of the entries
    """
    y = measure(x)
    if is_ordinary(y, degree):
        return y
    x = np.asarray(x, getattr(y, "dtype", None))
    peak = np.max(np.abs(x), axis=axis, keepdims=True, initial=0.0)
    exponent = np.frexp(np.where(np.isfinite(peak), peak, 1.0))[1]
    y = measure(np.ldexp(x, -exponent))
    return np.ldexp(y, degree * np.reshape(exponent, np.shape(y)))


def is_ordinary(y: Operand, degree: int) -> bool:
    """Whether every entry is finite, and so large that the squares it came from have all their digits.

    Numbers that are still to come, in a recording, are taken for such.
    """
    if not isinstance(y, (np.ndarray, np.generic)) or not y.size:
        return True
    y = np.asarray(y)
    smallest = _SMALLEST.get(y.dtype, 0.0) ** (degree / 2)
    return bool(y.item(y.argmin()) >= smallest and y.item(y.argmax()) < math.inf)
