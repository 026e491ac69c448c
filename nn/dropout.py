"""Dropout: while training, each number, or each channel, is left out with some probability."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.errors import ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.watches import refuse_change
from nn import init
from nn.checks import TO_EVALUATE, number
from nn.module import Module


class Dropout(Module):
    """y = x·m/(1 - p) while training, with m 0 with probability p and else 1; y = x after `eval()`.

    generator  a numpy.random.Generator or a seed: the masks are reproducible

    >>> dropout = Dropout(0.5, generator=0)
    >>> dropout(np.ones(4)), dropout.eval()(np.ones(2))
    (array([2., 0., 0., 0.]), array([1., 1.]))

    Raises OperandError when p is no probability.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from
    overfitting", 2014.
    """

    result_name = None

    def __init__(self, p: float = 0.5, generator: init.Generator = None) -> None:
        self.p = number("p", p, "[0, 1]")
        self.generator = init.as_generator(generator)

    def forward(self, x: Any) -> Any:
        return dropped(x, self.p, self.generator) if self.training else x

    def extra_repr(self) -> str:
        return f"p={self.p}"


class Dropout1d(Dropout):
    """`Dropout` of whole channels, for x (N, C, L) or (C, L): all of a channel's numbers or none.

    >>> Dropout1d(0.5, generator=0)(np.ones((1, 3, 2)))
    array([[[2., 2.],
            [0., 0.],
            [0., 0.]]])

    Raises ShapeError when x has another shape.

    Source: Tompson et al., "Efficient object localization using convolutional networks", 2015.
    """

    axes = 1

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        if len(shape) not in {self.axes + 1, self.axes + 2}:
            letters = "C, H, W" if self.axes == 2 else "C, L"
            raise ShapeError(f"{self.label} expected x (N, {letters}) or ({letters}), got {shape}")
        if not self.training:
            return x
        return dropped(x, self.p, self.generator, (*shape[: -self.axes], *(1,) * self.axes))


class Dropout2d(Dropout1d):
    """`Dropout` of whole channels of images, for x (N, C, H, W) or (C, H, W); see `Dropout1d`.

    >>> Dropout2d(0.5, generator=0)(np.ones((2, 1, 1))).reshape(2)
    array([2., 0.])
    """

    axes = 2


def dropped(x: Any, p: float, generator: np.random.Generator, shape: Any = None) -> Any:
    """The numbers x·m/(1 - p) with a mask m of this shape (or x's), 0 with probability p and else 1."""
    if p == 0.0:
        return x
    refuse_change("the mask of a dropout, with each call,", TO_EVALUATE)
    data = np.asarray(plain(x))
    kept = generator.random(data.shape if shape is None else shape) >= p
    return x * (kept / max(1.0 - p, np.finfo(float).tiny)).astype(data.dtype)
