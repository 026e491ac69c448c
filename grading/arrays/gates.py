"""Gated cells, recognised by their equations: c_t = f⊙c_(t-1) + i⊙g, h_t = o⊙tanh(c_t)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, called, found
from grading.arrays.recurrence import Recurrence
from grading.arrays.region import Change, Edge, Region, nothing, with_slope
from grading.catalogue.mistake import Found


@dataclass(frozen=True, eq=False)
class Cell:
    """One step of an LSTM: nodes, and the edges out of its two sums and products.

    to_o, to_tanh      from h_t to the output gate and to tanh(c_t)
    to_f, to_before    from c_t (or the product in it) to the forget gate and to c_(t-1)
    to_i, to_g         from the product i⊙g to the input gate and to the candidate
    """

    h: Node
    c: Node
    to_o: Edge
    to_tanh: Edge
    to_f: Edge
    to_before: Edge
    to_i: Edge
    to_g: Edge

    @property
    def gates(self) -> dict[str, Any]:
        """The gates' nodes by their letters."""
        return {"i": end_of(self.to_i), "f": end_of(self.to_f), "o": end_of(self.to_o)}

    @property
    def before(self) -> Array:
        """The numbers of c_(t-1)."""
        return np.asarray(plain(end_of(self.to_before)), float)


def end_of(edge: Edge) -> Any:
    """The operand that an edge leads to."""
    return edge[0].operands[edge[1]]


def cell_at(h: Node) -> Cell | None:
    """The cell whose state a node is, if it is one."""
    if (outer := gated_at(h)) is None or not _is(end_of(outer[1]), "tanh"):
        return None
    c = end_of(outer[1]).operands[0]
    if not isinstance(c, Node) or (parts := _sum(c)) is None:
        return None
    (to_f, to_before), (to_i, to_g) = parts
    return Cell(h, c, *outer, to_f, to_before, to_i, to_g)


def gated_at(node: Any) -> tuple[Edge, Edge] | None:
    """Of a product with a gate the edges to the gate and to the other factor."""
    if not _is(node, "multiply", "multiply_add"):
        return None
    gate = next((i for i in (0, 1) if _is_gate(node.operands[i])), None)
    return None if gate is None else ((node, gate), (node, 1 - gate))


def _sum(c: Node) -> tuple[tuple[Edge, Edge], tuple[Edge, Edge]] | None:
    """Of c_t the edges of its two products: f⊙c_(t-1) and i⊙g."""
    if c.rule.name == "multiply_add":
        products = [gated_at(c), gated_at(c.operands[2])]
    elif c.rule.name == "add":
        products = [gated_at(p) for p in c.operands]
    else:
        return None
    if products[0] is None or products[1] is None:
        return None
    is_new = [_is(end_of(p[1]), "tanh") for p in products if p is not None]
    if is_new == [False, True]:
        return products[0], products[1]
    return (products[1], products[0]) if is_new == [True, False] and c.rule.name == "add" else None


def _is(node: Any, *names: str) -> bool:
    if (
        isinstance(node, Node) and node.rule.name == "getitem"
    ):  # a part of several gates' tanh or sigmoid
        node = node.operands[0]
    return isinstance(node, Node) and node.rule.name in names


def _is_gate(node: Any) -> bool:
    return _is(node, "sigmoid")


