r"""A flow graph in symbols: each variable's equation, each edge's partial derivative as a formula.

The engine's numbers stay the truth: a formula that does not give the engine's number at the
recorded point is not shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import sympy

from autograd_lite.errors import GraphError
from autograd_lite.flow import Edge, FlowGraph
from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from autograd_lite.variables import Key
from viz.formulas import algebra, arrays
from viz.formulas.latex import LATEX
from viz.formulas.mathtext import parses
from viz.formulas.naming import Names, has_symbol, names_of
from viz.formulas.notation import Formula, Notation, TooLongError
from viz.formulas.sympy_printer import printed

WriteName: TypeAlias = Callable[[Node, Notation], Formula]
"""How a variable is written."""

_MOST_OPERATIONS: Final = 200
_LONGEST_EXPLICIT: Final = 20
_AGREEMENT: Final = 1e-9


class _Symbols:
    """What was worked out for one flow graph: its names as symbols, its variables as expressions.

    It holds nodes and no flow graph, so it is forgotten together with the graph.
    """

    def __init__(self, flow: FlowGraph) -> None:
        self.variables = frozenset(flow.variables)
        self.names = names_of(flow)
        self.of: dict[Node, sympy.Symbol] = {}
        self.nodes: dict[sympy.Symbol, Node] = {}
        self.expressions: dict[Node, sympy.Expr] = {}
        for node in flow.variables:
            self.symbol(node)

    def symbol(self, node: Node) -> sympy.Symbol:
        """What the node is called as a symbol; another node of the same name gets its number too."""
        if node not in self.of:
            name = self.names.text(node)
            made = sympy.Symbol(name, real=True)
            if made in self.nodes:
                made = sympy.Symbol(f"{name}#{node.number}", real=True)
            self.of[node], self.nodes[made] = made, node
        return self.of[node]

    def is_named(self, node: Node) -> bool:
        """Whether it stands in formulas by its name: a variable, or a leaf with a name."""
        return node in self.variables or (node.is_leaf and node.name is not None)

    def folded(self, variable: Node) -> list[Node]:
        """The operations between the variable and those it is made from, in order."""
        found = {variable: None}
        walk = [variable]
        for node in walk:
            for x in node.parents:
                if x.operands and x not in found and not self.is_named(x):
                    found[x] = None
                    walk.append(x)
            if len(found) > _MOST_OPERATIONS:
                raise TooLongError(f"more than {_MOST_OPERATIONS} operations")
        return sorted((node for node in found if node.operands), key=lambda node: node.number)

    def point(self, expression: sympy.Expr) -> dict[sympy.Symbol, float]:
        """The recorded values of the expression's symbols."""
        return {s: _number(self.nodes[s]) for s in expression.free_symbols if s in self.nodes}


_KNOWN: Final[WeakKeyDictionary[FlowGraph, _Symbols]] = WeakKeyDictionary()


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
        return _expression(_symbols(flow), flow.variable(variable))
    except TooLongError as error:
        what = flow.variable(variable).describe()
        raise GraphError(
            f"{what} has no expression in symbols: {error}; name nodes between"
        ) from None


def with_names(names: Names) -> WriteName:
    """Variables by the names that tell them apart."""
    return lambda node, notation: notation.name(names.latex(node), names.text(node))


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
    known, node = _symbols(flow), flow.variable(variable)
    if write_name is None and notation.is_latex and not has_symbol(node):
        return None
    write_name = write_name or with_names(known.names)
    name = write_name(node, notation)
    try:
        written = f"{name.source} = {_equation(known, node, notation, write_name).source}"
    except TooLongError:
        return name.source
    return written if node.operands and _sets(written, notation) else name.source


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
    return as_source(flow, found, notation)


def as_source(
    flow: FlowGraph, expression: sympy.Expr, notation: Notation, write_name: WriteName | None = None
) -> str | None:
    """An expression in the flow graph's symbols as it is written; None if that is too long."""
    written = as_formula(flow, expression, notation, write_name)
    return written.source if written and _sets(written.source, notation) else None


def as_formula(
    flow: FlowGraph, expression: sympy.Expr, notation: Notation, write_name: WriteName | None = None
) -> Formula | None:
    """The same as a piece of writing that can be put into another."""
    known = _symbols(flow)
    write = write_name or with_names(known.names)
    try:
        return printed(expression, notation, lambda s: write(known.nodes[s], notation))
    except TooLongError:
        return None


