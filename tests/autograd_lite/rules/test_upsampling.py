"""Upsampling: linear maps, PyTorch's values and gradients, and what does not fit."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.rules.upsampling import upsample_linear, upsample_nearest
from tests.autograd_lite.rules.cases import numbers
from tests.autograd_lite.rules.maps import assert_affine
from tests.autograd_lite.rules.oracle import assert_like_torch


def test_upsampling_is_linear_and_keeps_float32():
    for f in (upsample_nearest, upsample_linear):
        for x in (numbers(2, 3, 5), numbers(2, 1, 3, 4)):
            assert_affine(lambda x, f=f: f(x, 2), x)
            assert_affine(lambda x, f=f: f(x, size=3), x)
            assert f(Tensor(x.astype(np.float32)), 2).dtype == np.float32


def test_a_batch_of_nothing_stays_one():
    for f in (upsample_nearest, upsample_linear):
        assert f(Tensor(np.zeros((0, 2, 5))), 2).shape == (0, 2, 10)


@pytest.mark.parametrize("target", [{"scale": 2}, {"scale": 3}, {"size": 7}, {"size": 2}], ids=str)
def test_upsampling_is_torchs(target):
    theirs = {"scale_factor": target["scale"]} if "scale" in target else target
    for x, linear in [(numbers(2, 3, 5), "linear"), (numbers(2, 2, 4, 5), "bilinear")]:
        assert_like_torch(
            lambda x: upsample_nearest(x, **target),
            lambda F, x: F.interpolate(x, mode="nearest", **theirs), x,
        )  # fmt: skip
        assert_like_torch(
            lambda x: upsample_linear(x, **target),
            lambda F, x, m=linear: F.interpolate(x, mode=m, align_corners=False, **theirs), x,
        )  # fmt: skip


def test_an_axis_may_be_stretched_by_itself():
    x = numbers(1, 2, 3, 4)
    assert_like_torch(
        lambda x: upsample_linear(x, (2, 1.5)),
        lambda F, x: F.interpolate(x, scale_factor=(2, 1.5), mode="bilinear"), x,
    )  # fmt: skip


@pytest.mark.parametrize("f", [upsample_nearest, upsample_linear])
def test_upsampling_wants_one_of_scale_and_size(f):
    for wrong in ({}, {"scale": 2, "size": 4}):
        with pytest.raises(ValueError, match="either scale"):
            f(numbers(1, 4, 5, 5), **wrong)
    with pytest.raises(ValueError, match="empty"):
        f(numbers(1, 4, 5, 5), 0.1)
    with pytest.raises(ValueError, match="not \\(4,\\)"):
        f(np.ones(4), 2)
