"""How a question names a node: as a variable, or as a module names its parameter."""

from __future__ import annotations

from autograd_lite.errors import GraphError, NotAVariableError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.order import upstream
from autograd_lite.variables import Key


def asked_node(flow: FlowGraph, key: Key) -> Node:
    """The node that a question means: "h_2", "W_hh", "0.weight", or a node itself.

    Raises GraphError where there is none, or more than one.
    """
    try:
        return flow.variable(key)
    except NotAVariableError:
        if isinstance(key, Node):
            raise
    found = {node: None for node in _nodes(flow) if _matches(str(key), node)}
    if len(found) == 1:
        return next(iter(found))
    known = sorted({name for node in _nodes(flow) for name in names_of(node)})
    many = f"names {len(found)} nodes" if found else "names no node"
    raise GraphError(f"{key!r} {many} of this graph; {did_you_mean(str(key), known)}")


def names_of(node: Node) -> list[str]:
    """What a node may be called: its name, with more and more of its module's in front."""
    if node.name is None:
        return []
    scope = [] if node.scope is None else node.scope.split(".")
    *path, _ = node.name.split(".")
    name = pretty(node.name)
    if path and scope[-len(path) :] == path:  # the name says itself where it is
        name = name.removeprefix(".".join(path) + ".")
    return [".".join([*scope[k:], name]) for k in range(len(scope), -1, -1)]


def _matches(key: str, node: Node) -> bool:
    return pretty(key) in names_of(node) or key in names_of(node)


def _nodes(flow: FlowGraph) -> list[Node]:
    leaves, operations = upstream(flow.output)
    return [node for node in (*leaves, *operations) if node.requires_grad]
