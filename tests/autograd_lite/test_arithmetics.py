"""What sweeps compute with: gathered contributions, masked poles, whose array a gradient is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd_lite import Tensor, Value, grad, jvp, sin, sqrt, tanh, where
from autograd_lite.arithmetics import of_arrays


def unrolled(W: Tensor, X: Tensor, v: Tensor) -> Tensor:
    """A recurrent sum that uses one matrix, one array and one vector at every step."""
    h, total = X[0], 0.0
    for t in range(1, 6):
        h = tanh(X[t] + h @ W)
        total = total + (h @ v).sum()
    return total  # type: ignore[return-value]


@pytest.mark.parametrize(("small", "many"), [(1 << 16, 1 << 20), (0, 1 << 20), (1 << 16, 20)])
def test_gathering_uses_gives_the_sum_of_their_contributions(
    small: int, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_arrays, "SMALL", small)
    monkeypatch.setattr(of_arrays, "MANY", many)
    rng = np.random.default_rng(3)
    arrays = [rng.normal(size=shape) for shape in ((4, 4), (6, 3, 4), (4,))]
    leaves = [Tensor(a, requires_grad=True) for a in arrays]
    unrolled(*leaves).backward()
    for i, (leaf, array) in enumerate(zip(leaves, arrays, strict=True)):
        for index in [(0,) * array.ndim, (-1,) * array.ndim, (1,) * array.ndim]:
            moved = [a.copy() for a in arrays]
            moved[i][index] += 1e-6
            up = float(unrolled(*(Tensor(a) for a in moved)))
            moved[i][index] -= 2e-6
            down = float(unrolled(*(Tensor(a) for a in moved)))
            assert leaf.grad[index] == pytest.approx((up - down) / 2e-6, rel=1e-6, abs=1e-8)


def test_batched_matrices_used_with_different_batches_are_not_gathered_into_one() -> None:
    rng = np.random.default_rng(4)
    b = Tensor(rng.normal(size=(1, 2, 3)), requires_grad=True)
    a1, a2 = rng.normal(size=(5, 4, 2)), rng.normal(size=(7, 4, 2))
    ((a1 @ b).sum() + (a2 @ b).sum()).backward()
    expected = a1.sum(axis=(0, 1)) + a2.sum(axis=(0, 1))
    np.testing.assert_allclose(b.grad, np.repeat(expected[None, :, None], 3, axis=2), rtol=1e-13)


def test_a_masked_pole_sends_back_an_exact_zero() -> None:
    x = Tensor([0.0, 4.0], requires_grad=True)
    where(x > 0, sqrt(x), 0.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.25])
    v = Value(0.0)
    where(v > 0, sqrt(v), 0.0).backward()
    assert v.grad == 0.0


def test_an_unmasked_pole_is_infinite_and_silent() -> None:
    x = Tensor([0.0, 4.0], requires_grad=True)
    sqrt(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [np.inf, 0.25])


def test_a_leafs_gradient_is_its_own_array() -> None:
    a, b = (Tensor(np.ones(3), requires_grad=True) for _ in range(2))
    (a + b).backward(np.ones(3))
    a.grad *= 5.0
    np.testing.assert_array_equal(b.grad, np.ones(3))


SUMS = {
    "once": lambda a, b: a + b,
    "twice": lambda a, b: (a + b) + (a + b),
    "passed on, then more": lambda a, b: a * 2.0 + (a + b),
    "more, then passed on": lambda a, b: (a + b) + a * 2.0,
    "behind a mask": lambda a, b: where(a > 5, sqrt(a - 5.0), 0.0) + (a + b),
    "through a view": lambda a, b: (a.reshape(3, 1) + b.reshape(3, 1)).reshape(3),
}


@pytest.mark.parametrize("name", SUMS)
def test_every_leafs_gradient_may_be_changed_in_place(name: str) -> None:
    a, b = (Tensor(np.full(3, 5.0), requires_grad=True) for _ in range(2))
    SUMS[name](a, b).sum().backward()
    before = b.grad.copy()
    a.grad *= 5.0
    np.testing.assert_array_equal(b.grad, before)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_masked_nan_sends_back_an_exact_zero() -> None:
    def sinc(x: Tensor) -> Tensor:
        return where(x != 0, sin(x) / x, 1.0).sum()

    at = np.array([0.0, 2.0])
    expected = [0.0, (2 * math.cos(2) - math.sin(2)) / 4]
    np.testing.assert_allclose(grad(sinc)(at), expected, rtol=1e-14)
    x = Tensor(at, requires_grad=True)
    sinc(x).backward()
    np.testing.assert_allclose(x.grad, expected, rtol=1e-14)
    assert jvp(sinc, (at,), (np.array([1.0, 0.0]),))[1] == 0.0
    assert jvp(sinc, (at,), (np.array([0.0, 1.0]),))[1] == pytest.approx(expected[1])


def test_a_nan_that_no_mask_hides_stays() -> None:
    x = Tensor([math.nan, 1.0], requires_grad=True)
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [math.nan, 2.0])
