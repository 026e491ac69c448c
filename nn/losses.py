"""Losses: how far the outputs are from the targets, as one number to differentiate.

`reduction` is "mean" or "sum" over all entries of the loss, or "none" for the entries themselves.
Names, defaults and numbers are those of torch.nn.functional where it has the loss. Targets may be
arrays, Tensors or lists; shapes must be equal, since silent broadcasting of (n, 1) against (n,)
compares every output with every target.
"""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import IndexingError, OperandError, ShapeError
from autograd_lite.rules.namespaces import plain

Reduction: TypeAlias = Literal["mean", "sum", "none"]
IGNORED = -100
SMALLEST = math.exp(-100.0)


def half_squared_error(y: Any, t: Any, reduction: Reduction = "sum") -> Any:
    """The lecture's error: E = ½ Σ (y - t)², ∂E/∂y = y - t.

    >>> half_squared_error(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)

    Source: lecture notes on deep learning, equation (11).
    """
    return 0.5 * _reduced(f.square(_difference(y, t)), reduction)


def mse_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The mean squared error: (y - t)².

    >>> mse_loss(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)
    """
    return _reduced(f.square(_difference(y, t)), reduction)


def l1_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The mean absolute error: |y - t|, with derivative 0 at y = t.

    >>> l1_loss(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(1.5)
    """
    return _reduced(f.absolute(_difference(y, t)), reduction)


