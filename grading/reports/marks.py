"""Marks as CSV: one line a student, one column a question; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from grading.reports.sheet import Sheet
from grading.reports.words import number
from grading.results import Report

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def marks(reports: Sequence[Report], sheet: Sheet) -> str:
    """Student, points of each question, sum, points possible, tier, and what needs a look.

    A question that the grader failed on has an empty cell, and no zero. A cell that a spreadsheet would
    take for a formula begins with an apostrophe.

    >>> print(marks([Report("=cmd()", "week 3", ())], Sheet("Week 3")), end="")
    student,points,out_of,percent,tier,grader_errors,warnings
    '=cmd(),0,0,,,0,
    """
    names = list(dict.fromkeys([
        *sheet.questions, *(item.question for report in reports for item in report.items)
    ]))  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    tail = ("points", "out_of", "percent", "tier", "grader_errors", "warnings")
    writer.writerow(["student", *map(_cell, names), *tail])
    for report in reports:
        writer.writerow(_row(report, names))
    return out.getvalue()


def _row(report: Report, names: Iterable[str]) -> list[str]:
    failed = sum(item.status == "grader_error" for item in report.items)
    percent = f"{100 * report.score / report.out_of:.1f}" if report.out_of else ""
    return [
        _cell(report.student),
        *(_points(report, name) for name in names),
        number(report.score), number(report.out_of), percent, report.tier or "",
        str(failed), _cell("; ".join(report.warnings)),
    ]  # fmt: skip


def _points(report: Report, question: str) -> str:
    earned = [item.points for item in report.items if item.question == question]
    known = [x for x in earned if x is not None]
    return number(sum(known)) if known and len(known) == len(earned) else ""


def _cell(text: str) -> str:
    """Text that no spreadsheet runs, on one line."""
    flat = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return f"'{flat}" if text.lstrip().startswith(_FORMULA) else flat
