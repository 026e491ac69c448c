"""A large parameter takes the steps of a small one to the last bit: in blocks, and compiled."""

import os
import pickle
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from nn.optim import compiled, entries, loops
from tests.nn.oracle import assert_close, torch
from tests.nn.test_optim import KINDS, OPTIMISERS

ROWS = 37  # in blocks of 8 there is a smaller one at the end


def start(shape=(ROWS,), dtype=np.float64):
    return np.random.default_rng(0).normal(size=shape).astype(dtype)


def trained(name, options, first, steps=4):
    """The weights and what is kept of them after some steps along random gradients."""
    w, rng = Tensor(first, requires_grad=True), np.random.default_rng(1)
    optimizer = getattr(nn, name)([w], **options)
    for _ in range(steps):
        w.grad = rng.normal(size=w.shape).astype(w.dtype)
        optimizer.step()
    return [w.numpy(), *optimizer.state.get(w, {}).values()]


def bits(arrays):
    return [np.asarray(array).tobytes() for array in arrays]


@pytest.fixture
def in_blocks(monkeypatch):
    """Parameters of more than 8 entries are large, and there is no Numba."""
    monkeypatch.setattr(entries, "BLOCK", 8)
    monkeypatch.setattr(entries, "ran_compiled", lambda loop, *arguments: False)


@pytest.fixture
def by_loops(monkeypatch):
    """Parameters of more than 8 entries are large, and their loops run in plain Python."""
    monkeypatch.setattr(entries, "BLOCK", 8)
    monkeypatch.setattr(entries, "ran_compiled", lambda loop, *arguments: loop(*arguments) is None)


@pytest.fixture
def by_machine_code(monkeypatch):
    """Parameters of more than 8 entries are large, and their loops are compiled."""
    pytest.importorskip("numba")
    monkeypatch.setattr(entries, "BLOCK", 8)
    yield
    assert not compiled._FAILED


@pytest.mark.parametrize("way", ["in_blocks", "by_loops", "by_machine_code"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("name", "options"), OPTIMISERS, ids=str)
def test_every_way_gives_the_same_bits(name, options, dtype, way, request):
    at_once = trained(name, options, start(dtype=dtype))
    request.getfixturevalue(way)
    assert bits(trained(name, options, start(dtype=dtype))) == bits(at_once)


@pytest.mark.parametrize("name", KINDS)
def test_a_parameter_of_several_blocks_follows_torch(name):
    first = start((300, 301))
    assert first.size > 2 * entries.BLOCK
    ours, theirs = Tensor(first, requires_grad=True), torch.tensor(first, requires_grad=True)
    a, b = getattr(nn, name)([ours]), getattr(torch.optim, name)([theirs])
    for k in range(5):
        ours.grad = first.T.reshape(first.shape) + k
        theirs.grad = torch.tensor(ours.grad)
        a.step()
        b.step()
    assert_close(ours, theirs)


class Nothing(NamedTuple):
    """Numbers of a rule that needs none."""


def test_a_rule_is_given_a_block_at_a_time(in_blocks):
    seen = []

    def rule(arrays, numbers, scratch):
        seen.append([*(array.shape for array in arrays), scratch.shape])

    arrays = (np.ones((4, 5)), np.ones((4, 5)))
    entries.entry_by_entry(rule, loops.sgd, arrays, Nothing(), np.ones((4, 5)))
    assert seen == [[(8,)] * 3, [(8,)] * 3, [(4,)] * 3]


@pytest.mark.parametrize("way", ["in_blocks", "by_machine_code"])
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "layout",
    [
        np.asfortranarray,
        lambda x: x[:, ::2],
        lambda x: x[::-1],
        lambda x: x[:0],
        lambda x: x[0, 0],
        lambda x: np.array(x, order="C"),
    ],
    ids=["by columns", "every second column", "backwards", "empty", "one number", "by rows"],
)
def test_any_layout_of_memory_gives_the_same_numbers(name, layout, way, request):
    first = start((6, 10))
    expected = trained(name, {}, np.array(layout(first), order="C"))
    request.getfixturevalue(way)
    found = trained(name, {}, layout(first.copy()))
    for a, b in zip(found, expected, strict=True):
        assert np.array_equal(a, b)


