"""Landlock: a process gives up all files but a few, without privileges (Linux 5.13 and later)."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from typing import Final

from grading.sandbox.seccomp import no_new_privileges

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on all processors
_WRITE, _READ, _LIST = 1 << 1, 1 << 2, 1 << 3
_EVERYTHING: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_EVERYTHING_NOW: Final = (1 << 16) - 1
_TCP, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals


def _call(number: int, *args: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(ctypes.c_long(number), *args))
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock is not to be had")
    return result


def version() -> int:
    """Which Landlock the kernel has; 0 for none."""
    try:
        return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except (OSError, AttributeError, TypeError):
        return 0


class Ruleset:
    """What may still be read; nothing may be written but what is named, and no program be started."""

    def __init__(self) -> None:
        found = version()
        self.handled = _EVERYTHING.get(found, _EVERYTHING_NOW)
        fields = [self.handled, *([_TCP] if found >= 4 else []), *([_SCOPES] if found >= 6 else [])]
        attributes = struct.pack(f"={len(fields)}Q", *fields)
        self.fd = _call(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))

    def _allow(self, path: str, rights: int) -> None:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # what is not there need not be read
        try:
            rule = struct.pack("=Qi", rights, fd)
            _call(_ADD_RULE, ctypes.c_int(self.fd), ctypes.c_int(1), rule, ctypes.c_uint32(0))
        finally:
            os.close(fd)

    def read(self, paths: Iterable[str]) -> None:
        """These files, and all that is in these folders."""
        for path in paths:
            self._allow(path, _READ | _LIST if os.path.isdir(path) else _READ)  # noqa: PTH112

    def list_names(self, folders: Iterable[str]) -> None:
        """The names in these folders, but no file of them."""
        for folder in folders:
            self._allow(folder, _LIST)

    def write(self, files: Iterable[str]) -> None:
        """These files, such as /dev/null."""
        for path in files:
            self._allow(path, _READ | _WRITE)

    def enforce(self) -> None:
        """From now on, and for good."""
        no_new_privileges()
        _call(_RESTRICT, ctypes.c_int(self.fd), ctypes.c_uint32(0))
        os.close(self.fd)
