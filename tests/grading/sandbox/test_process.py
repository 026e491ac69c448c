"""Of a run nothing is left: not what left its group, nor what it printed without end."""

import os
import subprocess
import sys
import time

import pytest

from autograd_lite.errors import SandboxError
from grading.sandbox import process
from grading.sandbox.limits import Limits
from tests.processes import PATIENCE, alive


def start(text):
    """A child that finds the message's way out in its first argument."""
    reader, writer = os.pipe()
    child = process.Child(
        [sys.executable, "-c", text, str(writer)], b"in", [writer], dict(os.environ)
    )
    os.close(writer)
    return child, reader


def followed(text, **limits):
    child, reader = start(text)
    try:
        return child.follow(reader, Limits(**limits))
    finally:
        os.close(reader)


SAY = "import os, sys; fd = int(sys.argv[1])\n"


def test_all_three_pipes_are_read():
    ended = followed(SAY + "os.write(fd, b'!done'); print('out'); print('err', file=sys.stderr)")
    assert (ended.started, ended.stopped, ended.code) == (True, "", 0)
    assert (ended.message, ended.printed, ended.complaint) == (b"done", b"out\n", b"err\n")


def test_its_input_is_a_file():
    assert followed(SAY + "os.write(fd, b'!' + sys.stdin.buffer.read())").message == b"in"


def test_the_time_begins_when_it_is_ready():
    """A machine that is slow to start it costs the student nothing."""
    ended = followed(SAY + "import time; time.sleep(0.5); os.write(fd, b'!done')", seconds=0.2)
    assert (ended.stopped, ended.message) == ("", b"done")
    ended = followed(SAY + "import time; os.write(fd, b'!'); time.sleep(60)", seconds=0.2)
    assert (ended.started, ended.stopped, ended.code) == (True, "timeout", -9)


def test_too_much_is_not_kept():
    ended = followed(SAY + "os.write(fd, b'!'); print('x' * 10**6)", output=100)
    assert (ended.printed, ended.stopped) == (b"x" * 100, "")
    ended = followed(SAY + "[os.write(fd, b'!' * 60000) for _ in range(100)]", message=1000)
    assert ended.stopped == "output"
    assert len(ended.message) <= 1001


def test_how_it_died_is_known():
    assert followed(SAY + "os.abort()").code == -6
    assert not followed(SAY + "os._exit(3)").started
    assert followed(SAY + "os._exit(3)").code == 3
    assert followed(SAY + "import time; time.sleep(0.3)").seconds >= 0.3


def test_what_stays_behind_in_the_group_is_killed():
    text = (
        SAY
        + "pid = os.fork()\nif not pid:\n    import time; time.sleep(100)\nos.write(fd, b'!%d' % pid)"
    )
    pid = int(followed(text, seconds=0.5).message)
    assert gone(pid)


def test_a_process_that_cannot_be_killed_is_named_and_not_waited_for(monkeypatch):
    def forbidden(*_):
        raise PermissionError("not your process")

    child, reader = start(SAY + "import time; os.write(fd, b'!'); time.sleep(100)")
    with monkeypatch.context() as patched:
        patched.setattr(process, "_DYING", 0.1)
        patched.setattr(os, "killpg", forbidden)
        with pytest.raises(SandboxError, match=f"{child.process.pid} is still"):
            child.follow(reader, Limits(seconds=0.1))
    os.close(reader)
    child.end(wait=0.0)
    assert gone(child.process.pid)


def test_what_left_the_group_is_hunted_by_its_session():
    child = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 100 & echo $!"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    pid = int(child.stdout.readline())
    child.stdout.close()
    child.wait(PATIENCE)
    assert alive(pid)
    process.sweep(None, child.pid)
    assert gone(pid)


def test_a_sweep_leaves_others_alone():
    other = subprocess.Popen(["/bin/sleep", "100"], start_new_session=True)
    process.sweep(65001, 2**22 + 1)
    assert alive(other.pid)
    other.kill()
    other.wait(PATIENCE)


def gone(pid):
    """Whether it ends within a moment."""
    for _ in range(200):
        if not alive(pid):
            return True
        time.sleep(0.01)
    return False
