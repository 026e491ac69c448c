"""Classes of mistakes: those whose wrong answers are the same number as far as an answer's digits tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.catalogue.mistake import Candidate

_SAME: Final = 9
"""Digits to which values agree that are equal but for rounding errors."""


@dataclass(frozen=True, eq=False)
class MistakeClass:
    """Mistakes that cannot be told apart by the answer they give at one point.

    value       that wrong answer, unrounded: a float, or an array
    candidates  the mistakes, the likeliest first
    looks_right whether it is the right answer too: then nobody sees these mistakes
    """

    value: Any
    candidates: tuple[Candidate, ...]
    looks_right: bool = False

    @property
    def prior(self) -> int:
        """That of the likeliest."""
        return self.candidates[0].prior

    @property
    def distinct(self) -> list[Candidate]:
        """One candidate for each mistake, the likeliest first; some mistakes have several names."""
        found: dict[object, Candidate] = {}
        for c in self.candidates:
            same = _keys(np.reshape(c.value, (1, -1)), _SAME)[0]
            found.setdefault(same if c.synonym < 0 else c.synonym, c)
        return list(found.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """Their identifiers: several where different mistakes give the same number by chance."""
        return tuple(dict.fromkeys(c.identifier for c in self.distinct))

    @property
    def all_ids(self) -> tuple[str, ...]:
        """The identifiers of all candidates, also those that name one mistake in another way."""
        return tuple(dict.fromkeys(c.identifier for c in self.candidates))

    @property
    def says(self) -> tuple[str, ...]:
        """Their sentences."""
        return tuple(dict.fromkeys(c.says for c in self.distinct))


def classes(
    candidates: Sequence[Candidate], right: NDArray[Any], k: int = 0, digits: int = 4
) -> list[MistakeClass]:
    """The classes that answers of so many significant digits tell apart at point k, in order of value.

    right  the right answer, shape (K, *answer)

    Wrong answers of another shape are left out, and those that are nan or inf: nobody types them in.
    """
    groups: dict[bytes, list[Candidate]] = {}
    shape = np.shape(right[k])
    fitting = [c for c in candidates if np.shape(c.value[k]) == shape]
    values = np.array([c.value[k] for c in fitting]).reshape(len(fitting), -1)
    finite = np.isfinite(values).all(1)
    for c, key, kept in zip(fitting, _keys(values, digits), finite, strict=True):
        if kept:
            groups.setdefault(key, []).append(c)
    (is_right,) = _keys(np.reshape(right[k], (1, -1)), digits)
    found = [_class(group, k, key == is_right) for key, group in groups.items()]
    return sorted(found, key=lambda c: np.ravel(c.value).tolist())


def _class(group: list[Candidate], k: int, looks_right: bool) -> MistakeClass:
    ordered = sorted(group, key=lambda c: -c.prior)
    value = ordered[0].value[k]
    return MistakeClass(float(value) if np.ndim(value) == 0 else value, tuple(ordered), looks_right)


def _keys(values: NDArray[Any], digits: int) -> list[bytes]:
    """The same for equal rows."""
    return [row.tobytes() for row in significant(values, digits) + 0.0]  # + 0.0: -0 is 0


def significant(value: Any, digits: int) -> NDArray[Any]:
    """Numbers rounded to so many significant digits."""
    value = np.asarray(value, np.float64)
    with np.errstate(all="ignore"):
        scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(value))))
        rounded = np.rint(value * scale) / scale
    return np.asarray(np.where(np.isfinite(scale) & np.isfinite(value), rounded, value))
