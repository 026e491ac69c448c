r"""LSTM and LSTMCell: long short-term memory, whose forget gate carries gradients through time."""

from __future__ import annotations

from typing import Any

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from nn.gated import Gated
from nn.recurrent import Cell, Recurrent, State, with_name


class _LongShortTerm(Gated):
    r"""The lecture's six equations, for the gates i, f, c̃ and o."""

    gates = "ifco"
    blocks = len(gates)
    symbols = ("h", "c")

    def step(self, x: Any, state: State, weights: tuple[Any, ...], at: str) -> State:
        h, c = state
        i, forget, candidate, o = (f.excitation(x, W, h, U, b) for W, U, b in weights)
        i, forget = with_name(f.sigmoid(i), "i", at), with_name(f.sigmoid(forget), "f", at)
        candidate, o = (
            with_name(f.tanh(candidate), r"\tilde{c}", at),
            with_name(f.sigmoid(o), "o", at),
        )
        c = with_name(f.multiply_add(forget, c, i * candidate), "c", at)
        return with_name(o * f.tanh(c), "h", at), c


class LSTMCell(_LongShortTerm, Cell):
    r"""One step of long short-term memory.

    i = σ(W_i·x + U_i·h + b_i), f = σ(W_f·x + U_f·h + b_f), o = σ(W_o·x + U_o·h + b_o),
    c̃ = tanh(W_c·x + U_c·h + b_c), c' = f⊙c + i⊙c̃, h' = o⊙tanh(c').

    x (N, input_size), h, c, h', c' (N, hidden_size), all without N for one example. Each gate g has its own
    W_g (hidden_size, input_size), U_g (hidden_size, hidden_size) and b_g (hidden_size,), the sum of torch's
    two. Numbers are assigned to them: `cell.b_f = 3.0` opens the forget gate.
    W (4·hidden_size, input_size), U and b read as those of all gates in the order i, f, c̃, o, which is
    torch's, with their gradients; assigning an array writes it into the twelve.

    >>> import numpy as np
    >>> cell = LSTMCell(3, 2, generator=0)
    >>> cell.b_f = 3.0
    >>> h, c = cell(np.ones((1, 3)))
    >>> h, c = cell(np.ones((1, 3)), (h, c))
    >>> h.sum().backward()
    >>> h.shape, cell.U_f.grad.shape, cell.U.grad.shape
    ((1, 2), (2, 2), (8, 2))
    >>> cell.b.numpy()[2:4]
    array([3., 3.])

    Raises ShapeError when x, h or c has another shape, OperandError when the state is no pair (h, c).

    Source: lecture "Derivations: RNNs and AEs", LSTM cell equations.
    """


class LSTM(_LongShortTerm, Recurrent):
    r"""Long short-term memory over a sequence: the equations of `LSTMCell` at every time step.

    Called with x (T, N, input_size), or one sequence (T, input_size), and perhaps (h_0, c_0), each
    (num_layers, N, hidden_size). Returns (y, (h_T, c_T)): y every h_t of the last layer, or W_hy·h_t + b_y
    with an output head. The arguments are torch's, and `output_size`, `truncate`: see `RNN`. `proj_size` is
    0: h is not projected. Weights as in `LSTMCell`; those of further layers end in _l1, _l2, …: W_f_l1.

    As ∂c_t/∂c_{t-1} = diag(f_t), gates f_t near 1 carry gradients through time.

    >>> import numpy as np
    >>> lstm = LSTM(3, 4, generator=0)
    >>> y, (h, c) = lstm(np.ones((5, 1, 3)))
    >>> y.shape, c.shape
    ((5, 1, 4), (1, 1, 4))

    Raises ShapeError when x, h_0 or c_0 has another shape, OperandError when the state is no pair or
    `proj_size` is not 0.

    Source: lecture "Derivations: RNNs and AEs", LSTM: gradient flow intuition.
    """

    def __init__(
        self, input_size: int, hidden_size: int, *args: Any, proj_size: int = 0, **options: Any
    ) -> None:
        if proj_size != 0:
            raise OperandError(
                f"LSTM does not project its state: proj_size is 0, not {proj_size!r:.60}; "
                f"write output_size={proj_size!r:.60} for y_t = W_hy·h_t + b_y"
            )
        super().__init__(input_size, hidden_size, *args, **options)
