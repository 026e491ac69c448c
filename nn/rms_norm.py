"""RMSNorm: a layer's numbers brought to mean square 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.broadcasting import as_operand
from nn.checks import flag, number
from nn.module import Module
from nn.normalization import lengths, scaled
from nn.parameters import Parameter
from nn.scaling import rescaled


class RMSNorm(Module):
    """Normalization of each example by its root mean square: y = x/√(mean x² + ε)·weight.

    x and y (…, *normalized_shape), the mean over those axes, weight of normalized_shape. eps None is
    the distance of 1 to the next number of x's dtype, as in torch.

    >>> RMSNorm(2, elementwise_affine=False)([[3.0, 4.0]]).round(4)
    array([[0.8485, 1.1314]])

    Raises ShapeError when the last axes of x are others.

    Source: Zhang and Sennrich, "Root mean square layer normalization", 2019.
    """

    result_name = None

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float | None = None,
        elementwise_affine: bool = True,
    ) -> None:
        self.normalized_shape = lengths(normalized_shape)
        self.eps = None if eps is None else number("eps", eps, "[0, ∞)")
        affine = flag("elementwise_affine", elementwise_affine)
        self.weight = Parameter(init.ones(self.normalized_shape)) if affine else None
        self.bias = None

    def forward(self, x: Any) -> Any:
        x, n = as_operand(x), len(self.normalized_shape)
        shape = np.shape(plain(x))
        if shape[-n:] != self.normalized_shape:
            raise ShapeError(
                f"{self.label} expected x of shape (..., {str(self.normalized_shape)[1:]}, its "
                f"normalized_shape, got {shape}"
            )
        dtype = np.result_type(np.asarray(plain(x)).dtype, np.float32)
        eps = float(np.finfo(dtype).eps) if self.eps is None else self.eps
        axes = tuple(range(-n, 0))
        x, eps = rescaled(x, axes, eps)
        square = f.mean(f.square(x), axis=axes, keepdims=True)
        return scaled(self, x / f.sqrt(square + eps), self.normalized_shape)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}"
