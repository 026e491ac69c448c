"""How bubbles and arrows are called: names, counts of nodes, shapes of what flows."""

from __future__ import annotations

import numpy as np

from viz.choose.sheet import Arrow, Bubble
from viz.formulas import numbers
from viz.formulas.naming import Calling


def title(bubble: Bubble, called: Calling) -> str:
    """A variable's name, or a module's with how often it is repeated."""
    if bubble.module is None:
        return called.spoken(bubble.node)
    return bubble.module.name + (f"  × {bubble.module.times}" if bubble.module.times > 1 else "")


def contents(bubble: Bubble) -> str:
    """A variable's value, or how much is collapsed into a module, as plain text."""
    if bubble.module is None:
        return numbers.written(numbers.read(bubble.node))
    return f"{bubble.module.nodes} node{'s' * (bubble.module.nodes > 1)}"


def count_of(nodes: int) -> str:
    """How many nodes, as LaTeX."""
    return rf"{nodes}\ \mathrm{{node{'s' * (nodes > 1)}}}"


def load(arrow: Arrow) -> str | None:
    """What flows along an arrow to or from a module: the shape of an array, or how many numbers."""
    sources = {edge.source for edge in arrow.edges}
    if len(sources) == 1 and np.shape((node := sources.pop()).value):
        return numbers.shape(np.shape(node.value))
    return rf"\times {len(arrow.edges)}" if len(arrow.edges) > 1 else None
