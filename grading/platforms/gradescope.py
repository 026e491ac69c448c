"""A report as Gradescope's results.json."""

from __future__ import annotations

from typing import Any, Final

from grading.results import EARNS, TIERS, Item, Report

LEFT_OUT: Final = (
    "The grader failed here. This costs no points; your instructor has to grade it again."
)


def results(report: Report) -> dict[str, Any]:
    """What Gradescope reads; the instructor's notes, which may hold reference numbers, stay out.

    An item that the grader failed on has no score, and the mark is that of the others, to scale: Gradescope
    knows one maximum for everybody.

    >>> item = Item("q1", "h_0", "wrong", 0.5, 2, "One path is missing.")
    >>> results(Report("ada", "hw1", (item,)))["tests"][0]["score"]
    0.5

    Source: Gradescope's autograder specifications, "Output Format".
    """
    found: dict[str, Any] = {
        "execution_time": round(report.seconds, 3),
        "output": "\n".join(said(report)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # what a student's code printed is no part of the report
        "extra_data": {"assignment": report.assignment, "student": report.student, **report.extra},
        "tests": [_test(item, i) for i, item in enumerate(report.items, 1)],
    }
    if report.out_of > 0 or not report.items:
        found["score"] = scaled(report)
    return found


def scaled(report: Report) -> float:
    """The points, out of those of all items: items that the grader failed on count like the others.

    score · (points of all items) / (points of the items that were graded)
    """
    whole = sum(item.out_of for item in report.items)
    return float(report.score * whole / report.out_of) if report.out_of > 0 else 0.0


def said(report: Report) -> list[str]:
    """What stands above the items: how far the mark can be trusted, and what was odd."""
    failed = sum(item.points is None for item in report.items)
    tier = [f"Tier {report.tier}: {TIERS[report.tier]}."] if report.tier is not None else []
    left_out = [f"{failed} of {len(report.items)} items: {LEFT_OUT}"] if failed else []
    return [*tier, *report.warnings, *left_out]


def _test(item: Item, number: int) -> dict[str, Any]:
    """One of `tests`; without score and status where the grader failed."""
    found: dict[str, Any] = {
        "name": " ".join(filter(None, (item.question, item.part))),
        "name_format": "text",
        "number": str(number),
        "output": item.feedback if item.points is not None else LEFT_OUT,
        "output_format": "text",
        "visibility": item.visibility,
        "extra_data": {"status": item.status, "mistakes": list(item.ids)},
    }
    if item.points is not None:
        status = "passed" if item.status in EARNS else "failed"
        found |= {"score": float(item.points), "max_score": float(item.out_of), "status": status}
    return found
