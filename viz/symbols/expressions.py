"""Out to sympy: what a variable of a flow graph is computed by, as an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_lite.cut import Cut
from autograd_lite.flow import FlowGraph
from autograd_lite.node import Node
from autograd_lite.variables import Key
from viz.choose.arguments import flow_of

if TYPE_CHECKING:
    import sympy


def expression(graph: FlowGraph | Node | Cut, variable: Key | None = None) -> sympy.Expr:
    r"""The right side of a variable's equation as a sympy expression, unnamed nodes folded in.

    y = f(a, b, …) for the variables a, b, … just before y; an input is its own symbol. Where the inputs are
    the only variables, `FlowGraph(y, variables=[x])`, it is y as a function of x.

    graph     a FlowGraph or a Cut of one; or a node, whose variables are the nodes that have names
    variable  one of its variables, as a node or by its name; by default the output

    Symbols are real, `sympy.Symbol("h_1", real=True)`, and called as pictures call the variables; of one
    name, x_(1), x_(2). Constants are exact where a float is √2, π/4, 1/3 … to the last bit.

    >>> from autograd_lite import FlowGraph, equations, example
    >>> of = equations(example("three_step"))
    >>> flow = FlowGraph(of["yhat"])
    >>> expression(flow), expression(flow, "h_1")
    (sqrt(h_0**2 + h_1**2), sqrt(2)*(h_0**3 + sin(x))/2)
    >>> expression(FlowGraph(of["h_1"], variables=[of["x"]]))
    sqrt(2)*(sin(x) + cos(x)**3)/2

    An operation that sympy lacks, or one of your own, is a function with its record's derivative.

    >>> from autograd_lite import Value, sigmoid
    >>> y = expression(sigmoid(Value(0.5, "x")))
    >>> (x,) = y.free_symbols
    >>> y, y.diff(x)
    (sigmoid(x), (1 - sigmoid(x))*sigmoid(x))

    Raises GraphError when the equation has more than 200 operations, or one on whole arrays.
    """
    from viz.formulas import symbols  # sympy loads when an expression is asked for

    flow = flow_of(graph)
    return symbols.expression(flow, flow.output if variable is None else variable)
