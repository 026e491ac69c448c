"""What Gradescope's run_autograder starts: one submission is graded, and results.json written.

`python -m grading.platforms.gradescope_run ROOT`, where ROOT has the folders source, submission and results.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.course.classroom import Options, setting_of
from grading.course.contents import contents
from grading.course.one import graded, not_graded
from grading.platforms.assignment_file import assignment_in
from grading.platforms.writing import write_results
from grading.results import Report

LARGEST: Final = 1_000_000  # bytes of Gradescope's metadata


def main(root: Path) -> int:
    """Grade the submission; the exit code is 0 where there is a mark.

    Where the grader failed on everything there is no results file: Gradescope then says that the autograder
    failed, and gives no points to be taken for a mark.
    """
    (root / "results").mkdir(parents=True, exist_ok=True)
    report = report_of(root)
    if report.items and not report.out_of:
        reasons = dict.fromkeys(item.note for item in report.items)
        print(f"this submission could not be graded: {'; '.join(reasons)}", file=sys.stderr)
        return 1
    write_results(root / "results" / "results.json", report, "gradescope")
    return 0


def report_of(root: Path) -> Report:
    """The submission in these folders, graded."""
    setting = setting_of(assignment_in(root / "source"), Options())
    handed_in = contents(student_of(root / "submission_metadata.json"), root / "submission")
    try:
        return graded(setting, handed_in)
    except Exception as error:  # noqa: BLE001 - whatever fails here is the grader's fault
        return not_graded(setting, handed_in.student, f"{type(error).__name__}: {error}"[:300])


def student_of(metadata: Path) -> str:
    """Whose numbers the submission is about: the e-mail address that comes first in the alphabet.

    Raises SubmissionError where Gradescope's metadata name nobody.
    """
    try:
        with metadata.open("rb") as file:
            found = json.loads(file.read(LARGEST))
        addresses = sorted(str(user["email"]).strip().lower() for user in found["users"])
        return addresses[0]
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise SubmissionError(
            f"{metadata.name} names no student: {type(error).__name__}"
        ) from error


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
