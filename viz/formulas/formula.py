"""A formula on its way to paper: its source, and how tightly it holds together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

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


def short(x: Formula) -> Formula:
    """The same, if it can still be read."""
    if len(x.source) > limits.FORMULA:
        raise TooLongError(f"a formula of more than {limits.FORMULA} characters")
    return x
