"""From a flow graph to what its picture says: the engine's numbers, sympy's formulas."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from viz import limits
from viz.choose.sheet import Arrow, Bubble, Level, Sheet, everything, sheet
from viz.choose.style import Style
from viz.content import derivatives, sums, wording
from viz.content.captions import captions
from viz.content.content import Content, CutText, EdgeText, VariableText
from viz.content.domain import outside
from viz.content.listing import Listing
from viz.formulas import labels, mathtext, numbers, plain_text, symbols
from viz.formulas.naming import calling
from viz.formulas.notation import LATEX
from viz.look.heat import Heat, heat

_WIDEST_EQUATION, _WIDEST_FORMULA = 360.0, 170.0
_UNKNOWN = r"{-}\!\!{-}"


class Description:
    """One flow graph as asked for: its level, its cuts, the variables of interest, the style."""

    def __init__(
        self, graph: FlowGraph | Level, cuts: Sequence[Cut], wrt: Sequence[Node], style: Style
    ) -> None:
        self.level = graph if isinstance(graph, Level) else Level(graph, hides=everything)
        self.flow = self.level.flow
        self.calling = calling(self.flow)
        self.cuts, self.wrt, self.style = cuts, wrt, style
        self.inputs = {id(v) for v in self.flow.inputs} | {id(v) for v in wrt}
        self.few = len(self.flow.edges) <= limits.PARTIALS

    def content(self, shown: FlowGraph) -> Content:
        """What a picture of the variables in `shown` says."""
        page = sheet(self.level, shown, self.style.copies)
        return Content(
            title=f"flow graph of {plain_text.plain(self.calling.spoken(self.flow.output))}",
            variables=tuple(self._variable(shown, b) for b in page.bubbles),
            edges=tuple(self._influence(shown, page, a) for a in page.arrows),
            cuts=tuple(self._division(cut, page) for cut in self.cuts),
            captions=self._copies(page),
            notes=tuple(self._notes(shown)),
        )

    def listing(self, shown: FlowGraph) -> Listing:
        """Everything in plain words, whatever the picture shows."""
        page = sheet(self.level, self.flow)
        arrows = ((a.source, a.target, self._said(page, a)) for a in page.arrows)
        return Listing(
            output=self.calling.spoken(self.flow.output),
            variables=tuple(wording.title(b, self.calling) for b in page.bubbles),
            values=tuple(wording.contents(b) for b in page.bubbles),
            totals=tuple(_written(self._total(b)) for b in page.bubbles),
            roles=tuple(self._role(b) for b in page.bubbles),
            arrows=tuple(arrows),
            cuts=tuple(page.near(cut, self.wrt) for cut in self.cuts),
            sums=tuple(
                text
                for cut in self.cuts
                for text in sums.as_text(cut, self.wrt, self.calling.spoken)
            ),
            notes=(*self._notes(shown), *([] if self.few else [_NO_PARTIALS])),
        )

    def symbol(self, v: Node) -> str:
        """How formulas write a variable."""
        return self.calling.latex(v)

    # --- bubbles -------------------------------------------------------------------------------

    def _variable(self, shown: FlowGraph, bubble: Bubble) -> VariableText:
        v, style = bubble.node, self.style.by(bubble.node)
        if bubble.module:
            value = wording.count_of(bubble.module.nodes) if style.values else None
            tag = self._tag(bubble, style)
            title = wording.title(bubble, self.calling)
            return VariableText(title, None, value, tag, "module", accent=style.accent)
        if bubble.copy:
            copy = labels.copied(self.symbol(v), bubble.copy)
            return VariableText(
                self.calling.spoken(v), copy, None, self._tag(bubble, style), self._role(bubble)
            )
        equation = self._equation(shown, v) or self._alone(v)
        rows = numbers.rows(numbers.read(v), style.digits) if style.values else ()
        cells = heat(v._data) if style.heat and not (rows or numbers.fits(v._data)) else None
        value = self._value(v, equation is None) if style.values else None
        rows = (*rows, r"\mathrm{held}") if bubble.held else rows
        return VariableText(
            self.calling.spoken(v),
            equation,
            value,
            None if bubble.held else self._tag(bubble, style),
            self._role(bubble),
            rows,
            cells,
            style.accent,
        )

    def _value(self, v: Node, nameless: bool) -> str:
        """The number; with the symbol that formulas use when they cannot use the name."""
        digits = self.style.by(v).digits
        if numbers.fits(v._data):
            shown = numbers.typeset(numbers.read(v), digits)
            return f"{self.symbol(v)}={shown}" if nameless else shown
        norm = numbers.length(v._data, self.symbol(v), digits)
        return rf"{numbers.shape(np.shape(v._data))},\;{norm}"

    def _equation(self, shown: FlowGraph, v: Node) -> str | None:
        if not (self.style.by(v).formulas and shown is self.flow and shown.sources.get(v)):
            return None
        if any(u.name is None and u in self.level.modules for u in shown.sources[v]):
            return None  # it would be in terms of something that no bubble says
        names = None if v.name else symbols.named(self.calling)
        return _fitting(symbols.equation(shown, v, LATEX, names), _WIDEST_EQUATION)

    def _alone(self, v: Node) -> str | None:
        """What stands in a bubble without an equation; None for a name that cannot be typeset."""
        return None if v.name and labels.latex(v.name) is None else self.symbol(v)

    def _tag(self, bubble: Bubble, style: Style) -> str | None:
        if not style.totals:
            return None
        ratio, total = self._ratio(bubble), self._total(bubble)
        if style.called and mathtext.parses(style.called):
            ratio = f"{style.called}={ratio}" if numbers.fits(total) else style.called
        if total is None:
            return rf"{ratio}=\,{_UNKNOWN}" if style.recorded else None
        if bubble.module or not numbers.fits(total):
            return numbers.length(total, ratio, style.digits)
        return f"{ratio}={numbers.typeset(total, style.digits, exact=True)}"

    def _ratio(self, bubble: Bubble) -> str:
        """How the total derivative is written."""
        below = self.symbol(bubble.node)
        if bubble.module and not (len(bubble.variables) == 1 and bubble.node.name):
            below = r"\,\mathrm{out}"
        if bubble.copy:
            below = labels.copied(below, bubble.copy)
        return labels.fraction(self.symbol(self.flow.output), below)

    def _total(self, bubble: Bubble) -> Any | None:
        """The total derivative; of a module that of all that leaves it; of a copy its own part."""
        v = bubble.node
        if bubble.held:
            return None
        if self.style.by(v).recorded:
            return v.grad
        if bubble.copy:
            return self._parts[v][bubble.copy - 1]
        totals = [derivatives.total(self.flow, v) for v in bubble.variables]
        if len(totals) == 1 or any(total is None for total in totals):
            return totals[0]
        return np.concatenate([np.ravel(np.asarray(total)) for total in totals])

    def _role(self, bubble: Bubble) -> str:
        v = bubble.node
        if bubble.module or bubble.held:
            return "module" if bubble.module else "held"
        if v is self.flow.output:
            return "output"
        if id(v) not in self.inputs:
            return "inner"
        return "parameter" if v.is_leaf and v.scope else "input"

    # --- arrows --------------------------------------------------------------------------------

    def _influence(self, shown: FlowGraph, page: Sheet, arrow: Arrow) -> EdgeText:
        ends = arrow.source, arrow.target
        a, b = (page.bubbles[k] for k in ends)
        style = self.style.by(b.node)
        accent = style.accent and self.style.by(a.node).accent
        if a.module or b.module:
            return EdgeText(
                *ends, None, wording.load(arrow) if style.values else None, accent=accent
            )
        if not (style.partials and arrow.edges) or a.copy:
            return EdgeText(*ends, None, None, accent=accent)
        (edge,) = arrow.edges
        formula, number = self._formula(shown, edge), self._partial(edge, style)
        return EdgeText(*ends, formula, number, _jacobian(edge, style), accent)

    def _partial(self, edge: Edge, style: Style) -> str:
        """The number, the Jacobian's norm, or its shape when it is too large even for that."""
        partial = derivatives.partial(edge)
        if partial is None:
            return numbers.shape(np.shape(edge.target._data) + np.shape(edge.source._data))
        if numbers.fits(partial):
            return numbers.typeset(partial, style.digits, exact=True)
        ratio = labels.ratio(self.symbol(edge.target), self.symbol(edge.source), r"\partial ")
        return numbers.length(partial, ratio, style.digits)

    def _formula(self, shown: FlowGraph, edge: Edge) -> str | None:
        """∂b/∂a = …, unless the right side is a number, which is written anyway.

        Those of folded arrows would be long beyond reading.
        """
        if not (self.style.by(edge.target).formulas and shown is self.flow):
            return None
        found = symbols.partial(shown, edge)
        if found is None or _is_number(found):
            return None
        source, target = self.symbol(edge.source), self.symbol(edge.target)
        over, under = (labels.differential(name, r"\partial ") for name in (target, source))
        whole = rf"\frac{{{over}}}{{{under}}}={found}"
        return _fitting(whole, _WIDEST_FORMULA)

    def _said(self, page: Sheet, arrow: Arrow) -> str:
        """An arrow's partial derivative as plain text, where it stands for one."""
        ends = (page.bubbles[arrow.source], page.bubbles[arrow.target])
        if not self.few or len(arrow.edges) != 1 or any(b.module for b in ends):
            return ""
        return _written(derivatives.partial(arrow.edges[0]))

    # --- cuts, copies, notes -------------------------------------------------------------------

    def _division(self, cut: Cut, page: Sheet) -> CutText:
        near = page.near(cut, self.wrt)
        if not (self.style.totals and self.style.partials):
            return CutText(near)
        return CutText(near, captions(cut, self.wrt, self.symbol, self.style.digits))

    @cached_property
    def _parts(self) -> dict[Node, list[Any]]:
        """What each use of a shared leaf adds to its total derivative, in order of the uses."""
        cut = self.flow.cut(after=self.flow.inputs)
        return {v: _each_use(cut, v) for v in self.flow.inputs if v.is_leaf}

    def _copies(self, page: Sheet) -> tuple[tuple[str, ...], ...]:
        """For each leaf drawn more than once, its total derivative as the sum over the copies."""
        count = {b.node: b.copy for b in page.bubbles if b.copy}
        if not self.style.totals or self.style.recorded:
            return ()
        return tuple(
            self._over_copies(v, n)
            for v, n in count.items()
            if derivatives.total(self.flow, v) is not None
        )

    def _over_copies(self, v: Node, count: int) -> tuple[str, ...]:
        total, name, y = (
            derivatives.total(self.flow, v),
            self.symbol(v),
            self.symbol(self.flow.output),
        )
        copy = labels.copied(name, "k")
        each, ratio = labels.fraction(y, copy), labels.fraction(y, name)
        use = rf"\quad({copy}\mathrm{{:\ the\ }}k\mathrm{{th\ use\ of}}\ {name})"
        head = (ratio, rf"=\,\sum_{{k=1}}^{{{count}}}\;{each}", use)
        if numbers.fits(total):
            parts = [numbers.typeset(p, self.style.digits, exact=True) for p in self._parts[v]]
            whole = numbers.typeset(total, self.style.digits, exact=True)
            return (*head, f"={' + '.join(parts).replace('+ -', '- ')}", f"={whole}")
        return (*head, rf",\qquad {numbers.length(total, ratio, self.style.digits)}")

    def _notes(self, shown: FlowGraph) -> list[str]:
        """What the picture leaves out, if anything."""
        there = {id(v) for v in shown.variables}
        folded = [self.calling.spoken(v) for v in self.flow.variables if id(v) not in there]
        said = [*self.level.notes, *outside(self.flow, self.calling.spoken)]
        if not folded:
            return said
        more = f" and {len(folded) - 5} more" if len(folded) > 5 else ""
        return [
            *said,
            f"{len(there)} of {len(self.flow.variables)} variables are drawn, the others folded "
            f"away: {', '.join(folded[:5])}{more}; .text() and .dot() have all",
        ]


_NO_PARTIALS = (
    f"partial derivatives are left out above {limits.PARTIALS} arrows; flow.partial(b, a) gives one"
)


def _jacobian(edge: Edge, style: Style) -> Heat | None:
    """The Jacobian as a matrix: a row for each number of the target."""
    partial = derivatives.partial(edge) if style.jacobians else None
    if partial is None or np.size(partial) == 1:
        return None
    return heat(np.reshape(partial, (np.size(edge.target._data), -1)))


def _each_use(cut: Cut, leaf: Node) -> list[Any]:
    """The terms of the sum at the uses of a leaf, each use with the others held."""
    uses = set(cut.flow.targets[leaf])
    return [t.product for t in cut.terms(leaf) if t.variable in uses]


def _written(derivative: Any | None) -> str:
    return "" if derivative is None else numbers.written(derivative)


def _fitting(formula: str | None, widest: float) -> str | None:
    """The formula with full-size fractions, if mathtext can set it and it is not too wide."""
    shown = mathtext.display(formula) if formula else ""
    if not shown or not mathtext.parses(shown):
        return None
    return shown if mathtext.measure(shown, True, 14.0)[0] <= widest else None


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace(" ", ""))
    except ValueError:
        return False
    return True
