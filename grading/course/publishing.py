"""Reports on the disk: marks, the instructor's page, and students' pages in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from autograd_lite.errors import GraphError, PictureError
from grading.assignments import Assignment
from grading.assignments.asked_of import AskedOf
from grading.assignments.questions import Question
from grading.figures import figure
from grading.reports.instructor import instructor_page
from grading.reports.marks import marks
from grading.reports.names import page_of
from grading.reports.sheet import Heading, Pictures, Sheet
from grading.reports.student import student_page
from grading.results import Report, Visibility
from viz.render.files import write

STUDENTS: Final = "students"
LATER: Final[Mapping[str, frozenset[Visibility]]] = {
    "": frozenset({"visible"}),
    "due": frozenset({"visible", "after_due_date"}),
    "published": frozenset({"visible", "after_due_date", "after_published"}),
}
"""Which items students may see: at once, after the due date, after marks are published."""


def publish(reports: Sequence[Report], assignment: Assignment, out: Path, after: str = "") -> None:
    """Write marks.csv, index.html for the instructor, and students/NAME.html; each beside, then moved.

    after  "", "due" or "published": what students may see by now

    Raises PictureError where a file cannot be written.
    """
    sheet = sheet_of(assignment, LATER[after])
    (out / STUDENTS).mkdir(exist_ok=True)
    links = {}
    for report in reports:
        name = f"{STUDENTS}/{page_of(report.student)}.html"
        links[report.student] = name
        _write(out / name, student_page(report, sheet))
    _write(out / "marks.csv", marks(reports, sheet))
    _write(out / "index.html", instructor_page(reports, sheet, links))


def in_order(reports: Iterable[Report]) -> list[Report]:
    """Sorted by name, each warned of others whose names differ in nothing but capital letters.

    >>> in_order([Report("ada", "w", ()), Report("Ada", "w", ())])[0].warnings
    ("'ada' handed in too: is that the same student?",)
    """
    found = sorted(reports, key=lambda report: (report.student.casefold(), report.student))
    alike: dict[str, list[str]] = {}
    for report in found:
        alike.setdefault(report.student.casefold(), []).append(report.student)
    return [_doubted(report, alike[report.student.casefold()]) for report in found]


def _doubted(report: Report, alike: Iterable[str]) -> Report:
    said = (
        f"{other[:60]!r} handed in too: is that the same student?"
        for other in alike
        if other != report.student
    )
    return replace(report, warnings=(*report.warnings, *said))


def sheet_of(assignment: Assignment, shows: Iterable[Visibility]) -> Sheet:
    """The assignment as reports show it."""
    headings = {
        q.name: Heading(q.title, q.text, {x.name: x.label for x in q.fields})
        for q in assignment.questions
    }
    return Sheet(assignment.title, headings, _pictures(assignment), frozenset(shows))


def _pictures(assignment: Assignment) -> Pictures:
    """Pictures of the graphs without numbers, each drawn once for the whole class."""
    questions = {q.name: q for q in assignment.questions}

    @cache
    def picture(question: str, path: tuple[str, ...]) -> str:
        known = questions.get(question)
        return "" if known is None else _drawn(assignment, known, path)

    return picture


def _drawn(assignment: Assignment, question: Question, path: tuple[str, ...]) -> str:
    if question.graph is None:
        return ""
    pool = assignment.pools("graded")[question.graph.name]
    try:
        return figure(AskedOf(question, pool, 0), path).svg
    except (PictureError, GraphError):
        return ""  # a report without its picture is better than none


def _write(path: Path, text: str) -> None:
    write(path, text.encode("utf-8", "replace"), "report")
