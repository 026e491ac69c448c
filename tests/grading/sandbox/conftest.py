"""What the tests of the sandbox share: things worth stealing, and a look at what was left behind."""

import ctypes
import os
import socket
import sysconfig
import threading
import uuid
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.processes import ended_children

ROOT = Path(__file__).parents[3]
_SUBREAPER = 36


@pytest.fixture(scope="module", autouse=True)
def _orphans_come_to_us():
    """A process whose parents have died becomes a child of this one, so that it can be counted.

    For one file and no longer: programs that other tests start look at who their parent is. Those that have
    ended are taken away, as they count among the processes that a user may have.
    """
    before = ended_children()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    yield
    ctypes.CDLL(None).prctl(_SUBREAPER, 0, 0, 0, 0)
    for pid in ended_children() - before:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


@pytest.fixture(scope="module")
def listener():
    """A server of the grader's on a port, and one on a file; what reached them is kept."""
    heard = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=_listen, args=(server, heard), daemon=True).start()
        yield server.getsockname()[1], heard


def _listen(server, heard):
    with suppress(OSError):
        while True:
            heard.append(server.accept()[0])


@pytest.fixture
def places(tmp_path, listener, monkeypatch):
    """Where a stranger finds the grader's things; the right answer is in a file and in the environment."""
    x = float(np.random.default_rng().uniform(0.5, 1.5))  # drawn after the submission
    right = 3 * x**2 * np.cos(x**3)
    (tmp_path / "answers.txt").write_text(repr(float(right)), encoding="ascii")
    (tmp_path / "canary").write_text("alive", encoding="ascii")
    monkeypatch.setenv("FLOWGRADE_SECRET", f"secret-{right}")
    return {
        "X": x, "RIGHT": right, "SECRET": f"secret-{right}", "FOLDER": tmp_path,
        "ANSWERS": tmp_path / "answers.txt", "CANARY": tmp_path / "canary", "MARK": f"evil{uuid.uuid4().hex}",
        "PARENT": os.getpid(), "PORT": listener[0], "SOCKET": tmp_path / "socket", "PROJECT": ROOT,
        "PACKAGES": sysconfig.get_paths()["purelib"],
    }  # fmt: skip
