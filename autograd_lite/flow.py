"""FlowGraph: the variables of a graph, the partial derivatives between them, and total derivatives.

A *variable* is a node that somebody named. Naming the variables defines the flow graph: everything unnamed
folds into the edges, and ∂b/∂a holds every other variable constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

import numpy as np

from autograd_lite.arguments import refuse_no_flag
from autograd_lite.between import derivative, refuse_constant, total_of
from autograd_lite.cut import Cut, cut_after, cut_at
from autograd_lite.dependence import Dependence, dependence, refuse_unrelated
from autograd_lite.errors import GraphError, OperandError
from autograd_lite.limits import limit
from autograd_lite.node import Node, Nodes
from autograd_lite.order import upstream
from autograd_lite.origins import Latest, renew_if_changed
from autograd_lite.paths import Path, path_along, routes
from autograd_lite.tape import Tape
from autograd_lite.value import Value
from autograd_lite.variables import (
    Key,
    as_list,
    ends_of,
    label,
    labels_of,
    reachable_from,
    sources_of,
    variable_named,
    variables_of,
)


@dataclass(frozen=True, eq=False)
class Edge:
    """An arrow of the flow graph: `target` is computed from `source`, other variables apart.

    Edges are equal when they join the same two nodes.

    >>> from autograd_lite import Value
    >>> x = Value(2.0, name="x")
    >>> (edge,) = FlowGraph((x * x).named("y")).edges
    >>> source, target, partial = edge
    >>> partial
    4.0
    """

    flow: FlowGraph
    source: Node
    target: Node

    @property
    def partial(self) -> Any:
        """∂target/∂source with every other variable held: a float, or a Jacobian for Tensors."""
        return self.flow.partial(self.target, self.source)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.source, self.target, self.partial))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Edge) and self.source is other.source and self.target is other.target
        )

    def __hash__(self) -> int:
        return hash((self.source, self.target))

    def __repr__(self) -> str:
        return f"Edge({self.source.describe()} → {self.target.describe()})"


class FlowGraph:
    r"""The flow graph of `output`: its variables, their partial derivatives, total derivatives and cuts.

    output     the node at the end; always a variable
    variables  the other variables, in any order; None takes every named node upstream of the output

    >>> from autograd_lite import Value, cos, sin, sqrt
    >>> x = Value(1.0, name="x")
    >>> h0 = cos(x).named("h_0")
    >>> h1 = ((h0**3 + sin(x)) / sqrt(2)).named("h_1")
    >>> yhat = sqrt(h0**2 + h1**2).named(r"\hat{y}")
    >>> flow = FlowGraph(yhat)
    >>> round(flow.total(h0), 4), round(flow.partial(yhat, h0), 4)
    (1.0994, 0.6075)

    Raises OperandError when output or a variable is no node, GraphError when a variable is a constant.

    Source: lecture "Partial and Total Derivatives", flow graphs.
    """

    def __init__(self, output: Node, variables: Iterable[Node] | None = None) -> None:
        if not isinstance(output, Node):
            raise OperandError(
                f"a flow graph is of a Value or Tensor, not of {type(output).__name__} {output!r:.60}"
            )
        self.output = output
        self.variables = variables_of(output, variables)
        self._known = frozenset(self.variables)
        self._ends, self._leaves, self._upstream = ends_of(self.variables)
        self._latest = 0
        self._partials: dict[tuple[Node, Node], Any] = {}
        self._totals: dict[Node, Any] = {}

    def __repr__(self) -> str:
        return f"FlowGraph({', '.join(labels_of(self.variables))})"

    def variable(self, key: Key) -> Node:
        """The variable that `key` is the name of; a node passes if a variable is computed from it.

        Raises NotAVariableError when no variable or several have the name, and for a node of no variable's.
        """
        node = self.as_node(key)
        if node not in self._upstream:
            refuse_unrelated(self.variables, self.output, node)
        return node

    @cached_property
    def inputs(self) -> Nodes:
        """The variables into which no edge leads."""
        return Nodes(v for v in self.variables if not self.sources[v])

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The arrows between variables, by target and then by source, each with its partial derivative."""
        return tuple(
            Edge(self, source, target)
            for target in self.variables
            for source in self.sources[target]
        )

    @cached_property
    def sources(self) -> dict[Node, Nodes]:
        """For each variable the variables it is computed from directly, in order."""
        return {v: sources_of(v, self._known) for v in self.variables}

    @cached_property
    def targets(self) -> dict[Node, Nodes]:
        """For each variable the variables computed directly from it, in order."""
        found: dict[Node, list[Node]] = {v: [] for v in self.variables}
        for target, sources in self.sources.items():
            for source in sources:
                found[source].append(target)
        return {v: Nodes(nodes) for v, nodes in found.items()}

    def partial(self, y: Key, x: Key, hold: Iterable[Key] | None = None) -> Any:
        """∂y/∂x: x moves, the variables in `hold` stay; None holds every variable but x and y.

        A float for Values; for Tensors a Jacobian of shape y.shape + x.shape.

        Raises NotAVariableError for a node that is no variable and that none is computed from: 0, or a node
        held without effect, would answer another question.
        """
        y, x = self.variable(y), self.variable(x)
        if hold is not None:
            return derivative(y, x, self._all(hold))
        self._forget_if_changed()
        if (y, x) not in self._partials:
            # what y is computed from directly hides all other variables
            hold = self.sources[y] if y in self._known else self._known
            self._partials[y, x] = derivative(y, x, hold, fresh=y in self._known)
        return copy(self._partials[y, x])

    def total(self, x: Key, of: Key | None = None) -> Any:
        """dy/dx of the output, or of the variable `of`: everything downstream of x moves; 0 if nothing does.

        A float for Values; for Tensors in shape y.shape + x.shape.

        Raises NotAVariableError for a node that is no variable and that none is computed from.
        """
        y, x = self.output if of is None else self.variable(of), self.variable(x)
        if np.size(y._data) != 1 or y not in self._known:
            return derivative(y, x)
        refuse_constant(x)
        self._forget_if_changed()
        if y not in self._totals:
            self._totals[y] = Tape(y).adjoints()
        return total_of(y, x, self._totals[y].get(x))

    def gradient(self, variables: Iterable[Key], hold: bool = False) -> Any:
        """The derivatives of the output by each of `variables`, in that order.

        hold  True holds, for each of them, the others in the list constant

        A float array for Values; a list of arrays for Tensors.

        Raises OperandError when hold is a list: `partial(y, x, hold=[…])` takes one.
        """
        refuse_no_flag("hold", hold, "a list of what to hold goes to partial(y, x, hold=[…])")
        chosen = self._all(variables)
        parts = [
            derivative(self.output, v, hold=[h for h in chosen if h is not v])
            if hold
            else self.total(v)
            for v in chosen
        ]
        return np.array(parts) if isinstance(self.output, Value) else parts

    def depends(self, x: Key, of: Key | None = None) -> Dependence:
        """Whether the output (or `of`) depends on x, with a path that shows it or the reason why not."""
        return dependence(self.output if of is None else self.variable(of), self.as_node(x))

    def paths(self, x: Key, limit: int = 1000) -> list[Path]:
        """Every path from x to the output along edges, with the product of its partial derivatives.

        Their sum is the total derivative.

        Raises GraphError when there are more than `limit` of them, saying how many.
        """
        if (x := self.variable(x)) not in self._known:
            raise GraphError(
                f"{label(x)} is no variable of {self!r}: name it, or list it in `variables`"
            )
        return [
            path_along(route, [self.partial(b, a) for a, b in pairwise(route)])
            for route in routes(x, self.output, self.targets, limit)
        ]

    def limit(self, y: Key, x: Key, hold: Iterable[Key] | None = None) -> Any:
        """The limit of (y(x+ε) − y(x−ε))/2ε, by evaluating the graph again: a check that uses no derivative.

        hold  which variables keep their recorded values; None holds every variable but x and y

        Raises DerivativeError where there is no limit: at a kink, a pole or a jump.
        """
        y, x = self.variable(y), self.variable(x)
        held = self.variables if hold is None else self._all(hold)
        return limit(y, x, set(held) - {x, y})

    def cut(
        self, members: Iterable[Key] | None = None, *, after: Iterable[Key] | None = None
    ) -> Cut:
        """The cut whose crossing edges end in `members`; or the one just after the variables in `after`.

        Raises CutError when the members do not separate input from output, naming a path that leaks.
        """
        if (members is None) == (after is None):
            raise GraphError(
                "say either which variables the cut's edges end in, cut([h_0, h_1]), or cut(after=[x])"
            )
        if members is not None:
            return cut_at(self, [self.as_node(key) for key in as_list(members)])
        return cut_after(self, [self.as_node(key) for key in as_list(after)])

    def cuts(self) -> list[Cut]:
        """The cut in front of each computed variable, from the output back to the inputs.

        Everything made before the variable is on the near side; backpropagation moves this line.
        """
        order = self.variables
        places = range(len(order) - 1, 0, -1)
        return [
            Cut(self, islice(order, k))
            for k in places
            if self.sources[order[k]] and order[k] in self.leads_to_output
        ]

    @cached_property
    def leads_to_output(self) -> frozenset[Node]:
        """The variables from which edges lead to the output, and the output itself."""
        return frozenset(reachable_from([self.output], self.sources))

    def __reduce__(self) -> Any:
        # variables first, in their order: what is pickled first gets the lower number
        return _restored, (list(self.variables), self.output)

    def as_node(self, key: Key) -> Node:
        """The node itself, whether or not it is of this graph, or the variable of this name."""
        return key if isinstance(key, Node) else variable_named(key, self.variables)

    def _all(self, keys: Any) -> list[Node]:
        return [self.variable(key) for key in as_list(keys)]

    def _forget_if_changed(self) -> None:
        """Forget derivatives computed before a leaf changed; refuse until the graph is evaluated again."""
        known: Latest = {}
        for leaf in self._leaves:
            renew_if_changed(leaf, known)
        latest = max((leaf.number for leaf in self._leaves), default=0)
        if latest != self._latest:
            for v in self._ends:
                upstream(v)
            self._latest = latest
            self._partials.clear()
            self._totals.clear()


def _restored(variables: list[Node], output: Node) -> FlowGraph:
    return FlowGraph(output, variables)
