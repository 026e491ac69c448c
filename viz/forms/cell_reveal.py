"""A gated cell page by page: forward gate by gate, then the gradient back, one contribution a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from autograd_lite.node import Node
from viz.forms import words
from viz.forms.board import WIDTH
from viz.forms.cell import Cell, Factor, Gate
from viz.forms.cell_drawing import Drawing
from viz.forms.cell_places import (
    ADDED,
    BACK_BY_BUS,
    BELT,
    BUSES,
    CONVEYOR,
    ENTRY,
    GATES,
    KEPT,
    NOTES,
    OUTPUT,
    PREVIOUS,
    SUM,
    TOP,
    alone,
    way,
)
from viz.forms.form import Asked
from viz.layout.geometry import Point
from viz.layout.rounded import turned
from viz.look import palette, strokes
from viz.scene.scene import Arrow, Bubble, Scene, Text, TextBlock, Wire
from viz.scene.typeset import moved

_LATER: Final = palette.BUBBLES["later"]
_RED: Final = palette.TAG.line


@dataclass(frozen=True)
class Page:
    """What one page has.

    title     what happens on it
    known     groups that are there in their colours; all others are pale
    back      groups whose lines the gradient goes back along
    totals    keys of the bubbles whose derivative is known
    formula   in LaTeX, over the picture: this page's contribution
    """

    title: str
    known: frozenset[str]
    back: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()
    formula: str = ""


def reveal(asked: Asked, cell: Cell) -> list[Scene]:
    """The pages, each with every part in the same place."""
    return _Reveal(asked, cell).scenes()


class _Reveal:
    def __init__(self, asked: Asked, cell: Cell) -> None:
        self.cell, self.drawing = cell, Drawing(asked, cell)
        self.speech, self.whole = self.drawing.speech, self.drawing.scene()

    def scenes(self) -> list[Scene]:
        """All pages, numbered."""
        pages = [*self._forward(), *self._backward()]
        return [self._scene(page, k + 1) for k, page in enumerate(pages)]

    # --- which pages ---------------------------------------------------------------------------------

    def _forward(self) -> Iterator[Page]:
        cell, known = self.cell, {GATES, PREVIOUS, BUSES}
        for k in range(1, len(cell.gates) + 1):
            later = {alone(gate.node) for gate in cell.gates[k:]}
            gate = self.speech.name(cell.gates[k - 1].node)
            yield Page(
                rf"\mathrm{{forward:}}\ {gate}", frozenset(known | {f"not {x}" for x in later})
            )
        state = self.speech.name(cell.state)
        yield Page(rf"\mathrm{{the\ conveyor:}}\ {state}", frozenset(known | {CONVEYOR}))
        if cell.readout is not None:
            shown = self.speech.name(cell.readout.node)
            whole = frozenset(known | {CONVEYOR, OUTPUT})
            yield Page(rf"\mathrm{{the\ output:}}\ {shown}", whole)

    def _backward(self) -> Iterator[Page]:
        cell, speech, drawing = self.cell, self.speech, self.drawing
        if not (speech.has_total(cell.state) and speech.has_total(cell.previous)):
            return
        known = frozenset({GATES, PREVIOUS, CONVEYOR, OUTPUT})
        back: frozenset[str] = frozenset()
        totals = frozenset({drawing.state})
        if cell.readout is not None:
            out = cell.readout
            back, totals = frozenset({OUTPUT}), totals | {drawing.output}
            totals |= {drawing.boxes[out.gate.number]}
            title = rf"\mathrm{{back\ from}}\ {speech.name(out.node)}"
            yield Page(title, known, back, totals, self._through(out.gate))
        back |= {ADDED, BELT, KEPT}
        _, rest = drawing.contributions()
        arrived = frozenset({drawing.previous})
        totals = totals if rest is not None else totals | arrived
        yield Page(r"\mathrm{back\ along\ the\ conveyor}", known, back, totals, self._along())
        for gate in self._inner_gates():
            back |= {way(gate.node)} | ({ENTRY} if self._enters(gate.node) else set())
            totals |= {drawing.boxes[gate.node.number]}
            title = rf"\mathrm{{back\ to}}\ {speech.name(gate.node)}"
            yield Page(title, known, back, totals, self._through(gate.node))
        if rest is not None:
            title = rf"\mathrm{{all\ ways\ back\ to}}\ {speech.name(cell.previous)}"
            back |= {BACK_BY_BUS}
            yield Page(title, known, back, totals | arrived, drawing.sum_formula())

    def _inner_gates(self) -> list[Gate]:
        """Those on the state's way, then those inside their sums."""
        cell = self.cell
        last = cell.readout.gate.number if cell.readout is not None else None
        on_way = {cell.keep.gate.number, *(f.gate.number for f in cell.entry)}
        gates = [gate for gate in cell.gates if gate.node.number != last]
        return sorted(gates, key=lambda gate: gate.node.number not in on_way)

    def _enters(self, gate: Node) -> bool:
        return any(f.gate is gate for f in self.cell.entry)

    # --- what they say -------------------------------------------------------------------------------

    def _along(self) -> str:
        direct, rest = self.drawing.contributions()
        cell, speech = self.cell, self.speech
        dots = r"+\cdots" if rest is not None else ""
        left, right = speech.stacked(cell.previous), speech.stacked(cell.state)
        source = rf"{left}={right}\odot {speech.factor(cell.keep)}{dots}"
        shown = words.listed(direct)
        return f"{source}={shown}{dots}" if shown is not None else source

    def _through(self, gate: Node) -> str:
        """dL/dg = dL/dc⊙(what the gate multiplies) = its numbers."""
        speech, cell = self.speech, self.cell
        out = cell.readout
        if out is not None and out.gate is gate:
            state = speech.name(cell.state)
            with_it = state if out.squash is None else rf"{speech.function(out.squash)}\,{state}"
            source = rf"{speech.stacked(out.node)}\odot {with_it}"
        else:
            with_it = self._partner(gate)
            source = rf"{speech.stacked(cell.state)}\odot {with_it}" if with_it else ""
        shown = words.listed(speech.total(gate))
        sides = [speech.stacked(gate), source, shown]
        return "=".join(side for side in sides if side)

    def _partner(self, gate: Node) -> str:
        """The sum of what a gate is multiplied with in the state."""
        speech, cell = self.speech, self.cell
        terms: list[str] = []
        own = [(cell.keep, speech.name(cell.previous))]
        if len(cell.entry) == 2:
            first, second = cell.entry
            own += [(first, self._other(second)), (second, self._other(first))]
        elif cell.entry[0].gate is gate:
            own += [(cell.entry[0], "1")]
        for factor, other in own:
            if factor.gate is gate:
                sign = "-" if factor.complement else "+" if terms else ""
                terms.append(f"{sign}{other}")
        whole = "".join(terms)
        return f"({whole})" if len(terms) > 1 or whole.startswith("-") else whole

    def _other(self, factor: Factor) -> str:
        return self.speech.factor(factor)

    # --- drawing one ---------------------------------------------------------------------------------

    def _scene(self, page: Page, number: int) -> Scene:
        whole, parts = self.whole, self.drawing.parts
        back = {key for name in page.back for key in parts.get(name, ())}
        later = set(self._later(page)) - back
        hidden = parts.get(SUM, set()) | parts.get(NOTES, set())
        totals = {key.replace("node", "tag") for key in page.totals}
        return replace(
            whole,
            bubbles=tuple(_pale(b) if b.key in later else b for b in whole.bubbles),
            badges=tuple(_pale(b) if b.key in later else b for b in whole.badges),
            tags=tuple(tag for tag in whole.tags if tag.key in totals),
            heats=tuple(h for h in whole.heats if self._is_seen(h.key, later, totals)),
            arrows=tuple(_arrow(a, later, back) for a in whole.arrows),
            wires=tuple(_wire(w, later, back) for w in whole.wires if w.key not in hidden),
            dots=tuple(
                replace(dot, color=_color(dot.key, dot.color, later, back)) for dot in whole.dots
            ),
            labels=tuple(x for x in whole.labels if x.key not in hidden | later),
            captions=(*whole.captions, *self._words(page, number)),
        )

    def _later(self, page: Page) -> Iterator[str]:
        parts = self.drawing.parts
        names = (GATES, PREVIOUS, BUSES, CONVEYOR, OUTPUT)
        for name in names:
            if name not in page.known:
                yield from parts.get(name, ())
        for gate in self.cell.gates:
            if f"not {alone(gate.node)}" in page.known:
                yield from parts[alone(gate.node)]

    @staticmethod
    def _is_seen(key: str, later: set[str], totals: set[str]) -> bool:
        owner = key.rpartition("-")[0]
        if owner.startswith("tag"):
            return owner.removesuffix("-heat") in totals
        return owner.replace("heat", "node") not in later

    def _words(self, page: Page, number: int) -> Iterator[TextBlock]:
        title = words.note(rf"{number}.\ {page.title}", palette.NOTE, is_math=True)
        at = Point(WIDTH - 8 - title.box.right, 12 - title.box.bottom)
        yield _block("caption-title", moved(title, at))
        if page.formula:
            text = words.value(page.formula, _RED)
            middle = (self.drawing.left + self.drawing.right) / 2
            x = max(middle - text.box.width / 2, 8.0)
            by = Point(x - text.box.left, TOP - text.box.center.y)
            yield _block("caption-formula", moved(text, by))


