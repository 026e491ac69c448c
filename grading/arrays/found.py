"""How a wrong array and the place of the mistake are put down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd_lite.names import pretty
from autograd_lite.node import Node, Nodes
from grading.catalogue.mistake import Found
from grading.catalogue.places import word

Array: TypeAlias = NDArray[Any]
_pretty: Final = lru_cache(maxsize=4096)(pretty)
Factors: TypeAlias = Iterable[tuple[float, str]]
"""Numbers, each with the word that tells it: (8, "batch")"""
_NUMBERED: Final = re.compile(r"\b\w+\.\d+\b\.?")


def found(value: Any, *where: str, nodes: Iterable[Node] = ()) -> Found:
    """A wrong answer, at a place that these words tell."""
    return Found(where, np.asarray(value, float)[None], Nodes(nodes))


def found_at(value: Any, *nodes: Node) -> Found:
    """A wrong answer, at a place that these nodes tell."""
    return found(value, *map(called, nodes), nodes=nodes)


def found_on(value: Any, at: Node, edge: tuple[Node, int]) -> Found:
    """A wrong answer, at an edge that the variable `at` tells."""
    node, x = edge[0], edge[0].operands[edge[1]]
    words = {"target": _inside(node, at), "source": _inside(x, at)}
    return Found((called(at),), np.asarray(value, float)[None], Nodes([at]), words)


def called(node: Node) -> str:
    """A node as the student knows it: its name, with its module's place where that is in another one."""
    if node.name is None:
        return node.rule.name
    if "." in node.name:
        return _pretty(node.name)
    # the numbers of layers stand in names
    place = _NUMBERED.sub("", (node.scope or "").partition(".")[2])
    return f"{place.rstrip('.')}.{_pretty(node.name)}" if place else _pretty(node.name)


def _inside(node: Node, at: Node) -> str:
    """A node in a sentence about the equation of a variable."""
    if node.name is None and not node.is_leaf:
        return f"the {word(node)} in {called(at)}"
    return called(node)


def scaled(right: Array, factors: Factors) -> Iterator[Found]:
    """The right answer times each factor that is neither 0 nor 1."""
    known = {0.0, 1.0}
    for factor, told in factors:
        if factor not in known:
            known.add(factor)
            yield found(right * factor, told)
