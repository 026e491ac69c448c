"""Sums of elementwise products, read off the graph: c_t = f⊙c_{t-1} + i⊙c̃, however it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.node import Node

Sum: TypeAlias = dict[tuple[int, ...], float]
"""Coefficients of products; a product is the ordered numbers of its factors, () the number 1."""

RULES: Final = frozenset({"multiply", "multiply_add", "add", "subtract", "negative"})
MOST_PRODUCTS: Final = 8
MOST_FACTORS: Final = 3
_DEEPEST: Final = 8


class TooLongError(Exception):
    """A sum that no picture shows term by term."""


class Expansion:
    """A node as a sum of products of atoms: of nodes at which reading stops.

    is_atom  whether reading stops at a node
    atoms    those at which it stopped, by number
    sum      the products
    """

    def __init__(self, v: Node, is_atom: Callable[[Node], bool]) -> None:
        self._is_atom, self._shape = is_atom, np.shape(v.value)
        self.atoms: dict[int, Node] = {}
        self.sum = self._operation(v, 0)

    def _read(self, x: Any, depth: int) -> Sum:
        if not isinstance(x, Node):
            return _constant(x)
        if x.is_leaf and not x.requires_grad and np.ndim(x.value) == 0:
            return {(): float(x.value)}
        if depth > _DEEPEST or x.rule.name not in RULES or self._is_atom(x):
            return self._atom(x)
        if np.shape(x.value) != self._shape:
            return self._atom(x)
        return self._operation(x, depth)

    def _atom(self, x: Node) -> Sum:
        self.atoms[x.number] = x
        return {(x.number,): 1.0}

    def _operation(self, v: Node, depth: int) -> Sum:
        parts = [self._read(x, depth + 1) for x in v.operands]
        name = v.rule.name
        if name == "multiply":
            return _times(parts[0], parts[1])
        if name == "multiply_add":
            return _plus(_times(parts[0], parts[1]), parts[2])
        if name == "negative":
            return _plus({}, parts[0], -1.0)
        return _plus(parts[0], parts[1], -1.0 if name == "subtract" else 1.0)


def expanded(v: Node, is_atom: Callable[[Node], bool]) -> Expansion | None:
    """The sum of products that a node is, or None when it is none or too long for a picture."""
    if v.rule.name not in RULES:
        return None
    try:
        return Expansion(v, is_atom)
    except TooLongError:
        return None


def divided(total: Mapping[tuple[int, ...], float], by: int) -> tuple[Sum, Sum]:
    """The sum as by⊙first + second.

    >>> divided({(1, 2): 1.0, (2,): -1.0, (3,): 2.0}, 2)
    ({(1,): 1.0, (): -1.0}, {(3,): 2.0})
    """
    first, second = {}, {}
    for product, factor in total.items():
        if by in product:
            at = product.index(by)
            first[product[:at] + product[at + 1 :]] = factor
        else:
            second[product] = factor
    return first, second


def _constant(x: Any) -> Sum:
    try:
        array = np.asarray(x, dtype=float)
    except (TypeError, ValueError):
        raise TooLongError from None
    if array.ndim:
        raise TooLongError
    return {(): float(array)}


def _plus(a: Sum, b: Sum, sign: float = 1.0) -> Sum:
    found = dict(a)
    for product, factor in b.items():
        found[product] = found.get(product, 0.0) + sign * factor
    return _checked({product: factor for product, factor in found.items() if factor})


def _times(a: Sum, b: Sum) -> Sum:
    found: Sum = {}
    for p, x in a.items():
        for q, y in b.items():
            product = tuple(sorted(p + q))
            found[product] = found.get(product, 0.0) + x * y
    return _checked(found)


def _checked(found: Sum) -> Sum:
    if len(found) > MOST_PRODUCTS or any(len(product) > MOST_FACTORS for product in found):
        raise TooLongError
    return found
