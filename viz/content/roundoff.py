"""A derivative that is nothing but the rounding of the terms it is the sum of: it reads 0."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AutogradError
from autograd_lite.node import Node
from autograd_lite.tape import Propagation, Tape

_SUSPICIOUS: Final = 1e-6  # a larger number is taken for one at once


def as_read(derivative: Any, y: Node, x: Node, hold: Collection[Node] = ()) -> Any:
    """dy/dx as it is read, or ∂y/∂x with these held: 0 where its terms cancel but for their last digits.

    >>> from autograd_lite import Value
    >>> x = Value(1.0, name="x")
    >>> y = 0.1 * x + 0.2 * x - 0.3 * x
    >>> y.backward()
    >>> float(x.grad), float(as_read(x.grad, y, x)), float(as_read(1e-17, 1e-17 * x, x))
    (5.551115123125783e-17, 0.0, 1e-17)
    """
    size = np.abs(derivative)
    if np.size(y.value) != 1 or not np.any((size > 0) & (size < _SUSPICIOUS)):
        return derivative
    try:
        small = _rounding(y, x, hold)
    except AutogradError:
        return derivative
    return np.where(size <= small.reshape(np.shape(size)), 0.0, derivative)


def _rounding(y: Node, x: Node, hold: Collection[Node]) -> Any:
    """The largest number that the derivative may be while it is but rounding."""
    largest: dict[Node, Any] = {}
    count: dict[Node, int] = {}
    for step in Tape(y, hold).steps(hold=hold):
        if not isinstance(step, Propagation):
            continue
        node, to = step.node, step.parent
        term = np.abs(step.contribution)
        if node in largest and np.ndim(step.adjoint) == 0 and step.adjoint:
            # of a factor that is itself but rounding, what was rounded counts
            is_noise = abs(step.adjoint) <= count[node] * _EPS * largest[node]
            term = term * largest[node] / abs(step.adjoint) if is_noise else term
        largest[to] = np.maximum(largest.get(to, 0.0), term)
        count[to] = count.get(to, 0) + 1
    return np.asarray(count.get(x, 0) * _EPS * largest.get(x, 0.0))


_EPS: Final = float(np.finfo(float).eps)
