"""What was given, with the digits that count: its own, or those asked for where zeros were left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grading.chance import full_width
from grading.closeness import PRINTED, Number

FULL: Final = 4
"""digits that an answer is meant to have where nobody says how many"""


@dataclass(frozen=True, eq=False)
class Given:
    """An answer's value, its digits, and half a unit in the last of them."""

    value: Any
    digits: int | None
    unit: Any


def extended(typed: Number, digits: int | None) -> Given:
    """The answer with zeros at its end up to so many digits: 0.5 is 0.5000, as programs print it."""
    if typed.digits is None or typed.digits >= (wanted := min(digits or FULL, PRINTED - 1)):
        return Given(typed.value, typed.digits, typed.unit)
    unit = np.minimum(np.asarray(typed.unit), full_width(typed.value, wanted) / 2)
    return Given(typed.value, wanted, unit)
