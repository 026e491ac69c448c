"""One run at a time in a folder: the lock is the system's, and goes with the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograd_lite.errors import GradingError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder while results are written to it.

    Raises GradingError when another run holds it.
    """
    path = folder / ".lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise GradingError(
            f"another run writes to {str(folder)!r}; wait for it, or choose another folder with --out"
        ) from None