class Gates:
    """The gated cells of a region."""

    def __init__(self, region: Region, recurrence: Recurrence | None) -> None:
        self.region, self.right, self.recurrence = region, region.right, recurrence

    @cached_property
    def cells(self) -> list[Cell]:
        """Every step of an LSTM that is on the way from the asked variable."""
        return [cell for n in self.region.nodes if (cell := cell_at(n)) is not None]

    def _all(
        self, edge_of: Callable[[Cell], Edge], change: Callable[[Cell], Change]
    ) -> Iterable[Found]:
        """A change of the same edge in every cell."""
        changes = {
            edge_of(cell): change(cell) for cell in self.cells if edge_of(cell) in self.region.known
        }
        if changes:
            yield found(self.region.swept(changes))

    # --- the cell's state -----------------------------------------------------------------------------------

    def cell_path_lost(self) -> Iterable[Found]:
        """Nothing goes back from c_t to c_(t-1)."""
        yield from self._all(lambda cell: cell.to_before, lambda cell: nothing(cell.to_before))

    def forget_lost(self) -> Iterable[Found]:
        """The forget gate missing on the way from c_t to c_(t-1)."""
        yield from self._all(lambda cell: cell.to_before, lambda cell: lambda g, seen: g)

    def squashing_lost(self) -> Iterable[Found]:
        """The derivative of tanh(c_t) missing."""
        yield from self._all(
            lambda cell: (_source(end_of(cell.to_tanh)), 0), lambda cell: lambda g, seen: g
        )

    def state_of_same_step(self) -> Iterable[Found]:
        """c_t for c_(t-1) at the forget gate."""
        yield from self._all(lambda cell: cell.to_f, lambda cell: lambda g, seen: g * plain(cell.c))

    def state_unsquashed(self) -> Iterable[Found]:
        """c_t for tanh(c_t) at the output gate."""
        yield from self._all(lambda cell: cell.to_o, lambda cell: lambda g, seen: g * plain(cell.c))

    def state_path_lost(self) -> Iterable[Found]:
        """Nothing goes back from the gates to h_(t-1)."""
        states = (
            set(self.recurrence.states) if self.recurrence is not None and self.cells else set()
        )
        edges = [
            (n, i) for n, i in self.region.edges if n.operands[i] in states and _leads_on(n, self)
        ]
        yield from self.region.at_once(edges, nothing)

    # --- the gates ------------------------------------------------------------------------------------------

    def slopes_lost(self, *letters: str) -> Iterable[Found]:
        """The derivatives of some gates' sigmoids (i, f, o) and of the candidate's tanh (g) missing."""
        changes = {}
        for cell in self.cells:
            sources = {**cell.gates, "g": end_of(cell.to_g)}
            for letter in letters:
                edge = (_source(sources[letter]), 0)
                if edge in self.region.known:
                    changes[edge] = with_slope(lambda d: 1.0 + 0.0 * d)(edge)
        if changes:
            yield found(self.region.swept(changes), *letters)

    @cached_property
    def siblings(self) -> list[Node]:
        """The parameters that do for other gates what the asked one does for its own."""
        x = self.region.x
        name = (x.name or "").rpartition("_")[0]
        return [
            p for p in self.region.gradients
            if self.cells and name and p is not x and np.shape(plain(p)) == self.right.shape
            and (p.name or "").rpartition("_")[0] == name
        ]  # fmt: skip

    def other_gate(self) -> Iterable[Found]:
        """The gradient of another gate's parameter."""
        for p in self.siblings:
            yield found(self.region.gradients[p], called(p), nodes=(p,))

    def permuted(self) -> Iterable[Found]:
        """Of all gates' parameters in one array the gates' blocks in another order."""
        for blocks, axis in self._blocks():
            for order in permutations(range(4)):
                if order != (0, 1, 2, 3):
                    yield found(np.concatenate([blocks[k] for k in order], axis))

    def copied(self) -> Iterable[Found]:
        """One gate's block in the place of others."""
        for blocks, axis in self._blocks():
            for source in range(4):
                others = [k for k in range(4) if k != source]
                for places in (*((k,) for k in others), *_pairs(others), tuple(others)):
                    wrong = [blocks[source] if k in places else blocks[k] for k in range(4)]
                    yield found(np.concatenate(wrong, axis))

    def _blocks(self) -> Iterator[tuple[list[Array], int]]:
        if self.cells and self.region.x.is_leaf:
            width = np.shape(plain(self.cells[0].c))[-1]
            for axis, length in enumerate(self.right.shape):
                if length == 4 * width:
                    yield np.split(self.right, 4, axis), axis


def _source(node: Any) -> Any:
    """The activation itself, where a node is a part of several."""
    return node.operands[0] if node.rule.name == "getitem" else node


def _leads_on(node: Node, gates: Gates) -> bool:
    return gates.recurrence is not None and node in gates.recurrence.step


def _pairs(of: list[int]) -> Iterator[tuple[int, int]]:
    yield from ((a, b) for a in of for b in of if a < b)
