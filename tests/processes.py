"""Programs that tests start: how long one is waited for, which live, how one ends with all its children."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

PATIENCE = 300.0
"""Seconds after which a program hangs, on whatever machine: no measure of anything."""


def end(process: subprocess.Popen) -> None:
    """End a program and all that it has started, whatever they wait for.

    A server that is asked to stop may never do it: JupyterLab does not, as long as a kernel is starting. It
    is stopped before its children are looked for, so that it starts no more of them.
    """
    if process.poll() is None:
        process.send_signal(signal.SIGSTOP)
    for pid in (*below(process.pid), process.pid):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    process.wait(PATIENCE)


def alive(pid):
    return stat(pid)[0] not in "ZX"


def children():
    """The children of this process, those of all its threads; also those that have ended unseen."""
    tasks = Path("/proc/self/task").iterdir()
    return {int(pid) for task in tasks for pid in text(task / "children").split()}


def ended_children():
    """Those of which only the number is left, as nobody has asked how they ended."""
    return {pid for pid in children() if stat(pid)[0] == "Z"}


def below(pid):
    """All living processes that come from one."""
    folders = [p for p in Path("/proc").glob("[0-9]*") if p.name.isdigit()]
    parents = {int(p.name): parent(int(p.name)) for p in folders}
    found, more = set(), {pid}
    while more:
        more = {p for p, above in parents.items() if above in more} - found
        found |= more
    return {p for p in found if alive(p)}


def parent(pid):
    """The process that started it."""
    return int(stat(pid)[1])


def stat(pid):
    """State, parent and more; of one that is no more, as if dead."""
    return text(Path("/proc", str(pid), "stat")).rpartition(")")[2].split() or ["X", "0"]


def text(path):
    """What a file says, "" where it is no more."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
