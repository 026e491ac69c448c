"""Rates that go up and down, with a momentum that goes the other way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

from autograd_lite.errors import OperandError
from nn.checks import at_least, choice, flag, function, number
from nn.optim.optimizer import Optimizer
from nn.schedules.scheduler import LRScheduler, checked_optimizer, per_group


class _WithMomentum(LRScheduler):
    """A schedule that writes the momentum too: `momentum`, or β₁ where the optimiser has betas."""

    def _set_momentum(self, optimizer: Optimizer, cycled: bool, base: Any, top: Any) -> None:
        self.cycle_momentum = flag("cycle_momentum", cycled)
        self.base_momentums = per_group("base_momentum", base, optimizer, "[0, 1)")
        self.max_momentums = per_group("max_momentum", top, optimizer, "[0, 1)")
        if cycled and not {"momentum", "betas"} & optimizer.options.keys():
            raise OperandError(
                f"{type(optimizer).__name__} has neither momentum nor betas to cycle: write "
                f"cycle_momentum=False"
            )

    def momentum(self, t: int, i: int) -> float:
        """The momentum of group i after t steps."""
        raise NotImplementedError

    def other_options(self, t: int, i: int) -> dict[str, Any]:
        if not self.cycle_momentum:
            return {}
        group, momentum = self.optimizer.param_groups[i], self.momentum(t, i)
        return (
            {"betas": (momentum, group["betas"][1])} if "betas" in group else {"momentum": momentum}
        )


class OneCycleLR(_WithMomentum):
    """Once up and down: from max_lr/div_factor to max_lr, then down to the first rate/final_div_factor.

    With n = total_steps, or epochs·steps_per_epoch, the way up takes pct_start·n of them. It is a
    piece of a cosine or a line (anneal_strategy). Meanwhile momentum, or Adam's β₁, falls from
    max_momentum to base_momentum and rises again. three_phase comes down to the first rate in as
    many steps as it went up, and then to the last.

    >>> from nn import SGD, Parameter
    >>> optimizer = SGD([Parameter([1.0])])
    >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=7, anneal_strategy="linear")
    >>> [round(schedule.rate(t, 0), 2) for t in range(7)]
    [0.04, 0.91, 0.82, 0.61, 0.41, 0.2, 0.0]

    Raises OperandError when an argument is out of its range, or after total_steps steps.

    Source: Smith and Topin, "Super-convergence: very fast training of neural networks using large
    learning rates", 2018.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        checked_optimizer(optimizer)
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        self.pct_start = number("pct_start", pct_start, "[0, 1]")
        self.anneal_strategy = choice("anneal_strategy", anneal_strategy, ["cos", "linear"])
        self.three_phase = flag("three_phase", three_phase)
        self.max_lrs = per_group("max_lr", max_lr, optimizer, "[0, ∞)")
        down = number("div_factor", div_factor, "(0, ∞)")
        self.final_div_factor = number("final_div_factor", final_div_factor, "(0, ∞)")
        self._set_momentum(optimizer, cycle_momentum, base_momentum, max_momentum)
        self._attach(optimizer, last_epoch, [top / down for top in self.max_lrs])
        self._move_to(self.last_epoch + 1)

    def rate(self, t: int, i: int) -> float:
        first, top = self.base_lrs[i], self.max_lrs[i]
        last = first / self.final_div_factor
        return self._between_corners(
            t, [first, top, first, last] if self.three_phase else [first, top, last]
        )

    def momentum(self, t: int, i: int) -> float:
        low, high = self.base_momentums[i], self.max_momentums[i]
        return self._between_corners(
            t, [high, low, high, high] if self.three_phase else [high, low, high]
        )

    def _between_corners(self, t: int, corners: list[float]) -> float:
        """The value after t steps on the way from corner to corner."""
        if t > self.total_steps:
            raise OperandError(f"its cycle has {self.total_steps} steps: make it with more of them")
        up = self.pct_start * self.total_steps - 1
        ends = (
            [up, 2 * up, self.total_steps - 1] if self.three_phase else [up, self.total_steps - 1]
        )
        k = next((k for k, end in enumerate(ends) if t <= end), len(ends) - 1)
        start, end = ([0.0, *ends][k], ends[k])
        part = (t - start) / (end - start) if end != start else 1.0
        left = (
            (1.0 + math.cos(math.pi * part)) / 2.0 if self.anneal_strategy == "cos" else 1.0 - part
        )
        return corners[k + 1] + (corners[k] - corners[k + 1]) * left


