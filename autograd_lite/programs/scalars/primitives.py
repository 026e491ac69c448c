"""The primitive operations of scalar programs, and how all other functions are made of them.

Only their values stand here. No derivative does: a record's partials are lowered to rows like its value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final

from autograd_lite.rules.logarithms import LOG_2


class Op(IntEnum):
    """What one row computes of the values a, b and c; of a call c says which function."""

    ADD = 0
    SUBTRACT = 1
    MULTIPLY = 2
    DIVIDE = 3
    MULTIPLY_ADD = 4  # a·b + c, rounded twice as the two operations are
    SQRT = 5
    LESS = 6  # truths are 1.0 and 0.0
    LESS_EQUAL = 7
    EQUAL = 8
    WHERE = 9
    MAXIMUM = 10
    MINIMUM = 11
    TANH = 12
    SECH2 = 13  # the slope of tanh, which sigmoids ask for too; b is tanh a where that is known
    CALL = 14
    CALL_2 = 15

    @property
    def arity(self) -> int:
        """Of how many values it is computed."""
        if self in (Op.MULTIPLY_ADD, Op.WHERE):
            return 3
        return 1 if self in (Op.SQRT, Op.TANH, Op.CALL) else 2


NATIVE: Final[dict[str, Op]] = {
    op.name.lower(): op for op in Op if op not in (Op.SECH2, Op.CALL, Op.CALL_2)
}
"""By NumPy's name, or the record's: what is one row."""

CALLS: Final[dict[str, str]] = {
    **{name: name for name in "exp log log1p expm1 sin cos tan sinh cosh".split()},
    **{name: name for name in "erf erfc log2 log10 exp2 cbrt floor ceil trunc rint".split()},
    "absolute": "fabs", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
}  # fmt: skip
"""Functions of one number by NumPy's name: what C calls them. Their places here are what rows hold."""
CALLS_2: Final[dict[str, str]] = {
    "power": "pow", "hypot": "hypot", "fmod": "fmod", "arctan2": "atan2", "copysign": "copysign",
}  # fmt: skip
"""The same for functions of two numbers."""


def _not_equal(f: Any, a: Any, b: Any) -> Any:
    return f.logical_not(f.equal(a, b))


def _sign(f: Any, x: Any) -> Any:
    return f.where(f.equal(x, x), f.subtract(f.less(0.0, x), f.less(x, 0.0)), x)


def _power(f: Any, a: Any, n: Any) -> Any:
    """aⁿ by products where n is small and whole, as the engine computes it of arrays."""
    if isinstance(n, (int, float)) and 0 < n < 17 and n == int(n):
        return _by_squaring(f, a, int(n))
    return f.primitive(Op.CALL_2, a, n, function=list(CALLS_2).index("power"))


def _by_squaring(f: Any, a: Any, n: int) -> Any:
    if n == 1:
        return a
    root = _by_squaring(f, a, n // 2)
    square = f.multiply(root, root)
    return f.multiply(square, a) if n % 2 else square


def _sech2(f: Any, x: Any) -> Any:
    """1/cosh² x; as 1 - y² where y = tanh x is there, and keeps its digits (so never of y = 1)."""
    y = f.known(Op.TANH, x)
    return f.primitive(Op.SECH2, x, 1.0 if y is None else y)


def _logaddexp(f: Any, a: Any, b: Any) -> Any:
    # of two equal infinities the difference is nan
    rest = f.log1p(f.exp(f.negative(f.absolute(f.subtract(a, b)))))
    return f.where(f.equal(a, b), f.add(a, LOG_2), f.add(f.maximum(a, b), rest))


def _logaddexp2(f: Any, a: Any, b: Any) -> Any:
    rest = f.log1p(f.exp2(f.negative(f.absolute(f.subtract(a, b)))))
    rest = f.multiply(1.0 / LOG_2, rest)
    return f.where(f.equal(a, b), f.add(a, 1.0), f.add(f.maximum(a, b), rest))


def _wraps(f: Any, left: Any, b: Any) -> Any:
    """Where what `fmod` left has another sign than the divisor."""
    return f.logical_and(left, _not_equal(f, f.less(left, 0.0), f.less(b, 0.0)))


def _remainder(f: Any, a: Any, b: Any) -> Any:
    left = f.fmod(a, b)
    signed = f.where(left, left, f.copysign(0.0, b))
    return f.where(b, f.where(_wraps(f, left, b), f.add(left, b), signed), left)


def _floor_divide(f: Any, a: Any, b: Any) -> Any:
    left = f.fmod(a, b)
    whole = f.divide(f.subtract(a, left), b)
    whole = f.where(_wraps(f, left, b), f.subtract(whole, 1.0), whole)
    down = f.floor(whole)
    down = f.where(f.less(0.5, f.subtract(whole, down)), f.add(down, 1.0), down)
    quotient = f.divide(a, b)
    return f.where(b, f.where(whole, down, f.copysign(0.0, quotient)), quotient)


MADE: Final[dict[str, Callable[..., Any]]] = {
    "positive": lambda f, x: x,
    "negative": lambda f, x: f.subtract(-0.0, x),
    "greater": lambda f, a, b: f.less(b, a),
    "greater_equal": lambda f, a, b: f.less_equal(b, a),
    "not_equal": _not_equal,
    "logical_not": lambda f, x: f.equal(x, 0.0),
    "logical_and": lambda f, a, b: f.where(a, f.where(b, 1.0, 0.0), 0.0),
    "logical_or": lambda f, a, b: f.where(a, 1.0, f.where(b, 1.0, 0.0)),
    "isnan": lambda f, x: _not_equal(f, x, x),
    "isfinite": lambda f, x: f.equal(f.subtract(x, x), 0.0),
    "isinf": lambda f, x: f.equal(f.absolute(x), math.inf),
    "sign": _sign,
    "sech2": _sech2,
    "power": _power,
    "logaddexp": _logaddexp,
    "logaddexp2": _logaddexp2,
    "remainder": _remainder,
    "floor_divide": _floor_divide,
}
"""By NumPy's name: what is several rows. `f` applies other functions of these tables."""
MADE.update(
    invert=MADE["logical_not"], bitwise_and=MADE["logical_and"], bitwise_or=MADE["logical_or"],
    bitwise_xor=_not_equal,
)  # fmt: skip
