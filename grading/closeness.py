"""How near an answer has to be: as near as its own digits say."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

EXACT: Final = 1e-9
"""relative: for fractions, and for numbers with so many digits that a program printed them"""
PRINTED: Final = 12
"""digits from which on a program printed a number"""
HAND: Final = 3.0
"""half units in the last place that work by hand may be off: ± 1.5 units"""
FEWEST: Final = 3
"""digits below which nothing is said"""
_SINGLE: Final = 4 * 2.0**-24
_DIFFERENCE: Final = 1e-4
_SLIGHT: Final = 1e-6
"""of the largest entry, that small entries of a numerical derivative may be off"""
_BITS: Final = 1e-12
_SUMS: Final = 1e-14
"""of the largest number at hand, that sums in another order differ by"""
_NOTHING: Final = 1e-15
"""what a program prints for a zero, such as the cosine of a right angle"""


class Number(Protocol):
    """What is needed of an answer that was read: its value, digits, and half a unit in its last place."""

    @property
    def value(self) -> Any:
        """A float, an array or a formula."""

    @property
    def digits(self) -> int | None:
        """Significant digits; None where the answer is exact, as a fraction is."""

    @property
    def unit(self) -> Any:
        """Half a unit in the last place, a float or an array; 0 where the answer is exact."""


def half_width(typed: Number, *, hand: bool = False) -> NDArray[Any]:
    """How far from the answer the number that was meant may lie, for each entry.

    Numbers of fewer than three digits stand for themselves alone: 2 is not "between 1.5 and 2.5". So does
    zero, however many zeros are written: 0.000 has no significant digit, and is no small number.
    """
    values = np.abs(np.asarray(typed.value, float))
    exact = EXACT * values
    if not values.any() or typed.digits is None or typed.digits < FEWEST:
        return np.asarray(exact)
    if typed.digits >= PRINTED:
        return np.asarray(np.maximum(exact, _SINGLE * values if _is_single(typed.value) else 0.0))
    unit = np.asarray(typed.unit, float) * (HAND if hand else 1.0)
    return np.asarray(np.maximum(unit, _BITS * values))


def _is_single(values: Any) -> bool:
    """Whether every entry is a number that single precision can hold, which chance hardly makes."""
    array = np.asarray(values, float)
    with np.errstate(over="ignore"):
        single = array.astype(np.float32).astype(float)
    return bool(np.all(single == array) and np.any(array != np.round(array, 4)))


def close(values: ArrayLike, typed: Any, width: ArrayLike, scale: float = 0.0) -> NDArray[np.bool_]:
    """Where values are within the width of what was typed; never where either is nan or infinite.

    scale  the size of the numbers at hand: rounding errors of theirs are not held against a zero
    """
    with np.errstate(invalid="ignore"):
        values, typed = np.asarray(values, float), np.asarray(typed, float)
        least = np.where((values == 0) | (typed == 0), _NOTHING, 0.0)
        gap = np.abs(values - typed)
        most = np.maximum(np.maximum(width, _SUMS * scale), least) * (1 + 1e-9)
        return np.asarray((gap <= most) & np.isfinite(most))


def truncated(right: ArrayLike, typed: Any, width: ArrayLike) -> NDArray[np.bool_]:
    """Where what was typed is the right value with its later digits cut off."""
    right, typed = np.asarray(right, float), np.asarray(typed, float)
    cut = np.abs(right) - np.abs(typed)
    with np.errstate(invalid="ignore"):
        same_side = np.sign(right) * np.sign(typed) >= 0
        return np.asarray(same_side & (cut >= 0) & (cut < 2 * np.asarray(width) * (1 - 1e-9)))


def nearly(right: ArrayLike, typed: Number, *, differences: bool = True) -> str:
    """Why an answer that is a little off is right all the same, or nothing: how it was computed.

    differences  whether it may be a numerical derivative
    """
    value = np.asarray(typed.value, float)
    if typed.digits is None or typed.digits < 8:
        return ""
    right = np.asarray(right, float)
    scale = np.max(np.abs(right), initial=0.0)
    off = np.abs(value - right)
    if not np.isfinite(scale) or not np.all(off <= _DIFFERENCE * np.abs(right) + _SLIGHT * scale):
        return ""
    gap = np.max(off, initial=0.0)
    if _is_single(value) or gap <= _SINGLE * scale:
        return "It looks like a number in single precision."
    return "It looks like a numerical derivative: it is a little off." if differences else ""
