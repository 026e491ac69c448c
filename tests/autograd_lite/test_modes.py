"""no_grad, scope, record_lines: what a thread has switched on while it builds a graph."""

import asyncio
import gc
import threading

import numpy as np
import pytest

from autograd_lite import (
    Tensor,
    Value,
    collector_paused,
    exp,
    grad,
    no_grad,
    record_lines,
    scope,
    source_line,
)
from autograd_lite.modes import ACTIVE, MODES, recording


@pytest.fixture(autouse=True)
def nothing_stays_switched_on():
    yield
    assert ACTIVE == []
    assert (MODES.recording, MODES.scope, MODES.lines) == (True, None, False)


def kinds():
    return Value(2.0), Tensor(2.0, requires_grad=True)


# --- no_grad --------------------------------------------------------------------------------------


def test_results_inside_are_constants_with_the_same_numbers():
    for x in kinds():
        with no_grad():
            y = exp(x * x) + 1.0
        assert (y.requires_grad, y.parents, y.is_leaf) == (False, (), True)
        np.testing.assert_allclose(float(y), np.exp(4.0) + 1)
        assert (x * 2).requires_grad


def test_leaves_made_inside_are_what_they_say():
    with no_grad():
        x = Tensor([1.0], requires_grad=True)
    assert x.requires_grad
    (x * x).backward()
    assert x.grad[0] == 2.0


def test_it_nests_and_ends_with_the_outermost():
    x = Value(2.0)
    with no_grad():
        with no_grad():
            pass
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad


def test_it_is_a_decorator_also_of_what_calls_itself():
    @no_grad()
    def power(x, n):
        return x if n == 0 else power(x, n - 1) * x

    for _ in range(2):
        y = power(Value(2.0), 3)
        assert (y.data, y.requires_grad) == (16.0, False)
    assert (Value(2.0) * 2).requires_grad


def test_an_exception_switches_it_off():
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (Value(2.0) * 2).requires_grad


def test_memory_of_operands_is_not_kept():
    import weakref

    h = Value(2.0) * 2
    watched = weakref.ref(h)
    with no_grad():
        y = h * 3
    del h
    assert watched() is None
    assert y.data == 12.0


def test_recording_inside_no_grad():
    x = Value(2.0)
    with no_grad(), recording():
        assert (x * 2).requires_grad
        with no_grad():
            assert not (x * 2).requires_grad
    with recording():
        assert (x * 2).requires_grad


def test_it_is_per_thread():
    """A thread under no_grad and one that is not, alternating in lockstep, many times."""
    x, turns = Value(2.0), threading.Barrier(2)
    found: dict[str, set[bool]] = {"under": set(), "free": set()}

    def under():
        for _ in range(50):
            with no_grad():
                turns.wait(10)
                found["under"].add((x * 2).requires_grad)
                turns.wait(10)

    def free():
        for _ in range(50):
            turns.wait(10)
            found["free"].add((x * 2).requires_grad)
            turns.wait(10)

    threads = [threading.Thread(target=f) for f in (under, free)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == {"under": {False}, "free": {True}}


def test_it_is_per_task():
    """Two tasks whose blocks overlap, the first begun being the first done: neither sees the other's."""
    x, found = Value(2.0), {}

    async def task(name, mode, waits):
        with mode:
            await asyncio.sleep(waits)
            y = x * 2.0
            found[name] = (y.requires_grad, y.scope)
        await asyncio.sleep(0.02)
        found[name, "after"] = ((x * 2.0).requires_grad, (x * 2.0).scope)

    async def main():
        tasks = [("a", no_grad(), 0.0), ("b", no_grad(), 0.01), ("c", scope("c"), 0.0)]
        await asyncio.gather(*(task(*t) for t in tasks), task("d", scope("d"), 0.01))

    asyncio.run(main())
    under = {"a": (False, None), "b": (False, None), "c": (True, "c"), "d": (True, "d")}
    assert found == {**under, **dict.fromkeys([(name, "after") for name in under], (True, None))}


# --- scope ----------------------------------------------------------------------------------------


def test_scopes_are_dotted_and_left_behind_on_nodes():
    for x in kinds():
        with scope("encoder"):
            h = x * 2
            with scope("linear"):
                y = h + 1
            z = y - 1
        assert [n.scope for n in (x, h, y, z, z * 1)] == [
            None, "encoder", "encoder.linear", "encoder", None,
        ]  # fmt: skip


def test_one_scope_may_be_entered_again_inside_itself():
    again = scope("cell")
    with again:
        with again:
            inner = Value(1.0) * 2
        outer = Value(1.0) * 2
    assert (inner.scope, outer.scope, (Value(1.0) * 2).scope) == ("cell.cell", "cell", None)


def test_a_scope_ends_with_an_exception_and_goes_with_no_grad():
    with pytest.raises(KeyError), scope("a"):
        raise KeyError
    with scope("a"), no_grad():
        y = Value(1.0) * 2
    assert (y.scope, y.requires_grad) == ("a", False)


# --- record_lines ---------------------------------------------------------------------------------


def test_the_users_line_is_remembered_for_every_way_to_make_a_node():
    for x in kinds():
        with record_lines():
            nodes = [x * 2, 2 * x, exp(x), np.exp(x), -x, x**2]
            here = f"{__file__}, line {_line() - 1}"
        assert [source_line(n) for n in nodes] == [here] * len(nodes)
        assert source_line(x * 2) is None


def test_lines_do_not_keep_nodes_alive():
    import weakref

    with record_lines():
        y = Value(1.0) * 2
    watched = weakref.ref(y)
    del y
    assert watched() is None


def _line():
    import inspect

    return inspect.currentframe().f_back.f_lineno


# --- the collector --------------------------------------------------------------------------------


def test_the_collector_is_paused_and_left_as_it_was():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()


def test_modes_do_not_change_derivatives():
    with scope("s"), record_lines():
        assert grad(lambda x: x**3)(2.0) == 12.0
