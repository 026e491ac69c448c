"""The activations that a recurrence may be given by name, each with its own constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, did_you_mean
from autograd_lite.interop.onnx_reading.operators.activations import (
    hard_sigmoid,
    softsign,
    thresholded,
)

Activation: TypeAlias = Callable[[Any], Any]


class _Known(NamedTuple):
    """A function of x, α and β, and what these are when they are not given: None where they must be."""

    function: Callable[..., Any]
    constants: tuple[float | None, ...] = ()


_KNOWN: Final[dict[str, _Known]] = {
    "relu": _Known(f.relu),
    "tanh": _Known(f.tanh),
    "sigmoid": _Known(f.sigmoid),
    "softsign": _Known(softsign),
    "softplus": _Known(f.softplus),
    "leakyrelu": _Known(f.leaky_relu, (0.01,)),
    "thresholdedrelu": _Known(lambda x, a: thresholded(x, alpha=a), (1.0,)),
    "elu": _Known(f.elu, (1.0,)),
    "hardsigmoid": _Known(lambda x, a, b: hard_sigmoid(x, alpha=a, beta=b), (0.2, 0.5)),
    "affine": _Known(lambda x, a, b: a * x + b, (None, None)),
    "scaledtanh": _Known(lambda x, a, b: a * f.tanh(b * x), (None, None)),
}


def chosen(
    names: Sequence[str], alphas: Sequence[float], betas: Sequence[float], clip: float | None
) -> list[Activation]:
    """The activations of these names; the constants go to those that take some, in order.

    clip  a bound on what they are applied to, on both sides

    Raises OperandError for an unknown name, or constants that are missing or left over.
    """
    first, second = iter(alphas), iter(betas)
    found = [_bounded(_with_constants(name, first, second), clip) for name in names]
    left = [*first, *second]
    if left:
        raise OperandError(
            f"activation_alpha and activation_beta have {len(left)} numbers too many"
        )
    return found


def _with_constants(name: str, alphas: Iterator[float], betas: Iterator[float]) -> Activation:
    if name.lower() not in _KNOWN:
        raise OperandError(f"no activation {name[:40]!r}; {did_you_mean(name.lower(), _KNOWN)}")
    function, usual = _KNOWN[name.lower()]
    numbers = [next(given, number) for given, number in zip((alphas, betas), usual, strict=False)]
    if None in numbers:
        raise OperandError(f"the activation {name} takes an alpha and a beta, which are not given")
    return (lambda x: function(x, *numbers)) if numbers else function


def _bounded(activation: Activation, clip: float | None) -> Activation:
    if clip is None:
        return activation
    return lambda x: activation(f.clip(x, -clip, clip))
