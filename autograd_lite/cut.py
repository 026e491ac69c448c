"""Cut: a dashed line across a flow graph, and the chain rule as the sum over what it crosses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from functools import partial as bound
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd_lite.between import derivative, pull_back_total
from autograd_lite.dependence import arrows
from autograd_lite.errors import CutError
from autograd_lite.node import Node, Nodes
from autograd_lite.paths import jacobian_product
from autograd_lite.variables import Key, as_list, label, reachable_from

if TYPE_CHECKING:  # a cut is made by its flow graph
    from autograd_lite.flow import Edge, FlowGraph


@dataclass(frozen=True, eq=False)
class Term:
    """One member's term of the sum at a cut: `variable, total, partial, product = term` works too.

    Read as in the lecture, total is dy/dhᵢ and partial is ∂hᵢ/∂x with the other members held. In the dual
    reading total is dhᵢ/dx and partial is ∂y/∂hᵢ with the other members held.

    Of Tensors the partial is a Jacobian of shape hᵢ.shape + x.shape, made when it is asked for: the product
    comes from one sweep that pulls the total back.

    >>> from autograd_lite import FlowGraph, Value
    >>> x = Value(2.0, name="x")
    >>> h = (x * x).named("h")
    >>> (term,) = FlowGraph((3.0 * h).named("y")).cut([h]).terms(x)
    >>> variable, total, partial, product = term
    >>> total, partial, product
    (3.0, 4.0, 12.0)
    """

    variable: Node
    total: Any
    product: Any
    _partial: Callable[[], Any]

    @cached_property
    def partial(self) -> Any:
        """∂hᵢ/∂x with the other members held: a float, or a Jacobian for Tensors."""
        return self._partial()

    def __iter__(self) -> Iterator[Any]:
        return iter((self.variable, self.total, self.partial, self.product))

    def __repr__(self) -> str:
        return f"Term({label(self.variable)}, total={self.total!r}, product={self.product!r})"


class Cut:
    """A line with the variables in `near` on the input's side and all others on the output's side.

    Variables that do not lead to the output, if any, are on the input's side too.

    At any cut dy/dx = Σᵢ (dy/dhᵢ)·(∂hᵢ/∂x) over its members hᵢ, ∂hᵢ/∂x with the other members held.

    >>> from autograd_lite import FlowGraph, Value, cos, sin
    >>> x = Value(1.0, name="x")
    >>> a, b = cos(x).named("a"), sin(x).named("b")
    >>> cut = FlowGraph((a * b).named("y")).cut([a, b])
    >>> round(cut.derivative(x), 6), [round(term.product, 6) for term in cut.terms(x)]
    (-0.416147, [-0.708073, 0.291927])

    Made by `FlowGraph.cut` and `FlowGraph.cuts`.

    Source: lecture "Partial and Total Derivatives", flow graphs: dŷ/dx = Σ (dŷ/dhᵢ)(∂hᵢ/∂x).
    """

    def __init__(self, flow: FlowGraph, near: Iterable[Node]) -> None:
        self.flow = flow
        self._given = near  # read when asked for: cuts() makes as many cuts as there are variables

    @cached_property
    def _inside(self) -> frozenset[Node]:
        return frozenset(self._given).union(set(self.flow.variables) - self.flow.leads_to_output)

    @cached_property
    def near(self) -> Nodes:
        """The variables on the input's side."""
        return Nodes(v for v in self.flow.variables if v in self._inside)

    @cached_property
    def far(self) -> Nodes:
        """The variables on the output's side."""
        return Nodes(v for v in self.flow.variables if v not in self._inside)

    def __repr__(self) -> str:
        return f"Cut([{', '.join(label(v) for v in self.members)}])"

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges that the line crosses, each from the near side to the far side."""
        inside = self._inside
        return tuple(e for e in self.flow.edges if e.source in inside and e.target not in inside)

    @cached_property
    def members(self) -> Nodes:
        """The variables in which the crossing edges end."""
        ends = {edge.target for edge in self.edges}
        return Nodes(v for v in self.far if v in ends)

    def gradient(self) -> Any:
        """dy/dhᵢ for each member: a float array for Values, a list of arrays for Tensors."""
        return self.flow.gradient(self.members)

    def derivative(self, x: Key, hold: Iterable[Key] = ()) -> Any:
        """dy/dx as the sum over the cut's members; `hold` names variables on the near side to hold as well.

        Raises CutError when x does not lie on the near side.
        """
        terms = self.terms(x, hold)
        return sum((term.product for term in terms[1:]), terms[0].product) if terms else 0.0

    def terms(self, x: Key, hold: Iterable[Key] = ()) -> tuple[Term, ...]:
        """One (variable, total, partial, product) per member hᵢ: hᵢ, dy/dhᵢ, ∂hᵢ/∂x, and their product."""
        x, held = self._near_side(x), [self.flow.variable(v) for v in as_list(hold)]
        return tuple(self._term(h, x, held) for h in self.members)

    def dual_terms(self, x: Key) -> tuple[Term, ...]:
        """The same sum read the other way, Σᵢ (∂y/∂hᵢ)·(dhᵢ/dx): (hᵢ, dhᵢ/dx, ∂y/∂hᵢ, product) per member."""
        near = self._near_side(x)
        return tuple(self._dual_term(h, near) for h in self.members)

    def _term(self, h: Node, x: Node, held: Sequence[Node]) -> Term:
        total, still = self.flow.total(h), [*self.members, *held]
        product = pull_back_total(self.flow.output, total, h, x, still)
        return Term(h, total, product, bound(derivative, h, x, still))

    def _dual_term(self, h: Node, x: Node) -> Term:
        total, partial = self.flow.total(x, of=h), self._last_partial(h)
        return Term(h, total, jacobian_product(partial, total, h), bound(_itself, partial))

    def _last_partial(self, h: Node) -> Any:
        """∂y/∂h with the other members held: 0 when y is one of them."""
        y = self.flow.output
        if y in set(self.members) and h is not y:
            shape = np.shape(y._data) + np.shape(h._data)
            return np.zeros(shape) if shape else 0.0
        return derivative(y, h, hold=self.members)

    def __reduce__(self) -> Any:
        return Cut, (self.flow, list(self.near))

    def _near_side(self, x: Key) -> Node:
        node = self.flow.as_node(x)
        if node not in set(self.near):
            where = (
                "is no variable of this flow graph"
                if node not in set(self.far)
                else "lies beyond it"
            )
            raise CutError(
                f"the cut at {_listed(self.members)} gives derivatives by variables before it, "
                f"and {label(node)} {where}; before it: {_listed(self.near) or 'nothing'}"
            )
        return node


def cut_after(flow: FlowGraph, near: Collection[Node]) -> Cut:
    """The cut just after the variables in `near` and whatever they are computed from."""
    _refuse_unrelated(flow, near)
    if not near:
        raise CutError("a cut needs at least one variable on its near side: cut(after=[x])")
    inside = reachable_from(near, flow.sources)
    if flow.output in inside:
        raise CutError(
            f"nothing of {flow!r} lies after {label(flow.output)}, the output: leave it out"
        )
    return Cut(flow, inside)


def cut_at(flow: FlowGraph, members: Collection[Node]) -> Cut:
    """The cut whose crossing edges end in exactly `members`."""
    _refuse_unrelated(flow, members)
    if not members:
        raise CutError("a cut needs at least one variable for its edges to end in: cut([h_0, h_1])")
    inputs = [v for v in members if not flow.sources[v]]
    if inputs:
        raise CutError(
            f"{_listed(inputs)}: no edge leads into an input, so no cut passes in front of it; "
            f"the line just after it is cut(after=[…])"
        )
    cut = _line_at(flow, set(members))
    if set(cut.members) != set(members):
        _refuse_line(cut, set(members))
    return cut


def _line_at(flow: FlowGraph, members: set[Node]) -> Cut:
    """The line just in front of the members: behind it what they are computed from, none of them."""
    before = reachable_from(members, flow.sources) - members
    return Cut(flow, before - reachable_from(members, flow.targets))


def _refuse_line(cut: Cut, members: set[Node]) -> NoReturn:
    """Say why the line in front of `members` does not have these members."""
    flow, given = cut.flow, _listed(_ordered(members))
    instead = f"write cut([{_listed(_nearest(cut).members)}])"
    leak = _leak(flow, members)
    if leak:
        raise CutError(f"{given} is no cut: the path {arrows(leak)} leaks past it; {instead}")
    for edge in cut.edges:
        if (target := edge.target) not in members:
            behind = reachable_from([target], flow.sources)
            first = next(v for v in _ordered(members) if v in behind)
            crossing = f"{label(edge.source)} → {label(target)}"
            raise CutError(
                f"the line in front of {given} crosses {crossing} too, since {label(target)} is computed "
                f"from {label(first)} and so lies beyond it; {instead}"
            )
    idle = [v for v in _ordered(members) if v not in set(cut.members)]
    raise CutError(
        f"{_listed(idle)} is not on the line: every edge into it starts beyond the line at "
        f"{_listed(cut.members)}; {instead}"
    )


def _nearest(cut: Cut) -> Cut:
    """A cut that there is: the line in front of this one's members, and so on until it stays."""
    while set((line := _line_at(cut.flow, set(cut.members))).members) != set(cut.members):
        cut = line
    return cut


