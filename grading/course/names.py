"""Students' names, from the names of what they handed in."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

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
