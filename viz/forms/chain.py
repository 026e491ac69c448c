"""Chains of dense layers, as in a multilayer perceptron: found in the graph, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from autograd_lite.node import Node
from viz.forms.chain_drawing import Chain, Layer, draw
from viz.forms.form import Asked, Form

_AFFINE: Final = "affine"
_FEWEST: Final = 2  # layers that make a chain


def find(asked: Asked) -> Chain | None:
    """The layers from the input to the output, or None when the graph is no chain of dense layers.

    A layer is a variable ξ = W·h + b with a leaf W, and the variable φ(ξ) behind it where there is one.
    """
    affine = [v for v in asked.flow.variables if v.rule.name == _AFFINE]
    layers = list(_layers(affine, asked.users)) if len(affine) >= _FEWEST else []
    if not layers or any(a.state is not b.source for a, b in pairwise(layers)):
        return None
    if any(np.ndim(layer.excitation.value) > 2 for layer in layers):
        return None
    end = layers[-1].state
    rest = {v for v in asked.flow.variables if not v.is_leaf} - {asked.flow.output}
    known = {node for layer in layers for node in (layer.excitation, layer.state)}
    if rest - known or (np.size(asked.flow.output.value) != 1 and asked.flow.output is not end):
        return None
    return Chain(tuple(layers), asked.flow.output)


def _layers(affine: list[Node], users: dict[Node, list[Node]]) -> Iterator[Layer]:
    for excitation in affine:
        source, weight, *_ = excitation.operands
        if not (isinstance(weight, Node) and weight.is_leaf and np.ndim(weight.value) == 2):
            return
        follows = [v for v in users[excitation] if _is_elementwise(v, excitation)]
        state = follows[0] if len(follows) == 1 == len(users[excitation]) else excitation
        yield Layer(source, weight, excitation, state)


def _is_elementwise(v: Node, of: Node) -> bool:
    """Whether v is a function of one variable, number by number."""
    alone = [o for o in v.operands if isinstance(o, Node)] == [of]
    return v.name is not None and alone and np.shape(v.value) == np.shape(of.value)


CHAIN: Final = Form("chain", find, draw)
