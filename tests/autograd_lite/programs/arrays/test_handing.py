"""Memory that is handed out is used again once nobody holds it, and not a moment before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd_lite as al
from autograd_lite import Tensor, trace
from autograd_lite.programs.arrays.masked import has_nan

rng = np.random.default_rng(0)
W = rng.normal(size=(90, 80))


def gradient_at() -> Callable[[Any], Any]:
    program = trace(lambda W: al.sum(al.sin(W)), W)
    return lambda x: program.value_and_grad(x)[1]


HOLDING = {
    "the array": lambda g: g,
    "a row": lambda g: g[3],
    "a row of a column": lambda g: g[:, 2][4:7],
    "a transpose in another shape": lambda g: g.T.reshape(8, -1, order="F"),
    "a buffer": memoryview,
    "a Tensor's number": lambda g: Tensor(g).value,
    "an array of another type": lambda g: g.view(np.uint8),
    "bytes of it": lambda g: np.frombuffer(memoryview(g).cast("B"), np.uint8),
}


@pytest.mark.parametrize("how", HOLDING)
def test_what_is_held_in_any_way_is_not_written_to(how: str) -> None:
    gradient = gradient_at()
    held = HOLDING[how](gradient(W))
    before = np.array(held)
    for k in range(5):
        gradient(W + k)
    np.testing.assert_array_equal(np.array(held), before)


def test_what_torch_holds_is_not_written_to() -> None:
    torch = pytest.importorskip("torch")
    gradient = gradient_at()
    held = torch.from_numpy(gradient(W))
    before = held.clone()
    gradient(W + 1.0)
    assert torch.equal(held, before)


def test_many_results_that_are_all_held_are_all_kept() -> None:
    gradient = gradient_at()
    held = [gradient(W + k) for k in range(6)]
    for k, g in enumerate(held):
        np.testing.assert_allclose(g, np.cos(W + k))


def test_what_is_held_no_more_is_used_again() -> None:
    gradient = gradient_at()
    addresses = {gradient(W + k).ctypes.data for k in range(20)}
    assert len(addresses) <= 2


def test_what_the_caller_does_to_an_array_is_nothing_to_the_next() -> None:
    gradient = gradient_at()
    g = gradient(W)
    g.shape = 80 * 90
    g.flags.writeable = False
    del g
    again = gradient(W)
    assert again.shape == W.shape
    assert again.flags.writeable
    np.testing.assert_allclose(again, np.cos(W))


# --- nan in what is handed out -----------------------------------------------------------------------

numbers = st.sampled_from([0.0, -0.0, 1.0, -2.0, 1e200, -1e200, np.inf, -np.inf, np.nan])


@settings(max_examples=300)
@given(hnp.arrays(float, (4, 3), elements=numbers), hnp.arrays(float, (3, 5), elements=numbers))
def test_nan_in_a_product_is_seen_where_a_factor_is_not_finite(a: Any, b: Any) -> None:
    """Of finite factors a product has nan by overflow alone, as in the engine."""
    with np.errstate(all="ignore"):
        d = a @ b
        if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
            assert has_nan(d, True) == has_nan(d, False) == bool(np.any(np.isnan(d)))


def test_a_pole_that_an_exact_zero_masks_behind_a_product_is_found() -> None:
    """The slope of √ at 0 is infinite, and meets an exact zero in one entry of a matrix product's factor."""

    def f(W: Any, x: Any) -> Any:
        return al.sum(al.sqrt(al.matmul(x, W)) * scale)

    scale = np.ones((70, 70))
    x, U = np.abs(rng.normal(size=(70, 70))), np.abs(rng.normal(size=(70, 70)))
    x[5], scale[5] = 0.0, 0.0
    value, gradient = trace(f, U, x, argnums=(0, 1)).value_and_grad(U, x)
    want = al.value_and_grad(f, (0, 1))(U, x)
    np.testing.assert_allclose(value, want[0])
    for g, w in zip(gradient, want[1], strict=True):
        assert np.all(np.isfinite(g))
        np.testing.assert_allclose(g, w)
