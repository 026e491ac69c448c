"""Likelihoods: what a decoder's output says about the data, log p(x|z).

The output is (…, n, *shape) for data x (n, *shape); further axes in front are samples.
"""

from __future__ import annotations

import math
from typing import Any, Protocol, TypeAlias

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn.broadcasting import as_operand
from nn.checks import flag, number
from nn.losses import logit_entropy
from nn.module import Module
from nn.parameters import Parameter

Array: TypeAlias = np.ndarray[Any, Any]


class Likelihood(Protocol):
    r"""What a VAE asks of its decoder's distribution.

    An attribute `output_name` says what the decoder's output is called in flow graphs: \hat{x} where it is
    E[x|z].
    """

    def log_prob(self, x: Any, output: Any) -> Any:
        """The logarithm of p(x|z) for each example, summed over its entries."""

    def mean(self, output: Any) -> Any:
        """E[x|z], what a decoder's output shows."""

    def sample(self, output: Any, rng: np.random.Generator) -> Array:
        """Data drawn from p(x|z)."""


class Bernoulli(Module):
    """Pixels that are on with probability y = sigmoid(a): log p(x|z) = Σ (x·log y + (1 - x)·log(1 - y)).

    The decoder's output is a, any number; the sum is that of x·a - log(1 + eᵃ). x in [0, 1]: grey
    values count as probabilities.

    >>> Bernoulli().log_prob(np.ones((1, 2)), np.zeros((1, 2)))
    array([-1.38629436])

    Raises OperandError when x leaves [0, 1], ShapeError when x and the output differ in shape.
    """

    output_name = r"\xi_{\hat{x}}"

    def log_prob(self, x: Any, output: Any) -> Any:
        """Σ (x·a - log(1 + eᵃ)) for each example."""
        _check_shapes(self, x, output)
        low, high = np.min(plain(x), initial=0.0), np.max(plain(x), initial=1.0)
        if not (low >= 0.0 and high <= 1.0):
            raise OperandError(
                f"{self.label} takes data in [0, 1], and x has entries from {low:g} to {high:g}: "
                f"rescale x, or take Gaussian()"
            )
        return -_summed(logit_entropy(as_operand(output), as_operand(x)), x)

    def mean(self, output: Any) -> Any:
        """E[x|z] = sigmoid(a)."""
        return f.sigmoid(output)

    def sample(self, output: Any, rng: np.random.Generator) -> Array:
        """Pixels, each 0 or 1."""
        y = np.asarray(plain(f.sigmoid(output)))
        pixels: Array = (rng.random(y.shape) < y).astype(y.dtype)
        return pixels


class Gaussian(Module):
    """Numbers around the output: log p(x|z) = -½ Σ ((x - y)²/σ² + log σ² + log 2π).

    sigma    the standard deviation σ, the same for every entry
    trained  True makes log σ² a parameter

    >>> Gaussian().log_prob(np.array([[1.0]]), np.array([[1.0]]))
    array([-0.91893853])

    Raises ShapeError when x and the output differ in shape, OperandError when sigma is not positive.
    """

    output_name = r"\hat{x}"

    def __init__(self, sigma: float = 1.0, trained: bool = False) -> None:
        log_var = 2.0 * math.log(number("sigma", sigma, "(0, ∞)"))
        self.log_var = (
            Parameter(log_var, name=r"\log \sigma_x^2") if flag("trained", trained) else log_var
        )

    def log_prob(self, x: Any, output: Any) -> Any:
        """-½ Σ ((x - y)²/σ² + log σ² + log 2π) for each example."""
        _check_shapes(self, x, output)
        scaled = f.square(as_operand(x) - output) * f.exp(-self.log_var)
        return -0.5 * _summed(scaled + (self.log_var + math.log(2.0 * math.pi)), x)

    def mean(self, output: Any) -> Any:
        """E[x|z] = y."""
        return output

    def sample(self, output: Any, rng: np.random.Generator) -> Array:
        """Numbers y + σ·ε with ε standard normal."""
        y = np.asarray(plain(output))
        numbers: Array = y + math.exp(0.5 * float(plain(self.log_var))) * rng.normal(size=y.shape)
        return numbers


def _check_shapes(likelihood: Module, x: Any, output: Any) -> None:
    wanted, got = np.shape(plain(x)), np.shape(plain(output))
    if got[len(got) - len(wanted) :] != wanted:
        raise ShapeError(
            f"{likelihood.label} expected the decoder's output to end in the data's shape "
            f"{wanted}, got {got}"
        )


def _summed(entries: Any, x: Any) -> Any:
    """The sum over each example's entries: all axes of x behind its first."""
    return f.sum(entries, axis=tuple(range(1 - np.ndim(plain(x)), 0)))
