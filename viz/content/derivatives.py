"""Derivatives as they are shown: None where there is none, or where it is too large to look at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograd_lite.errors import AutogradError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from viz.content.roundoff import as_read
from viz.look import limits


def total(flow: FlowGraph, x: Node, y: Node | None = None) -> Any | None:
    """dy/dx, y being the output if not given."""
    end = flow.output if y is None else y
    if not has_small_total(end, x):
        return None
    return or_none(lambda: _as_read(flow, flow.total(x, of=end), end, x))


def partial(edge: Edge) -> Any | None:
    """∂target/∂source of an arrow."""
    y, x = edge.target, edge.source
    if not has_small_jacobian(y, x):
        return None
    return or_none(lambda: _as_read(edge.flow, edge.partial, y, x, others(edge.flow, y, x)))


def held(flow: FlowGraph, y: Node, x: Node, hold: Collection[Node]) -> Any | None:
    """∂y/∂x with these variables held."""
    if not has_small_total(y, x):
        return None
    return or_none(lambda: _as_read(flow, flow.partial(y, x, hold=hold), y, x, hold))


def _as_read(
    flow: FlowGraph, derivative: Any, y: Node, x: Node, hold: Collection[Node] = ()
) -> Any:
    """0 where it is but rounding, which is looked at where there are few: it takes a sweep for each."""
    few = len(flow.variables) <= limits.PRODUCTS
    return as_read(derivative, y, x, hold) if few else derivative


def others(flow: FlowGraph, y: Node, x: Node) -> tuple[Node, ...]:
    """What an edge's partial derivative holds: all else that y is computed from."""
    return tuple(v for v in flow.sources[y] if v is not x)


def has_small_total(y: Node, x: Node) -> bool:
    """Whether dy/dx is looked at: a gradient always is."""
    return np.size(y.value) == 1 or has_small_jacobian(y, x)


def has_small_jacobian(y: Node, x: Node) -> bool:
    """Whether the derivative of y by x has few enough entries."""
    return bool(np.size(y.value) * np.size(x.value) <= limits.JACOBIAN)


def or_none(derivative: Callable[[], Any]) -> Any | None:
    """A display never crashes: a derivative that does not exist is not shown."""
    try:
        return derivative()
    except AutogradError:
        return None
