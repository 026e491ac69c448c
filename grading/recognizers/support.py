"""Recogniser 6: which entries are wrong, where not all are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.catalogue.forms import SINGLE, SUPPORT, SWAPPED
from grading.catalogue.mistake import Candidate
from grading.closeness import close
from grading.recognizers.view import View

_FEWEST_RIGHT: Final = 0.25
"""of the entries have to be right before anything is said of the others"""


def by_support(view: View) -> list[Candidate]:
    """The one wrong entry, two that are swapped, or the rows, columns or edge that all wrong ones lie in."""
    if not view.asked.is_array or view.answer.shape != view.right.shape or view.k is None:
        return []
    right = close(view.right, view.answer, view.width, view.scale)
    told = np.abs(view.right) > 0  # a zero in both says little
    if right.all() or not told.any() or right[told].mean() < _FEWEST_RIGHT:
        return []
    wrong = ~right.reshape(view.shape)
    places = np.argwhere(wrong)
    value = view.answer.reshape(1, *view.shape)
    if len(places) == 1:
        return [Candidate(SINGLE, (_index(places[0]),), value)]
    if len(places) == 2 and _swapped(view, ~right):
        both = tuple(map(_index, places))
        return [Candidate(SWAPPED, both, value, words={"where": " and ".join(both)})]
    where = next(_regions(wrong), None)
    return [Candidate(SUPPORT, (), value, words={"where": where})] if where else []


def _index(place: NDArray[Any]) -> str:
    return "[" + ", ".join(str(int(i)) for i in place) + "]"


def _swapped(view: View, wrong: NDArray[np.bool_]) -> bool:
    widths = view.width[wrong].max()
    return bool(close(view.right[wrong][::-1], view.answer[wrong], widths).all())


def _regions(wrong: NDArray[np.bool_]) -> Iterator[str]:
    """The smallest simple region that holds exactly the wrong entries."""
    for axis, length in enumerate(wrong.shape):
        others = tuple(i for i in range(wrong.ndim) if i != axis)
        hit = wrong.any(axis=others)
        if hit.sum() < length:
            yield f"{_which(np.flatnonzero(hit), length)} along {axis_name(axis, wrong.ndim)}"
    edge = _edge(wrong.shape)
    if wrong[edge].all() and not wrong[~edge].any():
        yield "at the border"


def _which(indices: NDArray[Any], length: int) -> str:
    """Indices along an axis: one, a block, or several."""
    first, last = int(indices[0]), int(indices[-1])
    if first == last:
        return f"at index {first}" + (", the last," if first == length - 1 else "")
    if last - first + 1 == len(indices):
        return f"at indices {first} to {last}"
    return (
        "at indices "
        + ", ".join(str(int(i)) for i in indices[:6])
        + (", …" if len(indices) > 6 else "")
    )


def axis_name(axis: int, dimensions: int) -> str:
    """An axis as a student calls it: rows and columns of a matrix, else its number."""
    if dimensions == 1:
        return "the vector"
    if dimensions == 2:
        return ("the rows", "the columns")[axis]
    return f"axis {axis}"


def _edge(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The first and last index along the last two axes."""
    edge = np.zeros(shape, bool)
    for axis in range(max(0, len(shape) - 2), len(shape)):
        for index in (0, -1):
            edge[(slice(None),) * axis + (index,)] = True
    return edge
