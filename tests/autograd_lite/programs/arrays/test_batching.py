"""Equal calls on small arrays are made at once, long sums are one: fewer calls, and plain NumPy's numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as al
from autograd_lite import trace
from autograd_lite.programs.arrays.running import Runner
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.source.looking import slope_of_tanh
from autograd_lite.source.recorded import Recorded

T, N = 20, 3
rng = np.random.default_rng(0)


def run_of(f: Callable[..., Sequence[Any]], *inputs: Any) -> tuple[Runner, list[Any], list[Any]]:
    """The runner of f, what it gives, and what f gives on arrays."""
    recording = SharedRecording()
    to_come = [recording.input(f"x{k}", x) for k, x in enumerate(inputs)]
    runner = Runner(recording, list(f(*to_come)))
    runner(inputs)
    return runner, runner(inputs), list(f(*inputs))


def slope(a: Any) -> Any:
    """The slope of tanh at a, as a program notes it: one call that looks at its numbers."""
    y = np.tanh(a)
    return a.recording.note(slope_of_tanh, y, a) if isinstance(a, Recorded) else slope_of_tanh(y, a)


def chain(y: Any, w: Any, b: Any, steps: int = T) -> list[Any]:
    ys = [y]
    for _ in range(steps):
        ys.append(np.tanh(ys[-1] * w + b))
    return ys


def total(xs: Sequence[Any]) -> Any:
    s = xs[0]
    for x in xs[1:]:
        s = s + x
    return s


INPUTS = [rng.normal(size=N) for _ in range(3)]


def by_hand(y: Any, w: Any, b: Any) -> list[Any]:
    """The gradient of Σ y_T, step by step."""
    ys = chain(y, w, b)
    g, by_w, by_b = np.ones(N), np.zeros(N), np.zeros(N)
    for after, before in zip(ys[:0:-1], ys[-2::-1], strict=True):
        g = g * (1.0 - after * after)
        by_w, by_b, g = by_w + g * before, by_b + g, g * w
    return [g, by_w, by_b]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_gradient_of_a_chain_takes_calls_for_all_steps_at_once(dtype: str) -> None:
    """Per step three calls forward and two back; the rest is one call for all, or one sum."""
    inputs = [x.astype(dtype) for x in INPUTS]
    program = trace(lambda y, w, b: al.sum(chain(y, w, b)[-1]), *inputs, argnums=(0, 1, 2))
    value, gradient = program.value_and_grad(*inputs)
    eps = 1e-13 if dtype == "float64" else 1e-5
    np.testing.assert_allclose(value, np.sum(chain(*inputs)[-1]), rtol=eps)
    for got, want in zip(gradient, by_hand(*inputs), strict=True):
        np.testing.assert_allclose(got, want, rtol=eps)
        assert got.dtype == dtype
    [runner] = program._backend.runners.values()
    assert len(runner.steps) < 5 * T + 20


def test_the_slopes_of_all_steps_are_one_call() -> None:
    def f(y: Any, w: Any, b: Any) -> list[Any]:
        before = [y * w + b for y in chain(y, w, b)]
        return [total([slope(a) * (k + 1.0) for k, a in enumerate(before)])]

    runner, got, want = run_of(f, *INPUTS)
    np.testing.assert_allclose(got[0], want[0], rtol=1e-14)
    assert sum(call.function is slope_of_tanh for call in runner.calls) == 1


def test_a_result_that_is_read_before_the_others_arguments_are_there_waits_for_nobody() -> None:
    """Each call of the chain itself needs the one before."""
    runner, got, want = run_of(lambda *xs: [chain(*xs)[-1]], *INPUTS)
    np.testing.assert_array_equal(got[0], want[0])
    assert sum(call.function is np.tanh for call in runner.calls) == T


def test_parts_of_a_sum_may_be_inputs_repeated_and_handed_out() -> None:
    def f(y: Any, w: Any, b: Any) -> list[Any]:
        ys = chain(y, w, b)
        parts = [y, *(x * w for x in ys[1:]), ys[3], w, w, *(np.exp(x) for x in ys[4:])]
        return [total(parts), parts[2], parts[7], total(parts[1:9]), total(ys[::-1])]

    _, got, want = run_of(f, *INPUTS)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)
    got[1][...] = 7.0
    assert not np.any(got[2] == 7.0)


def test_a_long_sum_may_be_a_part_of_another_one() -> None:
    """Each of its calls is made once."""

    def f(y: Any, w: Any, b: Any) -> list[Any]:
        ys = chain(y, w, b)
        inner = total([np.sin(x) for x in ys[1:]])
        return [total([*(x * w for x in ys[1:]), inner, *(x * b for x in ys[1:])])]

    runner, got, want = run_of(f, *INPUTS)
    np.testing.assert_allclose(got[0], want[0], rtol=1e-13)
    results = [call.result for call in runner.calls]
    assert len({*map(id, results)}) == len(results)
    assert len(runner.steps) < 3 * T + 20


def test_a_part_that_is_not_a_number_stays_in_its_own_entry() -> None:
    y = np.array([np.nan, 1.0, np.inf])
    _, got, want = run_of(lambda *xs: [total(chain(*xs)[1:])], y, *INPUTS[1:])
    np.testing.assert_allclose(got[0], want[0], rtol=1e-13)


def test_large_arrays_are_computed_one_after_another() -> None:
    inputs = [rng.normal(size=5000) for _ in range(3)]
    f = lambda y, w, b: [total([np.sin(x) * w for x in chain(y, w, b, 10)])]
    runner, got, want = run_of(f, *inputs)
    np.testing.assert_array_equal(got[0], want[0])
    assert sum(call.function is np.sin for call in runner.calls) == 11


# --- by chance ---------------------------------------------------------------------------------------

OPERATIONS: list[Callable[[Any, Any], Any]] = [
    np.add, np.multiply, np.subtract, np.maximum, lambda a, b: np.tanh(a), lambda a, b: slope(b),
    lambda a, b: a * 0.5, lambda a, b: np.negative(b),
]  # fmt: skip
Plan = tuple[list[int], int, int, int]
"""Operations of a step, how far back they read, how often the step comes, and what is summed."""
plans = st.lists(
    st.tuples(
        st.lists(st.integers(0, 7), min_size=1, max_size=4), st.integers(1, 5), st.integers(1, 14),
        st.integers(0, 3),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def planned(plan: list[Plan], inputs: Sequence[Any]) -> list[Any]:
    found, sums = list(inputs), list[Any]()
    for operations, back, times, summed in plan:
        begin = len(found)
        for k in range(times):
            for f in operations:
                found.append(
                    OPERATIONS[f](found[-back % len(found)], found[-(begin + k) % len(found)])
                )
        if summed:
            sums.append(total(found[begin::summed]))
    return [*sums, found[-1], found[len(found) // 2]]


@settings(max_examples=300)
@given(plans, st.sampled_from([(3,), (2, 3), (1,)]), st.integers(0, 99))
def test_random_recurrences_give_plain_numpys_numbers(
    plan: list[Plan], shape: tuple[int, ...], seed: int
) -> None:
    numbers = np.random.default_rng(seed)
    inputs = [numbers.normal(size=shape) for _ in range(3)]
    with np.errstate(all="ignore"):
        _, got, want = run_of(lambda *xs: planned(plan, xs), *inputs)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * np.max(np.abs(b)))
