"""J: the form of an answer, and what its entries tell. Found in the answer, so nothing is generated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from grading.catalogue.mistake import Found, Mistake


def _none(asked: Any) -> Iterable[Found]:
    return ()


def _form(identifier: str, name: str, says: str, prior: int = 3) -> Mistake:
    return Mistake(identifier, name, says, prior, _none)


TRANSPOSED: Final = _form(
    "J1",
    "transposed",
    "Your array is the transpose of the right one: look at which index is which.",
)
FLIPPED: Final = _form(
    "J2", "flipped", "The entries of your array run the wrong way along {where}."
)
ROLLED: Final = _form(
    "J3", "shifted by one", "Your array is shifted by one along {where}: look at the first index."
)
RESHAPED: Final = _form(
    "J4", "entries in another order", "Your array has the right entries in another order: {where}."
)
PERCENT: Final = _form("J5", "percent", "Your number is {where}: look at the percent sign.", 2)
DEGREES: Final = _form(
    "J6", "degrees", "You converted {where}: derivatives of sin and cos are those in radians.", 2
)
SINGLE: Final = _form("J7", "one wrong entry", "All entries are right but the one at {where}.")
SWAPPED: Final = _form(
    "J8", "two parts swapped", "Two parts of your answer stand in each other's place: {where}."
)
SUPPORT: Final = _form(
    "J9", "some entries wrong", "The wrong entries are those {where}; all others are right."
)
FACTOR: Final = _form(
    "J10",
    "a constant factor",
    "Your answer is {where}: look for a factor that is lost or one too many.",
)
PATHS: Final = _form(
    "K10",
    "contributions counted wrongly",
    "Your answer is a sum of the right contributions, but {where}.",
)
PAIR: Final = _form("K11", "two mistakes", "You made two mistakes: {where}.", 1)
