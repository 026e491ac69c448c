"""The named constants in a picture's equations: no bubble has their numbers, so a line says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from viz.content.content import Pieces
from viz.formulas import numbers, symbols
from viz.formulas.naming import Names, names_of
from viz.formulas.places import inputs_by_index
from viz.look import limits


def constants_of(flow: FlowGraph) -> list[Node]:
    """The named constant numbers in a flow graph's equations, in order."""
    if len(flow.variables) > limits.VARIABLES_ON_A_PAGE:
        return []  # so many have no equations
    found = {x for v in flow.variables for x in symbols.constants(flow, v)}
    return inputs_by_index(names_of(flow), sorted(found, key=lambda x: x.number))


def caption(constants: Iterable[Node], names: Names, digits: int) -> Iterator[Pieces]:
    """One line with all of them: t = 1, x_1 = 0.5 (constant)."""

    def said(x: Node) -> str:
        return f"{names.latex(x)}={numbers.as_latex(x.value, digits)}"

    shown = limits.shortened(list(constants), said, r"\ldots")
    if shown:
        yield (*(f"{piece}," for piece in shown[:-1]), shown[-1], r"\quad(\mathrm{constant})")


def notes(flow: FlowGraph) -> list[str]:
    """The same as a sentence.

    >>> from autograd_lite import Value
    >>> x, t = Value(2.0, name="x"), Value(0.5, name="t", requires_grad=False)
    >>> notes(FlowGraph((x * t).named("y")))
    ['constant: t = 0.5']
    """
    name = names_of(flow).text

    def said(x: Node) -> str:
        return f"{name(x)} = {numbers.as_text(x.value)}"

    shown = limits.shortened(constants_of(flow), said, "…")
    return [f"constant: {', '.join(shown)}"] if shown else []
