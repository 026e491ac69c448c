"""A filter in the kernel that refuses system calls: a BPF program, written step by step."""

from __future__ import annotations

import ctypes
import platform
import struct
from errno import ENOSYS, EPERM
from typing import Final

from grading.sandbox import syscalls

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENT = 0, 4, 16  # offsets in what the kernel says of a call
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050000 | EPERM, 0x00050000 | ENOSYS, 0x80000000
_X32: Final = 0x40000000  # the same calls by other numbers
_NAMESPACES: Final = 0x7E020080  # CLONE_NEW…
_THREAD: Final = 0x00010000  # CLONE_THREAD
_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_PTRACER = 1, 4, 0x59616D61
_ITS_GUARDS: Final = (_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_PTRACER)


def _step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, k)


def _if_number(number: int, then: bytes) -> bytes:
    """For this call, a piece that ends in a return; for others, on."""
    return _step(_EQUAL, number, 0, len(then) // 8) + then


def _unless_first_is(allowed: tuple[int, ...]) -> bytes:
    """Refuses a call whose first argument is none of these."""
    tests = [_step(_EQUAL, value & 0xFFFFFFFF, len(allowed) - i) for i, value in enumerate(allowed)]
    return (
        _step(_LOAD, _ARGUMENT) + b"".join(tests) + _step(_RETURN, _REFUSE) + _step(_RETURN, _ALLOW)
    )


def _if_first_is(refused: tuple[int, ...]) -> bytes:
    """Refuses a call whose first argument is one of these."""
    tests = [_step(_EQUAL, value, len(refused) - i) for i, value in enumerate(refused)]
    return (
        _step(_LOAD, _ARGUMENT) + b"".join(tests) + _step(_RETURN, _ALLOW) + _step(_RETURN, _REFUSE)
    )


def _clone(*, programs: bool) -> bytes:
    """No new namespaces; once the sandbox stands, threads and no processes."""
    namespaces = _step(_ANY_BIT, _NAMESPACES, 0, 1) + _step(_RETURN, _REFUSE)
    thread = _step(_ANY_BIT, _THREAD, 1, 0) + _step(_RETURN, _REFUSE)
    return (
        _step(_LOAD, _ARGUMENT)
        + namespaces
        + (b"" if programs else thread)
        + _step(_RETURN, _ALLOW)
    )


def program(machine: str, *, programs: bool, pid: int | None = None) -> bytes:
    """The filter. programs: whether others may be started; pid: the one process that may be signalled."""
    calls = syscalls.by_argument(machine)
    parts = _head(machine)
    refused = syscalls.denied(machine, programs=programs)
    parts += [_if_number(number, _step(_RETURN, _REFUSE)) for number in refused]
    parts.append(_if_number(calls["clone"], _clone(programs=programs)))
    parts.append(
        _if_number(calls["clone3"], _step(_RETURN, _UNKNOWN))
    )  # its flags are out of sight
    if pid is not None:
        parts += [
            _if_number(calls["kill"], _unless_first_is((pid,))),
            _if_number(calls["tgkill"], _unless_first_is((pid,))),
            _if_number(calls["prlimit64"], _unless_first_is((0, pid))),
            _if_number(calls["prctl"], _if_first_is(_ITS_GUARDS)),
        ]
    return b"".join([*parts, _step(_RETURN, _ALLOW)])


def _head(machine: str) -> list[bytes]:
    """Calls by the numbers of another kind of processor end the process; then the number is loaded."""
    steps = [
        _step(_LOAD, _MACHINE),
        _step(_EQUAL, syscalls.MACHINES[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _UNKNOWN)]
    return steps


def machine() -> str:
    """The kind of processor; raises OSError where no filter is written for it."""
    name = platform.machine()
    if name not in syscalls.MACHINES or struct.calcsize("P") != 8:
        raise OSError(f"no filter of system calls is written for {name}")
    return name


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def install(steps: bytes) -> None:
    """Puts this process under the filter, for good; raises OSError where the kernel has none."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(steps, len(steps))
    filter_ = _Program(len(steps) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    no_new_privileges()
    if libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(filter_), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp is not to be had")


def no_new_privileges() -> None:
    """From now on no program gives this process more rights than it has."""
    libc = ctypes.CDLL(None, use_errno=True)
    one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if libc.prctl(_SET_NO_NEW_PRIVS, one, none, none, none):
        raise OSError(ctypes.get_errno(), "the kernel does not know no_new_privs")
