"""Recogniser 1: type, shape and finiteness of an answer, and right answers in another form."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import permutations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grading.asking import Asked
from grading.catalogue.forms import DEGREES, FLIPPED, PERCENT, RESHAPED, ROLLED, TRANSPOSED
from grading.catalogue.mistake import Candidate, Mistake
from grading.recognizers.support import axis_name
from grading.recognizers.view import View

_MOST_AXES: Final = 5
_SCALED: Final = (
    (PERCENT, 100.0, "a hundred times the right one"),
    (PERCENT, 0.01, "a hundredth of the right one"),
    (DEGREES, 180 / math.pi, "to degrees"),
    (DEGREES, math.pi / 180, "as if from degrees"),
)


def by_form(view: View) -> list[Candidate]:
    """The right answer in percent, in degrees, transposed, flipped, shifted or in another order."""
    if view.is_number:
        tried = [_scaled(view, *row) for row in _SCALED]
    elif view.asked.is_array and view.answer.shape == view.right.shape:
        tried = list(_rearranged(view))
    else:
        return []
    return view.matching(tried)


def _scaled(view: View, mistake: Mistake, factor: float, where: str) -> Candidate:
    return Candidate(mistake, (), factor * view.asked.right, words={"where": where})


def _rearranged(view: View) -> Iterator[Candidate]:
    """The right array with its axes or entries in another order, in the same shape."""
    right = view.right.reshape(view.shape)
    axes = range(right.ndim)
    if right.ndim == 2 and len(set(view.shape)) == 1:
        yield _moved(TRANSPOSED, right.T, "")
    for axis in axes:
        name = axis_name(axis, right.ndim)
        yield _moved(FLIPPED, np.flip(right, axis), name)
        for by in (1, -1):
            yield _moved(ROLLED, np.roll(right, by, axis), name)
    if right.ndim > 1:
        yield _moved(FLIPPED, np.flip(right), "all axes")
        yield _moved(
            RESHAPED,
            right.reshape(-1, order="F").reshape(right.shape),
            "columns are taken for rows",
        )
    for order in permutations(axes) if 2 < right.ndim <= _MOST_AXES else ():
        if (turned := right.transpose(order)).shape == right.shape and order != tuple(axes):
            yield _moved(RESHAPED, turned, "axes are swapped")


def _moved(mistake: Mistake, array: NDArray[Any], where: str) -> Candidate:
    return Candidate(mistake, (), array[None], words={"where": where})


def readings_of(array: NDArray[Any], shape: tuple[int, ...]) -> Iterator[tuple[NDArray[Any], str]]:
    """An array as one of the wanted shape, each with a remark: as it is, squeezed, transposed, reshaped."""
    if array.shape == shape:
        yield array, ""
        return
    if array.size != math.prod(shape):
        return
    if _squeezed(array.shape) == _squeezed(shape):
        yield array.reshape(shape), ""
        return
    if array.ndim <= _MOST_AXES:
        for order in permutations(range(array.ndim)):
            if _squeezed((turned := array.transpose(order)).shape) == _squeezed(shape):
                yield turned.reshape(shape), "It was read transposed."
    yield array.reshape(shape), "It was read in another shape."


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def wrong_shape(asked: Asked, value: Any) -> str:
    """What is wrong with the shape of an answer that cannot be read as one of the right shape."""
    wanted, given = asked.right.shape[1:], np.shape(value)
    if np.size(value) == math.prod(wanted):
        return ""
    if not np.size(value):
        return "Your array is empty."
    if not asked.is_array:
        return f"One number is asked for; you gave an array of shape {given}."
    yours = f"yours has shape {given}" if given else "you gave one number"
    return f"An array of shape {wanted} is asked for; {yours}."


def not_finite(value: Any) -> str:
    """What is wrong with an answer that holds nan or infinity."""
    if np.isfinite(value).all():
        return ""
    if not np.ndim(value):
        return "Your answer is no finite number."
    place = [int(i) for i in np.argwhere(~np.isfinite(value))[0]]
    return f"Your array holds an entry that is no finite number, first at {place}."
