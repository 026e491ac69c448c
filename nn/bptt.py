r"""Backpropagation through time made visible: the lecture's derivatives between a recurrent module's states.

Everything is read off the flow graph whose variables are the states: δ_t is a total derivative, ∂h_{t+1}/∂h_t
and ∂ℓ_t/∂h_t are partial derivatives, and the states of all times are a cut that splits dL/dW_hh.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import FlowGraph, Tensor
from autograd_lite.errors import GraphError, IndexingError, OperandError, brief
from autograd_lite.node import Node
from autograd_lite.order import upstream
from autograd_lite.rules.namespaces import plain
from autograd_lite.variables import Key
from nn.checks import MOST, at_least
from nn.joined import Joined
from nn.layer import Layer
from nn.recurrent import Recurrent

Array: TypeAlias = np.ndarray[Any, Any]


class BPTT:
    r"""The derivatives of `loss` through the states that `module` went through on the way to it.

    loss    one number, computed from what the module returned
    module  an RNN, LSTM or GRU
    layer   which of its layers, in torch's order: 0 is the first

    Times t count from 1 as in the lecture. An array has the state's own shape, (hidden_size,) for one
    sequence (T, input_size) and (N, hidden_size) for a batch, and a Jacobian that shape twice.

    >>> from nn.rnn import RNN
    >>> rnn = RNN(1, 2, generator=0)
    >>> y, _ = rnn(np.ones((3, 1)))
    >>> bptt = BPTT((y * y).sum(), rnn)
    >>> d = bptt.local(2) + bptt.delta(3) @ bptt.jacobian(2)  # δ_2 = ∂ℓ_2/∂h_2 + (∂h_3/∂h_2)ᵀ δ_3
    >>> bool(np.allclose(bptt.delta(2), d))
    True

    Raises GraphError when the loss was not computed from states of this module and layer, or from those of
    more than one call; OperandError when module is not recurrent; IndexingError for a time or layer that
    there is not.

    Source: lecture "Derivations: RNNs and AEs", backpropagation through time.
    """

    def __init__(self, loss: Tensor, module: Recurrent, layer: int = 0) -> None:
        if not isinstance(loss, Node):
            raise OperandError(f"the loss is a Tensor computed from the states, not {brief(loss)}")
        if not isinstance(module, Recurrent):
            raise OperandError(
                f"BPTT takes a recurrent module, an nn.RNN, nn.LSTM or nn.GRU, not {type(module).__name__}"
            )
        self.module = module
        self.layer = _layer_at(module, layer)
        self.states = _states(loss, module, self.layer)
        self.members = [s for states in self.states.values() for s in states.values()]
        weights = (getattr(module, name) for name in module.attributes(self.layer.suffix))
        self.flow = FlowGraph(loss, [*self.members, *(w for w in weights if w is not None)])

    def __len__(self) -> int:
        """The number of time steps."""
        return max(self.states["h"])

    def __repr__(self) -> str:
        return f"BPTT({self.module.label}, T={len(self)})"

    def state(self, t: int, symbol: str = "h") -> Node:
        """The state h_t, or c_t of an LSTM, as a node of the graph."""
        try:
            return self.states[symbol][t]
        except KeyError:
            symbols, times = " and ".join(self.states), sorted(self.states["h"])
            raise IndexingError(
                f"the loss depends on {self.module.label}'s states {symbols} at times {times[0]} to "
                f"{times[-1]}, not on {symbol}_{t}"
            ) from None

    def delta(self, t: int, symbol: str = "h") -> Array:
        """δ_t = dL/dh_t: the total derivative, with everything after h_t moving along."""
        if 1 <= t < min(self.states["h"]):  # beyond what a truncated module remembers
            return np.zeros(np.shape(self.members[0].value))
        return np.asarray(self.flow.total(self.state(t, symbol)))

    def local(self, t: int, symbol: str = "h") -> Array:
        """∂ℓ_t/∂h_t: the partial derivative of the loss, with all other states held."""
        return np.asarray(self.flow.partial(self.flow.output, self.state(t, symbol)))

    def jacobian(self, t: int, symbol: str = "h") -> Array:
        r"""∂h_{t+1}/∂h_t with all other states held: diag(φ'(a_{t+1}))·W_hh in a vanilla network.

        With symbol "c" ∂c_{t+1}/∂c_t, which is diag(f_{t+1}), the forget gate.
        """
        return np.asarray(self.flow.partial(self.state(t + 1, symbol), self.state(t, symbol)))

    def through(self, t: int, s: int, symbol: str = "h") -> Array:
        """dh_t/dh_s: in a vanilla network the product of the Jacobians from time s to time t."""
        return np.asarray(self.flow.total(self.state(s, symbol), of=self.state(t, symbol)))

    def contributions(self, weight: Key | None = None) -> list[Array]:
        """What each time step contributes to dL/dW_hh (or that of another weight): they sum to the gradient.

        The terms of the cut at all states: dL/dh_t·∂h_t/∂W_hh, and dL/dc_t·∂c_t/∂W_hh with it in an LSTM.

        weight  one of the layer's weights or its name, such as "W_f"; also "W", "U" or "b" of a module with
                gates, which stand for those of all gates; W_hh is U there
        """
        weight = self._weight(self.module.names[1] if weight is None else weight)
        if not isinstance(weight, Joined):
            return self._contributions(weight)
        by_gate = [self._contributions(part) for part in weight.operands]
        return [np.concatenate(parts) for parts in zip(*by_gate, strict=True)]

    def _weight(self, key: Key) -> Key:
        """The layer's weight of that name, without the layer's number; anything else as it is."""
        suffix = self.layer.suffix
        if isinstance(key, str) and key + suffix in {
            *self.module.attributes(suffix), *(name + suffix for name in self.module.names)
        }:  # fmt: skip
            weight: Node = getattr(self.module, key + suffix)
            return weight
        return key

    def _contributions(self, weight: Key) -> list[Array]:
        terms = self.flow.cut(self.members).terms(weight)
        products = {term.variable: term.product for term in terms}
        zero = np.zeros(np.shape(self.flow.variable(weight).value))
        return [
            sum((products[s[t]] for s in self.states.values() if t in s), zero)
            for t in range(1, len(self) + 1)
        ]

    def norms(self, symbol: str = "h") -> Array:
        """‖δ_t‖ for t = 1 … T: how the gradient vanishes or explodes on its way back."""
        return self._over_time(lambda t: np.linalg.norm(self.delta(t, symbol)), len(self))

    def radii(self, symbol: str = "h") -> Array:
        """ρ(∂h_T/∂h_t) for t = 1 … T-1: the spectral radius of what lies between that time and the end."""
        T = len(self)
        return self._over_time(lambda t: spectral_radius(self.through(T, t, symbol)), T - 1)

    def _over_time(self, of: Callable[[int], Any], last: int) -> Array:
        return np.array([of(t) for t in range(1, last + 1)])


def spectral_radius(matrix: Any) -> float:
    """ρ(A) = max |λ| over the eigenvalues of A, a matrix or a Jacobian of shape s + s.

    >>> spectral_radius([[0.5, 1.0], [0.0, -2.0]])
    2.0
    """
    array = np.asarray(plain(matrix))
    side = round(array.size**0.5)
    return float(np.abs(np.linalg.eigvals(array.reshape(side, side))).max())


def _layer_at(module: Recurrent, layer: int) -> Layer:
    layers = module.layers
    if at_least("layer", layer, -MOST) not in range(len(layers)):
        raise IndexingError(
            f"layer is one of {module.label}'s layers 0 to {len(layers) - 1}, not {layer}"
        )
    return layers[layer]


def _states(loss: Tensor, module: Recurrent, layer: Layer) -> dict[str, dict[int, Node]]:
    """The states of one layer that the loss was computed from: symbol → time → node."""
    index = re.compile(r"(\w+)_\{?(\d+)\}?" + re.escape(layer.mark))
    states: dict[str, dict[int, Node]] = {symbol: {} for symbol in module.symbols}
    for node in upstream(loss)[1]:
        match = index.fullmatch(node.name or "") if node.scope == module._dotted_name else None
        if match and match[1] in states:
            if int(match[2]) in states[match[1]]:
                raise GraphError(
                    f"{module.label} was called more than once on the way to this loss, so "
                    f"{node.name} is not one state"
                )
            states[match[1]][int(match[2])] = node
    if not states["h"]:
        raise GraphError(f"this loss was not computed from states of {module.label}: call it first")
    return states
