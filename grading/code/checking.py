"""One returned gradient against the right one: type, then shape, then finiteness, then closeness.

Each check is written so that nan, an empty array and an object fail it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import AnswerError
from autograd_lite.names import pretty
from grading.code.returned import array

CLOSE: Final = 1e-6
"""relative to the largest entry: closer is right"""
EXACT: Final = 1e-11
"""what is further off than rounding explains looks like a numerical derivative"""
_SINGLE: Final = 1e-4
"""what counts as close in single precision"""


@dataclass(frozen=True, eq=False)
class Check:
    """How a returned gradient compares with the right one.

    status  "right", or the first check that it fails
    says    a sentence for the student; "" where it is right, or wrong in its numbers
    remark  what is worth saying of a right one
    value   the returned array, where it is one
    """

    status: Literal["right", "type", "shape", "finite", "wrong"]
    says: str = ""
    remark: str = ""
    value: NDArray[Any] | None = None


def check(returned: Any, right: NDArray[Any], name: str) -> Check:
    """Whether what was returned as the gradient by `name` is the right one.

    >>> check(np.array([1.0, 2.0]), np.array([1.0, 2.0]), "W").status
    'right'
    >>> check(np.array([]), np.array([1.0, 2.0]), "W").says
    'The gradient by W has shape (0,), and W has shape (2,).'
    >>> [check(x, np.array(2.0), "x").status for x in (float("nan"), "2", 2.1, 2)]
    ['finite', 'type', 'wrong', 'right']
    """
    try:
        value = array(returned)
    except AnswerError as error:
        return Check("type", f"The gradient by {pretty(name)} is none: {error}.")
    if value.shape != right.shape and not (value.size == right.size == 1 and right.ndim == 0):
        return Check("shape", _shapes(value, right, pretty(name)), value=value)
    if not np.all(np.isfinite(value)):
        return Check(
            "finite",
            f"The gradient by {pretty(name)} is not finite (nan or infinite).",
            value=value,
        )
    value = value.astype(float).reshape(right.shape)
    with np.errstate(all="ignore"):
        single = bool(np.all(value.astype(np.float32) == value))  # lists and numbers have no dtype
        off = float(np.max(np.abs(value - right)) / np.max(np.abs(right)))
    if not off <= (_SINGLE if single else CLOSE):
        return Check("wrong", value=value)
    return Check("right", remark=_remark(off, single), value=value)


def _shapes(value: NDArray[Any], right: NDArray[Any], name: str) -> str:
    says = f"The gradient by {name} has shape {value.shape}, and {name} has shape {right.shape}."
    if value.ndim > 1 and value.T.shape == right.shape:
        return f"{says} Is it transposed?"
    return says


def _remark(off: float, single: bool) -> str:
    if not off > EXACT:
        return ""
    if single:
        return "It is computed in single precision."
    return "It is a little off, as a numerical derivative is."
