"""A sympy expression in the lectures' notation: 3h²/√2, not 3·√2·h²/2; 1 − y², not −y² + 1."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import sympy

from autograd_lite.rules import RULES
from viz.formulas.algebra import NATIVE
from viz.formulas.habits import NONE, Habits
from viz.formulas.notation import Formula, Notation, TooLongError, is_short_decimal, is_simple

WriteSymbol: TypeAlias = Callable[[Any], Formula]

_RULE_OF = {function: name for name, function in NATIVE.items() if isinstance(function, type)}
_HALF = sympy.Rational(1, 2)
_FOLDED = {sympy.Max: "maximum", sympy.Min: "minimum"}


def printed(
    expression: Any, notation: Notation, write_symbol: WriteSymbol, habits: Habits = NONE
) -> Formula:
    """The expression in this notation, its symbols as `write_symbol` writes them, else by these habits.

    >>> from viz.formulas.text import TEXT
    >>> h = sympy.Symbol("h")
    >>> printed(3 * sympy.sqrt(2) * h**2 / 2 - 1, TEXT, lambda s: Formula(str(s))).source
    '3·h²/√2 - 1'

    Raises TooLongError when it is too long, or holds something that has no notation here.
    """
    return _Printer(notation, write_symbol, habits).write(expression)


class _Printer:
    def __init__(self, notation: Notation, write_symbol: WriteSymbol, habits: Habits) -> None:
        self.to, self.write_symbol, self.habits = notation, write_symbol, habits

    def write(self, e: Any) -> Formula:
        """Any expression."""
        if e.is_Symbol:
            return self.write_symbol(e)
        if e in self.habits.formulas:
            return self.habits.formulas[e]
        if e.is_Rational:
            return self.to.number(Fraction(int(e.p), int(e.q)))
        for kind, write in self._writers():
            if isinstance(e, kind):
                return write(e)
        return self._function(e)

    def _writers(self) -> tuple[tuple[Any, Callable[[Any], Formula]], ...]:
        return (
            (sympy.Add, self._sum),
            (sympy.Mul, self._product),
            (sympy.exp, lambda e: self._apply("exp", e.args)),
            (sympy.Pow, self._product),
            (sympy.Piecewise, self._choice),
            (sympy.core.relational.Relational, self._relation),
            (sympy.core.numbers.Exp1, lambda e: Formula("e")),
            (sympy.core.numbers.Pi, lambda e: self.to.name(r"\pi", "π")),
        )

    def _sum(self, e: Any) -> Formula:
        terms = e.as_ordered_terms()
        if (known := self.habits.in_order(terms)) is not None:
            return self.to.add(*map(self.write, known))
        first = next((t for t in terms if not t.could_extract_minus_sign()), terms[0])
        rest = [t for t in terms if t is not first]
        return self.to.add(*(self.write(t) for t in [first, *rest]))

    def _product(self, e: Any) -> Formula:
        """A sign, what stands over the bar and what stands under it."""
        coefficient, rest = e.as_coeff_Mul()
        over, under = [], []
        for factor in self.habits.placed(rest.as_ordered_factors()):
            base, exponent = factor.as_base_exp()
            if exponent.is_Integer and self.habits.turned(base) and not rest.has(-base):
                base, coefficient = -base, coefficient * (-1) ** exponent
            if exponent.could_extract_minus_sign() and base is not sympy.E:
                under.append((base, -exponent))
            elif not factor.is_Integer or factor != 1:
                over.append((base, exponent))
        size, over, under = _roots_below(abs(coefficient), over, under)
        over, under = _one_root(over), _one_root(under)
        top, bottom = self._numbers(size)
        top += [self._power(*part) for part in over]
        bottom += [self._power(*part) for part in under]
        whole = self._quotient(top, bottom)
        return self.to.negative(whole) if coefficient < 0 else whole

    def _numbers(self, size: Any) -> tuple[list[Formula], list[Formula]]:
        """A coefficient: 2/3 is a 2 above and a 3 below, 1/2 a 2 below; 1/10 and 3/2 are decimals."""
        x = Fraction(int(size.p), int(size.q))
        decimal = not is_simple(x) or (x.numerator > 1 and is_short_decimal(x))
        if x.denominator > 1 and decimal and not self.habits.divides(x):
            return [self.to.number(x)], []
        parts = [[self.to.number(Fraction(n))] if n != 1 else [] for n in x.as_integer_ratio()]
        return parts[0], parts[1]

    def _quotient(self, top: list[Formula], bottom: list[Formula]) -> Formula:
        over = self.to.multiply(*top) if len(top) > 1 else (top or [self.to.number(Fraction(1))])[0]
        if not bottom:
            return over
        return self.to.divide(over, self.to.multiply(*bottom) if len(bottom) > 1 else bottom[0])

    def _power(self, base: Any, exponent: Any) -> Formula:
        if exponent == 1:
            return self._plain(base)
        if exponent == _HALF:
            return self.to.sqrt(self.write(base))
        if base is sympy.E:
            return self._apply("exp", [exponent])
        return self.to.power(self.write(base), self._exponent(exponent))

    def _exponent(self, n: Any) -> Formula:
        """A root stays one: x^(3/2)."""
        if n.is_Rational and not n.is_Integer and is_simple(x := Fraction(int(n.p), int(n.q))):
            return self.to.fraction(x)
        return self.write(n)

    def _plain(self, base: Any) -> Formula:
        if isinstance(base, (sympy.Mul, sympy.Pow)) and not isinstance(base, sympy.exp):
            raise TooLongError(f"{type(base).__name__} inside a product")
        return self.write(base)

    def _choice(self, e: Any) -> Formula:
        """One or zero is a bracket around the condition; anything else is spelled out."""
        (a, condition), *others = e.args
        if len(others) != 1 or condition == True:  # noqa: E712  (sympy's own truth)
            raise TooLongError("more than two cases")
        b = others[0][0]
        if not isinstance(condition, sympy.core.relational.Relational):
            raise TooLongError("a condition of several parts")
        if (a, b) == (1, 0):
            return self.write(condition)
        if (a, b) == (0, 1):
            return self.write(sympy.Not(condition))
        return self.to.choice(self.write(a), self.write(condition), self.write(b))

    def _relation(self, e: Any) -> Formula:
        """Without minus signs: x − a > 0 as x > a."""
        left: list[Any] = []
        right: list[Any] = []
        for term in sympy.Add.make_args(e.lhs - e.rhs):
            (right if term.could_extract_minus_sign() else left).append(term)
        return self.to.relation(
            self.write(sympy.Add(*left)), e.rel_op, self.write(-sympy.Add(*right))
        )

    def _function(self, e: Any) -> Formula:
        rule = getattr(e, "rule", None)
        if rule is not None:
            return self.to.apply(rule, [self.write(x) for x in e.args])
        for kind, name in _FOLDED.items():
            if isinstance(e, kind) and len(e.args) == 2:
                return self._apply(name, e.args)
        if _RULE_OF.get(e.func) not in RULES:
            raise TooLongError(f"{type(e).__name__} has no notation here")
        return self._apply(_RULE_OF[e.func], e.args)

    def _apply(self, name: str, operands: Any) -> Formula:
        return self.to.apply(RULES[name], [self.write(x) for x in operands])


def _one_root(parts: list[Any]) -> list[Any]:
    """√2·√π as √(2π)."""
    roots = [base for base, n in parts if n == _HALF and base.is_number]
    if len(roots) < 2:
        return parts
    rest = [part for part in parts if part[1] != _HALF or not part[0].is_number]
    return [(sympy.Mul(*roots), _HALF), *rest]


def _roots_below(size: Any, over: list[Any], under: list[Any]) -> tuple[Any, list[Any], list[Any]]:
    """√n above and n below is √n below."""
    for part in over:
        n, exponent = part
        if n.is_Integer and exponent == _HALF and size.q % n == 0:
            return size * n, [p for p in over if p is not part], [*under, part]
    return size, over, under
