"""ATen's normalizations: numbers brought to mean 0 and variance 1, then scaled and shifted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite import functions as f
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Array
from autograd_lite.rules.shape import shape_of


def _standardized(x: Array, axes: tuple[int, ...], eps: float) -> tuple[Any, Any, Any]:
    """(x - μ)/√(σ² + ε) with the mean and variance over the axes, then μ and 1/√(σ² + ε)."""
    mean, var = f.mean(x, axis=axes, keepdims=True), f.var(x, axis=axes, keepdims=True)
    deviation = f.sqrt(f.add(var, eps))
    return f.divide(f.subtract(x, mean), deviation), mean, f.divide(1.0, deviation)


def _scaled(y: Array, weight: Array | None, bias: Array | None, shape: Sequence[int]) -> Any:
    """y·weight + bias, for what of the two there is."""
    if weight is not None:
        y = f.multiply(y, f.reshape(weight, tuple(shape)))
    return y if bias is None else f.add(y, f.reshape(bias, tuple(shape)))


def _layer_norm(
    x: Array, shape: Sequence[int], weight: Array | None, bias: Array | None, eps: float
) -> tuple[Any, Any, Any]:
    y, mean, scale = _standardized(x, tuple(range(-len(shape), 0)), eps)
    return _scaled(y, weight, bias, shape), mean, scale


def _group_norm(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, weight: Array | None, bias: Array | None, N: int, C: int, rest: int, groups: int,
    eps: float,
) -> tuple[Any, Any, Any]:  # fmt: skip
    y, mean, scale = _standardized(f.reshape(x, (N, groups, -1)), (2,), eps)
    y = _scaled(f.reshape(y, shape_of(x)), weight, bias, _column(x))
    return y, f.reshape(mean, (N, groups)), f.reshape(scale, (N, groups))


def _column(x: Array) -> tuple[int, ...]:
    """One number for each channel, the second axis."""
    return (-1,) + (1,) * (len(shape_of(x)) - 2)


def _by_running(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, weight: Array | None, bias: Array | None, mean: Array, var: Array,
    momentum: float, eps: float,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """A batch norm in evaluation: by the running statistics."""
    column = _column(x)
    deviation = f.sqrt(f.add(f.reshape(var, column), eps))
    y = f.divide(f.subtract(x, f.reshape(mean, column)), deviation)
    return _scaled(y, weight, bias, column), np.zeros(0), np.zeros(0)


def _of_batch(x: Array, weight: Array | None, bias: Array | None, eps: float) -> Any:
    """A batch norm in training: by the batch's own statistics, over all axes but the channels'."""
    axes = (0, *range(2, len(shape_of(x))))
    y, mean, scale = _standardized(x, axes, eps)
    return _scaled(y, weight, bias, _column(x)), *(f.reshape(s, (-1,)) for s in (mean, scale))


def _tracking(  # noqa: PLR0913, PLR0917 - torch's parameters
    x: Array, weight: Array | None, bias: Array | None, running_mean: Array, running_var: Array,
    training: bool, momentum: float, eps: float,
) -> tuple[Any, ...]:  # fmt: skip
    """As `_of_batch`, then the running statistics moved towards the batch's, the variance's unbiased."""
    if not training:
        y, *empty = _by_running(x, weight, bias, running_mean, running_var, momentum, eps)
        return y, *empty, running_mean, running_var
    y, mean, scale = _of_batch(x, weight, bias, eps)
    axes = (0, *range(2, len(shape_of(x))))
    n = math.prod(shape_of(x)) // shape_of(x)[1]
    var = f.multiply(f.var(x, axis=axes), n / max(n - 1, 1))
    moved = [
        f.add(f.multiply(1 - momentum, before), f.multiply(momentum, own))
        for before, own in ((running_mean, mean), (running_var, var))
    ]
    return y, mean, scale, *moved


def _without_running(
    x: Array, weight: Array | None, bias: Array | None, training: bool, momentum: float, eps: float
) -> Any:
    return _of_batch(x, weight, bias, eps)


def _rms_norm(
    x: Array, shape: Sequence[int], weight: Array | None, eps: float | None
) -> tuple[Any, Any]:
    """x/√(mean of x² + ε)·weight."""
    axes = tuple(range(-len(shape), 0))
    mean = f.mean(f.square(x), axis=axes, keepdims=True)
    deviation = f.sqrt(f.add(mean, np.finfo(mean.dtype).eps if eps is None else eps))
    return _scaled(f.divide(x, deviation), weight, None, shape), f.divide(1.0, deviation)


NORMALIZING: Final[Operators] = {
    "native_layer_norm": _layer_norm,
    "native_group_norm": _group_norm,
    "_native_batch_norm_legit_no_training": _by_running,
    "_native_batch_norm_legit_functional": _tracking,
    "_native_batch_norm_legit.no_stats": _without_running,
    "_fused_rms_norm": _rms_norm,
}
