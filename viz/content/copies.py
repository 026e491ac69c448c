"""A leaf that is drawn once for each of its uses: what each use adds to the total derivative."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.choose.sheet import Sheet
from viz.content import derivatives
from viz.content.content import Pieces
from viz.formulas import labels, numbers
from viz.formulas.naming import names_of


class Copies:
    """The copies of one flow graph's leaves."""

    def __init__(self, flow: FlowGraph, digits: int) -> None:
        self.flow, self.digits, self.names = flow, digits, names_of(flow)

    @cached_property
    def parts(self) -> dict[Node, list[Any]]:
        """What each use of a shared leaf adds to its total derivative, in order of the uses."""
        cut = self.flow.cut(after=self.flow.inputs)
        return {v: _each_use(cut, v) for v in self.flow.inputs if v.is_leaf}

    def captions(self, page: Sheet) -> tuple[Pieces, ...]:
        """For each leaf drawn more than once, its total derivative as the sum over the copies."""
        count = {b.node: b.copy for b in page.bubbles if b.copy}
        totals = {v: derivatives.total(self.flow, v) for v in count}
        return tuple(self._sum(v, count[v], x) for v, x in totals.items() if x is not None)

    def _sum(self, v: Node, count: int, total: Any) -> Pieces:
        name, y = self.names.latex(v), self.names.latex(self.flow.output)
        k = self.names.free_letter("klm")
        copy, ratio = labels.copied(name, k), labels.fraction(y, name)
        parts = [numbers.as_latex(x, self.digits) for x in self.parts[v]]
        return (
            ratio,
            rf"=\,\sum_{{{k}=1}}^{{{count}}}\;{labels.fraction(y, copy)}",
            rf"\quad({copy}\mathrm{{:\ the\ }}{k}\mathrm{{th\ use\ of}}\ {name})",
            *([f"={' + '.join(parts).replace('+ -', '- ')}"] if numbers.fits(total) else []),
            numbers.equals(total, ratio, self.digits),
        )


def _each_use(cut: Cut, leaf: Node) -> list[Any]:
    """The terms of the sum at the uses of a leaf, each use with the others held."""
    uses = set(cut.flow.targets[leaf])
    return [t.product for t in cut.terms(leaf) if t.variable in uses]
