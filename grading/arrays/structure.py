"""The chain rule's own mistakes on a graph of arrays: paths, factors, and what was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import numpy as np

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from grading.arrays.found import Array, called, found, found_at, scaled
from grading.arrays.region import Edge, Region, nothing, pulled, slope, times, with_slope
from grading.arrays.uses import uses_in
from grading.catalogue.mistake import Found

MOST_PATHS: Final = 300


class Structure:
    """The variables of a region, and the paths between them."""

    def __init__(self, flow: FlowGraph, region: Region) -> None:
        self.region, self.right = region, region.right
        known = set(flow.variables)
        self.variables = known
        self.inner = [n for n in region.nodes if n in known and n is not region.y]

    # --- paths ----------------------------------------------------------------------------------------------

    def direct(self) -> Iterable[Found]:
        """Every variable between x and y held: the partial derivative."""
        if self.inner:
            held = {(n, i): nothing((n, i)) for n, i in self.region.edges if n in set(self.inner)}
            yield found(self.region.swept(held))

    def without(self) -> Iterable[Found]:
        """One variable between held: the paths through it are missing."""
        for h in self.inner:
            yield found_at(self.right - self.region.through(h), h)

    def without_operation(self) -> Iterable[Found]:
        """One operation inside an equation held."""
        for n in self.region.nodes:
            if n not in self.variables and n is not self.region.y:
                yield found_at(self.right - self.region.through(n), n)

    def through(self) -> Iterable[Found]:
        """The paths through one variable alone."""
        for h in self.inner:
            yield found_at(self.region.through(h), h)

    @cached_property
    def paths(self) -> list[tuple[tuple[Node, ...], Array]]:
        """Each path between variables from x to y, with what it contributes; none where there are many."""
        found: list[tuple[tuple[Node, ...], Array]] = []
        stops = {*self.inner, self.region.x}
        walk: list[tuple[tuple[Node, ...], Any]] = [((self.region.y,), self.region.seed)]
        while walk and len(found) + len(walk) <= MOST_PATHS:
            route, g = walk.pop()
            for v, c in self._sources(route[0], g, stops).items():
                if v is self.region.x:
                    found.append(((v, *route), np.array(c, float)))
                else:
                    walk.append(((v, *route), c))
        return [] if walk else found

    def _sources(self, target: Node, g: Any, stops: set[Node]) -> dict[Node, Any]:
        """What goes back with g from a variable to those that it is computed from directly."""
        adjoint = {target: np.ones(np.shape(plain(target))) if g is None else g}
        found: dict[Node, Any] = {}
        for n in reversed(self._before(target, stops)):
            if n not in adjoint:
                continue
            for i, p in enumerate(n.operands):
                if (n, i) in self.region.known:
                    into = found if p in stops else adjoint
                    into[p] = into.get(p, 0.0) + pulled(n, i, adjoint[n])
        return found

    def _before(self, target: Node, stops: set[Node]) -> list[Node]:
        seen, walk = {target}, [target]
        for n in walk:
            fresh = [p for p in n.parents if p in self.region.inside and p not in seen | stops]
            seen.update(fresh)
            walk += fresh
        return sorted(walk, key=lambda n: n.number)

    def _along(self, route: tuple[Node, ...]) -> tuple[str, ...]:
        """The names along a path; an output may have none."""
        end = route[-1]
        return (*map(called, route[:-1]), "output" if end.name is None else called(end))

    def path_missing(self) -> Iterable[Found]:
        """All paths but one."""
        for route, c in self.paths if len(self.paths) > 1 else ():
            yield found(self.right - c, *self._along(route), nodes=route)

    def one_path(self) -> Iterable[Found]:
        """One path alone."""
        for route, c in self.paths if len(self.paths) > 1 else ():
            yield found(c, *self._along(route), nodes=route)

    def path_twice(self) -> Iterable[Found]:
        """One path counted twice."""
        for route, c in self.paths if len(self.paths) > 1 else ():
            yield found(self.right + c, *self._along(route), nodes=route)

    def averaged(self) -> Iterable[Found]:
        """The sum over the paths divided by their number."""
        yield from scaled(self.right, [(1 / max(len(self.paths), 1), "paths")])

    @property
    def contributions(self) -> list[tuple[tuple[str, ...], Array]]:
        """What each path contributes."""
        return [(self._along(route), c) for route, c in self.paths]

    # --- fan-out --------------------------------------------------------------------------------------------

    @cached_property
    def _fans(self) -> dict[Node, list[Edge]]:
        """The nodes with several consumers, and the edges to these in order of creation."""
        return {n: e for n, e in self.region.consumers.items() if len(e) > 1}

    def overwritten(self, which: int) -> Iterable[Found]:
        """Where several consumers send something back, that of one alone counts."""
        adjoint = self.region.adjoint
        for n, edges in self._fans.items():
            kept = edges[which]
            if kept[0] in adjoint:
                lost = pulled(*kept, adjoint[kept[0]]) - adjoint[n]
                yield found_at(self.right + self.region.pulled_back(n, lost), n)

    def overwritten_everywhere(self, which: int) -> Iterable[Found]:
        """The same at every such node."""
        dropped = [e for edges in self._fans.values() for e in edges if e is not edges[which]]
        if len(self._fans) > 1:
            yield from self.region.at_once(dropped, nothing)

    def edge_twice(self) -> Iterable[Found]:
        """What one consumer sends back counted twice."""
        for edges in self.region.consumers.values():
            if len(edges) > 1:
                yield from self.region.one_by_one(edges, times(2.0))

    # --- factors --------------------------------------------------------------------------------------------

    @cached_property
    def factors(self) -> list[Edge]:
        """The edges of elementwise operations whose partial is not 1."""
        return [
            (n, i) for n, i in self.region.edges
            if n.rule.is_elementwise and not _is_one(slope(n, i)) and n in self.region.adjoint
        ]  # fmt: skip

    def slopes(self, w: Callable[[Any], Any]) -> Iterable[Found]:
        """A factor w of the right one in its place, at one edge."""
        yield from self.region.one_by_one(self.factors, with_slope(w))

    def every_slope(self, w: Callable[[Any], Any]) -> Iterable[Found]:
        """The same at all edges of one operation."""
        ordered = sorted(self.factors, key=lambda e: (e[0].rule.name, e[1]))
        for (name, _), edges in groupby(ordered, key=lambda e: (e[0].rule.name, e[1])):
            if len(group := list(edges)) > 1:
                wrong = with_slope(w)
                yield found(self.region.swept({e: wrong(e) for e in group}), f"every {name}")

    def slopes_before(self) -> Iterable[Found]:
        """The activations' derivatives taken at the example before, as if an old record were used."""
        edges = [
            (n, i) for n, i in self.region.edges
            if n.rule.is_elementwise and len(n.operands) == 1 and n in self.region.adjoint
            and np.ndim(d := slope(n, i)) > 1 and not np.array_equal(d, np.roll(d, 1, axis=0))
        ]  # fmt: skip
        yield from self.region.everywhere(edges, with_slope(lambda d: np.roll(d, 1, axis=0)))

    # --- the whole answer ---------------------------------------------------------------------------------

    def negated(self) -> Iterable[Found]:
        """The answer with its sign changed."""
        yield found(-self.right)

    def inverted(self) -> Iterable[Found]:
        """One divided by the answer."""
        yield found(1.0 / self.right)

    def zero(self) -> Iterable[Found]:
        """Nothing."""
        yield found(np.zeros_like(self.right))

    def times(self, *factors: float) -> Iterable[Found]:
        """Gradients of several passes added up."""
        yield from scaled(self.right, [(k, f"{k:g} passes") for k in factors])

    def values(self) -> Iterable[Found]:
        """A value in place of the derivative: of y, of x, or of a variable between."""
        for n in (self.region.y, self.region.x, *self.inner):
            yield found_at(plain(n), n)

    # --- where it was stopped -----------------------------------------------------------------------------

    def ones(self) -> Iterable[Found]:
        """What arrives at a node taken for ones: what comes after it was forgotten."""
        for n in self._stations():
            if n is not self.region.y and n in self.region.adjoint:
                short = np.ones(np.shape(n.value)) - self.region.adjoint[n]
                yield found_at(self.right + self.region.pulled_back(n, short), n)

    def _stations(self) -> list[Node]:
        products = {use.node for use in uses_in(self.region.nodes)}
        return [
            n for n in self.region.nodes if n in self.variables or n in products
            or any(e[0] in products for e in self.region.consumers[n])
        ]  # fmt: skip

    def inner_adjoints(self, named: bool) -> Iterable[Found]:
        """The derivative by a variable between, or by another array there, in place of that by x."""
        for n in self.region.nodes:
            is_asked = (n in self.variables) == named and n is not self.region.y
            if is_asked and n in self.region.adjoint:
                yield found_at(self.region.adjoint[n], n)

    def other_leaves(self) -> Iterable[Found]:
        """The derivative by another parameter."""
        for n, g in self.region.gradients.items():
            if n is not self.region.x:
                yield found_at(g, n)

    # --- uses of one parameter ------------------------------------------------------------------------------

    def one_use(self, uses: list[tuple[tuple[str, ...], Array]]) -> Iterable[Found]:
        """One of several uses alone."""
        for names, c in uses if len(uses) > 1 else ():
            yield found(c, *names)

    def all_uses_but_one(self, uses: list[tuple[tuple[str, ...], Array]]) -> Iterable[Found]:
        """All of several uses but one."""
        for names, c in uses if len(uses) > 2 else ():
            yield found(self.right - c, *names)

    def twice_one_use(self, uses: list[tuple[tuple[str, ...], Array]]) -> Iterable[Found]:
        """One of two uses counted for the other as well."""
        for names, c in uses if len(uses) == 2 else ():
            yield found(2.0 * c, *names)

    def mean_use(self, uses: list[tuple[tuple[str, ...], Array]]) -> Iterable[Found]:
        """The mean over the uses in place of their sum."""
        yield from scaled(self.right, [(1 / max(len(uses), 1), "uses")])

    def one_term(self) -> Iterable[Found]:
        """One term alone of the sum that y is, or all but one."""
        terms = self._terms()
        for e in terms if len(terms) > 1 else ():
            others = {o: nothing(o) for o in terms if o is not e}
            yield found_at(self.region.swept(others), e[0].operands[e[1]])

    def _terms(self) -> list[Edge]:
        terms, walk = list[Edge](), [self.region.y]
        for n in walk:
            for i, p in enumerate(n.operands):
                if (n, i) in self.region.known:
                    if n.rule.name in {"add", "subtract"} and p.rule.name in {"add", "subtract"}:
                        walk.append(p)
                    elif n.rule.name in {"add", "subtract"}:
                        terms.append((n, i))
                    elif n.rule.name in {"negative", "multiply", "divide", "mean", "sum"}:
                        walk.append(p)
        return terms


def _is_one(d: Any) -> bool:
    return bool(np.all(np.asarray(d) == 1.0))
