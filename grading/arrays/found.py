"""How a wrong array and the place of the mistake are put down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite.names import pretty
from autograd_lite.node import Node, Nodes
from grading.catalogue.mistake import Found

Array: TypeAlias = NDArray[Any]
_pretty: Final = lru_cache(maxsize=4096)(pretty)
Factors: TypeAlias = Iterable[tuple[float, str]]
"""Numbers, each with the word that tells it: (8, "batch")"""


def found(value: Any, *where: str, nodes: Iterable[Node] = ()) -> Found:
    """A wrong answer, at a place that these words tell."""
    return Found(where, np.asarray(value, float)[None], Nodes(nodes))


def found_at(value: Any, *nodes: Node) -> Found:
    """A wrong answer, at a place that these nodes tell."""
    return found(value, *map(called, nodes), nodes=nodes)


def found_on(value: Any, at: Node, edge: tuple[Node, int]) -> Found:
    """A wrong answer, at an edge that the variable `at` tells."""
    node, x = edge[0], edge[0].operands[edge[1]]
    words = {"target": called(node), "source": called(x)}
    return Found((called(at),), np.asarray(value, float)[None], Nodes([at]), words)


def called(node: Node) -> str:
    """A node as the student knows it: its name, with its module's place where that is in another one."""
    name = node.rule.name if node.name is None else _pretty(node.name)
    _, dot, place = (node.scope or "").partition(".")
    return f"{place}.{name}" if dot else name


def scaled(right: Array, factors: Factors) -> Iterator[Found]:
    """The right answer times each factor that is neither 0 nor 1."""
    known = {0.0, 1.0}
    for factor, word in factors:
        if factor not in known:
            known.add(factor)
            yield found(right * factor, word)
