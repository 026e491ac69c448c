"""What a person would not write: factors 1, sums with 0, transposes of transposes, numbers spread out."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.numbers import is_whole
from autograd_lite.programs.writing.terms import Rule, Term, Terms, constant
from autograd_lite.rules import RULES as OPERATIONS
from autograd_lite.rules.reductions import kept_shape
from autograd_lite.source.recorded import astype

_REDUCTIONS: Final = {
    np.add: np.sum, np.maximum: np.max, np.minimum: np.min, np.multiply: np.prod,
    np.logical_and: np.all, np.logical_or: np.any,
}  # fmt: skip


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


def _same_form(x: Any, form: Any) -> bool:
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
    if calls(a, operator.getitem) and a.args[1] == _COLUMN and len(b.shape) == 1:
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
    if c == 1 and _same_form(x, form):
        return x
    if c == -1 and _same_form(x, form):
        return terms.make(np.negative, (x,), {}, form)
    if (less := positive(x)) is not None:
        return terms.make(np.multiply, (-c, less), {}, form)
    if calls(x, np.multiply) and is_number(x.args[0]):
        return terms.make(np.multiply, (c * x.args[0], x.args[1]), {}, form)
    if calls(x, np.divide) and is_number(x.args[0]):
        return terms.make(np.divide, (c * x.args[0], x.args[1]), {}, form)
    return None


def _divide(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if is_number(b) and b == 1 and _same_form(a, form):
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
    if is_number(n) and n == 1 and _same_form(a, form):
        return a
    if type(n) is float and is_whole(n) and isinstance(a, Term) and a.dtype == float:
        return terms.make(operator.pow, (a, int(n)), {}, form)
    return None


def _matmul(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if calls(a, constant) and len(b.shape) == 2 and len(a.shape) == 1 and (a.args[0] == 1).all():
        return terms.make(np.sum, (b,), {"axis": 0}, form)
    return None


def _dot(terms: Terms, form: Any, a: Any, b: Any) -> Any:
    if a.shape and 0 < len(b.shape) <= 2:
        return terms.make(np.matmul, (a, b), {}, form)
    return None


def _reduction(reduce: Callable[..., Any]) -> Rule:
    function: Any = _REDUCTIONS[reduce.__self__]  # type: ignore[attr-defined]

    def rule(terms: Terms, form: Any, x: Any, axis: Any = 0, **options: Any) -> Any:
        return terms.make(function, (x,), {"axis": axis, **options}, form)

    return rule


def _reduced(function: Any) -> Rule:
    """Of a reduction the axis alone is said; a factor comes before a sum."""

    def rule(terms: Terms, form: Any, x: Any, axis: Any = None, **options: Any) -> Any:
        kept = {key: value for key, value in options.items() if (key, value) != ("keepdims", False)}
        if isinstance(axis, tuple) and len(axis) == len(x.shape):
            axis = None
        if isinstance(axis, tuple) and len(axis) == 1:
            axis = axis[0]
        along = {} if axis is None else {"axis": axis}
        if calls(x, np.full) and function in (np.sum, np.max, np.min):
            count = x.size // max(np.size(form), 1) if function is np.sum else 1
            return terms.uniform(x.args[1] * count, form)
        if function is np.sum and calls(x, np.multiply) and is_number(x.args[0]):
            total = terms.plain(function, (x.args[1],), {**along, **kept}, form)
            return terms.make(np.multiply, (x.args[0], total), {}, form)
        if function is np.sum and (less := positive(x)) is not None:
            total = terms.make(function, (less,), {**along, **kept}, form)
            return terms.make(np.negative, (total,), {}, form)
        return terms.plain(function, (x,), {**along, **kept}, form)

    return rule


def _unchanged(terms: Terms, form: Any, x: Any, *_: Any, **__: Any) -> Any:
    return x if _same_form(x, form) else None


def _factor_first(terms: Terms, form: Any, function: Any, x: Any, *args: Any) -> Any:
    """A number or sign stands before what does not change it."""
    if calls(x, np.negative):
        return terms.make(
            np.negative, (terms.make(function, (x.args[0], *args), {}, form),), {}, form
        )
    if calls(x, np.multiply) and is_number(x.args[0]):
        inner = terms.make(function, (x.args[1], *args), {}, form)
        return terms.make(np.multiply, (x.args[0], inner), {}, form)
    return None


def _reshape(terms: Terms, form: Any, x: Any, shape: Any) -> Any:
    if (found := _factor_first(terms, form, np.reshape, x, shape)) is not None:
        return found
    if calls(x, np.sum) or calls(x, np.max):
        axis = x.options.get("axis", ())
        of = x.args[0].shape
        if not x.options.get("keepdims") and kept_shape(of, axis) == np.shape(form) and axis != ():
            return terms.make(x.function, x.args, {"axis": axis, "keepdims": True}, form)
    if calls(x, np.reshape):
        return terms.make(np.reshape, (x.args[0], shape), {}, form)
    return _unchanged(terms, form, x)


def _transpose(terms: Terms, form: Any, x: Any, axes: Any = None) -> Any:
    """Of a matrix there is one transpose, of a vector none."""
    if len(x.shape) < 2:
        return x
    if axes is not None and tuple(axes) == tuple(range(len(x.shape))):
        return x
    if len(x.shape) == 2 and (axes is None or tuple(axes) == (1, 0)):
        is_turned = x.function is np.transpose
        if calls(x, np.matmul) and x.args[0].function is np.transpose and len(x.args[1].shape) == 2:
            turned = terms.make(np.transpose, (x.args[1],), {}, np.empty(x.args[1].shape[::-1]))
            return terms.make(np.matmul, (turned, x.args[0].args[0]), {}, form)
        return x.args[0] if is_turned else terms.plain(np.transpose, (x,), {}, form)
    return None


def _swapaxes(terms: Terms, form: Any, x: Any, i: int, j: int) -> Any:
    n = len(x.shape)
    if n == 2 and i % 2 != j % 2:
        return terms.make(np.transpose, (x,), {}, form)
    if x.function is np.swapaxes and {k % n for k in x.args[1:]} == {i % n, j % n}:
        return x.args[0]
    return None


def _where(terms: Terms, form: Any, *args: Any) -> Any:
    """The careful peak of a softmax: 0 where it is infinite, as no readable program asks."""
    if len(args) == 3 and calls(args[0], np.isfinite) and args[0].args[0] is args[1]:
        return args[1] if calls(args[1], np.max) and args[2] == 0 else None
    return None


_ALL: Final = slice(None)
_COLUMN: Final = (_ALL, None)


def _pad(terms: Terms, form: Any, *args: Any, **options: Any) -> Any:
    """Zeros need no mention."""
    kept = {key: value for key, value in options.items() if (key, value) != ("constant_values", 0)}
    return terms.plain(np.pad, args, kept, form) if kept != options else None


def _getitem(terms: Terms, form: Any, x: Any, index: Any) -> Any:
    if (found := _factor_first(terms, form, operator.getitem, x, index)) is not None:
        return found
    if type(index) is not tuple:
        return None
    if not index:
        return x
    if len(index) == 1 and type(index[0]) is not tuple:
        return terms.make(operator.getitem, (x, index[0]), {}, form)
    if any(part is Ellipsis for part in index) and isinstance(x, Term):
        at = next(k for k, part in enumerate(index) if part is Ellipsis)
        rest = len(x.shape) - sum(part is not None for part in index) + 1
        return terms.make(
            operator.getitem, (x, (*index[:at], *[_ALL] * rest, *index[at + 1 :])), {}, form
        )
    if type(index[-1]) is slice and index[-1] == _ALL:
        return terms.make(operator.getitem, (x, index[:-1]), {}, form)
    return None


def _joined(function: Any) -> Rule:
    """The first axis needs no mention."""

    def rule(terms: Terms, form: Any, parts: Any, axis: Any = 0, **options: Any) -> Any:
        if function is np.stack and len(parts) == 1 and axis == 0 and not options:
            return terms.make(operator.getitem, (parts[0], None), {}, form)
        given = {} if axis == 0 else {"axis": axis}
        return terms.plain(function, (list(parts),), {**given, **options}, form)

    return rule


_UNBROADCAST: Final = [np.multiply, np.add, np.subtract, np.divide]


def _bell(terms: Terms, form: Any, x: Any, k: Any) -> Any:
    """e^(-kx²), but for the last digits far out."""
    if not is_number(k):
        k = terms.make(np.multiply, (k, terms.make(operator.pow, (x, 2), {}, form)), {}, form)
        return terms.make(np.exp, (terms.make(np.negative, (k,), {}, form),), {}, form)
    square = terms.make(operator.pow, (x, 2), {}, form)
    return terms.make(np.exp, (terms.make(np.multiply, (-k, square), {}, form),), {}, form)


RULES: Final[dict[Any, list[Rule]]] = {
    np.multiply: [_unbroadcast(np.multiply), _multiply],
    np.divide: [_unbroadcast(np.divide), _divide],
    np.add: [_unbroadcast(np.add), _add],
    np.subtract: [_unbroadcast(np.subtract), _subtract],
    np.negative: [_negative],
    operator.pow: [_power],
    np.matmul: [_matmul],
    np.dot: [_dot],
    np.positive: [_unchanged],
    np.broadcast_to: [_unchanged],
    np.asarray: [_unchanged],
    astype: [_unchanged],
    np.reshape: [_reshape],
    np.transpose: [_transpose],
    np.swapaxes: [_swapaxes],
    np.where: [_where],
    np.pad: [_pad],
    np.stack: [_joined(np.stack)],
    np.concatenate: [_joined(np.concatenate)],
    operator.getitem: [_getitem],
    OPERATIONS["bell"]: [_bell],
    **{ufunc.reduce: [_reduction(ufunc.reduce)] for ufunc in _REDUCTIONS},
    **{function: [_reduced(function)] for function in _REDUCTIONS.values()},
}
"""How terms are simplified, by function: to the same numbers, or to the last bits of them."""
