"""sympy's functions of numbers, and what computes them here."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any, Final

import sympy
from sympy.codegen import cfunctions, numpy_nodes

from autograd_lite import functions as al
from autograd_lite.rules import RULES


def _heaviside(x: Any, at_zero: Any = 0.5) -> Any:
    """0 below 0, 1 above, by the sign, so that its derivative is 0 on the graph."""
    sign = al.sign(x)
    return (1.0 + sign) / 2.0 + (1.0 - sign * sign) * (at_zero - 0.5)


def _acot(x: Any) -> Any:
    """π/2 - arctan x, and -π from it below 0, as sympy has it: smooth to both sides of 0."""
    return al.where(x >= 0.0, math.pi / 2, -math.pi / 2) - al.arctan(x)


def _inverted(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: al.divide(1.0, function(x))


def _of_inverse(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: function(al.divide(1.0, x))


_NAMED: Final[dict[str, Callable[..., Any]]] = {
    **{name: getattr(al, name) for name in
       "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh atan2 exp log erf sign floor".split()},
    "Abs": al.absolute, "ceiling": al.ceil, "frac": lambda x: x - al.floor(x), "Mod": al.remainder,
    "Max": lambda *xs: reduce(al.maximum, xs), "Min": lambda *xs: reduce(al.minimum, xs),
    "sec": _inverted(al.cos), "csc": _inverted(al.sin), "cot": _inverted(al.tan), "sech": _inverted(al.cosh),
    "csch": _inverted(al.sinh), "coth": _inverted(al.tanh), "acot": _acot,
    "asec": _of_inverse(al.arccos), "acsc": _of_inverse(al.arcsin), "asech": _of_inverse(al.arccosh),
    "acsch": _of_inverse(al.arcsinh), "acoth": _of_inverse(al.arctanh),
    "sinc": lambda x: al.sinc(x / math.pi), "erf2": lambda a, b: al.erf(b) - al.erf(a),
    "erfc": lambda x: 2.0 * RULES["ncdf"](x * -math.sqrt(2.0)), "Heaviside": _heaviside,
    "re": lambda x: x, "conjugate": lambda x: x, "UnevaluatedExpr": lambda x: x,
}  # fmt: skip

FUNCTIONS: Final[dict[type, Callable[..., Any]]] = {
    **{getattr(sympy, name): function for name, function in _NAMED.items()},
    **{getattr(cfunctions, name): getattr(al, name) for name in "expm1 log1p exp2 log2 log10 hypot".split()},
    cfunctions.Cbrt: al.cbrt, cfunctions.Sqrt: al.sqrt, cfunctions.fma: lambda a, b, c: a * b + c,
    numpy_nodes.logaddexp: al.logaddexp, numpy_nodes.logaddexp2: al.logaddexp2,
}  # fmt: skip
"""By class: a function of the same name that somebody made is another."""
