"""Sweeps in a wrong order: what an engine leaves when nodes pass on adjoints that are not complete yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from grading.catalogue.makers.each import Row
from grading.catalogue.mistake import Found, Generator

MOST_VISITS: Final = 2000
"""A recursion that visits nodes again ends here: its visits grow as the number of paths."""
_SAME: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Walked:
    """A net as such sweeps walk it, from y back to x.

    into    for each node its operands on the way, each with the factor; others pass nothing on to x
    visits  how often nodes are visited that have to be visited again along each path
    zero    nothing, at each point
    """

    into: list[list[tuple[int, Row]]]
    y: int
    visits: int
    zero: Row

    def start(self) -> list[Row]:
        """What each node has got at first."""
        found = [self.zero] * len(self.into)
        found[self.y] = self.zero + 1.0
        return found

    def operands(self, v: int) -> list[int]:
        """The operands of a node, on the way."""
        return [source for source, _ in self.into[v]]


Sweep = Callable[[Walked], "list[Row] | None"]
"""what each node has got in the end"""


def in_order(sweep: Sweep) -> Generator:
    """The derivative by a sweep in this order, from operation to operation and between variables.

    On many a graph a wrong order is right: there it is no mistake.
    """

    def generate(q: Any) -> Iterator[Found]:
        for walked, x in q.once("walked", lambda: _both(q)):
            found = sweep(walked)
            if found is not None and not _equal(found[x], q.right):
                yield Found((), found[x], (), q.ends)

    return generate


def _both(q: Any) -> list[tuple[Walked, int]]:
    """From operation to operation and between variables, each with the place of x."""
    if not q.on_the_way:
        return []
    number = q.graph.number
    ends = [(q.graph.fine, number[q.y], number[q.x])]
    ends.append((q.graph.named, q.place(q.y), q.place(q.x)))
    return [(_walked(net, y, x, q.zero), x) for net, y, x in ends]


def _walked(net: Any, y: int, x: int, zero: Row) -> Walked:
    into: list[list[tuple[int, Row]]] = [[] for _ in range(net.size)]
    for e in net.between(y, x):
        into[net.edges[e].target].append((net.edges[e].source, net.weights[e]))
    visits = [0] * net.size
    visits[y] = 1
    for source, target in reversed(net.edges):
        visits[source] += visits[target]
    return Walked(into, y, sum(visits) - 1, zero)


def _equal(a: Row, b: Row) -> bool:
    return bool(((np.abs(a - b) <= _SAME * np.abs(b)) | (a == b) | ((a != a) & (b != b))).all())


def depth_first(net: Walked) -> list[Row]:
    """Each node passes on when it is first visited: its operands as soon as they have got something."""
    return _recursion(net, once=True)


def depth_first_list(net: Walked) -> list[Row]:
    """Nodes are listed as a depth-first walk meets them, and pass on in the order of the list."""
    return _passed_on(net, _preorder(net))


def breadth_first(net: Walked) -> list[Row]:
    """Each node passes on when its turn comes in a queue, once."""
    order = [net.y]
    for v in order:
        order += [s for s in dict.fromkeys(net.operands(v)) if s not in order]
    return _passed_on(net, order)


def first_to_last(net: Walked) -> list[Row]:
    """In the order of evaluation, where it should have been from the end."""
    return _passed_on(net, range(net.y + 1))


def again_and_again(net: Walked) -> list[Row] | None:
    """A recursion that remembers nothing: a node passes on all that it has got at each visit."""
    return _recursion(net, once=False) if net.visits < MOST_VISITS else None


def _recursion(net: Walked, once: bool) -> list[Row]:
    found, seen = net.start(), {net.y}
    walk = [(net.y, iter(net.into[net.y]))]
    while walk:
        v, operands = walk[-1]
        for source, weight in operands:
            found[source] = found[source] + weight * found[v]
            if not once or source not in seen:
                seen.add(source)
                walk.append((source, iter(net.into[source])))
                break
        else:
            walk.pop()
    return found


def _preorder(net: Walked) -> list[int]:
    order, seen, walk = [], set(), [net.y]
    while walk:
        v = walk.pop()
        if v not in seen:
            seen.add(v)
            order.append(v)
            walk.extend(reversed(net.operands(v)))
    return order


def _passed_on(net: Walked, order: Iterable[int]) -> list[Row]:
    found = net.start()
    for v in order:
        for source, weight in net.into[v]:
            found[source] = found[source] + weight * found[v]
    return found
