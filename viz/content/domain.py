"""Where a variable has no number, it has no derivative either, whatever the formulas give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.content.wording import few


def nan_notes(flow: FlowGraph, name: Callable[[Node], str]) -> list[str]:
    """A sentence about the variables whose value is nan though those they are made from have one.

    >>> from autograd_lite import Value, log
    >>> y = log(Value(-1.0, name="x")).named("y")
    >>> nan_notes(FlowGraph(y), lambda v: v.name or "v")
    ['y is no number (nan) here, as outside a domain: no derivative exists there, whatever a formula gives.']
    """
    lost = {v for v in flow.variables if _is_lost(v)}
    first = [v for v in flow.variables if v in lost and not lost.intersection(flow.sources[v])]
    if not first:
        return []
    names = few(list(map(name, first)))
    verb, kind = ("is", "no number") if len(first) == 1 else ("are", "no numbers")
    return [
        f"{names} {verb} {kind} (nan) here, as outside a domain: no derivative exists there, "
        "whatever a formula gives."
    ]


def _is_lost(v: Node) -> bool:
    return bool(np.any(np.isnan(np.asarray(v.value, dtype=float))))
