"""A convolution of images, one neuron chosen: its window, the kernel, and the sum written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from autograd_lite.errors import PictureError
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain


@dataclass(frozen=True)
class Error:
    """The end of a graph, what it is called, and its derivative by every node, if there is one."""

    name: str = "E"
    adjoints: Mapping[Node, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """One neuron of a convolution and what it sees, for one example.

    before      the image (C, H, W) with its padding
    kernel      ω (C, K, K) of the neuron's channel
    after       z (H', W') of that channel, behind the activation
    bias        b of the neuron
    at          (j_x, j_y) of the neuron, from 0
    corner      the first row and column of its window in the padded image
    step        how far apart the window's entries are: the dilation
    channel     the channel of the image that is shown, and o the neuron's
    activation  φ's name, or None
    delta       dE/dψ and dE/dω of the channel shown, if there is an E
    """

    before: Any
    kernel: Any
    after: Any
    bias: float
    at: tuple[int, int]
    corner: tuple[int, int]
    step: tuple[int, int]
    channel: int
    out: int
    padding: tuple[int, int]
    spacing: str
    activation: Node | None
    delta: float | None
    slopes: Any | None
    error: str

    @property
    def terms(self) -> Any:
        """ω·z for each entry of the window (C, K, K)."""
        return self.kernel * self.seen

    @property
    def seen(self) -> Any:
        """What the window holds, (C, K, K)."""
        (top, left), (down, across) = self.corner, self.step
        high, wide = self.kernel.shape[1:]
        rows = slice(top, top + down * (high - 1) + 1, down)
        columns = slice(left, left + across * (wide - 1) + 1, across)
        return self.before[:, rows, columns]


def window(
    product: Node,
    bias: Any,
    after: Node,
    *,
    example: int,
    neuron: tuple[int, int] | None,
    error: Error,
) -> Window:
    """One neuron of a convolution: the one asked for, or that with the largest derivative or number.

    product   the convolution, (N, O, H', W')
    after     its result behind bias and activation

    Raises PictureError when there is no such example or neuron.
    """
    image, kernel = (np.asarray(plain(x), dtype=float) for x in product.operands)
    values = np.asarray(after.value, dtype=float)
    if not -len(values) <= example < len(values):
        raise PictureError(f"example={example}: the batch has {len(values)} examples")
    delta = error.adjoints.get(product)
    strength = np.abs(values[example] if delta is None else np.asarray(delta)[example])
    out, row, column = _chosen(strength, neuron)
    stride, padding, step = (_pair(product, key, usual) for key, usual in _OPTIONS)
    padded = np.pad(image[example], ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    groups = int(product.static.get("groups", 1))
    first = out // (len(kernel) // groups) * kernel.shape[1]
    seen = padded[first : first + kernel.shape[1]]
    corner = (row * stride[0], column * stride[1])
    slopes = error.adjoints.get(product.operands[1])
    made = Window(
        seen, kernel[out], values[example, out], _bias(bias, out, row, column), (row, column), corner, step,
        0, out, padding, _spacing(stride, padding, step),
        None if after.rule.name in ("add", "conv2d") else after,
        None if delta is None else float(np.asarray(delta)[example, out, row, column]),
        None if slopes is None else np.asarray(slopes)[out],
        error.name,
    )  # fmt: skip
    strongest = int(np.argmax(np.abs(made.terms).sum(axis=(1, 2))))
    return replace(made, channel=strongest)


_OPTIONS: Final = (("stride", 1), ("padding", 0), ("dilation", 1))


def _chosen(strength: Any, neuron: tuple[int, int] | None) -> tuple[int, int, int]:
    high, wide = strength.shape[1:]
    if neuron is None:
        out, place = divmod(int(np.argmax(strength)), high * wide)
        return out, *divmod(place, wide)
    row, column = (k - 1 for k in neuron)
    if not (0 <= row < high and 0 <= column < wide):
        raise PictureError(f"neuron={neuron}: rows are 1 to {high}, columns 1 to {wide}")
    return int(np.argmax(strength[:, row, column])), row, column


def _pair(node: Node, key: str, usual: int) -> tuple[int, int]:
    numbers = np.broadcast_to(np.ravel(node.static.get(key, usual)), (2,))
    return int(numbers[0]), int(numbers[1])


def _bias(bias: Any, out: int, row: int, column: int) -> float:
    """The bias of a channel, or of a position."""
    if bias is None:
        return 0.0
    array = np.asarray(plain(bias), dtype=float)
    if array.size == 1:
        return float(array.reshape(()))
    grown = (
        array.reshape((1,) * (3 - array.ndim) + array.shape)
        if array.ndim > 1
        else array[:, None, None]
    )
    at = (out, row, column)
    return float(grown[tuple(min(k, n - 1) for k, n in zip(at, grown.shape, strict=True))])


def _spacing(stride: tuple[int, int], padding: tuple[int, int], step: tuple[int, int]) -> str:
    """What the sizes come from, beside K."""
    named = (("S", stride, 1), ("P", padding, 0), ("D", step, 1))
    return r",\;".join(
        f"{letter}={pair[0]}" for letter, pair, usual in named if set(pair) != {usual}
    )
