"""A question's flow graph as a figure: a picture without a number in it, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autograd_lite.flow import FlowGraph
from autograd_lite.variables import label
from grading.assignments.asked_of import AskedOf
from grading.diagnosis import highlighted

_MOST: Final = 40  # arrows that words can still tell


@dataclass(frozen=True)
class Figure:
    """A picture and what it shows.

    svg   "" where there is nothing to draw
    says  for those who do not see it: "Flow graph: x → h_0, h_0 → ŷ. Highlighted: h_0."
    """

    svg: str = ""
    says: str = ""


def figure(asked: AskedOf, path: tuple[str, ...] = ()) -> Figure:
    """The graph that a question is about, a path in it highlighted; an empty figure where there is none."""
    flow = flow_of(asked, path)
    if flow is None:
        return Figure()
    return Figure(highlighted(flow, path).svg(), in_words(flow, path))


def flow_of(asked: AskedOf, path: tuple[str, ...] = ()) -> FlowGraph | None:
    """The flow graph of what a question asks about: of its parts the first whose graph holds the path."""
    if asked.pool is None or not asked.question.parts:
        return None
    names = dict.fromkeys(part.of for part in asked.question.parts)
    flows = [asked.pool.flow(name, asked.k) for name in names]
    return next((flow for flow in flows if _holds(flow, path)), flows[0])


def _holds(flow: FlowGraph, path: tuple[str, ...]) -> bool:
    return {label(node) for edge in flow.edges for node in (edge.source, edge.target)} >= set(path)


def in_words(flow: FlowGraph, path: tuple[str, ...] = ()) -> str:
    """A flow graph's arrows as a sentence.

    >>> from autograd_lite import Value
    >>> x = Value(3.0, name="x")
    >>> in_words(FlowGraph((x * x).named("y")), ("x",))
    'Flow graph: x → y. Highlighted: x.'
    """
    arrows = [f"{label(edge.source)} → {label(edge.target)}" for edge in flow.edges]
    more = f" and {len(arrows) - _MOST} more" if len(arrows) > _MOST else ""
    lit = f" Highlighted: {', '.join(dict.fromkeys(path))}." if path else ""
    return f"Flow graph: {', '.join(arrows[:_MOST])}{more}.{lit}"
