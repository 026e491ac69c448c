"""The text of a bubble: equation, value, total derivative, role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.choose.sheet import Bubble, Level
from viz.choose.style import Style
from viz.content import derivatives, wording
from viz.content.content import VariableText
from viz.content.copies import Copies
from viz.formulas import labels, mathtext, numbers, symbols
from viz.formulas.escaping import upright
from viz.formulas.latex import LATEX
from viz.formulas.naming import has_symbol, names_of
from viz.formulas.system import with_names
from viz.look.heat import heat

_WIDEST: Final = 360.0  # points of an equation
_UNKNOWN: Final = r"{-}\!\!{-}"


class Bubbles:
    """The bubbles of one flow graph: variables, modules, held constants, copies of shared leaves."""

    def __init__(self, level: Level, wrt: Iterable[Node], style: Style, copies: Copies) -> None:
        self.level, self.flow, self.style, self.copies = level, level.flow, style, copies
        self.names = names_of(self.flow)
        self.inputs = {*self.flow.inputs, *wrt}

    def text(self, shown: FlowGraph, bubble: Bubble) -> VariableText:
        """What stands in one of them, in a picture of the variables in `shown`."""
        style = self.style.by(bubble.node)
        if bubble.module:
            return self._module(bubble, style)
        if bubble.copy:
            copy = labels.copied(self.names.latex(bubble.node), bubble.copy)
            return VariableText(wording.title(bubble, self.names), copy, None,
                                self._tag(bubble, style), self.role(bubble))  # fmt: skip
        return self._variable(shown, bubble, style)

    def _module(self, bubble: Bubble, style: Style) -> VariableText:
        value = upright(wording.contents(bubble)) if style.values else None
        tag, title = self._tag(bubble, style), wording.title(bubble, self.names)
        return VariableText(title, None, value, tag, "module", accent=style.accent)

    def _variable(self, shown: FlowGraph, bubble: Bubble, style: Style) -> VariableText:
        v = bubble.node
        equation = self._equation(shown, v) or self._name(v)
        rows = numbers.rows(numbers.shown_value(v), style.digits) if style.values else ()
        cells = heat(v.value) if style.heat and not (rows or numbers.fits(v.value)) else None
        return VariableText(
            wording.title(bubble, self.names),
            equation,
            self._value(v, equation is None) if style.values else None,
            None if bubble.held else self._tag(bubble, style),
            self.role(bubble),
            (*rows, upright("held")) if bubble.held else rows,
            cells,
            style.accent,
        )

    def _value(self, v: Node, nameless: bool) -> str:
        """The number; with the symbol that formulas use when they cannot use the name."""
        digits, symbol = self.style.by(v).digits, self.names.latex(v)
        if numbers.fits(v.value):
            shown = numbers.as_latex(numbers.shown_value(v), digits)
            return f"{symbol}={shown}" if nameless else shown
        norm = numbers.norm(v.value, symbol, digits)
        return rf"{numbers.shape(np.shape(v.value))},\;{norm}"

    def _equation(self, shown: FlowGraph, v: Node) -> str | None:
        if not (self.style.by(v).formulas and shown is self.flow and shown.sources.get(v)):
            return None
        if any(u.name is None and u in self.level.modules for u in shown.sources[v]):
            return None  # it would be in terms of something that no bubble says
        write_name = None if v.name else with_names(self.names)
        return mathtext.displayed(symbols.equation(shown, v, LATEX, write_name), _WIDEST)

    def _name(self, v: Node) -> str | None:
        """What stands in a bubble without an equation; None for a name that no formula can have."""
        return self.names.latex(v) if has_symbol(v) or not v.name else None

    def _tag(self, bubble: Bubble, style: Style) -> str | None:
        if not style.totals:
            return None
        ratio, total = self._ratio(bubble), self.total(bubble)
        if style.total_symbol and mathtext.parses(style.total_symbol):
            ratio = f"{style.total_symbol}={ratio}" if numbers.fits(total) else style.total_symbol
        if total is None:
            return rf"{ratio}=\,{_UNKNOWN}" if style.totals_from_grad else None
        if bubble.module or not numbers.fits(total):
            return numbers.norm(total, ratio, style.digits)
        return f"{ratio}={numbers.as_latex(total, style.digits)}"

    def _ratio(self, bubble: Bubble) -> str:
        """How the total derivative is written."""
        below = self.names.latex(bubble.node)
        if bubble.module and not (len(bubble.variables) == 1 and bubble.node.name):
            below = r"\,\mathrm{out}"
        if bubble.copy:
            below = labels.copied(below, bubble.copy)
        return labels.fraction(self.names.latex(self.flow.output), below)

    def total(self, bubble: Bubble) -> Any | None:
        """The total derivative; of a module that of all that leaves it; of a copy its own part."""
        v = bubble.node
        if bubble.held:
            return None
        if self.style.by(v).totals_from_grad:
            return v.grad
        if bubble.copy:
            return self.copies.parts[v][bubble.copy - 1]
        totals = [derivatives.total(self.flow, v) for v in bubble.variables]
        if len(totals) == 1 or any(total is None for total in totals):
            return totals[0]
        return np.concatenate([np.ravel(np.asarray(total)) for total in totals])

    def role(self, bubble: Bubble) -> str:
        """What it is in the graph, which gives it its colour."""
        v = bubble.node
        if bubble.module or bubble.held:
            return "module" if bubble.module else "held"
        if v is self.flow.output:
            return "output"
        if v not in self.inputs:
            return "inner"
        return "parameter" if v.is_leaf and v.scope else "input"
