"""What an expression of numbers is put together with: arithmetic, conditions, sums between bounds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
import sympy
from sympy.logic import boolalg

from autograd_lite import functions as al
from autograd_lite.errors import EquationError, brief

_MOST_TERMS: Final = 10_000


class Plan(NamedTuple):
    """How a part is computed: by `function` of these other parts."""

    function: Callable[..., Any]
    operands: tuple[Any, ...]


# --- arithmetic ------------------------------------------------------------------------------------


def _sum(total: sympy.Add) -> Plan:
    """Terms a + b - c: what has a minus sign is subtracted, and comes last."""
    terms = sorted(total.args, key=_has_minus)
    minus = [_has_minus(term) for term in terms]

    def function(first: Any, *others: Any) -> Any:
        y = -first if minus[0] else first
        for x, is_negative in zip(others, minus[1:], strict=True):
            y = y - x if is_negative else y + x
        return y

    return Plan(function, tuple(-x if m else x for x, m in zip(terms, minus, strict=True)))


def _product(product: sympy.Mul) -> Plan:
    """-(a·b/c): the sign outside, what has a negative exponent below."""
    if _has_minus(product):
        return Plan(operator.neg, (-product,))
    above, below = sympy.fraction(product, exact=True)
    if below != 1:
        return Plan(al.divide, (above, below))
    return Plan(lambda *xs: reduce(operator.mul, xs), product.args)


def _power(power: sympy.Pow) -> Plan:
    base, exponent = power.args
    if _has_minus(exponent):
        return Plan(al.divide, (sympy.S.One, base**-exponent))
    if exponent == sympy.Rational(1, 2):
        return Plan(al.sqrt, (base,))
    return Plan(al.power, (base, exponent))


def _has_minus(x: Any) -> bool:
    return bool(x.as_coeff_Mul()[0].is_negative)


# --- conditions ------------------------------------------------------------------------------------


def _piecewise(choice: sympy.Piecewise) -> Plan:
    """The first value whose condition holds; nan where none does, as sympy has it."""
    pairs = [pair.args for pair in choice.args]
    last = pairs.pop()[0] if pairs[-1][1] == sympy.true else sympy.nan

    def function(y: Any, *parts: Any) -> Any:
        for value, condition in zip(parts[-2::-2], parts[::-2], strict=True):
            y = al.where(condition, value, y)
        return y

    return Plan(function, (last, *(x for pair in pairs for x in pair)))


def _either(c: Any, a: Any, b: Any) -> Any:
    return np.logical_or(np.logical_and(c, a), np.logical_and(np.logical_not(c), b))


def of_all(function: Callable[..., Any]) -> Callable[[Any], Plan]:
    """A function of all arguments as they stand."""
    return lambda part: Plan(function, part.args)


def folded(function: Callable[[Any, Any], Any]) -> Callable[[Any], Plan]:
    """A function of two, over all arguments from the left."""
    return of_all(lambda *xs: reduce(function, xs))


# --- sums and products between bounds --------------------------------------------------------------


def _terms(series: sympy.Sum | sympy.Product) -> tuple[Any, ...]:
    """The terms, for each whole number of the outermost index."""
    *inner, (index, low, high) = series.limits
    if not (low.is_Integer and high.is_Integer and -1 <= high - low < _MOST_TERMS):
        raise EquationError(
            f"{brief(series)} has bounds {low} and {high}: there is an operation between two ascending whole "
            f"numbers, for at most {_MOST_TERMS} terms; write .doit() before, or put the numbers in"
        )
    term = series.func(series.function, *inner) if inner else series.function
    return tuple(term.subs(index, low + i) for i in range(int(high - low) + 1))


def _series(function: Callable[[Any, Any], Any], empty: float) -> Callable[[Any], Plan]:
    return lambda part: Plan(lambda *xs: reduce(function, xs) if xs else empty, _terms(part))


PLANS: Final[dict[type, Callable[[Any], Plan]]] = {
    sympy.Add: _sum, sympy.Mul: _product, sympy.Pow: _power,
    sympy.Piecewise: _piecewise,
    sympy.Sum: _series(operator.add, 0.0), sympy.Product: _series(operator.mul, 1.0),
    sympy.Eq: of_all(np.equal), sympy.Ne: of_all(np.not_equal), sympy.Gt: of_all(np.greater),
    sympy.Ge: of_all(np.greater_equal), sympy.Lt: of_all(np.less), sympy.Le: of_all(np.less_equal),
    sympy.And: folded(np.logical_and), sympy.Or: folded(np.logical_or), sympy.Xor: folded(np.not_equal),
    sympy.Not: of_all(np.logical_not), sympy.ITE: of_all(_either),
    boolalg.BooleanTrue: of_all(lambda: True), boolalg.BooleanFalse: of_all(lambda: False),
}  # fmt: skip
"""How what puts numbers together is computed, by class."""
