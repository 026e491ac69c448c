"""GRU and GRUCell: the gated recurrent unit, the lecture's other gated cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.rules.namespaces import plain
from nn.gated import Gated
from nn.recurrent import Cell, Recurrent, State, with_name


class _GatedUnit(Gated):
    """torch's form, in which the reset gate acts on U_n·h + b_hn; the gates are r, z and n."""

    gates = "rzn"
    blocks = len(gates)

    def attributes(self, suffix: str) -> list[str]:
        return [*super().attributes(suffix), f"b_hn{suffix}"]

    def weights(self, suffix: str) -> tuple[Any, ...]:
        r, z, (W, U, b) = super().weights(suffix)
        b_hn = getattr(self, f"b_hn{suffix}")
        return r, z, (W, b), (U, b if b_hn is None else b_hn)

    def step(self, x: Any, state: State, weights: tuple[Any, ...], at: str) -> State:
        (h,), (*gates, by_input, by_state) = state, weights
        r, z = (f.sigmoid(f.excitation(x, W, h, U, b)) for W, U, b in gates)
        r, z = with_name(r, "r", at), with_name(z, "z", at)
        excitation = f.multiply_add(r, f.affine(h, *by_state), f.affine(x, *by_input))
        n = with_name(f.tanh(excitation), "n", at)
        return (with_name(f.multiply_add(z, h - n, n), "h", at),)

    def biases(self, by_input: Any, by_state: Any) -> dict[str, Any]:
        # r scales the state's bias of n, so these two are not one
        gates = 2 * self.hidden_size
        b = np.concatenate([by_input[:gates] + by_state[:gates], by_input[gates:]])
        return {"b": b, "b_hn": by_state[gates:]}

    def torch_biases(self, suffix: str) -> tuple[Any, ...]:
        b, b_hn = (plain(getattr(self, f"{name}{suffix}")) for name in ("b", "b_hn"))
        if b is None and b_hn is None:
            return ()
        by_input = np.zeros(self.blocks * self.hidden_size, getattr(self, f"W{suffix}").dtype)
        by_state = np.zeros_like(by_input)
        by_input += 0.0 if b is None else b
        by_state[2 * self.hidden_size :] += 0.0 if b_hn is None else b_hn
        return by_input, by_state


class GRUCell(_GatedUnit, Cell):
    """One step of the gated recurrent unit.

    r = σ(W_r·x + U_r·h + b_r), z = σ(W_z·x + U_z·h + b_z),
    n = tanh(W_n·x + b_n + r⊙(U_n·h + b_hn)), h' = (1 - z)⊙n + z⊙h.

    x (N, input_size), h and h' (N, hidden_size), both without N for one example. Each gate g has
    parameters of its own: W_g (hidden_size, input_size), U_g (hidden_size, hidden_size), b_g (hidden_size,);
    W, U and b read and write those of all gates in the order r, z, n, as in `LSTMCell`.

    >>> import numpy as np
    >>> cell = GRUCell(3, 2, generator=0)
    >>> cell.b_z = 3.0  # remember
    >>> cell(np.ones((1, 3))).shape, cell.W_z.shape, cell.W.shape
    ((1, 2), (2, 3), (6, 3))

    Raises ShapeError when x or h has another shape.

    Source: Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014; torch's form.
    """


class GRU(_GatedUnit, Recurrent):
    """The gated recurrent unit over a sequence: the equations of `GRUCell` at every time step.

    Called with x (T, N, input_size), or one sequence (T, input_size), and perhaps h_0 (num_layers, N,
    hidden_size). Returns (y, h_T): y every h_t of the last layer, or W_hy·h_t + b_y with an output
    head. The arguments are torch's, and `output_size`, `truncate`: see `RNN`. Weights as in `GRUCell`;
    those of further layers end in _l1, _l2, …: W_z_l1.

    >>> import numpy as np
    >>> gru = GRU(3, 4, generator=0)
    >>> y, h = gru(np.ones((5, 1, 3)))
    >>> y.shape, h.shape
    ((5, 1, 4), (1, 1, 4))

    Raises ShapeError when x or h_0 has another shape.
    """
