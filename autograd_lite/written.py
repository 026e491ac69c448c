"""What a user writes into a node, its data or its gradient: checked, and with a word where a graph ends.

A leaf has no graph behind it. So a node that is written into one leaves its graph there, as in `out[0] = x`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.errors import OperandError, ShapeError, brief
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.trees import is_object_array
from autograd_lite.ways_out import warn_of_cut

INTO_LEAF: Final = (
    "the node itself where the leaf was used (module.weight = node, w = node), or w.data = x.detach() "
    "where only the numbers are meant"
)


def detached(x: object, instead: str) -> Any:
    """The numbers of x, of a node as of what is none; says so where a derivative is lost by that.

    instead  what to write where the derivative is meant

    Raises OperandError inside grad and its like for what depends on their argument.
    """
    if not isinstance(x, Node):
        return x
    warn_of_cut(x, instead)
    return x._data


def write_by(change: Callable[[Any], object], array: Any) -> None:
    """Let `change` write to the array in place.

    Raises OperandError when it is no function, or returned numbers in place of writing them.
    """
    if not callable(change):
        raise OperandError(
            f"update_ takes a function that writes to the array it is given, not {brief(change)}: write "
            f"t.data = array, or t.update_(lambda a: np.add(a, b, out=a))"
        )
    returned = change(array)
    if returned is not None and returned is not array:
        raise OperandError(
            f"update_ takes a function that writes to the array it is given, and this one returned "
            f"{brief(returned)}, which is written nowhere: write np.add(a, b, out=a) for a + b, or "
            f"a[...] = …"
        )


def gradient_of(node: Node, gradient: object) -> Any:
    """A gradient as `node` keeps it: None, or numbers in its shape and dtype.

    Raises OperandError for what are no real numbers, ShapeError for another shape.
    """
    if gradient is None:
        return None
    gradient = detached(gradient, "x.grad = g.item() or g.numpy(), for the numbers alone")
    refuse_masked(gradient)
    array, wanted = _real(node, gradient), np.asarray(node._data)
    if array.shape != wanted.shape:
        instead = f": write np.full({wanted.shape}, g) for one number everywhere"
        raise ShapeError(
            f"{node.describe()} has shape {wanted.shape}, and so has its gradient, not {array.shape}"
            + (instead if array.size == 1 else "")
        )
    if not isinstance(node._data, np.ndarray):
        return float(array)
    is_own = array.dtype == wanted.dtype and array.flags.writeable
    return array if is_own else np.array(array, wanted.dtype)


def _real(node: Node, gradient: object) -> Any:
    try:
        array = np.asarray(None if is_object_array(gradient) else gradient)
    except (TypeError, ValueError):  # lists of unequal lengths, nodes in a list
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        raise OperandError(
            f"the gradient of {node.describe()} holds real numbers in its shape, "
            f"{np.shape(node._data)}, or is None; {type(gradient).__name__} {brief(gradient)} is neither"
        )
    return array
