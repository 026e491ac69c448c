"""Partial and total derivatives between two nodes of a graph: one sweep with a set of nodes held."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import numpy as np

from autograd_lite.errors import DerivativeError, OperandError
from autograd_lite.node import Node
from autograd_lite.sweeps import Adjoints
from autograd_lite.tape import Tape
from autograd_lite.value import Value

CAP: Final = 10_000_000
"""The largest number of entries a Jacobian may have unless asked otherwise: 80 MB of float64."""


def total(z: Node, x: Node) -> Any:
    """The total derivative dz/dx: everything downstream of x moves with it.

    z (…), x (…): the result has shape z.shape + x.shape, a float for Values; 0 when z does not depend on x.

    >>> x = Value(3.0)
    >>> y = 2 * x
    >>> total(x * y, x)
    12.0

    Source: lecture "Partial and Total Derivatives", definition of the total derivative.
    """
    return derivative(z, x)


def partial(z: Node, x: Node, hold: Iterable[Node] | None = None) -> Any:
    """The partial derivative ∂z/∂x: x moves, the nodes in `hold` stay as they are.

    hold  which other variables are held constant; None means z's own other operands

    z (…), x (…): the result has shape z.shape + x.shape, a float for Values.

    >>> x = Value(3.0)
    >>> y = 2 * x
    >>> z = x * y
    >>> partial(z, x), partial(z, x, hold=[y]), partial(z, x, hold=[])
    (6.0, 6.0, 12.0)

    Source: lecture "Partial and Total Derivatives", definition of the partial derivative.
    """
    return derivative(z, x, hold=z.parents if hold is None else hold)


def derivative(z: Node, x: Node, hold: Iterable[Node] = (), cap: int = CAP) -> Any:
    """dz/dx with the nodes in `hold` held, as a float (Values) or as a Jacobian of shape z.shape + x.shape.

    Raises DerivativeError when the Jacobian would have more than `cap` entries.
    """
    for node in (z, x):
        if not isinstance(node, Node):
            raise OperandError(f"a derivative is between nodes of a graph, not {type(node).__name__} {node!r:.60}")
    held = set(hold) - {z, x}
    if isinstance(z, Value):
        return Tape(z).adjoints(hold=held).get(x, 0.0)
    size = z._data.size * x._data.size
    if size > cap:
        raise DerivativeError(
            f"the Jacobian of {z.describe()} {z._data.shape} by {x.describe()} {x._data.shape} has {size:,} entries, "
            f"more than {cap:,}: pull a gradient back instead, Tape(z).adjoints(gradient)[x], or raise `cap`"
        )
    return _jacobian(Tape(z), x, held)


def _jacobian(tape: Tape, x: Node, held: Collection[Node]) -> Any:
    z = tape.root._data
    rows = np.zeros((z.size, *x._data.shape), dtype=x._data.dtype)
    for row, seed in zip(rows, unit_seeds(z), strict=True):
        row[...] = tape.adjoints(seed, held).get(x, 0.0)
    return rows.reshape(z.shape + x._data.shape)


def unit_seeds(like: Any) -> Iterable[Any]:
    """One array of `like`'s shape for each of its entries, 1 there and 0 elsewhere."""
    for k in range(like.size):
        seed = np.zeros(like.size, dtype=like.dtype)
        seed[k] = 1.0
        yield seed.reshape(like.shape)


def pulled(z: Node, gradient: Any, hold: Iterable[Node] = ()) -> Adjoints:
    """gradientᵀ·dz/dx for every node x upstream of z, with the nodes in `hold` held: one sweep."""
    return Tape(z).adjoints(gradient, set(hold) - {z})
