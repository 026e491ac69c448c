"""Clipping gives torch's gradients, and refuses what would train uphill or never clip."""

import math

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import OperandError, TrainingError
from tests.nn.oracle import assert_close, torch


def with_gradients(scale):
    gradients = [scale * g for g in np.random.default_rng(1).normal(size=(3, 2, 4))]
    ours = [Tensor(np.zeros((2, 4)), requires_grad=True) for _ in gradients]
    theirs = [torch.zeros((2, 4), requires_grad=True) for _ in gradients]
    for w, u, g in zip(ours, theirs, gradients, strict=True):
        w.grad, u.grad = g.copy(), torch.tensor(g)
    return ours, theirs


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, math.inf])
@pytest.mark.parametrize("scale", [0.01, 10.0])
def test_clipping_by_norm_is_torchs(norm_type, scale):
    ours, theirs = with_gradients(scale)
    before = nn.clip_grad_norm_(ours, 1.0, norm_type)
    assert before == pytest.approx(float(torch.nn.utils.clip_grad_norm_(theirs, 1.0, norm_type)))
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w.grad, u.grad)


def test_clipping_by_value_is_torchs():
    ours, theirs = with_gradients(2.0)
    nn.clip_grad_value_(ours, 0.7)
    torch.nn.utils.clip_grad_value_(theirs, 0.7)
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w.grad, u.grad)


def test_clipping_bounds_the_norm_and_does_nothing_without_gradients():
    w = Tensor([1.0], requires_grad=True)
    assert nn.clip_grad_norm_(w, 1.0) == 0.0
    w.grad = np.array([5.0])
    nn.clip_grad_norm_(w, 1.0)
    assert abs(w.grad[0]) <= 1.0


def test_bad_gradients_are_said_by_parameter():
    net = nn.MLP((2, 3, 1), generator=0)
    net(np.ones((1, 2))).sum().backward()
    nn.check_gradients(net)
    dict(net.named_parameters())["layers.1.weight"].grad[0, 1] = np.inf
    dict(net.named_parameters())["layers.0.bias"].grad[:] = np.nan
    with pytest.raises(
        TrainingError, match=r"layers\.0\.bias \(3 of 3.*layers\.1\.weight \(1 of 3"
    ):
        nn.check_gradients(net)


def test_large_but_finite_gradients_are_not_called_bad():
    net = nn.Linear(1, 1)
    net.weight.grad = np.array([[1e200]])
    nn.check_gradients(net)


@pytest.mark.parametrize("largest", [0.0, math.inf])
def test_the_ends_of_the_range_are_torchs(largest):
    ours, theirs = with_gradients(2.0)
    before = nn.clip_grad_norm_(ours, largest)
    assert before == pytest.approx(float(torch.nn.utils.clip_grad_norm_(theirs, largest)))
    for w, u in zip(ours, theirs, strict=True):
        assert_close(w.grad, u.grad)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_refused_when_asked_and_nothing_is_scaled(bad):
    w = Tensor([1.0, 2.0], requires_grad=True)
    w.grad = np.array([3.0, bad])
    with pytest.raises(TrainingError, match=f"the gradient's norm is {bad}"):
        nn.clip_grad_norm_(w, 1.0, error_if_nonfinite=True)
    assert np.array_equal(w.grad, [3.0, bad], equal_nan=True)


def test_a_norm_is_right_where_its_squares_overflow():
    for scale in (1e200, 1e-200):
        w = Tensor([0.0, 0.0], requires_grad=True)
        w.grad = scale * np.array([3.0, 4.0])
        assert nn.clip_grad_norm_(w, 1.0) == pytest.approx(5.0 * scale, rel=1e-12)
        assert np.allclose(w.grad / w.grad[1], [0.75, 1.0], rtol=1e-12)


def test_what_is_no_tensor_is_refused():
    for given in (nn.Linear(1, 1), [1.0], None, 3):
        with pytest.raises(OperandError, match=r"write model\.parameters"):
            nn.clip_grad_norm_(given, 1.0)
