"""Keys: a variable of a flow graph as a caller gives it, by name or as the node itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, TypeAlias

from autograd_lite.errors import NotAVariableError, did_you_mean
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.paths import unreached

Key: TypeAlias = Node | str
"""A variable as a caller gives it: the node, or its name as typed or as printed."""


def called(variables: Sequence[Node], name: str) -> Node:
    """The one variable of this name.

    Raises NotAVariableError when there is none, or more than one.
    """
    named = [(v, v.name) for v in variables if v.name is not None]
    found = [v for v, known in named if name in (known, pretty(known))]
    found = found or [v for v, known in named if pretty(known) == pretty(str(name))]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAVariableError(
            f"{name!r} names {len(found)} variables: {', '.join(v.describe() for v in found)}; "
            f"pass the node itself"
        )
    hint = did_you_mean(str(name), [known for _, known in named])
    raise NotAVariableError(f"no variable is called {name!r}; {hint}")


def refuse_stranger(variables: Sequence[Node], output: Node, node: Node) -> NoReturn:
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
