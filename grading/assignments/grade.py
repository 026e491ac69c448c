"""What was typed, judged: read, diagnosed, and told to the student as far as the instructor wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np

from autograd_lite.errors import AnswerError
from grading._diagnose import judge
from grading.answers import Reading, Typed, read
from grading.answers.text import told
from grading.asking import Asked
from grading.assignments.asked_of import AskedOf
from grading.assignments.questions import Part, Question
from grading.closeness import FEWEST
from grading.diagnosis import Diagnosis
from grading.recognizers.follow_through import judge_lines
from grading.results import Item
from grading.wording import sentence

FAILED: Final = "The grader failed here, which costs you no points. Your instructor sees why."
_TELLING: Final = 4
"""digits below which numbers of different students agree by chance"""
_CUT: Final = 2.0
"""half units in the last place that a number may be off whose later digits were cut off"""
_BY_HAND: Final = 3.0
"""half units in the last place that hand work may be off"""


def grade_fields(asked: AskedOf, typed: Mapping[str, object]) -> tuple[Item, ...]:
    """An item for each part of a question that is answered by typing.

    typed  {field: what was typed, or a number or an array}
    """
    if asked.question.ask == "table":
        return _table(asked, typed)
    parts = asked.question.parts
    return tuple(
        _guarded(asked.question, part, partial(_one, asked, part, typed.get(part.field.name)))
        for part in parts
    )


def _guarded(question: Question, part: Part, judged: Callable[[], Item]) -> Item:
    """The item, or where the grader fails one that costs nobody points."""
    try:
        return judged()
    except Exception as error:  # noqa: BLE001 - a stranger's answer must not end the run
        return _item(
            question, part, "grader_error", FAILED, note=f"{type(error).__name__}: {error}"[:300]
        )


def _one(asked: AskedOf, part: Part, given: object) -> Item:
    """One part on its own."""
    question = asked.question
    if _is_missing(given):
        return _item(question, part, "missing", "There is no answer here.")
    try:
        typed = _read(asked, part, given)
    except AnswerError as error:
        return _item(question, part, "format", sentence(error), answer=told(given))
    if asked.pool is None:
        raise TypeError(f"question {question.name} has no graph")
    if typed.kind == "formula":
        prepared, k = asked.pool.formula(part, asked.k), 0
    else:
        prepared, k = asked.pool.asked(part, asked.k)
    found = _told(
        question, part, judge(prepared, k, typed, hand=question.hand), typed, prepared.right[k]
    )
    if found.status == "wrong" and _is_anothers(prepared, k, typed):
        return replace(
            found, note=f"{found.note}; what was given is right for another set of numbers"
        )
    return found


def _is_anothers(prepared: Asked, k: int, typed: Typed) -> bool:
    """Whether a number is right for other students: one of some hundred may be so by chance."""
    if typed.kind != "number" or (typed.digits or 0) < _TELLING:
        return False
    others = np.delete(prepared.right, k)
    numbers = [x for x in typed.readings if np.ndim(x.value) == 0]  # 1,234 is a list as well
    return any(bool(np.any(np.abs(others - x.value) <= x.unit)) for x in numbers)


def _read(asked: AskedOf, part: Part, given: object) -> Typed:
    """What was typed, as the part wants it."""
    if part.field.kind == "formula":
        names = [] if asked.pool is None else list(asked.pool.graph.nodes(asked.pool.points[0]))
        return read(given, variables=names)
    return read(given)


def _told(question: Question, part: Part, d: Diagnosis, typed: Typed, right: Any) -> Item:
    """The item that a diagnosis makes."""
    status, points = d.status, part.field.points
    if (
        question.tolerance is not None
        and part.field.kind != "formula"
        and _within(question, typed, right)
    ):
        status = "right"
    elif status == "right" and _is_coarse(question, part, typed, right):
        few = f"Give at least {part.field.digits or FEWEST} significant digits."
        return _item(question, part, "format", few, answer=typed.text)
    if status in ("diagnosed", "unknown"):
        status = "wrong"
    earned = points if status in ("right", "right_given_your_earlier_answer") else 0.0
    return _item(
        question, part, status, _feedback(question, d, status, right), earned,
        ids=d.ids, answer=typed.text, note=_note(typed, right),
        path=d.path if question.feedback in ("path", "reference") else (),
    )  # fmt: skip


def _feedback(question: Question, d: Diagnosis, status: str, right: Any) -> str:
    """What the student is told, at the instructor's level; the right answer only where that says so."""
    if status == "right" and d.status != "right":
        return "Right."
    if question.feedback != "reference":
        return d.hint(question.feedback)
    told = d.hint("path")
    return told if d.is_right else f"{told} The right answer is {_plain(right)}."


