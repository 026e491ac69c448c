"""Outputs and targets of different shapes: compared as torch compares them, and never silently."""

from __future__ import annotations

import sys
import warnings
from typing import Any, Final

import numpy as np

from autograd_lite.errors import ShapeError
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.rules.namespaces import plain

INSIDE: Final = ("nn", "autograd_lite")


def as_operand(x: Any) -> Any:
    """`x` as operations take it: a node stays, a list becomes an array."""
    refuse_masked(x)
    return x if isinstance(x, Node) else np.asarray(x)


def broadcast(y: Any, t: Any) -> tuple[Any, Any]:
    """Output and target of a loss that compares them entry by entry, as in torch.

    Warns when NumPy's broadcasting has to make their shapes equal: of (n, 1) and (n,) every output
    meets every target.

    Raises ShapeError when it cannot.
    """
    y, t = as_operand(y), as_operand(t)
    of_y, of_t = np.shape(plain(y)), np.shape(plain(t))
    if of_y == of_t:
        return y, t
    try:
        whole = np.broadcast_shapes(of_y, of_t)
    except ValueError:
        raise ShapeError(
            f"the output has shape {of_y}, the target {of_t}, and no broadcasting makes them "
            f"equal: reshape the target"
        ) from None
    warnings.warn(
        f"the output has shape {of_y}, the target {of_t}: broadcast to {whole}, each is compared "
        f"with several of the other; reshape the target where that is not meant",
        UserWarning,
        stacklevel=_users_stack_level(),
    )
    return y, t


def same_shape(**operands: Any) -> list[Any]:
    """Operands of a loss that does not broadcast, by what messages call them.

    Raises ShapeError when their shapes differ.
    """
    found = [as_operand(x) for x in operands.values()]
    shapes = [np.shape(plain(x)) for x in found]
    if len(set(shapes)) > 1:
        said = ", ".join(f"{name} {shape}" for name, shape in zip(operands, shapes, strict=True))
        raise ShapeError(f"these must have one shape: {said}; reshape or broadcast them first")
    return found


def _users_stack_level() -> int:
    """How many frames up the first line is that is not this project's, for the warning to name."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals["__name__"].split(".")[0] in INSIDE:
        frame, level = frame.f_back, level + 1
    return level
