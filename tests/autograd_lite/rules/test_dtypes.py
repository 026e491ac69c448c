"""float32 in, float32 out; other floats become float64, and a 0-d gradient stays an array."""

import numpy as np
import pytest

import nn
from autograd_lite import Tensor
from autograd_lite.errors import OperandError
from autograd_lite.rules import RULES
from tests.autograd_lite.rules.examples import CASES, as_dtype


@pytest.mark.parametrize("case", CASES, ids=str)
def test_plain_float32_arrays_stay_float32(case):
    single = as_dtype(case, "float32")
    y = RULES[case.rule](*single.operands, **case.static)
    assert case.rule in ("argmax", "astype") or np.asarray(y).dtype == np.float32


@pytest.mark.parametrize("kind", [np.longdouble, np.float16])
def test_other_floats_become_float64(kind):
    x = Tensor([1.0, 2.0], requires_grad=True)
    for other in (kind(2), np.array(2, kind), np.array([1, 2], kind)):
        y = x * other
        assert y.dtype == np.float64
        assert (other * x).dtype == np.float64
    assert Tensor(np.ones(2, kind)).dtype == np.float64


@pytest.mark.parametrize("other", [1j, np.complex128(1j), np.array([1j, 2.0])])
def test_complex_numbers_are_refused(other):
    with pytest.raises(OperandError):
        _ = Tensor([1.0, 2.0], requires_grad=True) * other


def test_a_gradient_without_axes_stays_an_array_over_two_passes():
    x = Tensor(2.0, requires_grad=True)
    for k in (1, 2):
        (x * x).backward()
        assert type(x.grad) is np.ndarray
        assert x.grad == 4.0 * k


@pytest.mark.parametrize("padded", [True, False])
def test_averages_of_padded_windows_are_float32(padded):
    x = Tensor(np.ones((1, 1, 4, 4), np.float32), requires_grad=True)
    for ceil_mode in (False, True):
        y = nn.AvgPool2d(3, padding=1, ceil_mode=ceil_mode, count_include_pad=padded)(x)
        y.backward(np.ones(y.shape, np.float32))
        assert y.dtype == x.grad.dtype == np.float32


def test_a_loss_whose_targets_are_all_ignored_is_nan_and_moves_nothing():
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    with np.errstate(invalid="ignore"):
        loss = nn.cross_entropy(x, [-100])
    loss.backward()
    assert np.isnan(loss.item())
    np.testing.assert_array_equal(x.grad, 0.0)
