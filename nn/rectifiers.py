"""Activations related to the rectifier: hard, scaled, smooth, trained; x and y have one shape."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn.broadcasting import as_operand
from nn.checks import at_least, number
from nn.module import Module
from nn.parameters import Parameter

SELU_ALPHA: Final = 1.6732632423543772848170429916717
SELU_SCALE: Final = 1.0507009873554804934193349852946


class ReLU6(Module):
    """The rectifier with a ceiling: y = min(6, max(0, x)), with derivative ½ at 6.

    >>> ReLU6()([-1.0, 3.0, 8.0])
    array([0., 3., 6.])
    """

    def forward(self, x: Any) -> Any:
        return f.minimum(f.relu(x), 6.0)


class PReLU(Module):
    """The rectifier with a trained slope below 0: y = x where x > 0, else weight·x.

    num_parameters  1 slope for all, or one for each channel: those are on axis 1 of x (n, C, …)
    init            what the slopes start from

    >>> PReLU()([-2.0, 2.0])
    Tensor([-0.5,  2. ])

    Raises ShapeError when axis 1 of x has another length.

    Source: He et al., "Delving deep into rectifiers", 2015.
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        self.num_parameters = at_least("num_parameters", num_parameters, 1)
        self.weight = Parameter(np.full(self.num_parameters, number("init", init)))

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        if self.num_parameters == 1:
            slope = self.weight if shape else self.weight[0]
        elif len(shape) < 2 or shape[1] != self.num_parameters:
            raise ShapeError(
                f"{self.label} has {self.num_parameters} slopes, one for each entry of axis 1, "
                f"and got x of shape {shape}"
            )
        else:
            slope = f.reshape(self.weight, (-1,) + (1,) * (len(shape) - 2))
        return f.leaky_relu(x, slope)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class SELU(Module):
    """The scaled exponential linear unit: y = s·x where x > 0, else s·α·(eˣ - 1).

    s ≈ 1.0507 and α ≈ 1.6733 let layers of independent weights keep mean 0 and variance 1.

    >>> SELU()([-1000.0, 0.0, 1.0]).round(4)
    array([-1.7581,  0.    ,  1.0507])

    Source: Klambauer et al., "Self-normalizing neural networks", 2017.
    """

    def forward(self, x: Any) -> Any:
        return SELU_SCALE * f.elu(as_operand(x), SELU_ALPHA)


class CELU(Module):
    """The exponential linear unit with slope 1 at 0 on both sides: y = x where x > 0, else α·(e^(x/α) - 1).

    >>> CELU(alpha=2.0)([-1000.0, 0.0, 3.0])
    array([-2.,  0.,  3.])

    Raises OperandError when alpha is 0.

    Source: Barron, "Continuously differentiable exponential linear units", 2017.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("alpha", alpha)
        if self.alpha == 0.0:
            raise OperandError("CELU divides by alpha, which is not 0")

    def forward(self, x: Any) -> Any:
        x = as_operand(x)
        return f.maximum(x, 0.0) + f.minimum(self.alpha * f.expm1(x / self.alpha), 0.0)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class Mish(Module):
    """A smooth rectifier that dips below 0: y = x·tanh(log(1 + eˣ)).

    >>> Mish()([-1.0, 0.0, 1.0]).round(4)
    array([-0.3034,  0.    ,  0.8651])

    Source: Misra, "Mish: a self regularized non-monotonic activation function", 2019.
    """

    def forward(self, x: Any) -> Any:
        return as_operand(x) * f.tanh(f.softplus(x))


class Hardsigmoid(Module):
    """The sigmoid as three lines: y = min(6, max(0, x + 3))/6, with half the slope at the bends.

    >>> Hardsigmoid()([-4.0, 0.0, 1.5])
    array([0.  , 0.5 , 0.75])
    """

    def forward(self, x: Any) -> Any:
        return f.clip(as_operand(x) + 3.0, 0.0, 6.0) / 6.0


class Hardswish(Module):
    """The swish with a hard sigmoid: y = x·min(6, max(0, x + 3))/6.

    >>> Hardswish()([-4.0, 1.5, 4.0])
    array([-0.   ,  1.125,  4.   ])

    Source: Howard et al., "Searching for MobileNetV3", 2019.
    """

    def forward(self, x: Any) -> Any:
        x = as_operand(x)
        return x * f.clip(x + 3.0, 0.0, 6.0) / 6.0
