"""ReduceLROnPlateau: a smaller rate when a loss gets no better."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.rules.namespaces import plain
from nn.checks import at_least, choice, number
from nn.optim.optimizer import Optimizer
from nn.schedules.scheduler import LRScheduler, checked_optimizer, per_group


class ReduceLROnPlateau(LRScheduler):
    """η ← max(factor·η, min_lr) after more than `patience` steps without a better number.

    The number, such as a validation loss, is handed to `step(metrics)`; `nn.fit` hands over the validation
    loss, or without validation the training loss.

    mode            "min": smaller is better; "max": larger is
    threshold       better is below best·(1 - threshold), or with threshold_mode "abs" below
                    best - threshold; for "max" above best·(1 + threshold), best + threshold
    cooldown        this many steps after a reduction are not counted
    min_lr          for all parameter groups, or a list with one for each
    eps             a reduction by no more than this is not made

    >>> from nn import SGD, Parameter
    >>> optimizer = SGD([Parameter([1.0])], lr=1.0)
    >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    >>> optimizer.lr
    0.5

    Raises OperandError when an argument is out of its range, or metrics is no number.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        checked_optimizer(optimizer)
        self.mode = choice("mode", mode, ["min", "max"])
        self.factor = number("factor", factor, "[0, 1)")
        self.patience = at_least("patience", patience, 0)
        self.threshold = number("threshold", threshold, "[0, ∞)")
        self.threshold_mode = choice("threshold_mode", threshold_mode, ["rel", "abs"])
        self.cooldown = at_least("cooldown", cooldown, 0)
        self.min_lrs = per_group("min_lr", min_lr, optimizer, "[0, ∞)")
        self.eps = number("eps", eps, "[0, ∞)")
        self._attach(optimizer)
        self.last_epoch = self.num_bad_epochs = self.cooldown_counter = 0
        self.best = math.inf if mode == "min" else -math.inf

    def step(self, metrics: Any = None) -> None:
        """Go one step on, with the number that should get better; nan never is."""
        current = _metric(metrics)
        self.last_epoch += 1
        is_better = self._is_better(current)
        self.best = current if is_better else self.best
        self.num_bad_epochs = 0 if is_better else self.num_bad_epochs + 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, current: float) -> bool:
        sign = -1.0 if self.mode == "min" else 1.0
        if self.threshold_mode == "rel":
            bound = self.best * (1.0 + sign * self.threshold)
        else:
            bound = self.best + sign * self.threshold
        return sign * current > sign * bound

    def _reduce(self) -> None:
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            lr = max(group["lr"] * self.factor, least)
            if group["lr"] - lr > self.eps:
                group["lr"] = lr

    def _after_epoch(self, loss: float) -> None:
        self.step(loss)


def _metric(x: Any) -> float:
    array = np.asarray(plain(x))
    if array.size != 1 or array.dtype.kind not in "iuf":
        raise OperandError(f"metrics is the number that should get better, not {x!r:.60}")
    return float(array.item())
