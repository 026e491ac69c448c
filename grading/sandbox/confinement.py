"""What the child does to itself before it runs a stranger's line: fewer rights, and limits.

It is the last that trusted code does in that process, and nothing of it can be undone from inside.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import Any, Final

from grading.sandbox import landlock, seccomp

_SET_DEATH_SIGNAL: Final = 1


def confine(request: dict[str, Any]) -> None:
    """Leaves root, files, system calls and all but a share of the machine."""
    rules = _files(request) if request["tier"] == "B" else None
    _leave_root(request["uid"])
    _end_with(request["parent"])
    if rules is not None:
        rules.enforce()
    limit(request["limits"])
    if request["tier"] in "AB":
        seccomp.install(seccomp.program(seccomp.machine(), programs=False, pid=os.getpid()))


def _files(request: dict[str, Any]) -> landlock.Ruleset:
    rules = landlock.Ruleset()
    rules.read(request["readable"])
    rules.list_names(request["listed"])
    rules.write(request["devices"])
    return rules


def _leave_root(uid: int | None) -> None:
    """Becomes a user whom nobody else is, for good."""
    if uid is None:
        return
    os.setgroups([])
    os.setregid(uid, uid)  # the saved ids too, since the real ones are set; macOS has no setresuid
    os.setreuid(uid, uid)
    if os.geteuid() == 0 or os.getuid() == 0:
        raise OSError("this process cannot stop being root")


def _end_with(parent: int) -> None:
    """Dies with the grader, also where that one is killed."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL))
    if parent and os.getppid() != parent:
        os._exit(1)


def limit(limits: dict[str, int]) -> None:
    """Soft and hard limits alike, by their names in `resource`; those that a system lacks are left out."""
    for name, most in limits.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is None:
            continue
        hard = resource.getrlimit(which)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(which, (value, value))
        except (ValueError, OSError):
            if name != "AS":  # which macOS knows and does not take
                raise
