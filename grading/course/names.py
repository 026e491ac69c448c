"""Students' names, from the names of what they handed in."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePath
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.course.contents import is_ignored

_MOODLE: Final = re.compile(r"_\d+_assignsubmission_\w+?_?$")


def student_of(path: PurePath) -> str:
    """The student, as a file or folder is called.

    >>> student_of(PurePath("in/ada.csv"))
    'ada'
    >>> student_of(PurePath("in/Ada Lovelace_1815_assignsubmission_file_"))
    'Ada Lovelace'
    """
    known = (".csv", ".tsv", ".txt", ".json", ".ipynb", ".py", ".zip")
    name = path.name[: -len(path.suffix)] if path.suffix.lower() in known else path.name
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", _MOODLE.sub("", text)).strip() or "?"


def students_in(folder: Path) -> dict[str, list[Path]]:
    """The files and folders of each student, in the order of the names.

    Files of one name belong together, such as ada.csv and ada.py.

    Raises SubmissionError where there is no such folder.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: (path.name.casefold(), path.name))
    except OSError as error:
        reason = error.strerror or error
        raise SubmissionError(f"cannot list submissions in {str(folder)!r}: {reason}") from None
    found: dict[str, list[Path]] = {}
    for path in entries:
        if not is_ignored(path.name):
            found.setdefault(student_of(path), []).append(path)
    return found
