"""Dropout: while training, each number is left out with some probability."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite.rules.namespaces import plain
from nn import init
from nn.checks import number
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

    def __init__(self, p: float = 0.5, generator: init.Generator = None) -> None:
        self.p = number("p", p, "[0, 1]")
        self.generator = init.as_generator(generator)

    def forward(self, x: Any) -> Any:
        if not self.training or self.p == 0.0:
            return x
        data = np.asarray(plain(x))
        kept = self.generator.random(data.shape) >= self.p
        return x * (kept / max(1.0 - self.p, np.finfo(float).tiny)).astype(data.dtype)

    def extra_repr(self) -> str:
        return f"p={self.p}"
