"""The graph behind one question at K points: its operations, and its variables, as two nets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.order import upstream
from grading.catalogue.places import owners, places
from grading.scalars.lift import Points, Reslope, Revaluation, Row, Rows, row, slope
from grading.scalars.net import Net


class ScalarGraph:
    """Everything that y is computed from, and x, at the K points asked about and some beside them.

    variables  the named ones, which partial derivatives hold
    hold       of these, the ones that stay as they are in the question: nothing passes through them
    """

    def __init__(
        self,
        y: Node,
        x: Node,
        variables: Collection[Node],
        hold: Collection[Node],
        values: Mapping[Node, Any] | None,
    ) -> None:
        leaves, operations = _upstream(y, x)
        self.order: Sequence[Node] = [*leaves, *operations]
        self.number = {node: n for n, node in enumerate(self.order)}
        self.hold = frozenset(hold) - {y}
        self.points = Points(leaves, values)
        self.operations = operations
        self.values = self.points.evaluate(operations, self.points.start)
        self.k = self.points.k
        self.variables = [v for v in self.order if v in variables]
        self.owner = owners(self.order, set(self.variables))
        self.name = places(self.order, self.owner)

    @cached_property
    def edges(self) -> list[tuple[Node, int, Row]]:
        """Every operation with each of its operands that has a derivative, and that local derivative."""
        found = []
        with np.errstate(all="ignore"):
            for node in self.operations:
                y, xs = self.values[node], self.operands(node)
                for i, x in enumerate(node.operands):
                    if isinstance(x, Node) and x.requires_grad:
                        w = slope(node, i, y, xs)
                        if w is not None:
                            found.append((node, i, w))
        return found

    def revalued(self, instead: Revaluation) -> Rows:
        """The value of every node after a slip in the forward pass; what it does not move is as it was."""
        found = dict(self.values)
        for node in self.operations:
            moved = any(found[v] is not self.values[v] for v in self.parents[node])
            xs = self.points.operands(node, found) if moved else self.operands(node)
            y = instead(node, xs)
            if y is not None:
                found[node] = row(y, self.k)
            elif moved:
                found[node] = self.points.applied(node, xs)
        return found

    def again(self, y: Node, x: Node, instead: Revaluation, slopes: Sequence[Reslope]) -> list[Row]:
        """dy/dx after a slip in the forward pass, for each way of taking the local derivatives there."""
        values = self.revalued(instead)
        edits: list[dict[int, Row]] = [{} for _ in slopes]
        for e, (node, i, _) in enumerate(self.kept):
            if values[node] is not self.values[node]:
                xs = self.points.operands(node, values)
                usual = slope(node, i, values[node], xs)
                for edit, own in zip(edits, slopes, strict=True):
                    w = own(node, i, xs)
                    edit[e] = self.fine.weights[e] if usual is None else usual if w is None else w
        return self.fine.edited(self.number[y], self.number[x], edits)

    @cached_property
    def parents(self) -> dict[Node, tuple[Node, ...]]:
        """The operands of each operation that are nodes."""
        return {node: tuple(node.parents) for node in self.operations}

    def derivative(self, y: Node, x: Node, hold: Collection[Node]) -> Row:
        """dy/dx with these held."""
        edges = [e for e in self.edges if e[0] not in hold]
        return self._net_of(edges).adjoints(self.number[y])[self.number[x]]

    def within(self, b: Node) -> list[Any]:
        """∂b/∂node for every operation inside the equation of the variable b."""
        net, known = self.fine, {self.number[v] for v in self.variables} - {self.number[b]}
        found: list[Any] = [np.zeros(self.k)] * net.size
        found[self.number[b]] = np.ones(self.k)
        walk = [self.number[b]]
        while walk:  # the latest first: its own derivative is complete
            v = max(walk)
            walk.remove(v)
            for e in net.into[v]:
                source = net.edges[e].source
                found[source] = found[source] + found[v] * net.weights[e]
                if source not in known and source not in walk:
                    walk.append(source)
        return found

    def operands(self, node: Node) -> list[Row]:
        """What the operands of a node are; a list of one's own."""
        if node not in self._operands:
            self._operands[node] = self.points.operands(node, self.values)
        return [*self._operands[node]]

    @cached_property
    def _operands(self) -> dict[Node, list[Row]]:
        return {}

    @cached_property
    def kept(self) -> list[tuple[Node, int, Row]]:
        """The edges of `fine`, in its order."""
        return [edge for edge in self.edges if edge[0] not in self.hold]

    @cached_property
    def fine(self) -> Net:
        """One edge for each operand of each operation; none into what is held."""
        return self._net_of(self.kept)

    def _net_of(self, kept: list[tuple[Node, int, Row]]) -> Net:
        pairs = [(self.number[node.operands[i]], self.number[node]) for node, i, _ in kept]
        return Net(len(self.order), pairs, [w for _, _, w in kept], self.k)

    @cached_property
    def local(self) -> list[Any]:
        """For each node ∂node/∂v by every variable v in turn, the others held: shape (variables, K)."""
        ones = np.eye(len(self.variables))[:, :, None]
        seeds = {self.number[v]: one for v, one in zip(self.variables, ones, strict=True)}
        return self.fine.tangents(seeds, blocked=True)

    @cached_property
    def sources(self) -> dict[Node, list[int]]:
        """For each variable the places, among the variables, of those that its equation names."""
        place = {v: j for j, v in enumerate(self.variables)}
        known: dict[Node, set[int]] = {}
        for node in self.order:
            found: set[int] = set()
            for x in node.parents if node not in self.hold else ():
                found |= {place[x]} if x in place else known[x]
            known[node] = found
        return {node: sorted(found) for node, found in known.items()}

    @cached_property
    def named(self) -> Net:
        """One edge for each variable that stands in the equation of another, with the partial derivative."""
        pairs = [(a, b) for b, v in enumerate(self.variables) for a in self.sources[v]]
        weights = [self.local[self.number[self.variables[b]]][a] for a, b in pairs]
        return Net(len(self.variables), pairs, weights, self.k)


def _upstream(y: Node, x: Node) -> tuple[list[Node], list[Node]]:
    """What y is computed from, and x, which may be no part of it, each in order of evaluation."""
    leaves, operations = upstream(y)
    more_leaves, more = upstream(x)
    if {*more_leaves, *more} <= {*leaves, *operations}:
        return leaves, operations
    merged = (
        sorted({*a, *b}, key=lambda v: v.number)
        for a, b in ((leaves, more_leaves), (operations, more))
    )
    return next(merged), next(merged)
