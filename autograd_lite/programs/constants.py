"""The constants of a graph: their numbers are in its program, so whoever writes into one has to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_lite.errors import TraceError
from autograd_lite.node import Node
from autograd_lite.origins import renew_if_changed
from autograd_lite.rules.leaves import constant
from autograd_lite.trees import tree_leaves

if TYPE_CHECKING:
    from autograd_lite.programs.graph import Graph


class Constants:
    """Nodes that a graph closes over and that have no derivatives, with the number of their latest change.

    >>> from autograd_lite import Value
    >>> from autograd_lite.programs.graph import graph_of
    >>> c = Value(3.0, "c", requires_grad=False)
    >>> constants = Constants(graph_of(lambda x: c * x, (2.0,)))
    >>> c.data = 4.0
    >>> constants.refuse_written()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    autograd_lite.errors.TraceError: c ... was written to after the program was recorded...
    """

    def __init__(self, graph: Graph) -> None:
        nodes = (*(x for y in graph.operations for x in y.operands), *tree_leaves(graph.result))
        found = dict.fromkeys(x for x in nodes if isinstance(x, Node) and x.rule is constant)
        first = min((x.number for x in (*graph.inputs, *graph.operations)), default=0)
        # what the function makes at each call is nobody else's, unless it is computed from what is
        self._nodes = [x for x in found if x.number < first or x.rest]
        self._numbers = [self._latest(x) for x in self._nodes]

    def refuse_written(self) -> None:
        """Raise TraceError when one was written to since this was made."""
        for x, number in zip(self._nodes, self._numbers, strict=True):
            if self._latest(x) != number:
                raise TraceError(
                    f"{x.describe()} was written to after the program was recorded, which holds it constant: "
                    f"trace again, give it as an input, or write requires_grad=True where it is made, for a "
                    f"parameter, which is read at each call"
                )

    @staticmethod
    def _latest(x: Node) -> int:
        renew_if_changed(x)
        return x.number
