"""Two layers of units as a picture: weights as lines, energy and gradient beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.board import Board
from viz.forms.form import Asked
from viz.formulas.mathtext import display
from viz.formulas.numbers import number
from viz.layout.geometry import Point
from viz.look import palette
from viz.scene.scene import Scene

_HIDDEN, _VISIBLE = 392.0, 150.0
_LEFT, _RIGHT = 20.0, 500.0
_TEXT: Final = 536.0
_MOST: Final = 5  # units of a layer that are drawn; of more the first and the last
_BELOW, _ABOVE = "#d96b0d", "#195eb5"
_HALO: Final = "#f2c9a6"
_THIN, _THICK = 0.6, 4.6  # strokes of the smallest and of the largest weight


@dataclass(frozen=True)
class Machine:
    """A free energy F(v) of data v, held, and what stands for the model: F(v') of a sample, or log Z.

    states  v, (units,) or (rows, units)
    weight  W, (visible, hidden)
    """

    energy: Node
    states: Any
    weight: Node
    visible_bias: Node
    hidden_bias: Node
    model: Node | None


def draw(asked: Asked, found: Machine) -> list[Scene]:
    """One page."""
    return [_Page(asked, found).scene()]


class _Page:
    """The units on the left, the sums on the right; one weight w_ij is followed."""

    def __init__(self, asked: Asked, found: Machine) -> None:
        self.asked, self.found = asked, found
        self.board = Board(f"restricted Boltzmann machine, {asked.output}")
        self.W = np.asarray(found.weight.value, dtype=float)
        self.v = np.atleast_2d(np.asarray(plain(found.states), dtype=float))[0]
        self.rows = len(np.atleast_2d(np.asarray(plain(found.states))))
        visible, hidden = self.W.shape
        self.visible, self.hidden = _shown(visible), _shown(hidden)
        self.slope = self._by(found.energy, found.weight)
        self.i, self.j = self._chosen()
        self.p = -self._by(found.energy, found.hidden_bias)

    def scene(self) -> Scene:
        """All of it."""
        hidden = {
            j: self._hidden_unit(self._place(self.hidden, j, _HIDDEN), j) for j in self.hidden
        }
        visible = {
            i: self._visible_unit(self._place(self.visible, i, _VISIBLE), i) for i in self.visible
        }
        self._edges(visible, hidden)
        self._names()
        self._legend()
        self._sums()
        return self.board.scene()

    def _by(self, y: Node, x: Node) -> Any:
        """dy/dx for the first row of data, in x's shape."""
        total = np.asarray(self.asked.flow.total(x, of=y) if y is not x else 1.0, dtype=float)
        return total.reshape(-1, *np.shape(x.value))[0]

    def _chosen(self) -> tuple[int, int]:
        """The weight of the strongest derivative among those drawn."""
        strength = np.abs(self.slope[np.ix_(self.visible, self.hidden)])
        row, column = divmod(int(np.argmax(strength)), len(self.hidden))
        return self.visible[row], self.hidden[column]

    # --- units ---------------------------------------------------------------------------------------

    def _place(self, shown: Sequence[int], k: int, y: float) -> Point:
        step = (_RIGHT - _LEFT) / len(shown)
        return Point(_LEFT + (shown.index(k) + 0.5) * step, y)

    def _edges(self, visible: dict[int, str], hidden: dict[int, str]) -> None:
        """A line for each weight, from outline to outline; the one that is followed has a halo."""
        board, largest = self.board, self._largest
        for i, below in visible.items():
            for j, above in hidden.items():
                low, high = board.box_of(below).center, board.box_of(above).center
                ends = [board.edge(below, high), board.edge(above, low)]
                w = float(self.W[i, j])
                if (i, j) == (self.i, self.j):
                    board.wire(ends, _HALO, width=11.0)
                board.wire(ends, _color(w), width=_stroke(w, largest))

    @property
    def _largest(self) -> float:
        return float(np.abs(self.W).max()) or 1.0

    def _hidden_unit(self, at: Point, j: int) -> str:
        rows = [
            words.name(f"h_{{{j + 1}}}"),
            words.value(f"p={words.decimal(float(self.p[j]), 3)}"),
        ]
        key = self.board.bubble(at, rows, "inner", least=(74.0, 66.0), accent=j == self.j)
        bias = number(float(self.found.hidden_bias.value[j]), 2)
        ink = palette.BUBBLES["parameter"].line
        self.board.label(Point(at.x, at.y + 50), [words.value(f"b_{{{j + 1}}}={bias}", ink)])
        return key

    def _visible_unit(self, at: Point, i: int) -> str:
        rows = [words.name(f"v_{{{i + 1}}}"), words.value(number(float(self.v[i]), 2))]
        key = self.board.bubble(at, rows, "held", least=(68.0, 66.0), accent=i == self.i)
        bias = number(float(self.found.visible_bias.value[i]), 2)
        ink = palette.BUBBLES["parameter"].line
        self.board.label(Point(at.x, at.y - 50), [words.value(f"a_{{{i + 1}}}={bias}", ink)])
        return key

    def _names(self) -> None:
        middle = (_LEFT + _RIGHT) / 2
        self.board.label(
            Point(middle, 492), [words.name(r"\mathrm{hidden}\quad p(h_j=1\,|\,v)", "#1f4880")]
        )
        held = "visible: held at the data" + (f", row 1 of {self.rows}" if self.rows > 1 else "")
        self.board.label(Point(middle, 66), [words.note(held)])
        (m, n), shown = self.W.shape, (len(self.visible), len(self.hidden))
        if shown != (m, n):
            said = f"{shown[0]} of {m} visible and {shown[1]} of {n} hidden units"
            self.board.caption(Point(20, 526), words.note(said))

    def _legend(self) -> None:
        largest = self._largest
        self.board.label(Point(34, 28), [words.value(r"w_{i,j}:", palette.TEXT)])
        for k, w in enumerate((-largest, -largest / 2, largest / 2, largest)):
            x = 76.0 + 108.0 * k
            way = [Point(x, 28), Point(x + 44, 28)]
            self.board.wire(way, _color(w), width=_stroke(w, largest))
            self.board.label(Point(x + 50, 28), [words.value(number(w, 1), palette.TEXT)], "left")

    # --- sums ----------------------------------------------------------------------------------------

    def _sums(self) -> None:
        """Energy, conditional and gradient, each in symbols and in numbers."""
        i, j = self.i + 1, self.j + 1
        board, found = self.board, self.found
        board.caption(
            Point(_TEXT, 500), words.equation(r"E(v,h)=-a^{\top}v-b^{\top}h-v^{\top}W\,h")
        )
        energy = float(np.ravel(found.energy.value)[0])
        free = rf"F(v)=-\log\sum_{{h}}e^{{-E(v,h)}}={words.decimal(energy, 3)}"
        board.caption(Point(_TEXT, 460), words.equation(free))
        conditional = rf"p(h_{{{j}}}=1\,|\,v)=\psi\,(b_{{{j}}}+\sum_{{i}}w_{{i,{j}}}\,v_i)"
        board.caption(Point(_TEXT, 408), words.equation(conditional))
        excited = float(found.hidden_bias.value[self.j]) + float(self.v @ self.W[:, self.j])
        value = rf"=\psi({words.decimal(excited, 3)})={words.decimal(float(self.p[self.j]), 3)}"
        board.caption(Point(_TEXT + 20, 372), words.equation(value, palette.VALUE))
        if found.model is not None:
            self._phases(found.model, i, j)
        else:
            self._free_energy_alone(i, j)

    def _phases(self, model: Node, i: int, j: int) -> None:
        """Positive minus negative phase for the chosen weight."""
        board = self.board
        positive = -float(self.slope[self.i, self.j])
        is_exact = model.rule.name == "logsumexp"
        by_model = float(self._by(model, self.found.weight)[self.i, self.j])
        negative = by_model if is_exact else -by_model
        product = rf"v'_{{{i}}}\,p(h_{{{j}}}=1|v')"
        average = rf"\sum_{{v'}}p(v')\,{product}" if is_exact else product
        sign = "=" if is_exact else r"\approx "
        left = rf"\frac{{\partial\log p(v)}}{{\partial w_{{{i},{j}}}}}"
        formula = rf"{left}{sign}v_{{{i}}}\,p(h_{{{j}}}=1|v)-{average}"
        board.caption(Point(_TEXT, 318), words.equation(display(formula)))
        self._phase(Point(615, 218), "positive phase", "held", "data", positive)
        self._phase(Point(828, 218), "negative phase", "module", "model", negative)
        board.label(Point(721.5, 218), [words.name("-")])
        result = (
            rf"\partial\log p(v)/\partial w_{{{i},{j}}}{sign}{words.decimal(positive, 3)}"
            rf"-{words.decimal(negative, 3)}={words.decimal(positive - negative, 3)}"
        )
        board.box(Point(721.5, 120), [words.total(result)], "total")
        self._model_note(is_exact)

    def _phase(self, at: Point, title: str, role: str, of: str, value: float) -> None:
        average = rf"\langle v_{{{self.i + 1}}}h_{{{self.j + 1}}}\rangle_{{\mathrm{{{of}}}}}"
        rows = [words.note(title, palette.TEXT), words.equation(average)]
        tag = [words.value(words.decimal(value, 3))]
        self.board.box(at, rows, role, least=(154.0, 96.0), tag=tag)

    def _model_note(self, is_exact: bool) -> None:
        """How the model's average was taken."""
        units = min(self.W.shape)
        exact = (
            f"averages over all states of {units} units;",
            "larger machines: contrastive divergence",
        )
        sampled = ("the model's average is over samples v',", "which are held")
        for k, part in enumerate(exact if is_exact else sampled):
            self.board.caption(Point(_TEXT, 66 - 24 * k), words.note(part))

    def _free_energy_alone(self, i: int, j: int) -> None:
        slope = float(self.slope[self.i, self.j])
        left = rf"\frac{{\partial F(v)}}{{\partial w_{{{i},{j}}}}}"
        formula = rf"{left}=-v_{{{i}}}\,p(h_{{{j}}}=1|v)={words.decimal(slope, 3)}"
        self.board.caption(Point(_TEXT, 310), words.equation(display(formula)))


def _shown(count: int) -> list[int]:
    """The units that are drawn."""
    return list(range(count)) if count <= _MOST else [*range(_MOST - 1), count - 1]


def _stroke(w: float, largest: float) -> float:
    return _THIN + (_THICK - _THIN) * abs(w) / largest


def _color(w: float) -> str:
    return _BELOW if w < 0 else _ABOVE
