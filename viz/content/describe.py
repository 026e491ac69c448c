"""From a flow graph to what its picture says: the engine's numbers, sympy's formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.choose.sheet import Arrow, Level, Sheet, everything, sheet
from viz.choose.style import Style
from viz.content import constants, derivatives, wording
from viz.content.arrows import Arrows
from viz.content.bubbles import Bubbles
from viz.content.captions import captions
from viz.content.content import Content, CutText, Listing, Pieces
from viz.content.copies import Copies
from viz.content.domain import nan_notes
from viz.content.sums import sum_lines
from viz.formulas import numbers
from viz.formulas.escaping import drawable
from viz.formulas.naming import names_of
from viz.formulas.places import inputs_by_index
from viz.look import limits

_NO_PARTIALS = (
    f"partial derivatives are left out above {limits.PARTIALS} arrows; flow.partial(b, a) gives one"
)


class Description:
    """One flow graph as asked for: its level, its cuts, the variables of interest, the style."""

    def __init__(
        self, graph: FlowGraph | Level, cuts: Sequence[Cut], wrt: Sequence[Node], style: Style
    ) -> None:
        self.level = graph if isinstance(graph, Level) else Level(graph, hides=everything)
        self.flow = self.level.flow
        self.names = names_of(self.flow)
        self.cuts, self.wrt, self.style = cuts, wrt, style
        self.copies = Copies(self.flow, style.digits)
        self.bubbles = Bubbles(self.level, wrt, style, self.copies)
        self.arrows = Arrows(self.level, style)
        self.few = len(self.flow.edges) <= limits.PARTIALS

    def content(self, shown: FlowGraph) -> Content:
        """What a picture of the variables in `shown` says."""
        page = sheet(self.level, shown, self.style.copies)
        has_sums = self.style.totals and not self.style.totals_from_grad
        return Content(
            title=f"flow graph of {drawable(self.names.given(self.flow.output))}",
            variables=tuple(self.bubbles.text(shown, bubble) for bubble in page.bubbles),
            edges=tuple(self.arrows.text(shown, page, arrow) for arrow in page.arrows),
            cuts=tuple(self._cut(cut, page) for cut in self.cuts),
            captions=(*self._constants(shown), *(self.copies.captions(page) if has_sums else ())),
            notes=tuple(self._notes(shown)),
            order=tuple(self._order(page)),
        )

    def listing(self, shown: FlowGraph) -> Listing:
        """Everything in plain words, whatever the picture shows."""
        page = sheet(self.level, self.flow)
        return Listing(
            output=self.names.given(self.flow.output),
            variables=tuple(wording.title(b, self.names) for b in page.bubbles),
            values=tuple(wording.contents(b) for b in page.bubbles),
            totals=tuple(_text(self.bubbles.total(b)) for b in page.bubbles),
            roles=tuple(self.bubbles.role(b) for b in page.bubbles),
            arrows=tuple((a.source, a.target, self._partial(page, a)) for a in page.arrows),
            cuts=tuple(page.near(cut, self.wrt) for cut in self.cuts),
            order=tuple(self._order(page)),
            sums=tuple(s for cut in self.cuts for s in sum_lines(cut, self.wrt, self.names.given)),
            notes=(
                *([] if self.level.modules else constants.notes(self.flow)),
                *self._notes(shown),
                *([] if self.few else [_NO_PARTIALS]),
            ),
        )

    def _order(self, page: Sheet) -> list[int]:
        """The bubbles by number, inputs of a family in the order of their index."""
        number = {
            b.node: k for k, b in enumerate(page.bubbles) if not (b.module or b.copy or b.held)
        }
        placed = map(number.__getitem__, inputs_by_index(self.names, number))
        own = set(number.values())
        return [next(placed) if k in own else k for k in range(len(page.bubbles))]

    def _constants(self, shown: FlowGraph) -> tuple[Pieces, ...]:
        """The numbers of the constants in the equations that are shown."""
        if not (self.style.formulas and self.style.values and shown is self.flow):
            return ()
        found = () if self.level.modules else constants.constants_of(self.flow)
        return tuple(constants.caption(found, self.names, self.style.digits))

    def symbol(self, v: Node) -> str:
        """How formulas write a variable."""
        return self.names.latex(v)

    def _partial(self, page: Sheet, arrow: Arrow) -> str:
        """An arrow's partial derivative as plain text, where it stands for one."""
        ends = (page.bubbles[arrow.source], page.bubbles[arrow.target])
        if not self.few or len(arrow.edges) != 1 or any(b.module for b in ends):
            return ""
        return _text(derivatives.partial(arrow.edges[0]))

    def _cut(self, cut: Cut, page: Sheet) -> CutText:
        near = page.near(cut, self.wrt)
        if not (self.style.totals and self.style.partials):
            return CutText(near)
        return CutText(near, captions(cut, self.wrt, self.symbol, self.style.digits))

    def _notes(self, shown: FlowGraph) -> list[str]:
        """What the picture leaves out, if anything."""
        there = set(shown.variables)
        folded = [self.names.given(v) for v in self.flow.variables if v not in there]
        notes = [*self.level.notes, *nan_notes(self.flow, self.names.given)]
        if not folded:
            return notes
        return [
            *notes,
            f"{len(there)} of {len(self.flow.variables)} variables are drawn, the others folded "
            f"away: {wording.few(folded)}; .text() and .dot() have all",
        ]


def _text(derivative: Any | None) -> str:
    return "" if derivative is None else numbers.as_text(derivative)
