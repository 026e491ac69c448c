"""A flow graph as a table of text: values, total and partial derivatives, the sum at each cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from autograd_lite.cut import Cut
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.arguments import CutLike, cuts_of, flow_of, wrt_of
from viz.content import derivatives
from viz.content.domain import nan_notes
from viz.content.sums import CutSum, cut_sums, text_numbers
from viz.content.wording import plural
from viz.formulas.escaping import one_line
from viz.formulas.labels import differential, ratio
from viz.formulas.naming import names_of, renamed
from viz.formulas.numbers import as_text, shown_value
from viz.formulas.places import inputs_by_index
from viz.formulas.terminal import aligned
from viz.formulas.text import TEXT
from viz.look import limits

_LONGEST: Final = 60  # characters of a formula

Row: TypeAlias = tuple[str, ...]


def table(
    graph: FlowGraph | Node | Cut,
    *,
    cut: CutLike | None = None,
    wrt: Sequence[Key] | Key | None = None,
) -> str:
    """Each variable with value and total derivative, each edge with its partial, each cut's sum.

    graph  a FlowGraph, or the Value or Tensor at its end, or a Cut of it
    cut    the members of a cut, or a Cut, or several nested ones; by default the cut in front of
           each variable, from the output back
    wrt    the variables x of the sums dy/dx; by default the inputs

    Numbers have six significant digits.

    >>> from autograd_lite import equations, example
    >>> print(table(equations(example("one_step"))["yhat"], cut=["h"]), end="")
    flow graph of ŷ: 3 variables, 2 edges
    <BLANKLINE>
      variable  value     total derivative  equation
      x         1         dŷ/dx = -0.399997
      h         0.540302  dŷ/dh = 0.475355  h = cos x
      ŷ         1.13663   dŷ/dŷ = 1         ŷ = √(1 + h²)
    <BLANKLINE>
      edge   partial derivative
      x → h  ∂h/∂x = -sin x  = -0.841471
      h → ŷ  ∂ŷ/∂h = h/ŷ     = 0.475355
    <BLANKLINE>
      cut at h
        dŷ/dx = dŷ/dh·∂h/∂x = 0.475355·(-0.841471) = -0.399997
    """
    flow = flow_of(graph)
    asked = cuts_of(flow, graph if cut is None and isinstance(graph, Cut) else cut)
    cuts = asked or tuple(flow.cuts()[: limits.CUTS])
    xs = wrt_of(flow, wrt, asked[:1]) or inputs_by_index(names_of(flow), flow.inputs)[: limits.SUMS]
    more = 0 if asked else len(flow.cuts()) - len(cuts)
    made = _Table(flow)
    return made.text(cuts, xs, [f"{more} more cuts; choose one to see its sum"] if more else [])


class _Table:
    """The parts of one flow graph's table."""

    def __init__(self, flow: FlowGraph) -> None:
        from viz.content import constants  # sympy loads when a table is asked for
        from viz.formulas import symbols

        self.flow, self.symbols, self.constants = flow, symbols, constants.notes(flow)
        self.name = names_of(flow).text  # as in the equations
        self.output = self.name(flow.output)

    def text(self, cuts: Iterable[Cut], xs: Sequence[Node], more: list[str]) -> str:
        """All of it: a title, then parts with an empty line between."""
        flow = self.flow
        counts = f"{plural(len(flow.variables), 'variable')}, {plural(len(flow.edges), 'edge')}"
        heads = (
            ("variable", "value", "total derivative", "equation"),
            ("edge", "partial derivative"),
        )
        parts = [
            aligned(
                [heads[0], *map(self._variable, inputs_by_index(names_of(flow), flow.variables))]
            ),
            aligned([heads[1], *map(self._edge, flow.edges)]),
            *(self._cut(cut, xs) for cut in cuts),
            self._gradients(xs),
            [*self.constants, *self._renamed(), *nan_notes(flow, self.name)],
            more,
        ]
        shown = ["\n".join(f"  {line}" for line in part) for part in parts if part]
        return "\n\n".join([f"flow graph of {self.output}: {counts}", *shown]) + "\n"

    def _variable(self, v: Node) -> Row:
        found = self.symbols.equation(self.flow, v, TEXT) or ""
        equation = found if "=" in found and len(found) <= _LONGEST else ""
        return self.name(v), as_text(shown_value(v)), self._total(v), equation

    def _total(self, v: Node) -> str:
        if not v.requires_grad:
            return ""
        number = _number(derivatives.total(self.flow, v), self.flow.output, v)
        return f"{ratio(self.output, self.name(v))} = {number}"

    def _edge(self, edge: Edge) -> Row:
        number = _number(derivatives.partial(edge), edge.target, edge.source)
        formula = self.symbols.partial(self.flow, edge, TEXT) or ""
        target, source = self.name(edge.target), self.name(edge.source)
        arrow, left = f"{source} → {target}", ratio(target, source, "∂")
        if not formula or formula == number or len(formula) > _LONGEST:
            return arrow, f"{left} = {number}"
        return arrow, f"{left} = {formula}", f"= {number}"

    def _cut(self, cut: Cut, xs: Iterable[Node]) -> list[str]:
        sums = cut_sums(cut, xs)
        members = ", ".join(map(self.name, cut.members))
        if not sums:
            return [f"cut at {members}", "  no variable of the sum lies before it"]
        held = " (each ∂ holds the other members)" if len(cut.members) > 1 else ""
        return [f"cut at {members}{held}", *(f"  {self._sum(found)}" for found in sums)]

    def _sum(self, found: CutSum) -> str:
        """dy/dx as the sum in symbols, then in numbers."""
        y, x, name = self.output, self.name(found.x), self.name
        symbols = found.symbols(lambda h: f"{ratio(y, name(h))}·{ratio(name(h), x, '∂')}", "…")
        numbers = [text_numbers(found), _number(found.value, self.flow.output, found.x)]
        return " = ".join(filter(None, [ratio(y, x), " + ".join(symbols), *numbers]))

    def _gradients(self, xs: Sequence[Node]) -> list[str]:
        """Of several variables: the gradient, and the gradient in which each holds the others."""
        if len(xs) < 2 or any(np.size(v.value) != 1 for v in [self.flow.output, *xs]):
            return []
        names = f"[{', '.join(map(self.name, xs))}]"
        total, held = (_vector(self.flow.gradient(xs, hold=hold)) for hold in (False, True))
        return [
            f"{differential(self.output)}/d{names} = {total}",
            f"{differential(self.output, '∂')}/∂{names} = {held}, each with the others held",
        ]

    def _renamed(self) -> list[str]:
        """Which variables those are whose names no formula can have."""
        found = renamed(self.flow.variables)
        return [f"the variable called {self.name(v)} is {one_line(v.name or '')}" for v in found]


def _number(derivative: Any | None, y: Node, x: Node) -> str:
    """A derivative's number; its shape where it is too large to look at."""
    if derivative is None:
        return "×".join(map(str, np.shape(y.value) + np.shape(x.value)))
    return as_text(derivative)


def _vector(gradient: Iterable[Any]) -> str:
    return f"[{', '.join(map(as_text, gradient))}]"
