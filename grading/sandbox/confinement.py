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
_NEW_MOUNTS, _NEW_IPC = 0x00020000, 0x08000000
_MOUNT_SETATTR, _HERE, _ALL_BELOW = 442, -100, 0x8000  # by this number on every machine
_READ_ONLY, _PRIVATE = 1, 1 << 18


def confine(request: dict[str, Any]) -> None:
    """Leaves root, files, system calls and all but a share of the machine."""
    rules = _files(request) if request["tier"] == "B" else None
    if request["tier"] == "C" and sys.platform == "linux":  # A and B have no such calls
        _keep_to_itself()
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


def _keep_to_itself() -> None:
    """Nothing that it makes stays: it sees all files as read-only, and System V's memory ends with it.

    Only root can ask for that, and others go without. No program that it becomes has more rights.
    """
    seccomp.no_new_privileges()
    libc = ctypes.CDLL(None)
    if libc.unshare(_NEW_MOUNTS | _NEW_IPC) == 0:  # or else all this would befall the machine
        wanted = (ctypes.c_uint64 * 4)(_READ_ONLY, 0, _PRIVATE, 0)
        below = ctypes.c_ulong(_ALL_BELOW)
        size = ctypes.c_size_t(ctypes.sizeof(wanted))
        libc.syscall(_MOUNT_SETATTR, _HERE, b"/", below, ctypes.byref(wanted), size)


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
