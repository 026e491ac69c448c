"""A class, graded: every submission once, each journalled before the next, reports at the end."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias, get_args

from autograd_lite.errors import AssignmentError, SandboxError, SubmissionError, did_you_mean
from grading.assignments import Assignment
from grading.assignments.questions import Feedback
from grading.code import grade_code
from grading.course.attempts import Attempts, Failure
from grading.course.contents import contents
from grading.course.executors import Makes, Processes, Threads
from grading.course.journal import Journal
from grading.course.lock import locked
from grading.course.names import students_in
from grading.course.one import Coder, Setting, graded, not_graded
from grading.course.publishing import in_order, publish
from grading.course.records import Key
from grading.results import Report
from grading.sandbox import Tier, available, best_tier

Progress: TypeAlias = Callable[[int, int], None]
"""(how many are graded, of how many)"""

GRADER: Final = version("autograd_lite")
SECONDS: Final = 300.0


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    jobs      how many submissions at a time
    executor  where: an Executor, or a function that makes one; threads by default
    tier      in which students' code runs; by default the safest that works here
    feedback  how much students are told, instead of what the assignment says
    coder     judges students' functions
    seconds   after so long the grading of one submission has failed
    again     whether those that the grader failed on before are tried again
    """

    jobs: int = 2
    executor: Executor | Makes | None = None
    tier: Tier | None = None
    feedback: Feedback | None = None
    coder: Coder = grade_code
    seconds: float = SECONDS
    again: bool = False


def grade_class(
    assignment: Assignment,
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: Options | None = None,
    *,
    progress: Progress = lambda done, of: None,
) -> list[Report]:
    """Grade every file and folder in a folder; write a journal, a page for each student, and marks.

    Submissions that the journal has already, of the same assignment and grader, are not graded again. One
    that the grader fails on three times is a "grader_error", which costs no points.

    folder    one file or folder for each student
    out       where results go; it is made where it does not exist
    progress  is called as submissions are graded

    Raises SubmissionError when there is nothing to grade, SandboxError when the tier does not work here,
    GradingError when another run writes to `out`.

    >>> import tempfile
    >>> from grading.assignments import load
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "class").mkdir()
    >>> _ = (folder / "class" / "ada.csv").write_text("held,h_0,0", encoding="utf-8")
    >>> [report.score for report in grade_class(load("three_step"), folder / "class", folder / "out")]
    [0.0]
    """
    options = options or Options()
    setting = setting_of(assignment, options)
    entries = students_in(Path(folder))
    if not entries:
        raise SubmissionError(
            f"{os.fspath(folder)!r} holds no submissions: one file or folder each"
        )
    place = Path(out)
    if place.resolve().is_relative_to(Path(folder).resolve()):
        raise SubmissionError(
            f"{os.fspath(out)!r} is among the submissions; write results elsewhere"
        )
    place.mkdir(parents=True, exist_ok=True)
    with locked(place), Journal(place) as journal:
        run = _Run(setting, options, journal)
        keys = list(run.graded(entries, progress))
        reports = in_order(journal.reports[key] for _, key in keys)
        publish(reports, setting.assignment, place)
    return reports


def setting_of(assignment: Assignment, options: Options) -> Setting:
    """Assignment and tier as the options want them."""
    told = assignment if options.feedback is None else with_feedback(assignment, options.feedback)
    return Setting(told, _tier(assignment, options.tier), options.coder)


def with_feedback(assignment: Assignment, level: Feedback) -> Assignment:
    """The same assignment, in which every question tells so much.

    Raises AssignmentError for a level that there is not.
    """
    if level not in get_args(Feedback):
        raise AssignmentError(f"feedback {level!r}: {did_you_mean(str(level), get_args(Feedback))}")
    questions = tuple(replace(q, feedback=level) for q in assignment.questions)
    mark = hashlib.sha256(f"{assignment.hash} {level}".encode()).hexdigest()
    return replace(assignment, questions=questions, feedback=level, hash=mark)


def _tier(assignment: Assignment, wanted: Tier | None) -> Tier | None:
    """The tier asked for, or the safest there is; raises SandboxError where that is not safe enough."""
    least = assignment.tier_wanted
    try:
        found = wanted or best_tier()
    except SandboxError:
        if least is not None or any(q.is_code for q in assignment.questions):
            raise
        return None  # tables and forms need no sandbox
    for tier in available():
        if tier.tier == found and not tier.works:
            raise SandboxError(
                f"tier {found} does not work here: {tier.reason}. {tier.remedy}".strip()
            )
    if least is not None and found > least:
        raise SandboxError(f"{assignment.name} wants tier {least}, and this run has {found}")
    return found


@dataclass
class _Run:
    """One run over a class, with what it knows."""

    setting: Setting
    options: Options
    journal: Journal
    done: int = 0

    def graded(
        self, entries: dict[str, list[Path]], progress: Progress
    ) -> Iterator[tuple[str, Key]]:
        """Grade what is not in the journal; then each student with the key of the report."""
        keys: dict[str, Key] = {}
        for outcomes in self._attempts().outcomes(self._calls(entries, keys)):
            self.journal.append(self._line(*outcome) for outcome in outcomes)
            self.done += len(outcomes)
            progress(self.done, len(entries))
        progress(len(entries), len(entries))
        yield from keys.items()

    def _calls(
        self, entries: dict[str, list[Path]], keys: dict[str, Key]
    ) -> Iterator[tuple[Any, Callable[[], Report]]]:
        for student, paths in entries.items():
            read = contents(student, *paths)
            key = keys[student] = Key(read.digest, self.setting.assignment.hash, GRADER)
            if self._is_known(key):
                self.done += 1
            else:
                yield (key, student), partial(graded, self.setting, read)

    def _is_known(self, key: Key) -> bool:
        report = self.journal.reports.get(key)
        failed = report is not None and any(x.status == "grader_error" for x in report.items)
        return report is not None and not (failed and self.options.again)

    def _line(self, named: tuple[Key, str], result: Report | Failure) -> tuple[Key, Report]:
        key, student = named
        if isinstance(result, Failure):
            why = f"tried {result.times} times; the last time: {result.why}"
            return key, not_graded(self.setting, student, why)
        return key, result

    def _attempts(self) -> Attempts[Report]:
        jobs = max(1, self.options.jobs)
        return Attempts(_makes(self.options.executor, jobs), jobs, self.options.seconds)


def _makes(executor: Executor | Makes | None, jobs: int) -> Makes:
    """What makes an executor; one that was given and broke is followed by processes of our own."""
    if executor is None:
        return Threads
    if not isinstance(executor, Executor):
        return executor
    given = [executor]
    return lambda: given.pop() if given else Processes(jobs)
