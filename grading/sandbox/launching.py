"""One run in one tier: the request is written, the child started, followed and cleared away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from grading.sandbox import bubblewrap, identity, loading, process, seccomp
from grading.sandbox.interpreter import DEVICES, Interpreter, interpreter
from grading.sandbox.limits import Limits

Tier: TypeAlias = Literal["A", "B", "C"]

_PYTHON: Final = ("-I", "-S", "-B", "-X", "utf8", "-c", loading.FIRST_LINE)
_ENVIRONMENT: Final = {
    "HOME": "/", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the child is to do, in values that marshal writes."""

    calls: Sequence[tuple[str, list[Any], dict[str, Any]]] = ()
    variables: Sequence[str] = ()
    cells: list[str] | None = None
    driver: str = ""
    is_text: bool = True


def environment() -> dict[str, str]:
    """All the variables that the child has."""
    libraries = os.environ.get("LD_LIBRARY_PATH")
    return _ENVIRONMENT | ({"LD_LIBRARY_PATH": libraries} if libraries else {})


def launch(tier: Tier, asked: Asked, source: bytes, limits: Limits) -> process.Ended:
    """Runs it there; raises OSError where that cannot be done."""
    it = interpreter()
    with ExitStack() as stack:
        uid = stack.enter_context(identity.user())
        reader, writer = stack.enter_context(_pipe())
        request = _request(tier, asked, limits) | {
            "fd": writer,
            "uid": None if tier == "A" else uid,
        }
        places, fds = _places(it, uid if tier != "A" else None, stack)
        python = [it.executable, *_PYTHON]
        command, filter_fds = python, []
        if tier == "A":
            filter_fds = [stack.enter_context(_filter())]
            command = bubblewrap.command(
                python, it, uid=uid, filter_fd=filter_fds[0], environment=environment()
            )
        data = loading.written(request | places, source)
        env = environment() | ({"PATH": os.environ.get("PATH", os.defpath)} if tier == "A" else {})
        child = process.Child(command, data, [writer, *fds, *filter_fds], env)
        os.close(writer)
        try:
            return child.follow(
                reader, seconds=limits.seconds, output=limits.output, message=limits.message
            )
        finally:
            process.sweep(uid, child.process.pid)


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """A pipe whose writing end the caller closes."""
    reader, writer = os.pipe()
    try:
        yield reader, writer
    finally:
        os.close(reader)


@contextmanager
def _filter() -> Iterator[int]:
    """A file with the filter that bubblewrap puts in place before it starts Python."""
    machine = seccomp.machine()
    if machine is None:
        raise OSError("no filter of system calls is written for this processor")
    with tempfile.TemporaryFile() as file:
        file.write(seccomp.program(machine, programs=True))
        file.seek(0)
        yield file.fileno()


def _request(tier: Tier, asked: Asked, limits: Limits) -> dict[str, Any]:
    return {
        "tier": tier,
        "parent": 0 if tier == "A" else os.getpid(),
        "limits": _limits(tier, limits),
        "calls": list(asked.calls),
        "variables": list(asked.variables),
        "cells": asked.cells,
        "driver": asked.driver,
        "is_text": asked.is_text,
    }


def _limits(tier: Tier, limits: Limits) -> dict[str, int]:
    """By their names in `resource`. Tier C cannot tell threads from processes, and allows neither."""
    return {
        "CPU": limits.processor,
        "AS": limits.memory,
        "FSIZE": limits.file_size,
        "NPROC": 1 if tier == "C" else limits.processes,
        "NOFILE": 64,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
        "NICE": 0,
        "RTPRIO": 0,
    }


def _places(it: Interpreter, uid: int | None, stack: ExitStack) -> tuple[dict[str, Any], list[int]]:
    """Where the child finds its library, also one that its user could not reach by name."""
    moved: dict[str, str] = {}
    fds = []
    for folder in (*it.library, it.numpy):
        if uid is not None and not identity.reachable(folder):
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_PATH", 0))
            stack.callback(os.close, fd)
            fds.append(fd)
            moved[folder] = f"/proc/self/fd/{fd}"
    places = {
        "path": [moved.get(folder, folder) for folder in it.library],
        "numpy": moved.get(it.numpy, it.numpy),
        "moved": moved,
        "readable": list(it.readable),
        "listed": list(it.library),
        "devices": list(DEVICES),
    }
    return places, fds