def partial_expression(flow: FlowGraph, edge: Edge) -> sympy.Expr | None:
    """∂target/∂source as a sympy expression that gives the engine's number, else None."""
    return _slope(flow, edge, algebra.shortest)


def explicit_partial(flow: FlowGraph, edge: Edge) -> sympy.Expr | None:
    """The same as a lecturer writes it: h/√(1 + h²) rather than h/ŷ, but 1 - h² for h = tanh a."""
    return _slope(flow, edge, _explicit)


def _explicit(slope: sympy.Expr, whole: sympy.Expr, name: sympy.Symbol) -> sympy.Expr:
    short = algebra.shortest(slope)
    if whole.has(sympy.Function) or algebra.size(short) > _LONGEST_EXPLICIT:
        return algebra.shortest(slope, whole, name)
    return short


def _slope(flow: FlowGraph, edge: Edge, form: Callable[..., sympy.Expr]) -> sympy.Expr | None:
    known = _symbols(flow)
    try:
        whole = _expression(known, edge.target)
        slope = algebra.derivative(whole, known.symbol(edge.source))
        found = form(slope, whole, known.symbol(edge.target))
        return found if gives(flow, found, _number(edge.partial)) else None
    except (TooLongError, ArithmeticError, AttributeError, TypeError, ValueError, RecursionError):
        return None  # AttributeError is what sympy makes of a rule that looks at its numbers


def gives(flow: FlowGraph, expression: sympy.Expr, number: float) -> bool:
    """Whether the expression has this number at the recorded values."""
    mine = algebra.value(expression, _symbols(flow).point(expression))
    return math.isclose(mine, number, rel_tol=_AGREEMENT, abs_tol=_AGREEMENT)


def nodes(flow: FlowGraph, expression: sympy.Expr) -> dict[sympy.Symbol, Node]:
    """The node behind each symbol of an expression."""
    known = _symbols(flow)
    return {s: known.nodes[s] for s in expression.free_symbols}


def _symbols(flow: FlowGraph) -> _Symbols:
    if flow not in _KNOWN:
        _KNOWN[flow] = _Symbols(flow)
    return _KNOWN[flow]


def _expression(known: _Symbols, variable: Node) -> sympy.Expr:
    if variable not in known.expressions:
        if not variable.operands:
            return known.symbol(variable)
        found: dict[Node, Any] = {}
        for node in known.folded(variable):
            found[node] = algebra.apply(_scalar_rule(node), _operands(known, node, found))
            _check_size(found[node])
        known.expressions[variable] = found[variable]
    return known.expressions[variable]


def _operands(known: _Symbols, node: Node, found: dict[Node, Any]) -> Iterator[Any]:
    for x in node.operands:
        if isinstance(x, Node) and known.is_named(x):
            yield known.symbol(x)
        else:
            yield found[x] if x in found else algebra.number(_number(x))


def _equation(
    known: _Symbols, variable: Node, notation: Notation, write_name: WriteName
) -> Formula:
    found: dict[Node, Formula] = {}
    for node in known.folded(variable):
        operands = [_operand(known, x, found, notation, write_name) for x in node.operands]
        found[node] = arrays.operation(node, operands, notation)
    return found.get(variable) or write_name(variable, notation)


def _operand(
    known: _Symbols, x: Any, found: dict[Node, Formula], notation: Notation, write_name: WriteName
) -> Formula:
    if isinstance(x, Node) and known.is_named(x):
        return write_name(x, notation)
    if isinstance(x, Node) and x in found:
        return found[x]
    return printed(algebra.number(_number(x)), notation, lambda s: Formula(str(s)))


def _scalar_rule(node: Node) -> Any:
    if not node.rule.is_elementwise or getattr(node.value, "size", 1) != 1:
        raise TooLongError(f"{node.rule.name} works on whole arrays")
    return node.rule.fixed(**node.static)


def _number(x: Any) -> float:
    data = plain(x)
    if getattr(data, "size", 1) != 1 or not np.isfinite(data).all():
        raise TooLongError("an array, or a number that is not finite")
    return float(data) if isinstance(data, float) else float(np.asarray(data).item())


def _check_size(expression: sympy.Expr) -> None:
    for count, _ in enumerate(sympy.preorder_traversal(expression)):
        if count > 5 * _MOST_OPERATIONS:
            raise TooLongError(f"more than {_MOST_OPERATIONS} operations")


def _sets(source: str, notation: Notation) -> bool:
    return not notation.is_latex or parses(source)
