"""Schedules that are a factor: η_t = η_0·factor(t). Several may be chained; their factors multiply."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from autograd_lite.errors import OperandError
from nn.checks import at_least, function, number
from nn.optim.optimizer import Optimizer
from nn.schedules.scheduler import LRScheduler, checked_optimizer

Factor: TypeAlias = Callable[[int], float]


class _Factor(LRScheduler):
    """η_t = η_0·factor(t), made step by step: η_t = η_{t-1}·factor(t)/factor(t - 1)."""

    def factor(self, t: int) -> float:
        """What the first rate is multiplied by after t steps."""
        raise NotImplementedError(f"{type(self).__name__} has no factor: write def factor(self, t)")

    def rate(self, t: int, i: int) -> float:
        return self.base_lrs[i] * self.factor(t)

    def next_rate(self, lr: float, t: int, i: int) -> float:
        before, now = self.factor(t - 1) if t > 0 else 1.0, self.factor(t)
        if now == before:
            return lr
        return lr * (now / before) if before else self.rate(t, i)


class LambdaLR(LRScheduler):
    """A factor of your own: η_t = η_0·lr_lambda(t).

    lr_lambda  one function, or a list with one for each parameter group

    >>> from nn import SGD, Parameter
    >>> schedule = LambdaLR(SGD([Parameter([1.0])], lr=1.0), lambda t: 1.0 / (1.0 + t))
    >>> [schedule.rate(t, 0) for t in range(4)]
    [1.0, 0.5, 0.333..., 0.25]

    Raises OperandError when a factor is negative or not finite. It counts from η_0 alone, so it
    overrides a schedule that it is chained to, as in torch.
    """

    _no_numbers = ("optimizer", "lr_lambdas")

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Factor | Sequence[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas = _functions(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def rate(self, t: int, i: int) -> float:
        return self.base_lrs[i] * _factor_of(self.lr_lambdas[i], t)


class MultiplicativeLR(LRScheduler):
    """A factor of your own from step to step: η_t = η_{t-1}·lr_lambda(t).

    lr_lambda  one function, or a list with one for each parameter group

    >>> from nn import SGD, Parameter
    >>> optimizer = SGD([Parameter([1.0])], lr=8.0)
    >>> schedule = MultiplicativeLR(optimizer, lambda t: 0.5)
    >>> schedule.step(), schedule.step(), optimizer.lr
    (None, None, 2.0)

    Raises OperandError when a factor is negative or not finite.
    """

    _no_numbers = ("optimizer", "lr_lambdas")

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Factor | Sequence[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas = _functions(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def rate(self, t: int, i: int) -> float:
        lr: float = self.optimizer.param_groups[i]["lr"]
        return lr * _factor_of(self.lr_lambdas[i], t) if t == 0 else lr

    def next_rate(self, lr: float, t: int, i: int) -> float:
        return lr * _factor_of(self.lr_lambdas[i], t) if t > 0 else lr


class StepLR(_Factor):
    """A drop every few steps: η_t = η_0·γ^⌊t/step_size⌋, with γ = gamma.

    >>> from nn import SGD, Parameter
    >>> schedule = StepLR(SGD([Parameter([1.0])], lr=0.1), step_size=2, gamma=0.5)
    >>> [schedule.factor(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]

    Raises OperandError when step_size is no whole number of at least 1, or gamma is negative.
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size = at_least("step_size", step_size, 1)
        self.gamma = number("gamma", gamma, "[0, ∞)")
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        return float(self.gamma ** (t // self.step_size))


class MultiStepLR(_Factor):
    """A drop at each milestone: η_t = η_0·γ^(number of milestones ≤ t), with γ = gamma.

    >>> from nn import SGD, Parameter
    >>> schedule = MultiStepLR(SGD([Parameter([1.0])], lr=0.1), milestones=[1, 3], gamma=0.5)
    >>> [schedule.factor(t) for t in range(5)]
    [1.0, 0.5, 0.5, 0.25, 0.25]

    Raises OperandError when a milestone is no whole number of at least 0, or gamma is negative.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Sequence[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones = sorted(whole_numbers("milestones", milestones))
        self.gamma = number("gamma", gamma, "[0, ∞)")
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        return float(self.gamma ** bisect_right(self.milestones, t))


class ExponentialLR(_Factor):
    """A constant decay: η_t = η_0·γᵗ, with γ = gamma.

    >>> from nn import SGD, Parameter
    >>> schedule = ExponentialLR(SGD([Parameter([1.0])], lr=0.1), gamma=0.5)
    >>> [schedule.factor(t) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]

    Raises OperandError when gamma is negative.
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = number("gamma", gamma, "[0, ∞)")
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        return self.gamma**t

    def next_rate(self, lr: float, t: int, i: int) -> float:
        return lr * self.gamma if t > 0 else lr


class ConstantLR(_Factor):
    """A smaller rate at first: η_t = η_0·factor while t < total_iters, then η_0.

    >>> from nn import SGD, Parameter
    >>> schedule = ConstantLR(SGD([Parameter([1.0])], lr=0.1), factor=0.5, total_iters=2)
    >>> [schedule.factor(t) for t in range(4)]
    [0.5, 0.5, 1.0, 1.0]

    Raises OperandError when factor leaves [0, 1], or total_iters is no whole number of at least 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.at_first = number("factor", factor, "[0, 1]")
        self.total_iters = at_least("total_iters", total_iters, 1)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        return self.at_first if t < self.total_iters else 1.0


class LinearLR(_Factor):
    """A ramp, to warm up: η_t = η_0·(s + (e - s)·min(t, n)/n).

    s = start_factor, e = end_factor and n = total_iters; after n steps the rate stays η_0·e.

    >>> from nn import SGD, Parameter
    >>> schedule = LinearLR(SGD([Parameter([1.0])], lr=0.1), start_factor=0.25, total_iters=3)
    >>> [schedule.factor(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]

    Raises OperandError when start_factor leaves (0, 1], end_factor [0, 1], or total_iters is no
    whole number of at least 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3.0,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.start_factor = number("start_factor", start_factor, "(0, 1]")
        self.end_factor = number("end_factor", end_factor, "[0, 1]")
        self.total_iters = at_least("total_iters", total_iters, 1)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        done = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * done


class PolynomialLR(_Factor):
    """A way down to zero: η_t = η_0·(1 - min(t, n)/n)^power, with n = total_iters.

    >>> from nn import SGD, Parameter
    >>> schedule = PolynomialLR(SGD([Parameter([1.0])], lr=0.1), total_iters=4, power=2.0)
    >>> [schedule.factor(t) for t in range(5)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0]

    Raises OperandError when power is negative, or total_iters is no whole number of at least 1.
    """

    def __init__(
        self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1
    ) -> None:
        self.total_iters = at_least("total_iters", total_iters, 1)
        self.power = number("power", power, "[0, ∞)")
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        return float((1.0 - min(t, self.total_iters) / self.total_iters) ** self.power)


def whole_numbers(name: str, given: Any) -> list[int]:
    """A list of whole numbers of at least 0."""
    if not isinstance(given, (list, tuple, range)):
        raise OperandError(f"{name} is a list of whole numbers, not {given!r:.60}")
    return [at_least(f"{name}[{i}]", n, 0) for i, n in enumerate(given)]


def _functions(optimizer: Optimizer, given: Any) -> list[Factor]:
    """A function for each parameter group, from one for all or a list."""
    n = len(checked_optimizer(optimizer).param_groups)
    if not isinstance(given, (list, tuple)):
        return [function("lr_lambda", given)] * n
    if len(given) != n:
        raise OperandError(
            f"lr_lambda has {len(given)} functions, and the optimiser {n} parameter groups"
        )
    return [function(f"lr_lambda[{i}]", one) for i, one in enumerate(given)]


def _factor_of(one: Factor, t: int) -> float:
    return number(f"lr_lambda({t})", one(t), "[0, ∞)")
