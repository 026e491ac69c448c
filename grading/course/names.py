"""Students' names, from the names of what they handed in."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePath
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.course.contents import is_ignored

_MOODLE: Final = re.compile(r"_(\d+)_assignsubmission_\w+?_?$")


def student_of(path: PurePath) -> str:
    """The student, as a file or folder is called.

    >>> student_of(PurePath("in/ada.csv"))
    'ada'
    >>> student_of(PurePath("in/Ada Lovelace_1815_assignsubmission_file_"))
    'Ada Lovelace'
    """
    return unicodedata.normalize("NFC", _MOODLE.sub("", _stem(path))).strip() or "?"


def _stem(path: PurePath) -> str:
    known = (".csv", ".tsv", ".txt", ".json", ".ipynb", ".py", ".zip")
    name = path.name[: -len(path.suffix)] if path.suffix.lower() in known else path.name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def students_in(folder: Path) -> dict[str, list[Path]]:
    """The files and folders of each student, in the order of the names.

    Files of one name belong together, such as ada.csv and ada.py; but where Moodle tells several students
    of one name apart by a number, this belongs to their names.

    Raises SubmissionError where there is no such folder.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: (path.name.casefold(), path.name))
    except OSError as error:
        reason = error.strerror or error
        raise SubmissionError(f"cannot list submissions in {str(folder)!r}: {reason}") from None
    handed_in = [path for path in entries if not is_ignored(path.name)]
    people: dict[str, set[str]] = {}
    for path in handed_in:
        people.setdefault(student_of(path), set()).update(filter(None, [_number(path)]))
    found: dict[str, list[Path]] = {}
    for path in handed_in:
        name = student_of(path)
        mark = _number(path) if len(people[name]) > 1 else ""
        found.setdefault(f"{name}_{mark}" if mark else name, []).append(path)
    return found


def _number(path: PurePath) -> str:
    """By which Moodle tells its students apart; "" elsewhere."""
    told = _MOODLE.search(_stem(path))
    return told[1] if told else ""
