"""Filters as a picture: samples over time, a colour for each weight, poles and zeros beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from viz.forms import words
from viz.forms.board import Board
from viz.forms.filters import Filter, Sample, Weight, find
from viz.forms.form import Asked, Form
from viz.formulas.numbers import number
from viz.layout.geometry import Cubic, Point
from viz.layout.rounded import rounded
from viz.look import palette, strokes
from viz.scene.scene import Scene

_SHOWN: Final = 5  # samples; of more the first
_LEFT, _PITCH, _BUBBLE = 74.0, 130.0, (94.0, 62.0)
_OUT, _IN, _TITLE = 356.0, 200.0, 510.0
_LEGEND: Final = (98.0, 62.0, 26.0)
_CIRCLE: Final = Point(808.0, 286.0)
_RADIUS: Final = 74.0
_SPREAD: Final = 15.0  # points, between the heads of arrows that end in one bubble
_WIDEST_SPREAD: Final = 40.0  # of all of them
_ZERO: Final = palette.BUBBLES["inner"].line
_SIGN: Final = 5.5  # points, half the size of a pole's or zero's sign
_FARTHEST: Final = 1.3  # from the middle, in radii; what lies farther out stands in the list alone
_COLORS: Final = palette.CUTS


def draw(asked: Asked, found: Filter) -> list[Scene]:
    """One page."""
    return [_Page(asked, found).scene()]


class _Page:
    """Inputs below, outputs above, and an arrow in its weight's colour from each that is summed."""

    def __init__(self, asked: Asked, found: Filter) -> None:
        self.asked, self.found = asked, found
        self.board = Board(f"filter with {len(found.outputs)} samples, {asked.output}")
        self.count = min(len(found.outputs), _SHOWN)
        weights = [*found.forward, *found.backward]
        self.spread = min(_SPREAD, _WIDEST_SPREAD / max(1, *(w.lag for w in weights), 1))
        self.color = {id(w): _COLORS[k % len(_COLORS)] for k, w in enumerate(weights)}

    def scene(self) -> Scene:
        """All of it."""
        inputs = [
            self._bubble(s, n, _IN, "input") for n, s in enumerate(self.found.inputs[: self.count])
        ]
        outputs = [
            self._bubble(s, n, _OUT, "inner")
            for n, s in enumerate(self.found.outputs[: self.count])
        ]
        for w in self.found.forward:
            for n in range(w.lag, self.count):
                self._up(w, inputs[n - w.lag], outputs[n])
        for w in self.found.backward:
            for n in range(w.lag, self.count):
                self._along(w, outputs[n - w.lag], outputs[n])
        self._more()
        self._legend()
        self._equation()
        self._circle()
        return self.board.scene()

    def _x(self, n: int) -> float:
        return _LEFT + n * _PITCH

    def _bubble(self, sample: Sample, n: int, y: float, role: str) -> str:
        rows = [words.name(sample.name), words.value(words.decimal(sample.value))]
        tag = []
        if sample.total is not None and self.found.backward:
            base = sample.name.partition("[")[0]
            tag = [words.total(f"d{self.asked.output}/d{base}={words.decimal(sample.total)}")]
        return self.board.bubble(Point(self._x(n), y), rows, role, least=_BUBBLE, tag=tag)

    def _up(self, w: Weight, source: str, target: str) -> None:
        """From an input to an output; the heads stand beside each other."""
        board = self.board
        a, b = board.box_of(source), board.whole(target)
        start = Point(a.center.x + 0.6 * self.spread * w.lag, a.top if not w.lag else a.top - 6)
        end = Point(
            b.center.x - self.spread * w.lag,
            b.bottom if self.found.backward else b.bottom + 1.5 * w.lag,
        )
        curve = rounded([start, end], 0.0)
        board.curve(
            source, target, curve, self.color[id(w)] if w.name else palette.EDGE, strokes.CUT
        )

    def _along(self, w: Weight, source: str, target: str) -> None:
        """From an output to a later one: straight to the next, in an arc above to the others."""
        color = self.color[id(w)]
        if w.lag == 1:
            self.board.arrow(source, target, color=color, width=strokes.CUT)
            return
        a, b = self.board.box_of(source), self.board.box_of(target)
        high = a.top + 16 + 16 * w.lag
        start, end = (
            Point(a.center.x + 22, a.top - 3),
            Point(b.center.x - 22 + 6 * (w.lag - 2), b.top - 3),
        )
        arc = Cubic(start, Point(start.x + 24, high), Point(end.x - 24, high), end)
        self.board.curve(source, target, (arc,), color, strokes.CUT)

    def _more(self) -> None:
        total = len(self.found.outputs)
        if total > self.count:
            self.board.caption(
                Point(24, 478), words.note(f"the first {self.count} of {total} samples")
            )

    # --- words ---------------------------------------------------------------------------------------

    def _legend(self) -> None:
        """A line in the colour of each weight, its number, and the derivative by it."""
        named = [w for w in (*self.found.forward, *self.found.backward) if w.name]
        for k, w in enumerate(named[: 2 * len(_LEGEND)]):
            x, y, ink = 30.0 + 320.0 * (k % 2), _LEGEND[k // 2], self.color[id(w)]
            self.board.wire([Point(x, y), Point(x + 26, y)], ink, width=strokes.ACCENT)
            said = words.value(f"{w.name}={number(w.value, 2)}", ink)
            at = self.board.label(Point(x + 32, y), [said], "left")
            total = words.total(
                f"d{self.asked.output}/d{w.name}={words.decimal(w.total or 0.0, 3)}"
            )
            self.board.box(Point(at.right + 18 + total.box.width / 2, y), [total], "total")

    def _equation(self) -> None:
        g = self.found.nonlinearity
        x, y = (_base(samples) for samples in (self.found.inputs, self.found.outputs))
        parts = [_sum(self.found.forward, x), _sum(self.found.backward, y)]
        inside = "+".join(filter(None, parts))
        right = rf"{words.function(g)}\,({inside})" if g is not None else inside
        self.board.caption(Point(24, _TITLE), words.name(f"{y}[n]={right}"))

    # --- poles and zeros -----------------------------------------------------------------------------

    def _circle(self) -> None:
        """Zeros and poles of the linear filter in the plane, with the unit circle."""
        board, (cx, cy), r = self.board, _CIRCLE, _RADIUS
        board.ring(_CIRCLE, r, palette.NOTE, dash=strokes.CUT_DASH)
        board.wire([Point(cx - 1.35 * r, cy), Point(cx + 1.35 * r, cy)], palette.NOTE, head=True)
        board.wire([Point(cx, cy - 1.3 * r), Point(cx, cy + 1.3 * r)], palette.NOTE, head=True)
        for at, axis in (
            (Point(cx + 1.35 * r + 4, cy), "Re"),
            (Point(cx + 8, cy + 1.3 * r + 6), "Im"),
        ):
            board.label(at, [words.value(rf"\mathrm{{{axis}}}\,z", palette.NOTE)], "left")
        zeros, poles = _roots(self.found.forward), _roots(self.found.backward, feeds_back=True)
        for points, mark in ((zeros, self._ring), (poles, self._cross)):
            for p in points:
                if abs(p) < _FARTHEST:
                    mark(Point(cx + r * float(p.real), cy + r * float(p.imag)))
        y = 470.0
        for name, points, ink in (("zeros", zeros, _ZERO), ("poles", poles, palette.TAG.line)):
            if len(points):
                shown = words.value(rf"\mathrm{{{name}}}\;{_listed(points)}", ink)
                y = board.label(Point(cx, y), [shown]).bottom - 12
        self._stability(poles)

    def _ring(self, at: Point) -> None:
        self.board.ring(at, _SIGN, _ZERO, width=strokes.ACCENT)

    def _cross(self, at: Point) -> None:
        s = _SIGN
        for side in (-1, 1):
            way = [Point(at.x - s, at.y - side * s), Point(at.x + s, at.y + side * s)]
            self.board.wire(way, palette.TAG.line, width=strokes.ACCENT)

    def _stability(self, poles: Any) -> None:
        said = []
        if len(poles):
            said.append("stable" if np.all(np.abs(poles) < 1) else "not stable")
        if self.found.nonlinearity is not None:
            said.append("those of the linear filter, g(ξ) = ξ")
        if said:
            self.board.label(Point(_CIRCLE.x, 160), [words.note("; ".join(said))])


def _roots(weights: Sequence[Weight], feeds_back: bool = False) -> Any:
    """Where Σ_m w[m]·z^{-m}, or 1 - Σ_m v[m]·z^{-m}, is 0, apart from z = 0 that delays make."""
    if not weights:
        return np.zeros(0)
    found = np.zeros(max(w.lag for w in weights) + 1)
    for w in weights:
        found[w.lag] = -w.value if feeds_back else w.value
    if feeds_back:
        found[0] = 1.0
    return np.roots(found)


def _listed(points: Any) -> str:
    """Roots, a pair of conjugates once."""
    shown = []
    for p in sorted(points, key=lambda p: (p.real, p.imag)):
        if p.imag < 0:
            continue
        real = words.decimal(float(p.real))
        shown.append(
            real if abs(p.imag) < 1e-9 else rf"{real}\pm {words.decimal(float(p.imag))}\,i"
        )
    return r",\;".join(shown[:4]) + (r",\;\ldots" if len(shown) > 4 else "")


def _base(samples: Sequence[Sample]) -> str:
    return samples[0].name.partition("[")[0].partition("_")[0]


def _sum(weights: Sequence[Weight], signal: str) -> str:
    """The weighted sum of a delayed signal; a term alone without its sum."""
    if not weights:
        return ""
    if len(weights) == 1:
        (w,) = weights
        delay = f"-{w.lag}" if w.lag else ""
        return rf"{w.name}\,{signal}[n{delay}]" if w.name else f"{signal}[n{delay}]"
    name = next(w.name for w in weights if w.name)
    head = name.partition("[")[0]
    indexed = f"{head}[m]" if "[" in name else name.partition("_")[0] + "_{m}"
    return rf"\sum_m {indexed}\,{signal}[n-m]"


FILTER: Final = Form("filter", find, draw)
