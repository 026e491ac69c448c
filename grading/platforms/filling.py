"""A question bank from an assignment: what each mistake gives with each set of numbers, and its sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from autograd_lite.errors import AssignmentError
from autograd_lite.names import pretty
from grading.assignments import Assignment
from grading.assignments.asked_of import AskedOf
from grading.assignments.grade import grade_fields
from grading.assignments.questions import Part, Question
from grading.assignments.readable import equation
from grading.figures import figure
from grading.platforms.bank import BankQuestion, Numerical, Row, half_a_unit, rounded
from grading.results import EARNS, Item

Credit = Mapping[str, float]
"""A row of the catalogue, "A18" -> the part of the points that it earns, from 0 to 1"""

_DIGITS: Final = 4
_NOISE: Final = 1e-13  # of the largest number: what is left of a zero after rounding
_OTHER_UNITS: Final = (100.0, 0.01, 180 / math.pi, math.pi / 180)
"""right answers in per cent and in degrees, and the other way round"""
_UNRELATED: Final = (1.23457, -2.71829, 0.57722, 3.35989, -0.76423, 1.64493, 0.30103, -4.66920)
_CANNOT: Final = {
    "formula": "a formula, and a bank compares numbers",
    "array": "an array, and a bank compares single numbers",
    "function": "code, and a bank runs none",
    "module": "code, and a bank runs none",
}


@dataclass(frozen=True)
class Bank:
    """The questions that a bank can hold, and a sentence for each that it cannot."""

    title: str
    questions: tuple[BankQuestion, ...]
    left_out: tuple[str, ...]


def bank(
    assignment: Assignment,
    *,
    variants: int = 50,
    credit: Credit | None = None,
    only: Iterable[str] = (),
) -> Bank:
    """The numerical questions of an assignment, so many variants of each.

    variants  sets of numbers, of those that the assignment's students get; fewer where there are fewer
    credit    partial credit for mistakes
    only      names of questions; without any all that a bank can hold

    Raises AssignmentError where none is left, or one that was named cannot be held.
    """
    named = [assignment.question(name).name for name in only]
    chosen = [q for q in assignment.questions if not named or q.name in named]
    reasons = {q.name: reason for q in chosen if (reason := why_not(q))}
    if len(reasons) == len(chosen) or (named and reasons):
        raise AssignmentError(
            f"{assignment.name}: {' '.join(reasons.values()) or 'it has no questions.'}"
        )
    held = (
        _question(assignment, q, variants, credit or {}) for q in chosen if q.name not in reasons
    )
    return Bank(assignment.title, tuple(held), tuple(reasons.values()))


def why_not(question: Question) -> str:
    """Why a bank of numbers cannot hold a question; nothing where it can."""
    kinds = (_CANNOT[x.kind] for x in question.fields if x.kind in _CANNOT)
    reason = next(kinds, None if question.fields else "nothing")
    return f"{question.name} asks for {reason}." if reason else ""


def _question(
    assignment: Assignment, question: Question, variants: int, credit: Credit
) -> BankQuestion:
    graph = question.graph
    pool = assignment.pools("graded")[graph.name] if graph is not None else None
    size = 0 if pool is None else min(pool.size, variants)
    asked = [AskedOf(question, pool, k) for k in range(size)]
    shown = figure(asked[0])
    numbers = (_number(one, part, credit) for one in asked for part in question.parts)
    return BankQuestion(
        question.name, question.title, question.text, tuple(map(equation, asked[0].says)),
        shown.svg.encode(), shown.says, tuple(numbers), question.visibility,
    )  # fmt: skip


def _number(asked: AskedOf, part: Part, credit: Credit) -> Numerical:
    """One number that is asked at one set of numbers."""
    digits = part.field.digits or _DIGITS
    alone = AskedOf(replace(asked.question, ask="total", parts=(part,)), asked.pool, asked.k)
    judged = {
        text: grade_fields(alone, {part.field.name: text})[0] for text in typed(asked, part, digits)
    }
    unknown = _otherwise(alone, part, digits)
    said = {
        text: x for text, x in judged.items() if x.status in EARNS or x.ids or x.feedback != unknown
    }
    asks = f"{part.field.label} = ? ({digits} significant digits)"
    givens = tuple((pretty(x.name), f"{float(x.value):.12g}") for x in asked.givens)
    first, *others = sorted(_rows(said, digits, credit), key=lambda row: -row.fraction)
    return Numerical(
        f"{asked.k + 1:03}", part.field.name, asks, givens, part.field.points, digits,
        (_widened(asked, part, first), *others), unknown,
    )  # fmt: skip


def _widened(asked: AskedOf, part: Part, row: Row) -> Row:
    """The right answer's row, as wide as the relative error that the assignment allows."""
    allowed = asked.question.tolerance
    if allowed is None or asked.pool is None:
        return row
    prepared, k = asked.pool.asked(part, asked.k)
    right = float(prepared.right[k])
    wide = (Decimal(abs(right)) * Decimal(allowed)).quantize(row.tolerance / 1000)
    return (
        replace(row, text=f"{Decimal(right):.12g}", tolerance=wide) if wide > row.tolerance else row
    )


def typed(asked: AskedOf, part: Part, digits: int) -> list[str]:
    """What students may type that can be told apart, each text once, the right answer first.

    Of the right answer the numbers beside it too; of every answer where work by hand may be a little off.
    """
    if asked.pool is None:
        return []
    prepared, k = asked.pool.asked(part, asked.k)
    right = float(prepared.right[k])
    wrong = [*prepared.numbers[:, k].tolist(), *(right * x for x in _OTHER_UNITS)]
    found = list(_around(right, digits))
    least = _NOISE * max(map(abs, filter(math.isfinite, wrong)), default=1.0)
    for value in (x if abs(x) > least else 0.0 for x in wrong if math.isfinite(x)):
        found += _around(value, digits) if asked.question.hand else [rounded(value, digits)]
    return list(dict.fromkeys(found))


def _around(value: float, digits: int) -> Iterator[str]:
    """A number as it is typed, and both its neighbours."""
    text = rounded(value, digits)
    yield text
    if value:
        unit = 2 * half_a_unit(text, digits)
        yield from (rounded(float(Decimal(text) + step), digits) for step in (-unit, unit))


def _otherwise(asked: AskedOf, part: Part, digits: int) -> str:
    """What is said of a number that no mistake gives."""
    for x in _UNRELATED:
        item = grade_fields(asked, {part.field.name: rounded(x, digits + 2)})[0]
        if item.status == "wrong" and not item.ids:
            return item.feedback
    return "This is not right."


def _rows(judged: Mapping[str, Item], digits: int, credit: Credit) -> Iterator[Row]:
    """A row for each number; zero has room for itself up to its nearest neighbour."""
    sizes = [abs(Decimal(text)) for text in judged if Decimal(text)]
    for text, item in judged.items():
        near = min(sizes, default=Decimal(1)) / 4
        tolerance = (
            half_a_unit(text, digits) if Decimal(text) else min(near, Decimal((0, (5,), -digits)))
        )
        yield Row(text, tolerance, _fraction(item, credit), item.feedback, item.ids)


def _fraction(item: Item, credit: Credit) -> float:
    """All points, or what the instructor gives for the likeliest mistake."""
    if item.status in EARNS:
        return 1.0
    first = item.ids[0].partition(":")[0] if item.ids else ""
    return credit.get(first, 0.0)
