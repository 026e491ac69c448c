"""One question on a graph of Values, at K points at once: what the catalogue's entries are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import arrays
from grading.catalogue.mistake import Found, Generator
from grading.catalogue.places import Later
from grading.scalars.equations import Equation
from grading.scalars.lift import Reslope, Revaluation, Row, row, slope, slope_at
from grading.scalars.net import MOST_PATHS, Edits, Sweep
from grading.scalars.quantities import Quantities
from grading.scalars.steps import Step, Way, grouped, ways_of


class Question(Quantities):
    """The steps and paths of a question, and what other factors there would give."""

    def found_by(self, generate: Generator) -> list[Found]:
        """What an entry of the catalogue finds; some rows share what they find."""
        return self.once(generate, lambda: [*generate(self)])  # type: ignore[no-any-return]

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
        return Step(
            e, x, node, i, w, carries, (self.name(x), self.name(node)), self._words(x, node)
        )

    def _words(self, source: Node, target: Node) -> dict[str, Any]:
        at = Later(lambda: self.spoken(target))
        beside = Later(lambda: self.spoken(source, target))
        return {**self.ends, "source": beside, "target": at, "at": at}

    @cached_property
    def steps_into(self) -> dict[Node, list[Step]]:
        """The steps by what they lead to."""
        return grouped(self.steps, lambda step: step.target)

    @cached_property
    def steps_in(self) -> dict[Node, list[Step]]:
        """The steps by the variable in whose equation they are."""
        return grouped(self.steps, lambda step: self.graph.owner[step.target])

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
        return Step(e, a, b, -1, self.graph.named.weights[e], carries, names, self._words(a, b))

    @cached_property
    def ways(self) -> list[Way]:
        """The paths from x to y between variables, MOST_PATHS of them at most."""
        if not self.on_the_way:
            return []
        net = self.graph.named
        routes = net.paths(self.place(self.x), self.place(self.y), MOST_PATHS)
        return ways_of(net, routes, {s.edge: s for s in self.links})

    @cached_property
    def fine_ways(self) -> list[Way]:
        """The paths from operation to operation, MOST_PATHS of them at most."""
        if not self.on_the_way:
            return []
        net, number = self.graph.fine, self.graph.number
        routes = net.paths(number[self.x], number[self.y])
        return ways_of(net, routes, {s.edge: s for s in self.steps})

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
        """The derivative with other factors at some operations, for each edit: `sweep` fills it in."""
        return self._fine_sweep.of(edits)

    def relinked(self, edits: Sequence[Edits]) -> list[Row]:
        """The derivative with other factors between some variables, for each: `sweep` fills it in."""
        return self._named_sweep.of(edits)

    def sweep(self) -> None:
        """Sweep once for all that `edited` and `relinked` were asked for."""
        self._fine_sweep.run()
        self._named_sweep.run()

    @cached_property
    def _fine_sweep(self) -> Sweep:
        number = self.graph.number
        return Sweep(self.graph.fine, number[self.y], number[self.x])

    @cached_property
    def _named_sweep(self) -> Sweep:
        return Sweep(self.graph.named, self.place(self.y), self.place(self.x))

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

    def revalued(self, instead: Revaluation) -> Row:
        """The value of y after a slip in the forward pass."""
        return self.graph.revalued(instead)[self.y]

    def again(self, instead: Revaluation, slopes: Sequence[Reslope]) -> list[Row]:
        """dy/dx after a slip in the forward pass, for each way of taking the local derivatives there.

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
