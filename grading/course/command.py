"""`flowgrade run` and `flowgrade report`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, get_args

import click

from autograd_lite.errors import AssignmentError
from grading.assignments import Assignment, load
from grading.assignments.questions import Feedback
from grading.course.classroom import GRADER, SECONDS, Options, Progress, grade_class, with_feedback
from grading.course.executors import EXECUTORS, dask_executor
from grading.course.journal import Journal
from grading.course.lock import locked
from grading.course.publishing import LATER, in_order, publish
from grading.results import TIERS, Report
from viz.command import explained, write

_LEVELS: Final = get_args(Feedback)
_feedback = click.option(
    "--feedback", type=click.Choice(_LEVELS), help="How much students are told."
)
_after = click.option(
    "--after",
    type=click.Choice([word for word in LATER if word]),
    default=None,
    help="Show students also what waits for the due date, or until marks are published.",
)
_out = click.option("--out", metavar="DIR", required=True, help="Where results are written.")


@click.command()
@click.argument("assignment")
@click.argument("submissions")
@_out
@click.option(
    "--jobs", type=click.IntRange(1, 1000), metavar="N", help="So many at a time; 2 by default."
)
@click.option(
    "--executor", type=click.Choice(list(EXECUTORS)), default="threads", show_default=True
)
@click.option("--dask", metavar="ADDRESS", help="Grade on a Dask cluster: tcp://host:8786.")
@click.option("--tier", type=click.Choice(["A", "B", "C"]), help="How students' code is run.")
@click.option(
    "--seconds",
    type=click.FloatRange(1),
    default=SECONDS,
    show_default=True,
    help="After so long the grading of one submission has failed.",
)
@click.option("--again", is_flag=True, help="Try again what the grader failed on before.")
@_feedback
@_after
def run(assignment: str, submissions: str, out: str, after: str | None, **said: Any) -> None:
    """Grade a class: each file or folder in SUBMISSIONS, named after its student.

    ASSIGNMENT is a TOML file, or a shipped assignment's name. A submission is a CSV, JSON, notebook or Python
    file, or a folder or zip file of these. In DIR: index.html and marks.csv for you, students/ for them, and
    journal.jsonl, from which a run that was ended goes on.
    """
    with explained(), _options(**said) as options, _progress() as progress:
        homework = load(assignment)
        reports = grade_class(homework, submissions, out, options, progress=progress)
        if after:
            _published(homework, Path(out), reports, after)
    write(_summary(reports, Path(out)))


@click.command()
@click.argument("assignment")
@_out
@_feedback
@_after
def report(assignment: str, out: str, feedback: Feedback | None, after: str | None) -> None:
    """Write the reports of a class again, from the journal in DIR.

    --feedback is what `flowgrade run` was given.
    """
    with explained():
        homework = load(assignment)
        told = with_feedback(homework, feedback) if feedback else homework
        reports = _journalled(told, Path(out))
        _published(told, Path(out), reports, after or "")
    write(_summary(reports, Path(out)))


@contextmanager
def _options(executor: str, dask: str | None, jobs: int | None, **said: Any) -> Iterator[Options]:
    """What the command line says, with a cluster connected for as long as it is needed."""
    with ExitStack() as stack:
        where: Any = partial(EXECUTORS[executor], jobs or 2)
        if dask is not None:
            where, busy = stack.enter_context(dask_executor(dask))
            jobs = jobs or busy
        yield Options(jobs=jobs or 2, executor=where, **said)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal; nothing anywhere else."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    with click.progressbar(length=1, label="grading", file=sys.stderr, show_pos=True) as bar:

        def show(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield show


def _journalled(homework: Assignment, out: Path) -> list[Report]:
    """The last report of each student on this assignment."""
    found = {
        report.student: report
        for key, report in Journal(out).reports.items()
        if (key.assignment, key.grader) == (homework.hash, GRADER)
    }
    if not found:
        raise AssignmentError(
            f"{str(out)!r} has no results of this assignment as it is now, with this feedback; "
            "grade with flowgrade run"
        )
    return in_order(found.values())


def _published(homework: Assignment, out: Path, reports: Sequence[Report], after: str) -> None:
    with locked(out):
        publish(reports, homework, out, after)


def _summary(reports: Sequence[Report], out: Path) -> str:
    """Where things are, and what needs a look."""
    failed = [r.student for r in reports if any(x.status == "grader_error" for x in r.items)]
    loud = sorted({r.tier for r in reports if r.tier is not None and r.tier in "CD"})
    lines = [
        f"{len(reports)} submissions: {out / 'index.html'} and marks.csv for you, students/ for them",
        *(f"Tier {tier}: {TIERS[tier]}." for tier in loud),
        *(
            [f"The grader failed on {len(failed)}; {out / 'index.html'} says why."]
            if failed
            else []
        ),
    ]
    return "".join(f"{line}\n" for line in lines)
