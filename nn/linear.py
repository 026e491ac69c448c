"""Linear: the excitation of a layer, ξ = W·x + b."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import ShapeError
from autograd_lite.rules.namespaces import plain
from nn import init
from nn.checks import at_least, flag
from nn.module import Module
from nn.parameters import Parameter


class Linear(Module):
    """The excitation of a layer: ξ = x·Wᵀ + b.

    x (…, in), weight W (out, in), bias b (out,), ξ (…, out), with examples as rows of x. W is
    stored as in torch, so it is the transpose of the lecture's: W = W_lᵀ in ξ = W_lᵀ·z_l + b_l.
    Weights and biases start uniform on ±1/√in.

    >>> layer = Linear(2, 1, generator=0)
    >>> layer.load_state_dict({"weight": [[1.0, 10.0]], "bias": [0.5]})
    >>> layer([[1.0, 2.0]])
    Tensor([[21.5]])

    Raises ShapeError when the last axis of x is not in_features.

    Source: lecture notes on deep learning, equation (8).
    """

    result_name: ClassVar[str | None] = "xi"

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        generator: init.Generator = None,
    ) -> None:
        rng = init.as_generator(generator)
        self.in_features = at_least("in_features", in_features, 1)
        self.out_features = at_least("out_features", out_features, 1)
        self.weight = Parameter(init.lecun_uniform((out_features, in_features), in_features, rng))
        self.bias = (
            Parameter(init.lecun_uniform((out_features,), in_features, rng))
            if flag("bias", bias)
            else None
        )

    def forward(self, x: Any) -> Any:
        check_features(self, x, self.in_features)
        if self.bias is None:
            return f.matmul(x, self.weight.T)
        return f.affine(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"{self.in_features} → {self.out_features}"


def check_features(module: Module, x: Any, features: int, axis: int = -1) -> None:
    """Raise ShapeError unless axis `axis` of x has this length."""
    shape = np.shape(plain(x))
    if len(shape) < (axis + 1 or 1) or shape[axis] != features:
        where = "the last axis" if axis == -1 else f"axis {axis}"
        raise ShapeError(
            f"{module.label} expected {features} features on {where} of x, got shape {shape}"
        )
