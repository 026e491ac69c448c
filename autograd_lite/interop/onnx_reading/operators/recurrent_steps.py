"""One time step of each recurrence, as its equations say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from autograd_lite import functions as f
from autograd_lite.interop.onnx_reading.operators.gate_functions import Activation

State: TypeAlias = tuple[Any, ...]
"""What is remembered: (h,), or (h, c) of an LSTM."""


@dataclass(frozen=True)
class Cell:
    """A recurrence in one direction, its weights by gate in ONNX's order.

    W (H, I), R (H, H)  by the input and by the state
    by_input, by_state  biases (H,)
    peepholes           of an LSTM, by the memory: those of i, o and f, or none
    variant             linear_before_reset of a GRU, input_forget of an LSTM
    """

    W: Sequence[Any]
    R: Sequence[Any]
    by_input: Sequence[Any]
    by_state: Sequence[Any]
    activations: Sequence[Activation]
    peepholes: Sequence[Any] = ()
    variant: bool = False

    def excitation(self, gate: int, x: Any, h: Any) -> Any:
        """ξ = x·Wᵀ + h·Rᵀ + b of a gate."""
        bias = self.by_input[gate] + self.by_state[gate]
        return f.excitation(x, self.W[gate], h, self.R[gate], bias)


def rnn_step(cell: Cell, x: Any, state: State) -> State:
    """The simple one: h' = φ(x·Wᵀ + h·Rᵀ + b)."""
    return (cell.activations[0](cell.excitation(0, x, state[0])),)


def gru_step(cell: Cell, x: Any, state: State) -> State:
    """Gated: h' = (1 - z)⊙h̃ + z⊙h, of the gates z and r and the candidate h̃."""
    (h,) = state
    gate, candidate = cell.activations
    z, r = gate(cell.excitation(0, x, h)), gate(cell.excitation(1, x, h))
    if cell.variant:
        by_state = r * f.affine(h, cell.R[2], cell.by_state[2])
        excitation = f.affine(x, cell.W[2], cell.by_input[2]) + by_state
    else:
        excitation = cell.excitation(2, x, r * h)
    return ((1.0 - z) * candidate(excitation) + z * h,)


def lstm_step(cell: Cell, x: Any, state: State) -> State:
    """Of long memory: c' = f⊙c + i⊙c̃ and h' = o⊙φ(c'), of the gates i, o, f and the candidate c̃."""
    h, c = state
    gate, candidate, output = cell.activations
    xi = [cell.excitation(k, x, h) for k in range(4)]
    p_i, p_o, p_f = cell.peepholes or (None, None, None)
    i = gate(_peeped(xi[0], p_i, c))
    forget = 1.0 - i if cell.variant else gate(_peeped(xi[2], p_f, c))
    c = f.multiply_add(forget, c, i * candidate(xi[3]))
    return gate(_peeped(xi[1], p_o, c)) * output(c), c


def _peeped(xi: Any, weight: Any, c: Any) -> Any:
    return xi if weight is None else xi + weight * c


STEPS: Final[dict[str, Callable[[Cell, Any, State], State]]] = {
    "RNN": rnn_step,
    "GRU": gru_step,
    "LSTM": lstm_step,
}
