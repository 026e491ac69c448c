"""A report as the results.json of PrairieLearn's external graders."""

from __future__ import annotations

import json
from typing import Any, Final

from grading.platforms.gradescope import LEFT_OUT, said
from grading.results import Item, Report

LARGEST: Final = 1_000_000  # bytes: PrairieLearn takes no larger file


def results(report: Report) -> dict[str, Any]:
    """What PrairieLearn reads: a score between 0 and 1, and each item with its points.

    Where the grader failed on every item nothing was gradable: no attempt is lost. Where it failed on some,
    the score is that of the others.

    >>> item = Item("q1", "h_0", "right", 2, 2)
    >>> results(Report("ada", "hw1", (item,)))["score"]
    1.0

    Source: PrairieLearn's documentation, "External grading", "Grading results".
    """
    if report.items and all(item.points is None for item in report.items):
        return {"gradable": False, "format_errors": [LEFT_OUT], "message": "\n".join(said(report))}
    lengths = (None, 4000, 1000, 200, 0)  # of what is said on an item: as much as fits
    return next(filter(_fits, (_graded(report, length) for length in lengths)), _bare(report))


def _graded(report: Report, length: int | None) -> dict[str, Any]:
    tests = [_test(item, length) for item in report.items if item.points is not None]
    message = "\n".join(said(report))[:length]
    return _bare(report) | {"message": message, "tests": tests}


def _bare(report: Report) -> dict[str, Any]:
    """The score alone, for reports that do not fit otherwise."""
    share = report.score / report.out_of if report.out_of > 0 else 0.0
    return {"gradable": True, "score": float(min(max(share, 0.0), 1.0)), "format_errors": []}


def _test(item: Item, length: int | None) -> dict[str, Any]:
    """One of `tests`; PrairieLearn hides none, so a hidden item keeps its feedback to itself."""
    return {
        "name": " ".join(filter(None, (item.question, item.part)))[:200],
        "points": float(item.points or 0),
        "max_points": float(item.out_of),
        "message": item.feedback[:length] if item.visibility == "visible" else "",
    }


def _fits(document: dict[str, Any]) -> bool:
    return len(json.dumps(document)) <= LARGEST
