"""Rules that reduce along axes: sum, mean, product, extremes, and where the largest is.

axis      None (all of them), one axis or a tuple of axes
keepdims  whether the reduced axes stay, with length 1
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import index
from typing import Any

import numpy as np

from autograd_lite.operands import Array, Axis
from autograd_lite.record import Formula, Malrule, Partial
from autograd_lite.rules.kinks import unsmooth_along
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.program_only import asked, moves_in_program
from autograd_lite.rules.rule import Rule, operation
from autograd_lite.rules.shape import shape_of
from autograd_lite.rules.zeros import chained, moves
from autograd_lite.watches import read

Still = Callable[..., Any]


def reduction(
    partial: Partial, still: Still | None = None, **written: object
) -> Callable[[Formula], Rule]:
    """Make the function below a rule with the derivative `partial`.

    partial  (xp, y, x, axis, **static) -> ∂y/∂x, with x's shape or one that broadcasts to it;
             y reaches it in a shape that broadcasts to x's
    still    (y, x, axis, **static) -> where y does not move by convention, and has no second derivative
    """

    def product(xp: Namespace, g: Array, y: Array, x: Array, axis: Axis, **static: object) -> Any:
        c = chained(xp, g, partial(xp, y, x, axis, **static))
        if still is None or not moves(x):
            return c
        at = still(plain(y), plain(x), axis, **static) & (moves(g) | (plain(g) != 0))
        at = np.any(at, axis=axis, keepdims=True)  # where one entry moves all others are felt
        return c + unsmooth_along(x, at, axis=axis) if np.any(at) else c

    def vjp(
        xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = None, keepdims: bool = False,
        **static: object
    ) -> Any:  # fmt: skip
        g, y = kept(xp, g, x, axis, keepdims), kept(xp, y, x, axis, keepdims)
        return product(xp, g, y, x, axis, **static)

    def jvp(
        xp: Namespace, t: Array, y: Array, x: Array, *, axis: Axis = None, keepdims: bool = False,
        **static: object
    ) -> Any:  # fmt: skip
        d = product(xp, t, kept(xp, y, x, axis, keepdims), x, axis, **static)
        return xp.sum(d, axis=axis, keepdims=keepdims)

    return operation([vjp], [jvp], **written)


def kept(xp: Namespace, y: Array, x: Array, axis: Axis, keepdims: bool) -> Any:
    """A reduced array in a shape that broadcasts to x's: its reduced axes put back as length 1."""
    if keepdims or axis is None:
        return y
    return xp.reshape(y, kept_shape(shape_of(x), axis))


def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The shape after reducing with keepdims.

    >>> kept_shape((2, 3, 4), (0, -1))
    (1, 3, 1)
    """
    axes = axes_of(shape, axis)
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def axes_of(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """The axis argument of a reduction as a tuple of axes from 0 on.

    >>> axes_of((2, 3, 4), -1), axes_of((2, 3), None)
    ((2,), (0, 1))
    """
    if axis is None or not shape:
        return tuple(range(len(shape)))
    return tuple(index(i) % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,)))


def count(x: object, axis: Axis) -> int:
    """How many entries of x go into one entry of the result."""
    shape = shape_of(x)
    return math.prod(shape[i] for i in axes_of(shape, axis))


def _spread(
    xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = None, keepdims: bool = False
) -> Any:
    return xp.broadcast_to(kept(xp, g, x, axis, keepdims), shape_of(x))


def _spread_evenly(
    xp: Namespace, g: Array, y: Array, x: Array, *, axis: Axis = None, **keepdims: bool
) -> Any:
    return _spread(xp, g / max(count(x, axis), 1), y, x, axis=axis, **keepdims)


@operation(
    [_spread],
    [lambda xp, t, y, x, **along: xp.sum(t, **along)],
    linear_in=[0],
    malrules=[Malrule("B14b", 0, vjp=_spread_evenly)],
    latex=r"\sum {0}",
)
def sum_(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum along axes: y = Σ x, ∂y/∂x = 1.

    >>> sum_([[1.0, 2.0], [3.0, 4.0]], axis=0)
    array([4., 6.])
    """
    return xp.add.reduce(x, axis=axis, keepdims=keepdims)  # np.sum without its detours


