"""What a program of arrays promises of memory: inputs stay, results are the caller's, nothing is stale."""

from __future__ import annotations

import gc
import threading
import tracemalloc
import weakref
from typing import Any

import numpy as np
import pytest

import autograd_lite as al
from autograd_lite import Tensor, trace
from autograd_lite.programs.arrays.running import Runner
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.rules.namespaces import plain
from autograd_lite.trees import tree_leaves

RNG = np.random.default_rng(3)
ORDER = RNG.permutation(60)
W = RNG.normal(size=(60, 60))


def normal(*shape: int, dtype: Any = "float64") -> Any:
    return RNG.normal(size=shape).astype(dtype)


def same_as_engine(f: Any, *forms: Any, eps: float = 1e-10, times: int = 3) -> None:
    """Value, vjp and jvp at several inputs of these shapes and dtypes."""
    program = trace(f, *(normal(*x.shape, dtype=x.dtype) for x in forms))
    for _ in range(times):
        xs, ts = ([normal(*x.shape, dtype=x.dtype) for x in forms] for _ in range(2))
        want, pull = al.vjp(f, *xs)
        gradient = al.trees.tree_map(lambda y: RNG.normal(size=np.shape(y)), want)
        for got, expected in [
            (program.value(*xs), want),
            (program.vjp(*xs)[1](gradient), pull(gradient)),
            (program.jvp(tuple(xs), tuple(ts))[1], al.jvp(f, tuple(xs), tuple(ts))[1]),
        ]:
            for a, b in zip(tree_leaves(got), tree_leaves(expected), strict=True):
                np.testing.assert_allclose(
                    a, plain(b), rtol=eps, atol=eps * np.abs(plain(b)).max(initial=1)
                )


# --- buffers -----------------------------------------------------------------------------------------


def in_order_of_the_transposed(x: Any, z: Any) -> Any:
    a, b = al.exp(0.1 * x.T), al.exp(0.1 * z.T)
    return al.sum(al.concatenate([a, b]), axis=0) + al.sum(
        a.T.reshape(-1) * np.arange(float(x.size))
    )


def stack_and_rows(x: Any) -> Any:
    h = [al.sin(x * k) for k in range(3)]
    across, below = al.concatenate(h[:2], axis=1), al.concatenate([h[1], h[2]])
    return al.sum(al.stack(h)) * al.sum(across @ np.ones((2 * x.shape[1], 1))) + al.sum(
        below * below
    )


def rows_written_over(x: Any) -> Any:
    y = al.exp(0.1 * x)
    return al.stack([al.sin(y[0]), al.cos(y[1]) * y[1], y[2] * 2.0]), y[2]


def rows_and_all_at_once(x: Any) -> Any:
    x = al.exp(0.1 * x)
    rows = [x[k] * W[0] for k in range(3)]
    over, every = [al.sin(row) + 1.0 for row in rows], x * W[0]
    again = [al.cos(every[k]) for k in range(3)]
    return over[0] + over[1] * over[2] + again[0] * again[1] - again[2] + al.sum(every)


