"""The losses of distributions and of outliers as modules; each is the function of torch's name."""

from __future__ import annotations

from nn import distribution_losses, losses, robust_losses
from nn.criteria import Criterion
from nn.losses import Reduction


class HuberLoss(Criterion):
    """Huber's loss as a module: ½d² where |d| ≤ δ, else δ·(|d| - ½δ), averaged; see `huber_loss`.

    >>> from autograd_lite import Tensor
    >>> HuberLoss(delta=2.0)(Tensor([1.0, 5.0]), [0.0, 0.0])
    Tensor(4.25)
    """

    loss = staticmethod(robust_losses.huber_loss)

    def __init__(self, reduction: Reduction = "mean", delta: float = 1.0) -> None:
        self._set_options(delta=delta, reduction=reduction)


class SmoothL1Loss(Criterion):
    """The absolute error, smooth at 0, as a module: ½d²/β where |d| < β, else |d| - ½β; see `smooth_l1_loss`.

    >>> from autograd_lite import Tensor
    >>> SmoothL1Loss()(Tensor([0.5, 3.0]), [0.0, 0.0])
    Tensor(1.3125)
    """

    loss = staticmethod(robust_losses.smooth_l1_loss)

    def __init__(self, *, reduction: Reduction = "mean", beta: float = 1.0) -> None:
        self._set_options(beta=beta, reduction=reduction)


class KLDivLoss(Criterion):
    """The Kullback-Leibler divergence as a module: Σ p·(log p - x), of log-probabilities x; see `kl_div`.

    As in torch, "mean" divides by all entries; "batchmean" gives the divergence of the formula.

    >>> from autograd_lite import Tensor
    >>> KLDivLoss(reduction="batchmean")(Tensor([[-1.0, -2.0]]), [[0.0, 1.0]])
    Tensor(2.)
    """

    loss = staticmethod(distribution_losses.kl_div)
    reductions = ("batchmean", "mean", "sum", "none")

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        self._set_options(log_target=log_target, reduction=reduction)


class GaussianNLLLoss(Criterion):
    """A Gaussian's negative log-likelihood as a module: ½(log v + (t - μ)²/v); see `gaussian_nll_loss`.

    Called with mean, target and variance.

    >>> from autograd_lite import Tensor
    >>> GaussianNLLLoss()(Tensor([1.0]), [3.0], Tensor([4.0]))
    Tensor(1.1931)
    """

    loss = staticmethod(losses.gaussian_nll_loss)

    def __init__(
        self, *, full: bool = False, eps: float = 1e-6, reduction: Reduction = "mean"
    ) -> None:
        self._set_options(full=full, eps=eps, reduction=reduction)


class PoissonNLLLoss(Criterion):
    """Counts' negative log-likelihood as a module: λ - t·log λ, with λ = eˣ; see `poisson_nll_loss`.

    >>> from autograd_lite import Tensor
    >>> PoissonNLLLoss(log_input=False)(Tensor([2.0]), [0])
    Tensor(2.)
    """

    loss = staticmethod(distribution_losses.poisson_nll_loss)

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        *,
        eps: float = 1e-8,
        reduction: Reduction = "mean",
    ) -> None:
        self._set_options(log_input=log_input, full=full, eps=eps, reduction=reduction)
