"""Parameter groups: some parameters and the options they are trained with, checked when written."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Iterable, Mapping
from types import GeneratorType
from typing import Any, ClassVar, Final

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, did_you_mean
from nn.checks import number, numbers
from nn.parameters import is_parameter

TORCHS_SWITCHES: Final = ("foreach", "fused", "capturable", "differentiable")
"""torch's options that choose among its own implementations of a step."""


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

    def __get__(self, optimizer: Grouped | None, owner: type | None = None) -> Any:
        if optimizer is None:
            return self
        values = [group[self.name] for group in optimizer.param_groups]
        if any(value != values[0] for value in values):
            raise OperandError(
                f"the parameter groups have {self.name} {' and '.join(map(str, values))}: read "
                f"optimizer.param_groups[i][{self.name!r}]"
            )
        return values[0]

    def __set__(self, optimizer: Grouped, value: Any) -> None:
        changed = [
            Group(group.kind, {**group, self.name: value}).checked()
            for group in optimizer.param_groups
        ]
        for group, new in zip(optimizer.param_groups, changed, strict=True):
            group.data[self.name] = new[self.name]


class Group(UserDict[str, Any]):
    """A dict of "params" and of an optimiser's options, each checked when it is written.

    "initial_lr" may be there as well: the rate that schedules count from.

    Raises OperandError when there is no such option, or it is out of its range.
    """

    def __init__(self, kind: type[Grouped], entries: Mapping[str, Any]) -> None:
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

    def checked(self) -> Group:
        """The group itself, when its options fit each other."""
        self.kind.check_options(self.data)
        return self

    def __repr__(self) -> str:
        options = (f"{name}={x}" for name, x in self.data.items() if name != "params")
        return ", ".join([f"{len(self.data['params'])} parameters", *options])


class Grouped:
    """What an optimiser has of its parameters: groups of them, each with options of its own.

    options  of a class of optimisers: name → `Option`, collected from its attributes
    """

    options: ClassVar[Mapping[str, Option]] = {}

    def __init_subclass__(cls) -> None:
        inherited = (vars(base) for base in reversed(cls.__mro__))
        cls.options = {n: x for own in inherited for n, x in own.items() if isinstance(x, Option)}

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.defaults = Group(type(self), defaults).data
        self.param_groups: list[Group] = []
        for entries in _as_groups(params):
            self.add_param_group(entries)

    def add_param_group(self, entries: Mapping[str, Any]) -> None:
        """Train further parameters: {"params": [...]} and whatever options differ.

        Raises OperandError when one is trained already, and whatever the constructor refuses.
        """
        if not isinstance(entries, Mapping) or "params" not in entries:
            raise OperandError(
                f'a parameter group is a dict {{"params": [...], "lr": ...}}, not {entries!r:.60}'
            )
        params = list(dict.fromkeys(_checked(entries["params"])))
        known = set(self.parameters)
        for parameter in params:
            if parameter in known:
                raise OperandError(f"{parameter.describe()} is in two parameter groups")
        self.param_groups.append(
            Group(type(self), {**self.defaults, **entries, "params": params}).checked()
        )

    @property
    def parameters(self) -> list[Tensor]:
        """Every parameter, group by group."""
        return [parameter for group in self.param_groups for parameter in group["params"]]

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> None:
        """Raise OperandError when options do not fit each other; override."""


def _as_groups(params: Any) -> Any:
    if isinstance(params, Mapping):
        raise OperandError("parameter groups come in a list: write [{'params': [...]}]")
    if isinstance(params, GeneratorType) and params.gi_frame is None:
        raise OperandError(
            "an optimiser needs parameters and was given none: this generator was used up before, so "
            "write model.parameters() again"
        )
    given = (
        params if isinstance(params, Tensor) or not isinstance(params, Iterable) else list(params)
    )
    is_grouped = isinstance(given, list) and given and isinstance(given[0], Mapping)
    return given if is_grouped else [{"params": given}]


def _checked(parameters: Any) -> list[Tensor]:
    if isinstance(parameters, Tensor) or not isinstance(parameters, Iterable):
        raise OperandError(
            f"an optimiser takes a list of parameters, not {parameters!r:.60}: write [w], or "
            f"model.parameters()"
        )
    given = list(parameters)
    if not given:
        raise OperandError(
            "an optimiser needs parameters and was given none: a model of activations alone has "
            "nothing to train"
        )
    for x in given:
        if not is_parameter(x):
            what = x.describe() if isinstance(x, Tensor) else f"{type(x).__name__} {x!r:.60}"
            raise OperandError(f"{what} is no parameter: a leaf Tensor with requires_grad=True is")
    return given
