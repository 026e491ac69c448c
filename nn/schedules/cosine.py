"""Half a cosine down, once or again and again."""

from __future__ import annotations

import math

from nn.checks import at_least, number
from nn.optim.optimizer import Optimizer
from nn.schedules.scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """Half a cosine down: η_t = η_min + (η_0 - η_min)·(1 + cos(π·t/T_max))/2.

    eta_min is η_min. After T_max steps the rate is η_min, and then it rises again.

    >>> from nn import SGD, Parameter
    >>> schedule = CosineAnnealingLR(SGD([Parameter([1.0])], lr=1.0), T_max=4)
    >>> [round(schedule.rate(t, 0), 4) for t in range(5)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0]

    Raises OperandError when T_max is no whole number of at least 1, or eta_min is negative.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max = at_least("T_max", T_max, 1)
        self.eta_min = number("eta_min", eta_min, "[0, ∞)")
        super().__init__(optimizer, last_epoch)

    def rate(self, t: int, i: int) -> float:
        return self.eta_min + (self.base_lrs[i] - self.eta_min) * _half_cosine(t / self.T_max)

    def next_rate(self, lr: float, t: int, i: int) -> float:
        if t == 0:
            return lr
        if t % (2 * self.T_max) == (self.T_max + 1) % (2 * self.T_max):
            # the cosine was 0 before, so there is nothing to multiply
            return lr + (self.base_lrs[i] - self.eta_min) * _half_cosine(1.0 + 1.0 / self.T_max)
        ratio = _half_cosine(t / self.T_max) / _half_cosine((t - 1) / self.T_max)
        return self.eta_min + (lr - self.eta_min) * ratio


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine down, again and again: η_t = η_min + (η_0 - η_min)·(1 + cos(π·T_cur/T_i))/2.

    T_cur steps were made since the last restart, and T_i is how many this round has: T_0 in the
    first, and T_mult times as many in each further one. eta_min is η_min.

    >>> from nn import SGD, Parameter
    >>> schedule = CosineAnnealingWarmRestarts(SGD([Parameter([1.0])], lr=1.0), T_0=2, T_mult=2)
    >>> [round(schedule.rate(t, 0), 4) for t in range(7)]
    [1.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 1.0]

    Raises OperandError when T_0 or T_mult is no whole number of at least 1, or eta_min is negative.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.T_0, self.T_mult = at_least("T_0", T_0, 1), at_least("T_mult", T_mult, 1)
        self.eta_min = number("eta_min", eta_min, "[0, ∞)")
        self.position = float(at_least("last_epoch", last_epoch, -1) + 1)
        super().__init__(optimizer, last_epoch)

    def rate(self, t: float, i: int) -> float:
        T_cur, T_i = self._position_in_cycle(t)
        return self.eta_min + (self.base_lrs[i] - self.eta_min) * _half_cosine(T_cur / T_i)

    def _position_in_cycle(self, t: float) -> tuple[float, int]:
        """Steps since the last restart, and how many this round has."""
        if self.T_mult == 1:
            return t % self.T_0, self.T_0
        T_i = self.T_0
        while t >= T_i:
            t, T_i = t - T_i, T_i * self.T_mult
        return t, T_i

    def step(self, epoch: float | None = None) -> None:
        """Go one step on, or to where epoch says: epoch + batch/batches goes on within an epoch.

        Raises OperandError when epoch is negative or no number.
        """
        t = self.position + 1.0 if epoch is None else number("epoch", epoch, "[0, ∞)")
        self._move_to(t)
        self.position = t

    def _start(self, anew: bool = True) -> None:
        super()._start(anew)
        self.position = 0.0

    def _rewind(self) -> None:
        super()._rewind()
        self.position = -1.0


def _half_cosine(part: float) -> float:
    return (1.0 + math.cos(math.pi * part)) / 2.0
