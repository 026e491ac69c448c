"""What is asked for, made definite: which flow graph, which cuts, which variables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from autograd_lite.cut import Cut
from autograd_lite.errors import PictureError
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key, label
from viz.choose.sheet import Level
from viz.formulas.naming import names_of, share_names
from viz.formulas.places import inputs_by_index
from viz.look import limits

CutLike: TypeAlias = Cut | Sequence[Cut] | Sequence[Key] | Key


def flow_of(graph: FlowGraph | Node | Cut) -> FlowGraph:
    """The flow graph itself, a cut's, or that of a node and its named variables."""
    found = graph_of(graph)
    return FlowGraph(found) if isinstance(found, Node) else found


def graph_of(graph: FlowGraph | Node | Cut) -> FlowGraph | Node:
    """The flow graph itself or a cut's; a node, whose variables are not chosen yet."""
    if isinstance(graph, Cut):
        return graph.flow
    if isinstance(graph, (FlowGraph, Node)):
        return graph
    raise PictureError(
        f"cannot draw {type(graph).__name__} {graph!r:.60}: "
        "give a FlowGraph, a Cut, or the Value or Tensor at the end of a graph"
    )


def cuts_of(flow: FlowGraph, cut: CutLike | None) -> tuple[Cut, ...]:
    """One cut or several, given as cuts or by the members of one; nested, from the inputs on."""
    if cut is None:
        return ()
    if isinstance(cut, Cut):
        return (_checked(flow, cut),)
    keys = [cut] if isinstance(cut, (Node, str)) else list(cut)
    if any(isinstance(key, Cut) for key in keys):
        return _nested([_checked(flow, key) for key in keys])
    return (flow.cut([key for key in keys if not isinstance(key, Cut)]),)


def _checked(flow: FlowGraph, cut: Any) -> Cut:
    if not isinstance(cut, Cut):
        raise PictureError(
            f"a list of cuts holds cuts only, not {cut!r:.60}: write flow.cut(...) for each"
        )
    if cut.flow is flow:
        return cut
    if not set(flow.variables) <= set(cut.flow.variables):
        raise PictureError(
            f"{cut!r} is a cut of another flow graph: make it with this one's .cut()"
        )
    return Cut(flow, [v for v in cut.near if v in set(flow.variables)])  # some variables are folded


def _nested(cuts: list[Cut]) -> tuple[Cut, ...]:
    """The cuts in order, once each; refused when two cross."""
    ordered: list[Cut] = []
    for cut in sorted(cuts, key=lambda c: len(c.near)):
        if not (ordered and set(ordered[-1].near) == set(cut.near)):
            ordered.append(cut)
    for a, b in pairwise(ordered):
        if not set(a.near) < set(b.near):
            raise PictureError(
                f"{a!r} and {b!r} cross: {_only(a, b)} lies before the first line only and "
                f"{_only(b, a)} before the second only; draw them in two pictures"
            )
    return tuple(ordered)


def _only(a: Cut, b: Cut) -> str:
    return label(next(v for v in a.near if v not in set(b.near)))


def wrt_of(flow: FlowGraph, wrt: Sequence[Key] | Key | None, cuts: Sequence[Cut]) -> list[Node]:
    """The variables asked for; by default the inputs in front of the first cut."""
    if wrt is None:
        near = set(cuts[0].near) if cuts else set()
        inputs = inputs_by_index(names_of(flow), [v for v in flow.inputs if v in near])
        return inputs[: 1 if len(cuts) > 1 else limits.SUMS]
    return [flow.variable(key) for key in ([wrt] if isinstance(wrt, (Node, str)) else wrt)]


def folded_to_fit(
    graph: FlowGraph | Level, cuts: Sequence[Cut], wrt: Sequence[Node], most: int
) -> FlowGraph:
    """The flow graph itself, or one of fewer variables when it would make an unreadable sheet.

    The others fold into the arrows, so every partial derivative shown is right for what is shown.
    A module's variables are one bubble, and stay or fold together.
    """
    level = graph if isinstance(graph, Level) else Level(graph)
    flow = level.flow
    if _fits(level, flow, most):
        return flow
    while True:
        kept = _together(level, _kept(flow, cuts, wrt, most))
        folded = share_names(FlowGraph(flow.output, variables=kept), flow)
        if most <= 6 or _fits(level, folded, most):
            return folded
        most = max(6, most * 2 // 3)


def _fits(level: Level, flow: FlowGraph, most: int) -> bool:
    """Whether bubbles and arrows are few enough."""
    bubble = {v: level.modules.get(v, v) for v in flow.variables}
    arrows = {
        (bubble[source], bubble[target])
        for target, sources in flow.sources.items()
        for source in sources
        if bubble[source] is not bubble[target]
    }
    return len(set(bubble.values())) <= most and len(arrows) <= limits.ARROWS_EACH * most


def _together(level: Level, nodes: Sequence[Node]) -> list[Node]:
    """The nodes, and what else leaves the modules of some."""
    modules = {level.modules[v] for v in nodes if v in level.modules}
    return [*nodes, *(v for v, module in level.modules.items() if module in modules)]


def _kept(flow: FlowGraph, cuts: Sequence[Cut], wrt: Sequence[Node], most: int) -> list[Node]:
    """The output, what was asked for, both sides of each cut, then evenly spaced ones."""
    wanted = [flow.output, *wrt]
    for cut in cuts:
        wanted += [*cut.near[-1:], *cut.members[:1]]
    wanted += [v for cut in cuts for v in cut.members]
    kept = dict.fromkeys(wanted[: max(most, 1)])
    rest = [v for v in flow.variables if v not in kept]
    room = min(max(most - len(kept), 0), len(rest))
    spaced = [rest[k * len(rest) // room] for k in range(room)]
    return [*kept, *spaced]
