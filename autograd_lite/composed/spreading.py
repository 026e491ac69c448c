"""Arrays spread over the shapes of others: grids of coordinates, one number everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.arguments import explained
from autograd_lite.node import Node
from autograd_lite.operands import DType, Numbers
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import astype, broadcast_to, reshape, shape_of

__all__ = ["broadcast_arrays", "full_like", "meshgrid"]


@explained
def broadcast_arrays(*xs: Numbers) -> tuple[Any, ...]:
    """All arrays in the one shape to which they broadcast.

    >>> [y.shape for y in broadcast_arrays([1.0, 2.0], [[0.0], [0.0]])]
    [(2, 2), (2, 2)]

    Raises ShapeError when they do not broadcast.
    """
    lengths = np.broadcast_shapes(*map(shape_of, xs))
    return tuple(broadcast_to(x, shape=lengths) for x in xs)


@explained
def meshgrid(*xs: Numbers, indexing: str = "xy", sparse: bool = False) -> tuple[Any, ...]:
    """The coordinates of a grid: array i holds x_i along its own axis, repeated along the others.

    indexing  "xy": the first two axes exchanged, as pictures have them; "ij": in the order given
    sparse    whether the other axes keep length 1

    >>> [y.shape for y in meshgrid([1.0, 2.0, 3.0], [1.0, 2.0])]
    [(2, 3), (2, 3)]

    Raises ShapeError for another indexing.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing {indexing!r} is none of 'xy', 'ij'")
    n = len(xs)
    places = [1 - i if indexing == "xy" and n > 1 and i < 2 else i for i in range(n)]
    grids = [
        reshape(x, shape=(1,) * place + (-1,) + (1,) * (n - place - 1))
        for x, place in zip(xs, places, strict=True)
    ]
    return tuple(grids) if sparse else broadcast_arrays(*grids)


@explained
def full_like(x: Numbers, fill_value: Any, dtype: DType = None, shape: Any = None) -> Any:
    """An array of x's shape that holds one number; a node when that number is one.

    >>> full_like([1.0, 2.0], 3.0)
    array([3., 3.])

    Raises ShapeError when `fill_value` does not broadcast to the shape.
    """
    like = np.empty_like(np.asarray(plain(x)), dtype=dtype, shape=shape)
    if not isinstance(fill_value, Node):
        return np.full_like(like, fill_value)
    return astype(broadcast_to(fill_value, shape=like.shape), dtype=like.dtype)
