"""What stands between the nodes of an ONNX graph: Tensors that move, plain arrays that are fixed.

Floating numbers that depend on an input or a parameter are Tensors, as are the truth values that come of
comparing them. Everything else is an array of NumPy's: constants, and whole numbers, which have no
derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.errors import GraphError, OperandError
from autograd_lite.rules.namespaces import plain

NDArray: TypeAlias = np.ndarray[Any, Any]
Given: TypeAlias = Tensor | NDArray
"""What an operator is given for one of its inputs."""

MOST_ENTRIES: Final = 2**26
"""How many entries a computed value may have: half a gigabyte of float64."""

_MOST_NUMBERS: Final = 100_000
"""How many numbers may say places or lengths."""

DTYPES: Final = {
    "tensor(float)": "float32", "tensor(double)": "float64", "tensor(bool)": "bool",
    "tensor(int8)": "int8", "tensor(int16)": "int16", "tensor(int32)": "int32", "tensor(int64)": "int64",
    "tensor(uint8)": "uint8", "tensor(uint16)": "uint16", "tensor(uint32)": "uint32",
    "tensor(uint64)": "uint64",
}  # fmt: skip
"""ONNX's names of the types of numbers that are read here, and NumPy's."""


def dtype_of(x: Given) -> np.dtype[Any]:
    """The type of a value's numbers."""
    dtype: np.dtype[Any] = plain(x).dtype
    return dtype


def kind_of(x: Given) -> str:
    """NumPy's letter for it: f for floating, i and u for whole numbers, b for truth values."""
    return dtype_of(x).kind


def moves(*values: Given | None) -> bool:
    """Whether one of them depends on a number that may change: an input or a parameter."""
    return any(isinstance(x, Tensor) and x.requires_grad for x in values)


def room_for(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape of a value about to be computed, when there is room for it.

    >>> room_for([2, 3])
    (2, 3)

    Raises GraphError when it has a negative length or too many entries; nothing was allocated.
    """
    lengths = tuple(map(int, shape))
    if any(n < 0 for n in lengths):
        raise GraphError(f"a shape has no negative lengths, as {lengths} has")
    if len(lengths) > 32:
        raise GraphError(f"{len(lengths)} axes are more than the 32 that are read here")
    entries = math.prod(max(1, n) for n in lengths)  # what has none may be summed to many
    if entries > MOST_ENTRIES:
        raise GraphError(
            f"its result of shape {lengths} would have {entries:,} entries, and at most "
            f"{MOST_ENTRIES:,} are computed"
        )
    return lengths


def whole(x: Given | Sequence[int] | None, what: str) -> tuple[int, ...]:
    """A value that says places or lengths, as Python's integers.

    >>> whole(np.array([2, -1]), "the shape")
    (2, -1)

    Raises OperandError when it is not a row of whole numbers.
    """
    array = np.asarray(plain(x))
    if array.size > _MOST_NUMBERS:
        raise GraphError(
            f"{what} has {array.size:,} numbers, more than the {_MOST_NUMBERS:,} that are read"
        )
    if array.size and (array.dtype.kind not in "iu" or array.ndim > 1):
        raise OperandError(
            f"{what} is a row of whole numbers, not {array.dtype} {list(array.shape)}"
        )
    return tuple(int(i) for i in array.ravel())


def fixed(x: Given, what: str) -> NDArray:
    """The numbers of a value that decides how something is computed, and is no variable of it.

    Raises OperandError when it is computed from an input or a parameter: it would not follow them.
    """
    if isinstance(x, Tensor) and x.requires_grad and not x.is_leaf:
        raise OperandError(
            f"{what} depends on the numbers of inputs or parameters, and would not follow"
        )
    array: NDArray = plain(x)
    return array


def single(x: Given, what: str) -> Any:
    """A value of one entry, as Python's number.

    >>> single(np.array(2.0), "the ratio")
    2.0

    Raises OperandError when it has several.
    """
    array = fixed(x, what)
    if array.size != 1:
        raise OperandError(f"{what} is one number, not {list(array.shape)}")
    return array.item()


def axis_of(axis: int, ndim: int, beyond: int = 0) -> int:
    """An axis counted from the front.

    beyond  1 where the place behind the last axis is one too

    Raises OperandError when there is none such.
    """
    if not -(ndim + beyond) <= axis < ndim + beyond:
        raise OperandError(f"axis {axis} is none of {ndim} axes")
    return axis % (ndim + beyond) if ndim + beyond else 0


def at_axis(axis: int, place: Any) -> tuple[Any, ...]:
    """The index that reads a place, or places, along one axis.

    >>> at_axis(1, 0)
    (slice(None, None, None), 0)
    """
    return (*(slice(None),) * axis, place)


def axes_of(axes: Given | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Axes counted from the front, each once; None stands for all of them."""
    if axes is None:
        return tuple(range(ndim))
    found = tuple(axis_of(i, ndim) for i in whole(axes, "axes"))
    if len(set(found)) < len(found):
        raise OperandError(f"axes {list(found)} name one twice")
    return found


def shortest(x: Given) -> Any:
    """A constant number as Python's, which formulas show as it is written."""
    return x.item() if not isinstance(x, Tensor) and x.ndim == 0 and x.dtype.kind == "f" else x
