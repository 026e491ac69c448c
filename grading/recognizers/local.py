"""One line of a table as a question of its own, with the student's own numbers at what it leads to.

    ȳ_s(v) = Σ_c ȳ_s(c)·∂c/∂v

    ȳ_s(c)  what the student has for the variable c, right or wrong

The sum is a small graph, in which every mistake of the catalogue is local.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.value import Value


def local_flow(
    flow: FlowGraph, v: Node, own: Mapping[Node, float], number: Callable[[Node], float], y: Node
) -> FlowGraph:
    """The graph of the equations that v stands in, weighted by the student's own derivatives of y.

    own     for each variable computed directly from v what the student has; y needs none
    number  what a node is
    """
    known = set(flow.variables)
    # in another's equation what v leads to is held, and no variable of its own
    copies: dict[Node, Any] = {c: number(c) for c in flow.targets[v]}
    terms = []
    for c in flow.targets[v]:
        copy = _copied(c, known, copies, number)
        terms.append(copy if c is y else copy.named(c.name or "h") * float(own[c]))
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    if total.name is None:
        total = total.named(y.name or "y")
    return FlowGraph(total)


def _copied(
    c: Node, known: set[Node], copies: dict[Node, Any], number: Callable[[Node], float]
) -> Any:
    """The equation of c again, with other variables as inputs."""
    made: dict[Node, Any] = {}
    for node in _equation(c, known):
        if node.is_leaf or (node in known and node is not c):
            made[node] = _input(node, copies, number)
        else:
            operands = [made.get(x, x) if isinstance(x, Node) else x for x in node.operands]
            made[node] = node.rule(*operands, **node.static)
    return made[c]


def _input(node: Node, copies: dict[Node, Any], number: Callable[[Node], float]) -> Any:
    if not node.requires_grad:
        return number(node)
    if node not in copies:
        copies[node] = Value(float(number(node)), name=node.name)
    return copies[node]


def _equation(c: Node, known: Collection[Node]) -> list[Node]:
    """The nodes of an equation in order of evaluation, its inputs among them."""
    seen, walk = {c}, [c]
    for node in walk:
        if node is c or node not in known:
            fresh = [x for x in dict.fromkeys(node.parents) if x not in seen]
            seen.update(fresh)
            walk.extend(fresh)
    return sorted(seen, key=lambda n: n.number)