def _leak(flow: FlowGraph, members: set[Node]) -> list[Node]:
    """A shortest path to the output from an input behind the members that avoids them all, or none."""
    behind = reachable_from(members, flow.sources)
    came_from: dict[Node, Node | None] = {v: None for v in flow.inputs if v in behind}
    walk: list[Node] = list(came_from)
    for node in walk:
        for v in flow.targets[node]:
            if v not in came_from and v not in members:
                came_from[v] = node
                walk.append(v)
    if flow.output not in came_from:
        return []
    path = [flow.output]
    while (before := came_from[path[-1]]) is not None:
        path.append(before)
    return path[::-1]


def _refuse_unrelated(flow: FlowGraph, nodes: Collection[Node]) -> None:
    for node in nodes:
        if node not in flow.sources:
            what = (
                "give it a name"
                if node.name is None
                else "use the node that its output was computed from"
            )
            raise CutError(
                f"{label(node)} is no variable of {flow!r}: {what}, or list it in FlowGraph(y, variables=[…])"
            )
        if node not in flow.leads_to_output:
            raise CutError(
                f"{label(node)} does not lead to {label(flow.output)}, so no cut passes by it: leave it out"
            )


def _itself(x: Any) -> Any:
    return x


def _ordered(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda v: v.number)


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(label(v) for v in nodes)
