"""Recogniser 3: the answer is a known multiple of the right one, in every entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from grading.catalogue.forms import FACTOR
from grading.catalogue.mistake import Candidate
from grading.recognizers.view import View

_ROUNDING: Final = 1e-5
"""a factor as near to one is a loss of digits, as in single precision"""
_KNOWN: Final = (
    (-1.0, "the right one with the other sign"),
    (2.0, "twice the right one"),
    (0.5, "half the right one"),
    (math.pi / 180, "π/180 times the right one, as of degrees"),
    (180 / math.pi, "180/π times the right one, as of degrees"),
    (math.log(10), "ln 10 times the right one"),
    (1 / math.log(10), "1/ln 10 times the right one"),
    (0.01, "a hundredth of the right one"),
    (100.0, "a hundred times the right one"),
)


def by_factor(view: View) -> list[Candidate]:
    """The factor of the answer, where it is the same in all entries; never of one number."""
    if view.answer.shape != view.right.shape:
        return []
    low, high = _between(view)
    if not 0 < low <= high and not low <= high < 0:
        return []
    known = ((f, words) for f, words in _factors(view) if low <= f <= high and f != 1)
    factor, words = next(known, ((low + high) / 2, "a constant multiple of the right one"))
    if abs(factor - 1.0) < _ROUNDING or not view.fits(factor * view.right):
        return []
    return [Candidate(FACTOR, (), factor * view.asked.right, words={"where": words})]


def _between(view: View) -> tuple[float, float]:
    """Between which numbers the factor lies in all entries; nowhere, where there are fewer than two."""
    nonzero = np.abs(view.right) > 1e-9 * view.scale
    if np.count_nonzero(nonzero) < 2:
        return 1.0, 0.0
    right, answer, width = (row[nonzero] for row in (view.right, view.answer, view.width))
    ends = np.array([answer - width, answer + width]) / right
    return float(ends.min(axis=0).max()), float(ends.max(axis=0).min())


def _factors(view: View) -> Iterator[tuple[float, str]]:
    """Known factors first, then lengths of axes."""
    for factor, words in _KNOWN:
        yield factor, words
        yield -factor, f"{words}, with the other sign"
    for n in _lengths(view):
        yield n, f"{n} times the right one, the length of an axis or the number of paths"
        yield 1 / n, f"1/{n} of the right one, the length of an axis or the number of paths"


def _lengths(view: View) -> list[int]:
    """Lengths of the axes of the graph's arrays, and of several together, and the number of its paths."""
    found = set(range(3, 11))
    for node in view.asked.flow.variables:
        shape = np.shape(node.value)
        found.update(shape)
        found.update(
            math.prod(shape[i:j]) for i in range(len(shape)) for j in range(i + 1, len(shape) + 1)
        )
    return sorted(found - {0, 1, 2})
