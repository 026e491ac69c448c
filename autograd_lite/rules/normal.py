"""The normal distribution: its bell curve, what lies below a number with all digits far out, and erf."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final

import numpy as np

from autograd_lite.operands import Operand
from autograd_lite.rules.namespaces import Namespace, arrays
from autograd_lite.rules.rule import elementwise

_TWO_OVER_ROOT_PI: Final = 2.0 / math.sqrt(math.pi)
_ROOT_HALF: Final = math.sqrt(0.5)
_DENSITY_AT_0: Final = 1.0 / math.sqrt(2.0 * math.pi)
_FAR: Final = -3.0
"""Below, the rounding of x·√½ alone would move Φ(x), and the libraries' erfc loses more digits yet."""
_TERMS: Final = 60


def _bell_by_parts(xp: Namespace, x: Operand, k: Operand) -> Any:
    """e^(-kx²) with x² = h² + (x - h)(x + h); h of few digits, so that its square is exact."""
    h = xp.minimum(xp.maximum(xp.rint(16.0 * x) / 16.0, -64.0), 64.0)
    return xp.exp(-k * h * h) * xp.exp(-k * (x - h) * (x + h))


@elementwise(
    # from the right: y is 0 far out, and 2kx or x² may be beyond all numbers
    lambda xp, y, x, k: -2.0 * (k * (x * y)),
    lambda xp, y, x, k: -x * (x * y),
    formula=lambda xp, x, k: xp.exp(-k * x**2),
    latex="e^{{-{1} {0}^2}}",
    source={"python": _bell_by_parts, "numpy": "bell({0}, {1})"},
)
def bell(xp: Namespace, x: Operand, k: Operand) -> Any:
    """A bell curve: y = e^(-kx²), ∂y/∂x = -2kxy, ∂y/∂k = -x²y; k is 1 or ½.

    x² is h² + (x - h)(x + h): with few digits in h its square is exact, and nothing is lost far out,
    where the rounding of x² alone would move y by many units in the last place.

    >>> bell(0.0, 1.0)
    1.0
    """
    if type(x) is float:  # by hand: NumPy's functions of one number are slow
        h = min(max(round(16.0 * x) / 16.0, -64.0), 64.0)
        return xp.exp(-k * h * h) * xp.exp(-k * (x - h) * (x + h))
    return _bell_by_parts(xp, x, k) if _is_number(x) else xp.exp(-k * x * x)


def _is_number(x: Operand) -> bool:
    return isinstance(x, (int, np.ndarray, np.generic))


def density(xp: Namespace, x: Operand) -> Any:
    """Φ'(x) = e^(-x²/2)/√(2π)."""
    return _DENSITY_AT_0 * xp.bell(x, 0.5)


def _far_below(xp: Namespace, x: Operand) -> Any:
    """Φ(x) = Φ'(x)/(t + 1/(t + 2/(t + 3/(t + …)))) with t = -x, Laplace's continued fraction."""
    rest = -x
    for k in range(_TERMS, 0, -1):
        rest = k / rest - x
    return _DENSITY_AT_0 * xp.bell(x, 0.5) / rest


def _by_places(xp: Namespace, x: Operand) -> Any:
    far = _far_below(xp, xp.minimum(x, _FAR))
    return xp.where(x < _FAR, far, 0.5 * xp.erfc(-_ROOT_HALF * x))


@elementwise(
    lambda xp, y, x: _TWO_OVER_ROOT_PI * xp.bell(x, 1.0),
    formula=lambda xp, x: xp.erf(x),
    slopes=[lambda xp, y, x: 2.0 / math.sqrt(math.pi) * xp.exp(-x * x)],
    latex=r"\mathrm{{erf}}\,{0}",
    source={"numpy": "erf({0})"},
)
def erf(xp: Namespace, x: Operand) -> Any:
    """The error function: y = 2/√π · ∫ e^(-t²) dt from 0 to x, ∂y/∂x = 2/√π · e^(-x²).

    >>> erf(0.0)
    0.0
    """
    return math.erf(x) if isinstance(x, (int, float)) else of_arrays("erf")(x)


@cache
def of_arrays(name: str) -> Callable[[Any], Any]:
    """`erf` or `erfc` of arrays, which NumPy has not: SciPy's are thirty times faster than math's."""
    try:
        theirs: Callable[[Any], Any] = getattr(importlib.import_module("scipy.special"), name)
    except ImportError:
        return partial(_by_entry, getattr(math, name))
    return theirs


def _by_entry(f: Callable[[float], float], x: Operand) -> Any:
    x = np.asarray(x)
    y = np.fromiter(map(f, x.flat), np.float64, x.size).reshape(x.shape)
    return y.astype(x.dtype) if x.dtype.kind == "f" else y


@elementwise(
    lambda xp, y, x: density(xp, x),
    formula=lambda xp, x: (1 + xp.erf(x / xp.sqrt(2))) / 2,
    slopes=[lambda xp, y, x: xp.exp(-(x**2) / 2) / xp.sqrt(2 * xp.pi)],
    latex=r"\Phi({0})",
    source={"python": _by_places, "numpy": "ncdf({0})"},
)
def ncdf(xp: Namespace, x: Operand) -> Any:
    """The distribution function of the standard normal: y = Φ(x) = (1 + erf(x/√2))/2, ∂y/∂x = Φ'(x).

    >>> ncdf(0.0), ncdf(-1000.0)
    (0.5, 0.0)
    """
    if type(x) is float:
        return _far_below(xp, x) if x < _FAR else 0.5 * math.erfc(-_ROOT_HALF * x)
    if not _is_number(x):
        return 0.5 * (1.0 + xp.erf(_ROOT_HALF * x))
    double = np.asarray(x, np.float64)
    y = np.asarray(0.5 * of_arrays("erfc")(-_ROOT_HALF * double))
    far = double < _FAR
    if far.any():
        y[far] = _far_below(arrays, double[far])
    return y.astype(np.float32, copy=False) if getattr(x, "dtype", None) == np.float32 else y