def hinge_loss(y: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The margin that is missing: max(0, 1 - t·y) for targets t of -1 and 1.

    >>> hinge_loss(Tensor([2.0, 0.5]), [1, -1])
    Tensor(0.75)

    Raises OperandError when a target is neither -1 nor 1.
    """
    _check_shapes(y, t)
    if not np.isin(plain(t), (-1, 1)).all():
        raise OperandError(
            "hinge_loss takes targets of -1 and 1: write 2*t - 1 for targets of 0 and 1"
        )
    return _reduced(f.relu(1.0 - y * _constant(t)), reduction)


def bce(y: Any, t: Any, weight: Any = None, reduction: Reduction = "mean") -> Any:
    """Binary cross-entropy of probabilities: -(t·log y + (1 - t)·log(1 - y)).

    As in torch, a logarithm is at least -100; below, its derivative is 0.

    >>> bce(Tensor([0.5]), [1.0])
    Tensor(0.6931)

    Raises OperandError when y is no probability; `bce_with_logits` takes any number.
    """
    _check_shapes(y, t)
    _check_probabilities("bce", "y", y)
    t = _constant(t)
    entries = t * _bounded_log(y) + (1.0 - t) * _bounded_log(1.0 - y)
    return _reduced(_weighted(-entries, weight), reduction)


def bce_with_logits(x: Any, t: Any, weight: Any = None, reduction: Reduction = "mean") -> Any:
    """Binary cross-entropy of y = sigmoid(x): log(1 + eˣ) - t·x, with derivative y - t.

    >>> bce_with_logits(Tensor([0.0, 1000.0]), [1.0, 1.0], reduction="none")
    Tensor([0.6931, 0.    ])
    """
    _check_shapes(x, t)
    return _reduced(_weighted(f.softplus(x) - _constant(t) * x, weight), reduction)


def cross_entropy(
    logits: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = IGNORED,
    reduction: Reduction = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """Cross-entropy of p = softmax(logits): -log p[target], or -Σ t·log p.

    The classes are on axis 1 (of a vector: axis 0).

    logits           (C,), (n, C) or (n, C, d1, …)
    target           class indices, shaped like logits without the class axis; or probabilities t
                     like logits
    weight           (C,) weight of each class
    ignore_index     targets of this index count for nothing
    label_smoothing  part of each target that is spread over all classes

    >>> cross_entropy(Tensor([[0.0, 0.0]]), [1])
    Tensor(0.6931)
    """
    axis = _class_axis(logits)
    log_p = f.log_softmax(logits, axis=axis)
    if np.shape(plain(target)) == np.shape(plain(logits)):
        return _soft_entropy(log_p, target, weight, label_smoothing, reduction)
    loss = nll_loss(log_p, target, weight, ignore_index, reduction)
    if not label_smoothing:
        return loss
    spread = _spread_entropy(log_p, target, weight, ignore_index, reduction)
    return (1.0 - label_smoothing) * loss + label_smoothing * spread


def nll_loss(
    log_p: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = IGNORED,
    reduction: Reduction = "mean",
) -> Any:
    """The negative log-likelihood of class indices: -log p[target], weighted.

    "mean" divides by the sum of the weights.

    log_p (C,), (n, C) or (n, C, d1, …) log-probabilities; target like log_p without the class axis.

    >>> nll_loss(Tensor([[-1.0, -2.0]]), [1])
    Tensor(2.)

    Raises ShapeError when the shapes do not fit, IndexingError when a target is no class.
    """
    index, kept = _classes(log_p, target, ignore_index)
    if weight is None and kept.all():
        return _reduced(-_picked(log_p, index), reduction)
    w = _entry_weights(log_p, weight, index, kept)
    return _over(f.where(kept, -_picked(log_p, index), 0.0) * w, w, reduction)


def gaussian_nll_loss(
    mu: Any, t: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: Reduction = "mean"
) -> Any:
    """The negative log-likelihood of a Gaussian: ½(log v + (t - μ)²/v), v = max(var, eps).

    mu, t   the same shape; var  that shape, or 1 (or nothing) for its last axis
    full    True adds the constant ½ log 2π
    eps     smallest variance; as in torch, derivatives pass it as if it were not there

    >>> gaussian_nll_loss(Tensor([1.0]), [3.0], Tensor([4.0]))
    Tensor(1.1931)

    Raises OperandError when a variance is negative.
    """
    d = _difference(mu, t)
    v = _variance(var, np.shape(plain(d)), eps)
    entries = 0.5 * (f.log(v) + f.square(d) / v)
    return _reduced(entries + 0.5 * math.log(2.0 * math.pi) if full else entries, reduction)


# torch.nn.functional's names of the same
binary_cross_entropy = bce
binary_cross_entropy_with_logits = bce_with_logits


# --- shared --------------------------------------------------------------------------------------


def _reduced(entries: Any, reduction: str) -> Any:
    if reduction == "mean":
        return f.mean(entries)
    if reduction == "sum":
        return f.sum(entries)
    if reduction == "none":
        return entries
    raise OperandError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r:.60}")


def _constant(t: Any) -> Any:
    """A target as the graph takes it: a node stays, a list becomes an array."""
    return t if isinstance(t, Tensor) else np.asarray(t)


def _check_shapes(y: Any, t: Any) -> None:
    if np.shape(plain(y)) != np.shape(plain(t)):
        raise ShapeError(
            f"the output has shape {np.shape(plain(y))}, the target {np.shape(plain(t))}: "
            f"they must be equal; reshape the target"
        )


def _difference(y: Any, t: Any) -> Any:
    _check_shapes(y, t)
    return y - _constant(t)


def _bounded_log(y: Any) -> Any:
    """The logarithm, at least -100, with derivative 0 below."""
    return f.log(f.maximum(y, SMALLEST))


def _check_probabilities(loss: str, what: str, y: Any) -> None:
    if not ((plain(y) >= 0) & (plain(y) <= 1)).all():
        raise OperandError(
            f"{loss}: {what} must lie in [0, 1], and {_outside(plain(y))} does not; "
            f"see bce_with_logits"
        )


def _outside(y: Any) -> float:
    return float(y[~((y >= 0) & (y <= 1))][0])


def _weighted(entries: Any, weight: Any) -> Any:
    return entries if weight is None else entries * _constant(weight)


def _class_axis(logits: Any) -> int:
    if not np.shape(plain(logits)):
        raise ShapeError(
            "class scores need an axis of classes: (C,), (n, C) or (n, C, ...), not a single number"
        )
    return 0 if len(np.shape(plain(logits))) == 1 else 1


def _classes(log_p: Any, target: Any, ignore_index: int) -> tuple[Any, Any]:
    """The class index of each entry (0 where ignored), and which entries count."""
    axis, shape = _class_axis(log_p), np.shape(plain(log_p))
    index, expected = np.asarray(plain(target)), shape[:axis] + shape[axis + 1 :]
    if index.shape != expected:
        raise ShapeError(
            f"class scores of shape {shape} need class indices of shape {expected}, "
            f"not {index.shape}"
        )
    if index.dtype.kind not in "iu" and not np.array_equal(index, np.rint(index)):
        raise OperandError(
            f"class indices are integers; for probabilities the target needs shape {shape}"
        )
    kept = index != ignore_index
    index = np.where(kept, index, 0).astype(np.intp)
    if index.size and not 0 <= index.min() <= index.max() < shape[axis]:
        wrong = index.min() if index.min() < 0 else index.max()
        raise IndexingError(f"target {wrong} is no class: class indices lie in [0, {shape[axis]})")
    return index, kept


def _picked(log_p: Any, index: Any) -> Any:
    """The entry of each one's class."""
    if index.ndim == 1:
        return log_p[np.arange(len(index)), index]
    axis = _class_axis(log_p)
    picked = f.take_along_axis(log_p, np.expand_dims(index, axis), axis=axis)
    return f.reshape(picked, index.shape)


def _entry_weights(log_p: Any, weight: Any, index: Any, kept: Any) -> Any:
    """What each entry counts: its class's weight, 0 where it is ignored."""
    kept = kept.astype(plain(log_p).dtype)
    return kept if weight is None else kept * np.asarray(plain(weight), kept.dtype)[index]


def _over(entries: Any, w: Any, reduction: Reduction) -> Any:
    """Reduced, the mean being over the weights."""
    return f.sum(entries) / float(w.sum()) if reduction == "mean" else _reduced(entries, reduction)


def _soft_entropy(
    log_p: Any, target: Any, weight: Any, smoothing: float, reduction: Reduction
) -> Any:
    """Cross-entropy with target probabilities; "mean" divides by the number of distributions."""
    axis, shape = _class_axis(log_p), np.shape(plain(log_p))
    t = _constant(target)
    if smoothing:
        t = (1.0 - smoothing) * t + smoothing / shape[axis]
    entries = -f.sum(t * _by_class(log_p, weight), axis=axis)
    return _reduced(entries, reduction)


def _spread_entropy(
    log_p: Any, target: Any, weight: Any, ignore_index: int, reduction: Reduction
) -> Any:
    """The part of the cross-entropy that asks for equal probabilities."""
    index, kept = _classes(log_p, target, ignore_index)
    entries = f.where(kept, -f.mean(_by_class(log_p, weight), axis=_class_axis(log_p)), 0.0)
    return _over(entries, _entry_weights(log_p, weight, index, kept), reduction)


def _by_class(log_p: Any, weight: Any) -> Any:
    """Each class's column times its weight."""
    if weight is None:
        return log_p
    later = len(np.shape(plain(log_p))) - 1 - _class_axis(log_p)
    return log_p * np.asarray(plain(weight), plain(log_p).dtype).reshape((-1,) + (1,) * later)


def _variance(var: Any, shape: tuple[int, ...], eps: float) -> Any:
    var = var if isinstance(var, Tensor) else np.asarray(var)
    given = np.shape(plain(var))
    if given not in (shape, shape[:-1], (*shape[:-1], 1)):
        raise ShapeError(
            f"the variance has shape {given}, expected {shape} or 1 (or nothing) for the last axis"
        )
    if (plain(var) < 0).any():
        raise OperandError(
            "a variance is negative: give variances, such as exp(log_var), not logarithms"
        )
    small = np.maximum(eps - plain(var), 0.0)
    var = var + small if small.any() else var
    return f.reshape(var, (*given, 1)) if given == shape[:-1] and given != shape else var
