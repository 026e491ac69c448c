"""One question on a graph of Values, at K points at once: what the catalogue's entries are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lite.node import Node, Nodes
from autograd_lite.rules.namespaces import arrays
from autograd_lite.variables import label
from grading.catalogue.places import as_written
from grading.scalars.equations import Equation
from grading.scalars.graph import ScalarGraph
from grading.scalars.lift import Reslope, Revaluation, Row, row, slope, slope_at
from grading.scalars.net import MOST_PATHS, Edits, Net
from grading.scalars.steps import Step, Way


class Question:
    """A derivative by x, or the value of y where there is no x, with everything that mistakes are made of.

    Every row holds the K points asked about, and some beside them.
    """

    def __init__(
        self,
        y: Node,
        x: Node | None,
        variables: Iterable[Node],
        hold: Iterable[Node] | None,
        values: Mapping[str, Any] | None,
    ) -> None:
        self.found: dict[Any, Any] = {}  # what several entries of the catalogue need
        self.y, self.x, self.of_value = y, y if x is None else x, x is None
        self.hold = None if hold is None else tuple(hold)
        named, held = {*variables, self.x, y}, set(self.hold or ()) - {self.x}
        self.graph = ScalarGraph(y, self.x, named, held, values)

    # --- the answer ------------------------------------------------------------------------------

    @property
    def k(self) -> int:
        """At how many points."""
        return self.graph.k

    @cached_property
    def right(self) -> Row:
        """The right answer."""
        return self.graph.values[self.y] if self.of_value else self.total(self.x)

    # --- sweeps ----------------------------------------------------------------------------------

    @cached_property
    def _adjoints(self) -> list[Row]:
        with np.errstate(all="ignore"):
            return self.graph.fine.adjoints(self.graph.number[self.y])

    @cached_property
    def _tangents(self) -> list[Row]:
        with np.errstate(all="ignore"):
            return self.graph.fine.tangents({self.graph.number[self.x]: np.ones(self.k)})

    def total(self, v: Node) -> Row:
        """dy/dv, with what is held in the question held."""
        return self._adjoints[self.graph.number[v]]

    def moves(self, v: Node) -> Row:
        """dv/dx, with what is held in the question held."""
        return self._tangents[self.graph.number[v]]

    def value(self, v: Any) -> Row:
        """What v is."""
        values = self.graph.values
        return values[v] if isinstance(v, Node) else np.broadcast_to(float(v), (self.k,))

    @cached_property
    def zero(self) -> Row:
        """Nothing, at every point."""
        return np.zeros(self.k)

    @cached_property
    def on_the_way(self) -> list[Node]:
        """The nodes on some path from x to y, x and y among them, in order of evaluation."""
        fine, number = self.graph.fine, self.graph.number
        on = fine.reaching(number[self.y]) & fine.reached(number[self.x])
        return [node for n, node in enumerate(self.graph.order) if n in on]

    @cached_property
    def variables(self) -> list[Node]:
        """The variables on the way, x and y among them."""
        return [v for v in self.on_the_way if v in self.known]

    @cached_property
    def inner(self) -> list[Node]:
        """The variables strictly between x and y."""
        return [v for v in self.variables if v is not self.x and v is not self.y]

    @cached_property
    def unnamed(self) -> list[Node]:
        """The operations inside equations, on the way from x to y."""
        return [v for v in self.on_the_way if v not in self.known]

    def name(self, v: Node) -> str:
        """What a place is called in identifiers: "h_1", "sin in h_1"."""
        return self.graph.name[v]

    def spoken(self, v: Node, beside: Node | None = None) -> str:
        """What a place is called in a sentence: "h_1", "h_1^2 in ŷ", beside one in ŷ "h_1^2"; "the sum in ŷ"."""
        name, owner = self.graph.name[v], self.graph.owner.get(v)
        if v in self.known or v.is_leaf:
            return name
        if owner is None or not (text := self._written.get(v, "")):
            return f"the {name}"
        is_near = beside is not None and self.graph.owner.get(beside) is owner
        return text if is_near else f"{text} in {label(owner)}"

    @cached_property
    def _written(self) -> dict[Node, str]:
        """Parts of equations as they stand there."""
        return {
            v: as_written(v, self.known) for v in self.graph.operations if v in self.graph.owner
        }

    @cached_property
    def ends(self) -> dict[str, str]:
        """What x and y are called, for sentences."""
        return {"x": self.name(self.x), "y": self.name(self.y)}

    def local(self, node: Node, v: Node) -> Row:
        """∂node/∂v with every other variable held."""
        return self.graph.local[self.graph.number[node]][self.place(v)]  # type: ignore[no-any-return]

    def place(self, v: Node) -> int:
        """The number of a variable among the variables."""
        return self.known[v]

    @cached_property
    def known(self) -> dict[Node, int]:
        """The variables, each with its number."""
        return {v: j for j, v in enumerate(self.graph.variables)}

    def sources(self, node: Node) -> Nodes:
        """The variables on the way that a node is computed from with no other one between."""
        found = (self.graph.variables[a] for a in self.graph.sources[node])
        return Nodes(v for v in found if v in self.on)

    @cached_property
    def on(self) -> frozenset[Node]:
        """The nodes on the way, to be asked."""
        return frozenset(self.on_the_way)

    # --- steps and ways --------------------------------------------------------------------------

    @cached_property
    def steps(self) -> list[Step]:
        """The factors of the chain rule, one an operand of an operation on the way."""
        return [
            self._step(e, node, i, w)
            for e, (node, i, w) in enumerate(self.graph.kept)
            if node in self.on and node.operands[i] in self.on
        ]

    def _step(self, e: int, node: Node, i: int, w: Row) -> Step:
        x: Node = node.operands[i]
        carries = self.total(node) * self.moves(x)
        return Step(e, x, node, i, w, carries, (self.name(x), self.name(node)))

    @cached_property
    def links(self) -> list[Step]:
        """The factors between variables, partial derivatives, on the way."""
        return [
            step for step in self.all_links if step.source in self.on and step.target in self.on
        ]

    @cached_property
    def all_links(self) -> list[Step]:
        """The partial derivatives between variables, also off the way."""
        net, variables = self.graph.named, self.graph.variables
        return [self._link(e, variables[a], variables[b]) for e, (a, b) in enumerate(net.edges)]

    def _link(self, e: int, a: Node, b: Node) -> Step:
        carries = self.total(b) * self.moves(a)
        names = (self.name(a), self.name(b))
        return Step(e, a, b, -1, self.graph.named.weights[e], carries, names)

    @cached_property
    def ways(self) -> list[Way]:
        """The paths from x to y between variables, MOST_PATHS of them at most."""
        if not self.on_the_way:
            return []
        net = self.graph.named
        routes = net.paths(self.place(self.x), self.place(self.y), MOST_PATHS)
        return [self._way([self.all_links[e] for e in route], net) for route in routes if route]

    def _way(self, steps: Sequence[Step], net: Net) -> Way:
        nodes = (steps[0].source, *(s.target for s in steps))
        product = net.along(s.edge for s in steps)
        return Way(tuple(steps), product, tuple(map(self.name, nodes)), nodes)

    @cached_property
    def fine_ways(self) -> list[Way]:
        """The paths from operation to operation, MOST_PATHS of them at most."""
        if not self.on_the_way:
            return []
        net, number = self.graph.fine, self.graph.number
        routes = net.paths(number[self.x], number[self.y])
        steps = {s.edge: s for s in self.steps}
        return [self._way([steps[e] for e in route], net) for route in routes if route]

    @cached_property
    def number_of_fine_ways(self) -> int:
        """How many paths from operation to operation lead from x to y."""
        if not self.on_the_way:
            return 0
        return self.graph.fine.ways(self.graph.number[self.x], self.graph.number[self.y])

    @cached_property
    def number_of_ways(self) -> int:
        """How many paths between variables lead from x to y."""
        if not self.on_the_way:
            return 0
        return self.graph.named.ways(self.place(self.x), self.place(self.y))

    # --- edits -----------------------------------------------------------------------------------

    def edited(self, edits: Sequence[Edits]) -> list[Row]:
        """The derivative with other factors at some operations, for each of the edits."""
        number = self.graph.number
        return self.graph.fine.edited(number[self.y], number[self.x], edits) if edits else []

    def relinked(self, edits: Sequence[Edits]) -> list[Row]:
        """The derivative with other factors between some variables, for each of the edits."""
        ends = self.place(self.y), self.place(self.x)
        return self.graph.named.edited(*ends, edits) if edits else []

    def slope_at(self, step: Step, x: Row) -> Row | None:
        """The factor of a step between operations, taken where its operand is x."""
        return slope_at(step.target, step.operand, x, self.operands(step.target))

    def operands(self, node: Node) -> list[Row]:
        """What the operands of a node are."""
        return self.graph.operands(node)

    @cached_property
    def malrules(self) -> dict[str, dict[Node, list[tuple[Step, Row]]]]:
        """What the records name on the way: by identifier and node steps, each with the factor taken."""
        found: dict[str, dict[Node, list[tuple[Step, Row]]]] = {}
        for step in self.steps:
            node, xs = step.target, self.operands(step.target)
            for m in node.rule.malrules:
                if m.operand == step.operand and m.partial is not None:
                    f = row(m.partial(arrays, self.value(node), *xs), self.k)
                    found.setdefault(m.identifier, {}).setdefault(node, []).append((step, f))
        return found

    def slope_of(self, node: Node, i: int) -> Row:
        """∂node/∂operand i, also where the operand is a constant; 0 where there is none."""
        xs = self.operands(node)
        found = slope(node, i, self.value(node), xs)
        return self.zero if found is None else found

    def applied(self, node: Node, xs: Sequence[Row]) -> Row:
        """What a node would be of other operands."""
        return row(node.rule.value(arrays, *xs), self.k)

    def within(self, b: Node) -> list[Any]:
        """∂b/∂node for every operation inside the equation of the variable b."""
        if b not in self._within:
            self._within[b] = self.graph.within(b)
        return self._within[b]

    @cached_property
    def _within(self) -> dict[Node, list[Any]]:
        return {}

    def revalued(self, instead: Revaluation, slopes: Reslope | None = None) -> tuple[Row, Row]:
        """y, and dy/dx, after a slip in the forward pass.

        slopes  (node, i, its operands) -> what is taken for the local derivative, or None
        """
        return self.graph.again(self.y, self.x, instead, slopes)

    def held(self, hold: Iterable[Node]) -> Row:
        """dy/dx with other variables held."""
        return self.graph.derivative(self.y, self.x, set(hold) - {self.x, self.y})

    def equation(self, v: Node) -> Equation:
        """The equation of a variable, which can be evaluated elsewhere."""
        if v not in self._equations:
            self._equations[v] = Equation(v, self.graph)
        return self._equations[v]

    @cached_property
    def _equations(self) -> dict[Node, Equation]:
        return {}
