"""One direction made of the other: a vjp is linear in ȳ, a jvp in ẋ, and each is the other's transpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.arithmetics import Arrays, RecordedArithmetic, summed_axes
from autograd_lite.errors import DerivativeError, NamespaceError
from autograd_lite.modes import recording, traced
from autograd_lite.node import Node
from autograd_lite.order import reachable
from autograd_lite.record import Record
from autograd_lite.rules.namespaces import graph, plain
from autograd_lite.sweeps import reverse

Map = Callable[..., Any]


def transposed(rule: Record, i: int, given: Map, has: str) -> Map:
    """The missing one of a vjp and a jvp by operand i: the slope of ⟨given(u), c⟩ by u, which is linear in u.

    given  the record's own, in its `has`: "vjps" or "jvps"

    Raises DerivativeError where `given` records nothing of u, from which it could be read off.
    """

    def other(xp: Any, c: Any, y: Any, *operands: Any, **static: Any) -> Any:
        to, of = (y, operands[i]) if has == "vjps" else (operands[i], y)
        u = _variable_like(to)
        try:
            with recording(), traced({u}):
                v = _in_shape_of(of, given(graph, u, y, *operands, **static), has)
        except (NamespaceError, DerivativeError) as error:
            raise _untransposed(rule, i, has, error) from error
        slope = _slope(v, u, c, {x for x in (y, *operands) if isinstance(x, Node)}, xp is graph)
        if slope is None:
            raise _untransposed(rule, i, has, "it does not depend on what it is to be linear in")
        return slope

    return other


def _variable_like(x: Any) -> Any:
    return Tensor(np.zeros_like(plain(x)), requires_grad=True)


def _in_shape_of(x: Any, v: Any, has: str) -> Any:
    shape, wanted = np.shape(plain(v)), np.shape(plain(x))
    if shape == wanted:
        return v
    if has == "jvps":
        return graph.broadcast_to(v, wanted)
    return graph.reshape(graph.sum(v, axis=summed_axes(shape, wanted)), wanted)


def _slope(v: Any, u: Any, c: Any, hold: set[Node], recorded: bool) -> Any:
    """The adjoint of u for the adjoint c of v, on the graph if `recorded`; None where v is free of u."""
    if not isinstance(v, Node):
        return None
    arithmetic: Any = RecordedArithmetic() if recorded else Arrays()
    _, operations = reachable(v, hold)
    with recording():
        found = reverse(operations, {v: c}, arithmetic, hold).get(u)
    return None if found is None else arithmetic.leaf_gradient(u, found)


def _untransposed(rule: Record, i: int, has: str, why: object) -> DerivativeError:
    lacks, direction = ("jvps", "forward") if has == "vjps" else ("vjps", "reverse")
    return DerivativeError(
        f"{rule.name} has no {lacks}, and its {has} by operand {i} do not tell the {direction} derivative "
        f"({why}): write them with xp and the operations of this project, or give the record {lacks} too"
    )
