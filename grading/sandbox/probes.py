"""What a tier stops, found out by trying it from the inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from grading.sandbox.calls import Call
from grading.sandbox.launching import Tier
from grading.sandbox.limits import Limits
from grading.sandbox.running import run

ATTEMPTS: Final = {
    "network": "opening a socket",
    "read": "reading the machine's files (/etc/passwd, /proc/1/status)",
    "write": "writing a file",
    "process": "a second process",
    "program": "starting another program",
    "signal": "sending signals to other processes",
    "grader": "reading the grader's own process",
    "memory": "10 GB of memory",
}

_SOURCE: Final = r"""
import os, socket, tempfile

def network():
    socket.socket().close()

def read():
    for name in ("/etc/passwd", "/proc/1/status"):
        open(name, "rb").read(1)

def write():
    folders = ("/tmp", "/var/tmp", "/dev/shm", os.getcwd())
    made = [f for f in folders if _written(f)]
    if not made:
        raise OSError("nowhere")

def _written(folder):
    name = f"{folder}/flowgrade-doctor-{os.getpid()}"
    try:
        with open(name, "x") as file:
            file.write("x")
    except OSError:
        return False
    finally:
        if os.path.exists(name):
            os.unlink(name)
    return True

def process():
    if os.fork() == 0:
        os._exit(0)
    os.wait()

def program():
    from ctypes import CDLL, c_char_p, get_errno
    libc = CDLL(None, use_errno=True)
    if libc.execve(c_char_p(b"/"), None, None) and get_errno() == 1:
        raise OSError("not permitted")  # else the kernel has looked at what it was asked to start

def signal():
    os.kill(os.getppid(), 0)

def grader():
    open(f"/proc/{os.getppid()}/environ", "rb").read(1)

def memory():
    bytearray(10_000_000_000)

def _tries(attempt):
    try:
        attempt()
    except BaseException as error:
        return type(error).__name__
    return ""

def tried(names):
    return [_tries(globals()[name]) for name in names]
"""


@dataclass(frozen=True)
class Probe:
    """What was tried in a tier: what it stopped, what went through, and how long a run takes."""

    tier: Tier
    stopped: tuple[str, ...]
    passed: tuple[str, ...]
    seconds: float


def probe(tier: Tier) -> Probe:
    """Tries everything once; `SandboxError` where the tier does not work here.

    >>> from grading.sandbox import best_tier
    >>> "10 GB of memory" in probe(best_tier()).stopped
    True
    """
    names = list(ATTEMPTS)
    outcome = run(_SOURCE, [Call("tried", (names,))], tier=tier, limits=Limits(seconds=20))
    errors = outcome.results[0].value or [""] * len(names)
    return Probe(
        tier,
        tuple(ATTEMPTS[name] for name, error in zip(names, errors, strict=True) if error),
        tuple(ATTEMPTS[name] for name, error in zip(names, errors, strict=True) if not error),
        outcome.seconds,
    )
