"""How functions look in a language: what `Dialect.functions` holds.

Each form makes the function (dialect, *operands) -> Text of its sign or name.
"""

from __future__ import annotations

from typing import Final

from autograd_lite.source.dialect import Dialect, Writer
from autograd_lite.source.text import Precedence, Text


def call(name: str, *, is_truth: bool = False) -> Writer:
    """A call: Math.exp(a, b); or a template with {0} for the operands: float(np.cbrt({0}))."""
    template = name if "{0}" in name else name + "({0})"

    def write(to: Dialect, *xs: object) -> Text:
        inside = ", ".join(to.literal(x).source for x in xs)
        return to.text(template.format(inside), Precedence.ATOM, is_truth)

    return write


def infix(sign: str, level: Precedence) -> Writer:
    """An operator between two operands: a - b, where a - (b - c) keeps its brackets."""

    def write(to: Dialect, a: object, b: object) -> Text:
        return to.text(f"{to.within(a, level)} {sign} {to.within(b, _above(level))}", level)

    return write


def comparison(sign: str) -> Writer:
    """A comparison: a < b."""
    level, inside = Precedence.COMPARISON, _above(Precedence.COMPARISON)

    def write(to: Dialect, a: object, b: object) -> Text:
        return to.text(f"{to.within(a, inside)} {sign} {to.within(b, inside)}", level, True)

    return write


def connective(sign: str, level: Precedence) -> Writer:
    """What holds by what both operands hold: a and b."""

    def write(to: Dialect, a: object, b: object) -> Text:
        return to.text(f"{to.holds(a, level)} {sign} {to.holds(b, level)}", level, True)

    return write


def negation(sign: str, level: Precedence) -> Writer:
    """What holds where the operand does not: not a."""
    return lambda to, a: to.text(f"{sign}{to.holds(a, level)}", level, True)


def prefix(sign: str) -> Writer:
    """A sign in front: -a, and -(-a), since --a means something else in some languages."""
    level, inside = Precedence.SIGN, _above(Precedence.SIGN)
    return lambda to, a: to.text(f"{sign}{to.within(a, inside)}", level)


def choice(template: str) -> Writer:
    """A template of {0}, a condition, with {1} where it holds and {2} where it does not."""
    level = Precedence.CHOICE

    def write(to: Dialect, c: object, a: object, b: object) -> Text:
        parts = to.holds(c, _above(level)), to.within(a, _above(level)), to.within(b, level)
        return to.text(template.format(*parts), level)

    return write


def logic(both: Writer, either: Writer, opposite: Writer) -> dict[str, Writer]:
    """The connectives under NumPy's names; on truths the bitwise ones are the same."""
    return {
        **dict.fromkeys(("logical_and", "bitwise_and"), both),
        **dict.fromkeys(("logical_or", "bitwise_or"), either),
        **dict.fromkeys(("logical_not", "invert"), opposite),
    }


def _above(level: Precedence) -> Precedence:
    return Precedence(level + 1)


OPERATORS: Final[dict[str, Writer]] = {
    "add": infix("+", Precedence.SUM),
    "subtract": infix("-", Precedence.SUM),
    "multiply": infix("*", Precedence.PRODUCT),
    "divide": infix("/", Precedence.PRODUCT),
    "negative": prefix("-"),
    "less": comparison("<"),
    "less_equal": comparison("<="),
    "greater": comparison(">"),
    "greater_equal": comparison(">="),
    "equal": comparison("=="),
    "not_equal": comparison("!="),
}
"""What nearly every language writes alike; one that does not puts its own in the place."""
