"""From a flow graph to what its picture says: the engine's numbers, sympy's formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.errors import AutogradError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from viz import labels, numbers, sums, symbols
from viz.content import Content, Division, Influence, Variable
from viz.listing import Listing
from viz.style import Style

_WIDEST_EQUATION, _WIDEST_FORMULA = 360.0, 170.0
_LARGEST_JACOBIAN = 4096
_MOST_PARTIALS = 1000


class Description:
    """One flow graph as asked for: its cuts, the variables of interest, the style."""

    def __init__(
        self, flow: FlowGraph, cuts: Sequence[Cut], wrt: Sequence[Node], style: Style
    ) -> None:
        self.flow, self.cuts, self.wrt, self.style = flow, cuts, wrt, style
        self.inputs = {id(v) for v in flow.inputs} | {id(v) for v in wrt}

    def content(self, shown: FlowGraph) -> Content:
        """What a picture of the variables in `shown` says."""
        number = {id(v): k for k, v in enumerate(shown.variables)}
        return Content(
            title=f"flow graph of {labels.plain(_spoken(self.flow.output))}",
            variables=tuple(self._variable(shown, v) for v in shown.variables),
            influences=tuple(self._influence(shown, e, number) for e in shown.edges),
            divisions=tuple(self._division(cut, number) for cut in self.cuts),
            notes=tuple(self._notes(shown)),
        )

    def listing(self, shown: FlowGraph) -> Listing:
        """Everything in plain words, whatever the picture shows."""
        flow, variables = self.flow, self.flow.variables
        number = {id(v): k for k, v in enumerate(variables)}
        few = len(flow.edges) <= _MOST_PARTIALS
        return Listing(
            output=_spoken(flow.output),
            variables=tuple(_spoken(v) for v in variables),
            values=tuple(numbers.written(v._data) for v in variables),
            totals=tuple(_written(_total(flow, v)) for v in variables),
            roles=tuple(self._role(v) for v in variables),
            arrows=tuple(
                (number[id(e.source)], number[id(e.target)], _written(_partial(e)) if few else "")
                for e in flow.edges
            ),
            cuts=tuple(frozenset(number[id(v)] for v in cut.near) for cut in self.cuts),
            sums=tuple(text for cut in self.cuts for text in sums.texts(cut, self.wrt)),
            notes=(*self._notes(shown), *([] if few else [_NO_PARTIALS])),
        )

    def symbol(self, v: Node) -> str:
        """How formulas write a variable."""
        return labels.symbol(v.name, v.number)

    def _variable(self, shown: FlowGraph, v: Node) -> Variable:
        equation = self._equation(shown, v) or (labels.latex(v.name) if v.name else self.symbol(v))
        value = self._value(v, equation is None) if self.style.values else None
        return Variable(_spoken(v), equation, value, self._tag(v), self._role(v))

    def _value(self, v: Node, nameless: bool) -> str:
        """The number; with the symbol that formulas use when they cannot use the name."""
        if numbers.fits(v._data):
            shown = numbers.typeset(v._data, self.style.digits)
            return f"{self.symbol(v)}={shown}" if nameless else shown
        norm = numbers.length(v._data, self.symbol(v), self.style.digits)
        return rf"{numbers.shape(np.shape(v._data))},\;{norm}"

    def _equation(self, shown: FlowGraph, v: Node) -> str | None:
        if not self._formulas(shown) or not shown.sources[v]:
            return None
        return _fitting(symbols.equation(shown, v), _WIDEST_EQUATION)

    def _formulas(self, shown: FlowGraph) -> bool:
        """Whether to write formulas: those of folded arrows would be long beyond reading."""
        return self.style.formulas and shown is self.flow

    def _tag(self, v: Node) -> str | None:
        total = _total(self.flow, v) if self.style.totals else None
        if total is None:
            return None
        ratio = rf"\dfrac{{d{self.symbol(self.flow.output)}}}{{d{self.symbol(v)}}}"
        if not numbers.fits(total):
            return numbers.length(total, ratio, self.style.digits)
        return f"{ratio}={numbers.typeset(total, self.style.digits, exact=True)}"

    def _influence(self, shown: FlowGraph, edge: Edge, number: dict[int, int]) -> Influence:
        ends = number[id(edge.source)], number[id(edge.target)]
        if not self.style.partials:
            return Influence(*ends, None, None)
        return Influence(*ends, self._formula(shown, edge), self._partial(edge))

    def _partial(self, edge: Edge) -> str:
        """The number, the Jacobian's norm, or its shape when it is too large even for that."""
        partial = _partial(edge)
        if partial is None:
            return numbers.shape(np.shape(edge.target._data) + np.shape(edge.source._data))
        if numbers.fits(partial):
            return numbers.typeset(partial, self.style.digits, exact=True)
        ratio = rf"\partial {self.symbol(edge.target)}/\partial {self.symbol(edge.source)}"
        return numbers.length(partial, ratio, self.style.digits)

    def _formula(self, shown: FlowGraph, edge: Edge) -> str | None:
        """∂b/∂a = …, unless the right side is a number, which is written anyway."""
        found = symbols.partial(shown, edge) if self._formulas(shown) else None
        if found is None or _is_number(found):
            return None
        source, target = self.symbol(edge.source), self.symbol(edge.target)
        whole = rf"\frac{{\partial {target}}}{{\partial {source}}}={found}"
        return _fitting(whole, _WIDEST_FORMULA)

    def _division(self, cut: Cut, number: dict[int, int]) -> Division:
        near = frozenset(number[id(v)] for v in cut.near if id(v) in number)
        if not (self.style.totals and self.style.partials):
            return Division(near)
        return Division(near, sums.captions(cut, self.wrt, self.symbol, self.style.digits))

    def _role(self, v: Node) -> str:
        if v is self.flow.output:
            return "output"
        if id(v) not in self.inputs:
            return "inner"
        return "parameter" if v.is_leaf and v.scope else "input"

    def _notes(self, shown: FlowGraph) -> list[str]:
        """What the picture leaves out, if anything."""
        there = {id(v) for v in shown.variables}
        folded = [_spoken(v) for v in self.flow.variables if id(v) not in there]
        if not folded:
            return []
        more = f" and {len(folded) - 5} more" if len(folded) > 5 else ""
        return [
            f"{len(there)} of {len(self.flow.variables)} variables are drawn, the others folded "
            f"away: {', '.join(folded[:5])}{more}; .text() and .dot() have all"
        ]


