"""Which files a Python with NumPy is made of, so that a child can be given these and no others."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
FOR_LINKING: Final = ("/etc/ld.so.cache", "/etc/alternatives")  # the second has links

_INSTALLED: Final = ("site-packages", "dist-packages")
_PRELOADED: Final = re.compile(rb"/[\w/.+-]*ld[\w.+-]*\.so[.\d]*\0")


@dataclass(frozen=True)
class Interpreter:
    """A Python, by its files.

    executable  the true one, behind a virtual environment's links
    library     folders of the standard library, in the order of sys.path
    numpy       NumPy's folder; bundled: what its wheel brings along beside it
    shared      folders of the system's shared libraries
    loader      what the kernel starts executables with, "" where it needs none
    """

    executable: str
    library: tuple[str, ...]
    numpy: str
    bundled: tuple[str, ...]
    shared: tuple[str, ...]
    loader: str

    @property
    def folders(self) -> tuple[str, ...]:
        """All that a child reads."""
        return (*self.library, self.numpy, *self.bundled, *self.shared)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Folders inside of these in which other packages are installed."""
        inside = [
            path
            for folder in (*self.library, *self.shared)
            for name in _INSTALLED
            for path in (Path(folder, name), *Path(folder).glob(f"python*/{name}"))
        ]
        return tuple(sorted({str(path) for path in inside if path.is_dir()}))

    @property
    def readable(self) -> tuple[str, ...]:
        """The same without those: folders and files that may be read with all that is in them."""
        found = [self.numpy, *self.bundled, *FOR_LINKING]
        for folder in (*self.library, *self.shared):
            found += _without_packages(folder)
        return tuple(dict.fromkeys(found))


def _without_packages(folder: str) -> list[str]:
    names = os.listdir(folder)  # noqa: PTH208 – names, not paths
    kept = [n for n in names if n not in _INSTALLED and not n.startswith("python")]
    if len(kept) == len(names):
        return [folder]
    return [f"{folder}/{name}" for name in kept]


@cache
def interpreter() -> Interpreter:
    """The Python that runs this, with the NumPy that it has imported."""
    executable = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    numpy = Path(os.path.realpath(np.__file__)).parent
    beside = numpy.with_name("numpy.libs")
    library = _library()
    inside = (*library, str(numpy), str(beside))
    return Interpreter(
        executable=executable,
        library=library,
        numpy=str(numpy),
        bundled=(str(beside),) if beside.is_dir() else (),
        shared=_shared(inside),
        loader=_loader(executable),
    )


def _library() -> tuple[str, ...]:
    stdlib = os.path.dirname(os.path.realpath(os.__file__))  # noqa: PTH120 – text
    compiled = [p for p in sys.path if p.endswith("lib-dynload")] + [f"{stdlib}/lib-dynload"]
    return (stdlib, *[os.path.realpath(p) for p in compiled if Path(p).is_dir()][:1])


def _shared(inside: tuple[str, ...]) -> tuple[str, ...]:
    """Where the shared libraries lie that this process has loaded."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    files = {line.split(maxsplit=5)[5] for line in maps.splitlines() if ".so" in line}
    folders = {os.path.dirname(f) for f in files if f.startswith("/")}  # noqa: PTH120
    mine = [f for f in sorted(folders) if not any(name in f.split("/") for name in _INSTALLED)]
    return tuple(f for f in mine if not f.startswith(inside) and Path(f).is_dir())


def _loader(executable: str) -> str:
    """The path of ld.so that is written in an executable."""
    try:
        with Path(executable).open("rb") as file:
            found = _PRELOADED.search(file.read(4096))
    except OSError:
        return ""
    return found[0][:-1].decode() if found else ""
