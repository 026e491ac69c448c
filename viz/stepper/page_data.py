"""PageData: what a page holds: variables, edges and cuts, with the engine's numbers and the formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from autograd_lite.between import pull_back_total
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.value import Value
from viz.choose.style import Style
from viz.content import derivatives
from viz.content.content import Content, CutText, EdgeText, VariableText
from viz.content.describe import Description
from viz.formulas import numbers
from viz.formulas.escaping import drawable
from viz.formulas.labels import differential
from viz.formulas.mathtext import measure
from viz.formulas.naming import names_of, renamed
from viz.look import limits
from viz.look.sizes import FREE
from viz.stepper.glyphs import Glyphs
from viz.stepper.recording import NotLiveError, plain_number, recording

_ROOM: Final = "-0.000"
_ANY_TOTAL: Final = rf"\dfrac{{dh_{{000}}}}{{dh_{{000}}}}={_ROOM}"


@dataclass(frozen=True)
class PageData:
    """A flow graph as asked for, as content of the picture and as data of the scripts.

    wrt    the variable by which the output is differentiated first
    hold   the variables held at the start
    notes  what the page should admit
    """

    flow: FlowGraph
    wrt: Node
    hold: Sequence[Node] = ()
    notes: Sequence[str] = ()

    @property
    def is_scalar(self) -> bool:
        """Whether all numbers are floats; else the page shows shapes and norms."""
        return isinstance(self.flow.output, Value)

    @property
    def is_large(self) -> bool:
        """Whether formulas and cut lines would make an unreadable sheet."""
        count = len(self.flow.variables)
        return count > limits.VARIABLES or len(self.flow.edges) > limits.ARROWS

    @property
    def lines(self) -> list[int]:
        """The cuts that are drawn, each by how many variables stand in front of it."""
        order, leading = self.flow.variables, self.flow.leads_to_output
        places = range(1, len(order))
        found = [k for k in places if self.flow.sources[order[k]] and order[k] in leading]
        return [] if self.is_large else found

    def content(self, glyphs: Glyphs) -> Content:
        """The picture's content, with room for the numbers that will be written into it."""
        description = self._description()
        for v in self.flow.variables:
            # mathtext remembers 50 formulas: whatever is asked of a symbol is asked at once
            glyphs.formula(description.symbol(v))
            measure(description.symbol(v), True, FREE.name)
        said = description.content(self.flow)
        if self.is_scalar:
            said = replace(
                said,
                variables=tuple(_with_room(v, self.is_large) for v in said.variables),
                edges=tuple(map(_with_room_for_partial, said.edges)),
            )
        near = [frozenset(self._near(k)) for k in self.lines]
        return replace(said, cuts=tuple(map(CutText, near)), captions=(), notes=(), at_once=False)

    def for_scripts(self, content: Content, glyphs: Glyphs) -> dict[str, Any]:
        """Everything the scripts need, as JSON can hold it."""
        flow, place = self.flow, {v: k for k, v in enumerate(self.flow.variables)}
        tape, reason = self._tape()
        return {
            "variables": [
                self._variable(v, said, glyphs)
                for v, said in zip(flow.variables, content.variables, strict=True)
            ],
            "edges": [
                self._edge(edge, said, place, glyphs)
                for edge, said in zip(flow.edges, content.edges, strict=True)
            ],
            "tape": tape,
            "scalar": self.is_scalar,
            "output": place[flow.output],
            "input": place[self.wrt],
            "hold": [place[v] for v in self.hold],
            "lines": self.lines,
            "still": reason,
            "notes": list(self.notes),
            "terms": limits.TERMS,
            "signs": {sign: glyphs.formula(source) for sign, source in _SIGNS.items()},
        }

    def _description(self) -> Description:
        return Description(self.flow, (), [self.wrt], Style(formulas=not self.is_large))

    def _near(self, k: int) -> list[int]:
        """Numbers of the variables in front of a line, with those that lead nowhere."""
        order, leading = self.flow.variables, self.flow.leads_to_output
        return [j for j, v in enumerate(order) if j < k or v not in leading]

    def _tape(self) -> tuple[dict[str, Any] | None, str]:
        try:
            tape = recording(self.flow)
        except NotLiveError as reason:
            return (
                None,
                f"Inputs cannot be moved here: {reason}. The numbers are the recorded ones.",
            )
        return {"nodes": tape.nodes, "variables": tape.variables, "rules": tape.rules}, ""

    def _variable(self, v: Node, said: VariableText, glyphs: Glyphs) -> dict[str, Any]:
        symbol, equation = self._description().symbol(v), said.equation or ""
        return {
            "name": self._name(v),
            "symbol": glyphs.formula(symbol),
            "under": glyphs.formula(differential(symbol, "")),
            "equation": glyphs.formula(equation) if "=" in equation else None,
            "input": not self.flow.sources[v],
            **self._number("value", v.value),
            **({} if self.is_scalar else self._number("total", derivatives.total(self.flow, v))),
        }

    def _name(self, v: Node) -> str:
        """A name for lists and the screen reader; one that cannot be typeset says its symbol too."""
        names = names_of(self.flow)
        name = drawable(names.given(v))
        return f"{name} ({names.text(v)})" if renamed([v]) else name

    def _edge(
        self, edge: Edge, said: EdgeText, place: dict[Node, int], glyphs: Glyphs
    ) -> dict[str, Any]:
        return {
            "source": place[edge.source],
            "target": place[edge.target],
            "formula": glyphs.formula(said.formula) if said.formula else None,
            **self._number("partial", derivatives.partial(edge)),
            **({} if self.is_scalar else self._number("product", self._product(edge))),
        }

    def _product(self, edge: Edge) -> Any | None:
        """(dy/dtarget)·(∂target/∂source) of arrays, from one sweep."""
        flow = self.flow
        if edge.target not in flow.leads_to_output or len(flow.edges) > limits.PRODUCTS:
            return None
        total = derivatives.total(flow, edge.target)
        if total is None:
            return None
        return derivatives.or_none(
            lambda: pull_back_total(flow.output, total, edge.target, edge.source, flow.variables)
        )

    def _number(self, key: str, x: Any | None) -> dict[str, Any]:
        if x is None:
            return {key: None}
        return {key: plain_number(x) if self.is_scalar else numbers.as_text(x)}


_SIGNS: Final = {
    "d": "d", "partial": r"\partial", "equals": "=", "sum": r"\sum", "times": r"\cdot", "plus": "+",
    "open": "(", "close": ")",
}  # fmt: skip


def _with_room(said: VariableText, is_large: bool) -> VariableText:
    """Numbers as wide as a live one may become; on a large sheet, all alike and so measured once."""
    head, sign, number = (said.value or "").rpartition("=")
    total = said.total and f"{said.total.rpartition('=')[0]}={_ROOM}"
    if is_large:
        number, total = _ROOM, total and _ANY_TOTAL
    return replace(said, value=f"{head}{sign}{max(number, _ROOM, key=len)}", total=total)


def _with_room_for_partial(said: EdgeText) -> EdgeText:
    wide = said.formula and said.number and len(said.number) < len(_ROOM)
    return replace(said, number=_ROOM) if wide else said
