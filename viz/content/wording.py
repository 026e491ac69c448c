"""Words about bubbles and arrows: names, counts, shapes of what flows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from viz.choose.sheet import Arrow, Bubble
from viz.formulas import numbers
from viz.formulas.escaping import one_line
from viz.formulas.naming import Names
from viz.look import limits


def plural(count: int, what: str) -> str:
    """How many of something.

    >>> plural(1, "arrow"), plural(2, "arrow")
    ('1 arrow', '2 arrows')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def few(names: Sequence[str]) -> str:
    """Names in a sentence; of many the first ones, and how many more."""
    more = f" and {len(names) - limits.NAMES} more" if len(names) > limits.NAMES else ""
    return f"{', '.join(names[: limits.NAMES])}{more}"


def title(bubble: Bubble, names: Names) -> str:
    """A variable's name, or a module's with how often it is repeated."""
    if bubble.module is None:
        return names.given(bubble.node)
    times = f"  × {bubble.module.times}" if bubble.module.times > 1 else ""
    return one_line(bubble.module.name) + times


def contents(bubble: Bubble) -> str:
    """A variable's value, or how much is collapsed into a module, as plain text."""
    if bubble.module is None:
        return numbers.as_text(numbers.shown_value(bubble.node))
    return plural(bubble.module.nodes, "node")


def arrow_caption(arrow: Arrow) -> str | None:
    """What flows along an arrow to or from a module: the shape of an array, or how many numbers."""
    sources = {edge.source for edge in arrow.edges}
    if len(sources) == 1 and np.shape((node := sources.pop()).value):
        return numbers.shape(np.shape(node.value))
    return rf"\times {len(arrow.edges)}" if len(arrow.edges) > 1 else None