@operation(
    [_spread_evenly],
    [lambda xp, t, y, x, **along: xp.mean(t, **along)],
    linear_in=[0],
    malrules=[Malrule("B14a", 0, vjp=_spread)],
    latex=r"\overline{{{0}}}",
)
def mean(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean along axes: y = Σ x/n, ∂y/∂x = 1/n, over n entries.

    >>> mean([[1.0, 2.0], [3.0, 4.0]], axis=0)
    array([2., 3.])

    Raises ValueError when there is nothing to take the mean of.
    """
    n = _some(x, axis)
    y = xp.add.reduce(x, axis=axis, keepdims=keepdims) / n
    # where the sum overflows (of which NumPy warns) the mean need not
    return y if _is_finite(y) else xp.add.reduce(np.divide(x, n), axis=axis, keepdims=keepdims)


def _is_finite(y: Any) -> bool:
    """Whether all is finite, which is taken for granted of numbers that are still to come in a recording."""
    if isinstance(y, np.generic):
        return math.isfinite(y)
    return not isinstance(y, np.ndarray) or bool(np.isfinite(y).all())


def _some(x: Array, axis: Axis) -> int:
    n = count(x, axis)
    if not shape_of(x) and axis not in (None, ()):
        raise ValueError(f"a single number has no axis {axis}")
    if n == 0 and 0 not in kept_shape(shape_of(x), axis):
        raise ValueError("there is no entry along the axis, and a mean of none is no number")
    return n


def _products_of_others(xp: Namespace, y: Array, x: Array, axis: Axis) -> Any:
    """For each entry the product of all others: exact with zeros, for nothing is divided by."""
    shape, axes, n = shape_of(x), axes_of(shape_of(x), axis), count(x, axis)
    if n == 0:
        return np.ones_like(plain(x))
    order = (*(i for i in range(len(shape)) if i not in axes), *axes)
    moved = xp.transpose(x, order)
    lead = shape_of(moved)[: len(shape) - len(axes)]
    places = np.arange(1 << (n - 1).bit_length())  # filled up with ones to a length of 2ᵏ
    rows = xp.where(places < n, xp.reshape(moved, (*lead, n))[..., places % n], 1.0)
    others = xp.reshape(_others_in_rows(xp, rows)[..., :n], shape_of(moved))
    return xp.transpose(others, tuple(np.argsort(order).tolist()))


def _others_in_rows(xp: Namespace, rows: Any) -> Any:
    """Along the last axis by halving: an entry's others are its pair's others times the partner."""
    *lead, n = shape_of(rows)
    if n == 1:
        return np.ones_like(plain(rows))
    pairs = xp.reshape(rows, (*lead, 2, n // 2))
    others = _others_in_rows(xp, pairs[..., 0, :] * pairs[..., 1, :])
    partners = pairs[..., ::-1, :]
    return xp.reshape(partners * xp.reshape(others, (*lead, 1, n // 2)), (*lead, n))


@reduction(_products_of_others, latex=r"\prod {0}")
def prod(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product along axes: y = Π xᵢ, ∂y/∂xᵢ = Π xⱼ over all j ≠ i, also where entries are zero.

    >>> prod([[2.0, 3.0], [4.0, 0.0]], axis=1)
    array([6., 0.])
    """
    return xp.multiply.reduce(x, axis=axis, keepdims=keepdims)


def _share_of_extreme(xp: Namespace, y: Array, x: Array, axis: Axis) -> Any:
    """1/k for each of the k entries that are the extreme, 0 for the others."""
    if moves_in_program(x):
        extreme = xp.astype(asked("equal", x, y), x.dtype)
        return extreme / xp.sum(extreme, axis=axis, keepdims=True)
    x = plain(x)
    reached = (x == plain(y)).astype(x.dtype)
    return reached / reached.sum(axis=axis, keepdims=True)


@reduction(_share_of_extreme, latex=r"\max {0}", kinks="the k entries of a tie get 1/k each")
def max_(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest entry along axes: y = max x, ∂y/∂x = 1 at that entry, else 0.

    >>> max_([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([2., 4.])

    Raises ValueError when there is no entry.
    """
    return xp.maximum.reduce(x, axis=axis, keepdims=keepdims)


@reduction(_share_of_extreme, latex=r"\min {0}", kinks="the k entries of a tie get 1/k each")
def min_(xp: Namespace, x: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest entry along axes: y = min x, ∂y/∂x = 1 at that entry, else 0.

    >>> min_([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([1., 3.])

    Raises ValueError when there is no entry.
    """
    return xp.minimum.reduce(x, axis=axis, keepdims=keepdims)


class Observation(Rule):
    """A rule whose result has no derivative and leaves the graph: a plain number or array."""

    def __call__(self, *operands: Any, **static: object) -> Any:
        """Apply the rule to the numbers behind the nodes."""
        return super().__call__(*(read(x, self.name) for x in operands), **static)


def observation(value: Formula) -> Observation:
    """Make the function below a rule without derivative."""
    return Observation(value.__name__, value)


@observation
def argmax(xp: Namespace, x: Array, *, axis: int | None = None, keepdims: bool = False) -> Any:
    """Where the largest entry is along an axis, the first of a tie: integers that are on no graph.

    axis None counts the entries as one row.

    >>> argmax([[1.0, 2.0], [4.0, 3.0]], axis=1)
    array([1, 0])

    Raises ValueError when there is no entry.
    """
    return xp.argmax(x, axis=axis, keepdims=keepdims)
