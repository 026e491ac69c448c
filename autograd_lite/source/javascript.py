"""JavaScript: the functions of `Math`, and those of the stepper's page that it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograd_lite.source.dialect import Dialect, Writer
from autograd_lite.source.forms import (
    OPERATORS,
    call,
    choice,
    comparison,
    connective,
    infix,
    logic,
    negation,
)
from autograd_lite.source.text import Precedence, Text

_SAME: Final = """exp log log1p expm1 sqrt sin cos tan sinh cosh tanh sign log2 log10 cbrt hypot floor ceil
trunc""".split()
_RENAMED: Final = {
    "absolute": "abs", "fabs": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2",
}  # fmt: skip
_ON_THE_PAGE: Final = "power erf maximum minimum rint logaddexp".split()
"""Functions that JavaScript lacks, or that answer otherwise at ties and poles: the page has them."""


def functions() -> str:
    """JavaScript's text of the functions that it lacks, for what calls a dialect's text.

    >>> "function power(a, n)" in functions()
    True
    """
    return Path(__file__).with_name("functions.js").read_text(encoding="utf-8")


def _square(to: Dialect, x: object) -> Text:
    return infix("*", Precedence.PRODUCT)(to, x, x)


_FUNCTIONS: Final[dict[str, Writer]] = {
    **OPERATORS,
    **{name: call(f"Math.{name}") for name in _SAME},
    **{name: call(f"Math.{theirs}") for name, theirs in _RENAMED.items()},
    **{name: call(name) for name in _ON_THE_PAGE},
    "mod": call("modulo"),
    "remainder": call("modulo"),
    "fmod": infix("%", Precedence.PRODUCT),
    "true_divide": infix("/", Precedence.PRODUCT),
    "square": _square,
    "exp2": call("power(2.0, {0})"),
    "where": choice("{0} ? {1} : {2}"),
    "isnan": call("Number.isNaN", is_truth=True),
    "isfinite": call("Number.isFinite", is_truth=True),
    "equal": comparison("==="),
    "not_equal": comparison("!=="),
    **logic(
        connective("&&", Precedence.AND),
        connective("||", Precedence.OR),
        negation("!", Precedence.ATOM),
    ),
}  # fmt: skip
_RESERVED: Final = """
arguments await break case catch class const continue debugger default delete do else enum eval export extends
false finally for function if implements import in instanceof interface let new null package private protected
public return static super switch this throw true try typeof undefined var void while with yield
Infinity Math NaN Number modulo""".split()

JAVASCRIPT: Final = Dialect(
    language="JavaScript",
    key="javascript",
    functions=_FUNCTIONS,
    numbers={"nan": "NaN", "inf": "Infinity", "True": "true", "False": "false"},
    as_truth="({0} !== 0)",
    as_function="({names}) => +{body}",
    as_record="{{value: {value}, partials: [{partials}]}}",
    nothing="null",
    brackets=True,  # -x ** 2 is an error there, and nobody reads a page's script for pleasure
    reserved={*_RESERVED, *_ON_THE_PAGE},
)
