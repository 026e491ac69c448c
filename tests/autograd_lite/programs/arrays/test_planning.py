"""Straight-line calls, planned and run: whatever lies where, the numbers are plain NumPy's, run after run.

A case is a list of numbers, from which calls are made on arrays to come and on arrays alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_lite.programs.arrays.running import Runner
from autograd_lite.programs.arrays.sharing import SharedRecording
from autograd_lite.rules.windows import contiguous

Step = tuple[int, int, int, int]
"""Which call, and what picks its operands and what else it takes."""


def like(x: Any, n: int) -> Any:
    """A constant of the shape and dtype of x."""
    return np.asarray(np.cos(np.arange(x.size) + n), x.dtype).reshape(x.shape)


def columns(x: Any) -> Any:
    """X as a matrix with what it has, in four columns at most."""
    return x.reshape(-1, 4) if x.size % 4 == 0 else x.reshape(-1, 1)


def joined(a: Any, b: Any, n: int) -> Any:
    a, b = columns(a), columns(b)
    a, b = (a, b) if a.shape[1] == b.shape[1] else (a.reshape(-1, 1), b.reshape(-1, 1))
    return np.concatenate([a, b, a][: 2 + n % 2], axis=n // 2 % 2 if a.shape == b.shape else 0)


OF_ONE: list[Callable[[Any, int], Any]] = [
    lambda x, n: np.sin(x),
    lambda x, n: np.tanh(x) + 1.0,
    lambda x, n: (0.5 + n) * (0.25 * x),
    lambda x, n: x.T,
    lambda x, n: np.sin(x.T),
    lambda x, n: x.reshape(-1),
    lambda x, n: columns(x),
    lambda x, n: columns(x.T).T,
    lambda x, n: columns(x)[n % len(columns(x))],
    lambda x, n: np.stack([np.cos(row) for row in columns(x)[: 1 + n]]),
    lambda x, n: np.stack([row * like(row, n) for row in columns(x)]),
    lambda x, n: np.concatenate([columns(x)[:n], np.sin(columns(x)[n:])]),
    lambda x, n: columns(x)[::-1][n % 2 :],
    lambda x, n: x.reshape(-1)[np.argsort(like(x.reshape(-1), n))],
    lambda x, n: columns(x)[np.arange(len(columns(x)))[::-1]],
    lambda x, n: np.flip(x),
    lambda x, n: np.add.reduce(columns(x), axis=n % 2),
    lambda x, n: np.add.reduce(x * x, axis=None) / x.size + np.zeros(4, x.dtype),
    lambda x, n: np.where(x > 0.1 * n, x, 0.0),
    lambda x, n: x * like(x, n),
    lambda x, n: np.pad(columns(x), ((0, n), (1, 0))),
    lambda x, n: contiguous(columns(x).T),
    lambda x, n: np.broadcast_to(columns(x)[:1], (1 + n, columns(x).shape[1])) * 2.0,
    lambda x, n: columns(x) @ columns(x).T / x.size,
    lambda x, n: columns(x) @ like(columns(x), n).T,
    lambda x, n: np.linalg.svd(columns(x)[:3], full_matrices=False)[n % 2 * 0 + 1],
    lambda x, n: np.clip(x, -0.5, 0.5),
    lambda x, n: np.square(x)[..., None][..., 0],
]  # fmt: skip
OF_TWO: list[Callable[[Any, Any, int], Any]] = [
    lambda a, b, n: a + b if a.shape == b.shape else np.cos(a),
    lambda a, b, n: a.reshape(-1) * b.reshape(-1)[:1],
    lambda a, b, n: a * b.T if a.shape == b.T.shape else np.cos(b),
    lambda a, b, n: np.where(a > b, a, b) if a.shape == b.shape else np.maximum(a, 0.0),
    lambda a, b, n: columns(a) @ columns(b).T / a.size if columns(a).shape[1] == columns(b).shape[1] else a,
    joined,
    lambda a, b, n: joined(np.sin(a), np.cos(b), n),
    lambda a, b, n: np.stack([a, np.sin(b), a]) if a.shape == b.shape else np.sin(a)[None],
    lambda a, b, n: np.stack([np.sin(b), b], axis=-1),
    lambda a, b, n: np.add.reduce(a * b, axis=None) * a if a.shape == b.shape else a,
    lambda a, b, n: (
        np.subtract(columns(a)[0], columns(b)) if columns(a).shape[1] == columns(b).shape[1] else b),
]  # fmt: skip


def calculated(steps: Sequence[Step], inputs: Sequence[Any]) -> list[Any]:
    """What the steps compute from the inputs, arrays to come or arrays."""
    found = list(inputs)
    for which, first, second, n in steps:
        a, b = found[-1 - first % len(found)], found[-1 - second % len(found)]
        k = which % (len(OF_ONE) + len(OF_TWO))
        with np.errstate(all="ignore"):
            y = OF_ONE[k](a, n) if k < len(OF_ONE) else OF_TWO[k - len(OF_ONE)](a, b, n)
        if 0 < y.size < 50_000:
            found.append(y)
    return found


def forms(x: Any) -> list[Any]:
    """The same numbers in memory of other kinds."""
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)
    wide[..., ::2] = x
    fixed = x.copy()
    fixed.flags.writeable = False
    return [x, wide[..., ::2], np.asfortranarray(x), x[::-1].copy()[::-1], fixed]


small = st.integers(0, 3)
steps_of = st.lists(st.tuples(st.integers(0, 38), small, small, small), min_size=1, max_size=12)


def planned(
    steps: Sequence[Step],
    rows: int,
    dtype: str,
    seed: int,
    has_numbers: bool,
    picked: Sequence[int],
) -> None:
    rng = np.random.default_rng(seed)
    shapes = [(rows, 4), (4, rows), (rows, 4)]
    first = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    recording = SharedRecording(has_numbers=has_numbers)
    to_come = [recording.input(f"x{k}", x) for k, x in enumerate(first)]
    found = calculated(steps, to_come)
    wanted = [found[-1 - k % len(found)] for k in picked]
    run = Runner(recording, wanted, kept={to_come[0]})
    recording.forget()
    held: list[tuple[Any, Any]] = []
    for k in range(4):
        inputs = [
            forms(rng.normal(size=shape).astype(dtype))[(k * j) % 5]
            for j, shape in enumerate(shapes)
        ]
        for written in (False, True):
            if written and inputs[1].flags.writeable:
                inputs[1][...] = rng.normal(size=shapes[1])
            before = [x.copy() for x in inputs]
            every = calculated(steps, inputs)
            got = run(inputs)
            for y, place in zip(got, picked, strict=True):
                want = every[-1 - place % len(every)]
                assert (y.shape, y.dtype) == (want.shape, want.dtype)
                eps = 1e-3 if dtype == "float32" else 1e-6
                np.testing.assert_allclose(y, want, rtol=eps, atol=eps)
                held.append((y, y.copy()))
            assert all(map(np.array_equal, inputs, before)), "an input was written to"
            assert not any(np.shares_memory(y, x) for y in got for x in inputs)
    for y, copy in held:
        np.testing.assert_array_equal(y, copy, "a later run wrote into what had been returned")
        y[...] = 0.0


@settings(max_examples=300)
@given(
    steps_of, st.sampled_from([3, 4, 300, 1100]), st.sampled_from(["float64", "float32"]),
    st.integers(0, 99), st.booleans(), st.lists(st.integers(0, 9), min_size=1, max_size=4),
)  # fmt: skip
def test_planned_calls_give_plain_numpys_numbers(
    steps: list[Step], rows: int, dtype: str, seed: int, has_numbers: bool, picked: list[int]
) -> None:
    planned(steps, rows, dtype, seed, has_numbers, picked)
