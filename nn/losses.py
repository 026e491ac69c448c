"""Losses: how far the outputs are from the targets, as one number to differentiate.

`reduction` is "mean" or "sum" over all entries of the loss, or "none" for the entries themselves.
Names, defaults and numbers are those of torch.nn.functional where it has the loss. Outputs and
targets may be Tensors, arrays or lists; their shapes must be equal, since silent broadcasting of
(n, 1) against (n,) compares every output with every target: where torch broadcasts, so do we, with
a warning. Losses whose targets are classes are in `classification_losses`.
"""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.node import Node
from autograd_lite.rules.logistic import logistic_cost
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import moves_in_program
from nn.broadcasting import as_operand, broadcast
from nn.checks import choice
from nn.loss_options import option

Reduction: TypeAlias = Literal["mean", "sum", "none"]
LEAST = -100.0


def half_squared_error(y: Any, t: Any, reduction: Reduction = "sum") -> Any:
    """The lecture's error: E = ½ Σ (y - t)², ∂E/∂y = y - t.

    >>> from autograd_lite import Tensor
    >>> half_squared_error(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)

    Source: lecture notes on deep learning, equation (11).
    """
    return 0.5 * reduced(f.square(_difference(y, t)), reduction)


def mse_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The mean squared error: (1/n) Σ (y - t)² over all n entries.

    >>> from autograd_lite import Tensor
    >>> mse_loss(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)
    """
    y, t = broadcast(y, t)
    return reduced(f.square(y - t), reduction)


def l1_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The mean absolute error: (1/n) Σ |y - t| over all n entries, with derivative 0 at y = t.

    >>> from autograd_lite import Tensor
    >>> l1_loss(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(1.5)
    """
    y, t = broadcast(y, t)
    return reduced(f.absolute(y - t), reduction)


