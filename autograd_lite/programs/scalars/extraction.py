"""A graph of Values as flat arrays: which rule, of which places. No object a node, so it is quick.

Places: the leaves, then the operations in order, then the constants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograd_lite.programs.graph import Graph
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import plain

Places = NDArray[np.int64]
NONE: Final = -1
"""The place of an operand that is not there."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """The operations of a graph.

    leaves     how many there are
    rules      the records, each once
    kinds      by operation: the place of its record among them
    operands   by operation: the places of its operands, and NONE
    constants  numbers
    results    places
    """

    leaves: int
    rules: list[Record]
    kinds: Places
    operands: Places
    constants: list[float]
    results: Places

    @property
    def moving(self) -> int:
        """How many places move: those of leaves and operations."""
        return self.leaves + len(self.kinds)

    def selected(self, order: Places) -> Nodes:
        """The operations at these places, in this order; the others are used by nobody."""
        count = self.moving + len(self.constants)
        new = np.full(count + 1, NONE)  # the last for NONE
        new[: self.leaves] = np.arange(self.leaves)
        new[self.leaves + order] = np.arange(self.leaves, self.leaves + len(order))
        new[self.moving : count] = self.leaves + len(order) + np.arange(len(self.constants))
        return replace(
            self,
            kinds=self.kinds[order],
            operands=new[self.operands[order]],
            results=new[self.results],
        )


def extracted(graph: Graph) -> Nodes:
    """A graph's operations, with each product that only a sum uses as one operation with that sum."""
    return _with_products_in_sums(_flat(graph))


def _flat(graph: Graph) -> Nodes:
    leaves, operations = graph.leaves, graph.operations
    # by id, since Values are equal where their numbers are
    place = {id(x): k for k, x in enumerate((*leaves, *operations))}
    constants: list[float] = []

    def of(x: Any) -> int:
        found = place.get(id(x))
        if found is None:
            place[id(x)] = found = len(leaves) + len(operations) + len(constants)
            constants.append(float(plain(x)))
        return found

    left = [of(node.left) for node in operations]
    right = [NONE if node.right is None else of(node.right) for node in operations]
    rest = {k: [of(x) for x in node.rest] for k, node in enumerate(operations) if node.rest}
    rules: dict[Record, int] = {}
    kinds = [rules.setdefault(node.rule, len(rules)) for node in operations]
    results = np.array([of(x) for x in graph.results], np.int64)
    table = _table(left, right, rest)
    return Nodes(len(leaves), list(rules), np.array(kinds, np.int64), table, constants, results)


def _table(left: list[int], right: list[int], rest: dict[int, list[int]]) -> Places:
    width = max([3, *(2 + len(places) for places in rest.values())])
    table = np.full((len(left), width), NONE, np.int64)
    table[:, 0], table[:, 1] = left, right
    for row, places in rest.items():
        table[row, 2 : 2 + len(places)] = places
    return table


def _with_products_in_sums(nodes: Nodes) -> Nodes:
    rules = [*nodes.rules, RULES["multiply_add"]]
    add, multiply = (_kind(nodes.rules, name) for name in ("add", "multiply"))
    is_alone = _uses(nodes) == 1
    kinds, operands = nodes.kinds.copy(), nodes.operands.copy()
    gone = np.zeros(len(kinds), bool)
    sums = np.flatnonzero(kinds == add)
    for side in (0, 1):
        product = operands[sums, side] - nodes.leaves
        fits = (product >= 0) & (product < len(kinds))
        fits[fits] = (nodes.kinds[product[fits]] == multiply) & is_alone[product[fits]]
        at, product = sums[fits], product[fits]
        gone[product] = True
        operands[at, 2] = operands[at, 1 - side]
        operands[at, :2] = nodes.operands[product, :2]
        kinds[at] = len(rules) - 1
        sums = sums[~fits]
    fused = replace(nodes, rules=rules, kinds=kinds, operands=operands)
    return fused.selected(np.flatnonzero(~gone))


def _kind(rules: list[Record], name: str) -> int:
    return next((k for k, rule in enumerate(rules) if rule is RULES[name]), -1)


def _uses(nodes: Nodes) -> Places:
    """By operation: how often it is an operand or a result."""
    used = np.concatenate([nodes.operands.ravel(), nodes.results])
    counts = np.bincount(used[used != NONE], minlength=nodes.moving)
    return counts[nodes.leaves : nodes.moving]


def levels(nodes: Nodes) -> Places:
    """By operation: how many operations lie on the longest path to it, itself included."""
    level = [0] * (nodes.moving + len(nodes.constants) + 1)  # the last for NONE
    of = level.__getitem__
    columns = [column.tolist() for column in nodes.operands.T]  # a list a row wakes the collector
    for k, places in enumerate(zip(*columns, strict=True), nodes.leaves):
        level[k] = 1 + max(map(of, places))
    return np.array(level[nodes.leaves : nodes.moving], np.int64)
