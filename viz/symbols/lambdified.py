"""In from sympy: an expression as a function that computes on the graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd_lite.errors import OperandError, ShapeError


def lambdify(
    symbols: Any, expression: Any, functions: Mapping[str, Callable[..., Any]] | None = None
) -> Callable[..., Any]:
    """A sympy expression as a function of Values, Tensors, arrays and numbers alike.

    What `sympy.lambdify` is for NumPy, with operations that record. A part that stands in the expression
    twice is one node, and no text is evaluated on the way.

    symbols     a Symbol, MatrixSymbol or IndexedBase, or several: the arguments, in order
    expression  an expression, a condition, a matrix, or a list or tuple of them
    functions   what undefined functions mean, by name: {"f": f} for sympy.Function("f")

    Elementary functions, Abs, sign, Max, Min, Mod, floor, erf, Heaviside, Piecewise with its conditions, sums
    and products between whole numbers, matrices and their products, inverses, determinants and traces have
    operations; so have the functions that `expression` writes. All is real: a root of a negative number is
    nan.

    >>> import sympy
    >>> from autograd_lite import Value, grad
    >>> x, w = sympy.symbols("x w")
    >>> f = lambdify([x, w], sympy.erf(w * x) + sympy.Max(x, 0))
    >>> y = f(a := Value(0.5), Value(2.0))
    >>> y.backward()
    >>> print(f"{y:.4f} {a.grad:.4f}")
    1.3427 1.8302
    >>> grad(lambdify(x, sympy.Piecewise((x**2, x < 1), (2 * x - 1, True))))(3.0)
    2.0

    A Matrix of Tensors is a Tensor, its rows in front; of Values, NumPy's array of objects, a list of nodes.

    Raises EquationError for what has no operation here, and for a symbol that is not among the arguments;
    OperandError for text, and for other than so many arguments; ShapeError for a matrix of another shape.
    """
    from viz.symbols.steps import arguments_of, results_of, steps_of  # sympy loads here

    given = arguments_of(symbols)
    results = results_of(expression)
    steps = steps_of(results.expressions, given, dict(functions or {}))
    names = ", ".join(map(str, given))

    def function(*values: Any) -> Any:
        if len(values) != len(given):
            raise OperandError(
                f"a function of {names} takes {len(given)} arguments, not {len(values)}"
            )
        for symbol, value in zip(given, values, strict=True):
            _check_shape(symbol, value)
        known = dict(zip(given, values, strict=True))
        for step in steps:
            known[step.result] = step.function(*(known[x] for x in step.operands))
        return results.put_together([known[x] for x in results.expressions])

    function.__name__ = "lambdified"
    function.__doc__ = f"({names}) ↦ {expression!s:.200}"
    return function


def _check_shape(symbol: Any, value: Any) -> None:
    shape = tuple(getattr(symbol, "shape", None) or ())
    if shape and all(n.is_Integer for n in shape) and np.shape(value) != shape:
        raise ShapeError(f"{symbol} has shape {shape}, and what is given for it {np.shape(value)}")
