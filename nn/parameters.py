"""Parameter: an array that is trained, which is a leaf Tensor with requires_grad=True and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_lite import Tensor
from nn.checks import flag


def Parameter(data: Any, name: str | None = None) -> Tensor:
    """A trainable array: a leaf Tensor with requires_grad=True, which is all that a parameter is.

    >>> Parameter([1.0, 2.0])
    Tensor([1., 2.], requires_grad=True)
    """
    return Tensor(data, requires_grad=True, name=name)


def is_parameter(x: object) -> bool:
    """Whether `x` is trained when a module has it: a leaf Tensor that is no constant."""
    return isinstance(x, Tensor) and x.is_leaf and x.requires_grad


def forget_gradients(parameters: Iterable[Tensor], set_to_none: bool = True) -> None:
    """Set every gradient to None, or, with set_to_none=False, fill those there are with zeros."""
    flag("set_to_none", set_to_none)
    for parameter in parameters:
        if set_to_none:
            parameter.grad = None
        elif parameter.grad is not None:
            parameter.grad = np.zeros_like(parameter.grad)
