"""What was measured at one size, and how fast a cost grows: the exponent p of cost ∝ sizeᵖ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

LARGEST = 3  # sizes: below them it is the constant part of a cost that counts


class Point(NamedTuple):
    """Value and gradient at one size: the shortest seconds, and the MB above those before it was set up."""

    size: int
    seconds: float
    megabytes: float


def slope(sizes: Sequence[float], costs: Sequence[float], largest: int = LARGEST) -> float | None:
    """The least-squares slope of log cost by log size over the largest sizes; None of fewer than two.

    >>> slope([1, 10, 100], [2, 20, 200])
    1.0
    """
    if len(sizes) < 2:
        return None
    x, y = np.log(sizes[-largest:]), np.log(costs[-largest:])
    x = x - x.mean()
    return round(float(x @ y / (x @ x)), 6)
