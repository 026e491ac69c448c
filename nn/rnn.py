"""RNN and RNNCell: the lecture's vanilla recurrent network."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from autograd_lite import functions as f
from nn import init
from nn.checks import choice
from nn.recurrent import Cell, Equations, Recurrent, State, with_name

Nonlinearity: TypeAlias = Literal["tanh", "relu"]
_FUNCTIONS = {"tanh": f.tanh, "relu": f.relu}


class _Vanilla(Equations):
    """h_t = φ(W_xh·x_t + W_hh·h_{t-1} + b_h)."""

    names = ("W_xh", "W_hh", "b_h")
    blocks = 1
    nonlinearity: str

    def step(self, x: Any, state: State, weights: tuple[Any, ...], at: str) -> State:
        W_xh, W_hh, b_h = weights
        excitation = f.excitation(x, W_xh, state[0], W_hh, b_h)
        return (with_name(_FUNCTIONS[self.nonlinearity](excitation), "h", at),)

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, {self.nonlinearity}"


class RNNCell(_Vanilla, Cell):
    """One step of the vanilla recurrent network: h' = φ(W_xh·x + W_hh·h + b_h).

    x (N, input_size) or (input_size,), h and h' (N, hidden_size) or (hidden_size,), W_xh (hidden_size,
    input_size), W_hh (hidden_size, hidden_size), b_h (hidden_size,): the sum of torch's two biases. All
    start uniform on ±1/√hidden_size; h is zeros when it is not given; φ is "tanh" or "relu".

    >>> import numpy as np
    >>> cell = RNNCell(1, 1, bias=False)
    >>> cell.load_state_dict({"W_xh": [[0.5]], "W_hh": [[2.0]]})
    >>> h = cell(np.array([1.0]), np.array([0.25]))
    >>> h, float(np.tanh(0.5 * 1.0 + 2.0 * 0.25))
    (Tensor([0.7616], name='h_1'), 0.7615941559557649)

    Raises ShapeError when x or h has another shape.

    Source: lecture "Derivations: RNNs and AEs", vanilla RNN.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: Nonlinearity = "tanh",
        generator: init.Generator = None,
    ) -> None:
        self.nonlinearity = _as_nonlinearity(nonlinearity)
        super().__init__(input_size, hidden_size, bias, generator)


class RNN(_Vanilla, Recurrent):
    """The vanilla recurrent network: h_t = φ(W_xh·x_t + W_hh·h_{t-1} + b_h), y_t = W_hy·h_t + b_y.

    Called with x (T, N, input_size), or one sequence (T, input_size), and perhaps h_0 (num_layers, N,
    hidden_size). Returns (y, h_T): y (T, N, output_size), or every h_t of the last layer when there is no
    output head, and h_T of every layer. Weights as in `RNNCell`; those of further layers end in _l1, _l2, …

    nonlinearity   φ: "tanh" or "relu"
    batch_first    x and y are (N, T, …)
    dropout        the probability of leaving out a number between layers while training
    bidirectional  each layer also reads the sequence from its end; y has both results side by side
    output_size    the length of y_t = W_hy·h_t + b_y; None leaves the head out, as in torch
    truncate       truncated backpropagation through time: the state is detached after every `truncate`
                   steps, so no gradient flows further back

    >>> import numpy as np
    >>> rnn = RNN(3, 4, output_size=2, generator=0)
    >>> y, h = rnn(np.ones((5, 1, 3)))
    >>> y.shape, h.shape
    ((5, 1, 2), (1, 1, 4))

    Raises ShapeError when x or h_0 has another shape.

    Source: lecture "Derivations: RNNs and AEs", vanilla RNN and its remedies.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: Nonlinearity = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        **options: Any,
    ) -> None:
        self.nonlinearity = _as_nonlinearity(nonlinearity)
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, **options)


def _as_nonlinearity(nonlinearity: str) -> str:
    return choice("nonlinearity", nonlinearity, _FUNCTIONS)
