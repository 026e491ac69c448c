"""What a student handed in, as bytes from the disk: capped, no link followed, nothing parsed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.results import ItemStatus

LARGEST_FILE: Final = 10_000_000
LARGEST: Final = 40_000_000
MOST_FILES: Final = 200
DEEPEST: Final = 6
IGNORED: Final = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Problem:
    """Why something that was handed in is not taken: a status, and a sentence for the student.

    >>> Problem("refused", "answers.csv is a link; hand in the file itself").status
    'refused'
    """

    status: ItemStatus
    says: str


@dataclass(frozen=True)
class Contents:
    """The files of one submission.

    student   as the file or folder is called
    files     (path inside the submission, bytes), in the order of the paths
    problems  what was not taken, and why
    """

    student: str
    files: tuple[tuple[str, bytes], ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def digest(self) -> str:
        """A hash of all that is graded: equal for equal submissions of one student only."""
        found = hashlib.sha256()
        whose = (self.student.encode("utf-8", "surrogatepass"), repr(self.problems).encode())
        named = (part for name, data in self.files for part in (os.fsencode(name), data))
        for part in (*whose, *named):
            found.update(len(part).to_bytes(8, "big") + part)
        return found.hexdigest()


def is_ignored(name: str) -> bool:
    """Whether a file is the system's and not the student's.

    >>> is_ignored(".DS_Store"), is_ignored("answers.csv")
    (True, False)
    """
    return name.startswith(".") or name in IGNORED


def contents(student: str, *paths: Path) -> Contents:
    """Read a student's files and folders."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for name, path in _walk(paths, problems):
        try:
            data = _bytes(path, name)
        except SubmissionError as error:
            problems.append(Problem("refused", str(error)))
            continue
        total += len(data)
        if len(files) >= MOST_FILES or total > LARGEST:
            most = f"{MOST_FILES} files or {LARGEST // 1_000_000} MB"
            problems.append(Problem("refused", f"these are more than {most}; the rest is not read"))
            break
        files[name] = data
    return Contents(student, tuple(sorted(files.items())), tuple(problems))


def _walk(paths: tuple[Path, ...], problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Every file with its name inside the submission; folders that are links are yielded as files."""
    todo = [(path.name, path, 0) for path in sorted(paths, reverse=True)]
    while todo:
        name, path, depth = todo.pop()
        if path.is_symlink() or not path.is_dir():
            yield name, path
            continue
        if depth == DEEPEST:
            problems.append(Problem("refused", f"{name}: folders are nested too deeply"))
            continue
        try:
            inside = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            problems.append(Problem("refused", f"{name}: {error.strerror or error}"))
            continue
        entries = [entry for entry in inside if not is_ignored(entry.name)]
        within = "" if depth == 0 and len(paths) == 1 else f"{name}/"
        todo += [(f"{within}{entry.name}", Path(entry.path), depth + 1) for entry in entries]


def _bytes(path: Path, name: str) -> bytes:
    """Raises SubmissionError for what is no regular file, cannot be opened, or is too large."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise SubmissionError(f"{name} is a link; hand in the file itself")
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SubmissionError(f"{name} is no regular file")
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SubmissionError(f"{name} cannot be opened: {error.strerror or error}") from None
    if len(data) > LARGEST_FILE:
        raise SubmissionError(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB")
    return data
