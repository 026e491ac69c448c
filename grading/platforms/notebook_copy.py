"""The assignment that goes with a notebook: students have it, so it has a secret of its own."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Final, NamedTuple

from autograd_lite.errors import AssignmentError
from grading.assignments import Assignment, load
from grading.assignments.assignment import read_assignment
from grading.assignments.toml_file import TomlFile
from grading.platforms.assignment_file import text_of

_SECRETS: Final = ("secret", "secret_file")
_TELLING: Final = 6  # characters of a secret that stand in a text by no accident
_LINE: Final = re.compile(r"^[ \t]*[\"']?secret(?:_file)?[\"']?[ \t]*=.*(?:\n|$)", re.MULTILINE)
_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)


class NotebookCopy(NamedTuple):
    """What a notebook is made from, and the text of the file beside it."""

    assignment: Assignment
    text: str


def notebook_copy(path: str) -> NotebookCopy:
    """An assignment for everybody's eyes, with the same numbers wherever it is opened.

    Its secret is HMAC-SHA256(the author's, "notebook"), from which the author's cannot be told. Neither a
    file beside it nor the environment of whoever opens it is asked.

    >>> notebook_copy("three_step").text.startswith("secret = ")
    True

    Raises AssignmentError where the author's secret does not stand on one line above the tables, or stands
    elsewhere too.
    """
    author, text = load(path), text_of(path)
    key = hmac.new(
        author.secret.encode("utf-8", "surrogatepass"), b"notebook", hashlib.sha256
    ).hexdigest()
    table = _TABLE.search(text)
    above = text[: table.start()] if table else text
    rest = _LINE.sub("", above) + text[len(above) :]
    copy = f'secret = "{key}"  # of this notebook alone\n{rest}'
    name = Path(path).with_suffix(".toml").name
    is_elsewhere = len(author.secret) >= _TELLING and author.secret in rest
    if is_elsewhere or _told(name, copy) != _told(name, text):
        raise AssignmentError(
            f"{name}: students get this file, so its secret is taken out of it: write secret or secret_file "
            f"on one line, above the first [table], and nowhere else"
        )
    return NotebookCopy(read_assignment(TomlFile(name, copy), Path(), environment=False), copy)


def _told(name: str, text: str) -> dict[str, object] | None:
    """What a file says, but for secrets; None where it is no TOML any more."""
    try:
        content = TomlFile(name, text).content
    except AssignmentError:
        return None
    return {key: value for key, value in content.items() if key not in _SECRETS}
