"""A graph as numbers alone: edges with a weight at each of K points, swept for many edits at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from grading.scalars.lift import Row

Edits: TypeAlias = Mapping[int, Row]
"""Edge -> what a mistake takes for its weight."""

MOST_PATHS: Final = 256
"""Paths are listed up to here: their number can grow exponentially, and no student follows more."""
AT_ONCE: Final = 40_000
"""Edits times points that one sweep takes, which bounds its memory."""


class Arrow(NamedTuple):
    """An edge of the net, by the numbers of the nodes it joins: `target` is computed from `source`."""

    source: int
    target: int


class Net:
    """Nodes 0 … N-1 in order of evaluation, and edges with weights of shape (K,).

    Adjoints go back and tangents forward as in the engine, so the derivative of y by x is their product
    along any cut; an edit puts another weight on some edges. On exact zeros poles are masked: 0·inf = 0.
    """

    def __init__(self, size: int, edges: Iterable[tuple[int, int]], weights: Iterable[Row], k: int):
        pairs = sorted(
            ((Arrow(*e), w) for e, w in zip(edges, weights, strict=True)), key=lambda p: p[0].target
        )
        self.size, self.k = size, k
        self.edges = [e for e, _ in pairs]
        self.weights = [w for _, w in pairs]
        self._on: dict[tuple[int, int], list[int]] = {}
        self._mul = np.multiply if all(np.isfinite(w).all() for w in self.weights) else _masked

    @cached_property
    def into(self) -> list[list[int]]:
        """For each node the edges that lead into it, by operand."""
        return self._by(lambda e: e.target)

    @cached_property
    def out_of(self) -> list[list[int]]:
        """For each node the edges that lead out of it, by target."""
        return self._by(lambda e: e.source)

    def _by(self, end: Callable[[Arrow], int]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(self.size)]
        for e, edge in enumerate(self.edges):
            found[end(edge)].append(e)
        return found

    def reaching(self, y: int) -> set[int]:
        """The nodes from which a path leads to y, and y itself."""
        seen, walk = {y}, [y]
        for v in walk:
            fresh = {self.edges[e].source for e in self.into[v]} - seen
            seen |= fresh
            walk.extend(fresh)
        return seen

    def reached(self, x: int) -> set[int]:
        """The nodes to which a path leads from x, and x itself."""
        seen, walk = {x}, [x]
        for v in walk:
            fresh = {self.edges[e].target for e in self.out_of[v]} - seen
            seen |= fresh
            walk.extend(fresh)
        return seen

    def adjoints(self, y: int) -> list[Row]:
        """dy/dv for every node v."""
        found = [np.zeros(self.k)] * self.size
        found[y] = np.ones(self.k)
        for e in reversed(range(len(self.edges))):
            source, target = self.edges[e]
            if target <= y:
                found[source] = found[source] + self._mul(found[target], self.weights[e])
        return found

    def tangents(self, seeds: Mapping[int, Any], blocked: bool = False) -> list[Any]:
        """How every node moves, where the seeds (…, K) say how some do of their own.

        blocked  the seeded nodes move by their seeds alone, and what arrives at them is told all the same:
                 with a one for each named variable, partial derivatives between variables
        """
        shape = np.broadcast_shapes(*(np.shape(s) for s in seeds.values()), (self.k,))
        arrived: list[Any] = [np.zeros(shape)] * self.size
        for e, (source, target) in enumerate(self.edges):
            moves = arrived[source]
            if source in seeds:
                moves = seeds[source] if blocked else moves + seeds[source]
            arrived[target] = arrived[target] + self._mul(moves, self.weights[e])
        if not blocked:
            for v, seed in seeds.items():
                arrived[v] = arrived[v] + seed
        return arrived

    def edited(self, y: int, x: int, edits: Sequence[Edits]) -> list[Row]:
        """dy/dx with each of the edits in turn, swept together."""
        step = max(1, AT_ONCE // self.k)
        starts = range(0, len(edits), step)
        return [d for i in starts for d in self._edited(y, x, edits[i : i + step])]

    def _edited(self, y: int, x: int, edits: Sequence[Edits]) -> Iterator[Row]:
        touched: dict[int, list[tuple[int, Row]]] = {}
        for j, edit in enumerate(edits):
            for e, w in edit.items():
                touched.setdefault(e, []).append((j, w))
        found: list[Any] = [None] * self.size
        found[y], done = np.ones((len(edits), self.k)), y
        for e in reversed(self.between(y, x)):
            source, target = self.edges[e]
            if target != done:  # it has passed on all: nobody needs its rows any more
                found[done], done = None, target
            g = found[target]
            c = self._mul(g, self.weights[e])
            if e in touched:
                which, instead = zip(*touched[e], strict=True)
                mine = list(which)
                c[mine] = _masked(g[mine], np.array(instead))
            found[source] = c if found[source] is None else found[source] + c
        yield from np.zeros((len(edits), self.k)) if found[x] is None else found[x]

    def between(self, y: int, x: int) -> list[int]:
        """The edges on paths from x to y."""
        if (y, x) not in self._on:
            on = self.reaching(y) & self.reached(x)
            edges = enumerate(self.edges)
            self._on[y, x] = [e for e, (a, b) in edges if a in on and b in on]
        return self._on[y, x]

    def ways(self, x: int, y: int) -> int:
        """How many paths lead from x to y."""
        count = [0] * self.size
        count[x] = 1
        for source, target in self.edges:
            count[target] += count[source]
        return count[y]

    def paths(self, x: int, y: int, limit: int = MOST_PATHS) -> list[tuple[int, ...]]:
        """The edges along each path from x to y; the first `limit` of them where there are more."""
        if x == y:
            return [()]
        onward: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for e in self.between(y, x):
            onward[self.edges[e].source].append((e, self.edges[e].target))
        found: list[tuple[int, ...]] = []
        path, walk = [0], [iter(onward[x])]  # the last edge of the path is yet to be chosen
        while walk and len(found) < limit:
            for path[-1], v in walk[-1]:
                if v != y:
                    path.append(0)
                    walk.append(iter(onward[v]))
                    break
                found.append(tuple(path))
                if len(found) == limit:
                    break
            else:
                path.pop()
                walk.pop()
        return found

    def along(self, paths: Sequence[Sequence[int]]) -> Any:
        """The product of the weights along each path, shape (paths, K)."""
        weights = np.array([*self.weights, np.ones(self.k)])
        product = np.ones((len(paths), self.k))
        for e in self._side_by_side(paths):
            product = self._mul(product, weights[e])
        return product

    def added(self, paths: Sequence[Sequence[int]], factors: Iterable[int]) -> Any:
        """The sum of the weights along each path, of those edges that count as factors, shape (paths, K)."""
        weights = np.zeros((len(self.edges) + 1, self.k))
        for e in factors:
            weights[e] = self.weights[e]
        total = np.zeros((len(paths), self.k))
        for e in self._side_by_side(paths):
            total = total + weights[e]
        return total

    def _side_by_side(self, paths: Sequence[Sequence[int]]) -> Any:
        """The first edges of all paths, the second ones, and so on; beyond an end stands one edge more."""
        longest, end = max(map(len, paths), default=0), len(self.edges)
        edges = np.array([(*path, *[end] * (longest - len(path))) for path in paths], int)
        return edges.reshape(len(paths), longest).T


class Sweep:
    """Edits that several entries of the catalogue make on one net, to be swept together."""

    def __init__(self, net: Net, y: int, x: int) -> None:
        self.net, self.y, self.x = net, y, x
        self._waiting: list[tuple[Edits, Row]] = []

    def of(self, edits: Sequence[Edits]) -> list[Row]:
        """dy/dx with each of the edits, which `run` fills in."""
        found = [*np.full((len(edits), self.net.k), np.nan)]
        self._waiting += zip(edits, found, strict=True)
        return found

    def run(self) -> None:
        """Fill in all that were asked for since the last time."""
        swept = self.net.edited(self.y, self.x, [edit for edit, _ in self._waiting])
        for (_, found), d in zip(self._waiting, swept, strict=True):
            found[:] = d
        self._waiting.clear()


def _masked(g: Any, w: Row) -> Any:
    """g·w, and 0 where g is exactly 0, whatever w is: the path behind a pole is masked out."""
    with np.errstate(all="ignore"):
        return np.where(g == 0.0, 0.0, g * w)
