"""Pooling: by loops, against PyTorch, at ties and poles, and what does not fit."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.errors import ShapeError
from autograd_lite.rules import pooling
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.oracle import assert_like_torch


def test_pooling_by_loops():
    x = numbers(2, 3, 7)
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1)), constant_values=-np.inf)
    tops = np.stack([wide[..., 2 * j : 2 * j + 3].max(-1) for j in range(4)], -1)
    np.testing.assert_array_equal(pooling.max_pool1d(x, 3, 2, 1), tops)
    zeros = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    means = np.stack([zeros[..., 2 * j : 2 * j + 3].sum(-1) for j in range(4)], -1)
    np.testing.assert_allclose(pooling.avg_pool1d(x, 3, 2, 1), means / 3, rtol=1e-14)
    inside = pooling.avg_pool1d(x, 3, 2, 1, count_include_pad=False)
    np.testing.assert_allclose(inside, means / [2, 3, 3, 2], rtol=1e-14)


def test_a_batch_of_nothing_stays_one():
    for f in (pooling.max_pool1d, pooling.avg_pool1d):
        assert f(Tensor(np.zeros((0, 2, 5))), 2).shape == (0, 2, 2)


POOLINGS = [
    (2, {}), (3, {"stride": 2, "padding": 1}), (3, {"stride": 1}), (2, {"stride": 3}), (1, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kernel", "setting"), POOLINGS, ids=str)
def test_pooling_is_torchs(kernel, setting):
    row, image = numbers(2, 3, 7), numbers(2, 2, 6, 7)
    for name, x in [("1d", row), ("2d", image)]:
        for kind in ("max_pool", "avg_pool"):
            ours = getattr(pooling, kind + name)
            assert_like_torch(
                lambda x, f=ours: f(x, kernel, **setting),
                lambda F, x, f=kind + name: getattr(F, f)(x, kernel, **setting), x,
            )  # fmt: skip


def test_dilated_and_uneven_pooling_is_torchs():
    x = numbers(2, 2, 9, 8)
    for setting in ({"dilation": (2, 1)}, {"stride": (1, 2), "padding": (0, 1), "dilation": 2}):
        assert_like_torch(
            lambda x, s=setting: pooling.max_pool2d(x, (2, 3), **s),
            lambda F, x, s=setting: F.max_pool2d(x, (2, 3), **s), x,
        )  # fmt: skip
    setting = {"stride": 2, "padding": (1, 1), "count_include_pad": False}
    assert_like_torch(
        lambda x: pooling.avg_pool2d(x, (2, 3), **setting),
        lambda F, x: F.avg_pool2d(x, (2, 3), **setting), x,
    )  # fmt: skip


def test_of_equal_entries_the_first_has_the_derivative_as_in_torch():
    x = np.array([[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
    assert_like_torch(lambda x: pooling.max_pool2d(x, 2, 1), lambda F, x: F.max_pool2d(x, 2, 1), x)


def test_a_window_of_nothing_but_minus_infinity_keeps_its_derivative_inside():
    torch = pytest.importorskip("torch")
    x = np.full((1, 1, 4), -np.inf)
    node, leaf = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    pooling.max_pool1d(node, 2, 2, 1).backward(np.ones((1, 1, 3)))
    torch.nn.functional.max_pool1d(leaf, 2, 2, 1).backward(torch.ones(1, 1, 3))
    np.testing.assert_array_equal(node.grad, leaf.grad.numpy())


def test_nan_comes_through_a_pool():
    x = np.array([[[1.0, np.nan, 2.0, 3.0]]])
    np.testing.assert_array_equal(pooling.max_pool1d(x, 2), [[[np.nan, 3.0]]])


def test_an_empty_output_shows_the_formula_with_its_numbers():
    with pytest.raises(ShapeError, match=r"max_pool2d.*⌊\(2 \+ 2·0 - 1·\(3 - 1\) - 1\)/3⌋"):
        pooling.max_pool2d(Tensor(numbers(1, 1, 2, 5)), 3)


MISFITS = {
    "pool axes": (lambda x: pooling.max_pool1d(x, 2), r"must have axes \(N, C, H\)"),
    "pool padding": (lambda x: pooling.avg_pool2d(x, 2, padding=2), "more than half the kernel"),
    "kernel": (lambda x: pooling.avg_pool2d(x, "2"), "kernel_size is a whole number ≥ 1"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_says_operation_shape_and_reason(name):
    wrong, reason = MISFITS[name]
    with pytest.raises(ShapeError, match=reason) as error:
        wrong(Tensor(numbers(1, 4, 5, 5), name="image"))
    assert "image (node" in str(error.value)
    assert "(1, 4, 5, 5)" in str(error.value)
