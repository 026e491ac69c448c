"""`viz.derive`: the chain rule written out, line by line, as a lecturer writes it by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.errors import GraphError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key, reachable_from
from viz.choose.arguments import CutLike, cuts_of, flow_of
from viz.formulas.naming import names_of
from viz.look import limits

if TYPE_CHECKING:
    from viz.chainrule.derivation import Derivation, Remark
    from viz.chainrule.steps import Step


def derive(
    graph: FlowGraph | Node | Cut | Edge,
    wrt: Sequence[Key] | Key | None = None,
    *,
    of: Key | None = None,
    hold: Iterable[Key] | Key | None = None,
    cut: CutLike | None = None,
    paths: bool = False,
) -> Derivation:
    r"""Write the chain rule out: dy/dx = Σ (dy/dhᵢ)(∂hᵢ/∂x), with symbols, formulas and numbers.

    Parameters
    ----------
    graph
        A FlowGraph, or the Value or Tensor at its end: every dy/dv on the way from y back to x.
        A Cut of it: the sum at this cut. An Edge of it: its one partial derivative.
    wrt
        The variable x, or several; by default all inputs (of a cut, those in front of it).
    of
        The variable y; by default the output.
    hold
        Variables held constant: then ∂y/∂x is derived instead of dy/dx.
    cut
        The sum at this cut, given by its members or as a Cut.
    paths
        The sum over all paths from x to y instead.

    Returns
    -------
    Derivation
        It shows itself in a notebook; `.latex()`, `.markdown()`, `.text()` and `.save(path)` write
        it down.

    Raises
    ------
    GraphError
        When a name is no variable of the graph, or two different things are asked for at once.

    Examples
    --------
    >>> from autograd_lite import equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> print(derive(flow, wrt="x", cut=["h_0", "h_1"]))
    x = 1
    h_0 = cos x = 0.540
    h_1 = (h_0³ + sin x)/√2 = 0.707
    ŷ = √(h_0² + h_1²) = 0.889
    dŷ/dx = dŷ/dh_1·∂h_1/∂x + dŷ/dh_0·∂h_0/∂x
          = (h_1/√(h_0² + h_1²))·((cos x)/√2) + (h_0·(3·h_0·h_1/√2 + 1)/√(h_0² + h_1²))·(-sin x)
          = 0.794·0.382 + 1.099·(-0.841) = -0.622
    At the cut, each partial derivative holds the other members constant: h_0, h_1

    Source: lecture "Partial and Total Derivatives", back-prop example.
    """
    from viz.chainrule.derivation import Derivation  # sympy loads when formulas are asked for

    if isinstance(graph, Edge):
        return _edge(graph)
    whole = flow_of(graph)
    xs, held = _variables(whole, wrt), _variables(whole, hold)
    flow = _upto(whole, of)
    cuts = cuts_of(flow, graph if isinstance(graph, Cut) and cut is None else cut)
    if (hold is not None) + bool(cuts) + paths > 1:
        raise GraphError(
            "hold, cut and paths are three different derivations: ask for one at a time"
        )
    inputs = xs or flow.inputs
    flow = _with(flow, [*xs, *held])
    if cuts:
        return Derivation(flow, *_at_cuts(cuts, xs))
    if paths:
        return Derivation(flow, *_along_paths(flow, inputs))
    return Derivation(flow, *_chained(flow, inputs, held))


Told = tuple[tuple[tuple["Step", ...], ...], tuple["Remark", ...]]
"""Runs of steps, and remarks."""


def _edge(edge: Edge) -> Derivation:
    """The partial derivative of one arrow."""
    from viz.chainrule.derivation import Derivation
    from viz.chainrule.steps import Step, partial

    found = partial(edge.flow, edge.target, edge.source)
    others = [v for v in edge.flow.sources[edge.target] if v is not edge.source]
    return Derivation(edge.flow, ((Step(found, ((found,),)),),), _holding(others))


def _chained(flow: FlowGraph, xs: Sequence[Node], hold: Sequence[Node]) -> Told:
    """Back-propagation from the output to the variables in xs."""
    from viz.chainrule.derivation import Remark
    from viz.chainrule.families import runs
    from viz.chainrule.steps import Chain

    chain = Chain(flow, flow.output, xs, hold)
    families = runs(names_of(flow), chain.order, chain.targets)
    found = [_shortened(run, limits.STEPS_IN_A_RECURSION) for run in families]
    shown = _shortened(found, limits.STEPS)
    shown_variables = {v for run in shown for v in run}
    steps = {v: chain.step(v) for v in chain.order if v in shown_variables}
    idle = [x for x in xs if x not in chain.targets]
    all_runs = [tuple(steps[v] for v in run) for run in shown] + [(chain.still(x),) for x in idle]
    remarks = [*_holding(hold), *(Remark(_why(flow, x, hold)) for x in idle)]
    if len(found) > len(shown):
        remarks.append(Remark(f"{len(found) - len(shown)} steps in the middle are left out."))
    return tuple(all_runs), (*remarks, *_arrays(flow))


def _at_cuts(cuts: Sequence[Cut], xs: Sequence[Node]) -> Told:
    """The sum at each cut, for each variable in front of it."""
    from viz.chainrule.derivation import Remark
    from viz.chainrule.steps import at_cut

    runs, remarks = [], []
    for cut in cuts:
        near = set(cut.near)
        runs += [(at_cut(cut, x),) for x in xs or [v for v in cut.flow.inputs if v in near]]
        if len(cut.members) > 1:
            words = "At the cut, each partial derivative holds the other members constant:"
            remarks.append(Remark(words, tuple(cut.members[: limits.STEPS_IN_A_RECURSION])))
    return tuple(runs), (*remarks, *_arrays(cuts[0].flow))


def _along_paths(flow: FlowGraph, xs: Iterable[Node]) -> Told:
    """The sum over paths, for each of the variables."""
    from viz.chainrule.derivation import Remark
    from viz.chainrule.steps import along_paths

    runs, remarks = [], []
    for x in xs:
        try:
            found = flow.paths(x, limit=limits.PATHS)
        except GraphError as error:  # too many to write down
            remarks.append(Remark(f"{error}."))
            found = []
        runs.append((along_paths(flow, x, found),))
    return tuple(runs), (*remarks, *_arrays(flow))


def _holding(nodes: Sequence[Node]) -> tuple[Remark, ...]:
    from viz.chainrule.derivation import Remark

    words = (
        "Held constant:"
        if len(nodes) <= limits.STEPS_IN_A_RECURSION
        else f"{len(nodes)} held constant:"
    )
    return (Remark(words, tuple(nodes[: limits.STEPS_IN_A_RECURSION])),) if nodes else ()


def _arrays(flow: FlowGraph) -> tuple[Remark, ...]:
    from viz.chainrule.derivation import Remark

    if all(v.value.size == 1 for v in flow.variables if hasattr(v.value, "size")):
        return ()
    if np.size(flow.output.value) != 1:
        words = (
            "dy/dx has the shape of y followed by that of x; a product sums over the axes between."
        )
        return (Remark(words),)
    words = (
        "A derivative has the shape of what it is by; one example is a column, several are rows."
    )
    return (Remark(words),)


def _why(flow: FlowGraph, x: Node, hold: Sequence[Node]) -> str:
    if x is flow.output:
        return "Any variable changes with itself one to one."
    blocked = " and every path between passes a variable that is held" if hold else ""
    found = flow.depends(x)
    name = names_of(flow).given(x)
    return f"{found.reason}{blocked}." if not found else f"{name} moves nothing else{blocked}."


def _shortened(items: Sequence[Any], most: int) -> list[Any]:
    """All items, or of many the first and the last few."""
    return [item for part in limits.first_and_last(items, most, 4) for item in part]


def _variables(flow: FlowGraph, keys: Any) -> list[Node]:
    """One key or several as variables; None is none."""
    if keys is None:
        return []
    one = isinstance(keys, (Node, str)) or not isinstance(keys, Iterable)
    return [flow.variable(key) for key in ([keys] if one else keys)]


def _upto(flow: FlowGraph, of: Key | None) -> FlowGraph:
    """The flow graph of another output."""
    y = flow.output if of is None else flow.variable(of)
    if y is flow.output:
        return flow
    behind = reachable_from([y], flow.sources)
    return FlowGraph(y, [v for v in flow.variables if v in behind])


def _with(flow: FlowGraph, xs: Sequence[Node]) -> FlowGraph:
    """The flow graph with these as variables too."""
    new = [x for x in xs if x not in flow.sources]
    return FlowGraph(flow.output, [*flow.variables, *new]) if new else flow