def _within(question: Question, typed: Typed, right: Any) -> bool:
    """Whether the answer is within the tolerance that the file names; a nan never is."""
    if question.tolerance is None:
        return False
    most = question.tolerance * np.max(np.abs(right))
    return any(
        np.shape(x.value) == np.shape(right)
        and bool(np.all(np.abs(np.asarray(x.value) - right) <= most))
        for x in typed.readings
    )


def _is_coarse(question: Question, part: Part, typed: Typed, right: Any) -> bool:
    """Whether an answer is right only as far as it goes, which is less far than was asked for.

    0.25 is right with all its digits where the value is a quarter.
    """
    asked = part.field.digits or FEWEST
    if typed.kind != "number" or np.ndim(right) or right == 0:
        return False
    slack = _BY_HAND if question.hand else 1.0
    half = 10.0 ** (np.floor(np.log10(abs(right))) + 1 - asked) / 2
    fits = [x for x in typed.readings if np.ndim(x.value) == 0 and _goes(x, right, slack)]
    return bool(fits) and all(
        x.digits is not None
        and x.digits < asked
        and abs(x.value - right) > slack * half * (1 + 1e-9)
        for x in fits
    )


def _goes(x: Reading, right: Any, slack: float) -> bool:
    """Whether a number is the right one as far as it goes: rounded, or cut off."""
    return bool(abs(x.value - right) <= max(slack, _CUT) * x.unit * (1 + 1e-9))


# --- tables --------------------------------------------------------------------------------------


def _table(asked: AskedOf, typed: Mapping[str, object]) -> tuple[Item, ...]:
    """Line by line: the first wrong one is diagnosed, later ones are judged by what was written before."""
    try:
        return _lines(asked, typed)
    except Exception as error:  # noqa: BLE001 - a stranger's answer must not end the run
        note = f"{type(error).__name__}: {error}"[:300]
        return tuple(
            _item(asked.question, p, "grader_error", FAILED, note=note)
            for p in asked.question.parts
        )


def _lines(asked: AskedOf, typed: Mapping[str, object]) -> tuple[Item, ...]:
    question, pool = asked.question, asked.pool
    if pool is None:
        raise TypeError(f"question {question.name} has no graph")
    read_lines: dict[str, Typed] = {}
    items: dict[str, Item] = {}
    for part in question.parts:
        given = typed.get(part.field.name)
        if _is_missing(given):
            items[part.field.name] = _item(question, part, "missing", "There is no answer here.")
            continue
        try:
            read_lines[part.field.name] = _read(asked, part, given)
        except AnswerError as error:
            items[part.field.name] = _item(
                question, part, "format", sentence(error), answer=told(given)
            )
    table, k = pool.table(question, asked.k)
    found = judge_lines(table, k, read_lines, hand=question.hand).nodes if read_lines else {}
    for part in question.parts:
        name = part.field.name
        if name not in items:
            right = table.right(table.flow.variable(name), k)
            items[name] = _told(question, part, found[name], read_lines[name], right)
    return tuple(items[part.field.name] for part in question.parts)


# --- small things --------------------------------------------------------------------------------


def _item(
    question: Question, part: Part, status: Any, feedback: str, points: float = 0.0, **rest: Any
) -> Item:
    return Item(
        question.name, part.field.name, status, None if status == "grader_error" else points,
        part.field.points, feedback, visibility=question.visibility, **rest,
    )  # fmt: skip


def _note(typed: Typed, right: Any) -> str:
    """What the instructor reads; a formula's right value depends on where it is taken."""
    if typed.kind == "formula":
        return (
            f"read as {typed.read_as}; the right value at the first point compared: {_plain(right)}"
        )
    return f"the right answer: {_plain(right)}"


def _plain(value: Any) -> str:
    """Numbers as an instructor reads them."""
    if np.ndim(value) == 0:
        return f"{float(value):.8g}"
    return np.array2string(np.asarray(value), precision=6, threshold=60, separator=", ")


def _is_missing(given: object) -> bool:
    return given is None or (issubclass(type(given), str) and not str.strip(given))  # type: ignore[arg-type]
