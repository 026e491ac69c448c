"""Activations, the nonlinearity φ of a layer, as modules; the functions are autograd_lite's own.

Each takes x of any shape and gives y of the same, entry by entry; the softmaxes along one axis.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.thresholded import softplus_to_line
from nn.broadcasting import as_operand
from nn.checks import axis, choice, number
from nn.module import Module


class Identity(Module):
    """No nonlinearity: y = x, to stand where a module is asked for; as in torch it takes any options.

    >>> x = [-1.0, 2.0]
    >>> Identity(54, unused=True)(x) is x
    True
    """

    result_name = None

    def __init__(self, *_ignored: Any, **_options: Any) -> None:
        super().__init__()

    def forward(self, x: Any) -> Any:
        return x


class Sigmoid(Module):
    """The logistic sigmoid: y = 1/(1 + e⁻ˣ), in (0, 1); φ' = y·(1 - y).

    >>> Sigmoid()([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])

    Source: lecture notes on deep learning, equation (2).
    """

    def forward(self, x: Any) -> Any:
        return f.sigmoid(x)


class Tanh(Module):
    """The hyperbolic tangent: y = (eˣ - e⁻ˣ)/(eˣ + e⁻ˣ), in (-1, 1); φ' = 1 - y².

    >>> Tanh()([-1.0, 0.0, 1.0]).round(4)
    array([-0.7616,  0.    ,  0.7616])
    """

    def forward(self, x: Any) -> Any:
        return f.tanh(x)


class ReLU(Module):
    """The rectifier: y = max(0, x); φ' = 1 where x > 0, else 0, at 0 too.

    >>> from autograd_lite import Tensor
    >>> x = Tensor([-1.0, 0.0, 2.0], requires_grad=True)
    >>> y = ReLU()(x)
    >>> y.sum().backward()
    >>> y.numpy(), x.grad
    (array([0., 0., 2.]), array([0., 0., 1.]))

    Source: lecture notes on deep learning, equations (4) and (5).
    """

    def forward(self, x: Any) -> Any:
        return f.relu(x)


class LeakyReLU(Module):
    """The rectifier with a slope below 0: y = x where x > 0, else negative_slope·x.

    >>> LeakyReLU(0.1)([-2.0, 2.0])
    array([-0.2,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = number("negative_slope", negative_slope)

    def forward(self, x: Any) -> Any:
        return f.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        return f"{self.negative_slope}"


class ELU(Module):
    """The exponential linear unit: y = x where x > 0, else alpha·(eˣ - 1), above -alpha.

    >>> ELU(alpha=2.0)([-1000.0, 0.0, 3.0])
    array([-2.,  0.,  3.])

    Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by
    exponential linear units", 2016.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("alpha", alpha)

    def forward(self, x: Any) -> Any:
        return f.elu(x, self.alpha)

    def extra_repr(self) -> str:
        return f"{self.alpha}"


class GELU(Module):
    """The Gaussian error linear unit: y = x·Φ(x), with Φ the standard normal distribution function.

    approximate  "none" for Φ itself; "tanh" for Φ ≈ ½(1 + tanh u), u = √(2/π)·(x + 0.044715·x³)

    >>> GELU()([-1.0, 0.0, 1.0]).round(4), GELU("tanh")([-1.0, 0.0, 1.0]).round(4)
    (array([-0.1587,  0.    ,  0.8413]), array([-0.1588,  0.    ,  0.8412]))

    Raises OperandError for another approximation.

    Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = choice("approximate", approximate, ("none", "tanh"))

    def forward(self, x: Any) -> Any:
        if self.approximate == "none":
            return f.gelu(x)
        x = as_operand(x)
        # ½(1 + tanh u) is sigmoid(2u), which keeps its digits far below 0
        return x * f.sigmoid(math.sqrt(8.0 / math.pi) * (x + 0.044715 * x * x * x))

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """The sigmoid linear unit, or swish: y = x·sigmoid(x) = x/(1 + e⁻ˣ).

    >>> SiLU()([-1.0, 0.0, 1.0]).round(4)
    array([-0.2689,  0.    ,  0.7311])
    """

    def forward(self, x: Any) -> Any:
        return f.silu(x)


class Softplus(Module):
    """The smooth rectifier: y = log(1 + e^(βx))/β; φ' = sigmoid(βx).

    beta       β > 0, how sharp the bend is
    threshold  where βx is above it, y = x, as in torch; math.inf for the formula everywhere, which
               differs by e^-threshold at most and overflows nowhere either

    >>> from autograd_lite import Tensor
    >>> x = Tensor([0.0, 1000.0], requires_grad=True)
    >>> y = Softplus()(x)
    >>> y.sum().backward()
    >>> y.numpy().round(4), x.grad
    (array([6.931e-01, 1.000e+03]), array([0.5, 1. ]))

    Raises OperandError when beta is not positive.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = number("beta", beta, "(0, ∞)")
        self.threshold = number("threshold", threshold, "(-∞, ∞]")

    def forward(self, x: Any) -> Any:
        return softplus_to_line(as_operand(x), beta=self.beta, threshold=self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Softmax(Module):
    """Probabilities along axis `dim`: y_i = e^{x_i}/Σ_j e^{x_j}; x and y have one shape.

    A number added to all x_i changes nothing, so large ones do not overflow. dim None is the last
    axis of at most two; of more, torch would take the first, so it has to be said.

    >>> Softmax()([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])

    Raises ShapeError when dim is None and x has more than two axes, or no axis dim.
    """

    def __init__(self, dim: int | None = None) -> None:
        self.dim = None if dim is None else axis("dim", dim)

    def forward(self, x: Any) -> Any:
        return f.softmax(x, axis=self._axis(x))

    def _axis(self, x: Any) -> int:
        """The axis along which the probabilities sum to 1."""
        shape = np.shape(plain(x))
        if self.dim is None and len(shape) > 2:
            raise ShapeError(
                f"{self.label} got x of shape {shape} and no axis: write dim=-1 for the last "
                f"(torch would take the first)"
            )
        dim = -1 if self.dim is None else self.dim
        if not -len(shape) <= dim < max(len(shape), 1):
            raise ShapeError(f"{self.label} has dim={dim}, and x of shape {shape} no such axis")
        return dim

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """Logarithms of the softmax along axis `dim`: y_i = x_i - log Σ_j e^{x_j}.

    They stay finite where the probability itself rounds to 0; `NLLLoss` takes them.

    >>> LogSoftmax()([1000.0, 0.0])
    array([    0., -1000.])
    """

    def forward(self, x: Any) -> Any:
        return f.log_softmax(x, axis=self._axis(x))


class Hardtanh(Module):
    """The lecture's two clamps, ⌈⌊x⌋_min⌉^max = min(max_val, max(min_val, x)).

    >>> Hardtanh()([-3.0, 0.5, 3.0])
    array([-1. ,  0.5,  1. ])

    Raises OperandError when min_val is not below max_val.

    Source: lecture notes on deep learning, equations (6) and (7).
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val, self.max_val = number("min_val", min_val), number("max_val", max_val)
        if not self.min_val < self.max_val:
            raise OperandError(
                f"min_val={self.min_val} must be below max_val={self.max_val}, or y is the same for every x"
            )

    def forward(self, x: Any) -> Any:
        return f.clip(x, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        return f"{self.min_val}, {self.max_val}"
