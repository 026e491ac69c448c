"""Variables numbered in families, h_1 … h_T: which number each has, and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from autograd_lite.node import Node
from viz.formulas.labels import latex
from viz.formulas.naming import Names

_NUMBERED: Final = re.compile(r"(.+)_(?:\{(0|[1-9]\d{0,8})\}|(\d))")
_DIGITS: Final = 10


class Place(NamedTuple):
    """Where a variable stands in its family: h_3 is number 3 of the family h."""

    family: str
    number: int


def place(called: Names, node: Node) -> Place | None:
    """The family and number of the one variable called like h_3."""
    if called not in _COUNTED:
        numbered = {v: at for v in called.nodes if (at := _numbered(called, v))}
        kin: dict[str, set[int]] = {}
        for at in numbered.values():
            kin.setdefault(at.family, set()).add(at.number)
        counted = {family: _counted(frozenset(numbers)) for family, numbers in kin.items()}
        found = {v: at for v, at in numbered.items() if at.number in counted[at.family]}
        _COUNTED[called] = found
    return _COUNTED[called].get(node)


_COUNTED: Final[WeakKeyDictionary[Names, dict[Node, Place]]] = WeakKeyDictionary()


def _numbered(called: Names, node: Node) -> Place | None:
    is_named = node.name is not None and latex(node.name) is not None
    found = _NUMBERED.fullmatch(called.latex(node)) if is_named else None
    return Place(found[1], int(found[2] or found[3])) if found else None


@lru_cache(maxsize=1024)
def _counted(numbers: frozenset[int]) -> frozenset[int]:
    """Those that counting reaches, from a number of one digit on.

    Any other number of two digits is two indices: w_11, w_12, w_21, w_22 are the entries of a matrix.

    >>> sorted(_counted(frozenset({1, 2, 11, 12}))), sorted(_counted(frozenset({8, 9, 10, 11})))
    ([1, 2], [8, 9, 10, 11])
    >>> sorted(_counted(frozenset({11, 12, 21, 22}))), sorted(_counted(frozenset({0, 5, 10, 15})))
    ([], [0, 5, 10, 15])
    """
    order = sorted(numbers)
    steps = {b - a for a, b in pairwise(order)}
    if order[0] < _DIGITS and len(steps) == 1 and len(order) > 2:
        return numbers
    found = {n for n in order if n < _DIGITS}
    for n in order:
        found |= {n} if n - 1 in found else set()
    return frozenset(found)


def inputs_by_index(called: Names, nodes: Iterable[Node]) -> list[Node]:
    """The nodes, inputs of a family in the order of their numbers on the places that they had."""
    order = list(nodes)
    inputs = iter(by_index(called, [v for v in order if v.is_leaf]))
    return [next(inputs) if v.is_leaf else v for v in order]


def by_index(called: Names, nodes: Iterable[Node]) -> list[Node]:
    """The same, but each family in the order of its numbers, on the places that its members had."""
    order = list(nodes)
    kin: dict[str, list[tuple[int, int, Node]]] = {}
    for k, v in enumerate(order):
        if at := place(called, v):
            kin.setdefault(at.family, []).append((at.number, k, v))
    sorted_kin = {family: iter(sorted(members)) for family, members in kin.items()}
    return [next(sorted_kin[at.family])[2] if (at := place(called, v)) else v for v in order]
