"""Calls made ready for given memory: each gives what its function gives, run after run, and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_lite.programs.arrays.prepared import PREPARED, VIEWS
from autograd_lite.programs.arrays.writing_to import writing_to
from autograd_lite.rules.indexing import at_add, at_set, scatter
from autograd_lite.rules.windows import fold, windows_of
from tests.autograd_lite.rules.cases import numbers

A = numbers(4, 6)
SPACING = {"kernel": (2, 3), "stride": (2, 1), "dilation": (1, 2)}
TWICE = (np.array([0, 2, 0]), slice(None, None, 2))
TRUTH = A > 0


def fixed(index: Any) -> Any:
    """An index as a recording keeps it: its arrays cannot be written to."""
    for part in index if isinstance(index, tuple) else (index,):
        if isinstance(part, np.ndarray):
            part.setflags(write=False)
    return index


CALLS = [
    (np.pad, (A, ((1, 2), (0, 1))), {}),
    (np.pad, (A,), {"pad_width": 1, "constant_values": -np.inf}),
    (np.pad, (A, 1, "edge"), {}),
    (np.copy, (A.T,), {"order": "C"}),
    (np.ascontiguousarray, (A.T,), {}),
    (np.reshape, (A.T, (3, 8)), {}),
    (np.reshape, (A[:, ::2], (-1,)), {}),
    (np.where, (TRUTH, A, 2.0 * A), {}),
    (np.where, (TRUTH, A, 0.0), {}),
    (np.where, (TRUTH, 1.0, -0.0), {}),
    (np.where, (TRUTH[:1], np.nan, A), {}),
    (np.where, (A, A, 0.0), {}),
    (np.where, (TRUTH, 1, 0), {}),
    (fold.__wrapped__, (numbers(2, 2, 2, 6, 3), (4, 6)), SPACING),
    (scatter, (numbers(3, 3),), {"index": fixed(TWICE), "shape": (4, 6)}),
    (scatter, (numbers(4, 3),), {"index": (slice(None), slice(0, 3)), "shape": (4, 6)}),
    (scatter, (A[TRUTH],), {"index": fixed(TRUTH.copy()), "shape": (4, 6)}),
    (at_add, (A, numbers(3, 3)), {"index": fixed(TWICE)}),
    (at_add, (A, 2.0), {"index": (1, slice(None))}),
    (at_set, (A, numbers(3, 3)), {"index": fixed(TWICE)}),
    (at_set, (A, 2.0), {"index": fixed(np.array([1, 3]))}),
    (at_set, (A, 2.0), {"index": (slice(1, 3), 0)}),
]


def name(call: Any) -> str:
    return getattr(call, "__name__", "")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("function", "args", "options"), CALLS, ids=name)
def test_it_writes_what_the_function_gives(
    function: Any, args: Any, options: Any, dtype: str
) -> None:
    args = [as_dtype(x, dtype) for x in args]
    before = [x.tobytes() for x in args if isinstance(x, np.ndarray)]
    want = np.asarray(function(*args, **options))
    out = np.full(want.shape, 7, want.dtype)
    write = writing_to(out, function, tuple(args), options)
    for _ in range(2):
        write()
        assert out.tobytes() == want.tobytes()
        out[...] = -3  # others use the memory in between
    assert [x.tobytes() for x in args if isinstance(x, np.ndarray)] == before


def as_dtype(x: Any, dtype: str) -> Any:
    return x.astype(dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x


def test_every_prepared_function_is_tried_here() -> None:
    looking = {f for f in PREPARED if name(f).startswith(("slope", "through", "product"))}
    assert {function for function, _, _ in CALLS} == {*PREPARED} - looking


def test_the_operands_are_read_at_each_run() -> None:
    """Their memory is bound, not their numbers; of an index that is still to come neither."""
    x, index = A.copy(), np.array([1, 0])
    for function, args, options in [
        (np.pad, (x, 1), {}),
        (np.where, (x > 0, x, 0.0), {}),
        (at_set, (x, 1.0), {"index": index}),
        (scatter, (x[:2],), {"index": index, "shape": (4, 6)}),
    ]:
        out = np.empty_like(function(*args, **options))
        write = writing_to(out, function, args, options)
        x[0], index[:] = x[0] + 1.0, index[::-1].copy()
        write()
        np.testing.assert_array_equal(out, function(*args, **options))


def test_windows_are_views() -> None:
    image = np.ascontiguousarray(numbers(2, 5, 6, 3))
    windows = windows_of(image, (2, 2), **SPACING)
    assert np.shares_memory(windows, image)
    assert {windows_of.__wrapped__, np.ascontiguousarray} == VIEWS
