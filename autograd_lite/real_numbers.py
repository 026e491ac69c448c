"""What a Value takes for a number of Python's own, what it is compared with, and what it refuses."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite.errors import OperandError, brief
from autograd_lite.modes import ACTIVE
from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.record import Record
from autograd_lite.rules.namespaces import on_floats, plain
from autograd_lite.rules.program_only import recorded


def as_float(data: Any) -> float:
    """The number that a Value is made of.

    Raises OperandError for what is no real number.
    """
    if isinstance(data, (str, bytes, complex, Node)) or data is None:
        raise OperandError(
            f"a Value holds one real number, not {type(data).__name__} {brief(data)}"
        )
    refuse_masked(data)
    try:
        return float(data)
    except (TypeError, ValueError, OverflowError) as error:
        raise OperandError(f"a Value holds one real number, not {brief(data)}: {error}") from None


def as_number(x: object) -> float | None:
    """A plain number as Python's own (NumPy's are slow, and warn), None for anything else."""
    if isinstance(x, (float, int)) and not isinstance(x, np.generic):
        return x
    if isinstance(x, (np.generic, np.ndarray)) and x.ndim == 0 and x.dtype.kind in "fiub":
        refuse_masked(x)
        return float(x) if x.dtype.kind == "f" else int(x)
    return None


def comparison(name: str, compare: Callable[[Any, Any], Any]) -> Callable[[Any, object], Any]:
    """How a Value is compared: by its number, or in a program as an operation called `name`."""

    def method(self: Any, other: object) -> Any:
        if ACTIVE and (node := recorded(name, self, other)) is not None:
            return node
        if isinstance(other, np.ndarray):
            refuse_masked(other)
        return bool(compare(self._data, plain(other)))

    return method


def value_at(rule: Record, xs: tuple[float, ...]) -> float:
    """The value of a rule at numbers.

    Raises OperandError when one is too large for a float.
    """
    try:
        return on_floats(rule, xs)
    except OverflowError as error:
        raise OperandError(f"{rule.name}: an operand is too large for a float ({error})") from None


def cannot_mix(rule: Record, other: object) -> str:
    """The message where a rule is applied to a Value and to something that is no number."""
    kind = type(other).__name__
    if other is None or isinstance(other, complex):
        return (
            f"{rule.name}: a Value is one real number and does not mix with {kind} {brief(other)}"
        )
    if isinstance(other, numbers.Number):
        return f"{rule.name}: a Value does not mix with {kind} {brief(other)}: write float(…) of it"
    return (
        f"{rule.name}: a Value is one number and does not mix with {kind}; "
        f"write Tensor(data, requires_grad=True) for both operands"
    )
