"""The losses that ask for a margin as modules; each is the function of torch's name."""

from __future__ import annotations

from nn import margin_losses
from nn.criteria import Criterion, _Difference
from nn.losses import Reduction


class _Margin(Criterion):
    """A loss whose one option is the margin."""

    def __init__(self, margin: float = 0.0, *, reduction: Reduction = "mean") -> None:
        self._set_options(margin=margin, reduction=reduction)


class MarginRankingLoss(_Margin):
    """Scores in the right order as a module: max(0, -t·(x1 - x2) + margin); see `margin_ranking_loss`.

    >>> from autograd_lite import Tensor
    >>> MarginRankingLoss(0.5)(Tensor([1.0]), Tensor([1.0]), [1])
    Tensor(0.5)
    """

    loss = staticmethod(margin_losses.margin_ranking_loss)


class CosineEmbeddingLoss(_Margin):
    """The angle between vectors as a module: 1 - cos φ, or max(0, cos φ - margin).

    Called with two batches of vectors and targets of 1 and -1; see `cosine_embedding_loss`.

    >>> from autograd_lite import Tensor
    >>> CosineEmbeddingLoss()(Tensor([[1.0, 0.0]]), Tensor([[0.0, 2.0]]), [1])
    Tensor(1.)
    """

    loss = staticmethod(margin_losses.cosine_embedding_loss)


class HingeEmbeddingLoss(Criterion):
    """Distances small or beyond the margin as a module: x, or max(0, margin - x); see `hinge_embedding_loss`.

    >>> from autograd_lite import Tensor
    >>> HingeEmbeddingLoss()(Tensor([0.5, 0.25]), [1, -1])
    Tensor(0.625)
    """

    loss = staticmethod(margin_losses.hinge_embedding_loss)

    def __init__(self, margin: float = 1.0, *, reduction: Reduction = "mean") -> None:
        self._set_options(margin=margin, reduction=reduction)


class SoftMarginLoss(_Difference):
    """The logistic loss of targets -1 and 1 as a module: log(1 + e^(-t·x)), averaged; see `soft_margin_loss`.

    >>> from autograd_lite import Tensor
    >>> SoftMarginLoss()(Tensor([-1000.0]), [1])
    Tensor(1000.)
    """

    loss = staticmethod(margin_losses.soft_margin_loss)


class TripletMarginLoss(Criterion):
    """The negative farther than the positive, as a module: max(0, d(a, p) - d(a, n) + margin).

    Called with anchor, positive and negative; see `triplet_margin_loss`.

    >>> from autograd_lite import Tensor
    >>> TripletMarginLoss(margin=3.0)(Tensor([0.0]), Tensor([1.0]), Tensor([3.0]))
    Tensor(1.)
    """

    loss = staticmethod(margin_losses.triplet_margin_loss)

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        *,
        reduction: Reduction = "mean",
    ) -> None:
        self._set_options(margin=margin, p=p, eps=eps, swap=swap, reduction=reduction)
