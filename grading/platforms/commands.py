"""The commands of `flowgrade` that write what other platforms run: `flowgrade moodle` and its like."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from autograd_lite.syntax import printable
from grading.assignments import load
from grading.platforms.assignment_file import text_of
from grading.platforms.filling import Bank, bank, why_not
from grading.platforms.gradescope_archive import gradescope_archive
from grading.platforms.moodle import moodle_xml
from grading.platforms.nbgrader import nbgrader_notebook
from grading.platforms.notebook_copy import notebook_copy
from grading.platforms.otter import otter_autograder, otter_notebook
from grading.platforms.prairielearn_external import FOLDER, course_files, external_files
from grading.platforms.prairielearn_question import question_files
from grading.platforms.shipping import ASSIGNMENT
from viz.command import explained, write
from viz.render import files

F = TypeVar("F", bound=Callable[..., Any])


def _reading(command: F) -> F:
    """The argument of all of them, and where the result goes."""
    for decorate in reversed((
        click.argument("file"),
        click.option("-o", "--output", metavar="PATH", required=True, help="Where to write it."),
    )):  # fmt: skip
        command = decorate(command)
    return command


def _of_banks(command: F) -> F:
    """The options of question banks."""
    for decorate in reversed((
        click.option("--variants", type=click.IntRange(1, 1000), default=50, show_default=True,
                     help="How many sets of numbers."),
        click.option("--only", multiple=True, metavar="QUESTION",
                     help="This question; may be given several times."),
        click.option("--credit", multiple=True, metavar="ROW=SHARE",
                     help="Partial credit for a mistake, by its row of the catalogue: A18=0.5"),
    )):  # fmt: skip
        command = decorate(command)
    return command


@click.command()
@_reading
@_of_banks
def moodle(file: str, output: str, **options: Any) -> None:
    """Write a question bank as Moodle XML: numerical questions that carry their own diagnosis.

    FILE is a TOML file, or a shipped assignment's name.
    """
    with explained():
        held = _bank(file, **options)
        _save(output, moodle_xml(held.title, held.questions))
    numbers = sum(len(question.numbers) for question in held.questions)
    write(
        f"{output}: {numbers} questions in {sum(len(q.fields) for q in held.questions)} categories\n"
    )


@click.command()
@_reading
@_of_banks
def prairielearn(file: str, output: str, **options: Any) -> None:
    """Write PrairieLearn questions into a course's folder.

    Numbers carry their own diagnosis; formulas, arrays and programs go to an external grader, whose files
    are in serverFilesCourse/flowgrade. FILE is a TOML file, or a shipped assignment's name.
    """
    with explained():
        tabled, external = _write_course(file, Path(output), **options)
    write(f"{output}: {tabled} questions with their own diagnosis, {external} for the grader\n")


@click.command()
@_reading
def gradescope(file: str, output: str) -> None:
    """Write Gradescope's autograder.zip: scripts, assignment, and this project.

    FILE is a TOML file, or a shipped assignment's name.
    """
    with explained():
        assignment = load(file)
        _save(output, gradescope_archive(text_of(file), assignment.secret))
    write(
        f"{output}: upload it as the assignment's autograder, out of {assignment.points:g} points\n"
    )


@click.command()
@_reading
def nbgrader(file: str, output: str) -> None:
    """Write an instructor's notebook for nbgrader, and the assignment beside it.

    FILE is a TOML file, or a shipped assignment's name.
    """
    with explained():
        assignment, text = notebook_copy(file)
        _save_folder(Path(output), {
            f"{assignment.name}.ipynb": _json(nbgrader_notebook(assignment)),
            ASSIGNMENT: text.encode(),
        })  # fmt: skip
    write(f"{output}: put it in the course's folder source\n")


@click.command()
@_reading
def otter(file: str, output: str) -> None:
    """Write a notebook and autograder.zip for `otter run`.

    FILE is a TOML file, or a shipped assignment's name.
    """
    with explained():
        assignment, text = notebook_copy(file)
        _save_folder(Path(output), {
            f"{assignment.name}.ipynb": _json(otter_notebook(assignment)),
            ASSIGNMENT: text.encode(),
            "autograder.zip": otter_autograder(assignment, text),
        })  # fmt: skip
    write(f"{output}: students get the notebook and assignment.toml\n")


COMMANDS: Final = (gradescope, prairielearn, moodle, nbgrader, otter)
"""for the command line to add"""


def _bank(file: str, *, variants: int, only: tuple[str, ...], credit: tuple[str, ...]) -> Bank:
    """The bank, and on standard error what it cannot hold."""
    held = bank(load(file), variants=variants, credit=dict(map(_credit, credit)), only=only)
    for sentence in held.left_out:
        click.echo(f"Note: left out: {printable(sentence)}", err=True)
    return held


def _write_course(
    file: str, course: Path, *, only: tuple[str, ...], **options: Any
) -> tuple[int, int]:
    """PrairieLearn's files; how many questions have tables, and how many go to the external grader."""
    assignment = load(file)
    chosen = [assignment.question(name) for name in only] or list(assignment.questions)
    external = [q for q in chosen if why_not(q)]
    tabled = tuple(q.name for q in chosen if not why_not(q))
    held = _bank(file, only=tabled, **options).questions if tabled else ()
    for question in held:
        found = question_files(assignment.title, question)
        _save_folder(course / "questions" / question.name, found)
    for other in external:
        found = external_files(assignment, text_of(file), other, variants=options["variants"])
        _save_folder(course / "questions" / other.name, found)
    if external:
        _save_folder(course / "serverFilesCourse" / FOLDER, dict(course_files()))
    return len(held), len(external)


def _credit(text: str) -> tuple[str, float]:
    """A row and its share of the points.

    Raises BadParameter for what is none.
    """
    row, _, share = text.partition("=")
    try:
        part = float(share)
    except ValueError:
        part = -1.0
    if not row or not 0 <= part <= 1:
        raise click.BadParameter(f"{text!r}: expected a row and a share from 0 to 1, as A18=0.5")
    return row, part


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _save(path: str | Path, data: bytes) -> None:
    files.write(path, data, "file")


def _save_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _save(target, data)
