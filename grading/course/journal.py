"""The journal of a run: one line for each graded submission, on the disk before it counts as graded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final

from autograd_lite.errors import GradingError
from grading.course.records import Key, line, read_line
from grading.results import Report

NAME: Final = "journal.jsonl"


class Journal:
    """Reports by key, appended to a file and synced.

    A last line that a killed run left half is dropped, so that its submission is graded again; any other line
    that cannot be read is left where it is, and counted.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with Journal(folder) as journal:
    ...     journal.append([(Key("a1", "b2", "0.1"), Report("ada", "week 3", ()))])
    >>> Journal(folder).reports[Key("a1", "b2", "0.1")].student
    'ada'
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.reports: dict[Key, Report] = {}
        self.unreadable = 0
        self._whole = self._read()
        self._descriptor: int | None = None

    def _read(self) -> int:
        """Take the whole lines; how many bytes they are."""
        data = self._bytes()
        whole = data.rfind(b"\n") + 1
        for text in data[:whole].splitlines():
            self._take(text)
        return whole

    def _bytes(self) -> bytes:
        """Raises GradingError where the file is none, such as a pipe, which would be waited for."""
        if not self.path.exists():
            return b""
        if not self.path.is_file():
            raise GradingError(f"{str(self.path)!r} is no file; choose another folder with --out")
        return self.path.read_bytes()

    def _take(self, text: bytes) -> None:
        try:
            key, report = read_line(text)
        except ValueError:
            self.unreadable += 1
        else:
            self.reports[key] = report

    def __enter__(self) -> Journal:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self._descriptor = os.open(self.path, flags | getattr(os, "O_BINARY", 0), 0o600)
        os.ftruncate(self._descriptor, self._whole)  # the half line of a run that was killed
        _sync_folder(self.path.parent)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def append(self, graded: Iterable[tuple[Key, Report]]) -> None:
        """Write a line for each, and wait until they are on the disk.

        Raises OSError when the disk is full; what was half written is then taken back.
        """
        new = dict(graded)
        data = "".join(f"{line(key, report)}\n" for key, report in new.items()).encode()
        try:
            _write(self._opened(), data)
            os.fsync(self._opened())
        except OSError:
            os.ftruncate(self._opened(), self._whole)
            raise
        self._whole += len(data)
        self.reports.update(new)

    def _opened(self) -> int:
        if self._descriptor is None:
            raise ValueError("a journal is written to inside a with statement")
        return self._descriptor


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_folder(folder: Path) -> None:
    """So that a new file's name is on the disk too; Windows knows no such thing."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
