"""What is an operation only while a program is being recorded: comparisons, `detach`, the order of a sort.

Elsewhere they give plain truth values, and a constant. A program takes other numbers than the call it was
recorded in, so both are computed each time. None has a derivative: truth values move in jumps only, and what
is detached is meant to have none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.not_arrays import refuse_masked
from autograd_lite.operands import Operand
from autograd_lite.record import Record
from autograd_lite.rules.namespaces import Namespace, plain
from autograd_lite.rules.rule import elementwise, operation
from autograd_lite.watches import current, read


@elementwise(None, None, latex="{0} > {1}")
def greater(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a > b.

    >>> greater(2.0, 1.0)
    True
    """
    return a > b


@elementwise(None, None, latex=r"{0} \geq {1}")
def greater_equal(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a ≥ b.

    >>> greater_equal(1.0, 1.0)
    True
    """
    return a >= b


@elementwise(None, None, latex="{0} < {1}")
def less(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a < b.

    >>> less(2.0, 1.0)
    False
    """
    return a < b


@elementwise(None, None, latex=r"{0} \leq {1}")
def less_equal(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a ≤ b.

    >>> less_equal(1.0, 1.0)
    True
    """
    return a <= b


@elementwise(None, None, latex="{0} = {1}")
def equal(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a = b.

    >>> equal(1.0, 1.0)
    True
    """
    return a == b


@elementwise(None, None, latex=r"{0} \neq {1}")
def not_equal(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a ≠ b.

    >>> not_equal(1.0, 1.0)
    False
    """
    return a != b


@elementwise(None, None, latex=r"{0} \land {1}")
def logical_and(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether neither a nor b is 0.

    >>> logical_and(True, False)
    False
    """
    return xp.logical_and(a, b)


@elementwise(None, None, latex=r"{0} \lor {1}")
def logical_or(xp: Namespace, a: Operand, b: Operand) -> Any:
    """Whether a or b is not 0.

    >>> logical_or(True, False)
    True
    """
    return xp.logical_or(a, b)


@elementwise(None, latex=r"\lnot {0}")
def logical_not(xp: Namespace, a: Operand) -> Any:
    """Whether a is 0.

    >>> logical_not(True)
    False
    """
    return xp.logical_not(a)


@elementwise(None, latex="{0}")
def detach(xp: Namespace, x: Operand) -> Any:
    """The same number without a derivative: y = x, ∂y/∂x = 0.

    >>> detach(2.0)
    2.0
    """
    return x


@operation([None], [None])
def argsort(xp: Namespace, x: Operand, *, axis: int) -> Any:
    """The places of the entries in ascending order along an axis; equal entries keep their order.

    >>> argsort([3.0, 1.0, 2.0], axis=0)
    array([1, 2, 0])
    """
    return xp.argsort(x, axis=axis, kind="stable")


_ALL: Final = (
    greater, greater_equal, less, less_equal, equal, not_equal, logical_and, logical_or, logical_not,
)  # fmt: skip
COMPARISONS: Final[dict[str, Record]] = {rule.name: rule for rule in _ALL}
"""By the names of NumPy's ufuncs."""
_PLAIN: Final[dict[str, Callable[..., Any]]] = {
    "greater": operator.gt, "greater_equal": operator.ge, "less": operator.lt, "less_equal": operator.le,
    "equal": operator.eq, "not_equal": operator.ne, "logical_and": np.logical_and,
    "logical_or": np.logical_or, "logical_not": np.logical_not,
}  # fmt: skip
OF_TRUTHS: Final = {
    "bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not",
    "bitwise_xor": "not_equal", "logical_xor": "not_equal",
}  # fmt: skip
"""What NumPy's signs for bits, & | ~ ^, mean for truth values."""


def recorded(name: str, *operands: Any) -> Any:
    """The comparison of this name as a node, if this thread records a program; else None, and it is noted.

    name  that of NumPy's ufunc
    """
    if current.get() is None or not _are_of_one_kind(operands):
        for x in operands:
            read(x, name)
        return None
    refuse_masked(*operands)
    moving = (x for x in operands if isinstance(x, Node) and x.requires_grad)
    kind: Any = type(next(moving, None))
    return None if kind is type(None) else kind.record(COMPARISONS[name], operands, {})


def detached_in_program(x: Any) -> Any:
    """`x.detach()` as a node, if this thread records a program; else None, and it is noted."""
    if current.get() is not None and x.requires_grad:
        return type(x).record(detach, (x,), {})
    read(x, "detach")
    return None


def moves_in_program(*operands: Any) -> bool:
    """Whether this thread records a program, and one of these is a node that may move with its input."""
    return current.get() is not None and any(
        isinstance(x, Node) and x.requires_grad for x in operands
    )


def asked(name: str, *operands: Any) -> Any:
    """The comparison of this name, of numbers, arrays and nodes: plain, or as a node in a program."""
    if current.get() is not None and (node := recorded(name, *operands)) is not None:
        return node
    return _PLAIN[name](*map(plain, operands))


def is_truth(x: object) -> bool:
    """Whether x holds truth values: what a comparison gave, plain or recorded."""
    x = plain(x)
    return isinstance(x, (bool, np.bool_)) or getattr(x, "dtype", None) == np.bool_


def _are_of_one_kind(operands: tuple[Any, ...]) -> bool:
    """Whether these stand in one operation: numbers with Values, or with Tensors and arrays."""
    kinds = {isinstance(x._data, np.ndarray) for x in operands if isinstance(x, Node)}
    takes_arrays = kinds == {True}
    return len(kinds) == 1 and all(
        isinstance(x, (Node, *_NUMBERS))
        or (isinstance(x, np.ndarray) and (takes_arrays or x.ndim == 0))
        for x in operands
    )


_NUMBERS: Final = (int, float, np.number, np.bool_)
