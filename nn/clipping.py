"""Gradients: clipping them, a remedy when they explode; finding bad ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, TrainingError, brief
from nn.checks import flag, number
from nn.module import Module

Array: TypeAlias = np.ndarray[Any, Any]


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> float:
    """Scale all gradients together so that their norm is at most max_norm; returns the norm before.

    The norm is that of all entries of all gradients as one vector: ‖g‖_p = (Σ|gᵢ|^p)^(1/p) with
    p = norm_type. As in torch the factor is max_norm/(‖g‖ + 1e-6), at most 1; with max_norm = ∞
    the norm is only measured. A norm that is nan or infinite spoils every gradient.

    error_if_nonfinite  refuse such a norm, and leave the gradients
    foreach             torch's choice among its implementations, which changes nothing

    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_norm_([w], 1.0), w.grad.round(3)
    (5.0, array([0.6, 0.8]))

    Raises OperandError when max_norm is negative or norm_type not above 0, TrainingError when asked.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
    2013.
    """
    largest, p = number("max_norm", max_norm, "[0, ∞]"), number("norm_type", norm_type, "(0, ∞]")
    flag("error_if_nonfinite", error_if_nonfinite)
    given = _with_gradient(parameters)
    total = _norm([np.asarray(parameter.grad) for parameter in given], p)
    if error_if_nonfinite and not math.isfinite(total):
        raise TrainingError(
            f"the gradient's norm is {total}; the gradients were not changed: find the first bad "
            f"node with trace_nan"
        )
    factor = largest / (total + 1e-6) if math.isfinite(largest) else 1.0
    if not factor >= 1.0:
        for parameter in given:
            parameter.grad *= factor
    return total


def _norm(arrays: list[Array], p: float) -> float:
    """The norm of all entries as one vector, where it is representable though a power is not."""

    def scaled(by: float) -> float:
        parts = [np.linalg.norm(array.reshape(-1) / by if by != 1.0 else array.reshape(-1), p)
                 for array in arrays]  # fmt: skip
        return by * float(np.linalg.norm(parts, p)) if parts else 0.0

    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        total = scaled(1.0)
        if 1e-100 < total < math.inf or not arrays:
            return total
        largest = max(float(np.max(np.abs(array), initial=0.0)) for array in arrays)
        return scaled(largest) if 0.0 < largest < math.inf else total


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None
) -> None:
    """Limit every entry g of every gradient to [-c, c]: g ← min(c, max(-c, g)), c = clip_value.

    Unlike `clip_grad_norm_` this changes the gradient's direction. foreach changes nothing.

    >>> w = Tensor([3.0, 0.4], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_value_(w, 1.0)
    >>> w.grad
    array([1. , 0.4])

    Raises OperandError when clip_value is negative or no number.
    """
    c = number("clip_value", clip_value, "[0, ∞]")
    for parameter in _with_gradient(parameters):
        g = parameter.grad = np.asarray(parameter.grad)
        np.clip(g, -c, c, out=g)


def check_gradients(model: Module) -> None:
    """Check that every gradient is finite; parameters without a gradient are passed over.

    >>> from nn.linear import Linear
    >>> layer = Linear(2, 1)
    >>> layer([[1.0, np.inf]]).sum().backward()
    >>> check_gradients(layer)
    Traceback (most recent call last):
    autograd_lite.errors.TrainingError: gradients that are not finite: weight (1 of 2 entries); ...

    Raises TrainingError that names each parameter whose gradient is not, and how many entries.
    """
    if not hasattr(model, "named_parameters"):
        raise OperandError(f"gradients are checked of a Module, not of {brief(model)}")
    bad = [
        line
        for name, parameter in model.named_parameters()
        for line in _bad_entries(name, parameter)
    ]
    if bad:
        raise TrainingError(
            f"gradients that are not finite: {'; '.join(bad)}; the parameters were not changed. "
            f"Try a smaller learning rate, nn.clip_grad_norm_, or find the pole with trace_nan"
        )


def _bad_entries(name: str, parameter: Tensor) -> Iterator[str]:
    g = parameter.grad
    # one product is cheaper than a look at each entry, and finite when all entries are ordinary
    if g is None or np.isfinite(np.vdot(g, g)):
        return
    wrong = np.size(g) - np.count_nonzero(np.isfinite(g))
    if wrong:
        yield f"{name} ({wrong} of {np.size(g)} entries)"


def _with_gradient(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    given: Any = [parameters] if isinstance(parameters, Tensor) else parameters
    given = list(given) if isinstance(given, Iterable) else [given]
    for parameter in given:
        if not isinstance(parameter, Tensor):
            raise OperandError(
                f"gradients are clipped of Tensors, and {brief(parameter)} is none: write "
                f"model.parameters()"
            )
    return [parameter for parameter in given if parameter.grad is not None]
