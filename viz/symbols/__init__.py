"""Formulas to and from sympy: a graph's equation as an expression, an expression as a function on the graph.

sympy loads when one of these is called.

>>> import sympy
>>> from autograd_lite import Value
>>> from viz import symbols
>>> x = sympy.Symbol("x", real=True)
>>> f = symbols.lambdify(x, sympy.sqrt(1 + sympy.cos(x) ** 2))
>>> symbols.expression(f(Value(0.5, "x")).named("y"))
sqrt(cos(x)**2 + 1)
"""

from viz.symbols.expressions import expression
from viz.symbols.lambdified import lambdify

__all__ = ["expression", "lambdify"]
