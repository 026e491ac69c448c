"""Independent graphs in different threads never touch each other; a shared leaf may be read by all."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograd_lite import FlowGraph, Tape, Tensor, Value, grad, hessian, no_grad, scope, tanh

THREADS = 4


@pytest.fixture(autouse=True)
def switch_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work):
    """work(k) for k = 0, 1, … all at once; an exception in any is raised here."""
    together = threading.Barrier(THREADS)

    def started(k):
        together.wait(10)
        return work(k)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def test_independent_graphs_get_their_own_derivatives():
    def work(k):
        slopes = []
        for n in range(60):
            x = Value(0.1 * k + 0.01)
            y = x
            for _ in range(n):
                y = tanh(y) * x + y
            y.backward()
            slopes.append(x.grad)
        return slopes

    alone = [work(k) for k in range(THREADS)]
    assert in_threads(work) == alone


def test_tensors_too():
    def work(k):
        x = Tensor(np.arange(6.0).reshape(2, 3) + k, requires_grad=True)
        for _ in range(100):
            x.zero_grad()
            ((x @ x.T) * k + x.sum()).sum().backward()
        return x.grad

    alone = [work(k) for k in range(THREADS)]
    for got, expected in zip(in_threads(work), alone, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_a_leaf_is_shared_read_only():
    """Many threads build on one leaf and ask for adjoints, which live in the sweep."""
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")

    def work(k):
        slopes = []
        for _ in range(100):
            y = ((x * x).named(f"h_{k}") * (k + 1.0)).sum()
            slopes.append(Tape(y).adjoints()[x])
            assert FlowGraph(y).total(f"h_{k}")[0] == k + 1.0
        return np.array(slopes)

    for k, slopes in enumerate(in_threads(work)):
        np.testing.assert_array_equal(slopes, np.tile([2.0 * (k + 1), 4.0 * (k + 1)], (100, 1)))
    assert x.grad is None


def test_nested_derivatives_do_not_see_other_threads():
    def work(k):
        f = lambda x: x * grad(lambda y: x * y * (k + 1.0))(1.0)
        return [grad(f)(3.0) for _ in range(50)], hessian(lambda x: (k + 1.0) * x**3)(2.0)

    for k, (slopes, second) in enumerate(in_threads(work)):
        assert slopes == [6.0 * (k + 1)] * 50
        assert second == 12.0 * (k + 1)


def test_modes_do_not_leak_between_threads():
    def work(k):
        found = set()
        for _ in range(200):
            if k % 2:
                with no_grad(), scope(f"thread_{k}"):
                    y = Value(1.0) * 2
            else:
                y = Value(1.0) * 2
            found.add((y.requires_grad, y.scope))
        return found

    for k, found in enumerate(in_threads(work)):
        assert found == ({(False, f"thread_{k}")} if k % 2 else {(True, None)})


def test_numbers_are_given_out_once():
    numbers = in_threads(lambda k: [Value(0.0).number for _ in range(2000)])
    assert len({n for part in numbers for n in part}) == THREADS * 2000
    assert all(part == sorted(part) for part in numbers)
