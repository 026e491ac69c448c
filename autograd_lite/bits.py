"""`x ^ 2`: Python's signs for bits, which numbers on a graph have none of, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

from autograd_lite.errors import OperandError

_LOGIC: Final = "comparisons are plain truth values, and are joined as such: (x > 0) {sign} (x < 1)"
_SHIFT: Final = "a product with a power of two is x * 2**n"
INSTEAD: Final = {
    "^": "a power is written with two stars, x**2",
    "&": _LOGIC.format(sign="&"),
    "|": _LOGIC.format(sign="|"),
    "<<": _SHIFT,
    ">>": _SHIFT,
}
"""What somebody meant who wrote one of these signs."""


def refuse_bits(sign: str, node: Any) -> NoReturn:
    """Raise what is said of a node beside this sign."""
    raise OperandError(f"{sign} works on bits, and {node.describe()} has none: {INSTEAD[sign]}")


def _refused(sign: str) -> Callable[[Any, Any], NoReturn]:
    return lambda self, other: refuse_bits(sign, self)


class NoBits:
    """Gives a class of nodes `^ & | << >> ~`, each of which says what to write.

    >>> from autograd_lite import Value
    >>> Value(3.0, name="x") ^ 2
    Traceback (most recent call last):
    autograd_lite.errors.OperandError: ^ works on bits, and x (node ...) has none: a power is written ...
    """

    __slots__ = ()

    __xor__ = __rxor__ = _refused("^")
    __and__ = __rand__ = _refused("&")
    __or__ = __ror__ = _refused("|")
    __lshift__ = __rlshift__ = _refused("<<")
    __rshift__ = __rrshift__ = _refused(">>")

    def __invert__(self) -> NoReturn:
        raise OperandError(
            "~ works on bits, and a node has none: write -x, or x <= 0 for the opposite of x > 0"
        )
