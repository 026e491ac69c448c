"""Chains of dense layers as a picture: columns forward, δ under each excitation, weights above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.board import WIDTH, Board
from viz.forms.form import Asked
from viz.forms.rows import Beside, Cells, Row, column, grid, largest
from viz.layout.geometry import Point
from viz.look import palette, strokes
from viz.scene.scene import Scene

LAYERS_ON_A_PAGE: Final = 3
_FORWARD, _BACKWARD, _WEIGHTS = 290.0, 128.0, 455.0  # heights of the three rows
_MARGIN: Final = 55.0
_MOST_NUMBERS: Final = 6  # of a column; more are colours alone
_TALLEST: Final = 132.0  # points, of a column of colours
_WEIGHT_BOX: Final = (142.0, 100.0)


@dataclass(frozen=True)
class Layer:
    """One layer ξ = W·source + b, state = φ(ξ); the state is ξ itself where nothing follows.

    source      the state before, or the input: a node or an array
    excitation  ξ, (units,) or (batch, units)
    """

    source: Any
    weight: Node
    bias: Node | None
    excitation: Node
    state: Node


@dataclass(frozen=True)
class Chain:
    """The layers in order, and the output behind the last."""

    layers: tuple[Layer, ...]
    output: Node


def draw(asked: Asked, chain: Chain) -> list[Scene]:
    """Three layers on a page; the next page begins with the state in which the last one ended."""
    cuts = range(0, len(chain.layers), LAYERS_ON_A_PAGE)
    parts = [chain.layers[k : k + LAYERS_ON_A_PAGE] for k in cuts]
    return [_Page(asked, chain, part).scene() for part in parts]


class _Page:
    """One page: some of the layers, with the columns of numbers on one scale of colours."""

    def __init__(self, asked: Asked, chain: Chain, layers: Sequence[Layer]) -> None:
        self.asked, self.chain, self.layers = asked, chain, layers
        self.board = Board(f"layers of {asked.output}")
        every = chain.layers
        self.values = largest(
            [_example(layer.source) for layer in every]
            + [_example(layer.state.value) for layer in every]
        )
        self.totals = largest(_example(self._total(layer)) for layer in every)
        self.is_last = layers[-1] is every[-1]
        has_end = self.is_last and chain.output is not layers[-1].state
        count = 1 + sum(1 + (layer.state is not layer.excitation) for layer in layers) + has_end
        self.step = (WIDTH - 2 * _MARGIN) / max(count - 1, 1)
        self.has_end = has_end

    def scene(self) -> Scene:
        """All of it."""
        board, x = self.board, _MARGIN
        before = self._column(
            x,
            _FORWARD,
            self._name(self.layers[0].source),
            self.layers[0].source,
            self.values,
            "input" if self.layers[0] is self.chain.layers[0] else "inner",
        )
        deltas: list[tuple[Layer, str]] = []
        for layer in self.layers:
            x += self.step
            last = self.is_last and layer is self.layers[-1] and layer.state is layer.excitation
            role = "output" if last else "inner"
            excitation = self._column(
                x,
                _FORWARD,
                self.asked.names.latex(layer.excitation),
                layer.excitation.value,
                self.values,
                role,
            )
            board.arrow(before, excitation)
            self._weight(layer, (board.box_of(before).right + board.box_of(excitation).left) / 2)
            deltas.append((layer, self._delta(layer, x)))
            before = excitation
            if layer.state is not layer.excitation:
                x += self.step
                state = self._column(
                    x,
                    _FORWARD,
                    self.asked.names.latex(layer.state),
                    layer.state.value,
                    self.values,
                    "inner",
                )
                board.arrow(before, state)
                middle = (board.box_of(before).right + board.box_of(state).left) / 2
                board.badge(Point(middle, _FORWARD + 26), _function(layer.state))
                before = state
        self._backward(deltas)
        if self.has_end:
            self._end(before, x + self.step, deltas[-1][1])
        return board.scene()

    def _total(self, layer: Layer) -> Any:
        return self.asked.total(layer.excitation)

    def _name(self, source: Any) -> str:
        return self.asked.names.latex(source) if isinstance(source, Node) and source.name else "x"

    def _column(self, x: float, y: float, name: str, data: Any, scale: float, role: str) -> str:
        return self.board.box(Point(x, y), [words.name(name), _numbers(data, scale)], role)

    def _delta(self, layer: Layer, x: float) -> str:
        index = self.asked.names.latex(layer.excitation).partition("_")[2]
        name = words.name(rf"\delta_{index}" if index else r"\delta", palette.TAG.text)
        cells = _numbers(self._total(layer), self.totals)
        return self.board.box(Point(x, _BACKWARD), [name, cells], "total")

    def _weight(self, layer: Layer, x: float) -> None:
        board, name = self.board, self.asked.names.latex(layer.weight)
        data = plain(layer.weight)
        side = min(18.0, 74.0 / max(data.shape))
        rows: list[Row] = [Beside((words.name(name), grid(data, largest([data]), side)), 12.0)]
        tag = [
            words.total(
                rf"\Vert {self.asked.fraction(layer.weight)}\Vert={words.norm(self.asked.total(layer.weight))}"
            )
        ]
        key = board.box(Point(x, _WEIGHTS), rows, "parameter", least=_WEIGHT_BOX, tag=tag)
        foot = board.whole(key).bottom
        board.wire(
            [Point(x, foot), Point(x, _FORWARD)], palette.BUBBLES["parameter"].line, dash=(2.0, 2.5)
        )
        board.dot(Point(x, _FORWARD), palette.BUBBLES["parameter"].line)

    def _backward(self, deltas: Sequence[tuple[Layer, str]]) -> None:
        """Red arrows from δ to δ, each with its recursion."""
        board, red = self.board, palette.TAG.line
        for (layer, key), (after, last) in zip(deltas, deltas[1:], strict=False):
            board.arrow(last, key, color=red, width=strokes.CUT)
            left, right = board.box_of(key).right, board.box_of(last).left
            board.label(
                Point((left + right) / 2, _BACKWARD + 22),
                [words.equation(self._recursion(layer, after), red)],
            )
        first = board.box_of(deltas[0][1])
        board.wire(
            [Point(first.left, _BACKWARD), Point(first.left - 48, _BACKWARD)],
            red,
            width=strokes.CUT,
            head=True,
        )
        weight = self.layers[0].weight
        rows = [
            words.equation(self.asked.fraction(weight), red),
            words.equation(
                rf"={self._symbol(self.layers[0])}\,{self._name(self.layers[0].source)}^{{\top}}",
                red,
            ),
        ]
        board.label(Point(first.left - 92, _BACKWARD), rows)

    def _symbol(self, layer: Layer) -> str:
        index = self.asked.names.latex(layer.excitation).partition("_")[2]
        return rf"\delta_{index}" if index else r"\delta"

    def _recursion(self, layer: Layer, after: Layer) -> str:
        slope = rf"{_letter(layer.state)}'({self.asked.names.latex(layer.excitation)})\odot "
        if layer.state is layer.excitation:
            slope = ""
        return rf"{self._symbol(layer)}={slope}{self.asked.names.latex(after.weight)}^{{\top}}{self._symbol(after)}"

    def _end(self, before: str, x: float, delta: str) -> None:
        board, value = self.board, float(np.asarray(self.chain.output.value).reshape(()))
        rows = [words.name(self.asked.output), words.value(words.decimal(value, 3))]
        end = board.bubble(Point(x, _FORWARD), rows, "output")
        board.arrow(before, end)
        foot = Point(x, _BACKWARD)
        board.arrow(end, delta, via=[foot], color=palette.TAG.line, width=strokes.CUT)


def _example(data: Any) -> Any:
    """The numbers of one example: of a batch, the first."""
    array = np.asarray(plain(data), dtype=float)
    return array[0] if array.ndim == 2 else array


def _numbers(data: Any, scale: float) -> Cells:
    """A column of numbers, or where they are many of colours alone."""
    vector = _example(data)
    if vector.size <= _MOST_NUMBERS:
        return column(vector, scale)
    return Cells(tuple((float(x),) for x in vector), scale, (34.0, _TALLEST / vector.size))


def _function(state: Node) -> str:
    return {"relu": r"\mathrm{ReLU}", "sigmoid": r"\sigma", "logistic": r"\sigma"}.get(
        state.rule.name, rf"\mathrm{{{state.rule.name}}}"
    )


def _letter(state: Node) -> str:
    return {"sigmoid": r"\sigma", "tanh": r"\tanh"}.get(state.rule.name, "g")
