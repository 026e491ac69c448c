r"""What the recurrent modules share: weights, states, layers in a row, and the loop over time.

A kind of recurrence says its equations in `step`; `Cell` applies them once, `Recurrent` at every time
step of every layer.

States, gates and inputs carry names, so that flow graphs see them: h_1, h_2, … in the first layer, h_1^{(2)}
in the second, h_1^{(1')} where a bidirectional module reads the sequence from its end. A cell counts on from
the state that it is given: after h_2 comes h_3.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.checks import at_least, flag, number
from nn.dropout import Dropout
from nn.layer import SINGLE_LAYER, Layer, layer_of, time_after
from nn.naming import automatic, called
from nn.parameters import Parameter
from nn.weights import Weights, array_or_none

State: TypeAlias = tuple[Any, ...]
"""What a layer remembers: (h,), or (h, c) of an LSTM."""


class Equations(Weights):
    """One kind of recurrence: its weights and its time step, for the cell and the module of that kind.

    names    of the weights by the input, of those by the state before, and of the bias
    blocks   how many blocks of hidden_size rows they have: one for each gate
    symbols  of the states
    """

    names: tuple[str, str, str]
    blocks: int
    symbols: tuple[str, ...] = ("h",)
    _is_timed = True
    input_size: int
    hidden_size: int

    def step(self, x: Any, state: State, weights: tuple[Any, ...], at: str) -> State:
        """The state after a time step with input x.

        weights  what `weights` gave; at  what the variables' names end in
        """
        raise NotImplementedError(f"{type(self).__name__} has no step: write its equations")

    def attributes(self, suffix: str) -> list[str]:
        """The names of a layer's weights."""
        return [name + suffix for name in self.names]

    def weights(self, suffix: str) -> tuple[Any, ...]:
        """A layer's weights as `step` takes them, made once for all time steps."""
        return self.equation(*self.attributes(suffix))

    def equation(self, *names: str) -> tuple[Any, Any, Any]:
        """The weights of one excitation, by the input and by the state, and its bias or zeros."""
        W, U, b = (getattr(self, name) for name in names)
        return W, U, Tensor(np.zeros(len(W), W.dtype)) if b is None else b

    def add_weights(self, inputs: int, bias: bool, rng: np.random.Generator, layer: Layer) -> None:
        """Make a layer's weights, uniform on ±1/√hidden_size; a bias is the sum of two, as torch has two."""
        H, rows = self.hidden_size, self.blocks * self.hidden_size
        self.add(self.names[0], layer, init.lecun_uniform((rows, inputs), H, rng))
        self.add(self.names[1], layer, init.lecun_uniform((rows, H), H, rng))
        by_input, by_state = (init.lecun_uniform((rows,), H, rng) for _ in range(2))
        for name, data in self.biases(by_input, by_state).items():
            self.add(name, layer, data if flag("bias", bias) else None)

    def add(self, name: str, layer: Layer, data: Any) -> None:
        """Make one weight of a layer; None for one that it does without."""
        weight = None if data is None else Parameter(data, name=name + layer.mark)
        setattr(self, name + layer.suffix, weight)

    def biases(self, by_input: Any, by_state: Any) -> dict[str, Any]:
        """The biases here that stand for torch's two, which the lecture's equations have as one."""
        return {self.names[2]: by_input + by_state}

    def from_torch(self, state: dict[str, Any], layer: Layer) -> dict[str, Any]:
        """A state with one layer's entries under the names used here; what does not fit is left as it is."""
        keys = [f"{kind}{layer.torch}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        for name, key in zip(self.names, keys[:2], strict=False):
            if key in state:
                state[name + layer.suffix] = state.pop(key)
        two = [array_or_none(state.get(key, ())) for key in keys[2:]]
        if all(np.shape(bias) == (self.blocks * self.hidden_size,) for bias in two):
            for key in keys[2:]:
                del state[key]
            state.update((name + layer.suffix, data) for name, data in self.biases(*two).items())
        return state

    def torch_biases(self, suffix: str) -> tuple[Any, ...]:
        """Two biases of which `biases` makes those of a layer; none where it has none."""
        b = plain(getattr(self, self.names[2] + suffix))
        return () if b is None else (b, np.zeros_like(b))

    def for_torch(self) -> dict[str, Any]:
        """Copies of the weights of every layer under torch's names, as `from_torch` reads them."""
        found: dict[str, Any] = {}
        for layer in self.layers:
            W, U = (plain(getattr(self, name + layer.suffix)) for name in self.names[:2])
            found |= {f"weight_ih{layer.torch}": W, f"weight_hh{layer.torch}": U}
            names = (f"bias_ih{layer.torch}", f"bias_hh{layer.torch}")
            found.update(zip(names, self.torch_biases(layer.suffix), strict=False))
        return {name: np.array(x) for name, x in found.items()}

    @property
    def layers(self) -> list[Layer]:
        """Every layer in every direction, in torch's order."""
        return [SINGLE_LAYER]

    def extra_repr(self) -> str:
        return f"{self.input_size} → {self.hidden_size}"


class Cell(Equations):
    """One time step: an input and the state before give the state after; see its kinds."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, generator: init.Generator = None
    ) -> None:
        self.input_size = at_least("input_size", input_size, 1)
        self.hidden_size = at_least("hidden_size", hidden_size, 1)
        self.add_weights(self.input_size, bias, init.as_generator(generator), SINGLE_LAYER)

    def forward(self, x: Any, state: Any = None) -> Any:
        lead = _leading(self, x, ("(input_size,)", "(batch, input_size)"))
        before = _initial(self, state, (*lead, self.hidden_size))
        if state is None:
            _name_all(before, self.symbols, SINGLE_LAYER.at(0))
        at = time_after(before[0].name, self.symbols[0])
        after = self.step(x, before, self.weights(""), at)
        return after if len(after) > 1 else after[0]

    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]:
        return self.from_torch(state, SINGLE_LAYER)


class Recurrent(Equations):
    """Layers of one kind of recurrence over a sequence; see its kinds, whose arguments these are."""

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
        self.num_layers = at_least("num_layers", num_layers, 1, 10_000)
        self.batch_first = flag("batch_first", batch_first)
        self.bidirectional = flag("bidirectional", bidirectional)
        self.truncate = None if truncate is None else at_least("truncate", truncate, 1)
        self.between = Dropout(dropout, rng) if number("dropout", dropout, "[0, 1]") else None
        width = self.hidden_size * len(self._directions)
        for k in range(self.num_layers):
            for reverse in self._directions:
                inputs = width if k else self.input_size
                self.add_weights(inputs, bias, rng, layer_of(k, reverse))
        self._add_output(output_size, width, rng)

    def _add_output(self, size: int | None, width: int, rng: np.random.Generator) -> None:
        self.W_hy = self.b_y = None
        if size is not None:
            shape = (at_least("output_size", size, 1), width)
            self.W_hy = Parameter(init.lecun_uniform(shape, width, rng))
            self.b_y = Parameter(init.lecun_uniform(shape[:1], width, rng))

    @property
    def _directions(self) -> tuple[bool, ...]:
        """The directions a sequence is read in: from its beginning, and perhaps (True) from its end."""
        return (False, True) if self.bidirectional else (False,)

    @property
    def layers(self) -> list[Layer]:
        return [
            layer_of(k, reverse) for k in range(self.num_layers) for reverse in self._directions
        ]

    def forward(self, x: Any, state: Any = None) -> Any:
        batch = "(batch, time, input_size)" if self.batch_first else "(time, batch, input_size)"
        lead = _leading(self, x, ("(time, input_size)", batch))
        swapped = self.batch_first and len(lead) == 2
        if swapped:
            x, lead = f.swapaxes(x, 0, 1), lead[::-1]
        if lead[0] == 0:
            raise ShapeError(
                f"{self.label} expected at least one time step, got shape {np.shape(plain(x))}"
            )
        before = _initial(self, state, (len(self.layers), *lead[1:], self.hidden_size))
        y, after = self._run_layers(x, before)
        if self.W_hy is not None:
            y = called(f.affine(y, self.W_hy, self.b_y), "y")
        return f.swapaxes(y, 0, 1) if swapped else y, after if len(after) > 1 else after[0]

    def _run_layers(self, x: Any, before: State) -> tuple[Any, State]:
        """All layers: the last one's h at every time, and what each layer ends with."""
        ends: list[State] = []
        for k in range(self.num_layers):
            x = self.between(x) if k and self.between is not None else x
            ways = []
            for reverse in self._directions:
                states = self._run_layer(
                    x, layer_of(k, reverse), tuple(s[len(ends)] for s in before)
                )
                ends.append(states[-1])
                ways.append(f.stack([s[0] for s in (reversed(states) if reverse else states)]))
            x = ways[0] if len(ways) == 1 else f.concatenate(ways, -1)
        return x, tuple(f.stack(list(end)) for end in zip(*ends, strict=True))

    def _run_layer(self, x: Any, layer: Layer, state: State) -> list[State]:
        """One layer in one direction: its state after each time step, in the order they are made."""
        _name_all(state, self.symbols, layer.at(0))
        weights = self.weights(layer.suffix)
        # read before the loop: leaves made among operations would have every sweep look for stale ones
        xs = list(x if isinstance(x, Tensor) else Tensor(x))
        if not layer.mark:
            for t, x_t in enumerate(xs, 1):
                with_name(x_t, "x", layer.at(t))
        states: list[State] = []
        for t in reversed(range(len(xs))) if layer.reverse else range(len(xs)):
            if self.truncate is not None and states and len(states) % self.truncate == 0:
                state = tuple(s.detach() for s in state)
            state = self.step(xs[t], state, weights, layer.at(t + 1))
            states.append(state)
        return states

    def translate_state(self, state: dict[str, Any]) -> dict[str, Any]:
        for layer in self.layers:
            state = self.from_torch(state, layer)
        return state


def with_name(node: Any, symbol: str, at: str) -> Any:
    """The node under its symbol and time: once a step for each variable, so without `called`'s checks."""
    node._name = automatic(symbol, at)
    return node


def _name_all(states: State, symbols: tuple[str, ...], at: str) -> None:
    for state, symbol in zip(states, symbols, strict=True):
        with_name(state, symbol, at)


def _leading(module: Cell | Recurrent, x: Any, expected: tuple[str, str]) -> tuple[int, ...]:
    """The shape of x without its features."""
    shape: tuple[int, ...] = np.shape(plain(x))
    kinds = [text.count(",") + (not text.endswith(",)")) for text in expected]
    if len(shape) not in kinds or shape[-1] != module.input_size:
        raise ShapeError(
            f"{module.label} expected x of shape {expected[1]} or {expected[0]} with input_size = "
            f"{module.input_size}, got {shape}"
        )
    return shape[:-1]


def _initial(module: Equations, state: Any, shape: tuple[int, ...]) -> State:
    """The state to begin with, as Tensors; zeros where none is given."""
    symbols = module.symbols
    if state is None:
        dtype = getattr(module, module.attributes("")[0]).dtype
        return tuple(Tensor(np.zeros(shape, dtype)) for _ in symbols)
    given = (state,) if len(symbols) == 1 else state
    if len(symbols) > 1 and not (isinstance(given, (tuple, list)) and len(given) == len(symbols)):
        raise OperandError(
            f"{module.label} begins with a pair ({', '.join(f'{s}_0' for s in symbols)}), "
            f"not with one {type(state).__name__}"
        )
    for symbol, s in zip(symbols, given, strict=True):
        if np.shape(plain(s)) != shape:
            raise ShapeError(
                f"{module.label} expected {symbol}_0 of shape {shape}, got {np.shape(plain(s))}"
            )
    return tuple(s if isinstance(s, Tensor) else Tensor(s) for s in given)
