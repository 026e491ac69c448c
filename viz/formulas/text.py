"""Formulas as one line of Unicode text, for terminals."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import ClassVar, Final

from autograd_lite.names import LETTERS
from autograd_lite.record import Record
from viz.formulas.latex import PREFIX
from viz.formulas.notation import Formula, Notation, Precedence

RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Text(Notation):
    """One line of Unicode text, for terminals."""

    is_latex = False
    dot = tight = "·"
    entrywise_sign = "⊙"
    exp = "exp"
    relations: ClassVar = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
    superscripts = "^"
    juxtaposes = False

    def word(self, text: str) -> str:
        return text

    def fraction(self, x: Fraction) -> Formula:
        return Formula(f"{x.numerator}/{x.denominator}", Precedence.PRODUCT)

    def power_of_ten(self, exponent: int) -> str:
        return f"10{str(exponent).translate(RAISED)}"

    def divide(self, a: Formula, b: Formula) -> Formula:
        over = self.at_least(a, Precedence.SIGNED)
        over = self.bracketed(over) if over.ends_unbracketed else over
        under = self.at_least(b, Precedence.POWER)
        precedence = (
            Precedence.SIGNED if over.precedence == Precedence.SIGNED else Precedence.PRODUCT
        )
        return Formula(f"{over.source}/{under.source}", precedence)

    def power(self, a: Formula, n: Formula) -> Formula:
        small = n.source.translate(RAISED)
        if n.source.lstrip("-").isdigit():
            return self.raised(a, n, small)
        base = self.at_least(a, Precedence.ATOM).source
        return Formula(f"{base}^{self.at_least(n, Precedence.ATOM).source}", Precedence.POWER)

    def sqrt(self, x: Formula) -> Formula:
        return Formula(f"√{self.at_least(x, Precedence.ATOM).source}", Precedence.POWER)

    def choice(self, a: Formula, condition: Formula, b: Formula) -> Formula:
        return Formula(
            f"{a.source} if {condition.source.strip('[]')} else {b.source}", Precedence.SUM
        )

    def function(self, rule: Record, operands: list[Formula]) -> Formula:
        if len(operands) == 1 and PREFIX.fullmatch(rule.latex or ""):
            return self.applied(rule.name, operands[0])
        letter = _LETTER.fullmatch(rule.latex or "")
        if len(operands) == 1 and letter and letter[1] in LETTERS and not self.is_taken(rule):
            return Formula(f"{LETTERS[letter[1]]}({operands[0].source})", Precedence.APPLIED)
        return super().function(rule, operands)


_LETTER: Final = re.compile(r"\\([A-Za-z]+)\(\{0\}\)")
TEXT: Final = Text()
