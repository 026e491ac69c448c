"""What a person would not write: transposes of transposes, arrays in the shape that they have."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd_lite.programs.writing.arithmetic import (
    ARITHMETIC,
    calls,
    is_number,
    positive,
    same_form,
)
from autograd_lite.programs.writing.terms import Rule, Term, Terms
from autograd_lite.rules.reductions import kept_shape
from autograd_lite.source.recorded import astype

_REDUCTIONS: Final = {
    np.add: np.sum, np.maximum: np.max, np.minimum: np.min, np.multiply: np.prod,
    np.logical_and: np.all, np.logical_or: np.any,
}  # fmt: skip


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
    return x if same_form(x, form) else None


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


RULES: Final[dict[Any, list[Rule]]] = {
    **ARITHMETIC,
    np.positive: [_unchanged],
    np.dot: [_dot],
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
    **{ufunc.reduce: [_reduction(ufunc.reduce)] for ufunc in _REDUCTIONS},
    **{function: [_reduced(function)] for function in _REDUCTIONS.values()},
}
"""How terms are simplified, by function: to the same numbers, or to the last bits of them."""
