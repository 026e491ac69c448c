"""Which mistakes are one and the same on a graph, whatever its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from grading.catalogue.classes import significant
from grading.scalars.lift import Row

_DIGITS: Final = 9
"""Rows that agree at all points to so many digits are one: rounding errors are smaller, chance is larger."""


def numbered(rows: Sequence[Row]) -> list[int]:
    """A number for each row, the same for equal ones."""
    if not rows:
        return []
    known: dict[bytes, int] = {}
    rounded = significant(np.array(rows), _DIGITS) + 0.0
    return [known.setdefault(r.tobytes(), len(known)) for r in rounded]
