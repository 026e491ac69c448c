"""What one can do with a Value and with a Tensor alike, and what Python, NumPy and pickle ask of both."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np

from autograd_lite.bits import NoBits, refuse_bits
from autograd_lite.copying import deep_copy, flatten, shallow_copy
from autograd_lite.dlpack import CPU, capsule
from autograd_lite.errors import OperandError
from autograd_lite.in_place import AugmentedOperators
from autograd_lite.modes import ACTIVE
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_mask
from autograd_lite.numpy_calls import on_function, on_ufunc
from autograd_lite.rules.program_only import is_truth, recorded
from autograd_lite.ways_out import refuse_as_array, warn_of_cut
from autograd_lite.written import gradient_of


def _of_truths(name: str, sign: str) -> Callable[[Any, object], Any]:
    """`&`, `|` and `^`, which join comparisons that a program records; a number has no bits."""

    def method(self: Any, other: object) -> Any:
        both = ACTIVE and is_truth(self) and is_truth(other)
        node = recorded(name, self, other) if both else None
        return refuse_bits(sign, self) if node is None else node

    return method


class NodeMethods(NoBits, AugmentedOperators, Node):
    """A node as its user sees it: gradient, conversions, copies, NumPy's calls."""

    __slots__ = ()

    # read in C, as the slot is that holds it; the engine writes to `_grad`
    grad: Any = property(
        attrgetter("_grad"),
        lambda self, gradient: setattr(self, "_grad", gradient_of(self, gradient)),
        doc="The total derivative that the last backward pass left here, in the data's shape, or None.",
    )

    # what Python and NumPy call on their own takes the number out of the graph, and says so
    def __float__(self) -> float:
        number = _number_of(self)
        warn_of_cut(self)
        return number

    def __int__(self) -> int:
        number = _number_of(self)
        warn_of_cut(self, how="int")
        return int(number)

    def __round__(self, digits: int | None = None) -> Any:
        number = _number_of(self)
        warn_of_cut(self, how="int")
        return round(number, digits)

    @property
    def _mask(self) -> Any:
        """What numpy.ma asks of every operand, and none of NumPy's arrays has: refuses masked arrays."""
        return refuse_mask()

    @property
    def mask(self) -> Any:
        """What numpy.ma looks for before it takes the numbers of an operand; there is none."""
        refuse_as_array(self)
        raise AttributeError(f"a {type(self).__name__} has no mask")

    __xor__ = __rxor__ = _of_truths("not_equal", "^")
    __and__ = __rand__ = _of_truths("logical_and", "&")
    __or__ = __ror__ = _of_truths("logical_or", "|")

    def __invert__(self) -> Any:
        is_mask = ACTIVE and isinstance(self._data, np.ndarray) and is_truth(self)  # ~True is -2
        node = recorded("logical_not", self) if is_mask else None
        return super().__invert__() if node is None else node

    def __reduce__(self) -> Any:
        return flatten(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return deep_copy(self, memo)

    def __copy__(self) -> Any:
        return shallow_copy(self)

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Any = None,
        dl_device: Any = None,
        copy: Any = None,
    ) -> Any:
        return capsule(self, stream, max_version, dl_device, copy)

    def __dlpack_device__(self) -> tuple[int, int]:
        return CPU

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: object) -> Any:
        return on_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return on_function(function, args, kwargs)


def _number_of(node: Node) -> float:
    try:
        return float(node._data.item() if isinstance(node._data, np.ndarray) else node._data)
    except ValueError:
        shape = node._data.shape
        raise OperandError(
            f"{node.describe()} has shape {shape}, so it is not one number"
        ) from None
