"""The text at an arrow: the partial derivative, or what flows to and from a module."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograd_lite.flow import Edge, FlowGraph
from viz.choose.sheet import Arrow, Level, Sheet
from viz.choose.style import Style
from viz.content import derivatives, wording
from viz.content.content import EdgeText
from viz.formulas import labels, mathtext, numbers, symbols
from viz.formulas.naming import names_of
from viz.look.heat import Heat, heat

_WIDEST: Final = 170.0  # points of a formula
_PARTIAL: Final = r"\partial "


class Arrows:
    """The arrows of one flow graph."""

    def __init__(self, level: Level, style: Style) -> None:
        self.flow, self.style, self.names = level.flow, style, names_of(level.flow)

    def text(self, shown: FlowGraph, page: Sheet, arrow: Arrow) -> EdgeText:
        """What stands at one of them, in a picture of the variables in `shown`."""
        ends = arrow.source, arrow.target
        a, b = (page.bubbles[k] for k in ends)
        style = self.style.by(b.node)
        accent = style.accent and self.style.by(a.node).accent
        if a.module or b.module:
            caption = wording.arrow_caption(arrow) if style.values else None
            return EdgeText(*ends, None, caption, accent=accent)
        if not (style.partials and arrow.edges) or a.copy:
            return EdgeText(*ends, None, None, accent=accent)
        (edge,) = arrow.edges
        formula, number = self._formula(shown, edge), self._number(edge, style.digits)
        return EdgeText(
            *ends, formula, number, _jacobian(edge) if style.jacobians else None, accent
        )

    def _number(self, edge: Edge, digits: int) -> str:
        """The number, the Jacobian's norm, or its shape when it is too large even for that."""
        partial = derivatives.partial(edge)
        if partial is None:
            return numbers.shape(np.shape(edge.target.value) + np.shape(edge.source.value))
        if numbers.fits(partial):
            return numbers.as_latex(partial, digits)
        target, source = map(self.names.latex, (edge.target, edge.source))
        return numbers.norm(partial, labels.ratio(target, source, _PARTIAL), digits)

    def _formula(self, shown: FlowGraph, edge: Edge) -> str | None:
        """∂b/∂a = …, unless the right side is a number, which is written anyway.

        Those of folded arrows would be long beyond reading.
        """
        if not (self.style.by(edge.target).formulas and shown is self.flow):
            return None
        found = symbols.partial(shown, edge)
        if found is None or _is_number(found):
            return None
        target, source = map(self.names.latex, (edge.target, edge.source))
        return mathtext.displayed(f"{labels.fraction(target, source, _PARTIAL)}={found}", _WIDEST)


def _jacobian(edge: Edge) -> Heat | None:
    """The Jacobian as a matrix: a row for each number of the target."""
    partial = derivatives.partial(edge)
    if partial is None or np.size(partial) == 1:
        return None
    return heat(np.reshape(partial, (np.size(edge.target.value), -1)))


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace(" ", ""))
    except ValueError:
        return False
    return True
