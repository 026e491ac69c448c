r"""How mathematics is written down: what LaTeX for pictures and text for terminals have in common.

A formula is written from the inside out, like a rule run in a namespace: `LATEX.multiply(a, b)`
takes two formulas and gives one. Each knows how tightly it binds, so brackets stand where they must
and nowhere else, and sin x needs none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from typing import Any, ClassVar, Final

from autograd_lite.record import Record
from autograd_lite.rules import RULES
from viz.formulas.labels import is_composite
from viz.look import limits


class Precedence(IntEnum):
    """How tightly a formula holds together, loosest first."""

    SUM = 0
    SIGNED = 1  # -x, -2xy: a product behind a minus sign
    PRODUCT = 2
    APPLIED = 3  # sin x
    POWER = 4
    ATOM = 5


@dataclass(frozen=True)
class Formula:
    """A formula, or a part of one.

    head, argument    of a function: what comes before and after an exponent, as in sin² x
    ends_unbracketed  ends in an argument without brackets, so that a factor behind it would slip in
    """

    source: str
    precedence: Precedence = Precedence.ATOM
    head: str = ""
    argument: str = ""
    ends_unbracketed: bool = False


class TooLongError(Exception):
    """A formula too long to read, which is then not shown."""


class Notation:
    """The habits that LaTeX and text share; each says how its own signs look.

    taken  letters that variables are called by, in LaTeX: no function is written with them
    """

    taken: frozenset[str] = frozenset()

    is_latex: bool
    dot: str
    tight: str
    entrywise_sign: str
    exp: str
    relations: ClassVar[Mapping[str, str]]
    superscripts: str  # what shows that a name has one of its own
    juxtaposes: bool  # whether sin x cos y is clear without brackets

    def beside(self, taken: frozenset[str]) -> Notation:
        """The same notation for formulas in which variables are called by these letters."""
        if taken == self.taken:
            return self
        other = copy(self)
        other.taken = taken
        return other

    def name(self, latex: str, text: str) -> Formula:
        """A variable: a name that reads as a sum takes brackets, one with a superscript no other."""
        symbol = latex if self.is_latex else text
        if is_composite(latex):
            return Formula(symbol, Precedence.SUM)
        has_superscript = any(c in latex for c in self.superscripts)
        return Formula(symbol, Precedence.POWER if has_superscript else Precedence.ATOM)

    def number(self, x: Fraction) -> Formula:
        """A number: decimal if it ends within six digits, else a fraction if simple."""
        if x < 0:
            return self.negative(self.number(-x))
        return self.fraction(x) if is_simple(x) and not is_short_decimal(x) else self.decimal(x)

    def fraction(self, x: Fraction) -> Formula:
        """A positive number as numerator and denominator."""
        raise NotImplementedError

    def decimal(self, x: Fraction) -> Formula:
        """A positive number in decimals, its power of ten apart: 0.5, 1.25·10⁻⁷."""
        mantissa, _, exponent = decimal(x).partition("e")
        if not exponent:
            return Formula(mantissa)
        power = self.power_of_ten(int(exponent))
        return Formula(
            power if mantissa == "1" else f"{mantissa}{self.dot}{power}", Precedence.PRODUCT
        )

    def power_of_ten(self, exponent: int) -> str:
        """10 to a whole number."""
        raise NotImplementedError

    def divide(self, a: Formula, b: Formula) -> Formula:
        """The quotient a/b."""
        raise NotImplementedError

    def power(self, a: Formula, n: Formula) -> Formula:
        """The power aⁿ."""
        raise NotImplementedError

    def exponential(self, x: Formula) -> Formula:
        """The exponential: eˣ, or exp x beside a variable e."""
        return self.applied(self.exp, x) if "e" in self.taken else self.power(Formula("e"), x)

    def sqrt(self, x: Formula) -> Formula:
        """The square root."""
        raise NotImplementedError

    def absolute(self, x: Formula) -> Formula:
        """The magnitude |x|."""
        return Formula(f"|{x.source}|")

    def bracketed(self, x: Formula) -> Formula:
        """In round brackets."""
        return Formula(f"({x.source})")

    def function(self, rule: Record, operands: list[Formula]) -> Formula:
        """A function that has no sign of its own: by its name, with what is fixed behind its operands."""
        fixed = [f"{self.word(name)} = {self.literal(x)}" for name, x in rule.static.items()]
        inside = ", ".join([*(x.source for x in operands), *fixed])
        return Formula(f"{self.word(rule.name)}({inside})", Precedence.APPLIED)

    def is_taken(self, rule: Record) -> bool:
        r"""Whether a function is written with a letter, as \sigma, that a variable is called by."""
        return not self.taken.isdisjoint(_COMMAND.findall(rule.latex or ""))

    def word(self, text: str) -> str:
        """A name of several letters."""
        raise NotImplementedError

    def literal(self, x: Any) -> str:
        """What is fixed, such as an axis."""
        return f"{x:g}" if isinstance(x, float) else str(x)

    def relation(self, a: Formula, sign: str, b: Formula) -> Formula:
        """1 where the relation holds, else 0: [x > 0]."""
        return Formula(f"[{a.source} {self.relations.get(sign, sign)} {b.source}]")

    def choice(self, a: Formula, condition: Formula, b: Formula) -> Formula:
        """One where the condition holds, else the other."""
        raise NotImplementedError

    def add(self, *terms: Formula) -> Formula:
        """The sum; a term with a minus sign is subtracted."""
        source = terms[0].source
        for term in terms[1:]:
            if term.precedence == Precedence.SIGNED:
                source += f" - {term.source[1:]}"
            elif term.source.startswith("-"):
                source += f" + {self.bracketed(term).source}"
            else:
                source += f" + {term.source}"
        return short(Formula(source, Precedence.SUM))

    def subtract(self, a: Formula, b: Formula) -> Formula:
        """The difference."""
        return short(
            Formula(f"{a.source} - {self.at_least(b, Precedence.PRODUCT).source}", Precedence.SUM)
        )

    def negative(self, x: Formula) -> Formula:
        """The negative."""
        inner = self.at_least(x, Precedence.PRODUCT)
        return short(
            Formula(f"-{inner.source}", Precedence.SIGNED, ends_unbracketed=inner.ends_unbracketed)
        )

    def multiply(self, *factors: Formula) -> Formula:
        """The product, in the order given."""
        product = self.at_least(factors[0], Precedence.SIGNED)
        precedence = (
            Precedence.SIGNED if product.precedence == Precedence.SIGNED else Precedence.PRODUCT
        )
        for factor in factors[1:]:
            right = self.at_least(factor, Precedence.PRODUCT)
            slips = product.ends_unbracketed and not (self.juxtaposes and right.head)
            left = self.bracketed(product) if slips else product
            precedence = Precedence.PRODUCT if left is not product else precedence
            sign = self.between(left.source, right.source)
            product = Formula(
                left.source + sign + right.source,
                precedence,
                ends_unbracketed=right.ends_unbracketed,
            )
        return short(product)

    def entrywise(self, a: Formula, b: Formula) -> Formula:
        """The product of two arrays entry by entry."""
        left, right = self.at_least(a, Precedence.PRODUCT), self.at_least(b, Precedence.PRODUCT)
        left = self.bracketed(left) if left.ends_unbracketed else left
        source = f"{left.source} {self.entrywise_sign} {right.source}"
        return short(Formula(source, Precedence.PRODUCT, ends_unbracketed=right.ends_unbracketed))

    def array_of(self, parts: list[Formula]) -> Formula:
        """Several arrays in one."""
        return short(Formula(f"[{', '.join(part.source for part in parts)}]"))

    def indexed(self, x: Formula, index: str) -> Formula:
        """A part of an array."""
        return short(Formula(f"{self.at_least(x, Precedence.ATOM).source}[{index}]"))

    def at_least(self, x: Formula, precedence: Precedence) -> Formula:
        """In brackets if it binds less."""
        return x if x.precedence >= precedence else self.bracketed(x)

    def between(self, left: str, right: str) -> str:
        """What stands between two factors."""
        return self.dot if right[:1].isdigit() else self.tight

    def apply(self, rule: Record, operands: list[Formula]) -> Formula:
        """A rule in the notation that its record states."""
        if RULES.get(rule.name) is not rule:  # a user's own, whatever it is called
            return short(self.function(rule, operands))
        if rule.name in _SIGNS:
            return short(getattr(self, rule.name)(*operands))
        if rule.name == "alias":
            return operands[0]
        if rule.name == "exp":
            return short(self.exponential(operands[0]))
        if rule.name == "square":
            return short(self.power(operands[0], Formula("2")))
        return short(self.function(rule, operands))

    def applied(self, head: str, x: Formula) -> Formula:
        """A function of one operand: sin x, or sin(x + 1)."""
        bare = x.precedence == Precedence.ATOM and not x.source.startswith(("(", r"\left(", "|"))
        argument = f" {x.source}" if bare else self.bracketed(x).source.removeprefix(" ")
        return Formula(head + argument, Precedence.APPLIED, head, argument, ends_unbracketed=bare)

    def raised(self, a: Formula, n: Formula, exponent: str) -> Formula:
        """A base with an exponent already written: sin² x, but (sin x)⁻¹, which is no arcsine."""
        if a.head and n.source.isdigit():
            return replace(a, source=a.head + exponent + a.argument, head="")
        return Formula(self.at_least(a, Precedence.ATOM).source + exponent, Precedence.POWER)


_SIGNS: Final = frozenset("add subtract multiply divide power negative sqrt absolute".split())


_COMMAND: Final = re.compile(r"\\[A-Za-z]+")


def short(x: Formula) -> Formula:
    """The same, if it can still be read."""
    if len(x.source) > limits.FORMULA:
        raise TooLongError(f"a formula of more than {limits.FORMULA} characters")
    return x


def is_short_decimal(x: Fraction) -> bool:
    """Whether six decimals are all of it: then it is best written as a decimal.

    >>> is_short_decimal(Fraction(1, 2)), is_short_decimal(Fraction(1, 3))
    (True, False)
    """
    return 10**6 % x.denominator == 0


def is_simple(x: Fraction) -> bool:
    """Whether a product is better divided by its denominator (x/2, 2x/3) than multiplied (0.1 x).

    >>> is_simple(Fraction(1, 2)), is_simple(Fraction(1, 10)), is_simple(Fraction(355, 113))
    (True, False, False)
    """
    return 1 < x.denominator <= 12 and x.denominator % 5 != 0 and abs(x.numerator) < 100


def decimal(x: Fraction) -> str:
    """A number in decimals: an integer as it is, else six significant digits.

    >>> decimal(Fraction(1, 10)), decimal(Fraction(1234567)), decimal(Fraction(1, 3))
    ('0.1', '1234567', '0.333333')
    """
    if x.denominator == 1 and abs(x) < 10**9:
        return str(x.numerator)
    return f"{float(x):.6g}"
