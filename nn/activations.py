"""Activations, the nonlinearity φ of a layer, as modules; the functions are autograd_lite's own."""

from __future__ import annotations

from typing import Any

from autograd_lite import functions as f
from nn.module import Module


class Identity(Module):
    """No nonlinearity: y = x."""

    def forward(self, x: Any) -> Any:
        return x


class Sigmoid(Module):
    """The logistic sigmoid: y = 1/(1 + e⁻ˣ).

    Source: lecture notes on deep learning, equation (2).
    """

    def forward(self, x: Any) -> Any:
        return f.sigmoid(x)


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, x: Any) -> Any:
        return f.tanh(x)


class ReLU(Module):
    """The rectifier: y = max(0, x), φ'(0) = 0.

    Source: lecture notes on deep learning, equation (4).
    """

    def forward(self, x: Any) -> Any:
        return f.relu(x)


class LeakyReLU(Module):
    """The rectifier with a slope below 0."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Any:
        return f.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        return f"{self.negative_slope}"


class ELU(Module):
    """The exponential linear unit: x above 0, α(eˣ - 1) below."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        return f.elu(x, self.alpha)

    def extra_repr(self) -> str:
        return f"{self.alpha}"


class GELU(Module):
    """The Gaussian error linear unit: y = x·Φ(x)."""

    def forward(self, x: Any) -> Any:
        return f.gelu(x)


class SiLU(Module):
    """The sigmoid linear unit, or swish: y = x·sigmoid(x)."""

    def forward(self, x: Any) -> Any:
        return f.silu(x)


class Softplus(Module):
    """The smooth rectifier: y = log(1 + eˣ)."""

    def forward(self, x: Any) -> Any:
        return f.softplus(x)


class Softmax(Module):
    """Probabilities along an axis: eˣⁱ/Σ eˣʲ."""

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        return f.softmax(x, axis=self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """Logarithms of the softmax."""

    def forward(self, x: Any) -> Any:
        return f.log_softmax(x, axis=self.dim)


class Hardtanh(Module):
    """The lecture's two clamps, ⌈⌊x⌋_min⌉^max = min(max_val, max(min_val, x)).

    Source: lecture notes on deep learning, equations (6) and (7).
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val, self.max_val = min_val, max_val

    def forward(self, x: Any) -> Any:
        return f.clip(x, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        return f"{self.min_val}, {self.max_val}"
