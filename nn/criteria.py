"""The losses as modules, under torch's names: `nn.MSELoss()(y, t)` is `nn.mse_loss(y, t)`.

Options go to the constructor; shapes, and what is refused, are those of the function. Weights are
buffers, part of the module's state, as in torch.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from nn import classification_losses, losses
from nn.checks import choice
from nn.loss_options import option
from nn.losses import Reduction
from nn.module import Module


class Criterion(Module):
    """A loss with its options: a module that is called with outputs and targets.

    >>> CrossEntropyLoss(label_smoothing=0.1)
    CrossEntropyLoss(label_smoothing=0.1) · 0 parameters

    Raises OperandError when the loss has no such option, or no such reduction.
    """

    result_name = None

    loss: ClassVar[Callable[..., Any]]
    reductions: ClassVar[tuple[str, ...]] = ("mean", "sum", "none")
    names: tuple[str, ...] = ()

    def _set_options(self, *, reduction: str, **options: Any) -> None:
        """Keep the options, as attributes of these names."""
        known = {name: option(name, x) for name, x in options.items()}
        for name, x in (
            known | {"reduction": choice("reduction", reduction, self.reductions)}
        ).items():
            if "weight" in name and x is not None:
                self.register_buffer(name, x)
            else:
                setattr(self, name, x)
        self.names = (*options, "reduction")

    def forward(self, *operands: Any) -> Any:
        return type(self).loss(*operands, **{name: getattr(self, name) for name in self.names})

    def extra_repr(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        options = [(name, getattr(self, name)) for name in self.names if name not in self._buffers]
        return ", ".join(f"{name}={x!r}" for name, x in options if x != defaults[name].default)


class _Difference(Criterion):
    """A loss of outputs and targets alone."""

    def __init__(self, *, reduction: Reduction = "mean") -> None:
        self._set_options(reduction=reduction)


class MSELoss(_Difference):
    """The mean squared error as a module: (1/n) Σ (y - t)²; see `mse_loss`.

    >>> from autograd_lite import Tensor
    >>> MSELoss()(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)
    """

    loss = staticmethod(losses.mse_loss)


class L1Loss(_Difference):
    """The mean absolute error as a module: (1/n) Σ |y - t|; see `l1_loss`.

    >>> from autograd_lite import Tensor
    >>> L1Loss()(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(1.5)
    """

    loss = staticmethod(losses.l1_loss)


class BCELoss(Criterion):
    """Binary cross-entropy of probabilities as a module; see `bce`.

    It is -(t·log y + (1 - t)·log(1 - y)), averaged.

    >>> from autograd_lite import Tensor
    >>> BCELoss()(Tensor([0.5, 1.0]), [1.0, 1.0])
    Tensor(0.3466)
    """

    loss = staticmethod(losses.bce)

    def __init__(self, weight: Any = None, *, reduction: Reduction = "mean") -> None:
        self._set_options(weight=weight, reduction=reduction)


class BCEWithLogitsLoss(Criterion):
    """Binary cross-entropy of y = sigmoid(x) as a module: log(1 + eˣ) - t·x, averaged; see `bce_with_logits`.

    pos_weight  by how much targets of 1 count more

    >>> from autograd_lite import Tensor
    >>> BCEWithLogitsLoss(pos_weight=[2.0])(Tensor([-1000.0]), [1.0])
    Tensor(2000.)
    """

    loss = staticmethod(losses.bce_with_logits)

    def __init__(
        self, weight: Any = None, *, reduction: Reduction = "mean", pos_weight: Any = None
    ) -> None:
        self._set_options(weight=weight, pos_weight=pos_weight, reduction=reduction)


class CrossEntropyLoss(Criterion):
    """Cross-entropy of class scores as a module: -log softmax(x)[t], averaged; see `cross_entropy`.

    >>> from autograd_lite import Tensor
    >>> CrossEntropyLoss()(Tensor([[0.0, 0.0], [1000.0, 0.0]]), [1, 0])
    Tensor(0.3466)
    """

    loss = staticmethod(classification_losses.cross_entropy)

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: Reduction = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        smoothed = {"label_smoothing": label_smoothing}
        self._set_options(weight=weight, ignore_index=ignore_index, reduction=reduction, **smoothed)


class NLLLoss(Criterion):
    """The negative log-likelihood of class indices as a module: -log p[t], averaged; see `nll_loss`.

    >>> from autograd_lite import Tensor
    >>> NLLLoss()(Tensor([[-1.0, -2.0]]), [1])
    Tensor(2.)
    """

    loss = staticmethod(classification_losses.nll_loss)

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: Reduction = "mean"
    ) -> None:
        self._set_options(weight=weight, ignore_index=ignore_index, reduction=reduction)
