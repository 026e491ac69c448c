"""B on arrays: the rules of single operations, which their records name. q is the question."""

from __future__ import annotations

from typing import Final

from grading.catalogue.mistake import Generator, Mistake

ROWS: Final = (
    "B1", "B2a", "B2b", "B3", "B4a", "B4b", "B5a", "B5b", "B5c", "B6a", "B6b", "B6c", "B7b", "B8a",
    "B8b", "B8d", "B9a", "B9b", "B10a", "B10b", "B10c", "B10d", "B10e", "B10f", "B11a", "B11b", "B11c",
    "B11d", "B11e", "B12a", "B12b", "B12e", "B13a", "B14a", "B14b", "B16a", "B16b", "B17", "B18a",
)  # fmt: skip
"""Rows of which a record has the wrong derivative"""

SAYS: Final = "The derivative of an operation is wrong: look up its rule, at {where}."


def _alone(row: str) -> Generator:
    return lambda q: q.rules.alone(row)


def _everywhere(row: str) -> Generator:
    return lambda q: q.rules.everywhere(row)


OPERATIONS: Final = (
    *(Mistake(row, "a rule of an operation", SAYS, 3, _alone(row)) for row in ROWS),
    *(
        Mistake(
            "K1", "a rule of an operation, everywhere", SAYS, 3, _everywhere(row)
        )
        for row in ROWS
    ),
    Mistake(
        "B12c", "mask of the derivative",
        "At {where} you looked at the sign of what arrives from behind: the sign of its operand decides.",
        2, lambda q: q.rules.rectifiers(lambda u, g: g > 0),
    ),
    Mistake(
        "B12d", "both masks",
        "At {where} the sign of its operand alone decides, not that of what arrives from behind.",
        1, lambda q: q.rules.rectifiers(lambda u, g: (g > 0) & (u > 0)),
    ),
    Mistake(
        "B12f", "rectifier at zero",
        "At its kink the rectifier passes nothing on here: see {where}.",
        1, lambda q: q.rules.rectifiers(lambda u, g: u >= 0),
    ),
    Mistake(
        "B15", "quadratic form",
        "You differentiated a quadratic form as if its matrix were symmetric: it goes in once transposed.",
        3, lambda q: q.structure.twice_one_use(q.linear.contributions),
    ),
    Mistake(
        "B", "a rule of an operation",
        SAYS, 3, lambda q: q.rules.others(ROWS),
    ),
)  # fmt: skip
