"""Recurrences over a sequence, in one direction or both; their states have the names h_1, h_2, …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.budget import READING, Budget
from autograd_lite.interop.onnx_reading.operators.gate_functions import Activation, chosen
from autograd_lite.interop.onnx_reading.operators.recurrent_steps import STEPS, Cell, State
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import (
    Given,
    NDArray,
    dtype_of,
    moves,
    room_for,
    whole,
)

_DIRECTIONS: Final = {"forward": (False,), "reverse": (True,), "bidirectional": (False, True)}
_GATES: Final = {"RNN": 1, "GRU": 3, "LSTM": 4}
_KEPT: Final = 2  # values that a gate leaves in each step, at least: its excitation and its output
_USUAL: Final = {"RNN": ("Tanh",), "GRU": ("Sigmoid", "Tanh"), "LSTM": ("Sigmoid", "Tanh", "Tanh")}


@dataclass(frozen=True)
class Options:
    """ONNX's attributes of a recurrence; nth  how many recurrences the graph has had, with this one."""

    activations: Sequence[str] | None = None
    activation_alpha: Sequence[float] = ()
    activation_beta: Sequence[float] = ()
    clip: float | None = None
    direction: str = "forward"
    hidden_size: int | None = None
    layout: int = 0
    linear_before_reset: int = 0
    input_forget: int = 0
    nth: int = 1

    def ways(self) -> tuple[bool, ...]:
        """The directions: from the beginning, and perhaps (True) from the end."""
        if self.direction not in _DIRECTIONS:
            raise OperandError(
                f"direction is {', '.join(_DIRECTIONS)}, not {self.direction[:40]!r}"
            )
        return _DIRECTIONS[self.direction]

    def functions(self, kind: str) -> list[list[Activation]]:
        """The activations of each direction."""
        ways, usual = len(self.ways()), _USUAL[kind]
        if kind == "LSTM" and self.clip is not None:
            raise OperandError(
                "clip of an LSTM is not read: ONNX's text bounds the memory too, and onnxruntime does not"
            )
        names = tuple(self.activations or usual * ways)
        if kind == "RNN" and names == ("Tanh", "Tanh"):  # what ONNX says of both directions
            names = names[:ways]
        if len(names) != ways * len(usual):
            raise OperandError(
                f"{len(names)} activations are not {len(usual)} for each of {ways} directions"
            )
        found = chosen(names, self.activation_alpha, self.activation_beta, self.clip)
        return [found[k * len(usual) : (k + 1) * len(usual)] for k in range(ways)]


def _rnn(  # noqa: PLR0913 - ONNX's inputs
    x: Given, w: Given, r: Given, b: Given | None = None, lengths: Given | None = None,
    h: Given | None = None, *, budget: Budget, **options: Any,
) -> Any:  # fmt: skip
    return _Recurrence("RNN", Options(**options), budget, x, (w, r, b)).run(lengths, (h,))


def _gru(  # noqa: PLR0913 - ONNX's inputs
    x: Given, w: Given, r: Given, b: Given | None = None, lengths: Given | None = None,
    h: Given | None = None, *, budget: Budget, **options: Any,
) -> Any:  # fmt: skip
    return _Recurrence("GRU", Options(**options), budget, x, (w, r, b)).run(lengths, (h,))


def _lstm(  # noqa: PLR0913, PLR0917 - ONNX's inputs
    x: Given, w: Given, r: Given, b: Given | None = None, lengths: Given | None = None,
    h: Given | None = None, c: Given | None = None, p: Given | None = None, *,
    budget: Budget, **options: Any,
) -> Any:  # fmt: skip
    return _Recurrence("LSTM", Options(**options), budget, x, (w, r, b), p).run(lengths, (h, c))


