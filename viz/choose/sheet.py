"""What stands on a picture: one bubble for a variable, a module, a held constant or a leaf's copy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node


@dataclass(frozen=True, eq=False)
class Module:
    """One call of a module, or a chain of calls that are all alike.

    name   the module's dotted name; of a chain, its first and its last
    nodes  how many operations are inside
    times  how many calls the chain has
    """

    name: str
    nodes: int
    times: int = 1


@dataclass(frozen=True, eq=False)
class Bubble:
    """One bubble: the variables whose values leave it, which are one unless it is a module's.

    module  what is collapsed into it, if anything
    copy    its number among the copies of a shared leaf, from 1; 0 for a bubble drawn once
    held    whether it is a constant, which no derivative moves
    """

    variables: tuple[Node, ...]
    module: Module | None = None
    copy: int = 0
    held: bool = False

    @property
    def node(self) -> Node:
        """The variable, or the last one that leaves the module."""
        return self.variables[-1]


@dataclass(frozen=True, eq=False)
class Arrow:
    """One arrow: the edges of the flow graph that it bundles, none behind a constant."""

    source: int
    target: int
    edges: tuple[Edge, ...]


def nothing(node: Node) -> bool:
    """No to every node."""
    return False


def everything(node: Node) -> bool:
    """Yes to every node."""
    return True


@dataclass(frozen=True)
class Level:
    """Which nodes are bubbles: the flow graph of them, and the modules that some are collapsed into.

    modules  for each variable that leaves a collapsed module, that module
    hides    the constants that are not drawn
    notes    what the reader should know about the choice
    """

    flow: FlowGraph
    modules: Mapping[Node, Module] = field(default_factory=dict)
    hides: Callable[[Node], bool] = nothing
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Bubbles, and the arrows between them by their numbers."""

    bubbles: tuple[Bubble, ...]
    arrows: tuple[Arrow, ...]

    def near(self, cut: Cut, wrt: Iterable[Node]) -> frozenset[int]:
        """The bubbles on a cut's near side; a constant and a leaf's copy are where they are used.

        A copy of a leaf by which the sum at the cut is stays near, so that its arrow is crossed.
        """
        inside, wanted = set(cut.near), set(wrt)
        sure = {
            k
            for k, b in enumerate(self.bubbles)
            if not b.held and (not b.copy or b.node in wanted) and inside.issuperset(b.variables)
        }
        loose = {k for k, b in enumerate(self.bubbles) if b.held or b.copy} - sure
        return frozenset(
            sure | {a.source for a in self.arrows if a.source in loose and a.target in sure}
        )


def sheet(level: Level, shown: FlowGraph, copies: bool = False) -> Sheet:
    """The bubbles of the variables in `shown`, in order of creation.

    copies  draw a leaf that several variables use once for each of them
    """
    shared = {v for v in shown.variables if copies and v.is_leaf and len(shown.targets[v]) > 1}
    bubbles = list(_bubbles(level, [v for v in shown.variables if v not in shared]))
    of = {v: bubble for bubble in bubbles for v in bubble.variables}
    bundles: dict[tuple[Bubble, Bubble], list[Edge]] = {}
    for edge in shown.edges:
        if edge.source not in shared and of[edge.source] is not of[edge.target]:
            bundles.setdefault((of[edge.source], of[edge.target]), []).append(edge)
    for leaf in shared:
        for number, target in enumerate(shown.targets[leaf], 1):
            twin = Bubble((leaf,), copy=number)
            bundles[twin, of[target]] = [Edge(shown, leaf, target)]
    for constant, targets in _held(shown, level.hides).items():
        still = Bubble((constant,), held=True)
        bundles.update({(still, of[target]): [] for target in targets})
    return _numbered(bubbles, bundles)


def _bubbles(level: Level, variables: Iterable[Node]) -> Iterator[Bubble]:
    leaving: dict[Module, list[Node]] = {}
    for v in variables:
        if v in level.modules:
            leaving.setdefault(level.modules[v], []).append(v)
        else:
            yield Bubble((v,))
    for module, nodes in leaving.items():
        yield Bubble(tuple(nodes), module)


def _numbered(
    bubbles: Collection[Bubble], bundles: Mapping[tuple[Bubble, Bubble], list[Edge]]
) -> Sheet:
    """Bubbles in order of creation, a copy and a constant just before what they are used in."""
    place = {bubble: (float(bubble.variables[0].number), 0) for bubble in bubbles}
    for source, target in bundles:
        if source not in place or source.held:
            place[source] = min(
                place.get(source, (float("inf"), 0)), (place[target][0] - 0.5, source.node.number)
            )
    ordered = sorted(place, key=place.__getitem__)
    number = {bubble: k for k, bubble in enumerate(ordered)}
    arrows = (Arrow(number[a], number[b], tuple(edges)) for (a, b), edges in bundles.items())
    return Sheet(tuple(ordered), tuple(sorted(arrows, key=lambda a: (a.target, a.source))))


def _held(flow: FlowGraph, hides: Callable[[Node], bool]) -> dict[Node, list[Node]]:
    """The named constant arrays, each with the variables that are computed from it directly."""
    known, found = set(flow.variables), dict[Node, list[Node]]()
    for v in flow.variables:
        seen, walk = {v}, [v]
        for node in walk:
            for x in node.parents:
                if x in known or x in seen:
                    continue
                seen.add(x)
                walk.append(x)
                if _is_drawn(x) and not hides(x):
                    found.setdefault(x, []).append(v)
    return found


def _is_drawn(x: Node) -> bool:
    """Whether a node is a named constant array; a constant number only stands in the equations."""
    return x.name is not None and not x.requires_grad and np.ndim(x.value) > 0
