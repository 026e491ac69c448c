"""An answer as it was understood: the number, array or formula, and how exactly it was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from grading.answers.formula import Formula

Kind: TypeAlias = Literal["number", "array", "formula"]

FEWEST_DIGITS: Final = 3
_ROUNDOFF: Final = 1e-12
"""relative to the largest entry: sums in another order differ by so much"""


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to understand an answer; unpacked, it is its value and the remark.

    value   a float, or an array
    remark  how it was read, where that is not plain: "read as a percentage"
    unit    half a unit in the last place given; 0 where the answer is exact
    digits  significant digits given; None where the answer is exact
    whole   whether it is a number without a point, such as 2
    """

    value: Any
    remark: str = ""
    unit: Any = 0.0
    digits: int | None = None
    whole: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter((self.value, self.remark))

    def accepts(self, right: float | NDArray[Any], slack: float = 1.0) -> bool:
        """Whether the right value, rounded as this one is, can be it.

        slack  how many half units it may be off: 1 for what was rounded once, 3 for work by hand

        Fewer than three digits are no rounding: 2 is right where the value is 2, and 0.5 where it is a half.

        >>> typed = Reading(0.4919, unit=0.00005, digits=4)
        >>> typed.accepts(0.49188), typed.accepts(0.49195)
        (True, True)
        >>> Reading(0.5, unit=0.05, digits=1).accepts(0.49188)
        False
        """
        value, reference = np.asarray(self.value, float), np.asarray(right, float)
        if value.shape != reference.shape or not value.size:
            return False
        short = self.digits is not None and self.digits < FEWEST_DIGITS
        unit = 0.0 if short else np.asarray(self.unit) * (slack * (1.0 + 1e-9))
        error = np.abs(value - reference)
        return bool(np.all(error <= unit + _ROUNDOFF * np.max(np.abs(reference))))


@dataclass(frozen=True, eq=False)
class Typed:
    """What somebody typed, read.

    text      as typed, shortened
    kind      "number", "array" or "formula"
    readings  every way to understand it, the likeliest first: 1,234 is 1.234, or 1234
    read_as   the likeliest one written out, to be shown to whom it was typed by
    remarks   what else is worth saying about the reading
    """

    text: str
    kind: Kind
    readings: tuple[Reading, ...]
    read_as: str
    remarks: tuple[str, ...] = ()

    @property
    def value(self) -> float | NDArray[Any] | Formula:
        """The number, array or formula."""
        return self.readings[0].value  # type: ignore[no-any-return]

    @property
    def digits(self) -> int | None:
        """Significant digits, of an array the most of its entries; None of what is exact, such as 3/7.

        Leading zeros do not count, trailing ones do: 0.4920 has four, 1200 too, 1.2e3 two.
        """
        return self.readings[0].digits

    @property
    def unit(self) -> float | NDArray[Any]:
        """Half a unit in the last place given, for each entry of an array; 0 of what is exact."""
        return self.readings[0].unit  # type: ignore[no-any-return]

    @property
    def is_whole(self) -> bool:
        """Whether it is a number without a point, which says nothing of its rounding."""
        return self.readings[0].whole

    def accepts(self, right: float | NDArray[Any], slack: float = 1.0) -> bool:
        """Whether one of the readings is `right`, rounded; see `Reading.accepts`."""
        return any(reading.accepts(right, slack) for reading in self.readings)
