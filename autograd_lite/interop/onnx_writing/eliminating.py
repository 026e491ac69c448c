"""Inverses, solutions, determinants and triangular factors by elimination, a step for each row.

ONNX has no operator for them but a determinant without a derivative; matrices (…, n, n) of up to 64 rows.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lite.errors import SourceError
from autograd_lite.interop.onnx_writing.elementwise import Translation
from autograd_lite.interop.onnx_writing.operators import (
    absolute,
    concatenate,
    equal,
    expand,
    gather,
    log,
    matmul,
    pad,
    reduced,
    sliced,
    sqrt,
    squeeze,
    transpose,
    unary,
    unsqueeze,
    where,
)
from autograd_lite.interop.onnx_writing.shapes import joinable
from autograd_lite.interop.onnx_writing.wires import INT64, Wire, cast
from autograd_lite.rules import RULES
from autograd_lite.rules.linear_solvers import ASYMMETRY, symmetric_part

_MOST: Final = 64


class Eliminated(NamedTuple):
    """A matrix brought to the identity: what came of the columns beside it, and the pivots.

    pivots  (…, n); sign (…,), which the changes of rows have
    """

    beside: Wire
    pivots: list[Wire]
    sign: Wire


def eliminated(a: Wire, beside: Wire) -> Eliminated:
    """Gauss and Jordan's elimination with the largest entry of each column as pivot."""
    n = a.shape[-1]
    refuse_large(n)
    m = concatenate([a, beside], -1)
    pivots, sign = list[Wire](), expand(a.draft.number(1, a.dtype), a.shape[:-2])
    for k in range(n):
        m, swapped = _with_pivot(m, k)
        sign = sign * where(swapped, -1.0, 1.0)
        pivot = gather(gather(m, k, -1), k, -1)
        pivots.append(pivot)
        row = sliced(m, {m.ndim - 2: slice(k, k + 1)}) / unsqueeze(pivot, [-1, -2])
        column = sliced(m, {m.ndim - 1: slice(k, k + 1)})
        here = m.draft.fixed((np.arange(n) == k)[:, None])
        m = where(here, row, m - column * row)
    return Eliminated(sliced(m, {m.ndim - 1: slice(n, None)}), pivots, sign)


def _with_pivot(m: Wire, k: int) -> tuple[Wire, Wire]:
    """Row k changed for that below it which has the largest entry in column k; and whether it is another."""
    n = m.shape[-2]
    below = sliced(gather(m, k, -1), {m.ndim - 2: slice(k, None)})
    shape = below.shape[:-1]
    place = m.draft.node(
        "ArgMax", absolute(below), dtype=INT64, shape=shape, axis=below.ndim - 1, keepdims=0
    )
    place = place + k
    is_pivot = equal(unsqueeze(place, [-1]), m.draft.fixed(np.arange(n)))
    chosen = matmul(unsqueeze(cast(is_pivot, m.dtype), [-2]), m)
    old = sliced(m, {m.ndim - 2: slice(k, k + 1)})
    here = m.draft.fixed((np.arange(n) == k)[:, None])
    return where(here, chosen, where(unsqueeze(is_pivot, [-1]), old, m)), ~equal(place, k)


def refuse_large(n: int) -> None:
    """Raise SourceError for more rows than a model should have steps."""
    if n > _MOST:
        raise SourceError(
            f"ONNX has no operator for it, and elimination is written for matrices of up to {_MOST} rows, "
            f"not of {n}"
        )


def inverse(a: Wire) -> Wire:
    """a⁻¹, (…, n, n)."""
    n = a.shape[-1]
    ones = expand(a.draft.fixed(np.eye(n, dtype=a.dtype)), (*a.shape[:-2], n, n))
    return eliminated(a, ones).beside


def _solve(a: Any, b: Any) -> Wire:
    """A⁻¹·b; b with one axis is a column."""
    a, b = joinable([a, b])
    if b.ndim == 1:
        return squeeze(_solve(a, unsqueeze(b, [1])), [-1])
    shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = expand(a, (*shape, *a.shape[-2:])), expand(b, (*shape, *b.shape[-2:]))
    return eliminated(a, b).beside


