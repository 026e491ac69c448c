"""Whether one node is computed from another: the path that shows it, or in words why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from autograd_lite.errors import NotAVariableError
from autograd_lite.node import Node, Nodes
from autograd_lite.order import reachable
from autograd_lite.variables import label


@dataclass(frozen=True)
class Dependence:
    """Whether one variable moves another, and why (not): true or false in an `if`."""

    path: Nodes
    reason: str

    def __bool__(self) -> bool:
        return bool(self.path)

    def __str__(self) -> str:
        return self.reason


def dependence(y: Node, x: Node) -> Dependence:
    """Whether y depends on x, with a path of nodes from x to y where it does."""
    came_from: dict[Node, Node | None] = {y: None}
    walk: list[Node] = [y]
    for node in walk:
        for parent in node.parents:
            if parent not in came_from:
                came_from[parent] = node
                walk.append(parent)
    if x not in came_from:
        return Dependence(Nodes(), unreached(y, x, ", so the derivative is 0"))
    route = [x]
    while (step := came_from[route[-1]]) is not None:
        route.append(step)
    return Dependence(Nodes(route), f"{label(y)} depends on {label(x)}: {arrows(route)}")


def unreached(y: Node, x: Node, so: str = "") -> str:
    """Why y does not depend on x, in words; `so` is what follows from it."""
    leaves = ", ".join(label(n) for n in reachable(y)[0][:6]) or "nothing"
    return (
        f"{label(y)} does not depend on {label(x)}: no path leads there{so}. "
        f"{label(y)} is computed from {leaves}"
    )


def refuse_unrelated(variables: Sequence[Node], output: Node, node: Node) -> NoReturn:
    """Raise for a node that is no variable and that no variable is computed from, saying why."""
    namesakes = [v for v in variables if v.name is not None and v.name == node.name]
    instead = (
        f"{namesakes[0].describe()} is another node, and the one of this graph: pass that"
        if namesakes
        else "where 0 is meant, make it a variable: FlowGraph(y, variables=[…])"
    )
    raise NotAVariableError(
        f"{node.describe()} is no variable of this flow graph, nor is any computed from it. "
        f"{unreached(output, node)}; {instead}"
    )


def arrows(nodes: Sequence[Node]) -> str:
    """A path as text; the middle of a long one is left out."""
    shown = [label(v) for v in (nodes if len(nodes) <= 12 else (*nodes[:6], *nodes[-5:]))]
    return " → ".join(
        shown if len(nodes) <= 12 else (*shown[:6], f"… {len(nodes) - 11} more …", *shown[6:])
    )
