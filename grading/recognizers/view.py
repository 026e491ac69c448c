"""An answer beside what the graph says, as rows of entries: one of a number, many of an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.asking import Asked
from grading.catalogue.mistake import Candidate
from grading.closeness import close


@dataclass(frozen=True, eq=False)
class View:
    """What the recognisers look at.

    right   shape (E,): the right answer's entries; of a formula its values at E points
    answer  shape (E,): what was typed
    width   shape (E,): how far off each entry may be for its digits
    shape   the right answer's shape
    digits  significant digits of the answer, None where it is exact
    k       for which of the K sets of numbers; None for a formula, which is compared at all of them
    hand    whether it was worked out by hand
    kept    of a formula: at which of the K points
    """

    asked: Asked
    k: int | None
    right: NDArray[Any]
    answer: NDArray[Any]
    width: NDArray[Any]
    shape: tuple[int, ...]
    digits: int | None
    hand: bool = False
    kept: NDArray[Any] | None = None

    @property
    def scale(self) -> float:
        """The size of the right answer."""
        return float(np.max(np.abs(self.right), initial=0.0))

    @property
    def is_sure(self) -> bool:
        """Whether the answer has digits or entries enough for more than a guess."""
        return self.digits is None or self.digits >= 4 or self.answer.size > 2

    @property
    def is_number(self) -> bool:
        """Whether one number was asked for and given."""
        return self.k is not None and not self.asked.is_array

    def fits(self, values: NDArray[Any]) -> bool:
        """Whether the answer may stand for these values, all of them."""
        if values.shape != self.answer.shape or not values.size:
            return False  # with nothing to compare, nothing is shown
        return bool(close(values, self.answer, self.width, self.scale).all())

    def entries(self, value: NDArray[Any]) -> NDArray[Any]:
        """A candidate's value as a row of entries."""
        array = np.asarray(value, float)
        if self.k is None:
            return np.broadcast_to(array.reshape(-1), len(self.asked.right))[self.kept]
        row: NDArray[Any] = array[min(self.k, len(array) - 1)]
        return row.reshape(-1)

    def matching(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those whose values the answer may stand for, though not where the right answer's are the same."""
        return [
            c for c in candidates
            if self.fits(row := self.entries(c.value)) and not same(row, self.right)
        ]  # fmt: skip


def same(a: NDArray[Any], b: NDArray[Any], scale: float = 0.0) -> bool:
    """Whether two rows are equal but for rounding errors of numbers of their size, or of this scale."""
    scale = max(scale, float(np.max(np.abs(b), initial=0.0)))
    return a.shape == b.shape and bool(close(a, b, 1e-9 * np.abs(b), scale).all())