FUNCTIONS = {
    "a copy in another order is no view": (lambda x: al.exp(0.1 * x)[ORDER] * 2.0, [(60, 60)]),
    "nor is one of a transpose": (
        lambda x: (al.exp(0.1 * x).T.reshape(-1) * 2.0).reshape(60, 60) @ W, [(60, 60)]),
    "parts lie as their views expect": (in_order_of_the_transposed, [(2, 3), (2, 3)]),
    "rows of a stack, and what is no row of it": (stack_and_rows, [(2, 2)]),
    "rows are written over by their last readers": (rows_written_over, [(3, 4)]),
    "all rows at once beside each": (rows_and_all_at_once, [(3, 60)]),
    "a view of a view": (lambda x: al.exp(x).T[1:].reshape(-1)[::-1] * 2.0, [(3, 4)]),
    "a result that is an input, a view and a constant": (
        lambda x: (x, x.T, x[0], np.ones(2), al.exp(x)), [(3, 4)]),
    "a result that is used inside": (lambda x: (y := al.exp(0.1 * x), al.sin(y), y[1:] * y[:-1]), [(3, 4)]),
    "one result twice": (lambda x: [y := al.exp(0.1 * x), y, x, x], [(3, 4)]),
    "large results": (lambda x: (y := al.tanh(x), y, al.exp(0.1 * y)), [(80, 80)]),
    "a product with a constant": (lambda x: x @ W, [(3, 60)]),
    "zeros above an input": (lambda x: W[:3, :5] @ al.concatenate([np.zeros((2, 4)), x]), [(3, 4)]),
    "zeros above constants": (lambda x: x @ np.concatenate([np.zeros((1, 4)), W[:2, :4]]), [(2, 3)]),
    "a dot product, whose adjoint is one number": (lambda x: al.vdot(x, x * 2.0), [(5,)]),
    "several arrays of one decomposition": (
        lambda x: [al.sum(y**4) for y in al.linalg.eigh(x @ x.T + np.diag(np.arange(4.0)))], [(4, 4)]),
    "no rows": (lambda x: al.sum(al.exp(x), axis=0) + al.concatenate([x, np.ones((1, 3))])[-1], [(0, 3)]),
    "no axes": (lambda x: al.exp(x) * x, [()]),
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_memory_used_again_is_read_by_nobody(name: str, dtype: str) -> None:
    f, shapes = FUNCTIONS[name]
    same_as_engine(
        f, *(np.empty(shape, dtype) for shape in shapes), eps=1e-10 if dtype == "float64" else 1e-3
    )


def test_float32_beside_float64() -> None:
    f = lambda x, y: (al.stack([x * 0.5, y]) @ W[:4, :4], x * 2.0, x.astype("float64") + y)
    same_as_engine(f, np.empty((3, 4), "float32"), np.empty((3, 4)), eps=1e-4)


def test_what_has_no_fixed_place_is_read_where_it_is_now() -> None:
    """Several arrays of one call, and what is picked, after another array was given."""
    recording = SharedRecording(has_numbers=False)
    x = recording.input("x", np.eye(80))
    _, s, _ = np.linalg.svd(x)
    picked = np.add.reduce(x[x > 0.5] * 2.0)
    run = Runner(recording, [s * 2.0, picked, s + picked])
    recording.forget()
    for _ in range(3):
        a = normal(80, 80)
        s = np.linalg.svd(a)[1]
        total = np.sum(a[a > 0.5] * 2.0)
        for got, want in zip(run([a]), [s * 2.0, total, s + total], strict=True):
            np.testing.assert_allclose(got, want)


# --- inputs and results ----------------------------------------------------------------------------


def in_memory_of_other_kinds(x: Any) -> list[Any]:
    wide = np.zeros((x.shape[0], 2 * x.shape[1]))
    wide[:, ::2] = x
    fixed = x.copy()
    fixed.flags.writeable = False
    return [
        x.copy(),
        wide[:, ::2],
        np.asfortranarray(x),
        x[::-1].copy()[::-1],
        fixed,
        np.broadcast_to(x[:1], x.shape),
    ]


@pytest.mark.parametrize("shape", [(3, 4), (300, 400)])
def test_inputs_are_read_as_they_are_now_and_never_written_to(shape: tuple[int, int]) -> None:
    f = lambda x: (al.sum(al.tanh(x) * x.T.T), x * 2.0, x)
    program = trace(f, normal(*shape))
    for _ in range(2):
        for x in in_memory_of_other_kinds(normal(*shape)):
            for _ in range(2):
                before = x.copy()
                total, double, own = program.value(x)
                np.testing.assert_allclose(total, np.sum(np.tanh(x) * x))
                np.testing.assert_array_equal(double, 2.0 * x)
                np.testing.assert_array_equal(own, x)
                assert not np.shares_memory(own, x)
                np.testing.assert_array_equal(x, before)
                if x.flags.writeable:  # in place, unseen
                    np.multiply(x, 0.5, out=x)


@pytest.mark.parametrize("shape", [(3, 4), (80, 80)])
def test_what_is_returned_is_the_callers(shape: tuple[int, int]) -> None:
    constant = np.ones(2)
    program = trace(
        lambda x: (x, y := al.exp(x), y, y.T, constant, Tensor(constant)), normal(*shape)
    )
    x = normal(*shape)
    y, pull = program.vjp(x)
    ones = tuple(map(np.ones_like, y))
    returned = [*y, *program.value(x), *pull(ones), *program.jvp((x,), (x,))[1]]
    copies = [np.copy(a) for a in returned]
    for k, a in enumerate(returned):
        a[...] = -1.0
        assert all(
            np.array_equal(b, c) for b, c in zip(returned[k + 1 :], copies[k + 1 :], strict=True)
        )
    again = [*program.value(x), *program.value(x), *pull(ones), *program.jvp((x,), (x,))[1]]
    for a, b in zip(again, copies, strict=True):
        np.testing.assert_array_equal(a, b)


def test_pull_has_the_numbers_of_its_call() -> None:
    """Whatever is written into inputs and parameters, and called, before it is pulled."""
    w = Tensor(normal(3), requires_grad=True)
    program, x = trace(lambda x: al.sin(x * w), normal(3)), normal(3)
    want = np.cos(x * w.value) * w.value
    _, pull = program.vjp(x)
    x[...] = 0.0
    w.data = np.ones(3)
    program.value(x)
    for _ in range(2):
        np.testing.assert_allclose(pull(np.ones(3))[0], want)


# --- numbers at the edges ----------------------------------------------------------------------------

EDGES = np.array([0.0, -0.0, 1e-310, 1e-30, 1.0, -1.0, 1e30, 1e300, np.inf, -np.inf, np.nan])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("a", [0.0, -0.0, 1e-30, 0.5, 1e30, 1e200, float("inf"), float("nan")])
def test_a_number_times_a_number_times_x_is_the_engines(a: float, dtype: str) -> None:
    """Also where the two numbers' product is none of this dtype; where b·x is none, it may be more exact."""
    x = EDGES.astype(dtype)
    for b in (1e-30, 1e-200, 2.0, 1e30, 1e200):
        got, want = trace(lambda x, b=b: a * (b * x), x).value(x), plain(a * (b * Tensor(x)))
        inner = plain(b * Tensor(x))
        is_exact = np.isfinite(inner) & ((np.abs(inner) >= np.finfo(dtype).tiny) | (x == 0.0))
        zero = is_exact & (want == 0.0)
        assert np.array_equal(np.signbit(got[zero]), np.signbit(want[zero]))
        np.testing.assert_allclose(got[is_exact], want[is_exact], rtol=4 * np.finfo(dtype).eps)


def test_equal_numbers_of_other_kinds_are_not_taken_for_each_other() -> None:
    with np.errstate(all="ignore"):
        program = trace(
            lambda x: (x / 0.0, x / -0.0, x * 1, x * 1.0, x * np.nan, x * np.nan), np.ones(2)
        )
        a, b, c, d, e, f = program.value(np.ones(2))
    np.testing.assert_array_equal(
        [a, b, e, f], np.repeat([[np.inf], [-np.inf], [np.nan], [np.nan]], 2, 1)
    )
    np.testing.assert_array_equal(c, d)


def masked(x: Any) -> Any:
    return al.sum(al.where(x > 0.0, al.sqrt(x), 0.0) * 2.0)


def test_zero_times_infinity_takes_the_masked_sweep() -> None:
    x, want = np.array([0.0, 4.0]), [0.0, 0.5]
    program = trace(masked, np.ones(2))
    np.testing.assert_array_equal(program.value_and_grad(x)[1], want)
    np.testing.assert_array_equal(program.vjp(x)[1](1.0)[0], want)
    assert program.jvp((x,), (np.ones(2),)) == (4.0, 0.5)
    w = Tensor(x, requires_grad=True)
    own = trace(lambda: masked(w))
    for times in (1.0, 2.0):
        assert own.backward() == 4.0
        np.testing.assert_array_equal(w.grad, np.multiply(times, want))


# --- threads, memory, garbage ------------------------------------------------------------------------


def test_threads_share_a_program() -> None:
    w = Tensor(normal(30, 30), requires_grad=True)
    program = trace(lambda x: al.sum(al.tanh(x @ w)), normal(20, 30))
    xs = [normal(20, 30) for _ in range(8)]
    wrong: list[int] = []

    def work(k: int) -> None:
        y = np.tanh(xs[k] @ w.value)
        slope = (1.0 - y * y) @ w.value.T
        for _ in range(20):
            value, pull = program.vjp(xs[k])
            right = np.isclose(value, y.sum()) and np.allclose(pull(2.0)[0], 2.0 * slope)
            if not (right and np.allclose(program.value_and_grad(xs[k])[1], slope)):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def recurrent(x: Any, W: Any) -> Any:
    h = x
    for _ in range(20):
        h = al.tanh(h @ W)
    return al.sum(h * h)


def test_memory_is_told_before_it_is_taken() -> None:
    x, W = normal(300, 100), normal(100, 100) / 10.0
    program = trace(recurrent, x, W, argnums=(0, 1))
    told = program.memory()
    gc.collect()
    tracemalloc.start()
    try:
        program.value_and_grad(x, W)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0.8 * told < peak < 1.2 * told + 100_000
    with pytest.raises(al.errors.OperandError, match="MB.*more than the 1 kB it may take"):
        trace(recurrent, x, W, memory=1000)
    for memory in ("1 GB", -1, float("nan"), True):
        with pytest.raises(al.errors.OperandError, match="memory is how many bytes"):
            trace(recurrent, x, W, memory=memory)  # type: ignore[arg-type]


def test_a_dropped_program_is_freed_without_the_collector() -> None:
    x, W = normal(300, 100), normal(100, 100) / 10.0
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        program = trace(recurrent, x, W)
        program.value_and_grad(x, W)
        program.vjp(x, W)[1](1.0)
        graph, taken = weakref.ref(program.graph), tracemalloc.get_traced_memory()[0] - before
        del program
        assert graph() is None
        assert tracemalloc.get_traced_memory()[0] - before < 0.03 * taken
    finally:
        tracemalloc.stop()
        gc.enable()
