"""Which way a program is run, what is said where Numba cannot be had, and that nothing else changes then."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import autograd_lite as ag
from autograd_lite.programs.graph import graph_of
from autograd_lite.programs.scalars import ScalarBackend, compiled
from autograd_lite.programs.scalars.compiled import CompiledLoops
from autograd_lite.programs.scalars.generated import GeneratedPython
from autograd_lite.programs.scalars.levels import LevelLoops
from autograd_lite.programs.scalars.primitives import Op
from autograd_lite.programs.scalars.running import OnArrays

ROOT = Path(__file__).parents[4]


def small(x, y):
    return ag.tanh(x * y) + y


def chain(x, w):
    for _ in range(200):
        x = ag.tanh(x * w + 0.1)
    return x


def wide(*xs):
    return sum(ag.sin(x) * x for x in xs[:1]) + sum_of([ag.exp(x) * y for x in xs for y in xs])


def sum_of(terms):
    """In pairs, so that there are few levels."""
    while len(terms) > 1:
        pairs = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[2 * len(pairs) :]
    return terms[0]


WIDE = tuple(0.1 * k for k in range(40))


@pytest.fixture
def fresh():
    """As in a new process: nothing loaded, nothing said."""
    compiled.kernels.cache_clear()
    yield
    compiled.kernels.cache_clear()


@pytest.fixture
def without_numba(fresh, monkeypatch):
    def refused(name):
        raise ImportError("No module named 'numba'")

    monkeypatch.setattr(compiled, "import_module", refused)


def way_of(f, *example):
    way = ScalarBackend(graph_of(f, example)).way
    return type(getattr(way, "loops", way))


def test_a_small_program_does_not_wait_for_numba(monkeypatch):
    monkeypatch.setattr(compiled, "kernels", lambda: pytest.fail("Numba is asked for"))
    assert way_of(small, 1.0, 2.0) is GeneratedPython


def test_with_numba_larger_programs_run_in_compiled_loops():
    pytest.importorskip("numba")
    assert way_of(chain, 0.5, 1.1) is CompiledLoops
    assert way_of(wide, *WIDE) is CompiledLoops


def test_without_numba_wide_programs_go_by_level_and_long_ones_as_python(without_numba):
    assert way_of(wide, *WIDE) is LevelLoops
    assert way_of(chain, 0.5, 1.1) is GeneratedPython


@pytest.mark.parametrize(("f", "example"), [(chain, (0.5, 1.1)), (wide, WIDE)])
def test_without_numba_the_numbers_are_the_same(f, example, without_numba):
    backend = ScalarBackend(graph_of(f, example))
    y = graph_of(f, example)
    y.result.backward()
    (value,), adjoints, _ = backend.pull(example, [1.0], range(len(example)))
    assert value == pytest.approx(y.result.value, rel=1e-14)
    assert adjoints == pytest.approx([x.grad for x in y.leaves], rel=1e-13)


def test_what_fast_would_give_is_said_once_in_one_line(without_numba, caplog):
    for _ in range(3):
        ScalarBackend(graph_of(chain, (0.5, 1.1))).value([0.5, 1.1])
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    message = record.getMessage()
    assert "pip install 'autograd_lite[fast]'" in message
    assert "No module named 'numba'" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "error",
    [RuntimeError("cannot cache function 'f': no locator available"), OSError(28, "No space left")],
    ids=["no place", "disk full"],
)
def test_a_cache_that_cannot_be_written_is_named_and_done_without(
    fresh, monkeypatch, caplog, error
):
    def refused(name):
        raise error

    monkeypatch.setattr(compiled, "import_module", refused)
    assert way_of(chain, 0.5, 1.1) is GeneratedPython
    (record,) = caplog.records
    assert "NUMBA_CACHE_DIR" in record.getMessage()
    assert str(error) in record.getMessage()


@pytest.mark.parametrize(
    "one", [Op.ADD, Op.LESS, Op.WHERE, Op.MAXIMUM, Op.TANH], ids=lambda op: op.name
)
def test_compiled_loops_of_another_version_are_not_run(one, fresh, monkeypatch, caplog):
    """As where two operations have changed their numbers, which Numba's cache does not ask for."""
    kernels = pytest.importorskip("autograd_lite.programs.scalars.kernels")

    def stale(rows, *others):
        other = rows.copy()
        other[rows[:, 0] == one, 0] = one + 1
        other[rows[:, 0] == one + 1, 0] = one
        kernels.evaluate(other, *others)

    monkeypatch.setattr(compiled, "import_module", lambda name: SimpleNamespace(evaluate=stale))
    assert way_of(chain, 0.5, 1.1) is GeneratedPython
    assert "another version" in caplog.records[0].getMessage()


def test_a_library_that_lacks_a_function_is_no_crash(fresh, monkeypatch):
    def refused():
        raise AttributeError("undefined symbol: erf")

    monkeypatch.setattr(compiled, "functions", refused)
    assert way_of(chain, 0.5, 1.1) is GeneratedPython


def in_new_process(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


PROGRAM = """
from tests.autograd_lite.programs.scalars.test_choosing import ScalarBackend, chain, graph_of
backend = ScalarBackend(graph_of(chain, (0.5, 1.1)))
print(type(getattr(backend.way, "loops", backend.way)).__name__, backend.value([0.5, 1.1])[0].hex())
"""


def test_where_numba_finds_no_place_for_its_cache_programs_run_all_the_same():
    """Its own refusal, in a process of its own: an installation that is read only, and no home."""
    pytest.importorskip("numba")
    unwritable = "from numba.core import caching\ncaching.CacheImpl._locator_classes = []\n"
    done = in_new_process(unwritable + PROGRAM)
    assert done.stdout.startswith("GeneratedPython")
    assert done.stderr.count("\n") == 1
    assert "NUMBA_CACHE_DIR" in done.stderr


def test_what_was_compiled_is_found_on_the_disk_by_the_next_process(tmp_path):
    pytest.importorskip("numba")
    told = (
        "\nfrom autograd_lite.programs.scalars.kernels import evaluate\n"
        "print(len(evaluate.stats.cache_hits))"
    )
    first, second = (
        in_new_process(PROGRAM + told, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2)
    )
    assert first.stdout.split()[0] == second.stdout.split()[0] == "CompiledLoops"
    assert (first.stdout.split()[2], second.stdout.split()[2]) == ("0", "1")
    assert first.stdout.split()[1] == second.stdout.split()[1]


def test_importing_the_package_loads_no_numba():
    code = "import sys\nimport autograd_lite.programs.scalars\nassert 'numba' not in sys.modules"
    in_new_process(code)


def test_both_kinds_of_arrays_are_kept_for_the_next_call():
    backend = ScalarBackend(graph_of(chain, (0.5, 1.1)))
    if not isinstance(backend.way, OnArrays):
        pytest.skip("generated Python keeps none")
    backend.value([0.5, 1.1])
    kept = backend.way._free[0]
    backend.pull([0.5, 1.1], [1.0], [0])
    assert backend.way._free == [kept]


def test_the_loops_are_a_module_that_can_be_imported():
    pytest.importorskip("numba")
    assert importlib.import_module("autograd_lite.programs.scalars.kernels").__doc__
