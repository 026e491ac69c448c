"""A report as plain JSON, whole: for scripts, and for the instructor alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grading.results import Report


def results(report: Report) -> dict[str, Any]:
    """Every field of the record, the instructor's notes too, and the sums.

    >>> from grading.results import Item
    >>> results(Report("ada", "hw1", (Item("q1", "", "right", 2, 2),)))["score"]
    2
    """
    return {"score": report.score, "out_of": report.out_of, **asdict(report)}
