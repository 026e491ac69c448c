"""Layers as single neurons: the weights w_{l,i,j} and biases b_{l,j} behind the nodes of a graph.

Understood are x·Wᵀ + b and x·W (dense layers) and 1-d convolution, each with an activation behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain

_PASSING: Final = frozenset({"reshape", "flatten", "ravel", "squeeze", "transpose", "expand_dims"})


class Weight(NamedTuple):
    """The connection from neuron i of one layer to neuron j of the next, both counted from 0.

    shared  its number in the kernel, where several connections have the same weight; else None
    """

    i: int
    j: int
    label: str
    value: float
    shared: int | None = None


class Bias(NamedTuple):
    """What is added to neuron j."""

    j: int
    label: str
    value: float


class Kernel(NamedTuple):
    """How a convolution slides: z_{l+1,j} = Σ_k ω_k z_{l,(j-1)·stride + (k-1)·dilation + 1 - padding}.

    before, after  how many positions a channel has
    """

    stride: int
    padding: int
    dilation: int
    before: int
    after: int
    has_channels: bool


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: the array that comes in, the node that leaves, and what is between, for one example.

    kernel  of a convolution, how it slides; None for a dense layer
    """

    before: Any
    after: Node
    weights: tuple[Weight, ...]
    biases: tuple[Bias, ...]
    activation: str | None
    kernel: Kernel | None = None


def layers(tensor: Node) -> list[Layer]:
    """The layers that end in `tensor`, from the first on; l in their labels counts from 1.

    Raises PictureError when there is none.
    """
    found: list[Any] = []
    node: Any = tensor
    while (parts := dense_parts(node)) is not None:
        found.insert(0, (node, *parts))
        node = parts[1].operands[0]
    if not found:
        raise PictureError(
            f"{_described(tensor)} is no layer: neurons can be drawn for the result of a dense layer "
            "or a 1-d convolution, with or without an activation"
        )
    return [_layer(number, *parts) for number, parts in enumerate(found, 1)]


def _described(node: Any) -> str:
    return node.describe() if isinstance(node, Node) else f"{type(node).__name__} {node!r:.40}"


def dense_parts(node: Any) -> tuple[str | None, Node, Any] | None:
    """The activation, the product behind it and the bias, if `node` is a layer."""
    activation, bias = None, None
    node = _behind_reshapes(node)
    if isinstance(node, Node) and node.rule.is_elementwise and len(node.operands) == 1:
        activation, node = node.rule.name, _behind_reshapes(node.operands[0])
    if isinstance(node, Node) and node.rule.name == "add":
        product, bias = node.operands
        node = _behind_reshapes(product)
    if not isinstance(node, Node) or node.rule.name not in {*_WEIGHTS, "conv2d"}:
        return None
    return activation, node, node.operands[2] if node.rule.name == "affine" else bias


def _behind_reshapes(node: Any) -> Any:
    """What is behind operations that only rearrange."""
    while isinstance(node, Node) and node.rule.name in _PASSING:
        node = node.operands[0]
    return node


def _layer(number: int, after: Node, activation: str | None, product: Node, bias: Any) -> Layer:
    weights = tuple(_WEIGHTS[product.rule.name](number, product))
    count = 1 + max(weight.j for weight in weights)
    biases = tuple(_biases(number, bias, count))
    kernel = _kernel(product) if product.rule.name == "conv1d" else None
    return Layer(product.operands[0], after, weights, biases, activation, kernel)


def _kernel(product: Node) -> Kernel:
    stride, padding, dilation = (
        int(np.ravel(product.static.get(key, default))[0])
        for key, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    before, after = (np.shape(_data(x))[-1] for x in (product.operands[0], product))
    w = _data(product.operands[1])
    return Kernel(stride, padding, dilation, before, after, w.shape[0] * w.shape[1] > 1)


def _biases(number: int, bias: Any, count: int) -> Iterator[Bias]:
    if bias is None:
        return
    values = np.ravel(_data(bias))
    for j in range(count):
        k = j * values.size // count  # a channel's bias is that of all its positions
        label = f"b_{{{number},{k + 1}}}" if values.size > 1 else f"b_{{{number}}}"
        yield Bias(j, label, float(values[k]))


def _data(x: Any) -> Any:
    return np.asarray(plain(x))


def _affine(number: int, product: Node) -> Iterator[Weight]:
    yield from _dense(number, _data(product.operands[1]).T)


def _matmul(number: int, product: Node) -> Iterator[Weight]:
    yield from _dense(number, _data(product.operands[1]))


def _dense(number: int, W: Any) -> Iterator[Weight]:
    for (i, j), value in np.ndenumerate(W):
        yield Weight(i, j, f"w_{{{number},{i + 1},{j + 1}}}", float(value))


def _conv1d(number: int, product: Node) -> Iterator[Weight]:
    """ω_{l,i'} at i = (j - 1)S + i', with channels one after the other."""
    w = _data(product.operands[1])
    stride, padding, dilation, length, out, has_channels = _kernel(product)
    for shared, ((o, c, k), value) in enumerate(np.ndenumerate(w)):
        names = [number, *((o + 1, c + 1) if has_channels else ()), k + 1]
        label = f"\\omega_{{{','.join(map(str, names))}}}"
        for j in range(out):
            i = j * stride - padding + k * dilation
            if 0 <= i < length:
                yield Weight(c * length + i, o * out + j, label, float(value), shared)


_WEIGHTS: Final = {"affine": _affine, "matmul": _matmul, "conv1d": _conv1d}