def _pivots(a: Wire) -> tuple[Wire, Wire]:
    """The pivots (…, n), and the sign that the changes of rows have."""
    none = sliced(a, {a.ndim - 1: slice(0, 1)})
    found = eliminated(a, none)
    return concatenate([unsqueeze(p, [-1]) for p in found.pivots], -1), found.sign


def determinant(a: Wire) -> Wire:
    """The product of the pivots, of which a singular matrix has a zero one."""
    pivots, sign = _pivots(a)
    return sign * reduced("ReduceProd", _or_zero(pivots), [-1])


def _or_zero(pivots: Wire) -> Wire:
    """What follows a zero pivot is nan: the product is zero all the same."""
    is_lost = unary("IsNaN", pivots, bool)
    return where(is_lost, 0.0, pivots)


def _slogdet(a: Wire) -> tuple[Wire, Wire]:
    pivots, sign = _pivots(a)
    pivots = _or_zero(pivots)
    signs = reduced("ReduceProd", unary("Sign", pivots), [-1])
    return sign * signs, reduced("ReduceSum", log(absolute(pivots)), [-1])


def cofactors(a: Wire) -> Wire:
    """∂(det a)/∂a: for each entry the determinant of what is left without its row and column, (…, n, n).

    Also where the matrix is singular and an inverse would not do.
    """
    n = a.shape[-1]
    if n == 1:
        return a * 0.0 + 1.0
    kept = np.array([[j for j in range(n) if j != k] for k in range(n)])
    minors = gather(gather(a, kept, a.ndim - 2), kept, a.ndim)  # (…, n, n-1, n, n-1)
    d = a.ndim - 2
    minors = transpose(minors, [*range(d), d, d + 2, d + 1, d + 3])
    signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
    return determinant(minors) * a.draft.fixed(signs.astype(a.dtype))


def _det_vjp(g: Any, y: Any, a: Wire) -> Wire:
    g = joinable([g, a])[0]
    return unsqueeze(g, [-1, -2]) * cofactors(a)


def _det_jvp(t: Any, y: Any, a: Wire) -> Wire:
    return reduced("ReduceSum", joinable([t, a])[0] * cofactors(a), [-2, -1])


def _cholesky(a: Wire) -> Wire:
    """L with L·Lᵀ = a, column by column; nan for a matrix that is not positive definite."""
    n, columns = a.shape[-1], list[Wire]()
    refuse_large(n)
    for k in range(n):
        pivot = sqrt(gather(gather(a, k, -1), k, -1))
        below = sliced(gather(a, k, -1), {a.ndim - 2: slice(k, None)}) / unsqueeze(pivot, [-1])
        before = [0] * (a.ndim - 2) + [k]
        column = unsqueeze(pad(below, before, [0] * (a.ndim - 1)), [-1])
        columns.append(column)
        a = a - column * transpose(column, [*range(a.ndim - 2), a.ndim - 1, a.ndim - 2])
    return concatenate(columns, -1)


def _symmetric_part(a: Wire) -> Wire:
    """(a + aᵀ)/2; nan for a matrix that is clearly not symmetric, which the engine refuses."""
    other = transpose(a, [*range(a.ndim - 2), a.ndim - 1, a.ndim - 2])
    every = range(a.ndim)
    largest = reduced("ReduceMax", absolute(a), every)
    apart = reduced("ReduceMax", absolute(a - other), every)
    return where(apart > ASYMMETRY * largest, float("nan"), 0.5 * (a + other))


ELIMINATING: Final[dict[Any, Translation]] = {
    np.linalg.inv: inverse, np.linalg.solve: _solve, np.linalg.det: determinant,
    np.linalg.slogdet: _slogdet, np.linalg.cholesky: _cholesky, symmetric_part: _symmetric_part,
    (RULES["det"], "vjp"): _det_vjp, (RULES["det"], "jvp"): _det_jvp,
}  # fmt: skip
