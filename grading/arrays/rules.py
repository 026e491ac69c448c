"""Wrong derivatives of single operations, as their records name them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.errors import AutogradError
from autograd_lite.malrules import wrong_contribution
from autograd_lite.record import Malrule
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import found
from grading.arrays.region import Change, Edge, Region
from grading.catalogue.mistake import Found


class Rules:
    """The malrules of the operations of a region."""

    def __init__(self, region: Region) -> None:
        self.region = region

    @cached_property
    def known(self) -> dict[str, dict[Edge, Malrule]]:
        """For each malrule's identifier the edges at which it can be taken."""
        table: dict[str, dict[Edge, Malrule]] = {}
        for n, i in self.region.edges:
            for m in n.rule.malrules if n in self.region.adjoint else ():
                if m.operand == i and _fits(m, (n, i), self.region.adjoint[n]):
                    table.setdefault(m.identifier, {})[n, i] = m
        return table

    def alone(self, identifier: str) -> Iterable[Found]:
        """The malrule at one edge."""
        at = self.known.get(identifier, {})
        yield from self.region.one_by_one(at, lambda e: _wrong(at[e], e))

    def everywhere(self, identifier: str) -> Iterable[Found]:
        """The malrule at all edges of one operation, where it has several."""
        at = self.known.get(identifier, {})
        for name in dict.fromkeys(n.rule.name for n, _ in at):
            changes = {e: _wrong(m, e) for e, m in at.items() if e[0].rule.name == name}
            if len(changes) > 1:
                yield found(self.region.swept(changes), identifier, f"every {name}")

    def both(self, identifier: str) -> Iterable[Found]:
        """The malrule at one edge, and at all."""
        yield from self.alone(identifier)
        yield from self.everywhere(identifier)

    def others(self, rows: Collection[str]) -> Iterable[Found]:
        """The malrules of records that the catalogue has no row for."""
        known_here = {"C", "D", "E", "G"}
        for identifier in self.known:
            if identifier not in rows and identifier[:1] not in known_here:
                for one in self.both(identifier):
                    yield replace(one, where=(identifier, *one.where))

    def rectifiers(self, mask: Callable[[Any, Any], Any]) -> Iterable[Found]:
        """Another mask (u, g) of a rectifier, with u its operand and g what arrives."""
        edges = [
            e for e in self.region.edges if e[0].rule.name == "relu" and e[0] in self.region.adjoint
        ]

        def change(edge: Edge) -> Change:
            u = plain(edge[0].operands[0])
            return lambda g, seen: np.where(mask(u, g), g, 0.0)

        yield from self.region.everywhere(edges, change)


def _wrong(malrule: Malrule, edge: Edge) -> Change:
    node, i = edge
    return lambda g, seen: np.asarray(wrong_contribution(malrule, node, i, g, node.operands[i]))


def _fits(malrule: Malrule, edge: Edge, g: Any) -> bool:
    """Whether a malrule's result has the operand's shape: products of matrices not transposed may not."""
    shape = np.shape(edge[0].operands[edge[1]].value)
    try:
        return bool(np.shape(_wrong(malrule, edge)(g, {})) == shape)
    except (AutogradError, ValueError, IndexError):
        return False
