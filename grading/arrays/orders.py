"""Sweeps in a wrong order: nodes pass on adjoints that are not complete yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import found
from grading.arrays.region import Region, pulled
from grading.catalogue.mistake import Found

MOST_VISITS: Final = 2000
"""A recursion that remembers nothing ends here: its visits grow as the number of paths"""


class Orders:
    """What an engine leaves at the asked variable when it sweeps in another order than the reverse one."""

    def __init__(self, region: Region) -> None:
        self.region = region

    def depth_first(self) -> Iterable[Found]:
        """Nodes pass on as a depth-first walk from the output meets them."""
        yield from self._recursion(once=True)

    def listed(self) -> Iterable[Found]:
        """Nodes are listed as a depth-first walk meets them, and then pass on in the order of the list."""
        order, walk = dict[Node, None](), [self.region.y]
        while walk:
            n = walk.pop()
            if n not in order:
                order[n] = None
                walk += reversed(self._operands(n))
        yield from self._in_order(order)

    def breadth_first(self) -> Iterable[Found]:
        """Nodes pass on as a breadth-first walk meets them."""
        order, walk = {self.region.y: None}, [self.region.y]
        for n in walk:
            fresh = [p for p in dict.fromkeys(self._operands(n)) if p not in order]
            order.update(dict.fromkeys(fresh))
            walk += fresh
        yield from self._in_order(order)

    def again_and_again(self) -> Iterable[Found]:
        """A node passes on all that it has got at each visit."""
        yield from self._recursion(once=False)

    def _operands(self, n: Node) -> list[Node]:
        return [p for i, p in enumerate(n.operands) if (n, i) in self.region.known]

    def _start(self) -> dict[Node, Any]:
        y = self.region.y
        return {y: np.ones(np.shape(plain(y))) if self.region.seed is None else self.region.seed}

    def _in_order(self, order: Iterable[Node]) -> Iterable[Found]:
        adjoint = self._start()
        for n in order:
            for i, p in enumerate(n.operands):
                if (n, i) in self.region.known:
                    adjoint[p] = adjoint.get(p, 0.0) + pulled(n, i, adjoint[n])
        yield from self._answer(adjoint)

    def _recursion(self, once: bool) -> Iterable[Found]:
        adjoint, seen, visits = self._start(), {self.region.y}, 0
        walk = [(self.region.y, self._edges(self.region.y))]
        while walk and visits < MOST_VISITS:
            n, edges = walk[-1]
            i = next(edges, None)
            if i is None:
                walk.pop()
                continue
            p = n.operands[i]
            adjoint[p] = adjoint.get(p, 0.0) + pulled(n, i, adjoint[n])
            if not once or p not in seen:
                visits += 1
                seen.add(p)
                walk.append((p, self._edges(p)))
        yield from self._answer(adjoint) if not walk else ()

    def _edges(self, n: Node) -> Iterator[int]:
        return iter([i for i in range(len(n.operands)) if (n, i) in self.region.known])

    def _answer(self, adjoint: dict[Node, Any]) -> Iterable[Found]:
        if self.region.x in adjoint:
            yield found(adjoint[self.region.x])
