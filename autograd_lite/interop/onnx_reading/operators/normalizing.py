"""Normalisations: by the numbers of a batch, a layer, a group of channels, or of neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import Given, axis_of, room_for


def _by_channel(x: Given, numbers: Given, what: str) -> Any:
    """One number for each channel, in a shape that broadcasts with (N, C, …)."""
    if x.ndim < 2 or numbers.shape != (x.shape[1],):
        raise OperandError(
            f"{what} {list(numbers.shape)} has one number for each channel of {list(x.shape)}"
        )
    return numbers.reshape((-1,) + (1,) * (x.ndim - 2))


def _of_batch(  # noqa: PLR0913 - ONNX's inputs and attributes
    x: Given,
    scale: Given,
    bias: Given,
    mean: Given,
    var: Given,
    *,
    epsilon: float = 1e-5,
    momentum: float = 0.9,
    training_mode: int = 0,
) -> Any:
    before = mean, var
    if training_mode:
        axes = (0, *range(2, x.ndim))
        mean, var = f.mean(x, axis=axes), f.var(x, axis=axes)
    parts = (
        _by_channel(x, p, what)
        for p, what in zip((scale, bias, mean, var), ("scale", "B", "mean", "var"), strict=True)
    )
    gain, shift, middle, spread = parts
    y = gain * (x - middle) / f.sqrt(spread + epsilon) + shift
    if not training_mode:
        return y
    now = zip(before, (mean, var), strict=True)
    return y, *(a * momentum + b * (1.0 - momentum) for a, b in now)


def _of_batch_by_use(  # noqa: PLR0913 - ONNX's inputs and attributes
    x: Given,
    scale: Given,
    bias: Given,
    mean: Given,
    var: Given,
    *,
    epsilon: float = 1e-5,
    momentum: float = 0.9,
    spatial: int = 1,
) -> Any:
    if spatial != 1:
        raise OperandError("spatial=0 is not read: ONNX itself has given it up")
    return _of_batch(x, scale, bias, mean, var, epsilon=epsilon, momentum=momentum)


def _standard(x: Given, axes: tuple[int, ...], epsilon: float) -> Any:
    """Mean 0 and variance 1 along axes."""
    deviation = x - f.mean(x, axis=axes, keepdims=True)
    return deviation / f.sqrt(f.mean(f.square(deviation), axis=axes, keepdims=True) + epsilon)


def _of_instance(x: Given, scale: Given, bias: Given, *, epsilon: float = 1e-5) -> Any:
    gain, shift = _by_channel(x, scale, "scale"), _by_channel(x, bias, "B")
    return _standard(x, tuple(range(2, x.ndim)), epsilon) * gain + shift


def _of_layer(
    x: Given,
    scale: Given,
    bias: Given | None = None,
    *,
    axis: int = -1,
    epsilon: float = 1e-5,
    stash_type: int = 1,
) -> Any:
    _check_stash(stash_type)
    axes = tuple(range(axis_of(axis, x.ndim), x.ndim))
    mean = f.mean(x, axis=axes, keepdims=True)
    deviation = x - mean
    inverse = 1.0 / f.sqrt(f.mean(f.square(deviation), axis=axes, keepdims=True) + epsilon)
    y = _fitting(deviation * inverse * scale, x)
    return y if bias is None else _fitting(y + bias, x), mean, inverse


def _check_stash(stash_type: int) -> None:
    if stash_type != 1:
        raise OperandError(f"stash_type={stash_type} is not read, 1 (float32) alone")


def _fitting(y: Any, x: Given) -> Any:
    """The result, if the operands did not make it larger than the input."""
    if y.shape != x.shape:
        raise OperandError(f"scale and bias do not fit the shape {list(x.shape)}")
    return y


def _of_layer_one(*xs: Given, outputs: int = 1, **options: Any) -> Any:
    y, mean, inverse = _of_layer(*xs, **options)
    if outputs == 1:
        return y
    return y, f.astype(mean, "float32"), f.astype(inverse, "float32")


def _of_roots(
    x: Given, scale: Given, *, axis: int = -1, epsilon: float = 1e-5, stash_type: int = 1
) -> Any:
    _check_stash(stash_type)
    axes = tuple(range(axis_of(axis, x.ndim), x.ndim))
    y = x / f.sqrt(f.mean(f.square(x), axis=axes, keepdims=True) + epsilon)
    return _fitting(y * scale, x)


def _grouped(x: Given, groups: int, epsilon: float) -> Any:
    if x.ndim < 3 or groups < 1 or x.shape[1] % groups:
        raise OperandError(f"num_groups={groups} does not divide the channels of {list(x.shape)}")
    y = x.reshape((len(x), groups, -1))
    return _standard(y, (2,), epsilon)


def _of_group(
    x: Given,
    scale: Given,
    bias: Given,
    *,
    num_groups: int,
    epsilon: float = 1e-5,
    stash_type: int = 1,
) -> Any:
    _check_stash(stash_type)
    y = _grouped(x, num_groups, epsilon).reshape(x.shape)
    return y * _by_channel(x, scale, "scale") + _by_channel(x, bias, "bias")


def _of_group_by_group(
    x: Given, scale: Given, bias: Given, *, num_groups: int, epsilon: float = 1e-5
) -> Any:
    """Version 18, whose scale and bias are by group."""
    y = _grouped(x, num_groups, epsilon)
    if not scale.shape == bias.shape == (num_groups,):
        raise OperandError(f"scale and bias have one number for each of {num_groups} groups")
    return (y * scale.reshape((-1, 1)) + bias.reshape((-1, 1))).reshape(x.shape)


def _to_length(x: Given, *, axis: int = -1, p: int = 2) -> Any:
    k = axis_of(axis, x.ndim)
    if p not in (1, 2):
        raise OperandError(f"p is 1 or 2, not {p}")
    size = f.norm(x, ord=p, axis=k, keepdims=True)
    return x / f.where(size == 0.0, np.ones((), x.dtype), size)


def _by_neighbours(
    x: Given, *, size: int, alpha: float = 1e-4, beta: float = 0.75, bias: float = 1.0
) -> Any:
    """x/(bias + α/size·Σx²)^β, summed over `size` channels around each."""
    if size < 1 or x.ndim < 2:
        raise OperandError(f"size={size} channels are none of {list(x.shape)}")
    channels = x.shape[1]  # beyond them there is nothing to add
    before, behind = min((size - 1) // 2, channels), min(size // 2, channels)
    room_for((before + behind + 1, *x.shape))
    squares = f.pad(f.square(x), ((0, 0), (before, behind), *((0, 0),) * (x.ndim - 2)))
    places = range(before + behind + 1)
    total = sum(squares[(slice(None), slice(i, i + channels))] for i in places)
    return x / f.power(bias + alpha / size * total, beta)


OPERATORS: Table = {
    "BatchNormalization": {7: _of_batch_by_use, 14: _of_batch},
    "InstanceNormalization": _of_instance,
    "LayerNormalization": _of_layer_one,
    "RMSNormalization": _of_roots,
    "GroupNormalization": {18: _of_group_by_group, 21: _of_group},
    "LpNormalization": _to_length,
    "LRN": _by_neighbours,
}