class _Recurrence:
    """A recurrence with its weights: x (T, N, I), W (D, gH, I), R (D, gH, H), B (D, 2gH), P (D, 3H)."""

    def __init__(
        self, kind: str, options: Options, budget: Budget, x: Given, weights: Any,
        peepholes: Given | None = None,
    ) -> None:  # fmt: skip
        self.kind, self.options = kind, options
        self.x = f.swapaxes(x, 0, 1) if options.layout and x.ndim == 3 else x
        w, r, b = weights
        self.ways = options.ways()
        self.H = r.shape[-1] if r.ndim else 0
        self._check(w, r, b, peepholes)
        steps, n = self.x.shape[:2]
        gates = len(self.ways) * _GATES[kind]
        budget.step(steps * gates)
        budget.expect(_KEPT * steps * n * gates * self.H)
        for weight in (w, r):
            budget.multiply(
                (steps, max(n, READING), weight.size), weight
            )  # each step reads it anew
        if moves(x, w, r, b, peepholes):
            w, r, b, peepholes = map(_as_node, (w, r, b, peepholes))
        functions = options.functions(kind)
        self.cells = [
            self._cell(k, w, r, b, peepholes, functions[k]) for k in range(len(self.ways))
        ]

    def _check(self, w: Any, r: Any, b: Any, peepholes: Any) -> None:
        """Check the shapes of the weights, and that there is something to run over."""
        g, d = _GATES[self.kind], len(self.ways)
        self._fits("X", self.x, (*self.x.shape[:2], w.shape[-1] if w.ndim else 0))
        self._fits("W", w, (d, g * self.H, self.x.shape[2]))
        self._fits("R", r, (d, g * self.H, self.H))
        self._fits("B", b, (d, 2 * g * self.H))
        self._fits("P", peepholes, (d, 3 * self.H))
        size, lengths = self.options.hidden_size, self.x.shape
        room_for((*lengths[:2], d, g * self.H))
        if size not in (None, self.H) or not all(lengths[:2]):
            raise OperandError(
                f"hidden_size={size} and X {list(lengths)} do not fit R {list(r.shape)}"
            )

    @staticmethod
    def _fits(name: str, value: Given | None, shape: tuple[int, ...]) -> None:
        if value is not None and (value.shape != shape or not shape):
            raise OperandError(f"{name} has shape {list(value.shape)}, not {list(shape)}")

    def _cell(self, d: int, w: Any, r: Any, b: Any, p: Any, functions: list[Activation]) -> Cell:
        g, H = _GATES[self.kind], self.H
        rows = [slice(k * H, (k + 1) * H) for k in range(2 * g)]
        none = np.zeros(H, dtype_of(self.x))
        biases = [none if b is None else b[d, part] for part in rows]
        gates = rows[:g]
        return Cell(
            [w[d, part] for part in gates],
            [r[d, part] for part in gates],
            biases[:g],
            biases[g:],
            functions,
            () if p is None else [p[d, part] for part in rows[:3]],
            bool(self.options.linear_before_reset or self.options.input_forget),
        )

    def run(self, given: Given | None, states: tuple[Given | None, ...]) -> Any:
        """Y (T, D, N, H), the last state h (D, N, H), and the last c of an LSTM."""
        n, layout = self.x.shape[1], self.options.layout
        lengths = None if given is None else self._lengths(whole(given, "sequence_lens"))
        before = [None if s is None else f.swapaxes(s, 0, 1) if layout else s for s in states]
        for state in before:
            self._fits("a first state", state, (len(self.ways), n, self.H))
        outputs, last = [], []
        for d, backwards in enumerate(self.ways):
            first = tuple(
                np.zeros((n, self.H), dtype_of(self.x)) if s is None else s[d] for s in before
            )
            loop = _Loop(STEPS[self.kind], self.cells[d], lengths, self._mark(backwards))
            y, state = loop.run(self.x, first, backwards)
            outputs.append(y)
            last.append(state)
        y = f.stack(outputs, axis=1)
        ends = [f.stack(list(parts), axis=0) for parts in zip(*last, strict=True)]
        if layout:
            y, ends = f.transpose(y, (2, 0, 1, 3)), [f.swapaxes(s, 0, 1) for s in ends]
        return y, *ends

    def _lengths(self, lengths: tuple[int, ...]) -> NDArray | None:
        steps, n = self.x.shape[:2]
        if len(lengths) != n or not all(0 <= k <= steps for k in lengths):
            raise OperandError(f"sequence_lens {lengths} do not fit {n} examples of {steps} steps")
        return None if set(lengths) == {steps} else np.array(lengths)

    def _mark(self, backwards: bool) -> str:
        """What the names of the states end in: of which recurrence, and ' from the end."""
        k, dash = self.options.nth, "'" if backwards else ""
        return f"^{{({k}{dash})}}" if k > 1 or backwards else ""


def _as_node(weight: Given | None) -> Tensor | None:
    """A weight that every step reads; of an array each would keep a copy."""
    return weight if weight is None or isinstance(weight, Tensor) else Tensor(weight)


@dataclass(frozen=True)
class _Loop:
    """The loop over time; lengths  of the examples, None where all are whole."""

    step: Any
    cell: Cell
    lengths: NDArray | None
    mark: str

    def run(self, x: Any, state: State, backwards: bool) -> tuple[Any, State]:
        """All outputs (T, N, H), and the last state."""
        x, outputs = self._turned(x) if backwards else x, []
        for t in range(x.shape[0]):
            after = self.step(self.cell, x[t], state)
            output = after[0]
            if self.lengths is not None:
                goes_on = (t < self.lengths)[:, None]
                output = f.where(goes_on, output, np.zeros((), dtype_of(output)))
                after = tuple(f.where(goes_on, a, b) for a, b in zip(after, state, strict=True))
            state = tuple(self._named(s, c, t + 1) for s, c in zip(after, "hc", strict=False))
            outputs.append(state[0] if self.lengths is None else output)
        y = f.stack(outputs, axis=0)
        return self._turned(y) if backwards else y, state

    def _turned(self, y: Any) -> Any:
        """Time the other way round, of each example within its own length."""
        if self.lengths is None:
            return f.flip(y, axis=0)
        steps = np.arange(y.shape[0])[:, None]
        source = np.where(steps < self.lengths, self.lengths - 1 - steps, steps)
        return y[(source, np.arange(len(self.lengths)))]

    def _named(self, state: Any, symbol: str, t: int) -> Any:
        place = str(t) if t < 10 else f"{{{t}}}"
        return state.named(f"{symbol}_{place}{self.mark}") if hasattr(state, "named") else state


OPERATORS: Table = {"RNN": _rnn, "GRU": _gru, "LSTM": _lstm}
