"""What lies between the asked variable and the output, and sweeps over it with mistakes in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.arithmetics import summed_axes
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays, plain
from autograd_lite.tape import Tape
from grading.arrays.found import Array, found, found_on
from grading.catalogue.mistake import Found

Edge: TypeAlias = tuple[Node, int]
"""A node and which of its operands"""
Seen: TypeAlias = Mapping[Node, Any]
"""The adjoints of the nodes that a sweep has passed"""
Change: TypeAlias = Callable[[Any, Seen], Any]
"""(the node's adjoint, those before) -> what goes over an edge, or what stands for an adjoint"""
Changes: TypeAlias = Mapping[Edge, Change]

ROUNDED: Final = 1e-9
"""How far apart, relative, numbers of double precision may be that differ by rounding errors alone"""
ROUNDED_SINGLE: Final = 1e-4
"""The same of single precision"""
MOST_SEEDS: Final = 100
"""How many entries the asked variable may have for derivatives of all nodes by it to be made"""
MOST_TANGENTS: Final = 3_000_000
"""How many numbers these may be"""


class Region:
    """The nodes that depend on x and on which y depends, with their adjoints.

    x     the asked variable; y what is differentiated; hold  variables that pass nothing on
    seed  y's own adjoint, None where y is one number
    """

    def __init__(self, y: Node, x: Node, hold: Collection[Node] = (), seed: Any = None) -> None:
        self.y, self.x, self.hold = y, x, frozenset(hold) - {x, y}
        self.tape = Tape(y, hold={*self.hold, x} - {y})
        self.seed = seed
        inside, self.edges = {x}, list[Edge]()
        for node in self.tape.operations:
            into = [(node, i) for i, p in enumerate(node.operands) if _among(p, inside)]
            if into:
                inside.add(node)
                self.edges += into
        self.inside = inside
        self.nodes = [node for node in self.tape.operations if node in inside]
        self.known = frozenset(self.edges)

    @cached_property
    def adjoint(self) -> Mapping[Node, Any]:
        """The right adjoint of every node here."""
        return self.tape.adjoints(self.seed)

    @cached_property
    def right(self) -> Array:
        """The right answer."""
        return self._answer(self.adjoint.get(self.x))

    @cached_property
    def rounded(self) -> float:
        """How far apart, relative, equal numbers of these nodes may be for rounding errors."""
        return rounded(self.tape.operations)

    def alike(self, a: Any, b: Any, scale: float = 0.0) -> bool:
        """Whether two arrays are equal but for rounding errors, of numbers of this size that cancel."""
        scale = max(scale, float(np.abs(a).max(initial=0.0)), float(np.abs(b).max(initial=0.0)))
        return bool(np.allclose(a, b, rtol=self.rounded, atol=0.1 * self.rounded * scale))

    def is_sum(self, parts: Collection[Array]) -> bool:
        """Whether the right answer is the sum of these, of which there are some."""
        largest = max((float(np.abs(c).max(initial=0.0)) for c in parts), default=0.0)
        return bool(parts) and self.alike(sum(parts), self.right, largest)

    @cached_property
    def consumers(self) -> Mapping[Node, list[Edge]]:
        """For each node the edges over which its adjoint comes, in order of creation."""
        found: dict[Node, list[Edge]] = {node: [] for node in (self.x, *self.nodes)}
        for node, i in self.edges:
            found[node.operands[i]].append((node, i))
        return found

    @cached_property
    def gradients(self) -> Mapping[Node, Any]:
        """The derivatives by every leaf that y depends on, whether or not it is in the region."""
        adjoint = Tape(self.y, hold=self.hold).adjoints(self.seed)
        return {leaf: g for leaf, g in adjoint.items() if leaf.is_leaf}

    def through(self, h: Node) -> Array:
        """What the paths through a node contribute to the answer."""
        return self.pulled_back(h, self.adjoint[h]) if h in self.adjoint else 0.0 * self.right

    # --- sweeps with mistakes in them ---------------------------------------------------------------

    def swept(self, changes: Changes, at: Mapping[Node, Change] | None = None) -> Array:
        """The answer when `changes` says what goes over some edges, and `at` what some adjoints are."""
        at = at or {}
        found, seen = self.adjoints(changes, at)
        g = found.get(self.x)
        return self._answer(at[self.x](g, seen) if self.x in at and g is not None else g)

    def adjoints(
        self, changes: Changes, at: Mapping[Node, Change] | None = None
    ) -> tuple[Mapping[Node, Any], Seen]:
        """All adjoints of such a sweep: as they arrive, and as they are passed on."""
        seen, replaced = dict[Node, Any](), at or {}

        def edit(node: Node, i: int, g: Any) -> Any:
            if (node, i) not in self.known:
                return 0.0
            if node not in seen:
                seen[node] = replaced[node](g, seen) if node in replaced else g
            h = seen[node]
            if (change := changes.get((node, i))) is not None:
                return _fitted(change(h, seen), node.operands[i])
            return NotImplemented if h is g else pulled(node, i, h)

        return self.tape.adjoints(self.seed, edit=edit), seen

    def changed(self, edge: Edge, change: Change) -> Array:
        """The answer when one edge alone carries something else: right + the difference, pulled back."""
        node, i = edge
        if (g := self.adjoint.get(node)) is None:
            return self.right
        p = node.operands[i]
        return self.right + self.pulled_back(
            p, _fitted(change(g, self.adjoint), p) - pulled(node, i, g)
        )

    def with_adjoint(self, p: Node, g: Any) -> Array:
        """The answer when one adjoint alone is another one."""
        return self.right + self.pulled_back(p, g - self.adjoint[p])

    def pulled_back(self, p: Node, g: Any) -> Array:
        """What an adjoint g of the node p alone contributes to the answer: gᵀ·dp/dx."""
        if p is self.x:
            return np.asarray(g, float)
        if self.tangents is not None:
            rows = self.tangents[p]
            total = rows.reshape(len(rows), -1) @ np.ravel(g)
            return np.asarray(total.reshape(np.shape(plain(self.x))))
        tape = Tape(p, hold={*self.hold, self.x} - {p})
        return self._answer(tape.adjoints(g).get(self.x))

    @cached_property
    def tangents(self) -> Mapping[Node, Any] | None:
        """For each node dp/dx as rows, one for each entry of x; None where these are too many numbers."""
        shape = np.shape(plain(self.x))
        size, others = np.size(plain(self.x)), sum(np.size(node.value) for node in self.nodes)
        if not 0 < size <= MOST_SEEDS or size * others > MOST_TANGENTS:
            return None
        moved = [self.tape.tangents({self.x: seed.reshape(shape)}) for seed in np.eye(size)]
        return {p: np.stack([t[p] for t in moved]) for p in moved[0]}

    def _answer(self, g: Any) -> Array:
        return np.zeros(np.shape(plain(self.x))) if g is None else np.array(g, float)

    # --- one edge, and all of them --------------------------------------------------------------------

    def one_by_one(
        self, edges: Iterable[Edge], change: Callable[[Edge], Change]
    ) -> Iterable[Found]:
        """The mistake at each of these edges alone."""
        for edge in edges:
            yield found_on(self.changed(edge, change(edge)), place(self, edge), edge)

    def at_once(self, edges: Iterable[Edge], change: Callable[[Edge], Change]) -> Iterable[Found]:
        """The mistake at all of these edges together."""
        chosen = list(edges)
        if chosen:
            yield found(self.swept({edge: change(edge) for edge in chosen}))

    def everywhere(
        self, edges: Iterable[Edge], change: Callable[[Edge], Change]
    ) -> Iterable[Found]:
        """The mistake at all of these edges together, and at each alone."""
        chosen = list(edges)
        yield from self.at_once(chosen, change)
        if len(chosen) > 1:
            yield from self.one_by_one(chosen, change)


def rounded(nodes: Iterable[Node]) -> float:
    """How far apart, relative, equal numbers may be for rounding errors of the coarsest of these nodes."""
    widths = [getattr(plain(n), "dtype", np.dtype(float)).itemsize for n in nodes]
    return ROUNDED if min(widths, default=8) >= 8 else ROUNDED_SINGLE


def place(region: Region, edge: Edge) -> Node:
    """The variable that tells where an edge is: the nearest one that its node goes into, or the node."""
    node = edge[0]
    for _ in range(4):
        after = region.consumers.get(node, [])
        if node.name is not None or len(after) != 1:
            break
        node = after[0][0]
    return node if node.name is not None else edge[0]


def pulled(node: Node, i: int, g: Any) -> Any:
    """What the record says goes over an edge with g."""
    x = plain(node.operands[i])
    if node.rule.is_elementwise:
        return unbroadcast(g * slope(node, i), np.shape(x))
    c = node.rule.vjp(i)(arrays, g, node.value, *map(plain, node.operands), **node.static)
    return unbroadcast(c, np.shape(x))


def slope(node: Node, i: int) -> Any:
    """∂node/∂operand i of an elementwise operation, an array or a number."""
    d = node.rule.partials[i]  # type: ignore[index]
    with np.errstate(all="ignore"):
        return np.asarray(
            0.0 if d is None else d(arrays, node.value, *map(plain, node.operands)), float
        )


def unbroadcast(c: Any, shape: tuple[int, ...]) -> Any:
    """The sum over what was broadcast."""
    if np.shape(c) == shape:
        return c
    return np.sum(c, axis=summed_axes(np.shape(c), shape)).reshape(shape)


def _fitted(c: Any, p: Any) -> Any:
    """What goes over an edge in the shape of the operand there, which may have been repeated."""
    shape = np.shape(plain(p))
    repeated = np.shape(c) != shape and np.broadcast_shapes(np.shape(c), shape) == np.shape(c)
    return unbroadcast(c, shape) if repeated else c


def with_slope(w: Callable[[Any], Any]) -> Callable[[Edge], Change]:
    """The change by which an elementwise edge has another partial, a function of the right one."""

    def change(edge: Edge) -> Change:
        node, i = edge
        d, shape = slope(node, i), np.shape(plain(node.operands[i]))
        with np.errstate(all="ignore"):
            wrong = w(d)
        return lambda g, seen: unbroadcast(g * wrong, shape)

    return change


def nothing(edge: Edge) -> Change:
    """The change by which nothing goes over an edge."""
    zero = np.zeros(np.shape(plain(edge[0].operands[edge[1]])))
    return lambda g, seen: zero


def given(value: Any) -> Change:
    """The change by which an adjoint is this one."""
    return lambda g, seen: np.broadcast_to(value, np.shape(g)).astype(float)


def times(factor: float) -> Callable[[Edge], Change]:
    """The change by which a multiple goes over an edge."""
    return lambda edge: lambda g, seen: factor * pulled(*edge, g)


def _among(p: Any, nodes: Collection[Node]) -> bool:
    return isinstance(p, Node) and p in nodes