class CyclicLR(_WithMomentum):
    """Up and down again and again, on lines between base_lr and max_lr.

    η_t = base_lr + (max_lr - base_lr)·h·s, where h rises from 0 to 1 in step_size_up steps and falls
    back in step_size_down. s is 1 for mode "triangular", 1/2ᵏ in cycle k = 0, 1, … for
    "triangular2", γᵗ for "exp_range" with γ = gamma; or scale_fn(k + 1) or scale_fn(t), as scale_mode
    is "cycle" or "iterations". Meanwhile momentum, or Adam's β₁, goes down from max_momentum to
    base_momentum and back.

    >>> from nn import SGD, Parameter
    >>> schedule = CyclicLR(SGD([Parameter([1.0])]), base_lr=0.0, max_lr=1.0, step_size_up=2)
    >>> [schedule.rate(t, 0) for t in range(6)]
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]

    Raises OperandError when an argument is out of its range.

    Source: Smith, "Cyclical learning rates for training neural networks", 2017.
    """

    _no_numbers = ("optimizer", "scale_fn")

    def __init__(  # noqa: PLR0913, PLR0917 - torch's arguments
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: Literal["triangular", "triangular2", "exp_range"] = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: Literal["cycle", "iterations"] = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        checked_optimizer(optimizer)
        self.max_lrs = per_group("max_lr", max_lr, optimizer, "[0, ∞)")
        self.step_size_up = at_least("step_size_up", step_size_up, 1)
        self.step_size_down = (
            self.step_size_up
            if step_size_down is None
            else at_least("step_size_down", step_size_down, 1)
        )
        self.mode = choice("mode", mode, ["triangular", "triangular2", "exp_range"])
        self.gamma = number("gamma", gamma, "[0, ∞)")
        self.scale_fn = None if scale_fn is None else function("scale_fn", scale_fn)
        self.scale_mode = choice("scale_mode", scale_mode, ["cycle", "iterations"])
        self._set_momentum(optimizer, cycle_momentum, base_momentum, max_momentum)
        self._attach(optimizer, last_epoch, per_group("base_lr", base_lr, optimizer, "[0, ∞)"))
        self._move_to(self.last_epoch + 1)

    def rate(self, t: int, i: int) -> float:
        return self.base_lrs[i] + (self.max_lrs[i] - self.base_lrs[i]) * self._height(t)

    def momentum(self, t: int, i: int) -> float:
        low, high = self.base_momentums[i], self.max_momentums[i]
        return high - (high - low) * self._height(t)

    def _height(self, t: int) -> float:
        k, into = divmod(t, self.step_size_up + self.step_size_down)
        up = into / self.step_size_up
        down = 1.0 - (into - self.step_size_up) / self.step_size_down
        return (up if into <= self.step_size_up else down) * self._scale(t, k)

    def _scale(self, t: int, k: int) -> float:
        if self.scale_fn is not None:
            at = k + 1 if self.scale_mode == "cycle" else t
            return number(f"scale_fn({at})", self.scale_fn(at), "[0, ∞)")
        if self.mode == "exp_range":
            return self.gamma**t
        return 0.5**k if self.mode == "triangular2" else 1.0


def _total(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    for name, n in {"epochs": epochs, "steps_per_epoch": steps_per_epoch}.items():
        if n is not None:
            at_least(name, n, 1)
    if total_steps is not None:
        return at_least("total_steps", total_steps, 1)
    if epochs is None or steps_per_epoch is None:
        raise OperandError("a cycle needs its length: total_steps, or epochs and steps_per_epoch")
    return int(epochs * steps_per_epoch)
