r"""What the recurrent modules share: weights, states, layers in a row, and the loop over time.

A kind of recurrence says its equations in `step`; `RecurrentCell` applies them once, `Recurrent` at every
time step of every layer. All steps' inputs are projected by one matrix product before the loop.

States carry names, so that flow graphs see them: h_1, h_2, … in the first layer, h_1^{(2)} in the
second, h_1^{(1')} where a bidirectional module reads the sequence from its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.dropout import Dropout
from nn.linear import at_least
from nn.module import Module, Parameter

State: TypeAlias = tuple[Any, ...]
"""What a layer remembers: (h,), or (h, c) of an LSTM."""


class Weights(NamedTuple):
    """The names of a layer's weights: by the input, by the state before, and the bias."""

    W: str
    U: str
    b: str


class Layer(NamedTuple):
    """One layer in one direction: how its attributes end, and how torch's and the states' names do."""

    suffix: str
    torch: str
    mark: str
    reverse: bool

    def at(self, t: int) -> str:
        """The index that the names of the states at time t end in."""
        return f"_{t}{self.mark}" if t < 10 else f"_{{{t}}}{self.mark}"


class Equations(Module):
    """One kind of recurrence: which weights it has and what happens in a time step; subclassed by kind."""

    weights: Weights
    blocks: int
    symbols: tuple[str, ...] = ("h",)

    hidden_size: int

    def recurrent(self, suffix: str) -> Any:
        """What `step` needs besides the projected input: computed once for all time steps."""
        return getattr(self, self.weights.U + suffix)

    def step(self, projected: Any, state: State, recurrent: Any, at: str) -> State:
        """The state after a time step.

        projected  W·x_t + b of this step
        at         what the names of this step's variables end in; "" leaves them without names
        """
        raise NotImplementedError

    def project(self, x: Any, suffix: str) -> Any:
        """W·x + b, for any number of leading axes."""
        W = getattr(self, self.weights.W + suffix)
        b = getattr(self, self.weights.b + suffix)
        return f.affine(x, W, np.zeros(len(W), W.dtype) if b is None else b)

    def add_weights(
        self, inputs: int, bias: bool, rng: np.random.Generator, layer: Layer
    ) -> None:
        """Make one layer's weights, uniform on ±1/√hidden_size as in torch."""
        H, rows = self.hidden_size, self.blocks * self.hidden_size
        shapes = zip(self.weights[:2], ((rows, inputs), (rows, H)), strict=True)
        for name, shape in shapes:
            self._add(name, layer, init.lecun_uniform(shape, H, rng))
        # torch adds two biases, each uniform, where the lecture has one
        two = [init.lecun_uniform((rows,), H, rng) for _ in range(2)] if bias else None
        self.add_bias(two, layer)

    def add_bias(self, two: Sequence[Any] | None, layer: Layer) -> None:
        """Make the bias from torch's two, that of the input and that of the state; None is no bias."""
        self._add(self.weights.b, layer, None if two is None else two[0] + two[1])

    def _add(self, name: str, layer: Layer, data: Any) -> None:
        weight = None if data is None else Parameter(data, name=name + layer.mark)
        setattr(self, name + layer.suffix, weight)

    def from_torch(self, state: dict[str, Any], layer: Layer) -> dict[str, Any]:
        """One layer's entries of a state under the lecture's names, where torch's are complete."""
        keys = [f"{kind}{layer.torch}" for kind in ("weight_ih", "weight_hh")]
        biases = [f"{kind}{layer.torch}" for kind in ("bias_ih", "bias_hh")]
        for name, key in zip(self.weights[:2], keys, strict=True):
            if key in state:
                state[name + layer.suffix] = state.pop(key)
        if all(key in state for key in biases):
            two = [np.asarray(state[key]) for key in biases]
            if all(np.shape(bias) == (self.blocks * self.hidden_size,) for bias in two):
                for key in biases:
                    del state[key]
                state.update(self.one_bias(two[0], two[1], layer))
        return state

    def one_bias(self, by_input: Any, by_state: Any, layer: Layer) -> dict[str, Any]:
        """The entries that stand for torch's two biases."""
        return {self.weights.b + layer.suffix: by_input + by_state}


def named(node: Any, symbol: str, at: str) -> Any:
    """The node, called `symbol` with the time step's index; without a name where there is no index."""
    if at:
        node.name = symbol + at
    return node


SINGLE = Layer("", "", "", False)


class RecurrentCell(Equations):
    """One time step: the state before and an input give the state after; subclassed by kind."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        generator: init.Generator = None,
    ) -> None:
        self.input_size = at_least("input_size", input_size, 1)
        self.hidden_size = at_least("hidden_size", hidden_size, 1)
        self.add_weights(self.input_size, bias, init.as_generator(generator), SINGLE)

    def forward(self, x: Any, state: Any = None) -> Any:
        lead = _checked_input(self, x, (1, 2))
        before = _initial(self, state, (*lead, self.hidden_size))
        after = self.step(self.project(x, ""), before, self.recurrent(""), "")
        return after if len(self.symbols) > 1 else after[0]

    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]:
        return self.from_torch(state, SINGLE)

    def extra_repr(self) -> str:
        return f"{self.input_size} → {self.hidden_size}"


class Recurrent(Equations):
    """Layers of recurrent cells along a sequence; subclassed by kind, whose docstrings say the rest."""

    def __init__(  # noqa: PLR0913 - torch's arguments
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        *,
        bidirectional: bool = False,
        output_size: int | None = None,
        truncate: int | None = None,
        generator: init.Generator = None,
    ) -> None:
        rng = init.as_generator(generator)
        self.input_size = at_least("input_size", input_size, 1)
        self.hidden_size = at_least("hidden_size", hidden_size, 1)
        self.num_layers = at_least("num_layers", num_layers, 1)
        self.batch_first, self.bidirectional = batch_first, bidirectional
        self.truncate = None if truncate is None else at_least("truncate", truncate, 1)
        self.between = Dropout(dropout, rng)
        width = self.hidden_size * (2 if bidirectional else 1)
        for layer in self.layers:
            inputs = self.input_size if layer.torch.startswith("_l0") else width
            self.add_weights(inputs, bias, rng, layer)
        if output_size is not None:
            shape = (at_least("output_size", output_size, 1), width)
            self.W_hy = Parameter(init.lecun_uniform(shape, width, rng))
            self.b_y = Parameter(init.lecun_uniform(shape[:1], width, rng))
        self.output_size = output_size

    @property
    def layers(self) -> list[Layer]:
        """Every layer, and after each its reverse if there is one: torch's order of states."""
        ways = (False, True) if self.bidirectional else (False,)
        return [_layer(k, reverse) for k in range(self.num_layers) for reverse in ways]

    def forward(self, x: Any, state: Any = None) -> Any:
        lead = _checked_input(self, x, (2, 3))
        batched = len(lead) == 2
        if batched and self.batch_first:
            x = f.swapaxes(x, 0, 1)
        shape = (len(self.layers), *lead[self.batch_first :][: batched], self.hidden_size)
        if batched and not self.batch_first:
            shape = (len(self.layers), lead[1], self.hidden_size)
        return self._along(x, _initial(self, state, shape))

    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]:
        for layer in self.layers:
            state = self.from_torch(state, layer)
        return state

    def extra_repr(self) -> str:
        return f"{self.input_size} → {self.hidden_size}"
