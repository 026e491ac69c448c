"""`flowgrade check` and `flowgrade form`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import click

from autograd_lite.errors import AssignmentError
from autograd_lite.syntax import printable
from grading.assignments.assignment import Assignment, load
from grading.assignments.form import form_html
from grading.assignments.show import report, sheet
from viz.command import write

_MOST_STUDENTS: Final = 100_000
_LONGEST_NAME: Final = 80


class _Refusal(click.ClickException):
    """One message on standard error, and exit code 2."""

    exit_code = 2


@click.command()
@click.argument("file")
@click.option("--student", default="student", help="Show it with this student's numbers.")
@click.option("--html", "page", metavar="PATH", help="Write the form that the student fills in.")
def check(file: str, student: str, page: str | None) -> None:
    """Check an assignment, and show it as a student sees it and what its answers can tell.

    FILE is a TOML file, or a shipped assignment's name.
    """
    assignment = _loaded(file)
    paper = assignment.paper(student)
    write(sheet(paper))
    write("\n" + report(assignment))
    if page is not None:
        save(Path(page), form_html(paper))
        write(f"the form is in {page}\n")


@click.command()
@click.argument("file")
@click.option("--student", multiple=True, help="For whom; may be given several times.")
@click.option("--students", "roster", metavar="PATH", help="A file with one student a line.")
@click.option(
    "-o", "--output", metavar="PATH", required=True, help="An .html file, or a folder for several."
)
def form(file: str, student: tuple[str, ...], roster: str | None, output: str) -> None:
    """Write the form that students fill in: one HTML file each, which needs no network.

    FILE is a TOML file, or a shipped assignment's name.
    """
    names = [*student, *(_listed(Path(roster)) if roster else ())] or ["student"]
    papers = _loaded(file).papers(dict.fromkeys(names))
    target = Path(output)
    if len(papers) == 1 and target.suffix.lower() in {".html", ".htm"}:
        save(target, form_html(next(iter(papers.values()))))
        write(f"{target}\n")
        return
    target.mkdir(parents=True, exist_ok=True)
    for i, (name, paper) in enumerate(papers.items(), 1):
        save(target / f"{file_name(name, i)}.html", form_html(paper))
    write(f"{len(papers)} forms in {target}\n")


def file_name(student: str, number: int) -> str:
    """A student's name as a file's: letters, digits, - and _ stay, and a number where more was lost.

    >>> file_name("ada", 3), file_name("../Ada L.", 3)
    ('ada', '3-Ada_L')
    """
    kept = "".join(c if c.isalnum() or c in "-_" else "_" for c in student)[:_LONGEST_NAME].strip(
        "_"
    )
    return kept if kept == student else f"{number}-{kept or 'student'}"


def save(path: Path, text: str) -> None:
    """Write a file beside its place and move it there, so that nobody meets half of it."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _loaded(file: str) -> Assignment:
    try:
        return load(file)
    except AssignmentError as error:
        raise _Refusal(printable(str(error))) from None


def _listed(path: Path) -> list[str]:
    """The students in a file, one a line."""
    try:
        with path.open("rb") as file:
            text = file.read(4_000_000).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise _Refusal(f"{path} cannot be read: {reason}") from None
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names or len(names) > _MOST_STUDENTS:
        raise _Refusal(f"{path} has {len(names)} students; one a line is expected")
    return names
