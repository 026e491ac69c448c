"""ATen's operators that make numbers from none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Array
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.shape import shape_of


def _filled(shape: Sequence[int], value: Any) -> Any:
    return np.full(tuple(shape), plain(value))


def _filled_like(x: Array, value: Any) -> Any:
    return np.full(shape_of(x), plain(value))


def _nothing(*_: object, **__: object) -> None:
    """What checks and asserts give."""


CREATING: Final[Operators] = {
    "full": _filled,
    "full_like": _filled_like,
    "empty": lambda shape: np.zeros(tuple(shape)),  # whatever is there: here always zeros
    "empty_strided": lambda shape, stride: np.zeros(tuple(shape)),
    "empty_permuted": lambda shape, physical_layout: np.zeros(tuple(shape)),
    "scalar_tensor": np.asarray,
    "arange.start_step": np.arange,
    "_assert_tensor_metadata": _nothing,
    "_assert_scalar": _nothing,
    "_assert_async": _nothing,
    "sym_constrain_range_for_size": _nothing,
}
