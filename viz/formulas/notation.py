r"""How mathematics is written down: as LaTeX for pictures, as a line of text for terminals.

A formula is written from the inside out, like a rule run in a namespace: `LATEX.multiply(a, b)`
takes two pieces of writing and gives one. Each piece knows how tightly it binds, so brackets stand
where they must and nowhere else, and sin x needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from typing import Final

from autograd_lite.record import Record
from autograd_lite.rules import RULES
from viz.formulas.labels import is_composite

LONGEST: Final = 600


class Bond(IntEnum):
    """How tightly a piece of writing holds together, loosest first."""

    SUM = 0
    SIGNED = 1  # -x, -2xy: a product behind a minus sign
    PRODUCT = 2
    APPLIED = 3  # sin x
    POWER = 4
    ATOM = 5


@dataclass(frozen=True)
class Written:
    """A piece of writing.

    head, argument  of a function: what comes before and after an exponent, as in sin² x
    ajar            ends in an argument without brackets, so that a factor behind it would slip in
    """

    source: str
    bond: Bond = Bond.ATOM
    head: str = ""
    argument: str = ""
    ajar: bool = False


class TooLongError(Exception):
    """A formula that nobody would read; whoever asked shows none."""


class Notation:
    """The habits that LaTeX and text share; each says how its own signs look."""

    dot: str
    tight: str
    entrywise_sign: str
    juxtaposes: bool  # whether sin x cos y is clear without brackets

    def name(self, latex: str, text: str) -> Written:
        """A variable."""
        raise NotImplementedError

    def number(self, x: Fraction) -> Written:
        """A number: decimal if it ends within six digits, else a fraction if simple."""
        if x < 0:
            return self.negative(self.number(-x))
        return self.fraction(x) if is_simple(x) and not ends(x) else self.decimal(x)

    def fraction(self, x: Fraction) -> Written:
        """A positive number as numerator and denominator."""
        raise NotImplementedError

    def decimal(self, x: Fraction) -> Written:
        """A positive number in decimals, its power of ten apart: 0.5, 1.25·10⁻⁷."""
        mantissa, _, exponent = decimal(x).partition("e")
        if not exponent:
            return Written(mantissa)
        power = self.power_of_ten(int(exponent))
        return Written(power if mantissa == "1" else f"{mantissa}{self.dot}{power}", Bond.PRODUCT)

    def power_of_ten(self, exponent: int) -> str:
        """10 to a whole number."""
        raise NotImplementedError

    def divide(self, a: Written, b: Written) -> Written:
        """The quotient a/b."""
        raise NotImplementedError

    def power(self, a: Written, n: Written) -> Written:
        """The power aⁿ."""
        raise NotImplementedError

    def sqrt(self, x: Written) -> Written:
        """The square root."""
        raise NotImplementedError

    def absolute(self, x: Written) -> Written:
        """The magnitude |x|."""
        return Written(f"|{x.source}|")

    def bracketed(self, x: Written) -> Written:
        """In round brackets."""
        return Written(f"({x.source})")

    def function(self, rule: Record, operands: list[Written]) -> Written:
        """A function that has no sign of its own."""
        raise NotImplementedError

    def relation(self, a: Written, sign: str, b: Written) -> Written:
        """1 where the relation holds, else 0: [x > 0]."""
        raise NotImplementedError

    def choice(self, a: Written, condition: Written, b: Written) -> Written:
        """One where the condition holds, else the other."""
        raise NotImplementedError

    def add(self, *terms: Written) -> Written:
        """The sum; a term with a minus sign is subtracted."""
        source = terms[0].source
        for term in terms[1:]:
            if term.bond == Bond.SIGNED:
                source += f" - {term.source[1:]}"
            elif term.source.startswith("-"):
                source += f" + {self.bracketed(term).source}"
            else:
                source += f" + {term.source}"
        return short(Written(source, Bond.SUM))

    def subtract(self, a: Written, b: Written) -> Written:
        """The difference."""
        return short(Written(f"{a.source} - {self.at_least(b, Bond.PRODUCT).source}", Bond.SUM))

    def negative(self, x: Written) -> Written:
        """The negative."""
        inner = self.at_least(x, Bond.PRODUCT)
        return short(Written(f"-{inner.source}", Bond.SIGNED, ajar=inner.ajar))

    def multiply(self, *factors: Written) -> Written:
        """The product, in the order given."""
        product = self.at_least(factors[0], Bond.SIGNED)
        bond = Bond.SIGNED if product.bond == Bond.SIGNED else Bond.PRODUCT
        for factor in factors[1:]:
            right = self.at_least(factor, Bond.PRODUCT)
            slips = product.ajar and not (self.juxtaposes and right.head)
            left = self.bracketed(product) if slips else product
            bond = Bond.PRODUCT if left is not product else bond
            sign = self.between(left.source, right.source)
            product = Written(left.source + sign + right.source, bond, ajar=right.ajar)
        return short(product)

    def entrywise(self, a: Written, b: Written) -> Written:
        """The product of two arrays entry by entry."""
        left, right = self.at_least(a, Bond.PRODUCT), self.at_least(b, Bond.PRODUCT)
        left = self.bracketed(left) if left.ajar else left
        source = f"{left.source} {self.entrywise_sign} {right.source}"
        return short(Written(source, Bond.PRODUCT, ajar=right.ajar))

    def listed(self, parts: list[Written]) -> Written:
        """Several arrays in one."""
        return short(Written(f"[{', '.join(part.source for part in parts)}]"))

    def indexed(self, x: Written, index: str) -> Written:
        """A part of an array."""
        return short(Written(f"{self.at_least(x, Bond.ATOM).source}[{index}]"))

    def at_least(self, x: Written, bond: Bond) -> Written:
        """In brackets if it binds less."""
        return x if x.bond >= bond else self.bracketed(x)

    def between(self, left: str, right: str) -> str:
        """What stands between two factors."""
        return self.dot if right[:1].isdigit() else self.tight

    def apply(self, rule: Record, operands: list[Written]) -> Written:
        """A rule in the notation that its record states."""
        if RULES.get(rule.name) is not rule:  # somebody's own, whatever it is called
            return short(self.function(rule, operands))
        if rule.name in _SIGNS:
            return short(getattr(self, rule.name)(*operands))
        if rule.name == "alias":
            return operands[0]
        if rule.name == "exp":
            return short(self.power(Written("e"), operands[0]))
        if rule.name == "square":
            return short(self.power(operands[0], Written("2")))
        return short(self.function(rule, operands))

    def called(self, head: str, x: Written) -> Written:
        """A function of one operand: sin x, or sin(x + 1)."""
        bare = x.bond == Bond.ATOM and not x.source.startswith(("(", r"\left(", "|"))
        argument = f" {x.source}" if bare else self.bracketed(x).source.removeprefix(" ")
        return Written(head + argument, Bond.APPLIED, head, argument, ajar=bare)

    def raised(self, a: Written, n: Written, exponent: str) -> Written:
        """A base with an exponent already written: sin² x, but (sin x)⁻¹, which is no arcsine."""
        if a.head and n.source.isdigit():
            return replace(a, source=a.head + exponent + a.argument, head="")
        return Written(self.at_least(a, Bond.ATOM).source + exponent, Bond.POWER)


_SIGNS: Final = frozenset("add subtract multiply divide power negative sqrt absolute".split())


def _static(rule: Record) -> list[tuple[str, str]]:
    """The static parameters of a rule that stands for itself with these fixed."""
    return [(name, f"{x:g}" if isinstance(x, float) else str(x)) for name, x in rule.static.items()]


def _holding(symbol: str, superscript: str) -> Bond:
    """A name that reads as a sum stands in brackets; one with a superscript of its own takes no other."""
    if is_composite(symbol):
        return Bond.SUM
    return Bond.POWER if re.search(superscript, symbol) else Bond.ATOM


def _escaped(word: str) -> str:
    return re.sub(r"([_%&#$])", r"\\\1", word)


def _list(operands: list[Written], fixed: list[str]) -> str:
    return ", ".join([*(x.source for x in operands), *fixed])


def short(x: Written) -> Written:
    """The same, if it can still be read."""
    if len(x.source) > LONGEST:
        raise TooLongError(f"a formula of more than {LONGEST} characters")
    return x


class Latex(Notation):
    """LaTeX mathematics, in the part of it that matplotlib sets too."""

    dot = r" \cdot "
    tight = " "
    entrywise_sign = r"\odot"
    juxtaposes = True

    def indexed(self, x: Written, index: str) -> Written:
        whole = self.at_least(x, Bond.ATOM).source
        subscripted = f"{{{whole}}}" if "_" in whole[-8:] and whole.endswith("}") else whole
        return short(Written(f"{subscripted}_{{[{index}]}}"))

    def name(self, latex: str, text: str) -> Written:
        return Written(latex, _holding(latex, r"[\^']"))

    def fraction(self, x: Fraction) -> Written:
        return Written(rf"\frac{{{x.numerator}}}{{{x.denominator}}}", Bond.POWER)

    def power_of_ten(self, exponent: int) -> str:
        return f"10^{{{exponent}}}"

    def bracketed(self, x: Written) -> Written:
        tall = r"\frac" in x.source or r"\left" in x.source
        return Written(rf"\left({x.source}\right)" if tall else f"({x.source})")

    def between(self, left: str, right: str) -> str:
        if _STARTS_WITH_FRACTION.match(right):
            return self.dot
        if r"\mathrm" in left + right and not right[:1].isdigit():
            return r" \, "
        return super().between(left, right)

    def divide(self, a: Written, b: Written) -> Written:
        if a.bond == Bond.SIGNED:
            over = self.divide(Written(a.source[1:]), b)
            return Written(f"-{over.source}", Bond.SIGNED)
        return Written(rf"\frac{{{a.source}}}{{{b.source}}}", Bond.POWER)

    def power(self, a: Written, n: Written) -> Written:
        return self.raised(a, n, f"^{{{n.source}}}")

    def sqrt(self, x: Written) -> Written:
        return Written(rf"\sqrt{{{x.source}}}", Bond.POWER)

    def relation(self, a: Written, sign: str, b: Written) -> Written:
        signs = {">=": r"\geq", "<=": r"\leq", "==": "=", "!=": r"\neq"}
        return Written(f"[{a.source} {signs.get(sign, sign)} {b.source}]")

    def choice(self, a: Written, condition: Written, b: Written) -> Written:
        test = condition.source.strip("[]")
        words = rf"{a.source} \ \mathrm{{if}} \ {test}, \ \mathrm{{else}} \ {b.source}"
        return Written(words, Bond.SUM)

    def function(self, rule: Record, operands: list[Written]) -> Written:
        template = rule.latex
        if template is None:
            head = rf"\mathrm{{{_escaped(rule.name)}}}"
            fixed = [rf"\mathrm{{{_escaped(name)}}} = {_escaped(x)}" for name, x in _static(rule)]
            return Written(f"{head}({_list(operands, fixed)})", Bond.APPLIED)
        prefix = _PREFIX.fullmatch(template)
        if prefix and len(operands) == 1:
            return self.called(prefix[1].replace("{{", "{").replace("}}", "}"), operands[0])
        inside = {int(m[1]) for m in _ENCLOSED.finditer(template)}
        shown = [x if i in inside else self.at_least(x, Bond.ATOM) for i, x in enumerate(operands)]
        source = template.format(*(x.source for x in shown))
        return Written(source, _bond(template))


class Text(Notation):
    """One line of Unicode text, for terminals."""

    dot = tight = "·"
    entrywise_sign = "⊙"
    juxtaposes = False

    def name(self, latex: str, text: str) -> Written:
        return Written(text, _holding(latex, r"\^"))

    def fraction(self, x: Fraction) -> Written:
        return Written(f"{x.numerator}/{x.denominator}", Bond.PRODUCT)

    def power_of_ten(self, exponent: int) -> str:
        return f"10{str(exponent).translate(_RAISED)}"

    def divide(self, a: Written, b: Written) -> Written:
        over = self.at_least(a, Bond.SIGNED)
        over = self.bracketed(over) if over.ajar else over
        under = self.at_least(b, Bond.POWER)
        bond = Bond.SIGNED if over.bond == Bond.SIGNED else Bond.PRODUCT
        return Written(f"{over.source}/{under.source}", bond)

    def power(self, a: Written, n: Written) -> Written:
        small = n.source.translate(_RAISED)
        if n.source.lstrip("-").isdigit():
            return self.raised(a, n, small)
        base = self.at_least(a, Bond.ATOM).source
        return Written(f"{base}^{self.at_least(n, Bond.ATOM).source}", Bond.POWER)

    def sqrt(self, x: Written) -> Written:
        return Written(f"√{self.at_least(x, Bond.ATOM).source}", Bond.POWER)

    def relation(self, a: Written, sign: str, b: Written) -> Written:
        signs = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
        return Written(f"[{a.source} {signs.get(sign, sign)} {b.source}]")

    def choice(self, a: Written, condition: Written, b: Written) -> Written:
        return Written(f"{a.source} if {condition.source.strip('[]')} else {b.source}", Bond.SUM)

    def function(self, rule: Record, operands: list[Written]) -> Written:
        if len(operands) == 1 and _PREFIX.fullmatch(rule.latex or ""):
            return self.called(rule.name, operands[0])
        fixed = [f"{name} = {x}" for name, x in _static(rule)]
        return Written(f"{rule.name}({_list(operands, fixed)})", Bond.APPLIED)


LATEX: Final = Latex()
TEXT: Final = Text()

_STARTS_WITH_FRACTION: Final = re.compile(r"\\frac\{\d+\}\{\d+\}")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# a command (sin, or an upright word) in front of its only operand
_PREFIX: Final = re.compile(r"(\\[A-Za-z]+(?:\{\{[A-Za-z]+\}\})?)(?: |\\,)?\{0\}")
# an operand that braces, brackets or commas fence in
_ENCLOSED: Final = re.compile(
    r"(?:(?<!\^)\{\{|\^\{\{|[(|,\[] ?)\{(\d)\}(?=(?:\}\}(?!\^)| ?[)|,\]]))"
)


def _bond(template: str) -> Bond:
    """How tightly what a template writes holds together."""
    outside = template
    while (inner := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", outside)) != outside:
        outside = inner
    if re.search(r"[+-]", outside):
        return Bond.SUM
    if outside.startswith("|"):
        return Bond.ATOM
    return (
        Bond.POWER if "^" in outside or outside.startswith((r"\frac", r"\sqrt")) else Bond.APPLIED
    )


def ends(x: Fraction) -> bool:
    """Whether six decimals are all of it: then somebody wrote it as a decimal, or would.

    >>> ends(Fraction(1, 2)), ends(Fraction(1, 3))
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
