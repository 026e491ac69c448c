"""Products of matrices, and sums of products."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Any

import numpy as np

from autograd_lite import functions as f
from autograd_lite import linalg
from autograd_lite.errors import OperandError
from autograd_lite.interop.onnx_reading.budget import Budget
from autograd_lite.interop.onnx_reading.operators.versions import Table
from autograd_lite.interop.onnx_reading.values import Given, kind_of, moves, room_for
from autograd_lite.rules.namespaces import plain


def product(a: Given, b: Given, *, budget: Budget) -> Any:
    """The product of matrices, of vectors, of stacks of matrices: NumPy's matmul."""
    if min(a.ndim, b.ndim) < 1:
        raise OperandError("a number is no matrix: Mul multiplies by one")
    stacks = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    rows = a.shape[-2] if a.ndim > 1 else 1
    columns = b.shape[-1] if b.ndim > 1 else 1
    room_for((*stacks, rows, columns))
    budget.multiply((*stacks, rows, columns, a.shape[-1]), a)
    return f.matmul(a, b) if moves(a, b) else np.matmul(a, b)


def _gemm(  # noqa: PLR0913 - ONNX's attributes
    a: Given,
    b: Given,
    c: Given | None = None,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    transA: int = 0,
    transB: int = 0,
    budget: Budget,
) -> Any:
    if not a.ndim == b.ndim == 2:
        raise OperandError(f"A and B are matrices, not of {a.ndim} and {b.ndim} axes")
    if kind_of(a) != "f" and not (alpha.is_integer() and beta.is_integer()):
        raise OperandError("of whole numbers alpha and beta are whole too")
    if moves(a, b, c) and c is not None and _is_layer(a, b, c, (alpha, beta, transA, transB)):
        budget.multiply((*a.shape, b.shape[0]), a)
        return f.affine(a, b, c)
    y = product(a.T if transA else a, b.T if transB else b, budget=budget)
    y = y if alpha == 1 else _factor(alpha, a) * y
    if c is None:
        return y
    if np.broadcast_shapes(c.shape, y.shape) != y.shape:
        raise OperandError(f"C of shape {list(c.shape)} does not fit {list(y.shape)}")
    return y + (c if beta == 1 else _factor(beta, a) * c)


def _is_layer(a: Given, b: Given, c: Given, options: tuple[float, ...]) -> bool:
    """Whether it is x·Wᵀ + b, as a linear layer writes it."""
    fits = a.shape[1] == b.shape[1] and c.shape == b.shape[:1]
    room_for((a.shape[0], b.shape[0]))
    return fits and options == (1.0, 1.0, 0, 1)


def _factor(number: float, x: Given) -> float | int:
    return number if kind_of(x) == "f" else int(number)


def _einsum(*xs: Given, equation: str, budget: Budget) -> Any:
    budget.multiply(_lengths(equation, xs), xs[0])
    return (
        f.einsum(equation, *xs) if kind_of(xs[0]) == "f" else np.einsum(equation, *map(plain, xs))
    )


def _lengths(equation: str, xs: tuple[Given, ...]) -> Collection[int]:
    """The lengths of all axes, each once.

    Raises GraphError without room for the sum or, of more than two, for any product on the way: all lengths,
    at the worst; OperandError for an equation that does not fit.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if not re.fullmatch(r"[A-Za-z.,]*", left + right) or len(terms) != len(xs):
        raise OperandError(f"equation {equation[:60]!r} does not fit {len(xs)} inputs")
    lengths: dict[str, int] = {}
    for term, x in zip(terms, xs, strict=True):
        letters = term.replace("...", "." * max(0, x.ndim - len(term.replace("...", ""))))
        if len(letters) != x.ndim:
            raise OperandError(f"{term[:60]!r} does not fit {x.ndim} axes")
        for i, (letter, n) in enumerate(zip(letters, x.shape, strict=True)):
            key = f".{x.ndim - i}" if letter == "." else letter
            lengths[key] = max(n, lengths.get(key, 1))
    shown = right if arrow else "".join(k for k in lengths if left.count(k) == 1)
    kept = [n for k, n in lengths.items() if k[0] in shown]
    room_for(kept)
    if len(xs) > 2:
        room_for([math.prod(lengths.values())])
    return lengths.values()


def _determinant(x: Given, *, budget: Budget) -> Any:
    budget.multiply((*x.shape, *x.shape[-1:]), x)
    return linalg.det(x)


OPERATORS: Table = {
    "MatMul": product,
    "Gemm": _gemm,
    "Einsum": _einsum,
    "Det": _determinant,
}
