"""Formulas in LaTeX, in the part of it that matplotlib sets too."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, ClassVar, Final

from autograd_lite.record import Record
from viz.formulas.escaping import latex_math, upright
from viz.formulas.notation import Formula, Notation, Precedence, short


class Latex(Notation):
    """LaTeX mathematics, in the part of it that matplotlib sets too."""

    is_latex = True
    dot = r" \cdot "
    tight = " "
    entrywise_sign = r"\odot"
    exp = r"\exp"
    relations: ClassVar = {">=": r"\geq", "<=": r"\leq", "==": "=", "!=": r"\neq"}
    superscripts = "^'"
    juxtaposes = True

    def word(self, text: str) -> str:
        return upright(text)

    def literal(self, x: Any) -> str:
        return latex_math(super().literal(x))

    def indexed(self, x: Formula, index: str) -> Formula:
        whole = self.at_least(x, Precedence.ATOM).source
        subscripted = f"{{{whole}}}" if "_" in whole[-8:] and whole.endswith("}") else whole
        return short(Formula(f"{subscripted}_{{[{index}]}}"))

    def fraction(self, x: Fraction) -> Formula:
        return Formula(rf"\frac{{{x.numerator}}}{{{x.denominator}}}", Precedence.POWER)

    def power_of_ten(self, exponent: int) -> str:
        return f"10^{{{exponent}}}"

    def bracketed(self, x: Formula) -> Formula:
        tall = r"\frac" in x.source or r"\left" in x.source
        return Formula(rf"\left({x.source}\right)" if tall else f"({x.source})")

    def between(self, left: str, right: str) -> str:
        if _STARTS_WITH_FRACTION.match(right):
            return self.dot
        if r"\mathrm" in left + right and not right[:1].isdigit():
            return r" \, "
        return super().between(left, right)

    def divide(self, a: Formula, b: Formula) -> Formula:
        if a.precedence == Precedence.SIGNED:
            over = self.divide(Formula(a.source[1:]), b)
            return Formula(f"-{over.source}", Precedence.SIGNED)
        return Formula(rf"\frac{{{a.source}}}{{{b.source}}}", Precedence.POWER)

    def applied(self, head: str, x: Formula) -> Formula:
        if _ONE_FRACTION.fullmatch(x.source):  # its bar shows how far it goes
            return Formula(
                f"{head} {x.source}",
                Precedence.APPLIED,
                head,
                f" {x.source}",
                ends_unbracketed=True,
            )
        return super().applied(head, x)

    def power(self, a: Formula, n: Formula) -> Formula:
        return self.raised(a, n, f"^{{{slashed(n.source)}}}")

    def sqrt(self, x: Formula) -> Formula:
        return Formula(rf"\sqrt{{{x.source}}}", Precedence.POWER)

    def choice(self, a: Formula, condition: Formula, b: Formula) -> Formula:
        test = condition.source.strip("[]")
        words = rf"{a.source} \ \mathrm{{if}} \ {test}, \ \mathrm{{else}} \ {b.source}"
        return Formula(words, Precedence.SUM)

    def function(self, rule: Record, operands: list[Formula]) -> Formula:
        template = rule.latex
        if template is None or self.is_taken(rule):
            return super().function(rule, operands)
        prefix = PREFIX.fullmatch(template)
        if prefix and len(operands) == 1:
            return self.applied(prefix[1].replace("{{", "{").replace("}}", "}"), operands[0])
        inside = {int(m[1]) for m in _ENCLOSED.finditer(template)}
        shown = [
            x if i in inside else self.at_least(x, Precedence.ATOM) for i, x in enumerate(operands)
        ]
        source = template.format(*(x.source for x in shown))
        return Formula(source, _precedence(template))


LATEX: Final = Latex()

_STARTS_WITH_FRACTION: Final = re.compile(r"\\frac\{\d+\}\{\d+\}")
# a command (sin, or an upright word) in front of its only operand
PREFIX: Final = re.compile(r"(\\[A-Za-z]+(?:\{\{[A-Za-z]+\}\})?)(?: |\\,)?\{0\}")
# an operand that braces, brackets or commas fence in
_ENCLOSED: Final = re.compile(
    r"(?:(?<!\^)\{\{|\^\{\{|[(|,\[] ?)\{(\d)\}(?=(?:\}\}(?!\^)| ?[)|,\]]))"
)


def slashed(exponent: str) -> str:
    r"""An exponent on one line: e^{-t/10}, as long as it stays clear what is divided by what.

    >>> slashed(r"-\frac{x^{2}}{2}"), slashed(r"\frac{a + b}{2 c} + d"), slashed(r"\frac{a}{2} b")
    ('-x^{2}/2', '(a + b)/(2 c) + d', '\\frac{a}{2} b')
    """
    found = _FRACTION.match(exponent)
    if not found or not _ENDS_FACTOR.match(exponent, found.end()):
        return exponent
    over, under = (
        f"({x})" if loose.search(_outside(x)) else x
        for x, loose in ((found[2], _SUM), (found[3], _FACTORS))
    )
    return f"{found[1]}{over}/{under}{exponent[found.end() :]}"


def _outside(source: str) -> str:
    """What stands outside all braces and brackets."""
    while (inner := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", source)) != source:
        source = inner
    return source


_GROUP: Final = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_FRACTION: Final = re.compile(rf"(-?)\\frac{_GROUP}{_GROUP}")
_ONE_FRACTION: Final = re.compile(rf"\\frac{_GROUP}{_GROUP}")
_ENDS_FACTOR: Final = re.compile(r" [+-] |$")
_SUM: Final = re.compile(r" [+-] |\\frac|\\left|^-")
_FACTORS: Final = re.compile(rf"[ ]|{_SUM.pattern}")


def _precedence(template: str) -> Precedence:
    """How tightly what a template writes holds together."""
    outside = template
    while (inner := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", outside)) != outside:
        outside = inner
    if re.search(r"[+-]", outside):
        return Precedence.SUM
    if outside.startswith("|"):
        return Precedence.ATOM
    return (
        Precedence.POWER
        if "^" in outside or outside.startswith((r"\frac", r"\sqrt"))
        else Precedence.APPLIED
    )
