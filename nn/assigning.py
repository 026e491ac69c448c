"""What `module.name = value` means where the name is a parameter's or a buffer's already.

numbers            are written into the parameter, which stays the one that is trained
a parameter, None  takes its place, as in torch
a constant Tensor  takes its place: a weight that is frozen
a computed one     takes its place, as a hypernetwork's weight does; but not where it is computed from the
                   parameter that it replaces, or from no parameter under no_grad(): an update that would
                   silently end its training, as `w -= …` while recording would
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.modes import MODES
from autograd_lite.order import reachable
from autograd_lite.rules.namespaces import plain
from autograd_lite.ways_out import is_traced


def takes_numbers(owner: str, name: str, parameter: Tensor, value: Any) -> bool:
    """Whether the parameter stays in its place, and has taken the numbers of `value`.

    owner  how messages call the module; name  the parameter's attribute

    Raises OperandError for an update that would be no parameter and for what are no numbers, ShapeError for
    numbers in another shape.
    """
    if value is None:
        return False
    if isinstance(value, Tensor):
        _refuse_update(owner, name, parameter, value)
        return False
    array = numbers(f"{owner}.{name}", value)
    if array.shape not in (parameter.shape, ()):
        raise ShapeError(
            f"{owner}.{name} has shape {parameter.shape}, and what is assigned to it {array.shape}"
        )
    parameter.data = np.broadcast_to(array, parameter.shape)
    return True


def numbers(place: str, value: Any) -> Any:
    """What is assigned to a weight, as an array."""
    try:
        return Tensor(value).value
    except OperandError as error:
        raise OperandError(f"{place} = {value!r:.60}: {error}") from None


def as_buffer(name: str, data: Any) -> Any:
    """A copy of `data` as a buffer's array.

    Raises OperandError when they are no numbers, or a node that requires grad.
    """
    refuse_in_buffer(name, data)
    array = np.array(plain(data))
    if array.dtype.kind not in "fiub":
        raise OperandError(f"buffer {name!r} holds numbers, not {brief(data)}")
    return array


def refuse_in_buffer(name: str, value: Any) -> None:
    """Raise for a node that requires grad in the place of a buffer, which holds numbers."""
    if getattr(value, "requires_grad", False):
        raise OperandError(
            f"a buffer is not trained: write x.detach() for the numbers of {value.describe()} in {name}"
        )


def refuse_hidden(owner: str, name: str, value: Any) -> None:
    """Raise for a list or dict of modules or parameters, which would silently not be trained."""
    raise OperandError(
        f"{owner}.{name} is a plain {type(value).__name__} of modules or "
        f"parameters, which would not be trained or saved: write nn.ModuleList([...]), "
        f"nn.ModuleDict({{...}}), nn.ParameterList([...]) or nn.ParameterDict({{...}})"
    )


def _refuse_update(owner: str, name: str, parameter: Tensor, value: Tensor) -> None:
    if value.is_leaf:
        is_update = not (value.requires_grad or MODES.recording)
    else:
        is_update = parameter in set(reachable(value)[0]) and not is_traced(value)
    if not is_update:
        return
    raise OperandError(
        f"{owner}.{name} is a parameter, and {value.describe()} in its place is none, so it would "
        f"not be trained or saved: write `with no_grad(): module.{name} -= …` to move it, "
        f"module.{name}.data = x.detach() to set its numbers, or del module.{name} first where a computed "
        f"weight is meant"
    )
