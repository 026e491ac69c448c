"""Flattening: several axes as one, and one as several again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.rules.namespaces import plain
from nn.checks import at_least, axis
from nn.module import Module


class Flatten(Module):
    """The axes from start_dim to end_dim as one: an image (N, C, H, W) becomes rows (N, C·H·W).

    >>> Flatten()(np.ones((8, 2, 3, 4))).shape, Flatten(0, 1)(np.ones((8, 2, 3))).shape
    ((8, 24), (16, 3))

    Raises ShapeError when x does not have these axes.
    """

    result_name = None

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = axis("start_dim", start_dim), axis("end_dim", end_dim)

    def forward(self, x: Any) -> Any:
        shape = np.shape(plain(x))
        first, last = (d + len(shape) if d < 0 else d for d in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < len(shape):
            raise ShapeError(
                f"{self.label} expected x with axes start_dim={self.start_dim} to "
                f"end_dim={self.end_dim}, got {shape}"
            )
        together = math.prod(shape[first : last + 1])
        return f.reshape(x, (*shape[:first], together, *shape[last + 1 :]))

    def extra_repr(self) -> str:
        return f"{self.start_dim} to {self.end_dim}"


class Unflatten(Module):
    """One axis as several: rows (N, C·H·W) become images (N, C, H, W) again.

    dim               which axis
    unflattened_size  the lengths it becomes; one may be -1, which is what is left

    >>> Unflatten(1, (2, 3, 4))(np.ones((8, 24))).shape
    (8, 2, 3, 4)

    Raises ShapeError when the axis has another length.
    """

    result_name = None

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]) -> None:
        if not isinstance(unflattened_size, (tuple, list)) or not unflattened_size:
            raise OperandError(
                f"unflattened_size is a tuple of lengths, as in (2, 3), not {brief(unflattened_size)}"
            )
        sizes = tuple(at_least("unflattened_size", n, -1) for n in unflattened_size)
        if sizes.count(-1) > 1:
            raise OperandError(f"unflattened_size may have one -1, what is left, not two: {sizes}")
        self.dim, self.unflattened_size = axis("dim", dim), sizes

    def forward(self, x: Any) -> Any:
        shape, wanted = np.shape(plain(x)), abs(math.prod(self.unflattened_size))
        dim = self.dim + len(shape) if self.dim < 0 else self.dim
        free = -1 in self.unflattened_size
        fits = 0 <= dim < len(shape) and (
            wanted and shape[dim] % wanted == 0 if free else shape[dim] == wanted
        )
        if not fits:
            raise ShapeError(
                f"{self.label} expected axis dim={self.dim} of x to have {'n·' * free}{wanted} entries, "
                f"for unflattened_size={self.unflattened_size}, got {shape}"
            )
        return f.reshape(x, (*shape[:dim], *self.unflattened_size, *shape[dim + 1 :]))

    def extra_repr(self) -> str:
        return f"axis {self.dim} to {self.unflattened_size}"
