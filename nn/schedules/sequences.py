"""Schedules made of schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_lite.errors import OperandError, StateError
from nn.optim.optimizer import Optimizer
from nn.schedules.decays import whole_numbers
from nn.schedules.plateau import ReduceLROnPlateau
from nn.schedules.scheduler import LRScheduler, checked_optimizer


class _Composite(LRScheduler):
    """Schedules of one optimiser, with their states."""

    _no_numbers = ("optimizer", "schedulers")

    def _set_schedulers(self, optimizer: Optimizer | None, schedulers: Any) -> None:
        self.schedulers = _checked(optimizer, schedulers)
        self.optimizer = self.schedulers[0].optimizer

    def state_dict(self) -> dict[str, Any]:
        """The numbers of the schedule, and under "schedulers" those of each inside it."""
        inside = [schedule.state_dict() for schedule in self.schedulers]
        return {**super().state_dict(), "schedulers": inside}

    def _check_state(self, state: Any) -> None:
        own = super().state_dict()
        inside = state.get("schedulers") if isinstance(state, Mapping) else None
        if not isinstance(inside, (list, tuple)) or len(inside) != len(self.schedulers):
            raise StateError(
                f"a state of {type(self).__name__} has the entries {sorted(own)} and those of "
                f"{len(self.schedulers)} schedulers, not {state!r:.60}"
            )
        for schedule, one in zip(self.schedulers, inside, strict=True):
            schedule._check_state(one)
        super()._check_state({**state, "schedulers": self.state_dict()["schedulers"]})

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        super().load_state_dict(state)
        for schedule, one in zip(self.schedulers, state["schedulers"], strict=True):
            schedule.load_state_dict(one)

    def _rewind(self) -> None:
        for schedule in self.schedulers:
            schedule._rewind()


class SequentialLR(_Composite):
    """One schedule after the other: the next begins, from its own η_0, at each milestone.

    schedulers  of the same optimiser
    milestones  the steps at which the second, the third, … begin

    >>> from nn import SGD, ExponentialLR, LinearLR, Parameter
    >>> optimizer = SGD([Parameter([1.0])], lr=1.0)
    >>> warm, decay = LinearLR(optimizer, 0.5, total_iters=2), ExponentialLR(optimizer, 0.5)
    >>> schedule, rates = SequentialLR(optimizer, [warm, decay], milestones=[2]), []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.5, 0.25]

    Raises OperandError when the schedules are of different optimisers or need a number to step, or
    milestones are not one fewer, in rising order.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        self._set_schedulers(checked_optimizer(optimizer), schedulers)
        self.milestones = whole_numbers("milestones", milestones)
        if len(self.milestones) != len(self.schedulers) - 1:
            raise OperandError(
                f"{len(self.schedulers)} schedulers need {len(self.schedulers) - 1} milestones, "
                f"not {len(self.milestones)}"
            )
        if sorted(set(self.milestones)) != self.milestones:
            raise OperandError(f"milestones rise, and {self.milestones} do not")
        if last_epoch != -1:
            raise OperandError(
                f"last_epoch is -1, not {last_epoch!r:.60}: a sequence goes on by load_state_dict"
            )
        self._attach(optimizer)
        self._rewind()
        for group, lr in zip(optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = lr
        self._start(anew=False)

    def _start(self, anew: bool = True) -> None:
        self.last_epoch = 0
        self.schedulers[bisect_right(self.milestones, 0)]._start(anew)

    def step(self) -> None:
        t = self.last_epoch + 1
        k = bisect_right(self.milestones, t)
        if t in self.milestones:
            self.schedulers[k]._start()
        else:
            self.schedulers[k].step()
        self.last_epoch = t


class ChainedScheduler(_Composite):
    """All schedules at once: each goes on from the rate that the one before it left.

    schedulers  of the same optimiser, such as two whose factors multiply

    >>> from nn import SGD, ExponentialLR, Parameter, StepLR
    >>> optimizer = SGD([Parameter([1.0])], lr=8.0)
    >>> both = ChainedScheduler([ExponentialLR(optimizer, 0.5), StepLR(optimizer, 2, 0.5)])
    >>> both.step(), both.step(), optimizer.lr
    (None, None, 1.0)

    Raises OperandError when the schedules are of different optimisers or need a number to step.
    """

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        self._set_schedulers(optimizer, schedulers)

    def step(self) -> None:
        for schedule in self.schedulers:
            schedule.step()

    def _start(self, anew: bool = True) -> None:
        for schedule in self.schedulers:
            schedule._start(anew)


def _checked(optimizer: Optimizer | None, schedulers: Any) -> list[LRScheduler]:
    given = list(schedulers) if isinstance(schedulers, (list, tuple)) else []
    for schedule in given:
        if not isinstance(schedule, LRScheduler) or isinstance(schedule, ReduceLROnPlateau):
            raise OperandError(
                f"schedulers hold schedules whose step() takes nothing, and {schedule!r:.60} is none"
            )
    if not given:
        raise OperandError(f"schedulers is a list of schedules, not {schedulers!r:.60}")
    wanted = given[0].optimizer if optimizer is None else checked_optimizer(optimizer)
    if any(schedule.optimizer is not wanted for schedule in given):
        raise OperandError("the schedulers change different optimisers: make them for the same one")
    return given
