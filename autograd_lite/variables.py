"""Variables of a flow graph: how a caller gives them, how text calls them, what lies between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from autograd_lite.errors import GraphError, NotAVariableError, OperandError, brief, did_you_mean
from autograd_lite.names import pretty
from autograd_lite.node import Node, Nodes
from autograd_lite.order import reachable, upstream

Key: TypeAlias = Node | str
"""A variable as a caller gives it: the node, or its name as typed or as printed."""


def label(node: Node) -> str:
    """A variable's name as text, or its operation and number when it has none."""
    return node.describe() if node.name is None else pretty(node.name)


def as_list(keys: object) -> list[Any]:
    """What a caller gave as one variable or as several, as a list.

    Raises OperandError when it is neither.
    """
    if isinstance(keys, (Node, str)):
        return [keys]
    if isinstance(keys, Iterable):
        return list(keys)
    flag = ": only gradient(variables, hold=True) takes a flag" if isinstance(keys, bool) else ""
    raise OperandError(
        f"variables are given one by one or in a list, as in hold=[h_1], not as {brief(keys)}{flag}"
    )


def variable_named(name: str, variables: Sequence[Node]) -> Node:
    """The one variable of this name; of several, h_1_(2) is the second that was made.

    Raises NotAVariableError when there is none, or more than one.
    """
    named = [(v, v.name) for v in variables if v.name is not None]
    found = _called(name, named)
    if not found and (numbered := re.fullmatch(r"(.+)_\(([1-9][0-9]{0,8})\)", str(name))):
        found = _called(numbered[1], named)[int(numbered[2]) - 1 :][:1]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAVariableError(
            f"{name!r} names {len(found)} variables: {', '.join(v.describe() for v in found)}; "
            f"pass the node itself, or write {f'{name}_(1)'!r} for the first"
        )
    hint = did_you_mean(str(name), [known for _, known in named])
    raise NotAVariableError(f"no variable is called {name!r}; {hint}")


def _called(name: str, named: Sequence[tuple[Node, str]]) -> list[Node]:
    found = [v for v, known in named if name in (known, pretty(known))]
    return found or [v for v, known in named if pretty(known) == pretty(str(name))]


def labels_of(variables: Sequence[Node]) -> list[str]:
    """The labels of variables, those of one name numbered: h_1_(1), h_1_(2).

    >>> from autograd_lite import Value
    >>> labels_of([Value(1.0, name="x"), Value(2.0, name="x"), Value(3.0, name="y")])
    ['x_(1)', 'x_(2)', 'y']
    """
    labels = [label(v) for v in variables]
    several = {shown for shown, times in Counter(labels).items() if times > 1}
    so_far: Counter[str] = Counter()
    numbered = []
    for shown in labels:
        so_far[shown] += 1
        numbered.append(f"{shown}_({so_far[shown]})" if shown in several else shown)
    return numbered


def variables_of(output: Node, chosen: Iterable[Node] | None) -> Nodes:
    """The output and the chosen nodes, or else every named node upstream, in order of creation.

    Raises OperandError for what is no node, GraphError for a constant.
    """
    if chosen is None:
        leaves, operations = upstream(output)
        nodes = [n for n in (*leaves, *operations) if n.name is not None and n.requires_grad]
    else:
        nodes = _checked(as_list(chosen))
    return Nodes(sorted({*nodes, output}, key=lambda v: v.number))


def sources_of(target: Node, variables: Collection[Node]) -> Nodes:
    """The variables that `target` is computed from directly, through no other one, in order of creation."""
    found: dict[Node, None] = {}
    seen, walk = {target}, [target]
    for node in walk:
        for x in node.parents:
            if x in variables:
                found[x] = None
            elif x not in seen:
                seen.add(x)
                walk.append(x)
    return Nodes(sorted(found, key=lambda v: v.number))


def ends_of(variables: Sequence[Node]) -> tuple[list[Node], set[Node], set[Node]]:
    """The variables upstream of no other one, and of them all the leaves and all the nodes."""
    ends: list[Node] = []
    found: set[Node] = set()
    known: set[Node] = set()
    for v in reversed(variables):
        if v not in known:
            leaves, operations = reachable(v)
            ends.append(v)
            found.update(leaves)
            known.update(leaves, operations)
    return ends, found, known


def reachable_from(start: Iterable[Node], neighbours: Mapping[Node, Sequence[Node]]) -> set[Node]:
    """The variables that can be reached from those in `start`, and these themselves."""
    walk = list(start)
    seen = set(walk)
    for node in walk:
        fresh = [v for v in neighbours[node] if v not in seen]
        seen.update(fresh)
        walk.extend(fresh)
    return seen


def _checked(nodes: list[Any]) -> list[Node]:
    for node in nodes:
        if not isinstance(node, Node):
            raise OperandError(
                f"a variable is a Value or Tensor, not {type(node).__name__} {node!r:.60}"
            )
        if not node.requires_grad:
            raise GraphError(
                f"{node.describe()} is a constant: derivatives with respect to it do not exist"
            )
    return nodes
