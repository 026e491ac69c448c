"""An assignment's own file, as text: what travels to where it is graded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from autograd_lite.errors import AssignmentError
from grading.assignments import Assignment, load, shipped
from grading.assignments.assignment import SECRET, name_of
from grading.assignments.toml_file import TomlFile
from grading.platforms.shipping import ASSIGNMENT, SECRET_FILE


def text_of(path: str) -> str:
    r"""The text of a file, or of a shipped assignment, with its name: it travels as `assignment.toml`.

    Students' forms name the assignment, which is to be the same where they are graded.

    Raises AssignmentError where it cannot be read.

    >>> text_of("three_step").partition("\n")[0]
    'name = "three_step"'
    """
    file, text = f"{path}.toml" if path in shipped() else Path(path).name, _read(path)
    is_named = "name" in TomlFile(file, text).content
    return text if is_named else f'name = "{name_of(file)}"\n{text}'


def _read(path: str) -> str:
    if path in shipped():
        return (resources.files("grading.assignments") / "shipped" / f"{path}.toml").read_text(
            "utf-8"
        )
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: it cannot be read: {error}") from error


def assignment_in(folder: Path) -> Assignment:
    """The assignment in a folder that was sent, with the secret that was sent with it."""
    secret = folder / SECRET_FILE
    with _environment(SECRET, secret.read_text("utf-8") if secret.is_file() else ""):
        return load(folder / ASSIGNMENT)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """A variable of the environment for as long as it is needed: what runs later must not find it."""
    before = os.environ.pop(name, None)
    if value:
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
