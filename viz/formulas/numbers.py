"""Numbers and arrays as they stand on a picture (LaTeX) and in plain text."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain

_FEW = 3
_SUMS = frozenset(("add", "subtract", "negative", "multiply_add"))
_PRODUCTS = frozenset(("multiply", "divide", "alias"))
_MOST_FACTORS = 50


def shown_value(node: Node) -> Any:
    """A variable's number as it is read: 0 where a sum is nothing but the rounding of its terms.

    >>> from autograd_lite import Value
    >>> y = Value(0.4) * 0.5 + Value(0.3) * -1.0 + 0.1
    >>> y.data, float(shown_value(y)), float(shown_value(Value(1e-17)))
    (2.7755575615628914e-17, 0.0, 1e-17)
    """
    data = node.value
    if node.rule.name in _PRODUCTS and np.size(data) == 1:
        return np.where(_has_rounding(node), 0.0, data) if data else data
    if node.rule.name not in _SUMS:
        return data
    terms = _terms(node)
    largest = reduce(np.maximum, map(np.abs, terms))
    unit = np.finfo(getattr(data, "dtype", float)).eps
    return np.where(np.abs(data) <= len(terms) * unit * largest, 0.0, data)


def _has_rounding(product: Node) -> bool:
    """Whether a factor is nothing but the rounding of its terms."""
    walk, seen = [product], {id(product)}
    for node in walk:
        if node.rule.name in _SUMS and node.value and not shown_value(node):
            return True
        if node.rule.name in _PRODUCTS and len(walk) < _MOST_FACTORS:
            over = node.operands[:1] if node.rule.name == "divide" else node.operands
            fresh = [x for x in over if isinstance(x, Node) and id(x) not in seen]
            seen.update(map(id, fresh))
            walk.extend(fresh)
    return False


def _terms(node: Node) -> list[Any]:
    """The numbers that a sum of sums adds up, as far as the named ones."""
    found: list[Any] = []
    walk: list[Any] = [node]
    seen = {id(node)}
    for x in walk:
        if isinstance(x, Node) and x is not node and x.name is not None:
            found.append(plain(x))
        elif isinstance(x, Node) and x.rule.name == "multiply_add":
            found.append(plain(x.operands[0]) * plain(x.operands[1]))
            walk.append(x.operands[2])
        elif isinstance(x, Node) and x.rule.name in _SUMS:
            fresh = {id(y): y for y in x.operands if id(y) not in seen}
            seen.update(fresh)
            walk.extend(fresh.values())
        else:
            found.append(plain(x))
    return found


def number(x: float, digits: int = 3) -> str:
    r"""A number as LaTeX; short decimals as they are (1, 0.1, 0.14641), others rounded.

    >>> number(0.54), number(-0.841471), number(1.0), number(0.0123456789), number(2.5e-7)
    ('0.54', '-0.841', '1', '0.0123', '2.50\\times 10^{-7}')
    """
    if not math.isfinite(x):
        return r"\mathrm{nan}" if math.isnan(x) else (r"\infty" if x > 0 else r"-\infty")
    if x and not 1e-3 <= abs(x) < 1e6:
        mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
        return rf"{mantissa}\times 10^{{{int(exponent)}}}"
    return _decimal(x, digits)


def _decimal(x: float, digits: int) -> str:
    small = -1 - math.floor(math.log10(abs(x))) if x else 0
    shown = _short(x, digits + 2) or f"{x:.{digits + max(small, 0)}f}"
    return shown.lstrip("-") if float(shown) == 0 else shown


def _short(x: float, most: int) -> str | None:
    """All of a number with few decimals (0.14641), or None."""
    tried = (f"{x:.{decimals}f}" for decimals in range(most + 1))
    return next((t for t in tried if math.isclose(float(t), x, rel_tol=1e-12)), None)


def as_latex(data: Any, digits: int) -> str:
    r"""A number, or the numbers of a short vector.

    >>> as_latex(0.54, 3), as_latex(np.array([1.0, 0.54032]), 1)
    ('0.54', '[1,\\,0.5]')
    """
    array = np.asarray(data, dtype=float)
    if array.size == 1:
        return number(float(array.reshape(())), digits)
    return "[" + r",\,".join(number(float(x), digits) for x in array.ravel()) + "]"


def as_factor(shown: str) -> str:
    """A number that stands in a product: in brackets if it has a sign."""
    return f"({shown})" if shown.startswith("-") else shown


def fits(data: Any) -> bool:
    """Whether all of its numbers can be shown: one, or a vector of a few."""
    array = np.asarray(data)
    return array.size == 1 or (array.ndim == 1 and 0 < array.size <= _FEW)


def rows(data: Any, digits: int) -> tuple[str, ...]:
    r"""The numbers of a matrix of few rows and columns, row by row; nothing for other arrays.

    >>> rows(np.eye(2), 1)
    ('[1,\\,0]', '[0,\\,1]')
    """
    array = np.asarray(data)
    if array.ndim != 2 or not array.size > 1 or max(array.shape) > _FEW:
        return ()
    return tuple(
        as_latex(row, digits) if row.size > 1 else f"[{as_latex(row, digits)}]" for row in array
    )


def norm(data: Any, of: str, digits: int) -> str:
    r"""The norm of something too large to show.

    >>> norm(np.ones((3, 4)), "W", 2)
    '\\Vert W\\Vert=3.46'
    """
    bars = (r"\left\Vert", r"\right\Vert") if "frac" in of else (r"\Vert", r"\Vert")
    return rf"{bars[0]} {of}{bars[1]}={number(_euclidean(np.asarray(data)), digits)}"


def equals(data: Any, of: str, digits: int) -> str:
    """What a derivative is equal to, at the end of a line: the number, or else the norm."""
    if fits(data):
        return f"={as_latex(data, digits)}"
    return rf",\qquad {norm(data, of, digits)}"


def shape(sizes: tuple[int, ...]) -> str:
    """An array's shape as LaTeX."""
    return r"{\times}".join(map(str, sizes)) if len(sizes) != 1 else f"({sizes[0]})"


def as_text(data: Any) -> str:
    """The same in plain text, numbers to six significant digits.

    >>> as_text(0.5403023058681398), as_text(np.ones((3, 4)))
    ('0.540302', '3×4, norm 3.4641')
    """
    array = np.asarray(data)
    if array.size == 1:
        return f"{float(array.reshape(())):.6g}"
    if fits(array):
        return "[" + ", ".join(f"{float(x):.6g}" for x in array) + "]"
    return f"{'×'.join(map(str, array.shape))}, norm {_euclidean(array):.6g}"


def _euclidean(array: Any) -> float:
    return float(np.sqrt(np.sum(np.square(array, dtype=float))))
