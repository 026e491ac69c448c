"""A constant that is written to after recording is noticed at the next call, however it was written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor, Value, trace
from autograd_lite.errors import TraceError

ONES = np.ones(3)


def by_data(c: Tensor) -> None:
    c.data = np.full(3, 5.0)


def by_entries(c: Tensor) -> None:
    c.data[1] = 5.0


def by_update(c: Tensor) -> None:
    c.update_(lambda array: np.multiply(array, 5.0, out=array))


FUNCTIONS: list[Callable[[Any, Any], Any]] = [
    lambda x, c: x * c,
    lambda x, c: x * (c * 2.0 + 1.0),  # the graph has the sum alone
    lambda x, c: (2.0 * x, c),
]
CALLS: list[Callable[[Any], Any]] = [
    lambda program: program.value(ONES),
    lambda program: program.vjp(ONES),
    lambda program: program.jvp((ONES,), (ONES,)),
]


@pytest.mark.parametrize("write", [by_data, by_entries, by_update])
@pytest.mark.parametrize("f", FUNCTIONS)
def test_it_is_refused_by_name(f: Any, write: Any) -> None:
    c = Tensor(np.ones(3), name="c")
    program = trace(lambda x: f(x, c), ONES)
    for call in CALLS:
        call(program)
    write(c)
    for call in CALLS:
        with pytest.raises(
            TraceError, match="was written to after the program was recorded.*trace again"
        ):
            call(program)


def test_a_constant_value_too() -> None:
    c = Value(3.0, "c", requires_grad=False)
    program = trace(lambda x: c * x, 2.0)
    assert program.value(2.0) == 6.0
    c.data = 4.0
    with pytest.raises(TraceError, match="c .*was written to"):
        program.value(2.0)


def test_what_is_read_only_or_made_inside_is_no_matter() -> None:
    c = Tensor(np.ones(3))
    program = trace(lambda x: x * c * Tensor([1.0, 2.0, 3.0]), ONES)
    for _ in range(2):
        np.testing.assert_array_equal(program.value(c.data), [1.0, 2.0, 3.0])
        assert c.numpy().sum() == 3.0


def test_a_parameter_may_be_written_to() -> None:
    w = Tensor(np.ones(3), requires_grad=True)
    program = trace(lambda x: x * w, ONES)
    by_data(w)
    np.testing.assert_array_equal(program.value(ONES), [5.0, 5.0, 5.0])
    by_update(w)
    np.testing.assert_array_equal(program.value(ONES), [25.0, 25.0, 25.0])
