"""Comparisons and truth values: nodes where their numbers move, so that other numbers decide anew."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lite._tensor import Tensor
from autograd_lite.interop.pytorch.operators.operator import Operators
from autograd_lite.operands import Numbers
from autograd_lite.rules.namespaces import plain
from autograd_lite.rules.program_only import COMPARISONS, detach


def moves(x: object) -> bool:
    """Whether x is a tensor that depends on a variable."""
    return isinstance(x, Tensor) and x.requires_grad


def compared(name: str, *operands: Any) -> Any:
    """The comparison of NumPy's name, as a node where an operand moves, else plain truth values."""
    if any(map(moves, operands)):
        return Tensor.record(COMPARISONS[name], operands, {})
    return getattr(np, name)(*map(plain, operands))


def detached(x: Numbers) -> Any:
    """The same numbers, which pass no derivative on."""
    return Tensor.record(detach, (x,), {}) if moves(x) else x


def _comparison(name: str) -> Any:
    return lambda *operands: compared(name, *operands)


def _of_bits(name: str, truths: str) -> Any:
    """An operation on bits, which of truth values is a logical one."""

    def call(*operands: Any) -> Any:
        if any(map(moves, operands)):
            return compared(truths, *operands)
        return getattr(np, name)(*map(plain, operands))

    return call


def _different(a: Numbers, b: Numbers) -> Any:
    """Exclusive or: of truth values, whether they differ."""
    truths = (compared("logical_not", x) for x in (a, b))
    return compared("not_equal", *truths)


def _frozen(name: str) -> Any:
    """A function of the numbers as they are, whose answer passes no derivative on."""
    return lambda x, dim=None, keepdim=False: getattr(np, name)(
        plain(x), axis=dim if dim is None or isinstance(dim, int) else tuple(dim), keepdims=keepdim
    )


COMPARING: Final[Operators] = {
    "gt": _comparison("greater"),
    "ge": _comparison("greater_equal"),
    "lt": _comparison("less"),
    "le": _comparison("less_equal"),
    "eq": _comparison("equal"),
    "ne": _comparison("not_equal"),
    "logical_and": _comparison("logical_and"),
    "logical_or": _comparison("logical_or"),
    "logical_not": _comparison("logical_not"),
    "logical_xor": _different,
    "bitwise_and": _of_bits("bitwise_and", "logical_and"),
    "bitwise_or": _of_bits("bitwise_or", "logical_or"),
    "bitwise_xor": _of_bits("bitwise_xor", "not_equal"),
    "bitwise_not": _of_bits("bitwise_not", "logical_not"),
    "isnan": lambda x: np.isnan(plain(x)),
    "isinf": lambda x: np.isinf(plain(x)),
    "isfinite": lambda x: np.isfinite(plain(x)),
    "any": _frozen("any"),
    "all": _frozen("all"),
}
