"""Tier A: bubblewrap gives the child a system of its own, in which there is a Python and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grading.sandbox.identity import reachable
from grading.sandbox.interpreter import DEVICES, FOR_LINKING, Interpreter

_DOOR: Final = (
    "/mnt"  # where root lays what others cannot reach; only inside its own view of the disk
)
# a namespace of processes here too: a bubblewrap of root may not signal the one that has left root
_OUTER: Final = (
    f"--die-with-parent --unshare-pid --dev-bind / / --proc /proc --tmpfs {_DOOR}".split()
)
_ALONE: Final = (
    "--unshare-all --unshare-user --disable-userns --cap-drop ALL --die-with-parent --new-session"
    " --clearenv"
).split()
_AS_USER: Final = "--clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all".split()


def command(
    python: Sequence[str],
    it: Interpreter,
    *,
    uid: int | None,
    filter_fd: int,
    environment: dict[str, str],
) -> list[str]:
    """The whole command: as root first out of root, then into the sandbox, then Python."""
    program = shutil.which("bwrap") or "bwrap"
    moved = _hard_to_reach(it) if uid is not None else {}
    lay = [arg for old, new in moved.items() for arg in ("--ro-bind", old, new)]
    door = [program, *_OUTER, *lay, "--"]
    drop = ["setpriv", f"--reuid={uid}", f"--regid={uid}", *_AS_USER, "--"]
    names = [x for pair in environment.items() for x in ("--setenv", *pair)]
    files = [*_system(it, moved), "--remount-ro", "/", "--chdir", "/"]
    inner = [program, *_ALONE, *names, *files, "--seccomp", str(filter_fd), "--", *python]
    return [*(door if moved else []), *(drop if uid is not None else []), *inner]


def _hard_to_reach(it: Interpreter) -> dict[str, str]:
    """Files that only root can open, such as those of a Python in root's home, and where they go."""
    closed = [path for path in (it.executable, *it.folders) if not reachable(path)]
    return {path: f"{_DOOR}/{number}" for number, path in enumerate(closed)}


def _system(it: Interpreter, moved: dict[str, str]) -> list[str]:
    """The files that there are: each folder at its own place, what is installed beside it hidden."""
    args: list[str] = []
    for top in ("/lib", "/lib64"):
        if Path(top).is_symlink():
            args += ["--symlink", str(Path(top).readlink()), top]
    for path in (*it.shared, *it.library):
        args += ["--ro-bind", moved.get(path, path), path]
    for path in it.hidden:
        args += ["--tmpfs", path, "--remount-ro", path]
    for path in (it.numpy, *it.bundled, it.executable):
        args += ["--ro-bind", moved.get(path, path), path]
    if it.loader:
        place = Path(os.path.realpath(Path(it.loader).parent), Path(it.loader).name)
        args += ["--ro-bind", os.path.realpath(it.loader), str(place)]
    for path in FOR_LINKING:
        args += ["--ro-bind-try", path, path]
    for device in DEVICES:
        args += ["--dev-bind-try", device, device]
    return args
