"""ATen's random operators: each draw is made once, by torch, and is an input of the graph.

Its own generator draws, in the order in which the model draws: after the same `torch.manual_seed` the
graph has the numbers that the model has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite._tensor import Tensor
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of


class Draws:
    """What was drawn, as leaf Tensors in order.

    strides  how torch has the operand in memory for which is drawn next: draws follow that order
    dtype    of torch's, of what is drawn next: float32 and float64 draw other numbers
    """

    def __init__(self) -> None:
        self.leaves: list[Tensor] = []
        self.strides: tuple[int, ...] | None = None
        self.dtype: Any = None

    def like(self, x: Array) -> Any:
        """Zeros of torch's in the shape, dtype and order in memory of x."""
        import torch

        shape, dtype = shape_of(x), getattr(torch, str(plain(x).dtype))
        if self.strides is None or len(self.strides) != len(shape):
            return torch.zeros(shape, dtype=dtype)
        return torch.empty_strided(shape, self.strides, dtype=dtype).zero_()

    def __call__(self, sample: Callable[[], Any]) -> Any:
        """What `sample` gives, a tensor of torch's, as an input of the graph; integers as a plain array."""
        drawn = sample().detach().numpy()
        if drawn.dtype.kind != "f":
            return drawn
        leaf = Tensor(drawn, requires_grad=True)
        self.leaves.append(leaf)
        return leaf


def dropped(draws: Draws, x: Array, p: float, train: bool) -> Any:
    """x·m, each entry of m 0 with probability p, else 1/(1 - p)."""
    if not train or p == 0 or 0 in shape_of(x):
        return x
    return f.multiply(x, _kept(draws, draws.like(x), p))


def _kept(draws: Draws, zeros: Any, p: float) -> Any:
    import torch

    return draws(lambda: torch.dropout(zeros + 1, p, True))


def _channels(draws: Draws, x: Array) -> Any:
    """Zeros, one for each channel of each example."""
    shape = (*shape_of(x)[:2], *(1 for _ in shape_of(x)[2:]))
    return draws.like(x).new_zeros(shape)


def _whole_dropped(draws: Draws, x: Array, p: float, train: bool) -> Any:
    """As `dropped`, one number for each channel of each example: nn.Dropout2d."""
    if not train or p == 0:
        return x
    return f.multiply(x, _kept(draws, _channels(draws, x), p))


def _native_dropped(draws: Draws, x: Array, p: float, train: bool | None) -> tuple[Any, Any]:
    if not train or p == 0:
        return x, np.ones(shape_of(x), bool)
    kept = _kept(draws, draws.like(x), p)
    return f.multiply(x, kept), plain(kept) != 0


_SELU_FLOOR: Final = -1.7580993408473766


def _alpha_dropped(draws: Draws, x: Array, p: float, train: bool, *, whole: bool = False) -> Any:
    """Dropout that keeps mean and variance of what SELU gives: what is dropped becomes its lowest value."""
    if not train or p == 0:
        return x
    zeros = _channels(draws, x) if whole else draws.like(x)
    noise = draws(lambda: zeros.bernoulli_(1 - p))
    a = ((_SELU_FLOOR**2 * p + 1) * (1 - p)) ** -0.5 if p < 1 else 0.0
    shift = f.multiply(f.subtract(noise, 1.0), _SELU_FLOOR * a)
    shift = f.add(shift, _SELU_FLOOR * a * p)
    return f.add(f.multiply(x, f.multiply(noise, a)), shift)


def _like(name: str) -> Callable[..., Any]:
    """Numbers in the shape and dtype of another tensor's."""

    def call(draws: Draws, x: Array, *args: Any) -> Any:
        import torch

        zeros = draws.like(x)
        return draws(lambda: getattr(torch, name)(zeros, *args))

    return call


def _shaped(name: str) -> Callable[..., Any]:
    """Numbers in a shape."""

    def call(draws: Draws, *args: Any) -> Any:
        import torch

        return draws(lambda: getattr(torch, name)(*args, dtype=draws.dtype))

    return call


def _of_probabilities(draws: Draws, chances: Array, *more: Any) -> Any:
    """1 with the probability that each entry says, else 0; how it was drawn has no derivative."""
    import torch

    given = torch.from_numpy(np.array(plain(chances)))
    return draws(lambda: torch.bernoulli(given, *more))


def _filled(method: str) -> Callable[..., Any]:
    """What a method that fills a tensor with draws leaves there: x.normal_(), x.uniform_()."""

    def call(draws: Draws, x: Array, *args: Any) -> Any:
        zeros = draws.like(x)
        return draws(lambda: getattr(zeros, method)(*args))

    return call


def _of_means(draws: Draws, mean: Any, std: Any = 1.0) -> Any:
    """Normal numbers with these means and standard deviations, which get no derivative, as in torch."""
    import torch

    given = [torch.from_numpy(np.array(plain(x))) if np.ndim(plain(x)) else x for x in (mean, std)]
    return draws(lambda: torch.normal(*given))


def _leaking(
    draws: Draws, x: Array, noise: Array, lower: float = 0.125, upper: float = 1 / 3,
    training: bool = False,
) -> tuple[Any, Any]:  # fmt: skip
    """nn.RReLU: below 0 times a drawn slope; in evaluation times the mean of the slopes."""
    if not training:
        return f.leaky_relu(x, (lower + upper) / 2), noise
    import torch

    given = torch.from_numpy(np.array(plain(x)))
    slopes = torch.empty_like(given)
    slope = draws(lambda: _slopes(torch, given, slopes, lower, upper))
    return f.leaky_relu(x, slope), plain(slope)


def _slopes(torch: Any, x: Any, slopes: Any, lower: float, upper: float) -> Any:
    torch.ops.aten.rrelu_with_noise(x, slopes, lower, upper, True)
    return slopes


def _functional(draws: Draws, x: Array, *args: Any) -> Any:
    y, noise = _leaking(draws, x, *args)
    return y, noise


DRAWING: Final[Operators] = {
    "dropout": dropped,
    "feature_dropout": _whole_dropped,
    "alpha_dropout": _alpha_dropped,
    "feature_alpha_dropout": lambda *args: _alpha_dropped(*args, whole=True),
    "native_dropout": _native_dropped,
    "rand": _shaped("rand"),
    "randn": _shaped("randn"),
    "randint": _shaped("randint"),
    "randint.low": _shaped("randint"),
    "randperm": _shaped("randperm"),
    "rand_like": _like("rand_like"),
    "randn_like": _like("randn_like"),
    "randint_like": _like("randint_like"),
    "randint_like.low_dtype": _like("randint_like"),
    "bernoulli": _of_probabilities,
    "normal_functional": _filled("normal_"),
    "uniform": _filled("uniform_"),
    "exponential": _filled("exponential_"),
    "normal.Tensor_Tensor": _of_means,
    "normal.Tensor_float": _of_means,
    "normal.float_Tensor": _of_means,
    "rrelu_with_noise_functional": _functional,
}
