"""B on arrays: the rules of single operations, said as on graphs of numbers. q is the question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from grading.catalogue.local import OWN, RULES
from grading.catalogue.mistake import Generator, Mistake

RECTIFIERS: Final[dict[str, Generator]] = {
    "B12c": lambda q: q.rules.rectifiers(lambda u, g: g > 0),
    "B12d": lambda q: q.rules.rectifiers(lambda u, g: (g > 0) & (u > 0)),
    "B12f": lambda q: q.rules.rectifiers(lambda u, g: u >= 0),
}
"""Rules of which a record has no malrule, as what arrives decides"""


def _alone(row: str) -> Generator:
    return RECTIFIERS.get(row, lambda q: q.rules.alone(row))


def _everywhere(row: str) -> Generator:
    return lambda q: q.rules.everywhere(row)


def _shared() -> Iterator[Mistake]:
    """The rows of numbers, and each again as made at all operations of a kind."""
    for m in RULES:
        yield replace(m, generate=_alone(m.identifier))
        name = f"{m.name}, everywhere"
        yield replace(m, identifier="K1", name=name, generate=_everywhere(m.identifier))


OF_ARRAYS: Final = (
    Mistake(
        "B14a", "sum instead of mean",
        "You took a sum where there is a mean, or lost the number of terms: see {at}.",
        3, lambda q: q.rules.both("B14a"),
    ),
    Mistake(
        "B14b", "mean instead of sum",
        "You took a mean where there is a sum: see {at}.",
        3, lambda q: q.rules.both("B14b"),
    ),
    Mistake(
        "B15", "quadratic form",
        "You differentiated a quadratic form as if its matrix were symmetric: it goes in once transposed.",
        3, lambda q: q.structure.twice_one_use(q.linear.contributions),
    ),
    Mistake(
        "B16a", "norm",
        "The length stands in the denominator of its derivative, and there is no factor of two: see {at}.",
        3, lambda q: q.rules.both("B16a"),
    ),
    Mistake(
        "B16b", "norm",
        "The length stands in the denominator of its derivative, which is missing: see {at}.",
        3, lambda q: q.rules.both("B16b"),
    ),
)  # fmt: skip

ROWS: Final = frozenset(m.identifier for m in (*RULES, *OF_ARRAYS))

OPERATIONS: Final = (
    *_shared(),
    *OF_ARRAYS,
    replace(OWN, generate=lambda q: q.rules.others(ROWS)),
)
