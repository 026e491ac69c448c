"""Paths through a flow graph: how many there are, which, and what each contributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.dependence import arrows
from autograd_lite.errors import GraphError, OperandError, brief
from autograd_lite.node import Node, Nodes
from autograd_lite.value import Value
from autograd_lite.variables import label

_MANY: Final = 10**18
"""Paths are counted up to here: their number can have thousands of digits."""

Targets = Mapping[Node, Sequence[Node]]
"""For each variable, in order of creation, those computed directly from it."""


@dataclass(frozen=True, eq=False)
class Path:
    """One path from an input to the output: its variables, and the product of the partials along it."""

    variables: Nodes
    partials: tuple[Any, ...]
    product: Any

    def __str__(self) -> str:
        return arrows(self.variables)


def path_along(route: Sequence[Node], partials: Sequence[Any]) -> Path:
    """The path along these variables, with the partial derivative of each by the one before."""
    product: Any = partials[0] if partials else 1.0
    for between, partial in zip(route[1:], partials[1:], strict=False):
        product = jacobian_product(partial, product, between)
    return Path(Nodes(route), tuple(partials), product)


def routes(x: Node, output: Node, targets: Targets, limit: float) -> Iterator[tuple[Node, ...]]:
    """The variables along each path from x to the output, in order of their creation.

    Raises GraphError when there are more than `limit`, OperandError when that is no number.
    """
    if isinstance(limit, bool) or not isinstance(limit, (int, float, np.integer)):
        raise OperandError(f"limit is the most paths there may be, not {brief(limit)}")
    ways = _ways(output, targets)
    if ways[x] > limit:
        many = f"{ways[x]:,}" if ways[x] < _MANY else f"{_MANY:,} or more"
        raise GraphError(
            f"{many} paths lead from {label(x)} to {label(output)}, more than the limit {limit:,}: "
            f"their number grows exponentially; total() sums over them in one sweep"
        )
    return _depth_first(x, output, targets, ways)


def _depth_first(
    x: Node, output: Node, targets: Targets, ways: Mapping[Node, int]
) -> Iterator[tuple[Node, ...]]:
    """With one iterator for each variable on the way: no recursion, no dead ends."""
    route, walk = [x], [iter((x,))]
    while walk:
        v = next(walk[-1], None)
        if v is None:
            walk.pop()
            route.pop()
        elif v is output:
            yield (*route[1:], v)
        else:
            route.append(v)
            walk.append(iter([t for t in targets[v] if ways[t]]))


def _ways(output: Node, targets: Targets) -> dict[Node, int]:
    """For each variable the number of paths from it to the output, counted up to a limit."""
    ways: dict[Node, int] = {}
    for v in reversed(list(targets)):
        ways[v] = 1 if v is output else min(_MANY, sum(ways.get(t, 0) for t in targets[v]))
    return ways


def jacobian_product(outer: Any, inner: Any, between: Node) -> Any:
    """The product of derivatives: of floats, or of Jacobians contracted over the shape of `between`."""
    if isinstance(between, Value):
        return outer * inner
    return np.tensordot(outer, inner, axes=between._data.ndim)
