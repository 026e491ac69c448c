"""No state of streams, disk, folders or keyboard makes a command end in a traceback."""

import os
import signal
import stat
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

import viz
from autograd_lite import Value, sin
from autograd_lite.errors import PictureError, PictureWarning
from tests.processes import PATIENCE
from viz.layout import dot as dot_layout
from viz.layout.choose import Quick, auto, passes
from viz.layout.graph import Edge, Graph, Node
from viz.layout.row import row
from viz.render import files

ROOT = Path(__file__).parents[2]
FLOW = "x = 1.0\nh = cos(x)\ny = sqrt(1 + h**2)\n"
COMMAND = f'"{sys.executable}" -m flowgraph'
NO_DEVICES = not Path("/dev/full").exists()
pytestmark = pytest.mark.skipif(NO_DEVICES, reason="needs a POSIX system with /dev/full")


@pytest.fixture
def shell(in_tmp_path):
    """Run a line in a shell, $F the command; returns exit code, output and complaints."""
    (in_tmp_path / "o.flow").write_text(FLOW, encoding="utf-8")

    def run(line, **environment):
        env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        done = subprocess.run(
            ["/bin/bash", "-c", line.replace("$F", COMMAND)],
            check=False, capture_output=True, env=env, timeout=120,
        )  # fmt: skip
        out, said = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in said, said
        assert "Exception ignored" not in said, said
        assert not list(in_tmp_path.glob(".*.part"))
        return done.returncode, out, said

    return run


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("$F draw o.flow > /dev/full", 1, "cannot write the output: No space left on device"),
        ("$F derive o.flow > /dev/full", 1, "No space left"),
        ("$F examples > /dev/full", 1, "No space left"),
        ("$F --help > /dev/full", 1, "No space left"),
        ("$F table o.flow >&-", 1, "standard output is closed"),
        ("$F table - <&-", 2, "standard input is closed"),
        ("$F table - < /dev/zero", 2, "more than 1000000 bytes"),
        ("$F table - < /dev/null", 2, "holds no equation"),
        ("$F table nothing.flow 2>&-", 2, ""),
        ("$F table nothing.flow 2>/dev/full", 2, ""),
        ("$F draw o.flow -o o.pdf <&- >&- 2>&-", 0, ""),
        ("$F table .", 2, "Is a directory"),
        ("$F table /bin/sh", 2, "not UTF-8 text"),
        ("printf '\\xff' > l1.flow; $F table l1.flow", 2, "byte 1 is not UTF-8 text"),
        ("truncate -s 100M big.flow; $F table big.flow", 2, "more than 1000000 bytes"),
        ("ln -s loop.flow loop.flow; $F table loop.flow", 2, "Too many levels of symbolic links"),
        ("printf '\\xef\\xbb\\xbfy = 1.0' > bom.flow; $F table bom.flow", 0, ""),
        ("mkfifo p; (cat o.flow > p &) ; $F table p", 0, ""),
        ("$F table o.flow | head -1", 0, ""),
        ("set -o pipefail; $F table o.flow | true", 1, ""),
        ("$F draw nothing.flow -o o.xyz", 2, "one of .pdf, .svg, .png, .tex, .dot, .txt"),
        ("$F step nothing.flow -o o.pdf", 2, "one of .html, .htm"),
        ("$F slides nothing.flow -o o.svg", 2, "one of .pdf, .tex"),
        ("$F derive nothing.flow -o o.pdf", 2, "one of .tex, .md, .txt"),
        ("$F draw nothing.flow -o no/o.svg", 2, "cannot save the picture as 'no/o.svg': No such"),
        ("mkdir d.svg; $F draw nothing.flow -o d.svg", 2, "'d.svg': Is a directory"),
        ("mkfifo p.svg; $F draw nothing.flow -o p.svg", 2, "no regular file"),
        ("ln -s /dev/full f.svg; $F draw nothing.flow -o f.svg", 2, "no regular file"),
        ("ln -s l.svg l.svg; $F draw nothing.flow -o l.svg", 2, "Too many levels"),
        ("ulimit -f 1; trap '' XFSZ; $F draw o.flow -o o.pdf", 2, "File too large"),
        ("unset HOME; MPLCONFIGDIR=/nowhere LANG=C TERM=dumb $F draw o.flow -o o.svg", 0, ""),
    ],
)  # fmt: skip
def test_any_state_of_streams_and_files_ends_in_a_code_and_one_sentence(
    shell, line, code, sentence
):
    found, _, said = shell(line)
    assert sentence in said
    assert found == code, said
    assert said.count("\n") <= 4


