"""Normalization: numbers brought to mean 0 and variance 1, then scaled and shifted.

y = (x - μ)/√(σ² + ε)·weight + bias, with μ and σ² (divided by n) taken over the batch for BatchNorm
and over the features of each example for LayerNorm.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.watches import refuse_change
from nn import init
from nn.broadcasting import as_operand
from nn.checks import TO_EVALUATE, at_least, flag, number, sizes
from nn.linear import check_features
from nn.module import Module
from nn.parameters import Parameter
from nn.scaling import rescaled


class _BatchNorm(Module):
    """What BatchNorm1d and BatchNorm2d share; they differ in the shapes they take."""

    result_name = None

    ndims: ClassVar[tuple[int, ...]] = ()
    shapes: ClassVar[str] = ""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
    ) -> None:
        shape = (at_least("num_features", num_features, 1),)
        self.eps = number("eps", eps, "[0, ∞)")
        self.momentum = None if momentum is None else number("momentum", momentum, "[0, 1]")
        affine, bias = flag("affine", affine), flag("bias", bias)
        self.weight = Parameter(init.ones(shape)) if affine else None
        self.bias = Parameter(init.zeros(shape)) if affine and bias else None
        self.num_features, self.track_running_stats = num_features, track_running_stats
        if flag("track_running_stats", track_running_stats):
            self.register_buffer("running_mean", init.zeros(shape))
            self.register_buffer("running_var", init.ones(shape))
            self.register_buffer("num_batches_tracked", np.zeros((), np.int64))

    def forward(self, x: Any) -> Any:
        self._check(x)
        ndim = np.ndim(plain(x))
        across, column = (0, *range(2, ndim)), (-1,) + (1,) * (ndim - 2)
        if self.training or not self.track_running_stats:
            return scaled(self, self._of_batch(as_operand(x), across), column)
        dtype = np.asarray(plain(x)).dtype
        mean = self.running_mean.reshape(column).astype(dtype)
        var = self.running_var.reshape(column).astype(dtype)
        return scaled(self, (x - mean) / f.sqrt(var + self.eps), column)

    def _of_batch(self, x: Any, across: tuple[int, ...]) -> Any:
        """(x - μ)/√(σ² + ε) with the batch's own statistics, which are tracked while training."""
        near, eps = rescaled(x, across, self.eps)
        mean, var = _moments(near, across)
        if self.training and self.track_running_stats:
            refuse_change(f"the running statistics of {self.label}", TO_EVALUATE)
            n = np.size(plain(x)) // self.num_features
            own_mean, own_var = (mean, var) if near is x else _moments(plain(x), across)
            self._track(plain(own_mean), plain(own_var), n)
        return (near - mean) / f.sqrt(var + eps)

    def _track(self, mean: Any, var: Any, n: int) -> None:
        """Move the running statistics towards this batch's, the variance's divided by n - 1."""
        self.num_batches_tracked += 1
        part = 1.0 / self.num_batches_tracked if self.momentum is None else self.momentum
        self.running_mean += part * (mean.reshape(-1) - self.running_mean)
        self.running_var += part * (var.reshape(-1) * (n / (n - 1)) - self.running_var)

    def _check(self, x: Any) -> None:
        shape = np.shape(plain(x))
        if len(shape) not in self.ndims:
            raise ShapeError(f"{self.label} expected x of shape {self.shapes}, got {shape}")
        check_features(self, x, self.num_features, axis=1)
        if self.training and math.prod(shape) <= self.num_features:
            raise ShapeError(
                f"{self.label} needs more than one number per feature to take a variance while "
                f"training, got shape {shape}; call eval() first"
            )

    def extra_repr(self) -> str:
        return f"{self.num_features}"


class BatchNorm1d(_BatchNorm):
    """Normalization over the batch, for x (n, C) or (n, C, L): μ and σ² of each of the C features.

    While training the batch's statistics are used and running ones are kept (momentum None: their
    plain average); after `eval()` the running ones are used.

    >>> BatchNorm1d(1)(np.array([[0.0], [2.0]])).numpy().round(3)
    array([[-1.],
           [ 1.]])

    Raises ShapeError when x has another shape, or one example only while training.

    Source: Ioffe and Szegedy, "Batch normalization", 2015.
    """

    ndims = (2, 3)
    shapes = "(n, C) or (n, C, L)"


class BatchNorm2d(_BatchNorm):
    """Normalization over the batch, for images x (n, C, H, W): μ and σ² of each of the C channels.

    They are taken over examples, rows and columns; for the rest see `BatchNorm1d`.

    >>> y = BatchNorm2d(3)(np.arange(96.0).reshape(2, 3, 4, 4)).numpy()
    >>> bool(np.allclose(y.mean((0, 2, 3)), 0.0)), y.std((0, 2, 3)).round(3)
    (True, array([1., 1., 1.]))

    Raises ShapeError when x has another shape, or one number for each channel only while training.
    """

    ndims = (4,)
    shapes = "(n, C, H, W)"


class LayerNorm(Module):
    """Normalization of each example over its last axes, those of `normalized_shape`.

    y = (x - μ)/√(σ² + ε)·weight + bias, with x and y (…, *normalized_shape), μ and σ² (…) of each
    example, weight and bias of normalized_shape.

    >>> LayerNorm(2)(np.array([[1.0, 3.0]])).numpy().round(3)
    array([[-1.,  1.]])

    Raises ShapeError when the last axes of x are others.

    Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
    """

    result_name = None

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        whole = lengths(normalized_shape)
        self.normalized_shape, self.eps = whole, number("eps", eps, "[0, ∞)")
        affine, bias = flag("elementwise_affine", elementwise_affine), flag("bias", bias)
        self.weight = Parameter(init.ones(whole)) if affine else None
        self.bias = Parameter(init.zeros(whole)) if affine and bias else None

    def forward(self, x: Any) -> Any:
        shape, n = np.shape(plain(x)), len(self.normalized_shape)
        if shape[-n:] != self.normalized_shape:
            raise ShapeError(
                f"{self.label} expected x of shape (..., {str(self.normalized_shape)[1:]}, its "
                f"normalized_shape, got {shape}"
            )
        return scaled(self, normalized(x, tuple(range(-n, 0)), self.eps), self.normalized_shape)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}"


def normalized(x: Any, axes: tuple[int, ...], eps: float) -> Any:
    """(x - μ)/√(σ² + ε), with the mean and variance over the axes."""
    x, rescaled_eps = rescaled(as_operand(x), axes, eps)
    mean, var = _moments(x, axes)
    return (x - mean) / f.sqrt(var + rescaled_eps)


def _moments(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    return f.mean(x, axis=axes, keepdims=True), f.var(x, axis=axes, keepdims=True)


def lengths(normalized_shape: Any) -> tuple[int, ...]:
    """The axes that a module normalizes, one length for each.

    Raises OperandError when there is none, or one is no length.
    """
    several = isinstance(normalized_shape, (tuple, list))
    return sizes("normalized_shape", normalized_shape if several else (normalized_shape,))


def scaled(module: Any, y: Any, shape: tuple[int, ...]) -> Any:
    """y·weight + bias, for what of the two there is."""
    if module.weight is not None:
        y = y * f.reshape(module.weight, shape)
    return y if module.bias is None else y + f.reshape(module.bias, shape)
