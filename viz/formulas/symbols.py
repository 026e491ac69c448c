r"""A flow graph in symbols: each variable's equation, each edge's partial derivative as a formula.

The engine's numbers stay the truth: a formula that does not give the engine's number at the
recorded point is not shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import sympy

from autograd_lite.errors import GraphError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.formulas import algebra
from viz.formulas.latex import LATEX
from viz.formulas.mathtext import parses
from viz.formulas.naming import has_symbol
from viz.formulas.notation import Formula, Notation, TooLongError
from viz.formulas.sympy_printer import printed
from viz.formulas.system import UNWRITABLE, WriteName, number, system_of, with_names

_LONGEST_EXPLICIT: Final = 20
_AGREEMENT: Final = 1e-9


def expression(flow: FlowGraph, variable: Key) -> sympy.Expr:
    r"""The right side of a variable's equation as a sympy expression; an input is its own symbol.

    Symbols are real and called as `autograd_lite.names.pretty` shows the names; of one name, x_(1), x_(2).

    >>> from autograd_lite import equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> expression(flow, "h_1")
    sqrt(2)*(h_0**3 + sin(x))/2

    Raises GraphError when the equation has more than 200 operations, or one on whole arrays.
    """
    try:
        return system_of(flow).expression(flow.variable(variable))
    except TooLongError as error:
        what = flow.variable(variable).describe()
        raise GraphError(
            f"{what} has no expression in symbols: {error}; name nodes between"
        ) from None


def equation(
    flow: FlowGraph, variable: Key, notation: Notation = LATEX, write_name: WriteName | None = None
) -> str | None:
    r"""A variable's equation as it was computed, unnamed nodes folded in.

    The name alone for an input, or if the equation is too long; None if the name cannot be typeset.

    >>> from autograd_lite import equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> print(equation(flow, "h_1"))
    h_{1} = \frac{h_{0}^{3} + \sin x}{\sqrt{2}}
    """
    known, node = system_of(flow), flow.variable(variable)
    if write_name is None and notation.is_latex and not has_symbol(node):
        return None
    write_name = write_name or with_names(known.names)
    name = write_name(node, notation)
    if not node.operands:
        return name.source
    try:
        right = known.written(node, notation.beside(known.taken), write_name)[node]
    except TooLongError:
        return name.source
    written = f"{name.source} = {right.source}"
    return written if _sets(written, notation) else name.source


def partial(flow: FlowGraph, edge: Edge, notation: Notation = LATEX) -> str | None:
    r"""∂target/∂source as the shortest formula found, with the target's own name in it if need be.

    None when there is none that is short and gives the engine's number.

    >>> from autograd_lite import equations, example
    >>> flow = FlowGraph(equations(example("three_step"))["yhat"])
    >>> for edge in flow.edges:
    ...     print(partial(flow, edge))
    -\sin x
    \frac{\cos x}{\sqrt{2}}
    \frac{3 h_{0}^{2}}{\sqrt{2}}
    \frac{h_{0}}{\hat{y}}
    \frac{h_{1}}{\hat{y}}
    """
    found = partial_expression(flow, edge)
    if found is None:
        return None
    return as_source(flow, found, notation, near=(edge.target,), by=edge.source)


def as_source(
    flow: FlowGraph,
    expression: sympy.Expr,
    notation: Notation,
    write_name: WriteName | None = None,
    near: Iterable[Node] = (),
    by: Node | None = None,
) -> str | None:
    """An expression in the flow graph's symbols as it is written; None if that is too long.

    near  variables whose equations it is derived from: it is written as they are
    by    of a derivative of the first of them, by what
    """
    written = as_formula(flow, expression, notation, write_name, near, by)
    return written.source if written and _sets(written.source, notation) else None


def as_formula(
    flow: FlowGraph,
    expression: sympy.Expr,
    notation: Notation,
    write_name: WriteName | None = None,
    near: Iterable[Node] = (),
    by: Node | None = None,
) -> Formula | None:
    """The same as a piece of writing that can be put into another."""
    known = system_of(flow)
    write, to = write_name or with_names(known.names), notation.beside(known.taken)
    try:
        habits = known.habits(near, to, write, by)
        return printed(expression, to, lambda s: write(known.nodes[s], to), habits)
    except TooLongError:
        return None


def partial_expression(flow: FlowGraph, edge: Edge) -> sympy.Expr | None:
    """∂target/∂source as a sympy expression that gives the engine's number, else None."""
    return _slope(flow, edge, algebra.shortest)


def constants(flow: FlowGraph, variable: Node) -> list[Node]:
    """The named constant numbers in a variable's equation, which no derivative moves."""
    known = system_of(flow)
    try:
        folded = known.folded(variable)
    except TooLongError:
        return []
    found = dict.fromkeys(x for node in folded for x in node.parents if known.is_named(x))
    return [x for x in found if x not in known.variables and np.size(x.value) == 1]


def explicit_partial(flow: FlowGraph, edge: Edge) -> sympy.Expr | None:
    """The same as a lecturer writes it: h/√(1 + h²) rather than h/ŷ, but 1 - h² for h = tanh a."""
    return _slope(flow, edge, _explicit)


def _explicit(slope: sympy.Expr, whole: sympy.Expr, name: sympy.Symbol) -> sympy.Expr:
    short = algebra.shortest(slope)
    if whole.has(sympy.Function) or algebra.size(short) > _LONGEST_EXPLICIT:
        return algebra.shortest(slope, whole, name)
    return short


def _slope(flow: FlowGraph, edge: Edge, form: Callable[..., sympy.Expr]) -> sympy.Expr | None:
    known = system_of(flow)
    try:
        whole = known.expression(edge.target)
        slope = algebra.derivative(whole, known.symbol(edge.source))
        found = form(slope, whole, known.symbol(edge.target))
        return found if gives(flow, found, number(edge.partial)) else None
    except UNWRITABLE:
        return None


def gives(flow: FlowGraph, expression: sympy.Expr, number: float) -> bool:
    """Whether the expression has this number at the recorded values."""
    mine = algebra.value(expression, system_of(flow).point(expression))
    return math.isclose(mine, number, rel_tol=_AGREEMENT, abs_tol=_AGREEMENT)


def nodes(flow: FlowGraph, expression: sympy.Expr) -> dict[sympy.Symbol, Node]:
    """The node behind each symbol of an expression."""
    known = system_of(flow)
    return {s: known.nodes[s] for s in expression.free_symbols}


def _sets(source: str, notation: Notation) -> bool:
    return not notation.is_latex or parses(source)
