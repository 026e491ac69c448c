"""Which mistakes are one and the same on a graph, whatever its numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from grading.catalogue.classes import significant

_DIGITS: Final = 9
"""Rows that agree at all points to so many digits are one: rounding errors are smaller, chance is larger."""
_ZERO: Final = 1e-12
"""What is left of a difference of equal numbers, as a share of them."""


def numbered(rows: ArrayLike) -> list[int]:
    """A number for each row, the same for equal ones.

    >>> numbered([np.array([0.1 + 0.2, 1.0]), np.array([0.3, 1.0]), np.array([0.3, 2.0])])
    [0, 0, 1]
    """
    found = np.array(rows)
    if not found.size:
        return []
    size = np.where(np.isfinite(found), np.abs(found), 0.0)
    found = np.where(size <= _ZERO * np.median(size, axis=0), np.where(size > 0, 0.0, found), found)
    known: dict[bytes, int] = {}
    rounded = np.ascontiguousarray(significant(found, _DIGITS) + 0.0)
    bits = rounded.view(f"V{rounded[0].nbytes}").ravel().tolist()
    return [known.setdefault(b, len(known)) for b in bits]
