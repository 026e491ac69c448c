"""Weights among a module's attributes: numbers are written into them, tensors take their place."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.rules.namespaces import plain
from nn.assigning import numbers
from nn.module import Module
from nn.parameters import Parameter

WEIGHTS: Final = ("W_", "U_", "b_")
"""What the names of all weights begin with."""


class Weights(Module):
    """A module whose weights W_…, U_… and b_… are assigned numbers, without being lost as parameters.

    An array or a number is written into the weight. A tensor becomes the weight, as in every module: a
    parameter to train it, a constant to freeze it, a computed one to derive through it. None leaves out a
    bias.

    >>> module = Weights()
    >>> module.W_f = Parameter([1.0, 2.0])
    >>> module.W_f = 3.0
    >>> list(module.parameters())
    [Tensor([3., 3.], name='W_f', requires_grad=True)]

    Raises ShapeError for another shape, OperandError for what is no number, for weights left out and for
    None where the equations need the weight.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith(WEIGHTS) or name not in vars(self):
            super().__setattr__(name, value)
        elif value is None:
            self._leave_out(name)
        elif isinstance(value, Tensor):
            self.refuse_misfit(name, value.shape)
            super().__setattr__(name, value)
        else:
            self._write(name, value)

    def _leave_out(self, name: str) -> None:
        """A bias or the output head's weights; the others are in the equation of every time step."""
        if vars(self)[name] is not None and not name.startswith(("b_", "W_hy")):
            raise OperandError(
                f"{self.label}.{name} = None: only biases and W_hy can be left out; write "
                f"{self.label}.{name} = 0.0 for no influence"
            )
        super().__setattr__(name, None)

    def _write(self, name: str, value: Any) -> None:
        self.refuse_absent(name, [name])
        array, weight = numbers(f"{self.label}.{name}", value), vars(self)[name]
        if array.ndim:
            self.refuse_misfit(name, array.shape)
        array = np.broadcast_to(array, weight.shape)
        if weight.is_leaf:
            weight.data = array
        else:
            super().__setattr__(name, Parameter(array.astype(weight.dtype), name=weight.name))

    def refuse_misfit(self, name: str, shape: tuple[int, ...]) -> None:
        """Raise when what is assigned to a weight has another shape."""
        weight = vars(self)[name]
        if weight is not None and weight.shape != shape:
            raise ShapeError(
                f"{self.label}.{name} has shape {weight.shape}, and what is assigned to it {shape}"
            )

    def refuse_absent(self, name: str, parts: list[str]) -> None:
        """Raise when numbers are assigned to weights of which one was left out."""
        absent = [part for part in parts if vars(self)[part] is None]
        if absent:
            raise OperandError(
                f"{self.label} was made without {', '.join(absent)}, so there is nothing to write "
                f"{name} into: make it with a bias or an output head, or assign nn.Parameter(array)"
            )


def array_or_none(x: Any) -> Any:
    """An entry of a state as an array; None for what is none, which `load_state_dict` refuses."""
    try:
        return np.asarray(plain(x))
    except (TypeError, ValueError, RuntimeError):
        return None
