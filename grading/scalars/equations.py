"""The equation of one variable, evaluated as by somebody who puts in the wrong number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd_lite.node import Node
from grading.scalars.graph import ScalarGraph
from grading.scalars.lift import Row, slope


class Equation:
    """What a variable is computed from: operations, and at their ends other variables and constants."""

    def __init__(self, v: Node, graph: ScalarGraph) -> None:
        self.v, self.graph = v, graph
        known = set(graph.variables) - {v}
        seen, walk = {v}, [v]
        for node in walk:
            fresh = [x for x in dict.fromkeys(node.parents) if x not in seen and x not in known]
            seen.update(fresh)
            walk.extend(fresh)
        self.operations = [node for node in graph.operations if node in seen]
        self.ends = {x for node in self.operations for x in node.parents} - set(self.operations)

    def at(self, a: Node, points: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """v, and ∂v/∂a, with each of the points in the place of a: a row for each."""
        k, count = self.graph.k, len(points)
        start = {x: np.tile(self.graph.values[x], count) for x in self.ends}
        start[a] = np.concatenate([np.broadcast_to(p, (k,)) for p in points])
        values = self.graph.points.evaluate(self.operations, start, times=count)
        slopes = self._slopes(a, values, count)
        return list(values[self.v].reshape(count, k)), list(slopes.reshape(count, k))

    def _slopes(self, a: Node, values: dict[Node, Row], times: int) -> Row:
        k = self.graph.k * times
        moves = {a: np.ones(k)}
        for node in self.operations:
            xs = self.graph.points.operands(node, values, times)
            parts = [
                moves[x] * w
                for i, x in enumerate(node.operands)
                if isinstance(x, Node) and x in moves
                if (w := slope(node, i, values[node], xs)) is not None
            ]
            if parts:
                moves[node] = np.sum(parts, axis=0)
        return moves.get(self.v, np.zeros(k))