def test_a_terminal_of_ascii_letters_gets_the_table(shell):
    code, out, said = shell(
        "$F table o.flow", LANG="C", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"
    )
    assert (code, said) == (0, "")
    assert "dy/dx" in out


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.4, 0.6, 0.8, 1.1])
def test_ctrl_c_at_any_moment_ends_the_command(in_tmp_path, moment):
    (in_tmp_path / "o.svg").write_text("old")
    running = subprocess.Popen(
        [sys.executable, "-c", "import sys; print(flush=True); from flowgraph import main; main()",
         "draw", "three_step", "-o", "o.svg"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    running.stdout.readline()  # Python is up
    time.sleep(moment)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    if running.returncode:
        # before the command has been imported, there is nobody to catch it
        assert running.returncode in (130, -signal.SIGINT) if moment < 0.1 else 130
        assert (in_tmp_path / "o.svg").read_text() == "old"
    assert b"Traceback" not in said or moment < 0.1
    assert [p.name for p in in_tmp_path.iterdir()] == ["o.svg"]


def test_ctrl_c_in_a_callback_of_pythons_own_is_not_lost():
    """Python prints what is raised in a finalizer, and goes on: a command would not end."""
    code = """
import sys, weakref
from flowgraph import _heed
sys.unraisablehook = _heed
class Lock: pass
def interrupted(_): raise KeyboardInterrupt
lock = Lock()
watch = weakref.ref(lock, interrupted)
del lock
print("went on")
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")


# --- files ---------------------------------------------------------------------------------------


def test_a_symbolic_link_stays_and_the_file_it_leads_to_is_written(tmp_path):
    (tmp_path / "deep").mkdir()
    real, link = tmp_path / "deep" / "real.svg", tmp_path / "link.svg"
    link.symlink_to(Path("deep") / "real.svg")
    for data in (b"new", b"newer"):
        assert files.write(link, data) == link
        assert link.is_symlink()
        assert real.read_bytes() == data


def test_who_may_read_a_file_stays_as_it_was(tmp_path):
    path = tmp_path / "mine.svg"
    path.write_text("old")
    path.chmod(0o600)
    files.write(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- dot -----------------------------------------------------------------------------------------

GRAPH = Graph(
    tuple(Node(20.0, 10.0) for _ in range(4)),
    tuple(Edge(a, b) for a, b in [(0, 2), (0, 3), (1, 2), (1, 3)]),
)  # fmt: skip


@pytest.fixture
def fake_dot(tmp_path, monkeypatch):
    """Put a shell script in dot's place."""

    def put(script, mode=0o755):
        (tmp_path / "dot").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "dot").chmod(mode)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        monkeypatch.setenv(dot_layout.VARIABLE, "0.5")

    return put


def commands_running():
    """What every process of this machine was started by."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            found.append(path.read_text())
    return found


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep SECONDS", "took more than 0.5 seconds"),
        ("sleep SECONDS & wait", "took more than 0.5 seconds"),
        ("sleep SECONDS & exit 0", "took more than 0.5 seconds"),
        ("exit 3", "failed"),
        ("kill -SEGV $$", "failed"),
        ("echo graph; echo node s0 0 here", "gave no place for every node"),
        ("printf '\\377\\376'", "gave no place for every node"),
    ],
)
def test_a_dot_that_hangs_or_fails_gives_way_to_the_built_in_layout(fake_dot, script, said):
    seconds = str(10_000 + os.getpid())  # by which it is known among all processes
    fake_dot(script.replace("SECONDS", seconds))
    with pytest.warns(PictureWarning, match=f"dot.*{said}.*built-in layout"):
        placed = auto(GRAPH)
    assert len(placed.centers) == 4
    with pytest.raises(PictureError, match=said):
        dot_layout.dot(GRAPH)
    for _ in range(50):
        if f"sleep\0{seconds}\0" not in commands_running():
            break
        time.sleep(0.1)  # the end of a process takes a moment to be seen
    assert f"sleep\0{seconds}\0" not in commands_running()


def test_a_dot_that_cannot_be_run_is_none(fake_dot, monkeypatch, tmp_path):
    fake_dot("exit 0", mode=0o644)
    monkeypatch.setenv("PATH", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(auto(GRAPH).centers) == 4


@pytest.mark.parametrize("said", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_that_is_none_is_refused(monkeypatch, said):
    monkeypatch.setenv(dot_layout.VARIABLE, said)
    with pytest.raises(PictureError, match="write a positive number of seconds"):
        dot_layout.seconds()


# --- graphs for which columns would take minutes -------------------------------------------------

LONG = Graph(
    tuple(Node(20.0, 10.0) for _ in range(300)),
    tuple(Edge(a, b) for b in range(1, 300) for a in {0, b - 1}),
)


def test_many_long_arrows_stand_in_one_row_and_a_line_says_so(monkeypatch):
    monkeypatch.setattr(dot_layout, "_run", lambda text: pytest.fail("minutes of work"))
    assert passes(LONG) == sum(range(1, 300)) + 298
    with pytest.warns(PictureWarning, match=r"one row.*Style\(max_variables=…\)"):
        placed = auto(LONG)
    assert placed == row(LONG)
    assert Quick()(LONG) == placed  # a page's layout, without a word


def test_a_page_of_three_hundred_nested_steps_is_made():
    x = Value(1.0, name="x")
    h = x
    for k in range(300):
        h = (sin(h) + 0.1 * x).named(f"h_{k}")
    assert "</html>" in viz.step(h).html()
