"""A child from its start to its end: fed, drained, stopped in time, and nothing of it left."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from autograd_lite.errors import SandboxError
from grading.sandbox.limits import Limits

READY: Final = b"!"  # the child's first word
START: Final = 60.0  # seconds for starting an interpreter on a busy machine
_ENDING: Final = 0.5  # for what is still in the pipes when results are there
# from being killed to being gone: a machine that cannot do it must not be waited for
_DYING: Final = 60.0
_FLOOD: Final = 1 << 26  # bytes printed, and the run is stopped
_CHUNK: Final = 1 << 16


@dataclass
class Stream:
    """What comes out of one pipe: its beginning is kept, the rest thrown away."""

    fd: int
    most: int
    kept: bytearray = field(default_factory=bytearray)
    total: int = 0

    def take(self) -> bool:
        """Reads once; false at the end."""
        data = os.read(self.fd, _CHUNK)
        self.total += len(data)
        self.kept += data[: max(0, self.most - len(self.kept))]
        return bool(data)


@dataclass(frozen=True)
class Ended:
    """How a child ended.

    started  whether it came as far as to run the stranger's first line
    stopped  "" or why it was killed: "timeout", "output"
    code     as subprocess's returncode: negative for a signal
    seconds  by the clock, from its start
    """

    started: bool
    stopped: str
    code: int
    message: bytes
    printed: bytes
    complaint: bytes
    seconds: float


def as_input(data: bytes) -> IO[bytes]:
    """A file of no name that holds it, in memory where there is such a thing."""
    if hasattr(os, "memfd_create"):
        file: IO[bytes] = os.fdopen(os.memfd_create("flowgrade"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 – the caller closes it
    file.write(data)
    file.seek(0)  # which writes what is still held back
    return file


class Child:
    """One started process."""

    def __init__(
        self, command: Sequence[str], data: bytes, fds: Sequence[int], env: dict[str, str]
    ) -> None:
        self.began = time.monotonic()
        with as_input(data) as file:
            self.process = subprocess.Popen(  # noqa: S603 – a list, no shell
                command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
                pass_fds=fds, start_new_session=True, cwd="/", bufsize=0,
            )  # fmt: skip

    def follow(self, reader: int, limits: Limits) -> Ended:
        """Reads until the end; kills it where it goes on too long or prints too much."""
        out, err = self.process.stdout, self.process.stderr
        assert out is not None  # noqa: S101 – for mypy: both are pipes
        assert err is not None  # noqa: S101
        sent = Stream(reader, limits.message + 2)
        printed, complaint = (Stream(pipe.fileno(), limits.output) for pipe in (out, err))
        try:
            stopped = Reading(sent, (printed, complaint), limits.seconds).until_the_end()
            self.end(wait=0.0 if stopped else _ENDING)
        finally:
            out.close()
            err.close()
            self.end(wait=0.0)
        return self._ended(stopped, *(bytes(s.kept) for s in (sent, printed, complaint)))

    def _ended(self, stopped: str, sent: bytes, printed: bytes, complaint: bytes) -> Ended:
        started, code = sent[:1] == READY, self.process.returncode
        seconds = time.monotonic() - self.began
        return Ended(started, stopped, code, sent[1:], printed, complaint, seconds)

    def end(self, *, wait: float) -> None:
        """Waits so long, then kills all of its group."""
        if self.process.returncode is not None:
            return
        until = time.monotonic() + wait
        while not _has_ended(self.process.pid) and time.monotonic() < until:
            time.sleep(0.001)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        try:
            self.process.wait(_DYING)
        except subprocess.TimeoutExpired:
            says = f"its process {self.process.pid} is still there {_DYING:g} s after it was killed"
            raise SandboxError(f"strangers' code cannot be ended here: {says}") from None


def _has_ended(pid: int) -> bool:
    """Whether it has, without taking its place away: a process group needs its number still."""
    if not hasattr(os, "waitid"):  # macOS; its pipes are closed, so nothing can come of it any more
        return True
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class Reading:
    """A child's pipes, read together: until the message's is closed, and what is then in the others."""

    def __init__(self, sent: Stream, others: tuple[Stream, ...], seconds: float) -> None:
        self.sent, self.others, self.seconds = sent, others, seconds
        self.until, self.closing = time.monotonic() + START, False

    def until_the_end(self) -> str:
        """Why it was not read to its end, "" where it was."""
        with selectors.DefaultSelector() as selector:
            for stream in (self.sent, *self.others):
                selector.register(stream.fd, selectors.EVENT_READ, stream)
            while selector.get_map():
                left = self.until - time.monotonic()
                if left <= 0:
                    return "" if self.closing else "timeout"
                for key, _ in selector.select(left):
                    if not self._take(key.data):
                        selector.unregister(key.fd)
                if self._is_too_much():
                    return "output"
        return ""

    def _take(self, stream: Stream) -> bool:
        """Reads once; the first of the message says that the child is ready, and its end that all is said."""
        is_first = stream is self.sent and not stream.total
        goes_on = stream.take()
        if not goes_on and stream is self.sent:
            self.until, self.closing = min(self.until, time.monotonic() + _ENDING), True
        elif is_first:
            self.until = time.monotonic() + self.seconds
        return goes_on

    def _is_too_much(self) -> bool:
        printed = any(s.total > _FLOOD for s in self.others)
        return printed or self.sent.total > self.sent.most


def sweep(uid: int | None, session: int) -> None:
    """Kills what has left the child's group: by the run's own user id, and by its session."""
    if sys.platform != "linux":
        return
    for _ in range(20):  # what forks while being hunted is caught in the next round
        found = [pid for pid in _processes() if _belongs(pid, uid, session)]
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def _belongs(pid: int, uid: int | None, session: int) -> bool:
    """Whether a living process is the run's."""
    folder = Path("/proc", str(pid))
    try:
        rest = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        if rest[0] in "ZX":
            return False
        return int(rest[3]) == session or (uid is not None and _user(folder) == uid)
    except (OSError, IndexError, ValueError):
        return False


def _user(folder: Path) -> int:
    """The real user id; the folder's own owner is root where a process has changed its id."""
    lines = (folder / "status").read_text(errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Uid:"))