_NO_PARTIALS = (
    f"partial derivatives are left out above {_MOST_PARTIALS} arrows; flow.partial(b, a) gives one"
)


def _spoken(v: Node) -> str:
    return labels.spoken(v.name, v.number)


def _total(flow: FlowGraph, v: Node) -> Any | None:
    """The total derivative, or None when it is a Jacobian too large to look at."""
    small = np.size(flow.output._data) == 1 or _small(flow.output, v)
    return _or_none(lambda: flow.total(v)) if small else None


def _partial(edge: Edge) -> Any | None:
    return _or_none(lambda: edge.partial) if _small(edge.target, edge.source) else None


def _small(target: Node, source: Node) -> bool:
    return bool(np.size(target._data) * np.size(source._data) <= _LARGEST_JACOBIAN)


def _or_none(derivative: Any) -> Any | None:
    """A display never crashes: a derivative that does not exist is not shown."""
    try:
        return derivative()
    except AutogradError:
        return None


def _written(derivative: Any | None) -> str:
    return "" if derivative is None else numbers.written(derivative)


def _fitting(formula: str | None, widest: float) -> str | None:
    """The formula with full-size fractions, if mathtext can set it and it is not too wide."""
    shown = labels.display(formula) if formula else ""
    if not shown or not labels.parses(shown):
        return None
    return shown if labels.measure(shown, True, 14.0)[0] <= widest else None


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace(" ", ""))
    except ValueError:
        return False
    return True
