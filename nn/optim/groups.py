"""Parameter groups: some parameters and the options they are trained with, checked when written."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from autograd_lite.errors import OperandError, did_you_mean
from nn.checks import number, numbers

if TYPE_CHECKING:
    from nn.optim.optimizer import Optimizer


def non_negative(name: str, x: Any) -> float:
    """A finite number of at least 0."""
    return number(name, x, "[0, ∞)")


def below_one(name: str, x: Any) -> float:
    """A number in [0, 1): what remains of a memory after a step."""
    return number(name, x, "[0, 1)")


def two_below_one(name: str, x: Any) -> tuple[float, ...]:
    """Two numbers in [0, 1)."""
    return numbers(name, x, "[0, 1)", 2)


class Option:
    """An option of an optimiser: an entry of each parameter group, and an attribute for all of them.

    check  (name, value) → the value as it is kept; it raises OperandError when it is out of range
    """

    def __init__(self, check: Callable[[str, Any], Any]) -> None:
        self.check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, optimizer: Optimizer | None, owner: type | None = None) -> Any:
        if optimizer is None:
            return self
        values = [group[self.name] for group in optimizer.param_groups]
        if any(value != values[0] for value in values):
            raise OperandError(
                f"the parameter groups have {self.name} {' and '.join(map(str, values))}: read "
                f"optimizer.param_groups[i][{self.name!r}]"
            )
        return values[0]

    def __set__(self, optimizer: Optimizer, value: Any) -> None:
        changed = [
            Group(group.kind, {**group, self.name: value}).agreed()
            for group in optimizer.param_groups
        ]
        for group, new in zip(optimizer.param_groups, changed, strict=True):
            group.data[self.name] = new[self.name]


class Group(UserDict[str, Any]):
    """A dict of "params" and of an optimiser's options, each checked when it is written.

    "initial_lr" may be there as well: the rate that schedules count from.

    Raises OperandError when there is no such option, or it is out of its range.
    """

    def __init__(self, kind: type[Optimizer], entries: Mapping[str, Any]) -> None:
        self.kind = kind
        super().__init__(entries)

    def __setitem__(self, name: str, value: Any) -> None:
        if name == "params":
            self.data[name] = value
            return
        option = self.kind.options.get("lr" if name == "initial_lr" else name)
        if option is None:
            known = ["params", *self.kind.options]
            raise OperandError(
                f"{self.kind.__name__} has no option {name!r}; {did_you_mean(str(name), known)}"
            )
        self.data[name] = option.check(name, value)

    def agreed(self) -> Group:
        """The group itself, when its options fit each other."""
        self.kind.agree(self.data)
        return self

    def __repr__(self) -> str:
        options = (f"{name}={x}" for name, x in self.data.items() if name != "params")
        return ", ".join([f"{len(self.data['params'])} parameters", *options])
