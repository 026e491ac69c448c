"""How a place on the graph is called: by its variable, or as a part of an equation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from autograd_lite.expressions import Apply, Expression, Step
from autograd_lite.node import Node
from autograd_lite.rules.rule import Rule
from autograd_lite.variables import label
from grading.answers.writing import written

WORDS: Final = {
    "add": "sum", "subtract": "difference", "multiply": "product", "divide": "quotient",
    "negative": "minus sign", "sqrt": "square root", "absolute": "absolute value", "alias": "equation",
    "log": "logarithm", "exp": "exponential", "reciprocal": "reciprocal",
    "matmul": "matrix product", "stack": "array of all steps", "getitem": "part that is taken out",
}  # fmt: skip
"""Operations as one speaks of them; the others are called as they are written."""
_INFIX: Final = frozenset({"add", "subtract", "multiply", "divide", "power"})
_LONGEST: Final = 30
_MOST_STEPS: Final = 16


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


class Later:
    """Text that is made when it is printed: of a thousand mistakes a few are said.

    >>> f"{Later(lambda: 'h_1')}"
    'h_1'
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    def __str__(self) -> str:
        return self._make()


def as_written(node: Node, named: Collection[Node]) -> str:
    """A part of an equation as it stands there, "h_1^2"; "" where that is long, or has numbers of inputs."""
    steps: list[Step] = []
    shown: dict[str, str] = {}
    walk: list[object] = [node]
    while walk:  # from the right to the left: the stack's steps backwards
        part = walk.pop()
        if not isinstance(part, Node):
            steps.append(float(part) if isinstance(part, (int, float)) else str(part))
        elif part.name is not None and (part is not node) and (part in named or part.is_leaf):
            steps.append(label(part))
            shown[label(part)] = label(part)
        elif part.is_leaf or len(steps) > _MOST_STEPS or not isinstance(part.rule, Rule):
            return ""
        else:
            steps.append(Apply(part.rule, "" if part.rule.name in _INFIX else None))
            walk.extend(part.operands)
    text = written(Expression(tuple(reversed(steps))), shown).replace(
        "ln(", "log("
    )  # as files have it
    return text if len(text) <= _LONGEST else ""


def word(node: Node) -> str:
    """What an operation is called."""
    return WORDS.get(node.rule.name, node.rule.name)


def _nth(n: int) -> str:
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
