"""Paths through a flow graph: which there are, what each contributes, and why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from autograd_lite.errors import GraphError
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.nodes import Nodes
from autograd_lite.order import reachable
from autograd_lite.value import Value

if TYPE_CHECKING:
    from autograd_lite.flow import FlowGraph


_MANY: Final = 10**18
"""Paths are counted up to here: their number can have thousands of digits."""


@dataclass(frozen=True, eq=False)
class Path:
    """One path from an input to the output: its variables, and the product of the partials along it."""

    variables: Nodes
    partials: tuple[Any, ...]
    product: Any

    def __str__(self) -> str:
        return arrows(self.variables)


def paths(flow: FlowGraph, x: Node, limit: int) -> list[Path]:
    """Every path from x to the output, in order of creation of the variables along it."""
    ways = _count(flow, x)
    if ways > limit:
        many = f"{ways:,}" if ways < _MANY else f"{_MANY:,} or more"
        raise GraphError(
            f"{many} paths lead from {_label(x)} to {_label(flow.output)}, more than the limit {limit:,}: "
            f"their number grows exponentially; total() sums over them in one sweep"
        )
    return [_path(flow, route) for route in _routes(flow, x)]


def _routes(flow: FlowGraph, x: Node) -> Iterator[tuple[Node, ...]]:
    """Depth first, with one iterator for each variable on the way: no recursion, no dead ends."""
    alive, route, walk = _ways(flow), [x], [iter((x,))]
    while walk:
        v = next(walk[-1], None)
        if v is None:
            walk.pop()
            route.pop()
        elif v is flow.output:
            yield (*route[1:], v)
        else:
            route.append(v)
            walk.append(iter([t for t in flow.targets[v] if alive[t]]))


def dependence(y: Node, x: Node) -> tuple[tuple[Node, ...], str]:
    """A path of nodes from x to y, or () when there is none, and the reason in words."""
    came_from: dict[Node, Node | None] = {y: None}
    walk: list[Node] = [y]
    for node in walk:
        for parent in node.parents:
            if parent not in came_from:
                came_from[parent] = node
                walk.append(parent)
    if x in came_from:
        route = [x]
        while (step := came_from[route[-1]]) is not None:
            route.append(step)
        return tuple(route), f"{_label(y)} depends on {_label(x)}: " + arrows(route)
    return (), unreached(y, x, ", so the derivative is 0")


def unreached(y: Node, x: Node, so: str = "") -> str:
    """Why y does not depend on x, in words; `so` is what follows from it."""
    leaves = ", ".join(_label(n) for n in reachable(y)[0][:6]) or "nothing"
    return (
        f"{_label(y)} does not depend on {_label(x)}: no path leads there{so}. "
        f"{_label(y)} is computed from {leaves}"
    )


def _ways(flow: FlowGraph) -> dict[Node, int]:
    """For each variable the number of paths from it to the output, counted up to a limit."""
    ways: dict[Node, int] = {}
    for v in reversed(flow.variables):
        ways[v] = (
            1 if v is flow.output else min(_MANY, sum(ways.get(t, 0) for t in flow.targets[v]))
        )
    return ways


def _count(flow: FlowGraph, x: Node) -> int:
    if x not in flow.targets:
        raise GraphError(
            f"{_label(x)} is no variable of {flow!r}: name it, or list it in `variables`"
        )
    return _ways(flow)[x]


def _path(flow: FlowGraph, route: tuple[Node, ...]) -> Path:
    partials = tuple(flow.partial(b, a) for a, b in pairwise(route))
    product: Any = partials[0] if partials else 1.0
    for between, partial in zip(route[1:], partials[1:], strict=False):
        product = chained(partial, product, between)
    return Path(Nodes(route), partials, product)


def chained(outer: Any, inner: Any, between: Node) -> Any:
    """The product of derivatives: of floats, or of Jacobians contracted over the shape of `between`."""
    if isinstance(between, Value):
        return outer * inner
    return np.tensordot(outer, inner, axes=between._data.ndim)


def arrows(nodes: Sequence[Node]) -> str:
    """A path as text; the middle of a long one is left out."""
    shown = [_label(v) for v in (nodes if len(nodes) <= 12 else (*nodes[:6], *nodes[-5:]))]
    return " → ".join(
        shown if len(nodes) <= 12 else (*shown[:6], f"… {len(nodes) - 11} more …", *shown[6:])
    )


def _label(node: Node) -> str:
    return pretty(node.name) if node.name is not None else node.describe()
