"""A graph as NumPy calls: each operation's record runs once, on arrays to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograd_lite.node import Node
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.programs.graph import Graph
from autograd_lite.rules.namespaces import plain


@dataclass(eq=False)
class Lowered:
    """A graph's calls, and which array stands for which node.

    readable  as a person would write it: derivatives in their short forms, no product over all time steps
    leaves    the arrays to come, by leaf
    values    by node: an array to come, or a number or array where nothing moves
    adjoints  by node, where `lower_adjoints` has noted them; tangents likewise
    """

    graph: Graph
    readable: bool
    recording: SharedRecording
    leaves: dict[Node, Any] = field(default_factory=dict)
    values: dict[Node, Any] = field(default_factory=dict)
    adjoints: dict[Node, Any] = field(default_factory=dict)
    tangents: dict[Node, Any] = field(default_factory=dict)

    def operands(self, node: Node) -> list[Any]:
        """What stands for a node's operands, in order."""
        return [self.operand(x) for x in node.operands]

    def operand(self, x: Any) -> Any:
        """What stands for an operand: for a constant always the same array, so that uses are shared."""
        if not isinstance(x, Node):
            return x
        if x not in self.values:
            self.values[x] = plain(x)
        return self.values[x]


def lower(
    graph: Graph,
    *,
    readable: bool = False,
    has_numbers: bool = True,
    recording: SharedRecording | None = None,
) -> Lowered:
    """The values of a graph's operations, noted.

    has_numbers  see `SharedRecording`
    recording    where they are noted; None for one that notes what runs fast

    >>> import numpy as np
    >>> from autograd_lite import matmul, tanh
    >>> from autograd_lite.programs.graph import graph_of
    >>> graph = graph_of(lambda x, W: tanh(matmul(x, W)), (np.ones((2, 3)), np.ones((3, 1))))
    >>> [call.function.__name__ for call in lower(graph).recording.calls]
    ['matmul', 'tanh']
    """
    recording = recording or SharedRecording(has_numbers=has_numbers, looks=not readable)
    lowered = Lowered(graph, readable, recording)
    for k, leaf in enumerate(graph.leaves):
        lowered.leaves[leaf] = lowered.values[leaf] = lowered.recording.input(f"x{k}", plain(leaf))
    for node in graph.operations:
        xs = lowered.operands(node)
        lowered.values[node] = lowered.recording.note_rule(
            node.rule, "value", 0, *xs, **node.static
        )
    return lowered
