"""Normalizations of one example are torch's in training and in use, states and options included."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import OperandError, ShapeError
from tests.nn.oracle import assert_close, assert_same_module, torch


def drawn(module):
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    return module


@pytest.mark.parametrize("shape", [(3, 6), (2, 6, 4), (2, 6, 3, 4)], ids=str)
@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"affine": False}, {"bias": False}, {"eps": 0.3}], ids=str)
def test_group_norm_is_torchs(shape, groups, options):
    ours, theirs = nn.GroupNorm(groups, 6, **options), torch.nn.GroupNorm(groups, 6, **options)
    assert_same_module(ours, drawn(theirs), np.random.default_rng(0).normal(2.0, 3.0, shape))
    assert ours.state_dict().keys() == theirs.state_dict().keys()


INSTANCES = [
    ("InstanceNorm1d", (4, 3, 5)), ("InstanceNorm1d", (3, 5)),
    ("InstanceNorm2d", (2, 3, 4, 5)), ("InstanceNorm2d", (3, 4, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "shape"), INSTANCES)
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize("momentum", [0.1, 0.7])
def test_instance_norm_is_torchs_in_training_and_in_use(name, shape, affine, tracked, momentum):
    made = (3, 1e-3, momentum, affine, tracked)
    ours, theirs = getattr(nn, name)(*made), drawn(getattr(torch.nn, name)(*made)).double()
    for seed in range(3):
        assert_same_module(ours, theirs, np.random.default_rng(seed).normal(2.0, 3.0, shape))
        for buffer, array in ours.named_buffers():
            assert_close(array, dict(theirs.named_buffers())[buffer], buffer)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    assert_same_module(ours.eval(), theirs.eval(), np.random.default_rng(9).normal(size=shape))


@pytest.mark.parametrize(("shape", "last"), [((4, 6), 6), ((2, 3, 4), (3, 4)), ((5,), (5,))])
@pytest.mark.parametrize("eps", [None, 1e-3])
@pytest.mark.parametrize("affine", [True, False])
def test_rms_norm_is_torchs(shape, last, eps, affine):
    made = {"eps": eps, "elementwise_affine": affine}
    ours, theirs = nn.RMSNorm(last, **made), drawn(torch.nn.RMSNorm(last, **made).double())
    assert_same_module(ours, theirs, np.random.default_rng(1).normal(1.0, 2.0, shape))
    assert ours.state_dict().keys() == theirs.state_dict().keys()


@pytest.mark.parametrize("name", ["BatchNorm1d", "InstanceNorm1d"])
def test_a_norm_may_have_a_weight_and_no_bias(name):
    made = {"affine": True, "bias": False}
    ours, theirs = (getattr(m, name)(3, **made) for m in (nn, torch.nn))
    assert_same_module(
        ours, drawn(theirs.double()), np.random.default_rng(2).normal(size=(4, 3, 5))
    )


def test_normalizations_keep_float32():
    x = Tensor(np.random.default_rng(3).normal(size=(2, 4, 6)).astype(np.float32))
    for made in (nn.GroupNorm(2, 4), nn.InstanceNorm1d(4, affine=True), nn.RMSNorm(6)):
        assert made.astype("float32")(x).dtype == np.float32


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: nn.GroupNorm(4, 6), OperandError, "divisible by num_groups=4"),
        (lambda: nn.GroupNorm(0, 6), OperandError, "num_groups is a whole number"),
        (lambda: nn.GroupNorm(2, 4)(np.ones((2, 3))), ShapeError, "expected 4 features on axis 1"),
        (lambda: nn.GroupNorm(2, 4)(np.ones(4)), ShapeError, r"\(n, C, ...\)"),
        (lambda: nn.InstanceNorm2d(3)(np.ones((2, 3))), ShapeError, r"\(n, C, H, W\) or \(C, H, W\)"),
        (lambda: nn.InstanceNorm1d(3)(np.ones((2, 4, 5))), ShapeError, "expected 3 features"),
        (lambda: nn.InstanceNorm1d(3)(np.ones((2, 3, 1))), ShapeError, "more than one number"),
        (lambda: nn.InstanceNorm1d(3, momentum=None), OperandError, "momentum is a number"),
        (lambda: nn.RMSNorm(3)(np.ones((2, 4))), ShapeError, r"\(\.\.\., 3,\), its .*, got \(2, 4\)"),
    ],
)  # fmt: skip
def test_what_cannot_be_normalized_is_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


def test_no_examples_are_normalized_to_none():
    x = Tensor(np.zeros((0, 6, 3)), requires_grad=True)
    y = nn.GroupNorm(2, 6)(x)
    y.sum().backward()
    assert y.shape == x.grad.shape == (0, 6, 3)
