"""The namespaces a rule can be run in: `floats` (math), `arrays` (NumPy) and `graph` (recording).

    floats   Python numbers, at the speed of `math`
    arrays   NumPy arrays and scalars
    graph    nodes: the rules themselves, which record what they compute

A rule's value named like a function of the namespace *is* that function (tanh: math.tanh, numpy.tanh);
every other rule is added to `floats` and `arrays` bound to the namespace itself.
"""

from __future__ import annotations

import math
import operator
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograd_lite.errors import OperandError
from autograd_lite.node import refuse_nodes_in

if TYPE_CHECKING:
    from autograd_lite.rules.rule import Rule

floats: Final = SimpleNamespace(
    add=operator.add, subtract=operator.sub, multiply=operator.mul, divide=operator.truediv,
    power=math.pow, negative=operator.neg, absolute=abs, exp=math.exp, log=math.log, log1p=math.log1p,
    expm1=math.expm1, sqrt=math.sqrt, sin=math.sin, cos=math.cos, tan=math.tan, tanh=math.tanh,
    sinh=math.sinh, cosh=math.cosh, arcsin=math.asin, arccos=math.acos, arctan=math.atan, erf=math.erf,
    where=lambda c, a, b: a if c else b, maximum=lambda a, b: a if a >= b or a != a else b,
    minimum=lambda a, b: a if a <= b or a != a else b,
    sign=lambda x: float((x > 0) - (x < 0)) if x == x else x,
    isnan=math.isnan, pi=math.pi, logical_and=lambda a, b: a and b, logical_or=lambda a, b: a or b,
    logical_not=operator.not_,
)  # fmt: skip
arrays: Final = SimpleNamespace(
    # vars, not dir: asking for what NumPy loads lazily (testing, f2py) doubles the import's time
    **{name: f for name, f in vars(np).items() if callable(f) and not name.startswith("_")},
    pi=math.pi,
)
arrays.astype = lambda x, dtype: np.asarray(x).astype(dtype)  # np.astype is NumPy 2.1's


def _power(a: Any, n: Any) -> Any:
    """aⁿ as a product where n is small and whole: a hundred times as fast as the general power."""
    if isinstance(n, (int, float)) and 2 < n < 17 and n == int(n):
        return _by_squaring(a, int(n))
    return a**n  # unlike np.power, fast for the exponents 2, 0.5 and -1


def _by_squaring(a: Any, n: int) -> Any:
    if n == 1:
        return a
    root = _by_squaring(a, n // 2)
    return root * root * a if n % 2 else root * root


arrays.power = _power
graph: Final = SimpleNamespace(
    pi=math.pi,
    isnan=lambda x: np.isnan(plain(x)),
    logical_not=np.logical_not,
    logical_and=np.logical_and,
    logical_or=np.logical_or,
)

NUMBERS: Final = (int, float, np.number, np.bool_)


def plain(x: Any) -> Any:
    """The number or array of a node; anything else as it is."""
    return getattr(x, "_data", x)


def enter(rule: Rule) -> None:
    """Make `rule` known by name in every namespace, unless the namespace has it natively."""
    setattr(graph, rule.name, rule)
    for space in (floats, arrays):
        if not hasattr(space, rule.name):
            setattr(space, rule.name, partial(rule.value, space))


def on_floats(rule: Rule, operands: tuple[Any, ...]) -> float:
    """The rule on numbers, with NumPy's answer (inf, nan) where `math` would raise.

    >>> from autograd_lite.rules.elementwise import log
    >>> on_floats(log, (0.0,))
    -inf
    """
    try:
        return rule.value(floats, *operands)  # type: ignore[no-any-return]
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            return float(rule.value(arrays, *map(np.float64, operands)))


def on_plain(rule: Rule, operands: tuple[Any, ...], static: dict[str, Any]) -> Any:
    """The rule on numbers and arrays, none of them a node: nothing is recorded."""
    if rule.is_elementwise and not static and all(isinstance(x, NUMBERS) for x in operands):
        return on_floats(rule, operands)
    from autograd_lite.rules.failures import explained

    xs = tuple(x if isinstance(x, NUMBERS) else _as_array(rule, x) for x in operands)
    try:
        return rule.value(arrays, *xs, **static)
    except (ValueError, TypeError, IndexError) as error:
        raise explained(rule, xs, static, error) from error


def _as_array(rule: Rule, x: Any) -> Any:
    refuse_nodes_in(x)
    array = np.asarray(x)
    if array.dtype.kind not in "fiub":
        raise OperandError(
            f"{rule.name} takes numbers and arrays of numbers, not {type(x).__name__} {x!r:.60}"
        )
    return array
