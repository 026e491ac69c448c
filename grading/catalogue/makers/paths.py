"""Paths as a whole, and derivatives that answer a neighbouring question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from grading.catalogue.mistake import Found

MOST_PAIRED: Final = 12
"""Of more paths than this no two together are tried."""


def direct(q: Any) -> Iterator[Found]:
    """∂y/∂x with every other variable held, where the total derivative was asked."""
    if q.on_the_way and q.inner and not q.hold:
        between = " and ".join(map(q.name, q.inner[:3])) + (" and others" if q.inner[3:] else "")
        yield Found((), q.local(q.y, q.x), (q.x, q.y), {**q.ends, "between": between})


def everything_moving(q: Any) -> Iterator[Found]:
    """dy/dx, where a partial derivative was asked."""
    if q.hold:
        yield Found((), q.held(()), (q.x, q.y), q.ends)


def asked_partially(q: Any) -> Iterator[Found]:
    """∂y/∂x with one variable less held than asked, or all: one more is a variable taken for a constant."""
    if q.hold and q.inner:
        yield Found((), q.local(q.y, q.x), (q.x, q.y), q.ends)
    for h in q.hold or ():
        if h in q.graph.number:
            value = q.held([v for v in q.hold if v is not h])
            yield Found((q.name(h),), value, (h,), q.ends)


def product_of_ways(q: Any) -> Iterator[Found]:
    """The product of all paths between variables, and of those from operation to operation."""
    for ways, count in ((q.ways, q.number_of_ways), (q.fine_ways, q.number_of_fine_ways)):
        if 1 < count == len(ways):
            yield Found((), np.prod([way.product for way in ways], axis=0), (), q.ends)


def two_ways(q: Any) -> Iterator[Found]:
    """Two of the paths between variables."""
    if 3 < len(q.ways) <= MOST_PAIRED:
        for a, b in combinations(q.ways, 2):
            where = (">".join(a.names), ">".join(b.names))
            yield Found(where, a.product + b.product, (*a.nodes, *b.nodes), q.ends)


def other_inputs(q: Any) -> Iterable[Node]:
    """The variables that do not lie between x and y."""
    return [v for v in q.graph.variables if v not in q.on]


def values(q: Any) -> Iterable[Node]:
    """The other variables on the way, whose value may be given for a derivative."""
    return [v for v in q.variables if v is not q.y]
