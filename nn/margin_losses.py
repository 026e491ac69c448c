"""Losses that ask for a margin: between scores, or between distances of what belongs together or not."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import asked, moves_in_program
from nn.broadcasting import as_operand, same_shape
from nn.loss_options import option
from nn.losses import Reduction, reduced
from nn.scaling import rescaled


def margin_ranking_loss(
    x1: Any, x2: Any, t: Any, margin: float = 0.0, reduction: Reduction = "mean"
) -> Any:
    """How far one score falls short of being above the other: max(0, -t·(x1 - x2) + margin).

    x1, x2  scores; t  1 where x1 should be the larger, -1 where x2 should; all of one shape

    >>> from autograd_lite import Tensor
    >>> margin_ranking_loss(Tensor([1.0, 2.0]), Tensor([0.0, 3.0]), [1, 1], reduction="none")
    Tensor([0., 1.])

    Raises ShapeError when the shapes differ.
    """
    margin = option("margin", margin)
    x1, x2, t = same_shape(x1=x1, x2=x2, target=t)
    return reduced(f.relu(margin - t * (x1 - x2)), reduction)


def hinge_embedding_loss(x: Any, t: Any, margin: float = 1.0, reduction: Reduction = "mean") -> Any:
    """A distance to be small where t is 1, and beyond the margin where t is -1: x, or max(0, margin - x).

    >>> from autograd_lite import Tensor
    >>> hinge_embedding_loss(Tensor([0.5, 0.25]), [1, -1], reduction="none")
    Tensor([0.5 , 0.75])

    Raises ShapeError when the shapes differ, OperandError when a target is neither 1 nor -1.
    """
    margin = option("margin", margin)
    x, t = same_shape(x=x, target=t)
    alike = _is_positive("hinge_embedding_loss", t)
    return reduced(f.where(alike, x, f.relu(margin - x)), reduction)


def soft_margin_loss(x: Any, t: Any, reduction: Reduction = "mean") -> Any:
    """The logistic loss of targets -1 and 1: log(1 + e^(-t·x)).

    >>> from autograd_lite import Tensor
    >>> soft_margin_loss(Tensor([0.0, 1.0]), [1, -1], reduction="none")
    Tensor([0.6931, 1.3133])

    Raises ShapeError when the shapes differ.
    """
    x, t = same_shape(x=x, target=t)
    return reduced(f.softplus(-(t * x)), reduction)


def cosine_embedding_loss(
    x1: Any, x2: Any, t: Any, margin: float = 0.0, reduction: Reduction = "mean"
) -> Any:
    """The angle φ between vectors, to be 0 where t is 1: 1 - cos φ, or max(0, cos φ - margin) where it is -1.

    x1, x2 (n, d) or (d,); t (n,) or a number

    >>> from autograd_lite import Tensor
    >>> cosine_embedding_loss(Tensor([[1.0, 0.0]]), Tensor([[0.0, 2.0]]), [1])
    Tensor(1.)

    Raises ShapeError when the shapes do not fit, OperandError when a target is neither 1 nor -1.
    """
    margin = option("margin", margin)
    x1, x2 = same_shape(x1=x1, x2=x2)
    shape, t = np.shape(plain(x1)), as_operand(t)
    if len(shape) not in {1, 2} or np.shape(plain(t)) != shape[:-1]:
        raise ShapeError(
            f"cosine_embedding_loss takes vectors (n, d) with targets (n,), or (d,) with a number, "
            f"not {shape} with {np.shape(plain(t))}"
        )
    alike = _is_positive("cosine_embedding_loss", t)
    cosine = _cosine(x1, x2)
    return reduced(f.where(alike, 1.0 - cosine, f.relu(cosine - margin)), reduction)


def triplet_margin_loss(  # noqa: PLR0913, PLR0917 - torch's arguments
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: Reduction = "mean",
) -> Any:
    """How far the negative falls short of the margin: max(0, d(a, p) - d(a, n) + margin).

    anchor a, positive p, negative n  (n, d) or (d,); d(x, z) = (Σ |x - z + eps|ᵖ)^{1/p}
    swap  True takes d(p, n) where it is less than d(a, n)

    >>> from autograd_lite import Tensor
    >>> triplet_margin_loss(Tensor([0.0]), Tensor([1.0]), Tensor([3.0]), margin=3.0)
    Tensor(1.)

    Raises ShapeError when the shapes differ, OperandError when p is not positive.

    Source: Balntas et al., "Learning shallow convolutional feature descriptors with triplet losses", 2016.
    """
    a, near, far = same_shape(anchor=anchor, positive=positive, negative=negative)
    margin, p, eps = option("margin", margin), option("p", p), option("eps", eps)
    to_far = _distance(a, far, p, eps)
    if option("swap", swap):
        to_far = f.minimum(to_far, _distance(near, far, p, eps))
    return reduced(f.relu(_distance(a, near, p, eps) - to_far + margin), reduction)


# --- shared --------------------------------------------------------------------------------------


def _is_positive(loss: str, t: Any) -> Any:
    """Where the target is 1; elsewhere it has to be -1."""
    signs = np.asarray(plain(t))
    if not np.isin(signs, (-1, 1)).all():
        raise OperandError(f"{loss} takes targets of -1 and 1: write 2*t - 1 for 0 and 1")
    return asked("equal", t, 1) if moves_in_program(t) else signs == 1


def _cosine(x1: Any, x2: Any) -> Any:
    """The cosine of the angle; torch adds 1e-12 under the roots, so that vectors of 0 have one."""
    (x1, first), (x2, second) = (rescaled(x, -1, 1e-12) for x in (x1, x2))
    square1, square2 = f.sum(f.square(x1), axis=-1), f.sum(f.square(x2), axis=-1)
    return f.sum(x1 * x2, axis=-1) / f.sqrt((square1 + _row(first)) * (square2 + _row(second)))


def _row(eps: Any) -> Any:
    return eps if np.ndim(eps) == 0 else eps[..., 0]


def _distance(x: Any, z: Any, p: float, eps: float) -> Any:
    d = f.absolute(x - z + eps)
    if p == 1.0:
        return f.sum(d, axis=-1)
    if p == 2.0:
        return f.norm(d, axis=-1)
    if p == float("inf"):
        return f.max(d, axis=-1)
    return f.sum(d**p, axis=-1) ** (1.0 / p)
