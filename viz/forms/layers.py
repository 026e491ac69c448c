"""Layers as the graph shows them: kind, kernel, stride and padding of an operation, and its size formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from viz.formulas.layer_names import leaf_behind

_CONVOLUTIONS: Final = {
    "conv1d": "Conv", "conv2d": "Conv", "conv_transpose1d": "ConvT", "conv_transpose2d": "ConvT",
}  # fmt: skip
_POOLS: Final = {
    "max_pool1d": "MaxPool", "max_pool2d": "MaxPool", "avg_pool1d": "AvgPool", "avg_pool2d": "AvgPool",
}  # fmt: skip
_DENSE: Final = frozenset(("affine", "matmul"))
_ACTIVATIONS: Final = {
    "relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "GELU", "silu": "SiLU", "elu": "ELU",
    "softplus": "Softplus", "leaky_relu": "LeakyReLU", "softmax": "Softmax", "log_softmax": "LogSoftmax",
}  # fmt: skip


def is_weighted(node: Node) -> bool:
    """Whether an operation multiplies by a leaf: a convolution, or a dense layer."""
    return weight_of(node) is not None


def weight_of(node: Node) -> Node | None:
    """The leaf by which a convolution or a dense layer multiplies."""
    if node.rule.name not in _CONVOLUTIONS and node.rule.name not in _DENSE:
        return None
    leaf = leaf_behind(node.operands[1])
    return leaf if leaf is not None and leaf.requires_grad else None


def widens(node: Node, before: Any) -> bool:
    """Whether an operation without weights makes maps (N, C, …) larger: upsampling."""
    old, new = np.shape(before), np.shape(node.value)
    is_map = len(old) == len(new) > 2 and old[:2] == new[:2]
    return is_map and not is_weighted(node) and np.prod(new) > np.prod(old)


def words(node: Node, before: Any) -> str | None:
    r"""What a picture calls an operation, in plain text; None for what needs no word, as adding a bias.

    before  what it is computed from

    >>> from autograd_lite import Tensor, functions as f
    >>> x, w = (Tensor([[[[1.0] * n] * n]], requires_grad=True) for n in (5, 3))
    >>> words(f.conv2d(x, w, stride=2), x), words(f.relu(x), x)
    ('Conv 3×3, s 2', 'ReLU')
    """
    name = node.rule.name
    if name in _CONVOLUTIONS:
        kernel = _times(np.shape(node.operands[1])[2:])
        return ", ".join([f"{_CONVOLUTIONS[name]} {kernel}", *_options(node)])
    if name in _POOLS:
        return f"{_POOLS[name]} {_times(_pair(node, 'kernel_size'), same=True)}"
    if name in _DENSE:
        return f"Dense {np.shape(node.value)[-1]}" if is_weighted(node) else None
    if widens(node, before):
        return f"Upsample {np.shape(node.value)[-1] // np.shape(before)[-1]}"
    return _ACTIVATIONS.get(name)


def _options(node: Node) -> list[str]:
    """Stride, padding and dilation where they are not the usual ones."""
    found = []
    for key, letter, usual in (("stride", "s", 1), ("padding", "p", 0), ("dilation", "d", 1)):
        numbers = _pair(node, key, usual)
        if set(numbers) != {usual}:
            found.append(f"{letter} {_times(numbers, same=True)}")
    return found


def size_formula(node: Node, before: Any) -> str | None:
    r"""How the last axis gets its size, filled in: ⌊(H + 2P - D·(K-1) - 1)/S⌋ + 1, or its inverse.

    Raises nothing: None for operations without such a formula.

    Source: lecture notes on deep learning, equations (27) and (34).
    """
    name = node.rule.name
    if name not in _CONVOLUTIONS and name not in _POOLS:
        return None
    sizes = np.shape(node.operands[1])[2:] if name in _CONVOLUTIONS else _pair(node, "kernel_size")
    h, k = np.shape(before)[-1], sizes[-1]
    s, p, d = (_pair(node, key, usual)[-1] for key, usual in _SPACING)
    out = np.shape(node.value)[-1]
    reach = d * (k - 1) + 1
    if "transpose" in name:
        more = out - ((h - 1) * s - 2 * p + reach)
        terms = [
            rf"{h - 1}\cdot {s}",
            *([f"- {2 * p}"] if p else []),
            f"+ {reach}",
            *([f"+ {more}"] if more else []),
        ]
        return rf"{' '.join(terms)} = {out}"
    inside = f"{h}" + (f" + {2 * p}" if p else "") + f" - {reach}"
    if s == 1:
        return f"{inside} + 1 = {out}"
    return rf"\left\lfloor\dfrac{{{inside}}}{{{s}}}\right\rfloor + 1 = {out}"


_SPACING: Final = (("stride", 1), ("padding", 0), ("dilation", 1))


def _pair(node: Node, key: str, usual: int = 1) -> Sequence[int]:
    given = node.static.get(key)
    if given is None and key == "stride":
        given = node.static.get("kernel_size") if node.rule.name in _POOLS else None
    numbers = np.ravel(usual if given is None else given)
    return tuple(int(x) for x in numbers)


def _times(numbers: Sequence[int], same: bool = False) -> str:
    """3×3; where `same`, one number for all that are equal."""
    if same and len(set(numbers)) == 1:
        return str(numbers[0])
    return "×".join(map(str, numbers))
