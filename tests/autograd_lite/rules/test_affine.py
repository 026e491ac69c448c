"""The affine maps are NumPy's and equation (8); weights used often are gathered."""

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite import functions as f
from autograd_lite.errors import ShapeError
from tests.autograd_lite.rules.cases_affine import CASES

AFFINE = [case for case in CASES if case.rule == "affine"]
RECURRENT = [case for case in CASES if case.rule == "excitation"]


@pytest.mark.parametrize("case", AFFINE, ids=str)
def test_value_is_numpys(case):
    x, W, b = case.operands
    assert np.allclose(f.affine(x, W, b), x @ W.T + b, rtol=1e-14, atol=1e-15)


def test_equation_8():
    x, W, b = (
        np.random.default_rng(0).normal(size=(3, 4, 4))[:, :, 0][0],
        np.ones((2, 4)),
        np.ones(2),
    )
    psi = [b[j] + sum(W[j, i] * x[i] for i in range(4)) for j in range(2)]
    assert np.allclose(f.affine(x, W, b), psi, rtol=1e-14)


@pytest.mark.parametrize("case", RECURRENT, ids=str)
def test_the_recurrent_value_is_numpys(case):
    x, W, h, U, b = case.operands
    assert np.allclose(f.excitation(x, W, h, U, b), x @ W.T + h @ U.T + b, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("case", AFFINE, ids=str)
def test_gradients_are_those_of_the_same_in_three_operations(case):
    ours = [Tensor(x, requires_grad=True) for x in case.operands]
    theirs = [Tensor(x, requires_grad=True) for x in case.operands]
    x, W, b = theirs
    y, z = f.affine(*ours), f.matmul(x, W.T) + b
    direction = np.random.default_rng(1).normal(size=y.shape)
    y.backward(direction)
    z.backward(direction)
    for a, c in zip(ours, theirs, strict=True):
        assert np.allclose(a.grad, c.grad, rtol=1e-13, atol=1e-14)


def test_a_weight_used_at_many_steps_gets_the_sum():
    rng = np.random.default_rng(2)
    W, b = (
        Tensor(rng.normal(size=(3, 3)), requires_grad=True),
        Tensor(np.ones(3), requires_grad=True),
    )
    xs = [rng.normal(size=(4, 3)) for _ in range(5)]
    total = sum((f.square(f.affine(x, W, b)).sum() for x in xs), Tensor(0.0))
    total.backward()
    g = [2.0 * (x @ W.numpy().T + 1.0) for x in xs]
    assert np.allclose(W.grad, sum(d.T @ x for d, x in zip(g, xs, strict=True)), rtol=1e-13)
    assert np.allclose(b.grad, sum(d.sum(0) for d in g), rtol=1e-13)


def test_the_weights_gradient_lies_in_memory_as_the_weights_do():
    W = Tensor(np.ones((5, 4)), requires_grad=True)
    f.affine(np.ones((3, 4)), W, np.ones(5)).sum().backward()
    assert W.grad.flags.c_contiguous


def test_operands_are_not_written_to_and_dtypes_kept():
    x, W, b = np.ones((2, 3), np.float32), np.ones((4, 3), np.float32), np.ones(4, np.float32)
    assert f.affine(Tensor(x), W, b).dtype == np.float32
    assert f.affine(Tensor(x), W, b.astype(float)).dtype == np.float64
    assert x.max() == b.max() == 1.0


@pytest.mark.parametrize(
    ("x", "W", "b"),
    [
        ((2, 3), (4, 2), (4,)),
        ((2, 3), (4, 3), (3,)),
        ((2, 3), (3,), (3,)),
        ((), (4, 3), (4,)),
        ((2, 3), (4, 3), (2, 4)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x, W, b):
    with pytest.raises(ShapeError, match="affine"):
        f.affine(Tensor(np.ones(x)), np.ones(W), np.ones(b))


@pytest.mark.parametrize("frozen", [(), (1,), (3,), (1, 3, 4), (0, 2)])
def test_recurrent_weights_get_the_sum_over_time_whatever_is_constant(frozen):
    rng = np.random.default_rng(3)
    data = [rng.normal(size=shape) for shape in ((4, 2), (3, 2), (4, 3), (3, 3), (3,))]

    def total(operands, excitation):
        x, W, h, U, b = operands
        for _ in range(5):
            h = f.tanh(excitation(x, W, h, U, b))
        return f.square(h).sum()

    ours, theirs = (
        [Tensor(a, requires_grad=i not in frozen) for i, a in enumerate(data)] for _ in range(2)
    )
    total(ours, f.excitation).backward()
    total(theirs, lambda x, W, h, U, b: x @ W.T + h @ U.T + b).backward()
    for i, (a, c) in enumerate(zip(ours, theirs, strict=True)):
        assert (a.grad is None) == (i in frozen)
        assert i in frozen or np.allclose(a.grad, c.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("x", "W", "h", "U", "b"),
    [
        ((2, 3), (4, 2), (2, 4), (4, 4), (4,)),
        ((2, 3), (4, 3), (2, 4), (4, 3), (4,)),
        ((2, 3), (4, 3), (1, 4), (4, 4), (4,)),
        ((2, 3), (4, 3), (2, 4), (4, 4), (3,)),
        ((2, 3), (4, 3), (2, 4), (4, 4), (4, 1)),
        ((), (4, 3), (2, 4), (4, 4), (4,)),
    ],
)
def test_recurrent_shapes_that_do_not_fit_are_refused(x, W, h, U, b):
    with pytest.raises(ShapeError, match="excitation"):
        f.excitation(*(Tensor(np.ones(shape)) for shape in (x, W, h, U, b)))
