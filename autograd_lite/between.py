"""Partial and total derivatives between two nodes of a graph: one sweep with a set of nodes held."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.dependence import unreached
from autograd_lite.errors import DerivativeError, OperandError
from autograd_lite.node import Node
from autograd_lite.order import reachable, upstream
from autograd_lite.tape import Tape, unit_seeds
from autograd_lite.value import Value
from autograd_lite.variables import as_list

MAX_ENTRIES: Final = 10_000_000
"""The largest number of entries a Jacobian may have unless asked otherwise: 80 MB of float64."""


def total(z: Node, x: Node) -> Any:
    """The total derivative dz/dx: everything downstream of x moves with it.

    z (…), x (…): the result has shape z.shape + x.shape, a float for Values.

    >>> x = Value(3.0)
    >>> y = 2 * x
    >>> total(x * y, x)
    12.0

    Raises DerivativeError when z was not computed from x, or x is a constant.

    Source: lecture "Partial and Total Derivatives", definition of the total derivative.
    """
    _refuse_unrelated(z, x)
    return derivative(z, x)


def partial(z: Node, x: Node, hold: Node | Iterable[Node] | None = None) -> Any:
    """The partial derivative ∂z/∂x: x moves, the nodes in `hold` stay as they are.

    hold  which other variables are held constant; None means z's own other operands. x, which moves, and z,
          which follows, may be among them without effect

    z (…), x (…): the result has shape z.shape + x.shape, a float for Values.

    >>> x = Value(3.0)
    >>> y = 2 * x
    >>> z = x * y
    >>> partial(z, x), partial(z, x, hold=[y]), partial(z, x, hold=[])
    (6.0, 6.0, 12.0)

    Raises DerivativeError when z was not computed from x, or has nothing in common with what is held; and
    when z depends on x through its operands only and `hold` is None: holding them would leave x without
    effect, whatever z is.

    Source: lecture "Partial and Total Derivatives", definition of the partial derivative.
    """
    held = None if hold is None else as_list(hold)
    _refuse_unrelated(z, x, held or ())
    if held is not None:
        return derivative(z, x, held)
    if z is not x and not any(v is x for v in z.parents):
        raise DerivativeError(
            f"{x.describe()} is no operand of {z.describe()}, so say which variables are held: "
            f"partial(z, x, hold=[…]), or name the variables and ask FlowGraph(z).partial(z, x)"
        )
    return derivative(z, x, z.parents)


def _refuse_unrelated(z: Node, x: Node, held: Sequence[Node] = ()) -> None:
    """Raise when x or a held node has no part in z: an answer would be to another question."""
    _refuse_others(z, x, *held)
    refuse_constant(x)
    known = {node for nodes in upstream(z) for node in nodes}
    if x not in known:
        raise DerivativeError(
            f"{unreached(z, x)}; compute z from this very node (a copy of it, or its number, is another), "
            f"or write FlowGraph(z, variables=[x]).total(x) where 0 is meant"
        )
    for node in held:
        # what lies beside or after z in the same system may be held, as a cut's other members are
        if node not in known and known.isdisjoint(n for nodes in reachable(node) for n in nodes):
            raise DerivativeError(
                f"{unreached(z, node)}, and the two have nothing in common, so holding it changes nothing: "
                f"leave it out, or hold the node that z was computed from (a copy is another)"
            )


def _refuse_others(*nodes: Any) -> None:
    for node in nodes:
        if not isinstance(node, Node):
            raise OperandError(
                f"a derivative is between nodes of a graph, not {type(node).__name__} {node!r:.60}"
            )


def derivative(
    z: Node, x: Node, hold: Iterable[Node] = (), *, cap: int = MAX_ENTRIES, fresh: bool = False
) -> Any:
    """dz/dx with the nodes in `hold` held, as a float (Values) or as a Jacobian of shape z.shape + x.shape.

    cap    the largest number of entries of a Jacobian
    fresh  True when the caller knows that no leaf changed, so that only what lies before `hold` is visited

    Raises DerivativeError when x is a constant, or the Jacobian would have more than `cap` entries.
    """
    others = list(hold)
    _refuse_others(z, x, *others)
    refuse_constant(x)
    if not fresh:
        upstream(z)
    tape = Tape(z, hold={*others, x} - {z})  # what lies behind x does not matter
    if isinstance(z, Value):
        return tape.adjoints().get(x, 0.0)
    shape, by = np.shape(z._data), np.shape(x._data)
    size = math.prod(shape + by)
    if size > cap:
        raise DerivativeError(
            f"the Jacobian of {z.describe()} {shape} by {x.describe()} {by} has {size:,} entries, "
            f"more than {cap:,}: pull a gradient back instead, Tape(z).adjoints(gradient)[x], or raise `cap`"
        )
    return _jacobian(tape, x)


def pull_back_total(y: Node, total: Any, h: Node, x: Node, hold: Iterable[Node]) -> Any:
    """(dy/dh)·(∂h/∂x) with the nodes in `hold` held, by pulling dy/dh back: no Jacobian of h is made.

    total is dy/dh in shape y.shape + h.shape, a float for Values; the result has shape y.shape + x.shape.
    """
    refuse_constant(x)
    upstream(h)
    tape = Tape(h, hold={*hold, x} - {h})
    if isinstance(h, Value):
        return tape.adjoints(total).get(x, 0.0)
    rows = np.reshape(total, (np.size(y._data), *np.shape(h._data)))
    parts = [tape.adjoints(row).get(x, np.zeros(np.shape(x._data))) for row in rows]
    return np.reshape(parts, np.shape(y._data) + np.shape(x._data))


def total_of(y: Node, x: Node, adjoint: Any) -> Any:
    """dy/dx of a y that is one number, from the adjoint of x; None, where there is none, is 0."""
    if isinstance(y, Value):
        return 0.0 if adjoint is None else adjoint
    shape = y._data.shape + np.shape(x._data)
    return np.zeros(shape) if adjoint is None else np.array(adjoint).reshape(shape)


def refuse_constant(x: Node) -> None:
    """Raise where a derivative with respect to a constant is asked for: 0 would be a wrong answer."""
    if not x.requires_grad:
        raise DerivativeError(
            f"{x.describe()} is a constant, so derivatives with respect to it do not exist: "
            f"write {type(x).__name__}(data, requires_grad=True)"
        )


def _jacobian(tape: Tape, x: Node) -> Any:
    z, by = tape.root._data, np.shape(x._data)
    rows = np.zeros((z.size, *by), dtype=np.asarray(x._data).dtype)
    for k, seed in enumerate(unit_seeds(z)):
        rows[k] = tape.adjoints(seed).get(x, 0.0)
    return rows.reshape(z.shape + by)
