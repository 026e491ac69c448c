"""What a public function says of arguments that do not fit: in this project's errors, and what it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from operator import index
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np

from autograd_lite.errors import (
    AutogradError,
    IndexingError,
    MatrixError,
    OperandError,
    ShapeError,
    brief,
    without_types,
)
from autograd_lite.habits import hint_for_argument
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.spellings import OF_VALUES, shown

P = ParamSpec("P")
R = TypeVar("R")

KINDS: Final = {
    np.linalg.LinAlgError: MatrixError,
    np.exceptions.AxisError: ShapeError,
    IndexError: IndexingError,
    TypeError: OperandError,
    ValueError: ShapeError,
}
"""Python's and NumPy's errors, the special ones first, and what they are called here."""

FOREIGN: Final = (TypeError, ValueError, IndexError)
"""What Python and NumPy raise of arguments that do not fit."""

REFUSED: Final = {
    "out": "a node is never written to; take the result, y = {name}(…)",
    "order": "arrays here are in C order; transpose before and after to count otherwise",
    "casting": "operands here are float64 or float32; write astype(x, dtype)",
    "subok": "there are no subclasses of arrays here; leave it out",
    "like": "there are no subclasses of arrays here; leave it out",
    "hermitian": "leave it out, or use eigh for a symmetric matrix",
    "dtype": "the result has its operands' dtype; write astype(x, dtype)",
    "where": "only plain calls are recorded; choose with where(condition, a, b)",
}
"""Arguments of NumPy's functions that some functions here do not take, and what to write instead."""


def explained(function: Callable[P, R]) -> Callable[P, R]:
    """The function with every complaint of Python's and NumPy's in this project's errors.

    >>> @explained
    ... def first(x, axis=0):
    ...     return np.take(x, 0, axis)
    >>> first([1.0], axis=1)
    Traceback (most recent call last):
    autograd_lite.errors.ShapeError: first([1.0], axis=1): axis 1 is out of bounds for array of dimension 1
    >>> first([1.0], out=None)
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: first(x, axis=0) does not take out: a node is never written to...
    """

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        try:
            return function(*args, **options)
        except AutogradError as error:
            if not isinstance(error.__cause__, FOREIGN):
                raise
            # a step of this function was refused: the reader knows the function, not its steps
            raise _explanation(function, args, options, error.__cause__) from error.__cause__
        except FOREIGN as error:
            raise _explanation(function, args, options, error) from error

    return call


def refuse_no_flag(name: str, x: object, instead: str) -> None:
    """Raise OperandError when a switch is neither True nor False; `instead` says what it is for.

    >>> refuse_no_flag("keep", True, "")
    """
    if not isinstance(x, (bool, np.bool_)):
        raise OperandError(f"{name} is True or False, not {brief(x)}: {instead}")


def as_flag(requires_grad: object) -> bool:
    """`requires_grad` as the caller gave it; whatever is no bool was meant for another argument."""
    if isinstance(requires_grad, (bool, np.bool_)):
        return bool(requires_grad)
    raise OperandError(
        f"requires_grad is True or False, not {brief(requires_grad)}: {_meant(requires_grad)}"
    )


def _meant(flag: object) -> str:
    """What to write where this stands in the place of `requires_grad`."""
    if isinstance(flag, (type, np.dtype)) or (isinstance(flag, str) and flag.startswith("float")):
        return "write dtype='float32' or dtype='float64'"
    if isinstance(flag, str):
        return f"write name={brief(flag)}"
    if isinstance(flag, (int, float)) and flag in (0, 1):
        return f"write requires_grad={bool(flag)}"
    if isinstance(flag, (int, float, tuple, list)):
        return "zeros of a shape are Tensor(np.zeros((2, 3))), several numbers Tensor([2.0, 3.0])"
    return "write requires_grad=True for a variable"


def _explanation(
    function: Callable[..., Any], args: Any, options: dict[str, Any], error: Exception
) -> AutogradError:
    name, signature = function.__name__, inspect.signature(function)
    try:
        signature.bind(*args, **options)
    except TypeError as misfit:
        return OperandError(
            f"{name}{without_types(signature)} {_misfit(name, signature, options, misfit)}"
        )
    kind = next(ours for theirs, ours in KINDS.items() if isinstance(error, theirs))
    said = ", ".join([*map(_seen, args), *(f"{key}={_seen(x)}" for key, x in options.items())])
    nodes = ", ".join(x.describe() for x in args if isinstance(x, Node))
    # max(a, b), as Python has it, gives an operand in the place of an axis
    two = name in OF_VALUES and len(args) > 1 and isinstance(args[1], Node)
    hint = f"; of two operands write {shown(OF_VALUES[name])}" if two else ""
    return kind(f"{name}({said}): {error}{hint}" + (f"; operands: {nodes}" if nodes else ""))


def _seen(x: object) -> str:
    """An argument as a message shows it, on one line: of an array or a node the shape."""
    if isinstance(x, (list, tuple)) and any(isinstance(part, (np.ndarray, Node)) for part in x):
        shown = ", ".join(map(_seen, x[:4])) + (", …" if len(x) > 4 else "")
        return f"[{shown}]" if isinstance(x, list) else f"({shown})"
    shape = getattr(x, "shape", getattr(plain(x), "shape", None))
    return brief(x) if shape is None or isinstance(x, np.generic) else f"<shape {shape}>"


def _misfit(
    name: str, signature: inspect.Signature, options: dict[str, Any], error: TypeError
) -> str:
    strange = [key for key in options if key not in signature.parameters]
    if not strange:
        return f"was called otherwise: {error}"
    instead = [
        hint_for_argument(key, options[key]) or REFUSED.get(key, "leave it out").format(name=name)
        for key in strange
    ]
    return f"does not take {', '.join(strange)}: {'; '.join(dict.fromkeys(instead))}"


def axis_of(axis: Any, shape: tuple[int, ...]) -> Any:
    """The axis argument itself, once it is known that the shape has it: one axis, a tuple, or None.

    >>> axis_of(-1, (2, 3)), axis_of(None, ())
    (-1, None)

    Raises NumPy's AxisError, ValueError and TypeError, which `explained` makes this project's errors.
    """
    n, axes = len(shape), () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for i in map(index, axes):
        if not -n <= i < n:
            raise np.exceptions.AxisError(i, n)
    if len({i % n for i in axes}) < len(axes):
        raise ValueError("an axis is named twice")
    return axis