def hinge_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The hinge loss, how far a margin of 1 is missed: max(0, 1 - t·y) for targets t of -1 and 1.

    >>> from autograd_lite import Tensor
    >>> hinge_loss(Tensor([2.0, 0.5]), [1, -1])
    Tensor(0.75)

    Raises OperandError when a target is neither -1 nor 1.
    """
    y, t = _pair(y, t)
    if not np.isin(plain(t), (-1, 1)).all():
        raise OperandError(
            "hinge_loss takes targets of -1 and 1: write 2*t - 1 for targets of 0 and 1"
        )
    return reduced(f.relu(1.0 - y * t), reduction)


def bce(y: Any, t: Any, weight: Any = None, reduction: Reduction = "mean") -> Any:
    """Binary cross-entropy of probabilities: -(t·log y + (1 - t)·log(1 - y)).

    As in torch, a logarithm is at least -100; below, its derivative is 0.

    >>> from autograd_lite import Tensor
    >>> bce(Tensor([0.5]), [1.0])
    Tensor(0.6931)

    Raises OperandError when y is no probability; `bce_with_logits` takes any number.
    """
    y, t = _pair(y, t)
    _check_probabilities(y)
    with np.errstate(divide="ignore"):  # log 0 is bounded too
        entries = t * f.maximum(f.log(y), LEAST) + (1.0 - t) * f.maximum(f.log1p(-y), LEAST)
    return reduced(_weighted(-entries, weight), reduction)


def bce_with_logits(
    x: Any, t: Any, weight: Any = None, reduction: Reduction = "mean", pos_weight: Any = None
) -> Any:
    """Binary cross-entropy of y = sigmoid(x): log(1 + eˣ) - t·x, with derivative y - t.

    weight      of each entry of the loss
    pos_weight  p, by how much targets of 1 count more: -(p·t·log y + (1 - t)·log(1 - y))

    >>> from autograd_lite import Tensor
    >>> bce_with_logits(Tensor([0.0, 1000.0]), [1.0, 1.0], reduction="none")
    Tensor([0.6931, 0.    ])
    """
    x, t = _pair(x, t)
    p = 1.0 if pos_weight is None else weights_of(x, pos_weight, "pos_weight")
    return reduced(_weighted(logit_entropy(x, t, p), weight), reduction)


def gaussian_nll_loss(
    mu: Any, t: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: Reduction = "mean"
) -> Any:
    """The negative log-likelihood of a Gaussian: ½(log v + (t - μ)²/v), v = max(var, eps).

    mu, t   the same shape (others are broadcast, with a warning)
    var     that shape, or 1 for one of its axes, or without the last; or one number
    full    True adds the constant ½ log 2π
    eps     smallest variance; as in torch, derivatives pass it as if it were not there

    >>> from autograd_lite import Tensor
    >>> gaussian_nll_loss(Tensor([1.0]), [3.0], Tensor([4.0]))
    Tensor(1.1931)

    Raises OperandError when a variance is negative.
    """
    full, eps = option("full", full), option("eps", eps)
    mu, t = broadcast(mu, t)
    v = _variance(var, np.shape(plain(mu)), eps)
    entries = 0.5 * (f.log(v) + f.square(mu - t) / v)
    return reduced(entries + 0.5 * math.log(2.0 * math.pi) if full else entries, reduction)


# torch.nn.functional's names of the same
binary_cross_entropy = bce
binary_cross_entropy_with_logits = bce_with_logits


# --- shared --------------------------------------------------------------------------------------


def reduced(entries: Any, reduction: str) -> Any:
    """The entries of a loss as `reduction` says.

    Raises OperandError when that is neither "mean" nor "sum" nor "none".
    """
    if reduction == "mean":
        return f.mean(entries)
    if reduction == "sum":
        return f.sum(entries)
    choice("reduction", reduction, ("mean", "sum", "none"))
    return entries


def logit_entropy(x: Any, t: Any, p: Any = 1.0) -> Any:
    """p·t·log(1 + e⁻ˣ) + (1 - t)·log(1 + eˣ): no digit is lost at either end, and 0·inf is 0.

    With p = 1 the same as log(1 + eˣ) - t·x, whose terms cancel where x is large and t = 1.
    """
    return logistic_cost(x, p * t, 1.0 - t)


def _pair(y: Any, t: Any) -> tuple[Any, Any]:
    """Output and target, which must have one shape."""
    y, t = as_operand(y), as_operand(t)
    if np.shape(plain(y)) != np.shape(plain(t)):
        raise ShapeError(
            f"the output has shape {np.shape(plain(y))}, the target {np.shape(plain(t))}: "
            f"they must be equal; reshape the target"
        )
    return y, t


def _difference(y: Any, t: Any) -> Any:
    y, t = _pair(y, t)
    return y - t


def _check_probabilities(y: Any) -> None:
    p = np.asarray(plain(y))
    outside = p[~((p >= 0) & (p <= 1))]
    if outside.size:
        raise OperandError(
            f"bce: y must lie in [0, 1], and {outside[0]} does not; see bce_with_logits"
        )


def _weighted(entries: Any, weight: Any) -> Any:
    return entries if weight is None else entries * weights_of(entries, weight, "weight")


def weights_of(entries: Any, weight: Any, name: str) -> Any:
    """Weights as the loss's entries need them: in their dtype, and of a shape that fits theirs.

    Raises ShapeError when no broadcasting brings them to the entries' shape, OperandError when one is
    negative or no number.
    """
    shape, weight = np.shape(plain(entries)), option(name, weight)
    try:
        np.broadcast_to(np.empty(np.shape(plain(weight))), shape)
    except ValueError:
        raise ShapeError(
            f"{name} has shape {np.shape(plain(weight))}, which does not broadcast to the "
            f"{shape} of the loss: give one weight for each entry, or for each column"
        ) from None
    return np.asarray(weight, plain(entries).dtype) if not isinstance(weight, Node) else weight


def _variance(var: Any, shape: tuple[int, ...], eps: float) -> Any:
    var = as_operand(var)
    given = np.shape(plain(var))
    if given not in ((), shape, shape[:-1]) and not _differ_in_one_axis(given, shape):
        raise ShapeError(
            f"the variance has shape {given}, expected {shape}, with 1 for one axis, or without "
            f"the last"
        )
    if (plain(var) < 0).any():
        raise OperandError(
            "a variance is negative: give variances, such as exp(log_var), not logarithms"
        )
    small = (
        f.maximum(eps - var.detach(), 0.0) if isinstance(var, Node) else np.maximum(eps - var, 0.0)
    )
    var = var + small if moves_in_program(small) or plain(small).any() else var
    return f.reshape(var, (*given, 1)) if given == shape[:-1] and given != shape else var


def _differ_in_one_axis(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether shapes are equal but for one axis, along which one variance holds for all entries."""
    if len(given) != len(shape):
        return False
    return [g for g, n in zip(given, shape, strict=True) if g != n] == [1]
