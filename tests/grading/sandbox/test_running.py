"""A file's functions and a notebook's variables come back as values, in every tier of this machine."""

import math
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograd_lite.errors import SandboxError
from grading.sandbox import Call, Limits, run, run_cells
from tests.grading.sandbox.strangers import TIERS, left_over, living_children, still_alive
from tests.processes import below

PATIENT = Limits(seconds=60)
each_tier = pytest.mark.parametrize("tier", TIERS)


@each_tier
def test_values_of_all_kinds_go_in_and_come_out(tier):
    W = np.arange(6.0).reshape(2, 3)
    values = (W, 3, 2.5, None, True, "ŷ", [1, (2, {"a": W})], np.float32(0.5), math.inf)
    source = "def same(*args, **kwargs): return args, kwargs"
    outcome = run(source, [Call("same", values, {"k": W})], tier=tier, limits=PATIENT)
    args, kwargs = outcome.results[0].value
    assert outcome.tier == tier
    assert np.array_equal(args[0], W)
    assert args[1:6] == values[1:6]
    assert np.array_equal(args[6][1][1]["a"], W)
    assert args[7:] == (0.5, math.inf)
    assert np.array_equal(kwargs["k"], W)


@each_tier
def test_each_call_has_its_own_result(tier):
    source = (
        "import numpy as np\n"
        "def good(x): return np.tanh(x)\n"
        "def bad(x):\n"
        "    return x/0\n"
        "def odd(): return object()\n"
        "class Cell:\n"
        "    @staticmethod\n"
        "    def step(x): return x + 1\n"
    )
    calls = [
        Call("bad", (1,)), Call("missing"), Call("odd"), Call("good"), Call("Cell.step", (1,)),
        Call("good", (0.5,)),
    ]  # fmt: skip
    outcome = run(source, calls, tier=tier, limits=PATIENT)
    assert outcome.status == "ok"
    assert [r.status for r in outcome.results] == [
        "error", "missing", "refused", "error", "ok", "ok",
    ]  # fmt: skip
    assert "ZeroDivisionError" in outcome.results[0].error
    assert "line 4" in outcome.results[0].error
    assert outcome.results[-1].value == math.tanh(0.5)


@each_tier
def test_the_standard_library_and_numpy_are_there(tier):
    """Also what NumPy and Python load only when they are asked."""
    source = (
        "import numpy as np, math, itertools, functools, dataclasses, typing, json, random, collections\n"
        "import decimal, fractions, statistics, copy, abc, enum, operator, re, time, datetime, string, csv\n"
        "@dataclasses.dataclass\n"
        "class P:\n"
        "    x: float = 1.0\n"
        "def f():\n"
        "    rng = np.random.default_rng(0)\n"
        "    a = rng.normal(size=(5, 5))\n"
        "    s = np.fft.ifft(np.fft.fft(a)).real - a\n"
        "    np.linalg.inv(a), np.polynomial.Polynomial([1, 2])(3), np.ma.array([1]), np.testing\n"
        "    return float(abs(s).max() < 1e-9) * P().x\n"
    )
    outcome = run(source, [Call("f")], tier=tier, limits=PATIENT)
    assert outcome.results[0].value == 1.0, outcome


@each_tier
def test_what_is_printed_is_kept_and_cut(tier):
    source = "import sys\nprint('ŷ')\nprint('err', file=sys.stderr)\ndef f(): print('x'*10**6)"
    outcome = run(source, [Call("f")], tier=tier, limits=Limits(seconds=60, output=1000))
    assert outcome.status == "ok"
    assert outcome.printed.startswith("ŷ\nxxx")
    assert len(outcome.printed) <= 1000


@each_tier
def test_a_driver_runs_beside_the_file(tier):
    """It loops inside, and returns values only."""
    driver = "def twice(n):\n    return [submission.f(k) for k in range(n)]"
    outcome = run("def f(k): return k**2", [Call("twice", (4,))], tier=tier, driver=driver)
    assert outcome.results[0].value == [0, 1, 4, 9]


@each_tier
def test_cells_run_in_order_and_one_that_fails_costs_only_itself(tier):
    cells = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np\n!pip install x",
        "h = 0.5\ng = undefined\ndef f(x):\n    return h*x",
        "def broken(:",
        "%%bash\nrm -rf /",
        "plt.plot([1])\nh_1 = np.float64(h) + 1\nfrom grading import check\ncheck('q1')",
        "total = (1\n  % 2)",
    ]
    outcome = run_cells(
        cells, ["h_1", "total", "g"], calls=[Call("f", (4.0,))], tier=tier, limits=PATIENT
    )
    assert outcome.variables["h_1"].value == 1.5
    assert outcome.variables["total"].value == 1
    assert outcome.variables["g"].status == "missing"
    assert outcome.results[0].value == 2.0
    assert "cell 2, line 2" in outcome.error


