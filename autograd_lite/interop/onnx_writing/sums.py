"""NumPy's sums, products and largest entries along axes, running ones, and matrix products."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import (
    matmul,
    pad,
    reduced,
    reshape,
    sliced,
    transpose,
    unsqueeze,
)
from autograd_lite.interop.onnx_writing.shapes import Axes, axes_of, diagonal, joinable
from autograd_lite.interop.onnx_writing.wires import INT64, Wire, cast, common_dtype
from autograd_lite.rules import RULES


def _reduction(name: str, default: Axes = None) -> Translation:
    """A reduction along axes; of truths their number is counted, as NumPy does."""

    def along(x: Wire, axis: Axes = default, dtype: Any = None, keepdims: Any = False) -> Wire:
        if x.dtype.kind == "b" and name in ("ReduceSum", "ReduceProd"):
            x = cast(x, INT64)
        if dtype is not None and x.dtype != np.dtype(dtype):
            x = cast(x, dtype)
        return reduced(name, x, axes_of(axis, x.ndim), keepdims is True or keepdims == 1)

    return along


def _mean(x: Wire, axis: Axes = None, keepdims: bool = False) -> Wire:
    x = x if x.dtype.kind == "f" else cast(x, np.float64)
    return reduced("ReduceMean", x, axes_of(axis, x.ndim), bool(keepdims))


def _holds(name: str) -> Translation:
    def along(x: Wire, axis: Axes = None, keepdims: bool = False) -> Wire:
        found = reduced(name, cast(x, np.int32), axes_of(axis, x.ndim), bool(keepdims))
        return cast(found, bool)

    return along


def _place(name: str) -> Translation:
    """The place of the first largest or smallest entry."""

    def along(x: Wire, axis: int | None = None, keepdims: Any = False) -> Wire:
        if axis is None:
            x, axis = reshape(x, (-1,)), 0
        axis, keeps = axis % x.ndim, bool(keepdims is True)
        shape = tuple(1 if k == axis else n for k, n in enumerate(x.shape) if keeps or k != axis)
        return x.draft.node(name, x, dtype=INT64, shape=shape, axis=axis, keepdims=int(keeps))

    return along


# --- running sums ------------------------------------------------------------------------------------


def _cumsum(x: Wire, axis: int | None = None) -> Wire:
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return x.draft.node("CumSum", x, x.draft.number(axis % x.ndim, np.int64), like=x)


def _before(x: Wire, axis: int, by: int, first: float) -> Wire:
    """Each entry's predecessor, so many places before."""
    before = [by if k == axis else 0 for k in range(x.ndim)]
    return pad(sliced(x, {axis: slice(None, -by)}), before, [0] * x.ndim, first)


def _cumprod(x: Wire, axis: int) -> Wire:
    """The running product, in as many steps as doubling takes."""
    axis, by = axis % x.ndim, 1
    while by < x.shape[axis]:
        x, by = x * _before(x, axis, by, 1.0), 2 * by
    return x


def _recurrence(a: Any, b: Any, axis: int) -> Wire:
    """y[k] = a[k]·y[k-1] + b[k]: steps that are joined in pairs, pairs of pairs, …"""
    factor, term = joinable([a, b])
    axis, by = axis % term.ndim, 1
    while by < term.shape[axis]:
        term = factor * _before(term, axis, by, 0.0) + term
        factor, by = factor * _before(factor, axis, by, 0.0), 2 * by
    return term


# --- products ----------------------------------------------------------------------------------------


def _adds_rows(a: Any, b: Any) -> bool:
    """Whether it is the sum over rows, at which NumPy is quicker as a product."""
    is_row = isinstance(a, np.ndarray) and a.ndim == 1 and b.ndim == 2
    return is_row and bool((a == 1).all()) and a.dtype == b.dtype


def _matmul(a: Any, b: Any) -> Wire:
    if _adds_rows(a, b):
        return reduced("ReduceSum", b, [0])
    return matmul(*joinable([a, b]))


def _dot(a: Any, b: Any) -> Wire:
    if _adds_rows(a, b):
        return reduced("ReduceSum", b, [0])
    left, right = joinable([a, b])
    if not left.ndim or not right.ndim:
        return left * right
    if right.ndim <= 2:
        return matmul(left, right)
    order = [right.ndim - 2, *(k for k in range(right.ndim) if k != right.ndim - 2)]
    flat = matmul(left, reshape(transpose(right, order), (right.shape[-2], -1)))
    return reshape(flat, (*left.shape[:-1], *right.shape[:-2], right.shape[-1]))


def _outer(a: Any, b: Any) -> Wire:
    a, b = (reshape(x, (-1,)) for x in joinable([a, b]))
    return unsqueeze(a, [1]) * unsqueeze(b, [0])


def _einsum(equation: str, *operands: Any, optimize: Any = False) -> Wire:
    """Σ over the letters that the result has not; a letter twice in one operand is its diagonal."""
    xs = [_summed_or_diagonal(equation, k, x) for k, x in enumerate(joinable(operands))]
    inputs, _, result = equation.replace(" ", "").partition("->")
    letters = ["".join(dict.fromkeys(part)) for part in inputs.split(",")]
    sizes = {
        c: n
        for part, x in zip(letters, xs, strict=True)
        for c, n in zip(part, x.shape, strict=True)
    }
    shape = tuple(sizes[c] for c in result)
    if not any(letters):
        return math.prod(xs[1:], start=xs[0])
    kind = common_dtype(*xs)
    text = f"{','.join(letters)}->{result}"
    return xs[0].draft.node("Einsum", *xs, dtype=kind, shape=shape, equation=text)


def _summed_or_diagonal(equation: str, k: int, x: Wire) -> Wire:
    part = equation.replace(" ", "").partition("->")[0].split(",")[k]
    for letter in dict.fromkeys(part):
        while part.count(letter) > 1:
            first, second = part.index(letter), part.rindex(letter)
            x = diagonal(x, 0, first, second)
            part = (
                part.replace(letter, "") + letter
                if part.count(letter) == 2
                else (part[:first] + part[first + 1 : second] + part[second + 1 :] + letter)
            )
    order = [
        part.index(c)
        for c in dict.fromkeys(equation.replace(" ", "").partition("->")[0].split(",")[k])
    ]
    return transpose(x, order)


SUMS: Final[dict[Any, Translation]] = {
    np.sum: _reduction("ReduceSum"), np.prod: _reduction("ReduceProd"), np.max: _reduction("ReduceMax"),
    np.min: _reduction("ReduceMin"), np.mean: _mean, np.any: _holds("ReduceMax"), np.all: _holds("ReduceMin"),
    (np.add, "reduce"): _reduction("ReduceSum", 0), (np.multiply, "reduce"): _reduction("ReduceProd", 0),
    (np.maximum, "reduce"): _reduction("ReduceMax", 0), (np.minimum, "reduce"): _reduction("ReduceMin", 0),
    np.argmax: _place("ArgMax"), np.argmin: _place("ArgMin"),
    np.cumsum: _cumsum, np.cumprod: _cumprod, RULES["recurrence"]: _recurrence,
    np.matmul: _matmul, np.dot: _dot, np.outer: _outer, np.einsum: _einsum,
}  # fmt: skip
