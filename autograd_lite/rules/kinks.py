"""Where a first derivative is a convention there is no second one: it is nan, never the convention's.

The first derivative of a length at 0 is 0 because somebody said so. Near by it moves otherwise: what is
recorded there is marked by a zero whose derivative is nan.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.operands import Array, Axis, Operand
from autograd_lite.rules.namespaces import Namespace, graph, plain
from autograd_lite.rules.rule import elementwise, operation
from autograd_lite.rules.zeros import exact_zeros, moves


@elementwise(lambda xp, y, x, at: xp.where(at, np.nan, 0.0), None)
def unsmooth(xp: Namespace, x: Operand, at: Operand) -> Any:
    """A zero that has no derivative: y = 0, and ∂y/∂x is nan where `at` is not 0.

    >>> unsmooth(1.0, 1.0)
    0.0
    """
    return 0.0 * xp.add(xp.sign(x), at)


def _nan_along(xp: Namespace, t: Array, y: Array, x: Array, at: Array, *, axis: Axis = None) -> Any:
    # off the graph it cannot be told whether a zero masks: nan has the sweep repeated on it
    felt = plain(at) & ~exact_zeros(t) if xp is graph else plain(at)
    felt = np.any(felt, axis=axis, keepdims=True)
    along = xp.sum(t * np.nan, axis=axis, keepdims=True)
    return xp.broadcast_to(xp.where(felt, along, 0.0), np.shape(plain(x)))


@operation([_nan_along, None], [_nan_along, None])
def unsmooth_along(xp: Namespace, x: Array, at: Array, *, axis: Axis = None) -> Any:
    """The same where each entry moves with all others along axes, as those of a vector in its length.

    >>> unsmooth_along([1.0, 2.0], [True])
    array([0., 0.])
    """
    return np.zeros_like(x)


def _unsmooth_where_felt(
    xp: Namespace, c: Array, y: Array, x: Array, at: Array, *, axis: Axis = None
) -> Any:
    if not moves(x):
        return np.zeros_like(plain(x))
    felt = plain(at) & (moves(c) | (plain(c) != 0))
    return unsmooth_along(x, np.any(felt, axis=axis, keepdims=True), axis=axis)


@operation([_unsmooth_where_felt, None], [_unsmooth_where_felt, None])
def corner(xp: Namespace, x: Array, at: Array, *, axis: Axis = None) -> Any:
    """A zero to add to what has a corner where `at`: its first derivative is `unsmooth_along`.

    >>> corner([1.0, 2.0], [True, False])
    array([0., 0.])
    """
    return np.zeros_like(x)


def marked(c: Operand, x: object, at: Array | bool) -> Any:
    """The recorded derivative c, without a further one by x where `at`."""
    return c + unsmooth(x, at) if np.any(at) else c
