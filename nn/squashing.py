"""Activations related to the sigmoid, the softmax and the tanh, or that shrink numbers, as modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import ShapeError
from autograd_lite.rules.namespaces import plain
from nn.activations import Softmax
from nn.broadcasting import as_operand
from nn.checks import axis, number
from nn.module import Module


class LogSigmoid(Module):
    """The logarithm of the sigmoid: y = -log(1 + e⁻ˣ), exact also where the sigmoid rounds to 0.

    >>> LogSigmoid()([-1000.0, 0.0]).round(4)
    array([-1.000e+03, -6.931e-01])
    """

    def forward(self, x: Any) -> Any:
        return -f.softplus(-as_operand(x))


class Softsign(Module):
    """A sigmoid with long tails: y = x/(1 + |x|), in (-1, 1).

    >>> Softsign()([-1.0, 0.0, 3.0])
    array([-0.5 ,  0.  ,  0.75])
    """

    def forward(self, x: Any) -> Any:
        x = as_operand(x)
        return x / (1.0 + f.absolute(x))


class Tanhshrink(Module):
    """A number less its hyperbolic tangent: y = x - tanh x.

    >>> Tanhshrink()([0.0, 1.0]).round(4)
    array([0.    , 0.2384])
    """

    def forward(self, x: Any) -> Any:
        return as_operand(x) - f.tanh(x)


class Softshrink(Module):
    """Each number moved towards 0 by λ: y = x - λ where x > λ, x + λ where x < -λ, else 0.

    >>> Softshrink(0.5)([-2.0, 0.25, 1.0])
    array([-1.5,  0. ,  0.5])

    Raises OperandError when lambd is negative.
    """

    def __init__(self, lambd: float = 0.5) -> None:
        self.lambd = number("lambd", lambd, "[0, ∞)")

    def forward(self, x: Any) -> Any:
        x = as_operand(x)
        return x - f.clip(x, -self.lambd, self.lambd)

    def extra_repr(self) -> str:
        return f"{self.lambd}"


class Softmin(Softmax):
    """Probabilities that are large where x is small: y_i = e^{-x_i}/Σ_j e^{-x_j}; dim as in `Softmax`.

    >>> Softmin()([0.0, 1000.0])
    array([1., 0.])
    """

    def forward(self, x: Any) -> Any:
        return f.softmax(-as_operand(x), axis=self._axis(x))


class GLU(Module):
    """The gated linear unit: y = a·sigmoid(b), where a and b are the halves of x along axis dim.

    >>> GLU()([2.0, 0.0])
    array([1.])

    Raises ShapeError when the axis has an odd length.

    Source: Dauphin et al., "Language modeling with gated convolutional networks", 2017.
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = axis("dim", dim)

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        if not -len(shape) <= self.dim < len(shape) or shape[self.dim] % 2:
            raise ShapeError(
                f"{self.label} halves axis dim={self.dim} of x, which needs an even length, and got "
                f"shape {shape}"
            )
        a, b = f.split(as_operand(x), 2, axis=self.dim)
        return a * f.sigmoid(b)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
