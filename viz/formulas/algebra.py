"""The records as sympy sees them: a rule run in a namespace of symbols writes itself as a formula.

sympy never parses a string here: everything is built from its own objects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import sympy

from autograd_lite.errors import NamespaceError
from autograd_lite.record import Record
from autograd_lite.rules import RULES
from autograd_lite.rules.namespaces import WRITERS, Namespace, on_floats

_MOST_TO_SIMPLIFY: Final = 60  # parts of an expression: sympy takes seconds for more
_LARGEST_POWER: Final = 8  # of what is simplified: expanded, it would have as many terms


@lru_cache(maxsize=4096)
def number(x: float) -> sympy.Expr:
    """A float as the number that was meant: 0.1 is 1/10, 1.4142135623730951 is √2.

    Only a float that equals √n, 1/√n, pπ/q, p/q or e to the last bit is taken for it; any other is
    the decimal that Python prints.

    >>> number(0.1), number(2**0.5), number(2 * math.pi), number(1 / 3), number(0.7071)
    (1/10, sqrt(2), 2*pi, 1/3, 7071/10000)
    """
    known = _known_numbers()
    if x in known or -x in known:
        return known[x] if x in known else -known[-x]
    exact = Fraction(repr(float(x)))
    return sympy.Rational(exact.numerator, exact.denominator)


@lru_cache(maxsize=1)
def _known_numbers() -> dict[float, sympy.Expr]:
    table: dict[float, sympy.Expr] = {math.e: sympy.E}
    for n in range(2, 100):
        if math.isqrt(n) ** 2 != n:
            table.setdefault(math.sqrt(n), sympy.sqrt(n))
            table.setdefault(1 / math.sqrt(n), 1 / sympy.sqrt(n))
            table.setdefault(math.sqrt(n) / 2, sympy.sqrt(n) / 2)
    for p in range(1, 13):
        for q in (1, 2, 3, 4, 6, 8, 12):
            table.setdefault(p * math.pi / q, sympy.Rational(p, q) * sympy.pi)
        for q in (3, 6, 7, 9, 11, 12):
            table.setdefault(p / q, sympy.Rational(p, q))
    table[math.sqrt(2 * math.pi)] = sympy.sqrt(2 * sympy.pi)
    table[1 / math.sqrt(2 * math.pi)] = 1 / sympy.sqrt(2 * sympy.pi)
    return {x: exact for x, exact in table.items() if len(repr(x)) > 8}


def exact(expression: Any) -> sympy.Expr:
    """The expression with every float in it recognized, and truth values as 1 and 0."""
    expression = sympy.sympify(expression, strict=True)
    if _is_truth(expression):
        return sympy.Piecewise((sympy.Integer(1), expression), (sympy.Integer(0), True))
    return expression.xreplace({x: number(float(x)) for x in expression.atoms(sympy.Float)})


def _is_truth(expression: Any) -> bool:
    # to sympy every symbol is a truth value too
    return isinstance(expression, sympy.logic.boolalg.Boolean) and not expression.is_Symbol


def apply(rule: Record, operands: Iterable[Any]) -> sympy.Expr:
    """The rule's value as an expression: sympy's own function, or one that knows its record.

    >>> apply(RULES["sin"], [sympy.Symbol("x")])
    sin(x)
    """
    native = NATIVE.get(rule.name) if RULES.get(rule.name) is rule else None
    args = [number(float(x)) if isinstance(x, (int, float)) else x for x in operands]
    return exact(native(*args) if native else function(rule)(*args))


@lru_cache(maxsize=512)
def function(rule: Record) -> Any:
    """A sympy function with the record's partials as derivatives and its formula as closed form.

    >>> from autograd_lite import elementwise
    >>> @elementwise(lambda xp, y, x: y * (1 - y))
    ... def squash(xp, x):
    ...     return 1 / (1 + xp.exp(-x))
    >>> x = sympy.Symbol("x")
    >>> function(squash)(x).diff(x), sympy.expand_func(function(squash)(x))
    ((1 - squash(x))*squash(x), 1/(1 + exp(-x)))
    """
    return type(rule.name, (sympy.Function,), {
        "rule": rule, "fdiff": _fdiff, "_eval_evalf": _evalf, "_eval_expand_func": _expanded,
        "_eval_is_extended_real": lambda self: True,
    })  # fmt: skip


def _fdiff(self: Any, argindex: int = 1) -> sympy.Expr:
    partial = (self.rule.slopes or self.rule.partials)[argindex - 1]
    if partial is None:
        raise ArithmeticError(f"{self.rule.name} has no derivative by operand {argindex}")
    try:
        return exact(partial(for_rule(self.rule), self, *self.args))
    except (AttributeError, TypeError):  # it looks at numbers: then by the closed form
        return _fdiff_of_formula(self, argindex - 1)


def _fdiff_of_formula(self: Any, i: int) -> sympy.Expr:
    free = [sympy.Dummy(real=True) for _ in self.args]
    slope = derivative(sympy.expand_func(self.func(*free)), free[i])
    return slope.xreplace(dict(zip(free, self.args, strict=True)))


def _evalf(self: Any, prec: int) -> Any:
    values = [x.evalf(prec) for x in self.args]
    if not all(x.is_Float or x.is_Rational for x in values):
        return None
    return sympy.Float(on_floats(self.rule, tuple(map(float, values))))


def _expanded(self: Any, **hints: Any) -> sympy.Expr:
    return exact((self.rule.formula or self.rule.value)(for_rule(self.rule), *self.args))


def _where(condition: Any, a: Any, b: Any) -> sympy.Expr:
    if not isinstance(condition, bool) and not _is_truth(condition):
        condition = sympy.Ne(condition, 0)
    return sympy.Piecewise((exact(a), condition), (exact(b), True))


NATIVE: Final[dict[str, Callable[..., Any]]] = {
    "alias": lambda x: x, "add": lambda a, b: a + b, "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b, "divide": lambda a, b: a / b, "power": sympy.Pow,
    "negative": lambda x: -x, "absolute": sympy.Abs, "exp": sympy.exp, "log": sympy.log,
    "log1p": lambda x: sympy.log(1 + x), "expm1": lambda x: sympy.exp(x) - 1, "sqrt": sympy.sqrt,
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "sinh": sympy.sinh, "cosh": sympy.cosh,
    "tanh": sympy.tanh, "arcsin": sympy.asin, "arccos": sympy.acos, "arctan": sympy.atan,
    "erf": sympy.erf, "maximum": sympy.Max, "minimum": sympy.Min, "sign": sympy.sign,
    "where": _where, "square": lambda x: x**2, "masked_product": lambda a, b: a * b,
}  # fmt: skip
_ONLY_INSIDE: Final = {
    "pi": sympy.pi, "isnan": lambda x: sympy.false, "logical_and": sympy.And,
    "logical_or": sympy.Or, "logical_not": sympy.Not, "floor": sympy.floor, "ceil": sympy.ceiling,
    "arcsinh": sympy.asinh, "arccosh": sympy.acosh, "arctanh": sympy.atanh, "arctan2": sympy.atan2,
    "log2": lambda x: sympy.log(x) / sympy.log(2), "log10": lambda x: sympy.log(x) / sympy.log(10),
    "exp2": lambda x: 2**x, "cbrt": lambda x: sympy.sign(x) * sympy.cbrt(sympy.Abs(x)),
    "reciprocal": lambda x: 1 / x, "hypot": lambda a, b: sympy.sqrt(a**2 + b**2),
    "logaddexp": lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
}  # fmt: skip
"""What values and derivatives may be written with besides the operations: sympy's, by NumPy's names."""


class Symbols(Namespace):
    """The operations on sympy's expressions.

    own  the record that is being written: in it, the function of its name is sympy's
    """

    def __init__(self, own: str | None = None) -> None:
        super().__init__(_own=own)

    def __getattr__(self, name: str) -> Any:
        if name in RULES and name != self._own and RULES[name].is_elementwise:
            return lambda *xs: apply(RULES[name], xs)
        for table in (NATIVE, _ONLY_INSIDE):
            if name in table:
                return table[name]
        raise NamespaceError(f"it uses {name}, which has no symbol")


def for_rule(rule: Record) -> Symbols:
    """The namespace in which a record writes itself."""
    return Symbols(rule.name if RULES.get(rule.name) is rule else None)


WRITERS[sympy.Basic] = apply


def derivative(expression: sympy.Expr, x: sympy.Symbol) -> sympy.Expr:
    """∂expression/∂x; at kinks as the engine has it: steps as [x > 0], no impulses."""
    slope = sympy.diff(expression, x)
    slope = slope.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
    return exact(slope.replace(sympy.Heaviside, lambda t, *_: exact(t > 0)))


def shortest(
    expression: sympy.Expr, known: sympy.Expr | None = None, name: sympy.Symbol | None = None
) -> sympy.Expr:
    """The shortest of a few equal forms, some of them with `name` in place of `known` if given.

    Fractions of different denominators stay apart, as a person leaves them: -t/y + (1 - t)/(1 - y).
    """
    forms = [expression]
    if size(expression) <= _MOST_TO_SIMPLIFY and not _has_giant_powers(expression):
        other = (
            sympy.together(expression),
            sympy.cancel(expression),
            sympy.factor_terms(expression),
        )
        bars = _bars(expression)
        forms += [form for form in other if all(any(x <= y for y in bars) for x in _bars(form))]
        if known is not None and not _is_monomial(known):
            forms += [form.subs(known, name) for form in forms]

    algebraic = known is not None and not known.has(sympy.Function)

    def effort(form: sympy.Expr) -> int:
        """h(1 - y²) is less than h - hy²; and (1 - x²)/(1 + x²)² than (1 - 2xy)/(1 + x²)."""
        is_mixed = algebraic and form.has(name)
        return size(form) - 2 * bool(form.is_Mul) + 2 * is_mixed

    return min(forms, key=effort)


def _bars(expression: sympy.Expr) -> set[frozenset[sympy.Expr]]:
    """What stands below each fraction bar, powers and signs apart."""
    found = set()
    for product in expression.atoms(sympy.Mul, sympy.Pow):
        parts = [factor.as_base_exp() for factor in sympy.Mul.make_args(product)]
        below = [base for base, n in parts if n.could_extract_minus_sign() and not base.is_number]
        found.add(frozenset(max(base, -base, key=str) for base in below))
    return found - {frozenset()}


def size(expression: sympy.Expr) -> int:
    """How much there is to read: every sign, name and number."""
    return sum(1 for _ in sympy.preorder_traversal(expression))


def value(expression: sympy.Expr, at: dict[sympy.Symbol, float]) -> float:
    """The expression's number where the symbols have these values; nan where it has none."""
    point = {symbol: sympy.Float(x, 30) for symbol, x in at.items()}
    found = expression.xreplace(point).evalf(20)
    return float(found) if found.is_number and found.is_real else math.nan


def _is_monomial(expression: sympy.Expr) -> bool:
    """A product of names and numbers, whose derivative is short without its own name."""
    parts = [factor.as_base_exp() for factor in sympy.Mul.make_args(expression)]
    return all(base.is_Number or (base.is_Symbol and n.is_Integer) for base, n in parts)


def _has_giant_powers(expression: sympy.Expr) -> bool:
    return any(p.exp.is_Number and abs(p.exp) > _LARGEST_POWER for p in expression.atoms(sympy.Pow))
