"""One run in one tier: the request is written, the child started, followed and cleared away."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Final, Literal, TypeAlias

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


def environment(tier: Tier | None = None) -> dict[str, str]:
    """All the variables that the child has; bubblewrap itself is found by one more."""
    kept = ("LD_LIBRARY_PATH", "PATH") if tier == "A" else ("LD_LIBRARY_PATH",)
    return _ENVIRONMENT | {name: os.environ[name] for name in kept if os.environ.get(name)}


def launch(tier: Tier, asked: Asked, source: bytes, limits: Limits) -> process.Ended:
    """Runs it there; raises OSError where that cannot be done."""
    with ExitStack() as stack:
        uid = stack.enter_context(identity.user())
        reader, writer = _pipe(stack)
        command, fds = _command(tier, uid, stack)
        places, folders = _places(tier, uid, stack)
        request = _request(tier, asked, limits) | places
        request |= {"fd": writer.fileno(), "uid": None if tier == "A" else uid}
        data = loading.written(request, source)
        child = process.Child(command, data, [writer.fileno(), *fds, *folders], environment(tier))
        writer.close()
        try:
            return child.follow(reader.fileno(), limits)
        finally:
            if tier == "C":  # in A all ends with its namespace, and in B there is one process alone
                process.sweep(uid, child.process.pid)


def _pipe(stack: ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    reader, writer = os.pipe()
    return (
        stack.enter_context(os.fdopen(reader, "rb", 0)),
        stack.enter_context(os.fdopen(writer, "wb", 0)),
    )


def _command(tier: Tier, uid: int | None, stack: ExitStack) -> tuple[list[str], list[int]]:
    """What is started, and which descriptors it needs for that."""
    it = interpreter()
    python = [it.executable, *_PYTHON]
    if tier != "A":
        return python, []
    filter_ = process.as_input(seccomp.program(seccomp.machine(), programs=True))
    fd = stack.enter_context(filter_).fileno()
    return bubblewrap.command(python, it, uid=uid, filter_fd=fd, environment=environment()), [fd]


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
    return dict.fromkeys("CORE MEMLOCK MSGQUEUE NICE RTPRIO".split(), 0) | {
        "CPU": limits.processor,
        "AS": limits.memory,
        "FSIZE": limits.file_size,
        "NPROC": 1 if tier == "C" else limits.processes,
        "NOFILE": 64,
        "SIGPENDING": 128,
    }


def _places(tier: Tier, uid: int | None, stack: ExitStack) -> tuple[dict[str, Any], list[int]]:
    """Where the child finds its library, also one that its user could not reach by name."""
    it = interpreter()
    moved: dict[str, str] = {}
    fds = []
    for folder in (*it.library, it.numpy):
        if tier != "A" and uid is not None and not identity.reachable(folder):
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_PATH", 0))
            stack.callback(os.close, fd)
            fds.append(fd)
            moved[folder] = f"/proc/self/fd/{fd}"
    return _named(it, moved), fds


def _named(it: Interpreter, moved: dict[str, str]) -> dict[str, Any]:
    """The files of an interpreter, as the child is told of them."""
    return {
        "path": [moved.get(folder, folder) for folder in it.library],
        "numpy": moved.get(it.numpy, it.numpy),
        "moved": moved,
        "readable": list(it.readable),
        "listed": list(it.library),
        "devices": list(DEVICES),
    }
