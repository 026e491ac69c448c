"""One student's paper: the questions with this student's numbers, and how what was handed in is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from grading.assignments.asked_of import AskedOf
from grading.assignments.grade import FAILED, grade_fields
from grading.assignments.questions import Question
from grading.assignments.seeds import Purpose
from grading.results import Item

Answers: TypeAlias = Mapping[str, Mapping[str, object]]
"""answers[question][field]: what was typed, or a number or an array from a notebook"""
Runner: TypeAlias = Callable[[Question, int], Iterable[Item]]
"""(question, seed) -> items: runs a student's functions in the sandbox"""


@dataclass(frozen=True, eq=False)
class Paper:
    """What one student is asked.

    assignment   its name
    title, text  what stands above the questions
    purpose      "graded", or "practice" with other numbers
    questions    with this student's numbers
    case_seed    what the inputs of this student's functions are drawn from
    """

    assignment: str
    title: str
    text: str
    student: str
    purpose: Purpose
    questions: tuple[AskedOf, ...]
    case_seed: int

    @property
    def showing(self) -> tuple[AskedOf, ...]:
        """The questions that show their graph: each the first about it, with numbers where one has them."""
        first: dict[str, AskedOf] = {}
        for q in sorted(self.questions, key=lambda q: q.question.is_code):
            if q.pool is not None:
                first.setdefault(q.pool.graph.name, q)
        return tuple(first.values())

    def grade(self, answers: Answers, *, code: Runner | None = None) -> tuple[Item, ...]:
        """What is said of each part of each question.

        answers  answers[question][field]: what was typed; a field that is not there is "missing"
        code     runs the student's functions, as the code room does; without it they are "missing"

        Where the grader itself fails, the item is a "grader_error" that costs nobody points.

        >>> from grading.assignments import load
        >>> paper = load("three_step").paper("ada")
        >>> {item.status for item in paper.grade({})}
        {'missing'}
        """
        found = (
            self._code(q.question, code)
            if q.question.is_code
            else grade_fields(q, _of(answers, q.name))
            for q in self.questions
        )
        return tuple(item for items in found for item in items)

    def _code(self, question: Question, code: Runner | None) -> tuple[Item, ...]:
        """The items of a question that is answered with a program."""
        if code is None:
            return tuple(
                Item(question.name, x.name, "missing", 0.0, x.points,
                     f"Hand in a file with {x.name}.", visibility=question.visibility)
                for x in question.fields
            )  # fmt: skip
        try:
            items = code(question, self.case_seed)
            return tuple(replace(item, visibility=question.visibility) for item in items)
        except Exception as error:  # noqa: BLE001 - whatever fails here is the grader's fault
            return tuple(
                Item(
                    question.name,
                    x.name,
                    "grader_error",
                    None,
                    x.points,
                    FAILED,
                    note=_brief(error),
                    visibility=question.visibility,
                )
                for x in question.fields
            )


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _of(answers: Any, question: str) -> Mapping[str, object]:
    """What was answered to a question; {} where nothing that can be read was."""
    found = answers.get(question, {}) if isinstance(answers, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
