"""The filter, run instruction by instruction here: which calls it lets pass, on both kinds of processor."""

import re
import struct
from pathlib import Path

import pytest

from grading.sandbox import seccomp, syscalls

ALLOWED, REFUSED, UNKNOWN, KILLED = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
MACHINES = ["x86_64", "aarch64"]
PID = 4242


def verdict(program, machine, number, first=0):
    """What the kernel's little machine answers."""
    data = struct.pack("=IIQ6Q", number, syscalls.MACHINES[machine], 0, first, 0, 0, 0, 0, 0)
    steps = list(struct.iter_unpack("=HBBI", program))
    value, at = 0, 0
    for _ in range(10_000):
        code, yes, no, k = steps[at]
        at += 1
        if code == 0x20:
            value = struct.unpack_from("=I", data, k)[0]
        elif code == 0x06:
            return k
        else:
            holds = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[code]
            at += yes if holds else no
    raise AssertionError("it does not end")


def filters(machine):
    return {
        "outer": seccomp.program(machine, programs=True),
        "inner": seccomp.program(machine, programs=False, pid=PID),
    }


ALWAYS = "socket connect ptrace process_vm_readv keyctl mount unshare setns bpf io_uring_setup userfaultfd"


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("which", ["outer", "inner"])
def test_what_is_never_needed_is_always_refused(machine, which):
    program = filters(machine)[which]
    tables = [syscalls._NETWORK, syscalls._OTHER_PROCESSES, syscalls._NEW_WORLDS, syscalls._KERNEL]
    known = syscalls.numbers(";".join(tables), machine)
    for name in ALWAYS.split():
        assert verdict(program, machine, known[name]) == REFUSED, name


@pytest.mark.parametrize("machine", MACHINES)
def test_programs_may_be_started_before_the_file_is_and_not_after(machine):
    known = syscalls.numbers(syscalls._NEW_PROGRAMS, machine)
    for number in known.values():
        assert verdict(filters(machine)["outer"], machine, number) == ALLOWED
        assert verdict(filters(machine)["inner"], machine, number) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_and_no_processes(machine):
    clone = syscalls.by_argument(machine)["clone"]
    outer, inner = filters(machine).values()
    thread, process, user, net = 0x3D0F00, 17, 0x10000000 | 17, 0x40000000 | 0x10000
    assert [verdict(inner, machine, clone, f) for f in (thread, process, user, net)] == [
        ALLOWED, REFUSED, REFUSED, REFUSED,
    ]  # fmt: skip
    assert [verdict(outer, machine, clone, f) for f in (thread, process, user, net)] == [
        ALLOWED, ALLOWED, REFUSED, REFUSED,
    ]  # fmt: skip
    assert verdict(inner, machine, syscalls.by_argument(machine)["clone3"]) == UNKNOWN


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_and_limits_for_itself_alone(machine):
    inner, calls = filters(machine)["inner"], syscalls.by_argument(machine)
    for name in ("kill", "tgkill"):
        assert verdict(inner, machine, calls[name], PID) == ALLOWED
        for other in (1, PID + 1, 0xFFFFFFFF, 0):
            assert verdict(inner, machine, calls[name], other) == REFUSED
    assert [verdict(inner, machine, calls["prlimit64"], p) for p in (0, PID, 1)] == [
        ALLOWED, ALLOWED, REFUSED,
    ]  # fmt: skip
    # PR_SET_NAME passes; the signal at the grader's death and the rights to be traced stay as they are
    assert [verdict(inner, machine, calls["prctl"], o) for o in (15, 1, 4, 0x59616D61)] == [
        ALLOWED, REFUSED, REFUSED, REFUSED,
    ]  # fmt: skip


def test_the_same_calls_by_other_numbers():
    program = filters("x86_64")["inner"]
    assert verdict(program, "x86_64", 0x40000000 | 41) == UNKNOWN
    assert verdict(program, "aarch64", 198) == KILLED  # as in 32-bit calls on a 64-bit machine


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_needs_passes(machine):
    x86_64, aarch64 = (0, 1, 9, 202, 231, 318, 257, 3, 39), (63, 64, 222, 98, 94, 278, 56, 57, 172)
    needed = dict(
        zip(MACHINES, (x86_64, aarch64), strict=True)
    )  # read write mmap futex exit_group …
    for number in needed[machine]:
        for program in filters(machine).values():
            assert verdict(program, machine, number) == ALLOWED


def test_no_number_stands_twice():
    for machine in MACHINES:
        refused = syscalls.denied(machine, programs=False)
        assert len(set(refused)) == len(refused)
        assert not set(refused) & set(syscalls.by_argument(machine).values())


HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine):
    """Against lists that were not made here, where the kernel's headers are installed."""
    header = Path(HEADERS[machine])
    text = header.read_text(encoding="ascii") if header.is_file() else ""
    true = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    tables = [
        v for k, v in vars(syscalls).items() if k.startswith("_") and k.isupper() and ";" in v
    ]
    assert len(tables) >= 8
    for table in tables:
        for name, number in syscalls.numbers(table, machine).items():
            assert int(true.get(name, number)) == number, name
