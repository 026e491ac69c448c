"""Gradient clipping, the lecture's first remedy for exploding gradients, and finding bad ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import TrainingError

if TYPE_CHECKING:
    from nn.module import Module


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, norm_type: float = 2.0
) -> float:
    """Scale all gradients together so that their norm is at most max_norm; returns the norm before.

    The norm is that of all entries of all gradients as one vector: ‖g‖_p = (Σ|gᵢ|^p)^(1/p) with
    p = norm_type. As in torch the factor is max_norm/(‖g‖ + 1e-6), at most 1.

    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_norm_([w], 1.0), w.grad.round(3)
    (5.0, array([0.6, 0.8]))
    """
    given = _with_gradient(parameters)
    norms = [np.linalg.norm(parameter.grad.reshape(-1), norm_type) for parameter in given]
    total = float(np.linalg.norm(norms, norm_type)) if norms else 0.0
    factor = max_norm / (total + 1e-6)
    if factor < 1.0:
        for parameter in given:
            parameter.grad *= factor
    return total


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Bring every entry g of every gradient into reach: g ← min(c, max(-c, g)), c = clip_value.

    Unlike `clip_grad_norm_` this changes the gradient's direction.

    >>> w = Tensor([3.0, 0.4], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_value_(w, 1.0)
    >>> w.grad
    array([1. , 0.4])
    """
    for parameter in _with_gradient(parameters):
        np.clip(parameter.grad, -clip_value, clip_value, out=parameter.grad)


def check_gradients(model: Module) -> None:
    """Do nothing when every gradient is finite; parameters without a gradient are passed over.

    >>> from nn.linear import Linear
    >>> layer = Linear(2, 1)
    >>> layer([[1.0, np.inf]]).sum().backward()
    >>> check_gradients(layer)
    Traceback (most recent call last):
    autograd_lite.errors.TrainingError: gradients that are not finite: weight (1 of 2 entries); ...

    Raises TrainingError that names each parameter whose gradient is not, and how many entries.
    """
    bad = [
        line for name, parameter in model.named_parameters() for line in _complaint(name, parameter)
    ]
    if bad:
        raise TrainingError(
            f"gradients that are not finite: {'; '.join(bad)}; the parameters were not changed. "
            f"Try a smaller learning rate, nn.clip_grad_norm_, or find the pole with trace_nan"
        )


def _complaint(name: str, parameter: Tensor) -> Iterator[str]:
    g = parameter.grad
    # one product is cheaper than a look at each entry, and finite when all entries are ordinary
    if g is None or np.isfinite(np.vdot(g, g)):
        return
    wrong = np.size(g) - np.count_nonzero(np.isfinite(g))
    if wrong:
        yield f"{name} ({wrong} of {np.size(g)} entries)"


def _with_gradient(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    given = [parameters] if isinstance(parameters, Tensor) else parameters
    return [parameter for parameter in given if parameter.grad is not None]
