"""Sums, products and powers as a person writes them: no factor 1, signs and numbers in front."""

from __future__ import annotations

import operator
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.numbers import is_whole
from autograd_lite.programs.writing.terms import Rule, Term, Terms, constant
from autograd_lite.rules import RULES as OPERATIONS

COLUMN: Final = (slice(None), None)
"""The index that makes a column of a vector."""


def is_number(x: object) -> bool:
    """Whether x is one number, known when the source is written."""
    return isinstance(x, (int, float)) and not isinstance(x, bool)


def calls(x: object, function: Any) -> bool:
    """Whether x is a term of this function, and no node's value."""
    return isinstance(x, Term) and x.function is function and not x.is_value


def positive(x: Any) -> Any:
    """-x where x is written with a minus sign; None where it is not."""
    if is_number(x):
        return -x if x < 0 else None
    if calls(x, np.negative):
        return x.args[0]
    if calls(x, np.multiply) or calls(x, np.divide):
        first = positive(x.args[0])
        if first is None:
            return None
        is_one = x.function is np.multiply and is_number(first) and first == 1
        return x.args[1] if is_one else x.of((first, x.args[1]), x.options)
    return None


def same_form(x: Any, form: Any) -> bool:
    """Whether x is a term of this shape and dtype."""
    return isinstance(x, Term) and x.shape == np.shape(form) and x.dtype == form.dtype


def _multiply(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if is_number(b) and not is_number(a):
        a, b = b, a
    if is_number(a):
        return _scaled(terms, form, a, b) or terms.plain(np.multiply, (a, b), {}, form)
    if calls(b, np.negative):  # a·(-b) = -a·b, to the last bit
        minus = terms.make(np.negative, (a,), {}, form)
        return terms.make(np.multiply, (minus, b.args[0]), {}, form)
    if calls(a, np.multiply) and is_number(a.args[0]):  # numbers in front
        inner = terms.make(np.multiply, (a.args[1], b), {}, form)
        return terms.make(np.multiply, (a.args[0], inner), {}, form)
    if calls(a, np.divide) and is_number(a.args[0]):  # (c/y)·b = c·b/y
        above = terms.make(np.multiply, (a.args[0], b), {}, form)
        return terms.make(np.divide, (above, a.args[1]), {}, form)
    if calls(b, np.multiply):
        inner = terms.make(np.multiply, (a, b.args[0]), {}, form)
        return terms.make(np.multiply, (inner, b.args[1]), {}, form)
    if calls(b, np.divide):  # g·(1/x) = g/x
        above = terms.make(np.multiply, (a, b.args[0]), {}, form)
        return terms.make(np.divide, (above, b.args[1]), {}, form)
    (base, m), (other, n) = _as_power(a), _as_power(b)
    if calls(a, operator.getitem) and a.args[1] == COLUMN and len(b.shape) == 1:
        return terms.plain(np.outer, (a.args[0], b), {}, form)
    if base is other:
        return terms.make(operator.pow, (base, m + n), {}, form)
    return None


def _as_power(x: Any) -> tuple[Any, int]:
    """X as a power of something with a whole exponent."""
    is_power = calls(x, operator.pow) and type(x.args[1]) is int and x.args[1] > 0
    return (x.args[0], x.args[1]) if is_power else (x, 1)


def _scaled(terms: Terms, form: Any, c: Any, x: Any) -> Any:
    """A number times a term."""
    if c == 1 and same_form(x, form):
        return x
    if c == -1 and same_form(x, form):
        return terms.make(np.negative, (x,), {}, form)
    if (less := positive(x)) is not None:
        return terms.make(np.multiply, (-c, less), {}, form)
    if calls(x, np.multiply) and is_number(x.args[0]):
        return terms.make(np.multiply, (c * x.args[0], x.args[1]), {}, form)
    if calls(x, np.divide) and is_number(x.args[0]):
        return terms.make(np.divide, (c * x.args[0], x.args[1]), {}, form)
    return None


def _divide(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if is_number(b) and b == 1 and same_form(a, form):
        return a
    if is_number(b) and b == 0:
        return None
    if calls(a, np.multiply) and is_number(a.args[0]) and is_number(b):
        return terms.make(np.multiply, (a.args[0] / b, a.args[1]), {}, form)
    return None


def _add(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if (less := positive(b)) is not None:
        return terms.make(np.subtract, (a, less), {}, form)
    if (less := positive(a)) is not None:
        return terms.make(np.subtract, (b, less), {}, form)
    return None


def _subtract(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if (more := positive(b)) is not None:
        return terms.make(np.add, (a, more), {}, form)
    if is_number(a) and a == 0 and isinstance(b, Term):
        return terms.make(np.negative, (b,), {}, form)
    return None


def _negative(terms: Terms, form: Any, a: Any) -> Any:
    if (less := positive(a)) is not None:
        return less
    if calls(a, np.multiply) and is_number(a.args[0]):
        return terms.make(np.multiply, (-a.args[0], a.args[1]), {}, form)
    if calls(a, np.subtract):
        return terms.make(np.subtract, (a.args[1], a.args[0]), {}, form)
    return None


def _unbroadcast(function: np.ufunc) -> Rule:
    """An operand that is only spread out stays as it is, where NumPy spreads it anyway."""

    def rule(terms: Terms, form: Any, *args: Any, **options: Any) -> Any:
        inner = [
            x.args[0] if calls(x, np.broadcast_to) else x.args[1] if calls(x, np.full) else x
            for x in args
        ]
        shapes = [x.shape if isinstance(x, Term) else np.shape(x) for x in inner]
        if options or np.broadcast_shapes(*shapes) != np.shape(form):
            return None
        changed = any(x is not y for x, y in zip(args, inner, strict=True))
        return terms.make(function, tuple(inner), {}, form) if changed else None

    return rule


def _power(terms: Terms, form: Any, a: Any, n: Any) -> Any:
    if is_number(n) and n == 1 and same_form(a, form):
        return a
    if type(n) is float and is_whole(n) and isinstance(a, Term) and a.dtype == float:
        return terms.make(operator.pow, (a, int(n)), {}, form)
    return None


def _matmul(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if calls(a, constant) and len(b.shape) == 2 and len(a.shape) == 1 and (a.args[0] == 1).all():
        return terms.make(np.sum, (b,), {"axis": 0}, form)
    return None


def _bell(terms: Terms, form: Any, x: Any, k: Any) -> Any:
    """e^(-kx²), but for the last digits far out."""
    if not is_number(k):
        k = terms.make(np.multiply, (k, terms.make(operator.pow, (x, 2), {}, form)), {}, form)
        return terms.make(np.exp, (terms.make(np.negative, (k,), {}, form),), {}, form)
    square = terms.make(operator.pow, (x, 2), {}, form)
    return terms.make(np.exp, (terms.make(np.multiply, (-k, square), {}, form),), {}, form)


ARITHMETIC: Final[dict[Any, list[Rule]]] = {
    np.multiply: [_unbroadcast(np.multiply), _multiply],
    np.divide: [_unbroadcast(np.divide), _divide],
    np.add: [_unbroadcast(np.add), _add],
    np.subtract: [_unbroadcast(np.subtract), _subtract],
    np.negative: [_negative],
    operator.pow: [_power],
    np.matmul: [_matmul],
    OPERATIONS["bell"]: [_bell],
}
"""How arithmetic is simplified, by function."""
