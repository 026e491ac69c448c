"""Optimizer: what the optimisers share: parameters in groups, options, memories, and their state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import GeneratorType
from typing import Any, ClassVar, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError, did_you_mean
from nn.checks import flag, function
from nn.optim.groups import Group, Option, non_negative
from nn.optim.state import load, state_of
from nn.parameter import forget_gradients, is_parameter

Array: TypeAlias = np.ndarray[Any, Any]
Memory: TypeAlias = dict[str, Any]
"""What an optimiser keeps of one parameter between steps: arrays of its shape, and how many steps."""

_TORCHS_OWN = ("foreach", "fused", "capturable", "differentiable")


class Optimizer:
    """What the optimisers share; subclass it, declare each `Option` and write `_change`.

    params        Tensors to train, such as `model.parameters()`, or groups of them with options of
                  their own: [{"params": [w], "lr": 0.1}, {"params": [b]}]
    param_groups  the groups, each a dict of "params" and options, which may be changed between steps
    lr, …         an option of every group at once, read and written as an attribute
    state         parameter → what is kept of it between steps, under torch's names

    >>> from nn import SGD, Parameter
    >>> w, b = Parameter([1.0]), Parameter([0.0])
    >>> optimizer = SGD([{"params": [w], "lr": 0.5}, {"params": [b]}], lr=0.1)
    >>> [group["lr"] for group in optimizer.param_groups]
    [0.5, 0.1]

    Raises OperandError when there is no parameter, one is no leaf with requires_grad=True or is in
    two groups, or an option is out of its range, here and whenever it is written.
    """

    lr = Option(non_negative)
    weight_decay = Option(non_negative)
    maximize = Option(flag)

    options: ClassVar[Mapping[str, Option]] = {}
    kept: ClassVar[
        tuple[str, ...]
    ] = ()  # names of the arrays in a memory, all there once it is begun
    may_keep: ClassVar[tuple[str, ...]] = ()  # further arrays, there when an option asks for them
    counts: ClassVar[bool] = False  # whether a memory counts its steps

    def __init_subclass__(cls) -> None:
        inherited = (vars(base) for base in reversed(cls.__mro__))
        cls.options = {n: x for own in inherited for n, x in own.items() if isinstance(x, Option)}

    def __init__(self, params: Any, defaults: dict[str, Any], torchs: dict[str, Any]) -> None:
        _refuse_torchs(type(self), torchs)
        self.defaults = Group(type(self), defaults).data
        self.state: dict[Tensor, Memory] = {}
        self._scratch: dict[Tensor, Array] = {}
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
            Group(type(self), {**self.defaults, **entries, "params": params}).agreed()
        )

    @property
    def parameters(self) -> list[Tensor]:
        """Every parameter, group by group."""
        return [parameter for group in self.param_groups for parameter in group["params"]]

    @classmethod
    def agree(cls, options: Mapping[str, Any]) -> None:
        """Raise OperandError when options do not fit each other; override."""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient; nothing moves when one gradient does not fit.

        closure  computes the loss and its gradients first, as in torch; the loss is returned

        Raises ShapeError when a gradient has another shape than its parameter.
        """
        loss = None if closure is None else function("closure", closure)()
        moves = [
            (parameter, _gradient(parameter), group.data)
            for group in self.param_groups
            for parameter in group.data["params"]
            if parameter.grad is not None
        ]
        for parameter, g, options in moves:
            self._move(parameter, g, options)
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget every gradient, or, with set_to_none=False, fill those there are with zeros."""
        forget_gradients(self.parameters, set_to_none)

    def state_dict(self) -> dict[str, Any]:
        """A copy of what the next steps depend on: {"state": {0: …}, "param_groups": […]}.

        Parameters are numbered group by group. Names and numbers are those of torch.
        """
        return state_of(self)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a `state_dict`, of this project or of torch: training goes on exactly as it would have.

        >>> from nn import Adam, Parameter
        >>> first, second = (Adam([Parameter([1.0])], lr=rate) for rate in (0.5, 0.1))
        >>> second.load_state_dict(first.state_dict())
        >>> second.lr
        0.5

        Raises StateError that lists what does not fit; nothing is loaded then.
        """
        load(self, state)

    def _move(self, parameter: Tensor, g: Array, options: dict[str, Any]) -> None:
        memory = self.state.setdefault(parameter, {})
        scratch = self._scratch.get(parameter)
        if scratch is None:
            scratch = self._scratch[parameter] = np.empty_like(parameter.value)
        if options["maximize"]:
            g = -g
        parameter.update_(lambda w: self._change(w, g, memory, options, scratch))

    def _change(
        self, w: Array, g: Array, memory: Memory, options: dict[str, Any], scratch: Array
    ) -> None:
        """Write the new weights into `w`; `g` is left as it is."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule: write _change")

    def __repr__(self) -> str:
        return "\n".join(f"{type(self).__name__}({group})" for group in self.param_groups)


def decayed(w: Array, g: Array, options: dict[str, Any]) -> Array:
    """The gradient with that of ½·weight_decay·|w|² added."""
    decay = options["weight_decay"]
    return g + decay * w if decay else g


def kept(memory: Memory, name: str, w: Array, value: float = 0.0) -> Array:
    """The array kept under `name`, filled with `value` at first."""
    if name not in memory:
        memory[name] = np.full_like(w, value)
    array: Array = memory[name]
    return array


def tick(memory: Memory) -> int:
    """The number of this step, from 1."""
    memory["step"] = memory.get("step", 0) + 1
    return int(memory["step"])


def _gradient(parameter: Tensor) -> Array:
    g = np.asarray(parameter.grad, order="C")  # two orders of memory would make each pass slow
    if np.shape(g) != parameter.shape:
        raise ShapeError(
            f"{parameter.describe()} has shape {parameter.shape}, its gradient {np.shape(g)}"
        )
    return g


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


def _refuse_torchs(kind: type[Optimizer], given: dict[str, Any]) -> None:
    """Take torch's switches between its own implementations when they are off, and nothing else."""
    for name, value in given.items():
        if name not in _TORCHS_OWN:
            raise OperandError(
                f"{kind.__name__} has no option {name!r}; {did_you_mean(name, kind.options)}"
            )
        if value not in (None, False):
            raise OperandError(
                f"{name}={value!r:.60} chooses one of torch's implementations of a step, and here "
                f"there is one: leave it out"
            )
