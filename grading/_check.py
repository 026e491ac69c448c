"""`grading.check`: an answer in a notebook, judged where it stands."""

from __future__ import annotations

import io
import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from autograd_lite.errors import AssignmentError
from grading.assignments import Assignment, Paper, load
from grading.assignments.asked_of import AskedOf
from grading.assignments.questions import Question
from grading.code import grade_code
from grading.notebooks.answers import Answers, answers_of
from grading.notebooks.shown import as_text, show_picture, told
from grading.notebooks.source import source_here
from grading.results import Item

Where: TypeAlias = str | os.PathLike[str] | Assignment
_PRACTICE: Final = "practice"


class Check:
    """Judge an answer in a notebook: print what went wrong, and return the points as a plain float.

    answer      {field: what was typed}, or the answer alone where a question has one field; by default the
                variable of the question's name, `q1 = {"h_0": "0.4919"}`, or variables of the fields' names
    assignment  its file; by default that of `check.use`, or the one .toml file of the current folder
    student     whose numbers are asked; without one the numbers are for practice, others than the graded ones

    >>> from grading import check
    >>> check.use("three_step")
    >>> check("held", {"h_0": "about a half"})
    held: 0 of 2 points (practice: other numbers than the graded ones)
    ? h_0: ...
    Tier D, trusted: the check ran inside the student's own process, which can forge its result.
    0.0

    It runs in the student's own process, which could print any mark (tier D, trusted): what must hold against
    strangers is graded by `flowgrade run`.

    Raises AssignmentError when there is no such assignment or question.
    """

    def __init__(self) -> None:
        self._used: Assignment | None = None
        self._student: str | None = None

    def __call__(
        self,
        question: str,
        answer: object = None,
        *,
        assignment: Where | None = None,
        student: str | None = None,
    ) -> float:
        """As the class says."""
        names = _callers_names() if answer is None else {}
        with redirect_stderr(
            io.StringIO()
        ):  # a word there, such as a warning, is zero points in nbgrader
            asked, answers, items = self._judged(question, answer, names, assignment, student)
            practice = (student or self._student) is None
            seen = [x for x in items if practice or x.visibility == "visible"]
            print("\n".join([told(question, seen, practice=practice), *answers.remarks]))
            show_picture(asked, seen)
        return points(items)

    def use(self, assignment: Where, *, student: str | None = None) -> None:
        """Take this assignment, and this student's numbers, from now on."""
        self._used, self._student = _loaded(assignment), student

    def show(
        self, question: str, *, assignment: Where | None = None, student: str | None = None
    ) -> None:
        """Print a question and its numbers, for practice where no student is named."""
        (asked,) = self._paper(question, assignment, student).questions
        print(as_text(asked))

    def criterion(
        self, question: str, part: str, names: Mapping[str, object], *, student: str | None = None
    ) -> None:
        """For platforms that know only passed and failed: one part of a question, by a notebook's variables.

        Raises AssertionError, whose text is the feedback, unless the part earned all its points.
        """
        items = self._judged(question, None, names, None, student)[2]
        for item in items:
            if item.part == part and item.points is not None and item.points < item.out_of:
                raise AssertionError(item.feedback if item.visibility == "visible" else "")

    def _judged(
        self,
        question: str,
        answer: object,
        names: Mapping[str, object],
        where: Where | None,
        student: str | None,
    ) -> tuple[AskedOf, Answers, tuple[Item, ...]]:
        paper = self._paper(question, where, student)
        (asked,) = paper.questions
        answers = answers_of(asked.question, answer, names)
        source = source_here(answers.fields) if asked.question.is_code else ""
        run = partial(_run, source) if source else None
        return asked, answers, paper.grade({question: answers.fields}, code=run)

    def _paper(self, question: str, where: Where | None, student: str | None) -> Paper:
        """A paper with this question alone."""
        homework = _loaded(where) if where is not None else self._used or _loaded(_only_file())
        homework.question(question)
        student = student or self._student
        paper = homework.paper(student or _PRACTICE, purpose="graded" if student else "practice")
        return replace(paper, questions=tuple(q for q in paper.questions if q.name == question))


def points(items: Iterable[Item]) -> float:
    """The points as nbgrader wants them: a built-in float from 0 to what is possible.

    What the grader itself failed on counts as earned: a cell knows no other way not to lose its points.

    >>> points([Item("q1", "", "wrong", 0.5, 2.0), Item("q1", "", "grader_error", None, 1.0)])
    1.5
    """
    items = tuple(items)
    earned = sum(item.out_of if item.points is None else item.points for item in items)
    possible = sum(item.out_of for item in items)
    found = min(max(float(earned), 0.0), float(possible))
    return found if math.isfinite(found) else 0.0


def _run(source: str, question: Question, start: int) -> Sequence[Item]:
    """Judge a notebook's functions, in the sandbox."""
    return grade_code(question, source, seed=start)


def _loaded(where: Where) -> Assignment:
    """A notebook's numbers are those of the file beside it, whoever opens it."""
    return where if isinstance(where, Assignment) else load(os.fspath(where), environment=False)


def _only_file() -> Path:
    """The one assignment of the current folder.

    Raises AssignmentError where there is none, or several.
    """
    found = sorted(Path.cwd().glob("*.toml"))
    if len(found) == 1:
        return found[0]
    listed = (
        f"there are several: {', '.join(x.name for x in found[:6])}" if found else "there is none"
    )
    raise AssignmentError(
        f'no assignment was named, and of .toml files here {listed}; call check.use("assignment.toml")'
    )


def _callers_names() -> Mapping[str, object]:
    """The variables of whoever called `check`."""
    frame = sys._getframe(2)
    return {**frame.f_globals, **frame.f_locals}


check: Final = Check()
"""Judges an answer in a notebook: see `Check`."""
