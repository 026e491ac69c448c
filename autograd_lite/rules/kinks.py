"""Where a first derivative is a convention there is no second one: it is nan, never the convention's.

The first derivative of a length at 0 is 0 because somebody said so, and 0·inf is 0 because a path may be
masked out. Near by neither moves so: what is recorded there is marked by a zero whose derivative is nan.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakValueDictionary

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import elementwise, operation

MARKS: Final[WeakValueDictionary[int, Node]] = WeakValueDictionary()
"""The zeros without derivative that are recorded on graphs now, by id."""


@elementwise(lambda xp, y, x, at: xp.where(at, np.nan, 0.0), None)
def unsmooth(xp: Any, x: Any, at: Any) -> Any:
    """A zero that has no derivative: y = 0, and ∂y/∂x is nan where `at` is not 0.

    >>> unsmooth(1.0, 1.0)
    0.0
    """
    return 0.0 * xp.add(xp.sign(x), at)


def _nan_along(xp: Any, t: Any, y: Any, x: Any, at: Any, *, axis: Any = None) -> Any:
    felt = xp.sum(xp.absolute(t) * plain(at), axis=axis, keepdims=True)
    return xp.masked_product(xp.broadcast_to(felt, np.shape(plain(x))), np.nan)


@operation([_nan_along, None], [_nan_along, None])
def unsmooth_along(xp: Any, x: Any, at: Any, *, axis: Any = None) -> Any:
    """The same where each entry moves with all others along axes, as those of a vector in its length.

    >>> unsmooth_along([1.0, 2.0], [True])
    array([0., 0.])
    """
    return np.zeros_like(x)


def _unsmooth_where_felt(xp: Any, c: Any, y: Any, x: Any, at: Any, *, axis: Any = None) -> Any:
    if not moves(x):
        return np.zeros_like(plain(x))
    felt = plain(at) & (moves(c) | (plain(c) != 0))
    return noted(unsmooth_along(x, np.any(felt, axis=axis, keepdims=True), axis=axis))


@operation([_unsmooth_where_felt, None], [_unsmooth_where_felt, None])
def corner(xp: Any, x: Any, at: Any, *, axis: Any = None) -> Any:
    """A zero to add to what has a corner where `at`: its first derivative is `unsmooth_along`.

    >>> corner([1.0, 2.0], [True, False])
    array([0., 0.])
    """
    return np.zeros_like(x)


def moves(x: Any) -> bool:
    """Whether x is a node that depends on a variable: then what is computed with it is recorded."""
    return isinstance(x, Node) and x.requires_grad


def marked(c: Any, x: Any, at: Any) -> Any:
    """The recorded derivative c, without a further one by x where `at`."""
    return c + noted(unsmooth(x, at)) if np.any(at) else c


def noted(mark: Any) -> Any:
    """A recorded mark, known to products from now on as long as it lives."""
    if isinstance(mark, Node):
        MARKS[id(mark)] = mark
    return mark


def chained(xp: Any, g: Any, d: Any) -> Any:
    """The product of an adjoint and a partial, with 0·inf = 0·nan = 0."""
    c = g * d
    if np.isnan(plain(c)).any():
        c = xp.masked_product(g, d)
        for zero, pole in ((g, d), (d, g)):
            if moves(zero):  # a number that happens to be 0: near by the product is anything
                at = (plain(zero) == 0) & ~np.isfinite(plain(pole)) & ~_masked_out(zero)
                c = marked(c, zero, at)
    return _with_marks_of(xp, d, g, _with_marks_of(xp, g, d, c)) if MARKS else c


def _with_marks_of(xp: Any, g: Any, d: Any, c: Any) -> Any:
    """The product c = g·d: where d happens to be 0 it keeps the marks of g, which 0·nan would mask."""
    if not (moves(g) and moves(d)) or not np.any(at := (plain(d) == 0) & ~_masked_out(d)):
        return c
    walk, seen = [g], {g}
    for node in walk:  # grows while it is walked
        if id(node) in MARKS:
            c = c + xp.where(at, xp.sum(node), 0.0)
        fresh = [x for x in dict.fromkeys(node.parents) if x not in seen]
        seen.update(fresh)
        walk.extend(fresh)
    return c


def _masked_out(g: Any) -> Any:
    """Where an adjoint is 0 because a factor is that does not move: the mask of a branch not taken."""
    out: Any = np.False_
    while isinstance(g, Node) and g.rule.name in ("multiply", "masked_product"):
        for factor in g.operands:
            out = out if moves(factor) else out | (plain(factor) == 0)
        g = g.left
    return out
