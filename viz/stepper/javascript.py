"""A rule as JavaScript, written by its own record: run in a namespace whose numbers are source text.

`xp.cos(x)` becomes `Math.cos(x)`, an operator becomes an operator, and nothing knows a derivative
that the record does not state. What JavaScript has under NumPy's names is listed here once; an
operation writes itself by the template of its record, or else by its value, or else by its formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AutogradError, NamespaceError
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import WRITERS, Namespace

_LONGEST: Final = 20_000
REFUSALS: Final = (ArithmeticError, AttributeError, AutogradError, LookupError, RuntimeError,
                   TypeError, ValueError)  # fmt: skip
"""What running a rule on source text raises when the rule looks at its numbers."""


@dataclass(frozen=True, eq=False)
class Source:
    """A piece of JavaScript with a number for value, or with true or false."""

    text: str
    is_truth: bool = False

    def __add__(self, other: Any) -> Source:
        return _infix(self, "+", other)

    def __radd__(self, other: Any) -> Source:
        return _infix(other, "+", self)

    def __sub__(self, other: Any) -> Source:
        return _infix(self, "-", other)

    def __rsub__(self, other: Any) -> Source:
        return _infix(other, "-", self)

    def __mul__(self, other: Any) -> Source:
        return _infix(self, "*", other)

    def __rmul__(self, other: Any) -> Source:
        return _infix(other, "*", self)

    def __truediv__(self, other: Any) -> Source:
        return _infix(self, "/", other)

    def __rtruediv__(self, other: Any) -> Source:
        return _infix(other, "/", self)

    def __pow__(self, other: Any) -> Source:
        return javascript.power(self, other)  # type: ignore[no-any-return]

    def __rpow__(self, other: Any) -> Source:
        return javascript.power(other, self)  # type: ignore[no-any-return]

    def __neg__(self) -> Source:
        return _short(f"(-{self.text})")

    def __abs__(self) -> Source:
        return javascript.absolute(self)  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> Source:
        return _infix(self, "<", other, is_truth=True)

    def __le__(self, other: Any) -> Source:
        return _infix(self, "<=", other, is_truth=True)

    def __gt__(self, other: Any) -> Source:
        return _infix(self, ">", other, is_truth=True)

    def __ge__(self, other: Any) -> Source:
        return _infix(self, ">=", other, is_truth=True)

    def __eq__(self, other: object) -> Source:  # type: ignore[override]
        return _infix(self, "===", other, is_truth=True)

    def __ne__(self, other: object) -> Source:  # type: ignore[override]
        return _infix(self, "!==", other, is_truth=True)

    __hash__ = None  # type: ignore[assignment]

    def __and__(self, other: Any) -> Source:
        return _short(f"({_truth(self)} && {_truth(other)})", is_truth=True)

    def __or__(self, other: Any) -> Source:
        return _short(f"({_truth(self)} || {_truth(other)})", is_truth=True)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Source:
        return _short(f"!{_truth(self)}", is_truth=True)

    def __bool__(self) -> bool:
        raise TypeError(
            "it decides with `if` what to compute, where xp.where would say it in the formula"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise TypeError(f"np.{ufunc.__name__}.{method} has no counterpart in JavaScript")
        return getattr(javascript, ufunc.__name__)(*inputs)


def written(rule: Record) -> str:
    """The rule as a JavaScript object: its value, and its partials by place (null where there is none).

    >>> written(RULES["sqrt"])
    '{value: (x0) => +Math.sqrt(x0), partials: [(y, x0) => +(0.5 / y)]}'

    Raises one of REFUSALS when the rule looks at the numbers it is given.
    """
    xs = [Source(f"x{i}") for i in range(rule.arity)]
    names = ", ".join(x.text for x in xs)
    value = f"({names}) => +{_literal(_value(rule, xs))}"
    partials = [
        "null" if d is None else f"(y, {names}) => +{_literal(d(for_rule(rule), Source('y'), *xs))}"
        for d in rule.partials or ()
    ]
    return f"{{value: {value}, partials: [{', '.join(partials)}]}}"


def _value(rule: Record, xs: Iterable[Any]) -> Any:
    xs = tuple(xs)
    if template := rule.source.get("javascript"):
        return _short(template.format(*map(_literal, xs)))
    if RULES.get(rule.name) is rule and rule.name in _NATIVES:
        return _NATIVES[rule.name](*xs)
    try:
        return rule.value(for_rule(rule), *xs)
    except REFUSALS:
        if rule.formula is None:
            raise
        return rule.formula(for_rule(rule), *xs)


def _short(text: str, is_truth: bool = False) -> Source:
    if len(text) > _LONGEST:
        raise ValueError(f"written out it has more than {_LONGEST} characters")
    return Source(text, is_truth)


def _infix(a: Any, sign: str, b: Any, is_truth: bool = False) -> Source:
    return _short(f"({_literal(a)} {sign} {_literal(b)})", is_truth)


def _literal(x: Any) -> str:
    """A number as JavaScript writes it: the shortest decimals that read back as the same float."""
    if isinstance(x, Source):
        return x.text
    if isinstance(x, (bool, np.bool_)):
        return "true" if x else "false"
    if not isinstance(x, (int, float, np.number)):
        raise TypeError(f"it gives {type(x).__name__} where a number is expected")
    x = float(x)
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "(-Infinity)"
    return f"({x!r})" if math.copysign(1.0, x) < 0 else repr(x)


def _truth(x: Any) -> str:
    """What Python takes for true: every number but 0, nan included."""
    return _literal(x) if isinstance(x, Source) and x.is_truth else f"({_literal(x)} !== 0)"


def _call(name: str, is_truth: bool = False) -> Callable[..., Source]:
    def call(*xs: Any) -> Source:
        return _short(f"{name}({', '.join(map(_literal, xs))})", is_truth)

    return call


def _operator(sign: str) -> Callable[[Any, Any], Source]:
    return lambda a, b: _infix(a, sign, b)


def _where(condition: Any, a: Any, b: Any) -> Source:
    return _short(f"({_truth(condition)} ? {_literal(a)} : {_literal(b)})")


_SAME: Final = """exp log log1p expm1 sqrt sin cos tan sinh cosh tanh sign log2 log10 cbrt hypot floor ceil
trunc""".split()
_RENAMED: Final = {
    "absolute": "abs", "fabs": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "arctan2": "atan2",
}  # fmt: skip
_NATIVES: Final[dict[str, Callable[..., Source]]] = {
    **{name: _call(f"Math.{name}") for name in _SAME},
    **{name: _call(f"Math.{theirs}") for name, theirs in _RENAMED.items()},
    # written in functions.js: JavaScript has none, or answers otherwise at ties and poles
    **{name: _call(name) for name in "power erf maximum minimum rint logaddexp".split()},
    "mod": _call("modulo"),
    "remainder": _call("modulo"),
    "fmod": _operator("%"),
    "add": _operator("+"),
    "subtract": _operator("-"),
    "multiply": _operator("*"),
    "divide": _operator("/"),
    "true_divide": _operator("/"),
    "negative": lambda x: _short(f"(-{_literal(x)})"),
    "reciprocal": lambda x: _infix(1.0, "/", x),
    "square": lambda x: _infix(x, "*", x),
    "exp2": lambda x: _call("power")(2.0, x),
    "where": _where,
    "isnan": _call("Number.isNaN", is_truth=True),
    "isfinite": _call("Number.isFinite", is_truth=True),
    "logical_and": lambda a, b: _short(f"({_truth(a)} && {_truth(b)})", is_truth=True),
    "logical_or": lambda a, b: _short(f"({_truth(a)} || {_truth(b)})", is_truth=True),
    "logical_not": lambda a: _short(f"!{_truth(a)}", is_truth=True),
}


class JavaScript(Namespace):
    """JavaScript's functions under NumPy's names, and every operation of the engine.

    own  the record that is being written: in it, the function of its name is JavaScript's
    """

    def __init__(self, own: str | None = None) -> None:
        super().__init__(pi=math.pi, _own=own)

    def __getattr__(self, name: str) -> Any:
        if name in RULES and name != self._own:
            return lambda *xs: _value(RULES[name], xs)
        if name in _NATIVES:
            return _NATIVES[name]
        raise NamespaceError(f"it uses {name}, which JavaScript does not have")


def for_rule(rule: Record) -> JavaScript:
    """The namespace in which a record writes itself."""
    return JavaScript(rule.name) if RULES.get(rule.name) is rule else javascript


javascript: Final = JavaScript()
WRITERS[Source] = _value
