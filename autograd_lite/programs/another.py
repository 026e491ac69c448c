"""Another input for a function of which one is known: other numbers, at which it can be expected to run.

What a function is made for is unknown: the logarithm takes positive numbers, a covariance matrix is symmetric
and positive definite, a target is 0 or 1. Several changes are offered, each of which leaves other things as
they are; the first is the most telling one, the others for functions that do not run at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves, tree_map

Change = Callable[[Any], Any]


def others(example: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Inputs in the example's form, shapes and dtypes, with other numbers; the most telling first."""
    for change in _CHANGES:
        other = tree_map(lambda x, change=change: _in_form_of(x, change(_array(x))), example)
        if all(map(_differ, tree_leaves(example), tree_leaves(other))):
            yield other


def _reversed_and_moved(x: Any) -> Any:
    """Signs, order of size and bounds such as [0, 1] or |x| < 1 stay; places, ties and zeros do not."""
    y = np.flip(x) * _factors(x.shape)
    return np.where(y == 0.0, _factors(x.shape) / 64.0, y)


def _shrunk(x: Any) -> Any:
    """Zeros stay where they are: triangular, diagonal and one-sided things stay that."""
    return x * _factors(x.shape)


def _scaled(x: Any) -> Any:
    """Symmetric, positive definite, constant along an axis: all that a common factor leaves alone."""
    return x * 0.9375


def _reversed(x: Any) -> Any:
    """The same numbers elsewhere: whole numbers, 0 and 1, parts of a whole, one-hot rows."""
    return np.flip(x)


def _rolled(x: Any) -> Any:
    """As `_reversed`, of what reads alike in both directions."""
    return np.roll(x, 1)


def _negated(x: Any) -> Any:
    return -x


def _ones_for_zeros(x: Any) -> Any:
    """Of what holds only zeros, or only ones: the other."""
    return np.where(x == 0.0, 1.0, 0.0)


_CHANGES: Final[tuple[Change, ...]] = (
    _reversed_and_moved, _shrunk, _scaled, _reversed, _rolled, _negated, _ones_for_zeros,
)  # fmt: skip


def _factors(shape: tuple[int, ...]) -> Any:
    """A number between 7/8 and 1 for each entry, no two neighbours alike and each a dyadic fraction."""
    places = np.arange(int(np.prod(shape)), dtype=float).reshape(shape)
    return 0.875 + np.mod(places * 37.0 + 11.0, 101.0) / 1024.0


def _array(x: Any) -> Any:
    return np.asarray(plain(x), dtype=float)


def _in_form_of(x: Any, y: Any) -> Any:
    number = plain(x)
    if isinstance(number, np.ndarray):
        return np.asarray(y, number.dtype if number.dtype.kind == "f" else float)
    if isinstance(number, np.floating):
        return number.dtype.type(y)
    return float(y)


def _differ(x: Any, y: Any) -> bool:
    x, y = _array(x), _array(y)
    return not x.size or not np.array_equal(x, y, equal_nan=True) or bool(np.isnan(x).all())
