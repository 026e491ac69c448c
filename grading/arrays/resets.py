"""The GRU's reset gate, which scales a product with the state, or the state before its product."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays, plain
from grading.arrays.found import found
from grading.arrays.gates import cell_at, end_of, gated_at
from grading.arrays.recurrence import Recurrence
from grading.arrays.region import Change, Edge, Region, nothing, pulled, unbroadcast, with_slope
from grading.arrays.uses import PRODUCTS, leaf_of
from grading.catalogue.mistake import Found


class Resets:
    """The reset gates of a region, and the path from state to state beside them."""

    def __init__(self, region: Region, recurrence: Recurrence | None) -> None:
        self.region, self.recurrence = region, recurrence

    @cached_property
    def resets(self) -> list[tuple[Edge, Edge]]:
        """Where a reset gate scales a product with the state: the edges to the gate and to that product."""
        pairs = [pair for n in self.region.nodes if (pair := gated_at(n)) is not None]
        return [
            pair for pair in pairs
            if isinstance(a := end_of(pair[1]), Node) and a.rule.name in {"affine", "matmul"}
            and any(leaf_of(a.operands[w]) is not None for w, _ in PRODUCTS[a.rule.name])
        ]  # fmt: skip

    def reset_inside(self) -> Iterable[Found]:
        """U·(r⊙h) differentiated where the graph has r⊙(U·h)."""
        changes: dict[Edge, Change] = {}
        for to_r, to_product in self.resets:
            changes |= _as_if_inside(to_r, to_product)
        changes = {e: c for e, c in changes.items() if e in self.region.known}
        if changes:
            yield found(self.region.swept(changes))

    def reset_lost(self) -> Iterable[Found]:
        """The reset gate missing on the way back to the product that it scales."""
        edges = [to_product for _, to_product in self.resets]
        yield from self.region.at_once(edges, with_slope(lambda d: 1.0 + 0.0 * d))

    def reset_constant(self) -> Iterable[Found]:
        """Nothing goes back to the reset gate."""
        edges = [to_r for to_r, _ in self.resets if to_r in self.region.known]
        if len(edges) > 1:
            yield from self.region.at_once(edges, nothing)

    @cached_property
    def resets_inside(self) -> list[tuple[Node, int, int]]:
        """Products with r⊙h: the node, and which of its operands are the weight and r⊙h."""
        return [
            (n, w, d) for n in self.region.nodes for w, d in PRODUCTS.get(n.rule.name, ())
            if leaf_of(n.operands[w]) is not None and gated_at(n.operands[d]) is not None
            and n.operands[d].rule.name == "multiply" and cell_at(n.operands[d]) is None
        ]  # fmt: skip

    def reset_outside(self) -> Iterable[Found]:
        """r⊙(U·h) differentiated where the graph has U·(r⊙h)."""
        changes: dict[Edge, Change] = {}
        for n, w, d in self.resets_inside:
            changes |= _as_if_outside(n, w, d)
        changes = {e: c for e, c in changes.items() if e in self.region.known}
        if changes:
            yield found(self.region.swept(changes))

    def direct_path_lost(self) -> Iterable[Found]:
        """Nothing goes back from h_t to h_(t-1) beside the gates."""
        if self.recurrence is None or any(cell_at(n) for n in self.region.nodes):
            return
        edges = [(n, i) for n, i in self.recurrence.carried if n.rule.name not in PRODUCTS]
        if len(edges) < len(self.recurrence.carried):
            yield from self.region.at_once(edges, nothing)


def _as_if_inside(to_r: Edge, to_product: Edge) -> dict[Edge, Change]:
    node, a = to_r[0], end_of(to_product)
    r, pairs = np.asarray(plain(end_of(to_r))), PRODUCTS[a.rule.name]
    w, d = next(p for p in pairs if leaf_of(a.operands[p[0]]) is not None)
    xs = list(map(plain, a.operands))
    xs[d] = r * xs[d]
    h_shape = np.shape(plain(a.operands[d]))
    changes: dict[Edge, Change] = {
        to_product: lambda g, seen: unbroadcast(g, np.shape(plain(a))),
        (a, w): lambda g, seen: a.rule.vjp(w)(arrays, g, a.value, *xs, **a.static),
        (a, d): lambda g, seen: unbroadcast(pulled(a, d, g) * r, h_shape),
        to_r: lambda g, seen: pulled(a, d, g) * plain(a.operands[d]),
    }
    return {**changes, to_r: changes[to_r]} if node is not a else {}


def _as_if_outside(n: Node, w: int, d: int) -> dict[Edge, Change]:
    pair: Any = gated_at(n.operands[d])
    r, h = (np.asarray(plain(end_of(e))) for e in pair)
    xs = list(map(plain, n.operands))
    xs[d] = h
    product = n.rule.value(arrays, *xs, **n.static)
    return {
        (n, w): lambda g, seen: n.rule.vjp(w)(arrays, g * r, n.value, *xs, **n.static),
        pair[0]: lambda g, seen: seen[n] * product,
        pair[1]: lambda g, seen: pulled(n, d, seen[n] * r),
    }
