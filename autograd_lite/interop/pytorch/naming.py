"""Names for the nodes of an imported graph, from those that the model's source gives to its variables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_lite._tensor import Tensor
from autograd_lite.node import Node

Mark = tuple[str, int, Any]
"""A name in the source, how many of the user's functions were running there, and what it was given to."""


def name_states(marks: Iterable[Mark], taken: Iterable[str]) -> None:
    """Name what the source names: a name that several nodes have is numbered, h_1, h_2, …, in order.

    taken  the names of inputs and parameters: who shares one of them is numbered too

    The name in the outermost function counts; leaves keep theirs.
    """
    chosen: dict[Node, tuple[str, int]] = {}
    for name, depth, node in marks:
        if isinstance(node, Tensor) and node.requires_grad and not node.is_leaf:
            if node not in chosen or depth < chosen[node][1]:
                chosen[node] = name, depth
        elif isinstance(node, Tensor) and node.name is None and node.requires_grad:
            node.named(name)  # a draw
    _number([(node, name) for node, (name, _) in chosen.items()], set(taken))


def _number(named: Sequence[tuple[Node, str]], taken: set[str]) -> None:
    times = Counter(name for _, name in named)
    seen: Counter[str] = Counter()
    for node, name in sorted(named, key=lambda pair: pair[0].number):
        seen[name] += 1
        node.named(name if times[name] == 1 and name not in taken else _with(name, seen[name]))


def _with(name: str, k: int) -> str:
    """h_1 of h, and of h_t too.

    >>> _with("h", 1), _with("h_t", 12)
    ('h_1', 'h_{12}')
    """
    base = name.removesuffix("_t") or name
    return f"{base}_{k}" if k < 10 else f"{base}_{{{k}}}"
