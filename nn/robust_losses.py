"""Losses that are square near the target and linear far from it, so that outliers weigh less."""

from __future__ import annotations

from typing import Any

from autograd_lite import functions as f
from nn.broadcasting import broadcast
from nn.loss_options import option
from nn.losses import Reduction, reduced


def huber_loss(y: Any, t: Any, reduction: Reduction = "mean", delta: float = 1.0) -> Any:
    """Huber's loss: ½d² where |d| ≤ δ, else δ·(|d| - ½δ), with d = y - t.

    y, t   outputs and targets of one shape; others are broadcast, with a warning
    delta  δ > 0, where the square ends; the derivative is d, cut off at ±δ

    >>> from autograd_lite import Tensor
    >>> huber_loss(Tensor([0.5, 3.0]), [0.0, 0.0], reduction="none")
    Tensor([0.125, 2.5  ])

    Raises OperandError when delta is not positive, ShapeError when the shapes do not fit.

    Source: Huber, "Robust estimation of a location parameter", 1964.
    """
    return reduced(_cut_square(y, t, option("delta", delta)), reduction)


def smooth_l1_loss(y: Any, t: Any, reduction: Reduction = "mean", beta: float = 1.0) -> Any:
    """The absolute error, smooth at 0: ½d²/β where |d| < β, else |d| - ½β, with d = y - t.

    y, t  outputs and targets of one shape; others are broadcast, with a warning
    beta  β ≥ 0, where the square ends; 0 gives the absolute error itself

    >>> from autograd_lite import Tensor
    >>> smooth_l1_loss(Tensor([0.5, 3.0]), [0.0, 0.0], reduction="none")
    Tensor([0.125, 2.5  ])

    Raises OperandError when beta is negative, ShapeError when the shapes do not fit.

    Source: Girshick, "Fast R-CNN", 2015, equation (3).
    """
    beta = option("beta", beta)
    if beta == 0.0:
        y, t = broadcast(y, t)
        return reduced(f.absolute(y - t), reduction)
    return reduced(_cut_square(y, t, beta) / beta, reduction)


def _cut_square(y: Any, t: Any, bound: float) -> Any:
    y, t = broadcast(y, t)
    d = y - t
    # with m the cut difference, m·(d - ½m) is both branches, and its derivative m at the seam too
    m = f.clip(d, -bound, bound)
    return m * (d - 0.5 * m)
