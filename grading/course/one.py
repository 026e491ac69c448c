"""One submission, graded: what is read of it, matched with the student's paper, and judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy.ma  # noqa: F401 - NumPy loads it when first asked, and two threads may ask at once

from grading.assignments import Assignment, Paper
from grading.assignments.questions import Question
from grading.code import grade_code
from grading.course.attempts import RETRIES
from grading.course.contents import Contents, Problem
from grading.course.matching import matched
from grading.course.submission import Submission, submission
from grading.course.variables import Variables, variables
from grading.results import Item, Report
from grading.sandbox import Tier

Coder: TypeAlias = Callable[[Question, "str | Sequence[str]", "Tier | None", int], Iterable[Item]]
"""(question, the student's Python or a notebook's cells, tier, seed) -> items"""

_KNOWN: dict[str, Assignment] = {}  # of this process: mistakes are worked out once for all tasks


@dataclass(frozen=True)
class Setting:
    """What is the same for all submissions of a run; it can be sent to other processes.

    tier   in which students' code runs; None where the assignment asks for none
    coder  judges students' functions
    """

    assignment: Assignment
    tier: Tier | None = None
    coder: Coder = grade_code

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "assignment": replace(self.assignment, _pools={})}

    def __setstate__(self, state: dict[str, Any]) -> None:
        sent = state["assignment"]
        self.__dict__.update(state, assignment=_KNOWN.setdefault(sent.hash, sent))


def graded(setting: Setting, contents: Contents) -> Report:
    """Read and judge a submission; where the grader fails on an item, all of it again.

    Raises whatever the grader fails on outside of items.
    """
    for _ in range(RETRIES):
        report = _graded(setting, contents)
        if not any(item.status == "grader_error" for item in report.items):
            return report
    return _graded(setting, contents)


def _graded(setting: Setting, contents: Contents) -> Report:
    began = time.monotonic()
    given = submission(contents)
    paper = setting.assignment.paper(given.student)
    found = matched(given.answers, paper)
    ran = variables(given.cells, paper, setting.tier) if given.cells else Variables()
    for question, part, value in ran.answers:
        inside = matched({question: {part: value}}, paper)
        found.remarks += inside.remarks
        for name, fields in inside.answers.items():
            found.answers.setdefault(name, {}).update(fields)
    items = paper.grade(found.answers, code=_coded(setting, given))
    said = (*given.warnings, *_for_another(given, paper), *found.remarks, *ran.warnings)
    runs_code = bool(
        given.cells or (given.source and any(q.question.is_code for q in paper.questions))
    )
    return Report(
        given.student,
        setting.assignment.name,
        tuple(_explained(item, ran.problems, given.problem or ran.problem) for item in items),
        setting.tier if runs_code else None,
        said or tuple(_nothing_found(items, given)),
        round(time.monotonic() - began, 3),
    )


def _coded(setting: Setting, given: Submission) -> Callable[[Question, int], Iterable[Item]] | None:
    files = (given.source,) if given.source else ()
    source = (*files, *given.cells) if given.cells else given.source
    if not source:
        return None
    return lambda question, seed: setting.coder(question, source, setting.tier, seed)


def _explained(
    item: Item, problems: Mapping[tuple[str, str], Problem], problem: Problem | None
) -> Item:
    """What is missing because it could not be taken is not called missing."""
    why = problems.get((item.question, item.part), problem)
    if item.status != "missing" or why is None:
        return item
    return replace(item, status=why.status, feedback=f"{why.says.removesuffix('.')}.")


def _nothing_found(items: Sequence[Item], given: Submission) -> Iterable[str]:
    """What stands there is read, and answers nothing: a student should learn that at once, and why."""
    if given.problem is None and all(item.status == "missing" for item in items):
        yield (
            "nothing in what was handed in answers a question: answers are lines question,field,answer in a "
            "CSV file, the file that the form saves, or variables of a notebook"
        )


def _for_another(given: Submission, paper: Paper) -> Iterable[str]:
    if given.assignment and given.assignment != paper.assignment:
        yield f"the form is of {given.assignment[:60]!r}, and is graded as {paper.assignment!r}"


def not_graded(setting: Setting, student: str, why: str) -> Report:
    """The report of a submission that the grader failed on: every item is open, and costs nothing."""
    items = tuple(
        Item(
            q.name, x.name, "grader_error", None, x.points, note=why, visibility=q.visibility
        )
        for q in setting.assignment.questions
        for x in q.fields
    )  # fmt: skip
    return Report(student, setting.assignment.name, items)
