"""Schedules: how the learning rate changes from epoch to epoch, with torch's names and numbers.

Each is a formula for the rate η_t after t steps, from the rate η_0 the optimiser began with.
`nn.fit(..., schedule=schedule)` goes one step on after each epoch; a loop of your own calls `step()`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd_lite.errors import OperandError
from nn.optim import Optimizer


class Schedule:
    """The rate after t steps: η_t = η_0·factor(t), with η_0 the optimiser's own.

    >>> from nn import SGD, Parameter
    >>> schedule = ExponentialLR(SGD([Parameter([1.0])], lr=8.0), gamma=0.5)
    >>> schedule.step()
    >>> schedule.optimizer.lr
    4.0
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer, self.base, self.t = optimizer, optimizer.lr, 0
        optimizer.lr = self.base * self.factor(0)

    def factor(self, t: int) -> float:
        """What the first rate is multiplied by after t steps."""
        raise NotImplementedError(f"{type(self).__name__} has no factor: write def factor(self, t)")

    def step(self) -> None:
        """Go one step on; the optimiser's rate changes."""
        self.t += 1
        self.optimizer.lr = self.base * self.factor(self.t)


class LambdaLR(Schedule):
    """A factor of your own: η_t = η_0·lr_lambda(t).

    >>> from nn import SGD, Parameter
    >>> schedule = LambdaLR(SGD([Parameter([1.0])], lr=0.1), lambda t: 1.0 / (1.0 + t))
    >>> [schedule.factor(t) for t in range(4)]
    [1.0, 0.5, 0.333..., 0.25]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self._factor = lr_lambda
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        return self._factor(t)


class StepLR(Schedule):
    """A drop every few steps: η_t = η_0·γ^⌊t/step_size⌋, with γ = gamma.

    >>> from nn import SGD, Parameter
    >>> schedule = StepLR(SGD([Parameter([1.0])], lr=0.1), step_size=2, gamma=0.5)
    >>> [schedule.factor(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]

    Raises OperandError when step_size is no whole number of at least 1.
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = _positive("step_size", step_size), gamma
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        return float(self.gamma ** (t // self.step_size))


class ExponentialLR(Schedule):
    """A constant decay: η_t = η_0·γᵗ, with γ = gamma.

    >>> from nn import SGD, Parameter
    >>> schedule = ExponentialLR(SGD([Parameter([1.0])], lr=0.1), gamma=0.5)
    >>> [schedule.factor(t) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        return float(self.gamma**t)


class CosineAnnealingLR(Schedule):
    """Half a cosine down: η_t = η_min + (η_0 - η_min)·(1 + cos(π·t/T_max))/2.

    eta_min is η_min. After T_max steps the rate is η_min, and then it rises again.

    >>> from nn import SGD, Parameter
    >>> schedule = CosineAnnealingLR(SGD([Parameter([1.0])], lr=0.1), T_max=4)
    >>> [round(schedule.factor(t), 4) for t in range(5)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0]

    Raises OperandError when T_max is no whole number of at least 1.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = _positive("T_max", T_max), eta_min
        self._lowest = eta_min / optimizer.lr if optimizer.lr else 0.0
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        return (
            self._lowest + (1.0 - self._lowest) * (1.0 + math.cos(math.pi * t / self.T_max)) / 2.0
        )


class LinearLR(Schedule):
    """A ramp, to warm up: η_t = η_0·(s + (e - s)·min(t, n)/n).

    s = start_factor, e = end_factor and n = total_iters; after n steps the rate stays η_0·e.

    >>> from nn import SGD, Parameter
    >>> schedule = LinearLR(SGD([Parameter([1.0])], lr=0.1), start_factor=0.25, total_iters=3)
    >>> [schedule.factor(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]

    Raises OperandError when total_iters is no whole number of at least 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3.0,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        self.start, self.end = start_factor, end_factor
        self.total_iters = _positive("total_iters", total_iters)
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        return self.start + (self.end - self.start) * min(t, self.total_iters) / self.total_iters


def _positive(name: str, n: int) -> int:
    if not (isinstance(n, int) and n > 0):
        raise OperandError(f"{name} is a whole number of steps, at least 1, not {n!r}")
    return n
