"""LRScheduler: what the schedules share: an optimiser, a count of steps, and a state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from autograd_lite.errors import OperandError, StateError
from nn.checks import at_least, number
from nn.optim.groups import Group
from nn.optim.optimizer import Optimizer


class LRScheduler:
    """A schedule of the learning rate; subclass it and write `rate`, or use one of `nn.schedules`.

    optimizer   its rates are written, for each parameter group, when the schedule is made and then
                at each `step()`: once an epoch or once a batch, behind `optimizer.step()`
    last_epoch  how many steps were made, -1 before the first; another number goes on from there, with
                the rates from which the optimiser's loaded groups began ("initial_lr")
    base_lrs    η_0, the rate of each group from which is counted

    >>> from nn import SGD, Parameter
    >>> class Halves(LRScheduler):
    ...     def rate(self, t, i):
    ...         return self.base_lrs[i] / 2**t
    >>> schedule = Halves(SGD([Parameter([1.0])], lr=8.0))
    >>> schedule.step()
    >>> schedule.optimizer.lr, schedule.get_last_lr()
    (4.0, [4.0])

    Raises OperandError when an argument is out of its range, or a rate would be; the rates stay then.
    """

    _no_numbers: ClassVar[tuple[str, ...]] = ("optimizer",)

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self._attach(optimizer, last_epoch)
        self._move_to(self.last_epoch + 1, anew=self.last_epoch >= 0)

    def _attach(
        self, optimizer: Optimizer, last_epoch: int = -1, base_lrs: list[float] | None = None
    ) -> None:
        self.optimizer = checked_optimizer(optimizer)
        self.last_epoch = at_least("last_epoch", last_epoch, -1)
        groups = optimizer.param_groups
        if self.last_epoch >= 0 and any("initial_lr" not in group for group in groups):
            raise OperandError(
                f"last_epoch={last_epoch} goes on where a schedule was, and this optimiser's groups "
                f"have no 'initial_lr' to count from: load the optimiser's state first"
            )
        self.base_lrs = base_lrs or [group.get("initial_lr", group["lr"]) for group in groups]

    def rate(self, t: int, i: int) -> float:
        """The rate of parameter group i after t steps, when this schedule alone changes it."""
        raise NotImplementedError(f"{type(self).__name__} has no rate: write def rate(self, t, i)")

    def next_rate(self, lr: float, t: int, i: int) -> float:
        """The rate after step t from the rate lr before it; override where schedules may be chained."""
        return self.rate(t, i)

    def other_options(self, t: int, i: int) -> dict[str, Any]:
        """Further options of group i after t steps, such as a momentum that is cycled."""
        return {}

    def step(self) -> None:
        """Go one step on; the optimiser's rates change."""
        self._move_to(self.last_epoch + 1)

    def get_last_lr(self) -> list[float]:
        """The rate of each parameter group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def _move_to(self, t: Any, anew: bool = False) -> None:
        """Write the rates after t steps, from those before or anew: all, or none when one is wrong."""
        changes = []
        try:
            for i, group in enumerate(self.optimizer.param_groups):
                lr = self.rate(t, i) if anew else self.next_rate(group["lr"], t, i)
                new = {"lr": lr, "initial_lr": self.base_lrs[i], **self.other_options(t, i)}
                changes.append(Group(group.kind, new).data)
        except (OperandError, OverflowError, ZeroDivisionError) as error:
            raise OperandError(f"{type(self).__name__} after {t} steps: {error}") from error
        for group, new in zip(self.optimizer.param_groups, changes, strict=True):
            group.data.update(new)
        self.last_epoch = math.floor(t)

    def _start(self, anew: bool = True) -> None:
        """Begin at step 0, whatever the rates were, as where `SequentialLR` goes on to this schedule."""
        self._move_to(0, anew)

    def _rewind(self) -> None:
        self.last_epoch = -1

    # --- state ---------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Every number the schedule has; functions and the optimiser are not among them."""
        entries = vars(self).items()
        return {
            name: list(x) if isinstance(x, list) else x
            for name, x in entries
            if name not in self._no_numbers
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a `state_dict` of the same kind of schedule; the rates come with the optimiser's.

        Raises StateError that lists what does not fit; nothing is loaded then.
        """
        self._check_state(state)
        own = {name: list(x) if isinstance(x, list) else x for name, x in state.items()}
        vars(self).update({name: x for name, x in own.items() if name not in self._no_numbers})

    def _check_state(self, state: Any) -> None:
        own = self.state_dict()
        if not isinstance(state, Mapping) or state.keys() != own.keys():
            given = sorted(map(str, state)) if isinstance(state, Mapping) else f"{state!r:.60}"
            raise StateError(
                f"a state of {type(self).__name__} has the entries {sorted(own)}, not {given}"
            )
        wrong = [name for name, x in own.items() if not _same_kind(x, state[name])]
        if wrong:
            listed = "; ".join(
                f"{name}: {state[name]!r:.60}, here {own[name]!r:.60}" for name in wrong
            )
            raise StateError(f"this state does not fit {type(self).__name__}: {listed}")

    def _after_epoch(self, loss: float) -> None:
        """What `fit` does after each epoch."""
        self.step()


def checked_optimizer(optimizer: Any) -> Optimizer:
    """The optimiser itself; raises OperandError for anything else."""
    if not isinstance(optimizer, Optimizer):
        raise OperandError(
            f"a schedule's first argument is an optimiser, such as SGD(model.parameters()), "
            f"not {optimizer!r:.60}"
        )
    return optimizer


def per_group(name: str, x: Any, optimizer: Optimizer, interval: str) -> list[float]:
    """A number for each parameter group, from one for all or a list."""
    n = len(optimizer.param_groups)
    if not isinstance(x, (list, tuple)):
        return [number(name, x, interval)] * n
    if len(x) != n:
        raise OperandError(f"{name} has {len(x)} entries, and the optimiser {n} parameter groups")
    return [number(f"{name}[{i}]", entry, interval) for i, entry in enumerate(x)]


def _same_kind(old: Any, new: Any) -> bool:
    """Whether entries of two states are of one kind: both numbers, lists of as many numbers, …"""
    if isinstance(old, (list, tuple)):
        return (
            isinstance(new, (list, tuple))
            and len(new) == len(old)
            and all(_same_kind(a, b) for a, b in zip(old, new, strict=True))
        )
    if isinstance(old, float):
        return isinstance(new, (int, float)) and not isinstance(new, bool) and new == new
    return type(new) is type(old)
