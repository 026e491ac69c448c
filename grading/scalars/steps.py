"""What a mistake is made at: one step of the chain rule, or one whole path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from autograd_lite.node import Node
from grading.scalars.lift import Row
from grading.scalars.net import Net

_ADDS: Final = frozenset({"add", "alias"})


@dataclass(frozen=True, eq=False)
class Step:
    """One factor of the chain rule, of the operations (from operand to node) or between variables.

    edge      its number in the net
    source, target  what it leads from and to; `operand` says as which operand, in steps between operations
    weight    the right factor, (K,)
    carries   adjoint of the target times tangent of the source, (K,): with q in the place of the factor the
              derivative is right + (q - weight)·carries
    words     for a sentence: the ends of the question, {source} and {target}, which is also {at}
    """

    edge: int
    source: Node
    target: Node
    operand: int
    weight: Row
    carries: Row
    names: tuple[str, str]
    words: Mapping[str, object]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Both ends."""
        return (self.source, self.target)

    @cached_property
    def spoken(self) -> str:
        """Both ends in order: "h → y"."""
        return " → ".join(self.names)

    @property
    def adds(self) -> bool:
        """Whether it leads into a sum, which on paper is no factor."""
        return self.operand >= 0 and self.target.rule.name in _ADDS


@dataclass(frozen=True, eq=False)
class Way:
    """One path: its nodes, its steps, and the product and the sum of its factors."""

    steps: tuple[Step, ...]
    product: Row
    added: Row
    names: tuple[str, ...]
    nodes: tuple[Node, ...]

    @cached_property
    def inner(self) -> str:
        """What it leads through: "h_1 and h_2"; "" on the direct one."""
        return listed(self.names[1:-1])

    @cached_property
    def spoken(self) -> str:
        """Its variables in order: "x → h → y"."""
        return " → ".join(self.names)


def ways_of(net: Net, routes: list[tuple[int, ...]], steps: Mapping[int, Step]) -> list[Way]:
    """The paths along these edges; none where a path has no edge."""
    routes = [route for route in routes if route]
    factors = [e for e, step in steps.items() if not step.adds]
    found = zip(routes, net.along(routes), net.added(routes, factors), strict=True)
    return [_way([steps[e] for e in route], *rows) for route, *rows in found]


def _way(steps: Sequence[Step], product: Row, added: Row) -> Way:
    nodes = (steps[0].source, *[s.target for s in steps])
    names = (steps[0].names[0], *[s.names[1] for s in steps])
    return Way(tuple(steps), product, added, names, nodes)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a, b and c"."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def grouped(steps: Iterable[Step], by: Callable[[Step], Node]) -> dict[Node, list[Step]]:
    """Steps by what `by` says of each."""
    found: dict[Node, list[Step]] = {}
    for step in steps:
        found.setdefault(by(step), []).append(step)
    return found
