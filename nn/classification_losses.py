"""Losses whose targets are classes: how little probability the outputs give to the right one.

Names, defaults and numbers are those of torch.nn.functional; the classes are on axis 1, as there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from nn.broadcasting import as_operand
from nn.chosen_classes import chosen_classes, class_axis
from nn.loss_options import option
from nn.losses import Reduction, reduced

IGNORED = -100


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

    >>> from autograd_lite import Tensor
    >>> cross_entropy(Tensor([[0.0, 0.0]]), [1])
    Tensor(0.6931)

    Raises ShapeError when the shapes do not fit, IndexingError when a target is no class.
    """
    axis, label_smoothing = class_axis(logits), option("label_smoothing", label_smoothing)
    ignore_index = option("ignore_index", ignore_index)
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

    >>> from autograd_lite import Tensor
    >>> nll_loss(Tensor([[-1.0, -2.0]]), [1])
    Tensor(2.)

    Raises ShapeError when the shapes do not fit, IndexingError when a target is no class.
    """
    log_p, ignore_index = as_operand(log_p), option("ignore_index", ignore_index)
    classes = chosen_classes(log_p, target, ignore_index)
    entries = -classes.score(log_p)
    if weight is None and classes.all_count:
        return reduced(entries, reduction)
    w = classes.weight(class_weights(log_p, weight))
    return _reduced_by_weight(classes.counted(entries) * w, w, reduction)


# --- shared --------------------------------------------------------------------------------------


def class_weights(log_p: Any, weight: Any) -> Any:
    """The weight of each class, one for each: on the graph where it is a node; None is 1."""
    classes, dtype = np.shape(plain(log_p))[class_axis(log_p)], plain(log_p).dtype
    if weight is None:
        return np.ones(classes, dtype)
    array = np.asarray(plain(weight))
    if array.shape != (classes,):
        raise ShapeError(
            f"weight has shape {array.shape}: give one number for each of the {classes} classes"
        )
    if array.dtype.kind not in "fiub" or not (array >= 0).all():
        raise OperandError(
            f"weight has one number of at least 0 for each class, not {brief(weight)}"
        )
    return f.astype(weight, dtype) if isinstance(weight, Node) else array.astype(dtype)


def _reduced_by_weight(entries: Any, w: Any, reduction: Reduction) -> Any:
    """Reduced, the mean being over the weights."""
    if reduction != "mean":
        return reduced(entries, reduction)
    return f.sum(entries) / (f.sum(w) if isinstance(w, Node) else float(w.sum()))


def _soft_entropy(
    log_p: Any, target: Any, weight: Any, smoothing: float, reduction: Reduction
) -> Any:
    """Cross-entropy with target probabilities; "mean" divides by the number of distributions."""
    axis, shape = class_axis(log_p), np.shape(plain(log_p))
    t = as_operand(target)
    if smoothing:
        t = (1.0 - smoothing) * t + smoothing / shape[axis]
    entries = -f.sum(t * _by_class(log_p, weight), axis=axis)
    return reduced(entries, reduction)


def _spread_entropy(
    log_p: Any, target: Any, weight: Any, ignore_index: int, reduction: Reduction
) -> Any:
    """The part of the cross-entropy that asks for equal probabilities."""
    classes = chosen_classes(log_p, target, ignore_index)
    entries = classes.counted(-f.mean(_by_class(log_p, weight), axis=class_axis(log_p)))
    return _reduced_by_weight(entries, classes.weight(class_weights(log_p, weight)), reduction)


def _by_class(log_p: Any, weight: Any) -> Any:
    """Each class's column times its weight."""
    if weight is None:
        return log_p
    later = len(np.shape(plain(log_p))) - 1 - class_axis(log_p)
    return log_p * f.reshape(class_weights(log_p, weight), (-1,) + (1,) * later)
