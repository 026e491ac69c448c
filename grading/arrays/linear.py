"""Layers that multiply by a weight and add a bias: what can go wrong with their axes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, called, found, found_at
from grading.arrays.penalties import penalty_edges, penalty_of, scaled_loss
from grading.arrays.region import Change, Edge, Region, place, pulled, slope
from grading.arrays.uses import (
    CONVOLUTIONS,
    PRODUCTS,
    Use,
    batch_sizes,
    bias_edges,
    leaf_of,
    uses_in,
)
from grading.catalogue.mistake import Found


class Linear:
    """The products with weights and the sums with biases of a region."""

    def __init__(self, region: Region) -> None:
        self.region, self.right = region, region.right
        self.uses = uses_in(region.nodes)

    @cached_property
    def own(self) -> list[Edge]:
        """The edges to the asked parameter, turned or not, from what it is used by."""
        x = self.region.x
        return [
            (n, i) for n, i in self.region.edges
            if leaf_of(n.operands[i]) is x and leaf_of(n) is not x
        ]  # fmt: skip

    @cached_property
    def batches(self) -> list[int]:
        """How many examples there may be: the rows of what uses the asked variable first."""
        for n, i in self.own:
            pairs = PRODUCTS.get(n.rule.name, ())
            data = next((d for w, d in pairs if w == i), pairs[0][1] if pairs else None)
            return batch_sizes(n if data is None else n.operands[data])
        return []

    @property
    def inputs(self) -> list[tuple[Edge, Use]]:
        """The edges over which a layer passes something back to its data, and the use of its weight."""
        edges = (((use.node, use.data), use) for use in self.uses)
        return [(e, use) for e, use in edges if e in self.region.known]

    @cached_property
    def contributions(self) -> list[tuple[tuple[str, ...], Array]]:
        """What each use of the asked variable contributes, with the name of where it is used."""
        region, adjoint = self.region, self.region.adjoint
        edges = [(n, i) for n, i in self.own if n in adjoint]
        sent = [region.pulled_back(n.operands[i], pulled(n, i, adjoint[n])) for n, i in edges]
        return [((called(place(region, e)),), c) for e, c in zip(edges, sent, strict=True)]

    # --- the whole answer ---------------------------------------------------------------------------------

    def transposed(self) -> Iterable[Found]:
        """The answer with its two axes swapped."""
        if self.right.ndim == 2 and self.right.shape != (1, 1):
            yield found(self.right.T)

    def mean(self) -> Iterable[Found]:
        """The sum over the examples divided by their number."""
        yield from scaled_loss(self.region, [(1 / count, "batch") for count in self.batches])

    def summed(self) -> Iterable[Found]:
        """The number of examples in the loss's mean lost."""
        yield from scaled_loss(self.region, [(count, "batch") for count in self.batches])

    def one_example(self, which: int) -> Iterable[Found]:
        """One example in place of the sum over all: the first, 0, or the last, -1."""
        penalty = {n for n, _ in penalty_edges(self.region)}
        edges = [e for e in self._of_rows(2) if e[0] not in penalty]
        for axis in {0, max(np.ndim(e[0].value) for e in edges) - 2} if edges else ():

            def change(edge: Edge, axis: int = axis) -> Change:
                return lambda g, seen: pulled(*edge, g * _only(g, which, axis))

            if all(np.ndim(e[0].value) > axis >= 0 for e in edges):
                yield from self.region.at_once(edges, change)

    def last_row(self) -> Iterable[Found]:
        """The last example of the last step in place of the sum over all rows."""

        def change(edge: Edge) -> Change:
            return lambda g, seen: pulled(*edge, _last_row(g))

        yield from self.region.at_once(self._of_rows(3), change)

    def _of_rows(self, axes: int) -> list[Edge]:
        """Those of its own edges that lead to arrays of so many axes, or more, with entries."""
        return [e for e in self.own if np.ndim(e[0].value) >= axes and np.size(e[0].value)]

    # --- what arrives -------------------------------------------------------------------------------------

    def ones(self) -> Iterable[Found]:
        """What arrives at the layers that use the parameter taken for ones."""
        nodes = {n: _ones for n, _ in self.own if n.rule.name in {*PRODUCTS, *CONVOLUTIONS, "add"}}
        if nodes:
            yield found(self.region.swept({}, nodes))
        yield from self._bias_of_ones()

    def _bias_of_ones(self) -> Iterable[Found]:
        if self.right.ndim == 1 and self.own:
            yield found(np.ones_like(self.right), "once")

    def untransposed(self) -> Iterable[Found]:
        """A square weight not transposed on the way back, at every layer and at each."""

        def change(edge: Edge) -> Change:
            use = known[edge]
            return lambda g, seen: _with_turned(use, edge, g)

        known = {e: use for e, use in self.inputs if use.W.ndim == 2 and _is_square(use.W)}
        yield from self.region.everywhere(known, change)

    def weight_lost(self) -> Iterable[Found]:
        """A square weight missing on the way back."""
        square = [e for e, use in self.inputs if use.W.ndim == 2 and _is_square(use.W)]
        same = [e for e in square if np.shape(e[0].value) == np.shape(plain(e[0].operands[e[1]]))]
        yield from self.region.everywhere(same, lambda e: lambda g, seen: g)

    def batch_summed(self) -> Iterable[Found]:
        """The sum over the examples where each has its own row."""

        def change(edge: Edge) -> Change:
            def summed(g: Any, seen: object) -> Any:
                c = pulled(*edge, g)
                return np.broadcast_to(c.sum(axis=-2, keepdims=True), c.shape).copy()

            return summed

        edges = [e for e, _ in self.inputs if np.ndim(plain(e[0].operands[e[1]])) > 1]
        yield from self.region.everywhere(edges, change)
        if self._has_rows():
            yield found(self.right.sum(axis=0), "rows")
            yield found(self.right.mean(axis=0), "mean")

    def _has_rows(self) -> bool:
        x = self.region.x
        return any(e[0].operands[e[1]] is x for e, _ in self.inputs) and self.right.ndim > 1

    # --- biases ---------------------------------------------------------------------------------------------

    @cached_property
    def _bias(self) -> list[Edge]:
        known = set(bias_edges(self.region))
        return [e for e in self.own if e in known]

    def _arriving(self) -> list[Array]:
        adjoint = self.region.adjoint
        return [adjoint[n] * (slope(n, i) if n.rule.is_elementwise else 1.0) for n, i in self._bias]

    def unsummed(self) -> Iterable[Found]:
        """What arrives at the sum with the bias, one row for each example."""
        arriving = self._arriving()
        if arriving:
            yield found(sum(arriving[1:], arriving[0]))
        if len(arriving) > 1:
            yield found(np.stack(arriving), "steps")

    def wrong_axis(self) -> Iterable[Found]:
        """The bias summed over another axis, over all, or over one axis of several."""
        for g in self._arriving()[:1] if len(self._bias) == 1 else [sum(self._arriving())]:
            for axis in range(np.ndim(g)):
                value = np.sum(g, axis=axis)
                if value.shape != self.right.shape or not np.allclose(value, self.right):
                    yield found(value, f"axis {axis + 1}")

    def totalled(self) -> Iterable[Found]:
        """All of what arrives at the bias in one number."""
        if self._bias and self.right.size > 1:
            yield found(np.sum(self.right))

    # --- elementwise and broadcasting ---------------------------------------------------------------------

    def elementwise(self) -> Iterable[Found]:
        """Data times adjoint entry by entry, where their shapes allow it."""
        adjoint = self.region.adjoint
        for use in self.uses:
            g = adjoint.get(use.node)
            if use.leaf is self.region.x and g is not None and np.shape(use.X) == np.shape(g):
                yield found_at(use.X * g, place(self.region, use.edge))

    def kept_broadcast(self) -> Iterable[Found]:
        """The adjoint in the shape that the variable was broadcast to."""
        for n, i in self._broadcast():
            yield found_at(self.region.adjoint[n] * slope(n, i), place(self.region, (n, i)))

    def _broadcast(self) -> list[Edge]:
        shape = np.shape(plain(self.region.x))
        return [
            (n, i) for n, i in self.own
            if n.rule.is_elementwise and np.shape(n.value) != shape and (n, i) not in set(self._bias)
            and n in self.region.adjoint
        ]  # fmt: skip

    def half_broadcast(self) -> Iterable[Found]:
        """Broadcasting undone along one of several axes."""
        for n, i in self._broadcast():
            full = self.region.adjoint[n] * slope(n, i)
            for axis in range(full.ndim) if full.ndim > 1 else ():
                value = full.sum(axis=axis)
                if value.shape != self.right.shape:
                    yield found(value, called(n), f"axis {axis + 1}")

    def squeezed(self) -> Iterable[Found]:
        """Axes of length 1 lost."""
        if 1 in self.right.shape:
            yield found(np.squeeze(self.right))

    # --- regularisers ---------------------------------------------------------------------------------------

    @cached_property
    def _penalty(self) -> Array:
        """What a penalty on the asked weight itself sends to it: over edges of no layer."""
        return penalty_of(self.region)

    def penalty(self, factor: float) -> Iterable[Found]:
        """The penalty's part of the answer times another factor."""
        if np.any(self._penalty) and not np.allclose(self._penalty, self.right):
            yield found(self.right + (factor - 1.0) * self._penalty)

    def penalty_on_bias(self) -> Iterable[Found]:
        """The weights' penalty λ·Σ w² taken of the bias too."""
        if self.right.ndim != 1 or not self._bias:
            return
        for n, g in self._squares():
            yield found_at(self.right + 2.0 * g * plain(self.region.x), n)

    def _squares(self) -> Iterable[tuple[Node, float]]:
        adjoint = self.region.adjoint
        for n in self.region.tape.operations:
            is_square = n.rule.name == "square" or (
                n.rule.name == "power" and np.all(plain(n.operands[1]) == 2)
            )
            if is_square and (leaf := leaf_of(n.operands[0])) is not None and n in adjoint:
                g = np.ravel(adjoint[n])
                if np.allclose(g, g[:1]):
                    yield leaf, float(g[0])


def _ones(g: Any, seen: object) -> Any:
    return np.ones_like(g)


def _only(g: Any, which: int, axis: int) -> Any:
    """A mask of one example in g."""
    mask = np.zeros(g.shape[axis])
    mask[which] = 1.0
    return mask.reshape([-1 if k == axis else 1 for k in range(g.ndim)])


def _last_row(g: Any) -> Any:
    rows = np.zeros((g.size // g.shape[-1], g.shape[-1]))
    rows[-1] = np.reshape(g, rows.shape)[-1]
    return rows.reshape(g.shape)


def _is_square(W: Any) -> bool:
    return bool(W.shape[0] == W.shape[1] > 1)


def _with_turned(use: Use, edge: Edge, g: Any) -> Any:
    """What goes back to the data when the weight is not transposed."""
    if use.node.rule.name == "matmul":
        return g @ use.W if use.weight == 1 else use.W @ g
    return g @ use.W.T
