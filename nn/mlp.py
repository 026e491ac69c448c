"""MLP: the multilayer perceptron of the lectures, each layer an excitation and an activation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd_lite import functions as f
from nn import checks, init
from nn.linear import Linear
from nn.module import Module
from nn.naming import called, numbered
from nn.sequential import ModuleList

Activation = Callable[[Any], Any]


class MLP(Module):
    r"""A multilayer perceptron: ξ_l = W_l·h_{l-1} + b_l, h_l = φ(ξ_l); h_0 is x, the last h is ŷ.

    sizes       numbers of nodes, input first: (n_x, …, n_y)
    activation  φ of the hidden layers, a function or a module; None for none
    output      φ of the last layer; None leaves its excitation as it is

    The nodes are named xi_1, h_1, …, \hat{y}: they are the variables of the flow graph, and the
    lecture's δ_l is `flow.total("xi_l")`. The lecture notes count layers from the input,
    z_{l+1} = h_l, ψ_{l+1} = ξ_l, and keep W_l transposed (see `Linear`).

    >>> from autograd_lite import FlowGraph
    >>> mlp = MLP((2, 3, 1), activation=f.sigmoid, generator=0)
    >>> [v.name for v in FlowGraph(mlp([[1.0, 2.0]]), variables=None).variables if v.operands]
    ['xi_1', 'h_1', '\\hat{y}']

    Raises OperandError when there are fewer than two sizes.

    Source: lecture notes on deep learning, equations (8) to (20); lecture "Partial and Total
    Derivatives", excitation and activation.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation | None = f.relu,
        output: Activation | None = None,
        bias: bool = True,
        generator: init.Generator = None,
    ) -> None:
        rng = init.as_generator(generator)
        pairs = itertools.pairwise(checks.sizes("sizes", sizes, 2))
        self.layers = ModuleList(Linear(n, m, bias, rng) for n, m in pairs)
        for l, layer in enumerate(self.layers, 1):
            layer.weight.named(f"W_{l}")
            if layer.bias is not None:
                layer.bias.named(f"b_{l}")
        self.activation = None if activation is None else checks.function("activation", activation)
        self.output = None if output is None else checks.function("output", output)

    def forward(self, x: Any) -> Any:
        h, last = x, len(self.layers)
        for l, layer in enumerate(self.layers, 1):
            xi = layer(h)
            phi = self.activation if l < last else self.output
            h = xi if phi is None else numbered(phi(xi))
        return called(h, r"\hat{y}")
