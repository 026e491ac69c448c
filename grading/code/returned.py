"""What a student's function returned, taken apart into one gradient for each variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_lite.errors import AnswerError
from autograd_lite.names import pretty
from grading.answers import read


def gradients(value: Any, wrt: Sequence[str], function: str) -> dict[str, Any]:
    """The gradients by name: from one value, a tuple or list in order, or a dict.

    >>> gradients((1.0, 2.0), ["x", "h_0"], "f"), gradients({"dx": 1.0, "h_0": 2.0}, ["x", "h_0"], "f")
    ({'x': 1.0, 'h_0': 2.0}, {'x': 1.0, 'h_0': 2.0})

    Raises AnswerError, with a sentence for the student, when there are more or fewer.
    """
    if isinstance(value, Mapping):
        value = [_named(value, name, function) for name in wrt]
    elif len(wrt) == 1:
        value = value if _is_alone(value) else [value]
    if isinstance(value, np.ndarray) and value.shape[:1] == (len(wrt),):  # never list a long one
        value = list(value)
    if not isinstance(value, (list, tuple)) or len(value) != len(wrt):
        wanted = f"{_count(len(wrt))}, by {listed(wrt)}{', in this order' * (len(wrt) > 1)}"
        raise AnswerError(f"your {function} has to return {wanted}, and returned {_kind(value)}")
    return dict(zip(wrt, value, strict=True))


def array(value: Any) -> NDArray[Any]:
    """A returned gradient as an array of floats, finite or not.

    Raises AnswerError when it holds no numbers: text, True and False, objects, rows of unequal lengths.
    """
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiu":
            raise AnswerError(f"this is an array of {value.dtype.name}, not of numbers")
        return value
    if type(value) is float:
        return np.asarray(value)
    if isinstance(value, str):
        raise AnswerError("this is text: return the number itself")
    return np.asarray(read(value).value)


def _is_alone(value: Any) -> bool:
    """Whether it is a tuple or list around one gradient."""
    return (
        isinstance(value, (list, tuple))
        and len(value) == 1
        and isinstance(value[0], (np.ndarray, list))
    )


def _named(value: Mapping[str, Any], name: str, function: str) -> Any:
    for key in (name, f"d{name}", f"d_{name}", f"grad_{name}", pretty(name)):
        if key in value:
            return value[key]
    raise AnswerError(f"{function} returned a dict without {name}")


def _count(n: int) -> str:
    return "the gradient" if n == 1 else f"{n} gradients"


def listed(names: Sequence[str]) -> str:
    """Names as they are printed, in a sentence.

    >>> listed(["x", "W_hh", "yhat"])
    'x, W_hh and ŷ'
    """
    *most, last = map(pretty, names)
    return " and ".join(filter(None, [", ".join(most), last]))


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, np.ndarray):
        return f"one array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"{len(value)} values"
    return f"one {type(value).__name__}"
