"""Sweeps in a wrong order: what an engine leaves when nodes pass on adjoints that are not complete yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row
from grading.catalogue.mistake import Found, Generator

MOST_VISITS: Final = 2000
"""A recursion that visits nodes again ends here: its visits grow as the number of paths."""
_SAME: Final = 1e-9

Sweep = Callable[[Any, int, Any], "list[Row] | None"]
"""(net, output, zero) -> what each node has got in the end"""


def in_order(sweep: Sweep) -> Generator:
    """The derivative by a sweep in this order, from operation to operation and between variables.

    On many a graph a wrong order is right: there it is no mistake.
    """

    def generate(q: Any) -> Iterator[Found]:
        if not q.on_the_way:
            return
        number = q.graph.number
        ends = [(q.graph.fine, number[q.y], number[q.x])]
        ends.append((q.graph.named, q.place(q.y), q.place(q.x)))
        for net, y, x in ends:
            found = sweep(net, y, q.zero)
            if found is not None and not _equal(found[x], q.right):
                yield Found((), found[x], (), q.ends)

    return generate


def _equal(a: Row, b: Row) -> bool:
    return bool(((np.abs(a - b) <= _SAME * np.abs(b)) | (a == b) | ((a != a) & (b != b))).all())


def depth_first(net: Any, y: int, zero: Row) -> list[Row] | None:
    """Each node passes on when it is first visited: its operands as soon as they have got something."""
    return _recursion(net, y, zero, once=True)


def depth_first_list(net: Any, y: int, zero: Row) -> list[Row]:
    """Nodes are listed as a depth-first walk meets them, and pass on in the order of the list."""
    return _passed_on(net, y, zero, _preorder(net, y))


def breadth_first(net: Any, y: int, zero: Row) -> list[Row]:
    """Each node passes on when its turn comes in a queue, once."""
    order = [y]
    for v in order:
        order += [s for s in dict.fromkeys(_operands(net, v)) if s not in order]
    return _passed_on(net, y, zero, order)


def first_to_last(net: Any, y: int, zero: Row) -> list[Row]:
    """In the order of evaluation, where it should have been from the end."""
    return _passed_on(net, y, zero, range(y + 1))


def again_and_again(net: Any, y: int, zero: Row) -> list[Row] | None:
    """A recursion that remembers nothing: a node passes on all that it has got at each visit."""
    return _recursion(net, y, zero, once=False)


def _recursion(net: Any, y: int, zero: Row, once: bool) -> list[Row] | None:
    if not once and _visits(net, y) >= MOST_VISITS:
        return None
    found, seen = _start(net, y, zero), {y}
    walk = [(y, iter(net.into[y]))]
    while walk:
        v, edges = walk[-1]
        e = next(edges, None)
        if e is None:
            walk.pop()
            continue
        source = net.edges[e].source
        found[source] = found[source] + net.weights[e] * found[v]
        if not once or source not in seen:
            seen.add(source)
            walk.append((source, iter(net.into[source])))
    return found


def _visits(net: Any, y: int) -> int:
    """How often nodes are visited that have to be visited again along each path."""
    visits = [0] * net.size
    visits[y] = 1
    for source, target in reversed(net.edges):
        visits[source] += visits[target]
    return sum(visits) - 1


def _operands(net: Any, v: int) -> list[int]:
    return [net.edges[e].source for e in net.into[v]]


def _start(net: Any, y: int, zero: Row) -> list[Row]:
    found = [zero] * net.size
    found[y] = zero + 1.0
    return found


def _preorder(net: Any, y: int) -> list[int]:
    order, seen, walk = [], set(), [y]
    while walk:
        v = walk.pop()
        if v not in seen:
            seen.add(v)
            order.append(v)
            walk.extend(reversed(_operands(net, v)))
    return order


def _passed_on(net: Any, y: int, zero: Row, order: Iterable[int]) -> list[Row]:
    found = _start(net, y, zero)
    for v in order:
        for e in net.into[v]:
            source = net.edges[e].source
            found[source] = found[source] + net.weights[e] * found[v]
    return found
