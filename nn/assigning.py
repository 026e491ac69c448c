"""What `module.name = value` means where the name is a parameter's or a buffer's already.

numbers            are written into the parameter, which stays the one that is trained
a parameter, None  takes its place, as in torch
a constant Tensor  takes its place: a weight that is frozen
a computed one     takes its place, as a hypernetwork's weight does; but not where it is computed from the
                   parameter that it replaces, or from no parameter under no_grad(): an update that would
                   silently end its training, as `w -= …` while recording would
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from autograd_lite.modes import MODES
from autograd_lite.order import reachable
from autograd_lite.ways_out import is_traced

if TYPE_CHECKING:
    from nn.module import Module


def place_taken(module: Module, name: str, value: Any) -> bool:
    """Whether a parameter stays in the place of this name, and has taken the numbers of `value`.

    Raises OperandError for an update that would be no parameter, for what are no numbers, and for a node in
    the place of a buffer; ShapeError for numbers in another shape.
    """
    if name in module._buffers:
        refuse_in_buffer(name, value)
    before = vars(module).get(name)
    if value is None or not (
        isinstance(before, Tensor) and before.is_leaf and before.requires_grad
    ):
        return False
    if isinstance(value, Tensor):
        _refuse_update(module, name, before, value)
        return False
    if hasattr(value, "named_parameters") and not isinstance(value, type):  # a module
        return False
    _write(module, name, before, value)
    return True


def _write(module: Module, name: str, before: Tensor, value: Any) -> None:
    array = numbers(f"{module.label}.{name}", value)
    if array.shape not in (before.shape, ()):
        raise ShapeError(
            f"{module.label}.{name} has shape {before.shape}, and what is assigned to it {array.shape}"
        )
    before.data = np.broadcast_to(array, before.shape)


def refuse_in_buffer(name: str, value: Any) -> None:
    """Raise for a node that requires grad in the place of a buffer, which holds numbers."""
    if getattr(value, "requires_grad", False):
        raise OperandError(
            f"a buffer is not trained: write x.detach() for the numbers of {value.describe()} in {name}"
        )


def numbers(place: str, value: Any) -> Any:
    """What is assigned to a weight, as an array."""
    try:
        return Tensor(value).value
    except OperandError as error:
        raise OperandError(f"{place} = {value!r:.60}: {error}") from None


def _refuse_update(module: Module, name: str, before: Tensor, value: Tensor) -> None:
    if value.is_leaf:
        is_update = not (value.requires_grad or MODES.recording)
    else:
        is_update = before in set(reachable(value)[0]) and not is_traced(value)
    if not is_update:
        return
    raise OperandError(
        f"{module.label}.{name} is a parameter, and {value.describe()} in its place is none, so it would "
        f"not be trained or saved: write `with no_grad(): module.{name} -= …` to move it, "
        f"module.{name}.data = x.detach() to set its numbers, or del module.{name} first where a computed "
        f"weight is meant"
    )
