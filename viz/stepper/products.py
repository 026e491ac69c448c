"""What one arrow of arrays contributes to the derivative at its start."""

from __future__ import annotations

from typing import Any

from autograd_lite.between import pull_back_total
from autograd_lite.flow import Edge, FlowGraph
from viz.content import derivatives
from viz.content.roundoff import as_read


def product(flow: FlowGraph, edge: Edge) -> Any | None:
    """(dy/dtarget)·(∂target/∂source), y being the output; 0 where it is but rounding, None if there is none.

    >>> import numpy as np
    >>> from autograd_lite import Tensor
    >>> x = Tensor(np.array([1.0, 2.0]), requires_grad=True, name="x")
    >>> flow = FlowGraph(((3.0 * x).named("h") ** 2).sum().named("y"))
    >>> print([product(flow, edge) for edge in flow.edges])
    [array([18., 36.]), array([ 6., 12.])]
    """
    if edge.target not in flow.leads_to_output:
        return None
    total, y = derivatives.total(flow, edge.target), flow.output
    if total is None:
        return None
    found = derivatives.or_none(
        lambda: pull_back_total(y, total, edge.target, edge.source, flow.variables)
    )
    return None if found is None else as_read(found, y, edge.source)
