r"""The chance that a number which has nothing to do with the question is "diagnosed" all the same.

An unrelated number is taken to be as likely in every octave near the right answer, on both sides of zero.
A mistake that gives c claims the numbers c ± w, so it is met with chance

    p(c) = 2w / (|c| · 2 ln(R²))      |right|/R ≤ |c| ≤ R·|right|

    w  half a unit in the last place of c, at the asked number of digits
    R  10: numbers further off are hardly handed in

Of mistakes that are the same number at so many digits the second one costs nothing. Those are left out
that few students make for the unrelated numbers that they would claim, until the sum over the rest is at
most 1 %: a class of mistakes is worth Σ 4^prior over its rows, at the price p(c). A number that begins with 9
is ten times as cheap as one that begins with 1.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grading.asking import Asked
from grading.catalogue.classes import significant
from grading.closeness import EXACT, FEWEST, HAND, PRINTED

MOST: Final = 0.01
"""of the unrelated numbers may be diagnosed"""
_RANGE: Final = 10.0
_STEP: Final = 4.0
"""how many times as many students make a mistake of the next higher prior"""
_FREE: Final = 1e-9
_SAME: Final = 9
"""digits to which numbers agree that are equal but for rounding errors"""


def chance(asked: Asked, digits: int = 4, k: int = 0, *, hand: bool = False) -> float:
    """The share of unrelated numbers that the mistakes kept at this many digits would claim.

    asked   a question on a graph, from `prepare`
    digits  significant digits of the answers
    k       for which of the K sets of numbers
    hand    whether work by hand may be off by 1.5 units in the last place

    >>> from autograd_lite import FlowGraph, Value
    >>> from grading.asking import prepare
    >>> x = Value(1.7, name="x")
    >>> chance(prepare(FlowGraph((x * x + x).named("y")), "x"), digits=4) < 0.01
    True
    """
    if asked.is_array or not asked.candidates:
        return 0.0  # no array without meaning agrees in every entry
    group, shares = _groups(asked, k, digits, hand)
    return float(shares[np.unique(group[kept(asked, k, digits, hand=hand)])].sum())


def kept(asked: Asked, k: int, digits: int | None, *, hand: bool = False) -> NDArray[np.bool_]:
    """Which mistakes are named at this many digits, shape (C,): so many that chance does little."""
    if asked.is_array or digits is None or not asked.candidates:
        return np.ones(len(asked.candidates), bool)
    return asked.remember(("kept", k, digits, hand), lambda: _kept(asked, k, digits, hand))


def _kept(asked: Asked, k: int, digits: int, hand: bool) -> NDArray[np.bool_]:
    group, shares = _groups(asked, k, digits, hand)
    worth = _students(asked, group) / np.maximum(shares, _FREE)
    order = np.argsort(-worth, kind="stable")
    named = np.zeros(len(shares), bool)
    named[order] = np.cumsum(shares[order]) <= MOST
    return named[group]


def _students(asked: Asked, group: NDArray[np.int_]) -> NDArray[Any]:
    """For each class how many students there may be, by the priors of its rows; a row counts once."""
    names: dict[str, int] = {}
    rows = np.array([names.setdefault(c.mistake.name, len(names)) for c in asked.candidates])
    once, first = np.unique(group * len(names) + rows, return_index=True)
    return np.bincount(once // len(names), weights=_STEP ** asked.priors[first])


def _groups(asked: Asked, k: int, digits: int, hand: bool) -> tuple[NDArray[np.int_], NDArray[Any]]:
    """For each candidate the number of its class, of answers that look the same, and for each its share."""
    return asked.remember(("groups", k, digits, hand), lambda: _grouped(asked, k, digits, hand))


def _grouped(
    asked: Asked, k: int, digits: int, hand: bool
) -> tuple[NDArray[np.int_], NDArray[Any]]:
    same = (
        _SAME if hand else min(max(digits, FEWEST), _SAME)
    )  # by hand, neighbours claim other numbers
    classes, group = np.unique(significant(asked.numbers[:, k], same), return_inverse=True)
    return group, share_of(classes, float(np.ravel(asked.right[k])[0]), digits, hand)


def share_of(values: ArrayLike, right: float, digits: int, hand: bool = False) -> NDArray[Any]:
    """For each value the share of unrelated numbers that are taken for it."""
    size = np.abs(np.asarray(values, float))
    scale = abs(right) if right and np.isfinite(right) else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        near = (size <= _RANGE * scale) & (size >= scale / _RANGE)
        width = full_width(size, digits) * (HAND if hand and digits < PRINTED else 1.0)
        found = width / size / (2 * np.log(_RANGE**2))
    return np.where(near, found, 0.0)


def full_width(values: ArrayLike, digits: int) -> NDArray[Any]:
    """One unit in the last of so many digits, for each value."""
    size = np.abs(np.asarray(values, float))
    if digits >= PRINTED:
        return np.asarray(2 * EXACT * size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(size > 0, 10.0 ** (np.floor(np.log10(size)) - max(digits, FEWEST) + 1), 0.0)
