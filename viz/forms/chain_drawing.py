"""Chains of dense layers as a picture: columns forward, δ under each excitation, weights above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.node import Node, Nodes
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.board import WIDTH, Board
from viz.forms.form import Asked
from viz.forms.losses import squared_error
from viz.forms.rows import Beside, Row, column, grid, largest
from viz.forms.sums import neuron_sum
from viz.formulas.mathtext import display
from viz.layout.geometry import Point
from viz.look import palette, strokes
from viz.scene.scene import Scene, Text

LAYERS_ON_A_PAGE: Final = 3
_FORWARD, _BACKWARD, _WEIGHTS, _SUM = 290.0, 130.0, 455.0, 24.0  # heights of the rows
_LEFT, _RIGHT = 56.0, 66.0  # margins, to the middle of the first and last column
_TOP: Final = 382.0  # where a cut begins
_WEIGHT_BOX: Final = (146.0, 112.0)
_GRID: Final = 68.0  # points, the longest side of a weight's cells
_ASIDE: Final = (
    8.0  # of the middle stands a weight's dot, and on the other side there is room for a cut
)
_RED: Final = palette.TAG.line


@dataclass(frozen=True)
class Layer:
    """One layer ξ = W·source + b, state = φ(ξ); the state is ξ itself where nothing follows.

    source      the state before, or the input: a node or an array
    excitation  ξ, (units,) or (batch, units)
    """

    source: Any
    weight: Node
    excitation: Node
    state: Node

    @property
    def variables(self) -> Nodes:
        """ξ and h, or ξ alone."""
        return Nodes(dict.fromkeys((self.excitation, self.state)))


@dataclass(frozen=True)
class Chain:
    """The layers in order, and the output behind the last, which may be its state."""

    layers: tuple[Layer, ...]
    output: Node


def draw(asked: Asked, chain: Chain) -> list[Scene]:
    """Three layers on a page; the next page begins with the state in which the last one ended."""
    starts = range(0, len(chain.layers), LAYERS_ON_A_PAGE)
    parts = [chain.layers[k : k + LAYERS_ON_A_PAGE] for k in starts]
    return [_Page(asked, chain, part).scene() for part in parts]


class _Page:
    """One page: some of the layers, all columns of numbers on one scale of colours, all δ on another."""

    def __init__(self, asked: Asked, chain: Chain, layers: Sequence[Layer]) -> None:
        self.asked, self.chain, self.layers = asked, chain, layers
        self.board = Board(f"layers of {asked.output}")
        first = [example(chain.layers[0].source)]
        self.values = largest(first + [example(v.value) for l in chain.layers for v in l.variables])
        self.totals = largest(example(asked.total(layer.excitation)) for layer in chain.layers)
        self.ends = layers[-1] is chain.layers[-1] and chain.output is not layers[-1].state
        count = sum(len(layer.variables) for layer in layers) + self.ends
        self.step = (WIDTH - _LEFT - _RIGHT) / count
        self.columns: dict[Node, str] = {}

    def scene(self) -> Scene:
        """All of it."""
        self._forward()
        deltas = [self._delta(layer) for layer in self.layers]
        self._backward(deltas)
        if self.ends:
            self._end(deltas[-1])
        elif self.layers[-1] is not self.chain.layers[-1]:
            self._continued(deltas[-1])
        for number, cut in enumerate(self.asked.cuts):
            self._cut(cut, palette.cut_color(number))
        self._notes()
        return self.board.scene()

    # --- forward -------------------------------------------------------------------------------------

    def _forward(self) -> None:
        before, x = self._source(), _LEFT
        for layer in self.layers:
            for v in layer.variables:
                x += self.step
                self.columns[v] = self._column(v, x)
                self.board.arrow(before, self.columns[v])
                middle = Point(self._middle(before, self.columns[v]), _FORWARD)
                if v is layer.excitation:
                    self._weight(layer, middle.moved(Point(-_ASIDE, 0)))
                else:
                    self.board.badge(middle.moved(Point(0, 21)), words.function(v))
                before = self.columns[v]

    def _source(self) -> str:
        first = self.layers[0]
        role = "input" if first is self.chain.layers[0] else "inner"
        rows: list[Row] = [
            words.name(self._called(first.source)),
            *column(example(first.source), self.values),
        ]
        return self.board.box(Point(_LEFT, _FORWARD), rows, role)

    def _called(self, source: Any) -> str:
        return self.asked.names.latex(source) if isinstance(source, Node) and source.name else "x"

    def _column(self, v: Node, x: float) -> str:
        is_last = v is self.chain.layers[-1].state
        rows: list[Row] = [
            words.name(self.asked.names.latex(v)),
            *column(example(v.value), self.values),
        ]
        return self.board.box(Point(x, _FORWARD), rows, "output" if is_last else "inner")

    def _middle(self, left: str, right: str) -> float:
        return (self.board.box_of(left).right + self.board.box_of(right).left) / 2

    def _weight(self, layer: Layer, at: Point) -> None:
        """The weight over the arrow that uses it."""
        asked, violet = self.asked, palette.BUBBLES["parameter"].line
        data = np.asarray(plain(layer.weight), dtype=float)
        cells = grid(data, _GRID)
        total = (
            rf"\Vert {asked.fraction(layer.weight)}\Vert={words.norm(asked.total(layer.weight))}"
        )
        name = words.name(asked.names.latex(layer.weight))
        key = self.board.box(
            Point(at.x, _WEIGHTS), [Beside((name, cells), 12.0)], "parameter",
            least=_WEIGHT_BOX, tag=[words.total(total)],
        )  # fmt: skip
        self.board.wire([Point(at.x, self.board.whole(key).bottom), at], violet, dash=(2.0, 2.5))
        self.board.dot(at, violet)

    # --- backward ------------------------------------------------------------------------------------

    def _symbol(self, layer: Layer) -> str:
        index = self.asked.names.latex(layer.excitation).partition("_")[2]
        return rf"\delta_{index}" if index else r"\delta"

    def _delta(self, layer: Layer) -> str:
        x = self.board.box_of(self.columns[layer.excitation]).center.x
        cells = column(example(self.asked.total(layer.excitation)), self.totals)
        name = words.name(self._symbol(layer), _RED)
        return self.board.box(Point(x, _BACKWARD), [name, *cells], "total")

    def _backward(self, deltas: Sequence[str]) -> None:
        """Arrows from δ to δ, each with its recursion, and out of the first to its weight."""
        for (layer, after), (key, last) in zip(
            pairwise(self.layers), pairwise(deltas), strict=True
        ):
            self.board.arrow(last, key, color=_RED, width=strokes.CUT)
            room = self.board.box_of(last).left - self.board.box_of(key).right - 6 * _ASIDE
            rows = self._recursion(layer, after, room)
            foot = _BACKWARD + 20 + 11 * (len(rows) - 1)
            self.board.label(Point(self._middle(key, last) - 1.5 * _ASIDE, foot), rows)
        layer, left = self.layers[0], self.board.box_of(deltas[0]).left
        way = [Point(left, _BACKWARD), Point(left - 30, _BACKWARD)]
        self.board.wire(way, _RED, width=strokes.CUT, head=True)
        rows = [
            words.equation(self.asked.fraction(layer.weight), _RED),
            words.equation(rf"={self._outer(layer)}", _RED),
        ]
        self.board.label(Point(left - 34, _BACKWARD), rows, "right")

    def _outer(self, layer: Layer) -> str:
        return rf"{self._symbol(layer)}\,{self._called(layer.source)}^{{\top}}"

    def _recursion(self, layer: Layer, after: Layer, room: float) -> list[Text]:
        """δ_l = φ'(ξ_l) ⊙ W_{l+1}ᵀ δ_{l+1}, in two rows where one is too wide."""
        left, right = self._symbol(layer), self._symbol(after)
        weight = rf"{self.asked.names.latex(after.weight)}^{{\top}}{right}"
        if layer.state is layer.excitation:
            return [words.equation(f"{left}={weight}", _RED)]
        slope = words.slope(layer.state, self.asked.names.latex(layer.excitation))
        whole = words.equation(rf"{left}={slope}\odot {weight}", _RED)
        if whole.box.width <= room:
            return [whole]
        return [words.equation(f"{left}={slope}", _RED), words.equation(rf"\odot\;{weight}", _RED)]

    def _end(self, delta: str) -> None:
        """The output behind the last layer, and the way back from it."""
        last, x = self.columns[self.layers[-1].state], WIDTH - _RIGHT
        number = float(np.asarray(self.chain.output.value).reshape(()))
        rows = [words.name(self.asked.output), words.value(words.decimal(number, 3))]
        if formula := squared_error(self.asked):
            rows[:1] = [words.name(f"{self.asked.output}="), words.equation(display(formula))]
        end = self.board.bubble(Point(x, _FORWARD), rows, "output", least=(84.0, 64.0))
        self.board.arrow(last, end)
        self.board.arrow(end, delta, via=[Point(x, _BACKWARD)], color=_RED, width=strokes.CUT)

    def _continued(self, delta: str) -> None:
        """What goes on, and what comes back, on the next page."""
        last = self.board.box_of(self.columns[self.layers[-1].state]).right
        self.board.wire(
            [Point(last, _FORWARD), Point(WIDTH - 4, _FORWARD)], palette.EDGE, head=True
        )
        way = [Point(WIDTH - 4, _BACKWARD), Point(self.board.box_of(delta).right, _BACKWARD)]
        self.board.wire(way, _RED, width=strokes.CUT, head=True)

    # --- cuts ----------------------------------------------------------------------------------------

    def _cut(self, cut: Cut, color: str) -> None:
        """A dashed line in front of the first variable behind the cut, and the sum for one neuron."""
        ordered = (v for layer in self.layers for v in layer.variables)
        far = next((v for v in ordered if v in cut.members), None)
        if far is None:
            return
        x = self.board.box_of(self.columns[far]).left - 1.5 * _ASIDE
        self.board.cut(
            [Point(x, _TOP), Point(x, 50)], [Point(x, _FORWARD), Point(x, _BACKWARD)], color
        )
        behind = next((l for l in self.layers if far in l.variables), None)
        ahead = [l for l in self.layers if l.excitation in set(cut.near)]
        if behind and ahead and far is behind.excitation:
            shown = neuron_sum(
                self.asked, ahead[-1].excitation, far, self._symbol(ahead[-1]), self._symbol(behind)
            )
            self.board.caption(Point(20, _SUM), words.equation(shown, color))

    def _notes(self) -> None:
        shape = np.shape(self.layers[0].excitation.value)
        if len(shape) == 2 and shape[0] > 1:
            said = f"numbers of example 1 of {shape[0]}; gradients of weights are of all"
            self.board.caption(Point(20, 528), words.note(said))


def example(data: Any) -> Any:
    """The numbers of one example: of a batch, the first."""
    array = np.asarray(plain(data), dtype=float)
    return array[0] if array.ndim == 2 else array
