"""Adaptive pooling gives torch's outputs and gradients for every size, ties and lone examples too."""

import math

import numpy as np
import pytest

import nn
from autograd_lite import Tensor, gradcheck
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_function, torch

KINDS = ["Avg", "Max"]


def pair(kind, axes, size):
    name = f"Adaptive{kind}Pool{axes}d"
    return getattr(nn, name)(size), getattr(torch.nn, name)(size)


@pytest.mark.parametrize("lead", [(2,), (3, 2)], ids=str)
@pytest.mark.parametrize("size", range(1, 13))
@pytest.mark.parametrize("kind", KINDS)
def test_every_size_of_a_sequence_is_torchs(kind, size, lead):
    for length in (1, 5, 6, 8):
        x = np.random.default_rng(length).normal(size=(*lead, length))
        assert_same_function(*pair(kind, 1, size), x)


@pytest.mark.parametrize("lead", [(2,), (3, 2)], ids=str)
@pytest.mark.parametrize(
    "size", [1, 2, 4, (3, 2), (None, 3), (1, None), (7, 6), (9, 4), [2, 5], (None, None)], ids=str
)
@pytest.mark.parametrize("kind", KINDS)
def test_every_size_of_an_image_is_torchs(kind, size, lead):
    x = np.random.default_rng(0).normal(size=(*lead, 7, 6))
    theirs = tuple(size) if isinstance(size, list) else size
    assert_same_function(pair(kind, 2, size)[0], pair(kind, 2, theirs)[1], x)


@pytest.mark.parametrize("size", [1, 2, (3, 2)], ids=str)
def test_of_equally_large_entries_torchs_has_the_derivative(size):
    x = np.random.default_rng(1).integers(0, 2, (4, 3, 5, 4)).astype(float)
    assert_same_function(*pair("Max", 2, size), x)


@pytest.mark.parametrize("kind", KINDS)
def test_an_infinite_entry_stays_in_its_windows(kind):
    x = np.arange(7.0).reshape(1, 1, 7)
    x[..., 3] = -math.inf
    ours, theirs = pair(kind, 1, 3)
    assert np.array_equal(ours(x), theirs(torch.tensor(x)).numpy())


@pytest.mark.parametrize("kind", KINDS)
def test_adaptive_pooling_keeps_float32_and_differentiates_twice(kind):
    ours, _ = pair(kind, 2, (3, 2))
    x = np.random.default_rng(2).normal(size=(1, 1, 4, 5))
    assert ours(Tensor(x.astype(np.float32))).dtype == np.float32
    gradcheck(lambda x: (ours(x) ** 2).sum(), x, order=2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("axes", "wrong"), [(1, None), (1, 0), (2, (1, 2, 3)), (2, 1.5), (1, (2, 2))]
)
def test_sizes_that_are_none_are_refused(kind, axes, wrong):
    with pytest.raises(OperandError, match="output_size is"):
        pair(kind, axes, wrong)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(3,), (1, 2, 0), (1, 1, 2, 2)])
def test_other_shapes_are_refused(kind, shape):
    with pytest.raises(ShapeError, match=r"expected x \(N, C, H\) or \(C, H\)"):
        getattr(nn, f"Adaptive{kind}Pool1d")(2)(np.ones(shape))


def test_the_mean_of_the_whole_image_is_its_mean():
    x = np.random.default_rng(3).normal(size=(2, 3, 4, 5))
    assert_close(nn.AdaptiveAvgPool2d(1)(x)[..., 0, 0], x.mean((2, 3)))
