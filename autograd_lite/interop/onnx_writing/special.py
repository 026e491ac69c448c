"""The error function and its kin, to the last digits: ONNX's own is good to half of them in some runtimes.

Near 0 by its series; from 1 on by the trapezoidal rule with the pole's correction, whose error is below
rounding: erfc(x) = h·x·e^(-x²)/π · (1/x² + 2·Σ e^(-k²h²)/(x² + k²h²)) + 2/(1 - e^(2πx/h)), Σ over k ≥ 1
(D. B. Hunter and T. Regan, A note on the evaluation of the complementary error function, Mathematics of
Computation 26, 1972).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import (
    absolute,
    exp,
    larger,
    smaller,
    unary,
    where,
)
from autograd_lite.interop.onnx_writing.wires import Wire, cast
from autograd_lite.rules import RULES

_STEP: Final = 0.5
_POINTS: Final = 13
_TERMS: Final = 20
_SERIES: Final[list[float]] = [
    (-1) ** n * 2 / math.sqrt(math.pi) / (math.factorial(n) * (2 * n + 1)) for n in range(_TERMS)
]


def _near(x: Wire) -> Wire:
    """Erf x for |x| ≤ 1: 2/√π · Σ (-1)ⁿ x^(2n+1)/(n!·(2n+1))."""
    square: Wire = x * x
    total: Wire = square * _SERIES[-1] + _SERIES[-2]
    for term in reversed(_SERIES[:-2]):
        total = total * square + term
    return total * x


def _beyond(x: Wire) -> Wire:
    """Erfc x for x ≥ 1."""
    square = x * x
    total = 1.0 / square
    for k in range(1, _POINTS + 1):
        nodes = (k * _STEP) ** 2
        total = total + 2.0 * math.exp(-nodes) / (square + nodes)
    turn = 2.0 * math.pi / _STEP * smaller(x, 6.0)  # from there on it is far below rounding
    return _bell(x) * (_STEP / math.pi * x * total) - where(x < 6.0, 2.0 / (exp(turn) - 1.0), 0.0)


def _bell(x: Wire, k: float = 1.0) -> Wire:
    """e^(-kx²) with x² = h² + (x - h)(x + h); h of few digits, so that its square is exact."""
    h = larger(smaller(unary("Round", 16.0 * x) / 16.0, 64.0), -64.0)
    return exp(-k * h * h) * exp(-k * (x - h) * (x + h))


def _erf(x: Wire) -> Wire:
    if x.dtype == np.float32:
        return unary("Erf", x)
    size = absolute(x)
    far = unary("Sign", x) * (1.0 - _beyond(larger(smaller(size, 30.0), 1.0)))
    return where(size < 1.0, _near(larger(smaller(x, 1.0), -1.0)), far)


def _ncdf(x: Wire) -> Wire:
    """Φ(x) = erfc(-x/√2)/2, in float64: below, 1 + erf(x/√2) has lost its digits."""
    wide = x if x.dtype == np.float64 else cast(x, np.float64)
    z = math.sqrt(0.5) * wide
    size = absolute(z)
    tail = 0.5 * _beyond(larger(smaller(size, 30.0), 1.0))
    near = 0.5 + 0.5 * _near(larger(smaller(z, 1.0), -1.0))
    y = where(size < 1.0, near, where(z < 0.0, tail, 1.0 - tail))
    return y if x.dtype == np.float64 else cast(y, x.dtype)


def _bell_of(x: Any, k: Any) -> Wire:
    return _bell(x, k)


SPECIAL: Final[dict[Any, Translation]] = {
    RULES["erf"]: _erf, RULES["ncdf"]: _ncdf, RULES["bell"]: _bell_of,
}  # fmt: skip
