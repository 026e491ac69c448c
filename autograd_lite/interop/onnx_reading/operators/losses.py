"""Losses over classes: the negative log-likelihood, and cross-entropy of scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import IndexingError, OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import Given, NDArray, dtype_of
from autograd_lite.rules.namespaces import plain


def negative_log_likelihood(
    x: Given,
    target: Given,
    weight: Given | None = None,
    *,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Any:
    """-w[t]·x[n, t, …], averaged by the weights, added up, or for each place."""
    if reduction not in ("none", "mean", "sum"):
        raise OperandError(f"reduction is none, mean or sum, not {reduction!r}")
    places, counted = _classes(x, target, ignore_index)
    chosen = f.squeeze(f.take_along_axis(x, np.expand_dims(places, 1), axis=1), axis=1)
    weights = _weights(x, weight, places, counted)
    loss = -chosen * weights
    if reduction == "none":
        return loss
    return f.sum(loss) if reduction == "sum" else f.sum(loss) / f.sum(weights)


def _classes(x: Given, target: Given, ignored: int | None) -> tuple[NDArray, NDArray]:
    """The class of each place, and whether the place counts."""
    if x.ndim < 2 or target.shape != (len(x), *x.shape[2:]):
        raise OperandError(f"target {list(target.shape)} does not fit scores {list(x.shape)}")
    places = plain(target).astype(np.int64)
    counted = np.ones(places.shape, bool) if ignored is None else places != ignored
    places = np.where(counted, places, 0)
    if places.size and not 0 <= places.min() <= places.max() < x.shape[1]:
        raise IndexingError(f"a target lies outside {x.shape[1]} classes")
    return places, counted


def _weights(x: Given, weight: Given | None, places: NDArray, counted: NDArray) -> Any:
    """The weight of each place's class, 0 where the place does not count."""
    ones: Any = counted.astype(dtype_of(x))
    if weight is None:
        return ones
    if weight.shape != (x.shape[1],):
        raise OperandError(f"weight {list(weight.shape)} has one number for each class")
    return ones * weight[places]


def _cross_entropy(
    scores: Given,
    target: Given,
    weight: Given | None = None,
    *,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Any:
    logs = f.log_softmax(scores, axis=1)
    options: dict[str, Any] = {"ignore_index": ignore_index, "reduction": reduction}
    return negative_log_likelihood(logs, target, weight, **options), logs


OPERATORS: Table = {
    "NegativeLogLikelihoodLoss": negative_log_likelihood,
    "SoftmaxCrossEntropyLoss": _cross_entropy,
}
