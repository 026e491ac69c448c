"""The loss of one batch, with its gradient left on the model's parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tape, Tensor
from autograd_lite.checks.nans import trace_nan
from autograd_lite.errors import DerivativeError, TrainingError
from autograd_lite.rules.namespaces import plain
from nn.batches import checked_batch
from nn.clipping import check_gradients
from nn.module import Module

Loss: TypeAlias = Callable[[Any, Any], Any]


def eager_gradient(model: Module, loss: Loss, batch: Any) -> float:
    """loss(model(x), t) of a batch (x, t); the parameters have its gradient, and no other.

    Raises TrainingError, which names the first bad node, when one of them is not finite;
    DerivativeError when the loss is not one number, or depends on no parameter.
    """
    *x, t = checked_batch(batch)
    with np.errstate(all="ignore"):  # poles are looked for below, and said with their node
        value = _number(loss(model(*x), t))
    model.zero_grad()
    Tape(value).backward(keep=False)
    try:
        check_gradients(model)
    except TrainingError as error:
        raise TrainingError(f"{error}; {_first_bad(value)}") from None
    return float(value.item())


def one_number(value: Any) -> float:
    """A loss where nothing is trained, when it is one number.

    Raises DerivativeError when it is not.
    """
    array = np.asarray(plain(value))
    if array.size != 1 or array.dtype.kind not in "fiu":
        raise _no_loss(value)
    return float(array.item())


def _number(value: Any) -> Tensor:
    """The loss, when it is one finite number that depends on a parameter."""
    if not isinstance(value, Tensor) or value.size != 1:
        raise _no_loss(value)
    if not value.requires_grad:
        raise DerivativeError(
            "the loss does not depend on any parameter, so there is nothing to train"
        )
    if not math.isfinite(value.item()):
        raise TrainingError(f"the loss is {value.item()}; {_first_bad(value)}")
    return value


def _no_loss(value: Any) -> DerivativeError:
    shape = np.shape(plain(value))
    return DerivativeError(
        f"a loss is a Tensor with one number, not {type(value).__name__} of shape {shape}"
    )


def _first_bad(value: Tensor) -> str:
    """What made the first number that is not finite, and in which module."""
    report = trace_nan(value)
    if report is None:
        return "neither the loss nor its gradient passes through a pole"
    where = f" of {report.node.scope}" if report.node.scope else ""
    return f"the first bad node is {report.node.describe()}{where}\n{report}"
