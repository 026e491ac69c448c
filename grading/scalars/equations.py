"""The equation of one variable, evaluated as by somebody who puts in the wrong number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd_lite.node import Node
from grading.scalars.graph import ScalarGraph
from grading.scalars.lift import Row, Rows, slope


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

    def at(self, places: Sequence[Node], points: Sequence[Row]) -> tuple[Row, Row]:
        """v, and ∂v/∂a, with another number in the place of a: shape (N, K).

        places  for each of N trials the variable a
        points  and the number
        """
        start = {x: self.graph.values[x] for x in self.ends}
        for a in dict.fromkeys(places):
            mine = np.array([place is a for place in places])
            start[a] = np.where(mine[:, None], points, start[a])
        values = self.graph.points.evaluate(self.operations, start)
        with np.errstate(all="ignore"):
            adjoints = self._adjoints(values, set(places))
        slopes = [adjoints[a][n] for n, a in enumerate(places)]
        return np.broadcast_to(values[self.v], np.shape(points)), np.array(slopes)

    def _adjoints(self, values: Rows, places: set[Node]) -> Rows:
        """∂v/∂a for each of these variables, in every trial."""
        moving = set(places)
        for node in self.operations:
            if not moving.isdisjoint(self.graph.parents[node]):
                moving.add(node)
        shape = max((values[a].shape for a in places), key=len)
        found = {v: np.zeros(shape) for v in moving} | {self.v: np.ones(shape)}
        for node in reversed(self.operations):
            xs = self.graph.points.operands(node, values) if node in moving else ()
            for i, x in enumerate(node.operands if xs else ()):
                if isinstance(x, Node) and x in moving:
                    w = slope(node, i, values[node], xs)
                    found[x] = found[x] if w is None else found[x] + found[node] * w
        return found
