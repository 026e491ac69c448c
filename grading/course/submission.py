"""One submission, read: answers by question and field, Python text, cells; and what was not taken."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.assignments.seeds import same
from grading.course.answer_table import read_table
from grading.course.archives import unzipped
from grading.course.contents import LARGEST, Contents, Problem, contents
from grading.course.form import read_form
from grading.course.names import student_of
from grading.course.notebook import read_notebook
from grading.course.part import Answers, Part
from grading.course.text import decoded

LONGEST_SOURCE: Final = 1_000_000


def read_source(name: str, text: str) -> Part:
    """Python text as it is: nothing here compiles it.

    Raises SubmissionError where it is too long.
    """
    if len(text) > LONGEST_SOURCE:
        raise SubmissionError(f"{name} is longer than {LONGEST_SOURCE // 1_000_000} MB of code")
    return Part(source=text)


READERS: Final[Mapping[str, Callable[[str, str], Part]]] = {
    ".csv": read_table,
    ".tsv": read_table,
    ".txt": read_table,
    ".json": read_form,
    ".ipynb": read_notebook,
    ".py": read_source,
}
"""A new form of submission is one row."""


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    answers     question -> field -> what was typed; under "" where the file names no question
    source      the text of Python files, one after the other
    cells       a notebook's cells of code
    warnings    a sentence each, for student and instructor
    assignment  which homework the file says that it is of, where it says so
    problem     why something of it, or all, could not be taken: then what is missing is not called missing
    digest      of the bytes: the same again is not graded again
    """

    student: str
    answers: Answers = field(default_factory=dict)
    source: str = ""
    cells: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    assignment: str = ""
    problem: Problem | None = None
    digest: str = ""


def read_submission(path: str | os.PathLike[str]) -> Submission:
    """Read a student's file or folder: CSV, JSON, notebook, Python, a folder or a zip file of these.

    The student is called as the file or folder is. What cannot be read becomes the submission's `problem`
    or a warning; nothing in it is run, links are not followed, zip files are not unpacked on the disk.

    Raises SubmissionError when there is no such file.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "ada.csv").write_text("h_0; 0,492", encoding="utf-8")
    >>> read_submission(folder / "ada.csv").answers
    {'': {'h_0': '0,492'}}
    """
    place = Path(path)
    if not os.path.lexists(place):
        raise SubmissionError(f"there is no file or folder {os.fspath(path)!r}")
    return submission(contents(student_of(place), place))


def submission(read: Contents) -> Submission:
    """What the bytes of a submission say."""
    problems = list(read.problems)
    parts = [part for name, data in _files(read, problems) for part in _part(name, data, problems)]
    answers, clashes = _merged(parts)
    said = [text for part in parts for text in part.warnings] + clashes
    if not problems and all(part.is_unread for part in parts):
        problems.append(
            Problem("format", f"nothing here can be read; hand in {', '.join(READERS)}")
        )
    return Submission(
        read.student,
        answers,
        "\n\n".join(part.source for part in parts if part.source),
        tuple(cell for part in parts for cell in part.cells),
        (*said, *(problem.says for problem in problems), *_whose(parts, read.student)),
        next((part.assignment for part in parts if part.assignment), ""),
        problems[0] if problems else None,
        read.digest,
    )


def _files(read: Contents, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """The files, those in zip files among them."""
    left = LARGEST
    for name, data in read.files:
        if PurePosixPath(name).suffix.lower() != ".zip":
            yield name, data
            continue
        try:
            members = unzipped(name, data, left)
            left -= sum(map(len, members.values()))
            yield from members.items()
        except SubmissionError as error:
            problems.append(Problem("refused", str(error)))


def _part(name: str, data: bytes, problems: list[Problem]) -> Iterator[Part]:
    """What a file holds; a problem where it cannot be read, nothing where it is of another form."""
    reader = READERS.get(PurePosixPath(name).suffix.lower())
    if reader is None:
        forms = ", ".join(READERS)
        yield Part(warnings=(f"{name} is not read; {forms} and .zip are",), is_unread=True)
        return
    try:
        text, said = decoded(name, data)
        yield reader(name, text)
    except SubmissionError as error:
        problems.append(Problem("format", str(error)))
    else:
        yield Part(warnings=said, is_unread=True)


def _merged(parts: list[Part]) -> tuple[Answers, list[str]]:
    """All answers; where two files differ the first counts, and both are told."""
    found: dict[str, dict[str, object]] = {}
    clashes = []
    for part in parts:
        for question, fields in part.answers.items():
            inside = found.setdefault(question, {})
            for name, answer in fields.items():
                if inside.setdefault(name, answer) != answer:
                    where = f"{question} {name}".strip()[:60]
                    clashes.append(f"two files answer {where} differently; the first one counts")
    return found, clashes


def _whose(parts: list[Part], student: str) -> Iterator[str]:
    for other in dict.fromkeys(part.student for part in parts if part.student):
        if same(other) != same(student):
            yield f"the form was made for {other[:60]!r} and is graded for {student[:60]!r}"
