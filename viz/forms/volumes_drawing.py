"""Chains of feature maps as a picture: volumes in a row, the layers above, the output below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import layers, words
from viz.forms.board import WIDTH, Board
from viz.forms.form import Asked
from viz.forms.losses import squared_error
from viz.forms.maps import Volume, volume
from viz.formulas.escaping import upright
from viz.formulas.mathtext import display
from viz.formulas.numbers import shape
from viz.layout.geometry import Point
from viz.look import palette, strokes
from viz.scene.scene import Scene, Text
from viz.scene.typeset import line

BLOCKS_ON_A_PAGE: Final = 4
_MIDDLE, _NAMES, _TAGS, _LAYERS, _TITLES, _OUTPUT = 258.0, 150.0, 119.0, 442.0, 524.0, 38.0
_MARGIN: Final = 30.0
_LAYER_BOX: Final = (156.0, 122.0)
_SLOT: Final = 128.0  # points, the least room for a state with its tag
_LAYER_TYPE: Final = 15.5
_FACE: Final = 148.0  # points, the side of the largest map
_ENCODER: Final = palette.Ink("#c9d8ee", "#f3f7fd", "#1f4880")
_DECODER: Final = palette.Ink("#e6d9a8", "#fdf9ec", "#8a6a10")
_VIOLET: Final = palette.BUBBLES["parameter"].line


@dataclass(frozen=True)
class Block:
    """Operations between two states: one layer with weights, and what stands around it.

    before  the state in front of it: a node, or an array
    nodes   from the first to the one that is the next state
    """

    before: Any
    nodes: tuple[Node, ...]

    @property
    def state(self) -> Node:
        """What it computes."""
        return self.nodes[-1]

    @property
    def weight(self) -> Node | None:
        """The leaf by which its layer multiplies."""
        return next((w for w in map(layers.weight_of, self.nodes) if w is not None), None)

    def steps(self) -> list[tuple[Node, Any]]:
        """Each operation with what it is computed from."""
        return list(zip(self.nodes, (self.before, *self.nodes), strict=False))


@dataclass(frozen=True)
class Volumes:
    """The image, the blocks in order, the output behind them, and whether that compares with the image."""

    image: Any
    blocks: tuple[Block, ...]
    output: Node
    compares: bool


def draw(asked: Asked, found: Volumes) -> list[Scene]:
    """Four blocks on a page; the next page begins with the state in which the last one ended."""
    starts = range(0, len(found.blocks), BLOCKS_ON_A_PAGE)
    parts = [found.blocks[k : k + BLOCKS_ON_A_PAGE] for k in starts]
    return [_Page(asked, found, part).scene() for part in parts]


class _Page:
    """One page: some of the blocks, all maps of hidden states on one scale of colours."""

    def __init__(self, asked: Asked, found: Volumes, blocks: Sequence[Block]) -> None:
        self.asked, self.found, self.blocks = asked, found, blocks
        self.board = Board(f"feature maps of {asked.output}")
        self.states = [blocks[0].before, *(block.state for block in blocks)]
        every = [found.image, *(block.state for block in found.blocks)]
        self.longest = max(max(_map_shape(state)[1:]) for state in every)
        self.scale = float(
            max((np.abs(_example(s)).max(initial=0.0) for s in every[1:-1]), default=1.0)
        )
        self.is_last = blocks[-1] is found.blocks[-1]
        sizes = [np.size(_example(state)) for state in every]
        narrow = int(np.argmin(sizes))
        self.code = every[narrow] if 0 < narrow < len(every) - 1 and sizes[0] == sizes[-1] else None

    def scene(self) -> Scene:
        """All of it."""
        volumes = self._volumes()
        self._hourglass(volumes)
        for block, (left, right) in zip(self.blocks, pairwise(volumes), strict=True):
            self._layer(block, left, right)
        for state, placed in zip(self.states, volumes, strict=True):
            self._named(state, placed)
        if self.is_last:
            self._output(volumes)
        self._notes()
        return self.board.scene()

    # --- states --------------------------------------------------------------------------------------

    def _volumes(self) -> list[Volume]:
        made = [self._volume(k, state) for k, state in enumerate(self.states)]
        widths = [max(one.box.width, _SLOT) for one in made]
        gap = (WIDTH - 2 * _MARGIN - sum(widths)) / (len(made) - 1)
        placed, x = [], _MARGIN
        for one, wide in zip(made, widths, strict=True):
            at = one.box.center
            placed.append(one.moved(Point(x + wide / 2 - at.x, _MIDDLE - at.y)))
            x += wide + gap
        for one in placed:
            for heat in one.heats:
                self.board.cells(heat)
        return placed

    def _volume(self, k: int, state: Any) -> Volume:
        is_image = state is self.found.image or (self.is_last and k == len(self.states) - 1)
        ink = self._ink(k, state)
        data = _example(state)
        side = max(34.0, _FACE * max(_map_shape(state)[1:]) / self.longest)
        grey = is_image and _looks_grey(_example(self.found.image)) and _looks_grey(data)
        return volume(f"map-{k}", data, side, ink, 1.0 if grey else self.scale, grey)

    def _ink(self, k: int, state: Any) -> str:
        if state is self.found.image:
            return palette.BUBBLES["input"].line
        if state is self.code:
            return palette.ACCENT
        last = self.is_last and k == len(self.states) - 1
        return palette.BUBBLES["output" if last else "inner"].line

    def _named(self, state: Any, placed: Volume) -> None:
        """Its name and sizes C×H×W, and the norm of its gradient."""
        x = placed.box.center.x
        sizes = shape(np.shape(_example(state)))
        named = isinstance(state, Node) and state.name is not None
        name = (
            self.asked.names.latex(state) if named else ("x" if state is self.found.image else "h")
        )
        self.board.label(Point(x, _NAMES), [words.equation(rf"{name}:\;{sizes}")])
        if state is self.found.image or not isinstance(state, Node):
            return
        total = np.asarray(self.asked.total(state))
        self._tag(Point(x, _TAGS), rf"\Vert d{self.asked.output}/d{name}\Vert={words.norm(total)}")

    def _tag(self, at: Point, source: str) -> None:
        self.board.box(at, [words.total(source)], "total")

    # --- layers --------------------------------------------------------------------------------------

    def _layer(self, block: Block, left: Volume, right: Volume) -> None:
        """What the block does, over the arrow between its two states."""
        start, end = left.box.right + 6, right.box.left - 6
        at = Point((start + end) / 2, _MIDDLE)
        self.board.wire(
            [Point(start, at.y), Point(end, at.y)], palette.EDGE, width=strokes.CUT, head=True
        )
        tag = []
        if block.weight is not None:
            norm = words.norm(self.asked.total(block.weight))
            tag = [words.total(rf"\Vert {self.asked.fraction(block.weight)}\Vert={norm}")]
        key = self.board.box(
            Point(at.x, _LAYERS), _rows(block), "parameter", least=_LAYER_BOX, tag=tag
        )
        foot = self.board.whole(key).bottom
        self.board.wire([Point(at.x, foot), at], _VIOLET, dash=(2.0, 2.5))
        self.board.dot(at, _VIOLET)

    # --- around --------------------------------------------------------------------------------------

    def _hourglass(self, volumes: Sequence[Volume]) -> None:
        """The ground of encoder and decoder, narrow at the code."""
        if self.code is None or not any(state is self.code for state in self.states):
            return
        k = next(k for k, state in enumerate(self.states) if state is self.code)
        waist = volumes[k].box
        for end, ink, title, part in (
            (volumes[0], _ENCODER, r"\mathrm{encoder}\;f_{\theta}", self.states[:k]),
            (volumes[-1], _DECODER, r"\mathrm{decoder}\;g_{\phi}", self.states[k + 1 :]),
        ):
            if not part:
                continue
            x = end.box.right if end is volumes[0] else end.box.left
            outer = [Point(x, end.box.top), Point(x, end.box.bottom)]
            inner = [Point(waist.center.x, waist.bottom), Point(waist.center.x, waist.top)]
            self.board.plate([*outer, *inner], ink, strokes.LINE)
            middle = Point((x + waist.center.x) / 2, _TITLES)
            self.board.label(middle, [words.name(title, ink.text)])

    def _output(self, volumes: Sequence[Volume]) -> None:
        """The output below, joined from what it is computed from."""
        number = float(np.asarray(self.found.output.value).reshape(-1)[0])
        if self.found.output is self.states[-1]:
            return
        formula = squared_error(self.asked, self.found.image)
        parts = [self.asked.output, formula, words.decimal(number, words.places(abs(number)))]
        rows: list[Text] = [words.equation(display("=".join(filter(None, parts))))]
        key = self.board.bubble(Point(WIDTH / 2, _OUTPUT), rows, "output", least=(190.0, 58.0))
        self._joined(key, volumes[-1], -1)
        if self.found.compares and self.states[0] is self.found.image:
            self._joined(key, volumes[0], 1)

    def _joined(self, key: str, source: Volume, side: int) -> None:
        box = self.board.box_of(key)
        x = source.box.center.x - side * source.box.width / 4
        start = Point(x, _TAGS - 18 if side < 0 else _NAMES - 16)
        end = Point(box.left if side > 0 else box.right, _OUTPUT)
        self.board.wire([start, Point(start.x, end.y), end], palette.EDGE, head=True, corner=60.0)

    def _notes(self) -> None:
        batch = np.shape(plain(self.found.image))[0]
        if batch > 1:
            said = f"maps of example 1 of {batch}; gradients are of all"
            self.board.caption(Point(14, 14), words.note(said))


def _rows(block: Block) -> list[Text]:
    """The layers' kinds with K, S and P, and how the size comes about."""
    named = [w for node, before in block.steps() if (w := layers.words(node, plain(before)))]
    rows = [line(_math(text), _LAYER_TYPE, palette.TEXT) for text in _two_lines(named)]
    formulas = [
        f for node, before in block.steps() if (f := layers.size_formula(node, plain(before)))
    ]
    if len(formulas) == 1:
        return [*rows, words.value(formulas[0])]
    sizes = [np.shape(plain(block.before))[-1], *(np.shape(n.value)[-1] for n in block.nodes)]
    changes = [sizes[0], *(b for a, b in pairwise(sizes) if a != b)]
    return [*rows, words.value(r"\rightarrow".join(map(str, changes)))]


def _two_lines(named: Sequence[str]) -> list[str]:
    """The words of a block in at most two lines."""
    if len(named) <= 2:
        return list(named)
    return [", ".join(named[:1]), ", ".join(named[1:])]


def _example(state: Any) -> Any:
    """The maps (C, H, W) or numbers of the first example."""
    return np.asarray(plain(state), dtype=float)[0]


def _map_shape(state: Any) -> tuple[int, ...]:
    """Channels and sizes of a state's maps; a vector is one map, one number wide."""
    sizes = np.shape(_example(state))
    return (1, *sizes, 1) if len(sizes) == 1 else sizes


def _looks_grey(data: Any) -> bool:
    """Whether the numbers are those of a picture: all between 0 and 1."""
    return bool(np.all((data >= 0) & (data <= 1)))


def _math(text: str) -> str:
    """Upright words, with the sign of a product as a formula has it."""
    return upright(text).replace("×", r"{\times}")
