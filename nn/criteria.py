"""The losses as modules, under torch's names: `nn.MSELoss()(y, t)` is `nn.mse_loss(y, t)`.

Options go to the constructor; shapes, and what is refused, are those of the function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_lite.errors import OperandError, did_you_mean
from nn import classification_losses, losses
from nn.module import Module


class Criterion(Module):
    """A loss with its options: a module that is called with outputs and targets.

    >>> CrossEntropyLoss(label_smoothing=0.1)
    CrossEntropyLoss(label_smoothing=0.1) · 0 parameters

    Raises OperandError when the loss has no such option.
    """

    loss: ClassVar[Callable[..., Any]]

    def __init__(self, **options: Any) -> None:
        known = list(inspect.signature(self.loss).parameters)[2:]
        for name in options:
            if name not in known:
                raise OperandError(
                    f"{type(self).__name__} has no option {name!r:.60}; {did_you_mean(name, known)}"
                )
        self.options = options

    def forward(self, y: Any, t: Any) -> Any:
        return self.loss(y, t, **self.options)

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={x!r:.60}" for name, x in self.options.items())


class MSELoss(Criterion):
    """The mean squared error as a module: (1/n) Σ (y - t)²; see `mse_loss`.

    >>> from autograd_lite import Tensor
    >>> MSELoss()(Tensor([1.0, 3.0]), [0.0, 1.0])
    Tensor(2.5)
    """

    loss = staticmethod(losses.mse_loss)


class L1Loss(Criterion):
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


class BCEWithLogitsLoss(Criterion):
    """Binary cross-entropy of y = sigmoid(x) as a module: log(1 + eˣ) - t·x, averaged; see `bce_with_logits`.

    >>> from autograd_lite import Tensor
    >>> BCEWithLogitsLoss()(Tensor([-1000.0]), [1.0])
    Tensor(1000.)
    """

    loss = staticmethod(losses.bce_with_logits)


class CrossEntropyLoss(Criterion):
    """Cross-entropy of class scores as a module: -log softmax(x)[t], averaged; see `cross_entropy`.

    >>> from autograd_lite import Tensor
    >>> CrossEntropyLoss()(Tensor([[0.0, 0.0], [1000.0, 0.0]]), [1, 0])
    Tensor(0.3466)
    """

    loss = staticmethod(classification_losses.cross_entropy)


class NLLLoss(Criterion):
    """The negative log-likelihood of class indices as a module: -log p[t], averaged; see `nll_loss`.

    >>> from autograd_lite import Tensor
    >>> NLLLoss()(Tensor([[-1.0, -2.0]]), [1])
    Tensor(2.)
    """

    loss = staticmethod(classification_losses.nll_loss)
