"""The losses as modules, under torch's names: `nn.MSELoss()(y, t)` is `nn.mse_loss(y, t)`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_lite.errors import OperandError, did_you_mean
from nn import losses
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
    """See `mse_loss`."""

    loss = staticmethod(losses.mse_loss)


class L1Loss(Criterion):
    """See `l1_loss`."""

    loss = staticmethod(losses.l1_loss)


class BCELoss(Criterion):
    """See `bce`."""

    loss = staticmethod(losses.bce)


class BCEWithLogitsLoss(Criterion):
    """See `bce_with_logits`."""

    loss = staticmethod(losses.bce_with_logits)


class CrossEntropyLoss(Criterion):
    """See `cross_entropy`."""

    loss = staticmethod(losses.cross_entropy)


class NLLLoss(Criterion):
    """See `nll_loss`."""

    loss = staticmethod(losses.nll_loss)
