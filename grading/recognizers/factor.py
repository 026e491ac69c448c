"""Recogniser 3: the answer is a known multiple of the right one, in every entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from grading.catalogue.forms import FACTOR
from grading.catalogue.mistake import Candidate
from grading.recognizers.view import View

_KNOWN: Final = (
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
    """The factor between answer and right answer, where it is the same in all entries; never of one number."""
    nonzero = np.abs(view.right) > 1e-9 * view.scale
    if view.answer.shape != view.right.shape or np.count_nonzero(nonzero) < 2:
        return []
    for factor, words in _factors(view):
        if factor != 1 and view.fits(factor * view.right):
            value = factor * view.asked.right
            return [Candidate(FACTOR, (words,), value)]
    return []


def _factors(view: View) -> Iterator[tuple[float, str]]:
    """Known factors first, then lengths of axes, then the one that fits best."""
    for factor, words in _KNOWN:
        yield factor, words
        yield -factor, f"{words}, with the other sign"
    for n in _lengths(view):
        yield n, f"{n} times the right one, the length of an axis or the number of paths"
        yield 1 / n, f"1/{n} of the right one, the length of an axis or the number of paths"
    best = float(view.answer @ view.right / (view.right @ view.right))
    if abs(best) > 1e-3:
        yield best, "a constant multiple of the right one"


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
