"""Rules that move numbers without changing them. All are linear; each states its transpose.

Shapes are those of NumPy's functions of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.rule import linear


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a number, an array or a node."""
    return np.shape(plain(x))


@linear(lambda xp, g, y, x, *, shape: xp.reshape(g, shape_of(x)))
def reshape(xp: Any, x: Any, *, shape: Any) -> Any:
    """The same numbers in the same order in another shape; one length may be -1.

    >>> reshape([1.0, 2.0, 3.0, 4.0], (2, 2))
    array([[1., 2.],
           [3., 4.]])
    """
    return xp.reshape(x, shape)


@linear(lambda xp, g, y, x, *, shape: g)  # the engine sums over what was repeated
def broadcast_to(xp: Any, x: Any, *, shape: Any) -> Any:
    """The same numbers repeated along new and size-1 axes.

    >>> broadcast_to(1.0, (3,))
    array([1., 1., 1.])
    """
    return xp.broadcast_to(x, shape)


@linear(lambda xp, g, y, x, *, dtype: xp.astype(g, plain(x).dtype))
def astype(xp: Any, x: Any, *, dtype: Any) -> Any:
    """The same numbers as float32 or float64.

    >>> astype([1.0], "float32").dtype
    dtype('float32')
    """
    return xp.astype(x, np.dtype(dtype))
