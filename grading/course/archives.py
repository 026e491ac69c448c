"""A zip file's members, taken into memory under caps: nothing is unpacked on the disk."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from autograd_lite.errors import SubmissionError
from grading.course.contents import LARGEST, LARGEST_FILE, MOST_FILES, is_ignored

_ENTRY: Final = b"PK\x01\x02"  # each member once, in the list at the archive's end


def unzipped(name: str, data: bytes, left: int = LARGEST) -> dict[str, bytes]:
    """The files of an archive, by their paths inside it.

    left  how many bytes they may be together, other archives of the same submission counted

    Raises SubmissionError for what is no archive, leads out of its folder, is locked by a password, or
    unpacks to more than the caps: the sizes that an archive claims are not believed.
    """
    if data.count(_ENTRY) > MOST_FILES:
        raise SubmissionError(f"{name} holds more than {MOST_FILES} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_members(name, archive, left))
    except SubmissionError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken archive breaks its reader anywhere
        raise SubmissionError(f"{name} cannot be unpacked: {str(error)[:120]}") from None


def _members(name: str, archive: zipfile.ZipFile, left: int) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for member in archive.infolist():
        path = _path(name, member)
        if member.is_dir() or any(map(is_ignored, path.parts)):
            continue
        if str(path) in seen:
            raise SubmissionError(f"{name} holds {str(path)[:80]!r} twice")
        with archive.open(member) as opened:
            data = opened.read(min(left, LARGEST_FILE) + 1)
        left -= len(data)
        if len(data) > LARGEST_FILE:
            most = LARGEST_FILE // 1_000_000
            raise SubmissionError(f"{name} holds {str(path)[:80]!r}, larger than {most} MB")
        if left < 0:
            raise SubmissionError(f"{name} unpacks to more than {LARGEST // 1_000_000} MB")
        seen.add(str(path))
        yield str(path), data


def _path(name: str, member: zipfile.ZipInfo) -> PurePosixPath:
    """Where a member stands; raises SubmissionError where that is outside, or is a link."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    shown = repr(member.filename[:80])
    if path.is_absolute() or ".." in path.parts or ":" in member.filename:
        raise SubmissionError(f"{name} names {shown}, which leads out of its folder")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SubmissionError(f"{name} holds {shown}, a link; hand in the file itself")
    if member.flag_bits & 1:
        raise SubmissionError(f"{name} is locked by a password; hand in one that is not")
    return path
