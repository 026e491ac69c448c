"""A scene as SVG that a page can change: every part has its key for id, live numbers are left out.

Colours come from the page's style sheet, by class; names appear as outlines only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from viz.layout.geometry import Box, Curve, Point
from viz.look import palette, strokes
from viz.render.canvas import arrowhead, shortened
from viz.scene.scene import Arrow, Bubble, CutLine, HeatMap, Scene, Text, TextBlock
from viz.scene.typeset import around
from viz.stepper.glyphs import EM, Glyphs

_HEAD = strokes.head(strokes.LINE)
_NUMBERS = re.compile(r"(?=.*[,\[\]])(?:[-0-9.,\[\]]|\\,)+")
_INKS = {palette.TEXT: "ink", palette.VALUE: "value", palette.TAG.text: "total"}


class Drawing:
    """One scene on its way to SVG; `live` says that its numbers are the page's to write."""

    def __init__(self, scene: Scene, glyphs: Glyphs, live: bool) -> None:
        self.scene, self.glyphs, self.live = scene, glyphs, live
        self.heats = {heat.key: heat for heat in scene.heats}

    def svg(self) -> str:
        """All parts, from the back to the front."""
        labels = {label.key.removeprefix("label-"): label.texts for label in self.scene.labels}
        tags = {tag.key.removeprefix("tag-"): tag for tag in self.scene.tags}
        arrows = [
            self._arrow(a, labels.get(a.key.removeprefix("edge-"), ())) for a in self.scene.arrows
        ]
        bubbles = [
            self._bubble(b, tags.get(b.key.removeprefix("node-"))) for b in self.scene.bubbles
        ]
        return "".join([*arrows, *bubbles, *map(self._cut, self.scene.cuts)])

    def _arrow(self, arrow: Arrow, label: Sequence[Text]) -> str:
        tip = arrow.curve[-1].p3
        line = "".join(self._curve(shortened(piece, tip, 0.7 * _HEAD)) for piece in arrow.pieces)
        head = self._polygon(Point(x, y) for x, y in arrowhead(arrow.curve, _HEAD))
        return (
            f'<g id="{arrow.key}" class="edge"><path class="reach" d="{self._curve(arrow.curve)}"/>'
            f'<path class="line" d="{line}"/><path class="head" d="{head}"/>'
            f'<g class="label">{self._label(label)}</g></g>'
        )

    def _label(self, texts: Sequence[Text]) -> str:
        """A formula and its number, to be hit between the letters too."""
        return self._rect(around(texts), "reach", 3) + self._texts(texts) if texts else ""

    def _bubble(self, bubble: Bubble, tag: TextBlock | None) -> str:
        box = bubble.box
        radii = (
            (box.width / 2, box.height / 2) if bubble.round else (strokes.CORNER, strokes.CORNER)
        )
        body = (
            f'<ellipse class="body" cx="{_n(box.center.x)}" cy="{_n(self._down(box.center.y))}" '
            f'rx="{_n(radii[0])}" ry="{_n(radii[1])}"/>'
            if bubble.round
            else self._rect(box, "body", strokes.CORNER)
        )
        heat = self.heats.get(bubble.key.replace("node", "heat"))
        inside = body + self._texts(bubble.texts)
        inside += (self._heat(heat) if heat else "") + (self._tag(tag) if tag else "")
        return f'<g id="{bubble.key}" class="node {bubble.role}">{inside}</g>'

    def _heat(self, part: HeatMap) -> str:
        """An array's numbers as colours, a square each."""
        cells = (
            f'<rect x="{_n(cell.left)}" y="{_n(self._down(cell.top))}" '
            f'width="{cell.width:.2f}" height="{cell.height:.2f}" fill="{shade}"/>'
            for _, cell, shade in part.cells()
        )
        return f'<g class="heat">{"".join(cells)}{self._rect(part.box, "frame", 0)}</g>'

    def _tag(self, tag: TextBlock) -> str:
        written = "" if self.live else self._texts(tag.texts)
        return (
            f'<g id="{tag.key}" class="tag">{self._rect(tag.box, "plate", strokes.TAG_CORNER)}'
            f'<g class="written">{written}</g><g class="live"></g></g>'
        )

    def _cut(self, cut: CutLine) -> str:
        path = "M" + "L".join(f"{_n(p.x)} {_n(self._down(p.y))}" for p in cut.points)
        dots = "".join(
            f'<circle cx="{_n(p.x)}" cy="{_n(self._down(p.y))}" r="{strokes.CIRCLE}"/>'
            for p in cut.crossings
        )
        return (
            f'<g id="{cut.key}" class="cut"><path class="reach" d="{path}"/>'
            f'<path class="line" d="{path}"/>{dots}</g>'
        )

    def _texts(self, texts: Iterable[Text]) -> str:
        return "".join(map(self._text, texts))

    def _text(self, text: Text) -> str:
        if self.live and text.color == palette.VALUE:
            return self._number(text)
        if _NUMBERS.fullmatch(text.source) and not self.live:
            return self._row(text)
        number = self.glyphs.formula(text.source, text.math)
        return self._placed(number, text.at, text.size, _INKS.get(text.color, "ink"))

    def _row(self, text: Text) -> str:
        """A row of an array as letters of the page's own face, which are many and small in the file."""
        middle, y = _n(text.box.center.x), _n(self._down(text.at.y))
        shown = text.source.replace(r",\,", ", ").replace("-", "−")
        return (
            f'<text class="digits" x="{middle}" y="{y}" font-size="{_n(text.size)}" '
            f'text-anchor="middle">{shown}</text>'
        )

    def _number(self, text: Text) -> str:
        """A place for a live number, behind the sign or symbol it begins with, if any."""
        head, sign, _ = text.source.rpartition("=")
        size, y = _n(text.size), _n(self._down(text.at.y))
        if not sign:
            middle = _n(text.box.center.x)
            return f'<text class="number" x="{middle}" y="{y}" font-size="{size}" text-anchor="middle"/>'
        number = self.glyphs.formula(f"{head}=")
        after = text.at.x + self.glyphs.sizes[number][0] * text.size
        return (
            self._placed(number, text.at, text.size, "value")
            + f'<text class="number" x="{_n(after)}" y="{y}" font-size="{size}"/>'
        )

    def _placed(self, formula: int, at: Point, size: float, ink: str) -> str:
        place = f"translate({_n(at.x)} {_n(self._down(at.y))}) scale({size / EM:g})"
        return f'<use class="{ink}" href="#f-{formula}" transform="{place}"/>'

    def _rect(self, box: Box, kind: str, radius: float) -> str:
        return (
            f'<rect class="{kind}" x="{_n(box.left)}" y="{_n(self._down(box.top))}" '
            f'width="{_n(box.width)}" height="{_n(box.height)}" rx="{_n(radius)}"/>'
        )

    def _curve(self, curve: Curve | Sequence[object]) -> str:
        pieces = list(curve)
        start = f"M{self._points([pieces[0].p0])}" if pieces else ""  # type: ignore[attr-defined]
        return start + "".join(f"C{self._points(c.points[1:])}" for c in pieces)  # type: ignore[attr-defined]

    def _polygon(self, points: Iterable[Point]) -> str:
        return "M" + "L".join(self._points([p]) for p in points) + "Z"

    def _points(self, points: Iterable[Point]) -> str:
        return " ".join(f"{_n(p.x)} {_n(self._down(p.y))}" for p in points)

    def _down(self, y: float) -> float:
        """SVG counts downwards."""
        return self.scene.height - y


def _n(x: float) -> str:
    text = f"{x:.1f}"
    return text.removesuffix(".0")