def test_frozen_parameters_stay(in_blocks):
    w, frozen = (Tensor(start(), requires_grad=True) for _ in range(2))
    optimizer = nn.Adam([w, frozen])
    (w * w).sum().backward()
    optimizer.step()
    assert np.array_equal(frozen.numpy(), start())
    assert not np.array_equal(w.numpy(), start())


# --- the extra `fast` -----------------------------------------------------------------------------


@pytest.fixture
def no_code_yet(monkeypatch):
    """Nothing has been compiled, or failed to be."""
    monkeypatch.setattr(entries, "BLOCK", 8)
    monkeypatch.setattr(compiled, "_FAILED", set())
    compiled._machine_code.cache_clear()
    yield
    compiled._machine_code.cache_clear()


class Numba:
    """What stands in for Numba: its loops fail at the first call, as with a broken cache."""

    def __init__(self, error, switched_off=False):
        self.error, self.calls = error, 0
        self.config = type("config", (), {"DISABLE_JIT": switched_off})

    def njit(self, **options):
        return lambda loop: self.fail

    def fail(self, *arguments):
        self.calls += 1
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        ImportError("Numba needs NumPy 2.3 or less"),
        RuntimeError("cannot cache function 'adam': no locator available"),
        PermissionError("cannot write"),
        EOFError("Ran out of input"),
        pickle.UnpicklingError("invalid load key"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_be_compiled_runs_in_blocks_and_is_tried_once(no_code_yet, monkeypatch, error):
    numba = Numba(error)
    monkeypatch.setitem(sys.modules, "numba", numba)
    found = trained("Adam", {}, start())
    monkeypatch.setattr(entries, "BLOCK", ROWS)
    assert bits(found) == bits(trained("Adam", {}, start()))
    assert numba.calls == 1


@pytest.mark.parametrize("numba", [None, Numba(AssertionError(), switched_off=True)])
def test_without_numba_or_with_it_switched_off_the_numbers_are_the_same(
    no_code_yet, monkeypatch, numba
):
    monkeypatch.setitem(sys.modules, "numba", numba)
    found = trained("Adam", {}, start())
    monkeypatch.setattr(entries, "BLOCK", ROWS)
    assert bits(found) == bits(trained("Adam", {}, start()))


TRAINING = """
import sys, numpy as np, nn
from autograd_lite import Tensor
from nn.optim import compiled, entries, loops
w = Tensor(np.linspace(-1.0, 1.0, int(sys.argv[1])), requires_grad=True)
(w * w).sum().backward()
nn.Adam([w], lr=0.5).step()
hits = sum(compiled._machine_code(loops.adam).stats.cache_hits.values()) if w.size > entries.BLOCK else 0
print("numba" in sys.modules, w.numpy().sum().hex(), hits)
"""


def in_a_process(size, **environment):
    run = subprocess.run(
        [sys.executable, "-c", TRAINING, str(size)],
        capture_output=True, text=True, check=True, timeout=300, env={**os.environ, **environment},
    )  # fmt: skip
    assert not run.stderr
    return run.stdout.split()


def test_small_models_never_load_numba():
    assert in_a_process(100)[0] == "False"


def test_machine_code_is_kept_on_the_disk_and_a_broken_file_of_it_changes_no_number(tmp_path):
    pytest.importorskip("numba")
    cache = {"NUMBA_CACHE_DIR": str(tmp_path)}
    size = 2 * entries.BLOCK
    first = in_a_process(size, **cache)
    assert first[::2] == ["True", "0"]
    assert in_a_process(size, **cache) == ["True", first[1], "1"]
    for file in tmp_path.rglob("*.nb?"):
        file.write_bytes(b"spoilt")
    assert in_a_process(size, **cache) == ["True", first[1], "0"]