def test_a_file_that_does_not_run_says_where():
    for source, word in (
        ("x = 1\ny = (", "SyntaxError"),
        ("x = 1\nx/0", "line 2"),
        ("import torch", "torch"),
    ):
        outcome = run(source, [Call("f")])
        assert outcome.status == "crash"
        assert word in outcome.error
        assert outcome.results[0].error == outcome.error


ENCODED = {
    "UTF-8": "y = 'ŷ'\ndef f(): return y".encode(),
    "a byte order mark": "y = 'ŷ'\ndef f(): return y".encode("utf-8-sig"),
    "Latin-1, said so": "# coding: latin-1\ny = '\u00e9'\ndef f(): return y".encode("latin-1"),
    "Windows line ends": b"y = 'x'\r\ndef f():\r\n    return y\r\n",
}


@pytest.mark.parametrize("source", ENCODED.values(), ids=ENCODED)
def test_bytes_are_read_as_python_reads_files(source):
    assert run(source, [Call("f")]).results[0].value in ("ŷ", "\u00e9", "x")


NO_SOURCE = {
    "Latin-1, not said": "y = '\u00e9'".encode("latin-1"),
    "UTF-16": "y = 1".encode("utf-16"),
    "null bytes": b"x = 1\0\0",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "an unknown encoding": b"# coding: klingon\nx = 1",
    "surrogates": "x = '\ud800'; raise ValueError(x)",
    "deep brackets": "x = " + "(" * 50_000,
    "deep minus": "x = " + "-" * 100_000 + "1",
    "deep calls": "x = " + "f(" * 5000 + ")" * 5000,
    "a long chain": "x = " + "+".join("1" * 1 for _ in range(200_000)) + "\nraise ValueError",
    "nothing at all": b"",
}


@each_tier
@pytest.mark.parametrize("source", NO_SOURCE.values(), ids=NO_SOURCE)
def test_a_file_that_is_no_python_costs_only_itself(tier, source):
    outcome = run(source, [Call("f")], tier=tier, limits=Limits(seconds=5))
    assert not outcome.results[0].ok
    assert outcome.status in ("crash", "timeout", "memory", "ok")


@each_tier
def test_two_million_lines_are_not_compiled_here(tier):
    lines = "x = 1\n" * 2_000_000
    assert run(lines, [Call("f")], tier=tier).status == "refused"
    limits = Limits(seconds=0.5, source=20_000_000)
    assert run(lines, [Call("f")], tier=tier, limits=limits).status in (
        "timeout",
        "memory",
        "crash",
    )


def test_what_cannot_be_sent_is_our_mistake():
    with pytest.raises(SandboxError, match="argument"):
        run("def f(x): pass", [Call("f", (object(),))])


@each_tier
def test_many_at_once_do_not_meet(tier):
    with ThreadPoolExecutor(4) as pool:
        outcomes = pool.map(
            lambda k: run(f"def f(): return {k}", [Call("f")], tier=tier, limits=PATIENT), range(12)
        )
        assert [outcome.results[0].value for outcome in outcomes] == list(range(12))


GRADER = """
import sys
from grading.sandbox import Call, Limits, run
source = "import time, os\\nprint('x', flush=True)\\ntime.sleep(100)"
print("starts", flush=True)
run(source, [Call("f")], tier=sys.argv[1], limits=Limits(seconds=100))
"""


@each_tier
def test_a_child_dies_with_a_grader_that_is_killed(tier):
    before = living_children()
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, tier], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with grader:
        grader.stdout.readline()
        while not (running := below(grader.pid)) and grader.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        running |= below(grader.pid)
        grader.kill()
    assert running, "the grader ended before it had started anything"
    assert not left_over(before)
    assert not still_alive(running)


@each_tier
def test_processor_time_is_limited_apart_from_the_clock(tier):
    limits = Limits(seconds=60, cpu_seconds=1)
    outcome = run("while True: pass", [Call("f")], tier=tier, limits=limits)
    assert outcome.status == "timeout"
    assert "processor" in outcome.error


HOSTILE_CELLS = {
    "exits": ("import os; os._exit(0)", {"crash"}),
    "exits politely": ("import sys; sys.exit(0)", {"ok"}),
    "loops": ("while True: pass", {"timeout"}),
    "shell": ("!touch @CANARY@; rm -rf /", {"ok"}),
    "system": ("get_ipython().system('ls')", {"ok"}),
    "deep": ("(" * 20_000, {"ok", "crash", "memory"}),
    "null bytes": ("x = 1\0", {"ok"}),
    "its own names": ("globals().clear(); __builtins__ = None", {"ok"}),
}


@each_tier
@pytest.mark.parametrize("what", HOSTILE_CELLS)
def test_a_hostile_cell_gives_no_value_and_ends(tier, what):
    cell, expected = HOSTILE_CELLS[what]
    limits = Limits(seconds=0.4 if expected == {"timeout"} else 20)
    outcome = run_cells(["h = 1.5", cell], ["h", "check"], tier=tier, limits=limits)
    assert outcome.status in expected
    assert outcome.variables["h"].value in (1.5, None)
    assert not outcome.variables["check"].ok
