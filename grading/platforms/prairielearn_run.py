"""What PrairieLearn's external grader starts: one question of a submission is graded, results.json written.

`python -m grading.platforms.prairielearn_run ROOT`, where ROOT has the folders data, student, tests, results.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from grading.assignments import Assignment, Paper
from grading.assignments.questions import Question
from grading.code import grade_code
from grading.course.contents import contents
from grading.course.submission import submission
from grading.platforms.assignment_file import assignment_in
from grading.platforms.prairielearn_external import QUESTION_FILE, asked_at
from grading.platforms.prairielearn_question import name_of
from grading.platforms.writing import write_results
from grading.results import Item, Report
from grading.sandbox import best_tier

LARGEST: Final = 10_000_000  # bytes of PrairieLearn's data


def main(root: Path) -> int:
    """Grade the submission; where the grader fails it is "not gradable", which loses nobody an attempt."""
    assignment = assignment_in(root / "tests")
    question = assignment.question((root / "tests" / QUESTION_FILE).read_text("utf-8").strip())
    began = time.monotonic()
    try:
        items = _items(assignment, question, root)
    except Exception as error:  # noqa: BLE001 - whatever fails here is the grader's fault
        note = f"{type(error).__name__}: {error}"[:300]
        print(note, file=sys.stderr)
        items = (Item(question.name, "", "grader_error", None, question.points, note=note),)
    tier = best_tier() if question.is_code else None
    report = Report("", assignment.name, items, tier, seconds=time.monotonic() - began)
    (root / "results").mkdir(parents=True, exist_ok=True)
    write_results(root / "results" / "results.json", report, "prairielearn")
    return 0


def _items(assignment: Assignment, question: Question, root: Path) -> tuple[Item, ...]:
    data = _data(root / "data" / "data.json")
    handed_in = submission(contents("student", root / "student"))
    paper = _paper(assignment, question, int(data["params"]["variant"]))
    typed: Mapping[str, Any] = data.get("submitted_answers") or {}
    answers = {x.name: typed.get(name_of(i)) for i, x in enumerate(question.fields)}
    run = partial(_run, handed_in.source) if handed_in.source else None
    return paper.grade({question.name: answers}, code=run)


def _paper(assignment: Assignment, question: Question, variant: int) -> Paper:
    """A paper with this question alone, with the numbers of a variant."""
    paper = assignment.paper(f"variant {variant}")
    return replace(paper, questions=(asked_at(assignment, question, variant),))


def _run(source: str, question: Question, seed: int) -> tuple[Item, ...]:
    return grade_code(question, source, seed=seed)


def _data(path: Path) -> Mapping[str, Any]:
    """What PrairieLearn says of the submission."""
    with path.open("rb") as file:
        found: Mapping[str, Any] = json.loads(file.read(LARGEST))
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
