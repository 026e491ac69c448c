"""Rules that move numbers without changing them. All are linear; each states its transpose.

Shapes are those of NumPy's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.operands import Array, Axis, DType
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import linear


def shape_of(x: object) -> tuple[int, ...]:
    """The shape of a number, an array or a node."""
    return np.shape(plain(x))


@linear(lambda xp, g, y, x, *, shape: xp.reshape(g, shape_of(x)))
def reshape(xp: Namespace, x: Array, *, shape: Any) -> Any:
    """The same numbers in the same order in another shape; one length may be -1.

    >>> reshape([1.0, 2.0, 3.0, 4.0], (2, 2))
    array([[1., 2.],
           [3., 4.]])

    Raises ValueError when the shapes hold different counts.
    """
    return xp.reshape(x, shape)


def _transposed_back(
    xp: Namespace, g: Array, y: Array, x: Array, *, axes: Sequence[int] | None = None
) -> Any:
    if axes is None:
        return xp.transpose(g)
    n = len(shape_of(x))
    return xp.transpose(g, tuple(sorted(range(n), key=lambda i: axes[i] % n)))


@linear(_transposed_back, latex=r"{{{0}}}^{{\top}}")
def transpose(xp: Namespace, x: Array, *, axes: Sequence[int] | None = None) -> Any:
    """The axes in another order: y[i, j] = x[j, i]; reversed when `axes` is None.

    Axis i of y is axis axes[i] of x.

    >>> transpose([[1.0, 2.0], [3.0, 4.0]])
    array([[1., 3.],
           [2., 4.]])

    Raises ValueError when `axes` is no permutation of x's axes.
    """
    return xp.transpose(x, axes)


@linear(lambda xp, g, y, x, *, axis1, axis2: xp.swapaxes(g, axis1, axis2))
def swapaxes(xp: Namespace, x: Array, *, axis1: int, axis2: int) -> Any:
    """Two axes exchanged.

    >>> swapaxes([[1.0, 2.0, 3.0]], 0, 1).shape
    (3, 1)
    """
    return xp.swapaxes(x, axis1, axis2)


@linear(lambda xp, g, y, x, *, axis: xp.reshape(g, shape_of(x)))
def expand_dims(xp: Namespace, x: Array, *, axis: Axis) -> Any:
    """A new axis of length 1 at each place in `axis`.

    >>> expand_dims([1.0, 2.0], 0)
    array([[1., 2.]])
    """
    return xp.expand_dims(x, axis)


@linear(lambda xp, g, y, x, *, axis=None: xp.reshape(g, shape_of(x)))
def squeeze(xp: Namespace, x: Array, *, axis: Axis = None) -> Any:
    """The axes of length 1 dropped: all of them, or those in `axis`.

    >>> squeeze([[1.0, 2.0]])
    array([1., 2.])

    Raises ValueError when an axis in `axis` is longer than 1.
    """
    return xp.squeeze(x, axis)


@linear(lambda xp, g, y, x, *, shape: g)  # the engine sums over what was repeated
def broadcast_to(xp: Namespace, x: Array, *, shape: Any) -> Any:
    """The same numbers repeated along new and size-1 axes; the transpose sums over the copies.

    >>> broadcast_to(1.0, (3,))
    array([1., 1., 1.])

    Raises ValueError when x does not broadcast to `shape`.
    """
    return xp.broadcast_to(x, shape)


@linear(lambda xp, g, y, x, *, dtype: xp.astype(g, plain(x).dtype))
def astype(xp: Namespace, x: Array, *, dtype: DType) -> Any:
    """The same numbers as float32 or float64; the gradient has x's own dtype.

    >>> astype([1.0], "float32").dtype
    dtype('float32')

    Raises TypeError for any other dtype.
    """
    wanted = np.dtype(dtype)
    if wanted not in (np.float32, np.float64):
        raise TypeError(f"numbers on a graph are float64 or float32, not {wanted}")
    return xp.astype(x, wanted)


@linear(lambda xp, g, y, x, *, axis=None: xp.flip(g, axis))
def flip(xp: Namespace, x: Array, *, axis: Axis = None) -> Any:
    """The order along `axis` reversed (along every axis when None): y[i] = x[n-1-i].

    >>> flip([1.0, 2.0, 3.0])
    array([3., 2., 1.])
    """
    return xp.flip(x, axis)


def _rolled_back(
    xp: Namespace, g: Array, y: Array, x: Array, *, shift: Any, axis: Axis = None
) -> Any:
    back = -shift if np.ndim(shift) == 0 else tuple(-s for s in shift)
    return xp.roll(g, back, axis)


@linear(_rolled_back)
def roll(xp: Namespace, x: Array, *, shift: Any, axis: Axis = None) -> Any:
    """The numbers moved along `axis` in a circle: y[i] = x[(i - shift) mod n].

    axis None moves them as one row.

    >>> roll([1.0, 2.0, 3.0], 1)
    array([3., 1., 2.])
    """
    return xp.roll(x, shift, axis)
