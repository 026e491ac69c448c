"""Normalization of each example by itself: over groups of channels, or each channel alone.

y = (x - μ)/√(σ² + ε)·weight + bias, with μ and σ² of one example (σ² divided by n).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.watches import refuse_change
from nn import init
from nn.checks import TO_EVALUATE, at_least, flag, number
from nn.linear import check_features
from nn.module import Module
from nn.normalization import normalized, scaled
from nn.parameters import Parameter


class GroupNorm(Module):
    """Normalization of groups of channels: μ and σ² of each example over num_channels/num_groups of them.

    y = (x - μ)/√(σ² + ε)·weight + bias, with x and y (n, C, …), μ and σ² of each example and group,
    weight and bias (C,) when affine.

    >>> GroupNorm(2, 4)(np.array([[0.0, 2.0, 5.0, 9.0]])).numpy().round(3)
    array([[-1.,  1., -1.,  1.]])

    Raises ShapeError when axis 1 of x is not C, OperandError when the groups do not divide C.

    Source: Wu and He, "Group normalization", 2018.
    """

    result_name = None

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
    ) -> None:
        self.num_groups = at_least("num_groups", num_groups, 1)
        self.num_channels = at_least("num_channels", num_channels, 1)
        if num_channels % num_groups:
            raise OperandError(
                f"num_channels={num_channels} must be divisible by num_groups={num_groups}"
            )
        self.eps, self.affine = number("eps", eps, "[0, ∞)"), flag("affine", affine)
        bias = flag("bias", bias)
        self.weight = Parameter(init.ones((num_channels,))) if affine else None
        self.bias = Parameter(init.zeros((num_channels,))) if affine and bias else None

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        if len(shape) < 2:
            raise ShapeError(f"{self.label} expected x of shape (n, C, ...), got {shape}")
        check_features(self, x, self.num_channels, axis=1)
        group = math.prod(shape[1:]) // self.num_groups  # -1 would be any number where n is 0
        groups = f.reshape(x, (shape[0], self.num_groups, group))
        y = f.reshape(normalized(groups, (2,), self.eps), shape)
        return scaled(self, y, (-1,) + (1,) * (len(shape) - 2))

    def extra_repr(self) -> str:
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"


class _InstanceNorm(Module):
    """What InstanceNorm1d and InstanceNorm2d share; they differ in the shapes they take."""

    result_name = None

    axes: ClassVar[int]
    shapes: ClassVar[str]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        *,
        bias: bool = True,
    ) -> None:
        shape = (at_least("num_features", num_features, 1),)
        if momentum is None:
            raise OperandError(
                f"{type(self).__name__} counts no batches: momentum is a number, not None"
            )
        self.num_features, self.eps = shape[0], number("eps", eps, "[0, ∞)")
        self.momentum = number("momentum", momentum, "[0, 1]")
        self.affine, bias = flag("affine", affine), flag("bias", bias)
        self.track_running_stats = flag("track_running_stats", track_running_stats)
        self.weight = Parameter(init.ones(shape)) if affine else None
        self.bias = Parameter(init.zeros(shape)) if affine and bias else None
        if track_running_stats:
            self.register_buffer("running_mean", init.zeros(shape))
            self.register_buffer("running_var", init.ones(shape))
            self.register_buffer("num_batches_tracked", np.zeros((), np.int64))

    def forward(self, x: Any) -> Any:
        self._check(x)
        across, column = tuple(range(-self.axes, 0)), (-1,) + (1,) * self.axes
        if self.training or not self.track_running_stats:
            self._track(np.asarray(plain(x)), across)
            return scaled(self, normalized(x, across, self.eps), column)
        dtype = np.asarray(plain(x)).dtype
        mean = self.running_mean.reshape(column).astype(dtype)
        var = self.running_var.reshape(column).astype(dtype)
        return scaled(self, (x - mean) / f.sqrt(var + self.eps), column)

    def _check(self, x: Any) -> None:
        shape = np.shape(plain(x))
        if len(shape) not in {self.axes + 1, self.axes + 2}:
            raise ShapeError(f"{self.label} expected x of shape {self.shapes}, got {shape}")
        check_features(self, x, self.num_features, axis=len(shape) - self.axes - 1)
        if math.prod(shape[-self.axes :]) == 1 and (self.training or not self.track_running_stats):
            raise ShapeError(
                f"{self.label} needs more than one number per channel to take a variance, got "
                f"shape {shape}"
            )

    def _track(self, x: Any, across: tuple[int, ...]) -> None:
        """Move the running statistics towards the examples' average, the variance's over n - 1."""
        if not (self.training and self.track_running_stats):
            return
        refuse_change(f"the running statistics of {self.label}", TO_EVALUATE)
        part = self.momentum  # num_batches_tracked stays 0, as in torch
        mean, var = x.mean(across), x.var(across, ddof=1)
        self.running_mean += part * (
            mean.reshape(-1, self.num_features).mean(0) - self.running_mean
        )
        self.running_var += part * (var.reshape(-1, self.num_features).mean(0) - self.running_var)

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class InstanceNorm1d(_InstanceNorm):
    """Normalization of each channel of each sequence, for x (n, C, L) or (C, L): μ and σ² over L.

    y = (x - μ)/√(σ² + ε), times weight plus bias when affine. With track_running_stats the running
    averages are used after `eval()`.

    >>> InstanceNorm1d(1)(np.array([[[0.0, 2.0]]])).round(3)
    array([[[-1.,  1.]]])

    Raises ShapeError when x has another shape, or one number for each channel only while training.

    Source: Ulyanov, Vedaldi and Lempitsky, "Instance normalization", 2016.
    """

    axes = 1
    shapes = "(n, C, L) or (C, L)"


class InstanceNorm2d(_InstanceNorm):
    """Normalization of each channel of each image, for x (n, C, H, W) or (C, H, W); see `InstanceNorm1d`.

    >>> y = InstanceNorm2d(3)(np.arange(96.0).reshape(2, 3, 4, 4))
    >>> bool(np.allclose(y.mean((2, 3)), 0.0)), bool(np.allclose(y.std((2, 3)), 1.0, atol=1e-5))
    (True, True)

    Raises ShapeError when x has another shape, or one number for each channel only while training.
    """

    axes = 2
    shapes = "(n, C, H, W) or (C, H, W)"
