"""Derivatives as they are shown: None where there is none, or where it is too large to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite.errors import AutogradError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from viz.look import limits


def total(flow: FlowGraph, x: Node, y: Node | None = None) -> Any | None:
    """dy/dx, y being the output if not given."""
    y = flow.output if y is None else y
    return or_none(lambda: flow.total(x, of=y)) if has_small_total(y, x) else None


def partial(edge: Edge) -> Any | None:
    """∂target/∂source of an arrow."""
    return or_none(lambda: edge.partial) if has_small_jacobian(edge.target, edge.source) else None


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
