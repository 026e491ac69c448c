"""A user for each run: an id that is nobody's, so that its processes can be told from all others."""

from __future__ import annotations

import errno
import os
import random
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# ids that systemd gives to services that come and go, and nobody to people
_FIRST, _LAST = 61184, 65519
_TRIES: Final = 64


def is_root() -> bool:
    """Whether this process has root's id, and so something to give up."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def can_leave_root() -> bool:
    """Whether there are other ids here: in some containers root is the only one."""
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return sys.platform != "linux"
    ranges = [(int(a), int(n)) for a, _, n in (line.split() for line in lines)]
    return any(first <= _FIRST and first + count > _LAST for first, count in ranges)


@contextmanager
def user() -> Iterator[int | None]:
    """An id that no other run on this machine has; None where there is no root to leave."""
    if not (is_root() and can_leave_root()):
        yield None
        return
    with _claimed() as (uid, _held):
        yield uid


@contextmanager
def _claimed() -> Iterator[tuple[int, object]]:
    """Claims an id by a name that the kernel gives to one process, and takes back when that ends."""
    if sys.platform != "linux":
        yield random.randint(_FIRST, _LAST), None  # noqa: S311 – no secret
        return
    for _ in range(_TRIES):
        uid = random.randint(_FIRST, _LAST)  # noqa: S311 – no secret
        with socket.socket(socket.AF_UNIX) as held:
            try:
                held.bind(f"\0flowgrade-user-{uid}")
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            yield uid, held
            return
    raise OSError(errno.EAGAIN, "no free user id for strangers' code")


def reachable(path: str) -> bool:
    """Whether a user without rights of its own can open it."""
    true = Path(os.path.realpath(path))
    try:
        open_way = all(parent.stat().st_mode & 0o001 for parent in true.parents)
        return open_way and bool(true.stat().st_mode & 0o004)
    except OSError:
        return False