def _block(key: str, text: Text) -> TextBlock:
    return TextBlock(key, text.box, (text,))


def _pale(bubble: Bubble) -> Bubble:
    texts = tuple(replace(text, color=_LATER.text) for text in bubble.texts)
    return replace(bubble, role="later", texts=texts, accent=False)


def _color(key: str, color: str, later: set[str], back: set[str]) -> str:
    return _LATER.line if key in later else _RED if key in back else color


def _width(width: float, is_back: bool) -> float:
    return max(width, strokes.CUT) if is_back else width


def _arrow(arrow: Arrow, later: set[str], back: set[str]) -> Arrow:
    """An arrow that is pale, or turned round where the gradient goes back along it."""
    is_back = arrow.key in back
    arrow = replace(
        arrow,
        color=_color(arrow.key, arrow.color, later, back),
        width=_width(arrow.width, is_back),
    )
    if not is_back:
        return arrow
    curve = turned(arrow.curve)
    return replace(arrow, curve=curve, pieces=(curve,), source=arrow.target, target=arrow.source)


def _wire(wire: Wire, later: set[str], back: set[str]) -> Wire:
    """The same for a line that joins no two bubbles."""
    is_back = wire.key in back
    curve = turned(wire.curve) if is_back else wire.curve
    color = _color(wire.key, wire.color, later, back)
    return replace(wire, curve=curve, color=color, width=_width(wire.width, is_back))
