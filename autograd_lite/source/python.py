"""Python, in two flavours: PYTHON computes with floats as Values do, NUMPY with arrays as Tensors do."""

from __future__ import annotations

import builtins
import keyword
from typing import Final

import numpy as np

from autograd_lite.rules import RULES
from autograd_lite.source.dialect import Dialect, Writer
from autograd_lite.source.forms import OPERATORS, call, connective, infix, logic, negation
from autograd_lite.source.text import Precedence

PRELUDE: Final = """\
def maximum(a, b):
    return a if a >= b or a != a else b

def minimum(a, b):
    return a if a <= b or a != a else b

def sign(x):
    return float((x > 0) - (x < 0)) if x == x else x

def where(c, a, b):
    return a if c else b
"""
"""What PYTHON's text calls beside `math` and NumPy (as np): functions of floats that Python lacks."""

_IN_MATH: Final = (
    "exp log log1p expm1 sqrt sin cos tan tanh sinh cosh erf erfc log2 log10 hypot".split()
)
_RENAMED: Final = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "power": "pow"}
_LOGIC: Final = logic(
    connective("and", Precedence.AND),
    connective("or", Precedence.OR),
    negation("not ", Precedence.NOT),
)


def _answers_truth(function: np.ufunc) -> bool:
    return all(types.endswith("?") for types in function.types)


def _on_numbers(name: str) -> Writer | None:
    """What `math` lacks is NumPy's, as one Python number."""
    function = getattr(np, name, None)
    if not isinstance(function, np.ufunc):
        return None
    is_truth = _answers_truth(function)
    return call(f"{'bool' if is_truth else 'float'}(np.{name}({{0}}))", is_truth=is_truth)


def _on_arrays(name: str) -> Writer | None:
    function = getattr(np, name, None)
    if isinstance(function, np.ufunc):
        return call(f"np.{name}", is_truth=_answers_truth(function))
    return call("np.where") if name == "where" else None


PYTHON: Final = Dialect(
    language="Python",
    key="python",
    functions={
        **OPERATORS,
        **{name: call(f"math.{name}") for name in _IN_MATH},
        **{name: call(f"math.{theirs}") for name, theirs in _RENAMED.items()},
        "absolute": call("abs"),
        **{name: call(name) for name in ("maximum", "minimum", "sign", "where")},
        "isnan": call("math.isnan", is_truth=True),
        "isfinite": call("math.isfinite", is_truth=True),
        **_LOGIC,
    },
    rest=_on_numbers,
    numbers={"nan": "math.nan", "inf": "math.inf", "True": "True", "False": "False"},
    as_number="float({0})",
    as_function="lambda {names}: {body}",
    as_record='{{"value": {value}, "partials": [{partials}]}}',
    nothing="None",
    reserved={*keyword.kwlist, *dir(builtins), "math", "np", "maximum", "minimum", "sign", "where"},
)
"""Functions of floats: `math`'s, NumPy's as np where that has none, and those of PRELUDE.

A value is what a Value's record computes, to the last bit; a partial is so to rounding, and but for the sign
of a zero, where the record takes a shorter form for floats. Where `math` raises, at a pole or an overflow,
the engine takes NumPy's answer: that of the same text in NUMPY.
"""

NUMPY: Final = Dialect(
    language="NumPy",
    key="numpy",
    functions={**OPERATORS, "matmul": infix("@", Precedence.PRODUCT)},
    rest=_on_arrays,
    numbers={"nan": "np.nan", "inf": "np.inf", "True": "True", "False": "False"},
    as_function="lambda {names}: {body}",
    as_record='{{"value": {value}, "partials": [{partials}]}}',
    nothing="None",
    reserved={*keyword.kwlist, *dir(builtins), *RULES, "np"},
)
"""Functions of arrays, entry by entry: operators, and NumPy's functions as np."""
