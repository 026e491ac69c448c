"""How a place on the graph is called: by its variable, or as a part of an equation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from autograd_lite.node import Node
from autograd_lite.variables import label

WORDS: Final = {
    "add": "sum", "subtract": "difference", "multiply": "product", "divide": "quotient",
    "negative": "minus sign", "sqrt": "square root", "absolute": "absolute value", "alias": "equation",
    "log": "logarithm", "exp": "exponential", "reciprocal": "reciprocal",
}  # fmt: skip
"""Operations as one speaks of them; the others are called as they are written."""


def owners(order: Sequence[Node], named: Collection[Node]) -> dict[Node, Node]:
    """For each node the first variable in whose equation it stands; a variable stands in its own.

    order  in order of evaluation, the output last
    """
    found: dict[Node, Node] = {}
    for node in order:
        if node in named:
            found[node] = node
            walk = [node]
            for v in walk:
                fresh = [x for x in v.parents if x not in found and x not in named]
                found.update(dict.fromkeys(fresh, node))
                walk.extend(fresh)
    return found


def places(order: Sequence[Node], owner: Mapping[Node, Node]) -> dict[Node, str]:
    """What each node is called: "h_1", "sin in h_1", "2nd product in ŷ"."""
    found, seen = {}, Counter[str]()
    for node in order:
        if owner.get(node, node) is node or node.is_leaf:
            found[node] = label(node)
            continue
        place = f"{word(node)} in {label(owner[node])}"
        seen[place] += 1
        found[node] = place if seen[place] == 1 else f"{_nth(seen[place])} {place}"
    return found


def word(node: Node) -> str:
    """What an operation is called."""
    return WORDS.get(node.rule.name, node.rule.name)


def _nth(n: int) -> str:
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
