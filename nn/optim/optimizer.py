"""Optimizer: what the optimisers share: parameters in groups, options, memories, and their state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError, did_you_mean
from nn.checks import flag, function
from nn.optim.groups import TORCHS_SWITCHES, Option, non_negative
from nn.optim.state import Memory, Resumable
from nn.parameters import forget_gradients

Array: TypeAlias = np.ndarray[Any, Any]


class Optimizer(Resumable):
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

    def __init__(self, params: Any, defaults: dict[str, Any], torchs: dict[str, Any]) -> None:
        _refuse_torchs(type(self), torchs)
        self._scratch: dict[Tensor, Array] = {}
        super().__init__(params, defaults)

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


def accumulator(memory: Memory, name: str, w: Array, value: float = 0.0) -> Array:
    """The array kept under `name`, filled with `value` at first."""
    if name not in memory:
        memory[name] = np.full_like(w, value)
    array: Array = memory[name]
    return array


def count_step(memory: Memory) -> int:
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


def _refuse_torchs(kind: type[Optimizer], given: dict[str, Any]) -> None:
    """Take torch's switches between its own implementations when they are off, and nothing else."""
    for name, value in given.items():
        if name not in TORCHS_SWITCHES:
            raise OperandError(
                f"{kind.__name__} has no option {name!r}; {did_you_mean(name, kind.options)}"
            )
        if value not in (None, False):
            raise OperandError(
                f"{name}={value!r:.60} chooses one of torch's implementations of a step, and here "
                f"there is one: leave it out"
            )
