"""The sweep forward over a graph, noted: how each operation moves with its operands, and their sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.programs.arrays.lowering import Lowered
from autograd_lite.programs.arrays.reverse import slope


def lower_tangents(lowered: Lowered, seeds: Mapping[Node, Any]) -> None:
    """Note the tangents of all that moves with the nodes in `seeds`, in `lowered.tangents`.

    seeds  by leaf: its tangent, an array (to come or not) of its shape
    """
    lowered.tangents.update(seeds)
    for node in lowered.graph.operations:
        for i, x in enumerate(node.operands):
            t = lowered.tangents.get(x) if isinstance(x, Node) else None
            c = None if t is None else pushed(lowered, node, i, t)
            if c is not None:
                so_far = lowered.tangents.get(node)
                lowered.tangents[node] = c if so_far is None else np.add(so_far, c)


def pushed(lowered: Lowered, node: Node, i: int, t: Any) -> Any:
    """How `node` moves when its operand i moves by t: ∂node/∂operand·t, noted; None where it does not."""
    rule, y = node.rule, lowered.values[node]
    if rule.partials is not None:
        d = slope(lowered, node, i)
        c = None if d is None else t if type(d) is float and d == 1.0 else np.multiply(d, t)
    else:
        c = lowered.recording.note_rule(
            rule, "jvp", i, t, y, *lowered.operands(node), **node.static
        )
    if c is None or not hasattr(y, "dtype"):
        return c
    c = c if np.shape(c) == np.shape(y) else np.broadcast_to(c, np.shape(y))
    return c if c.dtype == y.dtype else c.astype(y.dtype)
