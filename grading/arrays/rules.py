"""Wrong derivatives of single operations, as their records name them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.errors import AutogradError
from autograd_lite.malrules import wrong_contribution
from autograd_lite.record import Malrule
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
                yield found(self.region.swept(changes), f"every {name}")

    def both(self, identifier: str) -> Iterable[Found]:
        """The malrule at one edge, and at all."""
        yield from self.alone(identifier)
        yield from self.everywhere(identifier)


def _wrong(malrule: Malrule, edge: Edge) -> Change:
    node, i = edge
    return lambda g, seen: np.asarray(wrong_contribution(malrule, node, i, g, node.operands[i]))


def _fits(malrule: Malrule, edge: Edge, g: Any) -> bool:
    """Whether a malrule's result has the operand's shape: products of matrices not transposed may not."""
    shape = np.shape(edge[0].operands[edge[1]].value)
    try:
        return np.shape(_wrong(malrule, edge)(g, {})) == shape
    except (AutogradError, ValueError, IndexError):
        return False
