"""Rules that choose: the larger, the smaller, within bounds, by a condition; ties are shared."""

import math

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tape, Tensor, Value
from autograd_lite.errors import ShapeError
from tests.autograd_lite.rules.references import gradient, of_tensor, of_value


def partials(f, *operands):
    """The derivative by each operand, for numbers and for arrays alike."""
    values = [Value(x) for x in operands]
    f(*values).backward()
    tensors = [Tensor([x], requires_grad=True) for x in operands]
    f(*tensors).sum().backward()
    on_values = [x.grad for x in values]
    assert on_values == [x.grad[0] for x in tensors]
    return on_values


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(1.0, 3.0, [0.0, 1.0]), (3.0, 1.0, [1.0, 0.0]), (2.0, 2.0, [0.5, 0.5])]
)
def test_maximum_and_minimum_share_ties(a, b, expected):
    assert partials(ag.maximum, a, b) == expected
    assert partials(ag.minimum, -a, -b) == expected
    assert ag.maximum(a, b) == max(a, b)
    assert ag.minimum(a, b) == min(a, b)


def test_the_lectures_clamps_equations_6_and_7():
    x = np.array([-2.0, 1.0, 3.0])
    np.testing.assert_array_equal(ag.maximum(1.0, x), [1.0, 1.0, 3.0])
    np.testing.assert_array_equal(ag.minimum(1.0, x), [-2.0, 1.0, 1.0])
    np.testing.assert_array_equal(gradient(lambda x: ag.maximum(1.0, x), x), [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(gradient(lambda x: ag.minimum(x, 1.0), x), [1.0, 0.5, 0.0])


@pytest.mark.parametrize(
    ("x", "low", "high", "value", "expected"),
    [
        (0.5, -1.0, 1.0, 0.5, [1.0, 0.0, 0.0]),
        (5.0, -1.0, 1.0, 1.0, [0.0, 0.0, 1.0]),
        (-5.0, -1.0, 1.0, -1.0, [0.0, 1.0, 0.0]),
        (-1.0, -1.0, 1.0, -1.0, [0.5, 0.5, 0.0]),
        (1.0, -1.0, 1.0, 1.0, [0.5, 0.0, 0.5]),
        (0.0, 2.0, 1.0, 1.0, [0.0, 0.0, 1.0]),  # low > high
    ],
)
def test_clip_is_one_clamp_after_the_other(x, low, high, value, expected):
    assert ag.clip(x, low, high) == np.clip(x, low, high) == value
    assert partials(ag.clip, x, low, high) == expected
    assert partials(lambda x, a, b: ag.minimum(ag.maximum(x, a), b), x, low, high) == expected


def test_a_bound_that_is_none_is_no_bound():
    x = np.array([-5.0, 0.0, 5.0])
    np.testing.assert_array_equal(ag.clip(x), x)
    np.testing.assert_array_equal(ag.clip(x, 1.0), [1.0, 1.0, 5.0])
    np.testing.assert_array_equal(np.clip(Tensor(x), None, 1.0).numpy(), [-5.0, 0.0, 1.0])
    assert ag.clip(x.astype("float32"), high=1.0).dtype == np.float32


def test_operands_that_are_chosen_among_broadcast():
    a, b = (
        Tensor(np.zeros((2, 1)), requires_grad=True),
        Tensor([-1.0, 0.0, 1.0], requires_grad=True),
    )
    ag.maximum(a, b).sum().backward()
    np.testing.assert_array_equal(a.grad, [[1.5], [1.5]])
    np.testing.assert_array_equal(b.grad, [0.0, 1.0, 2.0])
    with pytest.raises(ShapeError, match=r"maximum: .*\(2,\) and \(3,\)"):
        ag.maximum(Tensor([1.0, 2.0]), np.zeros(3))


def test_where_gives_the_other_branch_nothing():
    condition = np.array([True, False])
    a, b = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
    y = ag.where(condition, a, b)
    np.testing.assert_array_equal(y.numpy(), [1.0, 4.0])
    y.sum().backward()
    np.testing.assert_array_equal(a.grad, [1.0, 0.0])
    np.testing.assert_array_equal(b.grad, [0.0, 1.0])
    assert partials(lambda a, b: ag.where(True, a, b), 1.0, 2.0) == [1.0, 0.0]


def test_a_condition_is_true_where_it_is_not_zero():
    x = np.array([1.0, 2.0, 3.0])
    for condition in (np.array([2, 0, -1]), np.array([0.5, 0.0, 7.0]), Tensor([3.0, 0.0, 1.0])):
        np.testing.assert_array_equal(
            gradient(lambda t, c=condition: ag.where(c, t, 0.0), x), [1.0, 0.0, 1.0]
        )


def test_where_over_a_pole_is_exactly_zero():
    """where(x > 0, √x, 0) at 0, where peers say nan."""
    np.testing.assert_array_equal(
        gradient(lambda x: ag.where(x > 0, ag.sqrt(x), 0.0), [0.0, 4.0]), [0.0, 0.25]
    )
    x = Tensor([0.0, 4.0], requires_grad=True)
    y = ag.where(x > 0, ag.sqrt(x), 0.0)
    np.testing.assert_array_equal(Tape(y).tangents({x: np.ones(2)})[y], [0.0, 0.25])


def test_signs_do_not_move():
    assert of_value(ag.sign, -2.0) == [-1.0, 0.0, 0.0, 0.0]
    np.testing.assert_array_equal(of_tensor(ag.sign, [-2.0, 0.0, 3.0])[0], [-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(gradient(ag.sign, [-2.0, 0.0, 3.0]), [0.0, 0.0, 0.0])
    assert math.isnan(ag.sign(math.nan))


@pytest.mark.parametrize("f", [ag.maximum, ag.minimum])
def test_nan_wins(f):
    for a, b in ((math.nan, 1.0), (1.0, math.nan)):
        assert math.isnan(f(a, b))
        assert math.isnan(f(np.array(a), np.array(b)))
